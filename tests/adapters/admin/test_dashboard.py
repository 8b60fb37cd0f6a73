"""The page that an operator looks at first."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from support.builders import NOW, a_process, a_reminder_of, a_task, a_user
from support.panel import HOST, Browser, Panel, shown
from taskbot.application.overview import FRESH_FOR
from taskbot.application.ports import Part, SignOfLife
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.operator import Role
from taskbot.domain.reminder import LATE_AFTER
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOSCOW = "Europe/Moscow"


@pytest.fixture
async def browser(panel: Panel) -> Browser:
    await beat(panel, Part.ALL)
    return await panel.operator(role=Role.VIEWER)


async def beat(panel: Panel, part: Part, *, name: str = "machine:1", release: str = "1.0") -> None:
    process = a_process(name=name, part=part, release=release, started_at=NOW - 90 * MINUTE)
    await panel.container.signs_of_life().give(SignOfLife(process, panel.clock.now()))


async def a_stored_task(panel: Panel, **changes: Any) -> Task:
    owner = a_user()
    task = a_task(owner_id=owner.id, **changes)
    await panel.storage.keep(owner, task)
    return task


def plot(page: httpx.Response, key: str) -> Any:
    found = re.search(rf"id=\"plot-{key}\".*?data-plot='([^']*)'", page.text, re.DOTALL)
    assert found is not None
    return json.loads(unescape(found[1]))


def lines(page: httpx.Response, card: str) -> dict[str, str]:
    """The figures of one card, by their names; the first is that of the card itself."""
    part = page.text.partition(f'id="card-{card}"')[2].partition("</section>")[0]
    (whole,) = re.findall(r'dashboard-value">(.*?)</div>', part, re.DOTALL)
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", part, re.DOTALL)
    plain = [(name, re.sub(r"<[^>]+>", "", value).strip()) for name, value in pairs]
    return {"": re.sub(r"<[^>]+>", "", whole).strip()} | dict(plain)


async def test_a_stranger_sees_nothing_of_it(panel: Panel) -> None:
    answer = await panel.stranger().get("/")

    assert answer.status_code == 303
    assert "/admin/login" in answer.headers["location"]


async def test_where_nobody_has_written_yet_it_says_what_to_do_first(browser: Browser) -> None:
    page = await browser.get("/")

    assert page.status_code == 200
    assert "All is well. Nothing was to be delivered in the last 24 hours." in shown(page)
    assert "What to do first" in shown(page)
    assert "Nothing was delivered in the last 24 hours." in shown(page)
    assert "everything at work 1 hr 30 min 1.0 machine:1" in shown(page)
    assert re.search(r"Schema \d{4}", shown(page))


async def test_people_without_a_task_are_told_apart_from_nobody(
    panel: Panel, browser: Browser
) -> None:
    await panel.storage.keep(a_user())

    page = await browser.get("/")

    assert "No task yet" in shown(page)
    assert "What to do first" not in shown(page)


async def test_what_is_counted_is_shown(panel: Panel, browser: Browser) -> None:
    task = await a_stored_task(panel, deadline=TimedDeadline(NOW + 10 * MINUTE, MOSCOW))
    await panel.storage.keep(
        a_user(created_at=NOW - 9 * HOUR).lose(),
        a_user(created_at=NOW - 99 * HOUR).pause(),
        a_task(owner_id=task.owner_id, deadline=TimedDeadline(NOW - HOUR, MOSCOW)),
        a_task(owner_id=task.owner_id),
        *(a_reminder_of(task, fire_at=NOW - SECOND).sent(now=NOW, message_id=1) for _ in range(39)),
        a_reminder_of(task, fire_at=NOW - 2 * LATE_AFTER).sent(now=NOW, message_id=1),
        a_reminder_of(task, fire_at=NOW - 2 * SECOND),
        a_reminder_of(task, fire_at=NOW + 5 * MINUTE),
        a_reminder_of(task, fire_at=NOW + HOUR, available_at=None),
        a_reminder_of(task, fire_at=NOW).leave_unknown(error="reset"),
    )

    page = await browser.get("/")

    assert "Everything is delivered on time." in shown(page)
    assert lines(page, "delivered") == {
        "": "40", "on time": "97.5%", "over 3 minutes late": "1", "the latest by": "6 min"
    }  # fmt: skip
    assert lines(page, "waiting") == {
        "": "1", "the oldest for": "2 sec", "to be claimed now": "1",
        "in the next hour": "1", "planned in all": "3", "on hold": "1",
    }  # fmt: skip
    assert lines(page, "given-up") == {
        "": "0", "given up in 24 hours": "0", "may have arrived": "1"
    }  # fmt: skip
    assert lines(page, "tasks") == {
        "": "3", "over their deadline": "1", "due in the next hour": "1", "due in the next day": "1"
    }  # fmt: skip
    assert lines(page, "people") == {
        "": "3", "new in 24 hours": "2", "reachable": "2",
        "unreachable": "1", "paused": "1", "leaving": "0",
    }  # fmt: skip


async def test_the_hours_are_told_by_the_operators_clocks(panel: Panel, browser: Browser) -> None:
    task = await a_stored_task(panel)
    await panel.storage.keep(
        a_reminder_of(task, fire_at=NOW - 2 * HOUR).sent(
            now=NOW - 2 * HOUR + 1.5 * SECOND, message_id=1
        ),
        a_reminder_of(task, fire_at=NOW - HOUR).give_up(error="refused"),
    )
    browser.client.cookies.set("timezone", "Asia/Kolkata")

    page = await browser.get("/")

    sent, lateness, missed = (plot(page, key) for key in ("sent", "lateness", "missed"))
    assert [sent["hours"][0][:5], sent["hours"][-1][:4]] == [
        "6:30\N{NARROW NO-BREAK SPACE}",
        "5:30",
    ]
    assert [one["name"] for one in lateness["series"]] == [
        "half, at most", "95 of 100, at most", "the latest"
    ]  # fmt: skip
    assert sent["series"][0]["data"] == [*[0] * 21, 1, 0, 0]
    assert lateness["series"][0]["data"] == [*[None] * 21, 1.5, None, None]
    assert lateness["series"][0]["texts"][21] == "1.5 sec"
    assert [one["data"][22] for one in missed["series"]] == [1, 0]
    assert re.search(r"3:30\sPM 1.5 sec 1.5 sec 1.5 sec", shown(page)), "as a table, too"


async def test_each_figure_with_a_list_leads_to_it(panel: Panel, browser: Browser) -> None:
    task = await a_stored_task(panel, deadline=TimedDeadline(NOW - HOUR, MOSCOW))
    await panel.storage.keep(a_reminder_of(task).give_up(error="refused"))
    page = await browser.get("/")
    addresses = {
        unescape(one) for one in re.findall(rf'href="({HOST}/admin/[^"]*/list[^"]*)"', page.text)
    }

    assert {
        f"{HOST}/admin/{rest}"
        for rest in (
            "people/list?filter=reachable__is_false",
            "people/list?filter=paused__is_true",
            "tasks/list?filter=status__eq%3Dopen",
            "tasks/list?filter=due__overdue",
            "dead-letters/list",
            "reminders/list",
        )
    } <= addresses
    for address in addresses:
        assert (await browser.client.get(address)).status_code == 200, address


async def test_what_is_wrong_comes_with_what_mends_it(panel: Panel, browser: Browser) -> None:
    task = await a_stored_task(panel)
    await panel.storage.keep(
        a_reminder_of(task, fire_at=NOW - HOUR),
        a_reminder_of(task, fire_at=NOW - HOUR).give_up(error="refused"),
        a_reminder_of(task, fire_at=NOW - HOUR).sent(now=NOW, message_id=1),
    )
    await panel.container.signs_of_life().end("machine:1")
    await beat(panel, Part.API, name="machine:2")
    await beat(panel, Part.API, name="machine:3", release="1.1")

    page = await browser.get("/")

    said = shown(page)
    assert 'class="alert alert-danger' in page.text
    assert "Reminders are not delivered as promised." in said
    assert "1 reminder is due and not delivered. The oldest waits for 1 hr." in said
    assert "No scheduler is at work: what falls due is not handed on. Start one:" in said
    assert "taskbot worker" in said
    assert "taskbot bot" in said
    assert "1 reminder was given up. To try again, or to put them away: See the list" in said
    assert "1 reminder of this hour and the last came over 3 minutes late." in said
    assert "Processes of different releases are at work: 1.0, 1.1." in said


async def test_what_only_wants_a_look_is_no_alarm(panel: Panel, browser: Browser) -> None:
    task = await a_stored_task(panel)
    await panel.storage.keep(a_reminder_of(task).give_up(error="refused"))

    page = await browser.get("/")

    assert 'class="alert alert-warning' in page.text
    assert "Something needs a look." in shown(page)


async def test_who_is_silent_is_shown_as_such(panel: Panel, browser: Browser) -> None:
    await beat(panel, Part.WORKER, name="machine:9")
    panel.clock.advance(10 * MINUTE)
    await beat(panel, Part.ALL)

    page = await browser.get("/")

    assert re.search(r"worker silent since 3/15/00, 1:00\sPM 1.0 machine:9", shown(page))
    assert "All is well." in shown(page)


async def test_it_is_counted_anew_after_a_while_only(panel: Panel, browser: Browser) -> None:
    await browser.get("/")
    await panel.storage.keep(a_user())

    soon = await browser.get("/")
    panel.clock.advance(FRESH_FOR)
    later = await browser.get("/")

    assert [lines(page, "people")[""] for page in (soon, later)] == ["0", "1"]


async def test_it_speaks_russian(panel: Panel) -> None:
    task = await a_stored_task(panel)
    await panel.storage.keep(
        *(a_reminder_of(task, fire_at=NOW - HOUR).give_up(error="refused") for _ in range(2)),
        a_reminder_of(task, fire_at=NOW - 1.5 * SECOND).sent(now=NOW, message_id=1),
    )
    browser = await panel.operator()
    browser.client.cookies.set("language", "ru")

    page = await browser.get("/")

    assert "2 напоминания доставить не вышло." in shown(page)
    assert "Доставка не работает: ничего не отправляется." in shown(page)
    assert plot(page, "lateness")["series"][0]["texts"][-1] == "1,5 с"


async def test_it_is_renewed_without_what_is_around_it(browser: Browser) -> None:
    whole, alone = await browser.get("/"), await browser.get("/?alone")

    def live(page: httpx.Response) -> list[str]:
        return re.findall(r'id="([^"]+)"[^>]* data-(?:live|plot)', page.text)

    assert live(alone) == live(whole)
    # The policy of the page that asks forbids what another page came with.
    assert not re.search(r"<(style|script)\b", alone.text)


async def test_its_script_finds_all_that_it_renews(browser: Browser) -> None:
    page = await browser.get("/")

    places = re.findall(r"<(?:div|tbody)([^>]*) data-live", page.text)
    names = [re.search(r'id="([^"]+)"', place) for place in places]
    assert len(places) >= 10
    assert len({name[1] for name in names if name}) == len(places)
    for file in ("dashboard.js", "dashboard.css", "scheme.js"):
        assert (await browser.get(f"/static/{file}")).status_code == 200
