"""Whatever is sent to the panel, by whomever: it is answered, and nothing comes of it."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.builders import NOW, a_category, a_reminder_of, a_task, a_user
from support.panel import TOKEN_COOKIE, Browser, Panel
from taskbot.adapters.admin.bodies import LARGEST, ReadableBodies
from taskbot.domain.deadline import TimedDeadline

pytestmark = pytest.mark.anyio

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nfoo\r\n\r\nbar", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 100, 400),
        ("multipart/form-data", b"zzz", 400),
        (FORM, b"&".join([b"a=1"] * 2_000), 400),
        (FORM, b"csrftoken=%ff%00&b", 403),
        ("application/json", b"[" * 1_000, 403),
        (FORM, b"x" * (LARGEST + 1), 413),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused_before_anybody_reads_it(
    panel: Panel, kind: str, body: bytes, status: int
) -> None:
    stranger = panel.stranger()
    await stranger.get("/login")

    answer = await stranger.client.post(
        "/admin/login", content=body, headers={"content-type": kind}
    )

    assert answer.status_code == status


async def test_half_a_form_is_none() -> None:
    asked = asyncio.Event()

    async def app(*_: Any) -> None:
        asked.set()

    messages: list[Any] = [
        {"type": "http.request", "body": b"title=Half of a ti", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return messages.pop(0)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", FORM.encode())]}
    await ReadableBodies(app)(scope, receive, app)

    assert not asked.is_set()
    assert messages == []


TYPED = (
    st.binary(max_size=40)
    | st.text(max_size=20).map(lambda text: text.encode(errors="surrogatepass"))
    | st.sampled_from(
        [
            b"",
            b"-",
            b"0",
            b"0001-01-01T00:00",
            b"9999-12-31T23:59:59.999999",
            b"2100-03-16T10:00+14:00",
            b"2100-W12-1",
            b"24:00",
            b"10:00+05:00",
            b"1 d, 2 h",
            b"7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            b"9" * 5_000,
            b"1_0",
            "٣".encode(),
            b"x" * 5_000,
            b"<script>alert(1)</script>",
            b"editor",
            b"en",
            b"Asia/Tokyo",
            b"../../etc/passwd\0",
        ]
    )
)
TASK_FIELDS = (
    "title", "description", "category_id", "priority", "due_at", "due_on", "lead_times", "version",
)  # fmt: skip


def sometimes(*names: str) -> st.SearchStrategy[dict[str, bytes]]:
    """Some of the fields of these names, with anything in them."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, TYPED))


async def send(browser: Browser, path: str, fields: dict[str, bytes]) -> httpx.Response:
    if TOKEN_COOKIE not in browser.client.cookies:
        await browser.get("/login")
    return await browser.client.post(
        f"/admin{path}",
        files={name: (None, text) for name, text in fields.items()} or None,
        headers={"x-csrftoken": browser.client.cookies[TOKEN_COOKIE]},
    )


@pytest.fixture
async def editor(panel: Panel) -> Browser:
    return await panel.operator("olga")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=sometimes(*TASK_FIELDS, "clocks"))
async def test_whatever_is_typed_changes_what_was_asked_for_or_nothing(
    panel: Panel, editor: Browser, typed: dict[str, bytes]
) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(
        owner_id=owner.id,
        category_id=category.id,
        description="kept",
        deadline=TimedDeadline(NOW.replace(year=2101, second=7), "Asia/Tokyo"),
    )
    await panel.storage.keep(owner, category, task)

    fields = {name if name == "clocks" else f"new_{name}": text for name, text in typed.items()}
    answer = await send(editor, f"/tasks/edit?pk={task.id}", fields)

    after = await panel.storage.task(task.id)
    assert answer.status_code in {303, 422}, answer.text
    if answer.status_code == 422:
        assert after == task
    for name in {"title", "description", "category_id", "priority", "lead_times"} - typed.keys():
        assert getattr(after, name) == getattr(task, name)
    if not {"due_at", "due_on"} & typed.keys():
        assert after.deadline == task.deadline
    if "due_at" not in typed or not is_blank(typed["due_at"]):
        assert after.deadline is not None


def is_blank(typed: bytes) -> bool:
    return not (typed.decode(errors="replace").strip() and typed.decode("latin-1").strip())


PERSON_FIELDS = ("language", "timezone", "timed_deadlines", "lead_times", "day_start", "version")
FORMS: dict[str, tuple[str, ...]] = {
    "/people/edit?pk={person}": tuple(f"new_{name}" for name in PERSON_FIELDS),
    "/categories/edit?pk={category}": ("new_name", "new_emoji", "new_version"),
    "/accounts/create": ("new_name", "new_role"),
    "/_api/tasks/action?name=reschedule&pks={task}": ("by", "moment", "day", "clocks"),
    "/_api/tasks/row-action?name=remind&pk={task}": ("moment", "clocks"),
    "/_api/dead-letters/action?name=retry&pks={dead}&pks=%00": ("x",),
    "/_api/tasks/action?name=complete&pks=x&pks=": ("x",),
    "/_api/tasks/row-action?name=complete": ("pk",),
    "/login": ("username", "password"),
    "/invitation": ("code", "name", "password", "again"),
    "/password": ("current_password", "password", "again"),
    "/tasks/create": ("new_title",),
    "/audit/edit?pk=x": ("new_verb",),
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.sampled_from(sorted(FORMS)).flatmap(
        lambda path: st.tuples(st.just(path), sometimes(*FORMS[path]))
    )
)
async def test_whatever_is_sent_to_any_form_is_answered(
    panel: Panel, editor: Browser, sent: tuple[str, dict[str, bytes]]
) -> None:
    path, fields = sent
    owner = a_user()
    task = a_task(owner_id=owner.id)
    category = a_category(owner_id=owner.id)
    dead = a_reminder_of(task).give_up(error="x")
    await panel.storage.keep(owner, category, task, dead)

    about = path.format(person=owner.id, category=category.id, task=task.id, dead=dead.id)
    answer = await send(editor, about, fields)

    assert answer.status_code < 500, answer.text
    person = await panel.storage.queries.user(owner.id)
    for name in ("language", "timezone"):
        if f"new_{name}" not in fields:
            assert getattr(person, name) == getattr(owner, name)
    assert (await panel.storage.task(task.id)).title == task.title
