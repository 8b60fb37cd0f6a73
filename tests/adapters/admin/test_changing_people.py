"""People, mended by operators."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest
from attrs import evolve

from support.builders import NOW, a_task, a_user
from support.operators import entries, last_entry
from support.panel import Panel, on_each_database
from support.panel_forms import Form, act, act_on_one, alerts, buttons, change, form, save
from taskbot.domain.audit import AuditVerb
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.operator import Role
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)


@on_each_database
async def test_the_form_shows_what_there_is_and_every_field_can_be_changed(panel: Panel) -> None:
    person = a_user(timezone="Europe/Moscow")
    timed = a_task(owner_id=person.id, deadline=TimedDeadline(NOW + 48 * HOUR, "Europe/Moscow"))
    on_a_day = a_task(owner_id=person.id, deadline=DayDeadline(date(2100, 3, 20), "Europe/Moscow"))
    await panel.storage.keep(person, timed, on_a_day)
    editor = await panel.operator("olga")

    shown = await form(editor, "people", person.id)
    answer = await change(
        editor,
        "people",
        person.id,
        language="ru",
        timezone="Asia/Tokyo",
        timed_deadlines="keep_clock",
        lead_times="1 день, 0",
        day_start="07:30",
    )

    assert shown.values == {
        "new_language": "en",
        "new_timezone": "Europe/Moscow",
        "new_timed_deadlines": "keep_moment",
        "new_lead_times": "1 hr, 0",
        "new_day_start": "09:00",
        "new_version": "1",
    }
    assert answer.status_code == 303
    changed = await panel.storage.queries.user(person.id)
    assert (changed.language, changed.timezone) == (Language.RUSSIAN, "Asia/Tokyo")
    assert changed.timezone_chosen
    assert changed.preferences.lead_times == (24 * HOUR, timedelta(0))
    assert changed.preferences.day_start == time(7, 30)
    # 15:00 by the clocks in Moscow is 15:00 by those in Tokyo, and the day is one there.
    kept_clock = TimedDeadline(datetime(2100, 3, 17, 6, tzinfo=UTC), "Asia/Tokyo")
    assert (await panel.storage.task(timed.id)).deadline == kept_clock
    moved = (await panel.storage.task(on_a_day.id)).deadline
    assert moved == DayDeadline(date(2100, 3, 20), "Asia/Tokyo")
    (card,) = await panel.storage.queries.task_cards([timed.id], owner_id=person.id)
    assert {one.fire_at for one in card.reminders if one.is_ahead} == {
        kept_clock.due_at - 24 * HOUR,
        kept_clock.due_at,
    }


async def test_what_is_not_touched_stays_as_it_is(panel: Panel) -> None:
    person = a_user(timezone="Asia/Tokyo", language=Language.RUSSIAN)
    person = person.prefer(
        evolve(person.preferences, lead_times=[90 * timedelta(seconds=1)], day_start=time(0))
    )
    await panel.storage.keep(person)
    editor = await panel.operator("olga")

    assert (await change(editor, "people", person.id, language="en")).status_code == 303
    assert (await save(editor, "people", person.id)).status_code == 303

    changed = await panel.storage.queries.user(person.id)
    assert changed == evolve(person, language=Language.ENGLISH, version=changed.version)


async def test_what_is_wrong_is_refused_at_its_field(panel: Panel) -> None:
    person = a_user()
    await panel.storage.keep(person)
    editor = await panel.operator("olga")

    for field, texts in {
        "language": ("", "de", "EN"),
        "timezone": ("", "Mars", "europe/moscow", "Factory"),
        "timed_deadlines": ("", "x"),
        "lead_times": ("", "soon", "1 h,, 2 h", "366 d"),
        "day_start": ("", "soon", "25:00", "9"),
    }.items():
        for typed in texts:
            answer = Form.on(await change(editor, "people", person.id, **{field: typed}))

            assert answer.status == 422, (field, typed)
            assert set(answer.errors) == {f"new_{field}"}, (field, typed)
            assert answer.values[f"new_{field}"] == typed or f"new_{field}" in answer.options
    assert await panel.storage.queries.user(person.id) == person


async def test_who_is_overtaken_is_told_what_it_is_now(panel: Panel) -> None:
    person = a_user()
    await panel.storage.keep(person)
    editor = await panel.operator("olga")
    shown = await form(editor, "people", person.id)
    await change(editor, "people", person.id, language="ru")

    typed = shown.values | {"new_timezone": "Asia/Tokyo"}
    told = Form.on(await save(editor, "people", person.id, **typed))
    again = await save(editor, "people", person.id, **told.values)

    assert told.errors == {
        "new_language": "It is this now: Russian",
        "new_timezone": "It is this now: Europe/Moscow",
    }
    assert again.status_code == 303
    assert (await panel.storage.queries.user(person.id)).language is Language.ENGLISH


@on_each_database
async def test_reminders_are_paused_and_resumed_one_by_one_and_for_many(panel: Panel) -> None:
    one, other, left = a_user(), a_user(), a_user(deletion_at=NOW - HOUR)
    await panel.storage.keep(one, other, left)
    editor = await panel.operator("olga")
    queries = panel.storage.queries

    assert (await act_on_one(editor, "people", "pause", one.id)).status == 200
    assert (await queries.user(one.id)).paused
    page = await editor.get(f"/people/detail?pk={one.id}")
    assert buttons(page) == {"edit", "resume", "leave"}
    assert (await act_on_one(editor, "people", "resume", one.id)).status == 200
    assert not (await queries.user(one.id)).paused
    await alerts(editor)

    assert (await act(editor, "people", "pause", one.id, other.id, left.id)).status == 200
    told = await alerts(editor)

    assert told[0] == "2 done."
    assert told[1].startswith("1 refused: This person has left")
    assert [(await queries.user(who.id)).paused for who in (one, other, left)] == [
        True,
        True,
        False,
    ]
    await act(editor, "people", "resume", select_all=f"?q={other.telegram_id}")
    assert [(await queries.user(who.id)).paused for who in (one, other)] == [True, False]


async def test_somebody_leaves_and_stays_until_it_is_too_late(panel: Panel) -> None:
    person = a_user()
    await panel.storage.keep(person)
    editor = await panel.operator("olga")
    queries = panel.storage.queries

    await act_on_one(editor, "people", "leave", person.id)
    leaving = await queries.user(person.id)
    page = await editor.get(f"/people/detail?pk={person.id}")
    await act_on_one(editor, "people", "stay", person.id)
    stayed = await queries.user(person.id)
    twice = await act_on_one(editor, "people", "stay", person.id)
    await act_on_one(editor, "people", "leave", person.id)
    panel.clock.advance(timedelta(days=15))
    later = await panel.operator("later")
    too_late = await act_on_one(later, "people", "stay", person.id)
    edited = Form.on(await change(later, "people", person.id, language="ru"))

    assert leaving.deletion_at == NOW + timedelta(days=14)
    assert "stay" in buttons(page)
    assert "leave" not in buttons(page)
    assert not stayed.is_leaving
    assert twice.refusal == "Nobody asked for this account to be deleted."
    left = "This person has left: what is theirs is being deleted."
    assert too_late.refusal == left
    assert (edited.status, edited.alerts) == (422, [left])


async def test_a_viewer_changes_nobody_and_that_is_on_the_record(panel: Panel) -> None:
    person = a_user()
    await panel.storage.keep(person)
    editor = await panel.operator("olga")
    shown = await form(editor, "people", person.id)
    viewer = await panel.operator("victor", Role.VIEWER)

    page = await viewer.get(f"/people/detail?pk={person.id}")
    saved = await save(viewer, "people", person.id, **(shown.values | {"new_language": "ru"}))
    answers = [await act_on_one(viewer, "people", name, person.id) for name in ("pause", "leave")]

    assert buttons(page) == set()
    assert saved.status_code == 422
    assert {answer.status for answer in answers} == {400}
    assert await panel.storage.queries.user(person.id) == person
    log = await entries(panel.storage.queries)
    refused = [entry.verb for entry in log if entry.refusal == "role-insufficient"]
    assert refused == [AuditVerb.PERSON_LEAVE, AuditVerb.PERSON_PAUSE, AuditVerb.PERSON_EDIT]
    assert (await last_entry(panel.storage.queries)).owner_id == person.id
