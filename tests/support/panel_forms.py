"""Forms and buttons of the panel as a browser sees and sends them, without a browser."""

import html
import re
from html.parser import HTMLParser
from typing import Any, Final

import httpx
from attrs import Factory, define, frozen
from ulid import ULID

from support.panel import TOKEN_COOKIE, Browser

_ALERT: Final = re.compile(r'<div class="alert-description">(.*?)</div>', re.DOTALL)
_FORM_ERROR: Final = re.compile(r'id="(new_\w+)-error">(.*?)</div>', re.DOTALL)
_BUTTON: Final = re.compile(r'data-sa-name="(\w+)"')


@define
class _Inputs(HTMLParser):
    """What the inputs on a page hold, by their names."""

    values: dict[str, str] = Factory(dict)
    options: dict[str, dict[str, str]] = Factory(dict)
    _select: str | None = None
    _option: str | None = None
    _textarea: str | None = None

    def __attrs_pre_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        match tag:
            case "input" if found.get("name") and found.get("type") != "radio":
                self.values[found["name"]] = found.get("value", "")
            case "textarea":
                self._textarea = found["name"]
                self.values[self._textarea] = ""
            case "select" if found.get("name"):
                self._select = found["name"]
                self.options[self._select] = {}
            case "option" if self._select is not None:
                self._option = found.get("value", "")
                self.options[self._select][self._option] = ""
                if "selected" in found or self._select not in self.values:
                    self.values[self._select] = self._option

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "textarea":
                self._textarea = None
            case "select":
                self._select = None
            case "option":
                self._option = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.values[self._textarea] += data
        elif self._option is not None and self._select is not None:
            self.options[self._select][self._option] += data.strip()


@frozen
class Form:
    """A form as a page shows it: what stands in it, what can be chosen, what is said about it."""

    status: int
    text: str
    values: dict[str, str]
    options: dict[str, dict[str, str]]
    errors: dict[str, str]
    alerts: list[str]

    @classmethod
    def on(cls, page: httpx.Response) -> "Form":
        inputs = _Inputs()
        inputs.feed(page.text)
        values = {
            # HTML drops the line break that a text area begins with.
            name: value.removeprefix("\n")
            for name, value in inputs.values.items()
            if name.startswith("new_") or name == "clocks"
        }
        return cls(
            page.status_code,
            page.text,
            values,
            inputs.options,
            {name: words_of(text) for name, text in _FORM_ERROR.findall(page.text)},
            [words_of(text) for text in _ALERT.findall(page.text)],
        )


@frozen
class Answer:
    """What an action came to: where it leads, or why it was refused."""

    status: int
    redirect: str | None
    refusal: str | None


def words_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


async def form(browser: Browser, key: str, thing_id: ULID) -> Form:
    """The form of a thing."""
    return Form.on(await browser.get(f"/{key}/edit", params={"pk": str(thing_id)}))


async def save(browser: Browser, key: str, thing_id: ULID, **fields: str) -> httpx.Response:
    """Send the form of a thing with these *fields*, and none besides."""
    return await browser.post(f"/{key}/edit?pk={thing_id}", **fields)


async def change(browser: Browser, key: str, thing_id: ULID, **fields: str) -> httpx.Response:
    """Open the form of a thing, fill *fields* in, leave the others as they are, and save it."""
    shown = await form(browser, key, thing_id)
    assert shown.status == httpx.codes.OK, shown.text
    named = {f"new_{name}": text for name, text in fields.items()}
    assert named.keys() <= shown.values.keys()
    return await save(browser, key, thing_id, **(shown.values | named))


async def act(
    browser: Browser,
    key: str,
    name: str,
    *ids: ULID,
    select_all: str | None = None,
    **form_fields: str,
) -> Answer:
    """Do something to what is chosen; *select_all*: to all of the list that this query shows."""
    params: dict[str, Any] = {"name": name, "pks": [str(one) for one in ids]}
    if select_all is not None:
        params = {"name": name, "all": "1", "_list_query": select_all}
    return _answer(await _press(browser, f"/_api/{key}/action", params, form_fields))


async def act_on_one(
    browser: Browser, key: str, name: str, thing_id: ULID, *, origin: str = "", **form_fields: str
) -> Answer:
    params = {"name": name, "pk": str(thing_id), "_origin": origin}
    return _answer(await _press(browser, f"/_api/{key}/row-action", params, form_fields))


async def _press(
    browser: Browser, path: str, params: dict[str, Any], fields: dict[str, str]
) -> httpx.Response:
    if TOKEN_COOKIE not in browser.client.cookies:
        await browser.get("/login")
    return await browser.client.post(
        f"/admin{path}",
        params=params,
        data=fields,
        headers={"x-csrftoken": browser.client.cookies[TOKEN_COOKIE]},
    )


def _answer(response: httpx.Response) -> Answer:
    is_told = response.headers["content-type"].startswith("application/json")
    told = response.json() if is_told else {}
    return Answer(response.status_code, told.get("redirect"), told.get("msg"))


async def alerts(browser: Browser, key: str = "tasks") -> list[str]:
    """What the next page says about what was done."""
    page = await browser.get(f"/{key}/list")
    return [words_of(text) for text in _ALERT.findall(page.text)]


def buttons(page: httpx.Response) -> set[str]:
    """The names of what can be done on a page."""
    return set(_BUTTON.findall(page.text))
