"""In which language and by whose clocks an operator reads the panel."""

from collections.abc import Iterator, Sequence
from typing import Final

from babel import negotiate_locale
from starlette.datastructures import FormData, Headers
from starlette.requests import cookie_parser
from starlette_admin.i18n import set_database_timezone, set_locale, set_timezone

from taskbot.adapters.admin.mounting import App, Receive, Scope, Send
from taskbot.domain.timezone import timezone_names
from taskbot.domain.user import Language

LANGUAGE_COOKIE: Final = "language"
TIMEZONE_COOKIE: Final = "timezone"
CLOCKS: Final = "clocks"
"""The field of a form that says by which clocks it was shown."""


class Surroundings:
    """Has the library speak what the operator chose, else what their browser prefers.

    Times are shown by the clocks that the page noted for the browser; before it has done so, and
    for what is no time zone, by those of *timezone*.
    """

    def __init__(self, app: App, *, timezone: str) -> None:
        self._app, self._timezone = app, timezone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        set_locale(_language(cookies.get(LANGUAGE_COOKIE), headers.get("accept-language", "")))
        chosen = cookies.get(TIMEZONE_COOKIE, "")
        set_timezone(chosen if chosen in timezone_names() else self._timezone)
        set_database_timezone("UTC")
        await self._app(scope, receive, send)


def by_the_clocks_of(form: FormData) -> None:
    """Read moments by the clocks by which *form* was shown, whatever the browser's are by now."""
    shown_by = form.get(CLOCKS)
    if isinstance(shown_by, str) and shown_by in timezone_names():
        set_timezone(shown_by)


def _language(chosen: str | None, accepted: str) -> str:
    known = [language.value for language in Language]
    if chosen in known:
        return chosen
    return negotiate_locale(list(_preferred(accepted)), known, sep="-") or Language.ENGLISH.value


def _preferred(accepted: str) -> Iterator[str]:
    """Language tags, the most wanted first (RFC 9110, section 12.5.4)."""
    weighed = sorted(map(_weighed, accepted.split(",")), reverse=True, key=lambda pair: pair[0])
    return (tag for weight, tag in weighed if weight > 0)


def _weighed(item: str) -> tuple[float, str]:
    tag, *parameters = (part.strip() for part in item.split(";"))
    return _weight(parameters), tag


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
