"""Tasks, changed by operators: forms, and what is done to several at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from attrs import evolve, frozen
from ulid import ULID

from support.builders import NOW, a_category, a_reminder_of, a_task, a_user
from support.operators import entries, last_entry
from support.panel import Browser, Panel, on_each_database
from support.panel_forms import Form, act, act_on_one, alerts, buttons, change, form, save
from taskbot.application.back_office import MANY_LIMIT
from taskbot.domain.audit import AuditVerb
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.ids import TaskId
from taskbot.domain.operator import Role
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
HARMFUL: Final = "<script>alert('x')</script>"


@frozen
class Desk:
    """A panel, an editor who looks at it, and a person with a category and tasks."""

    panel: Panel
    editor: Browser
    owner: User
    category: Category
    task: Task

    async def now(self) -> Task:
        return await self.panel.storage.task(self.task.id)

    async def plan(self) -> set[tuple[datetime, ReminderKind]]:
        (card,) = await self.panel.storage.queries.task_cards(
            [self.task.id], owner_id=self.owner.id
        )
        return {(one.fire_at, one.kind) for one in card.reminders if one.is_ahead}

    async def another(self, **changes: object) -> Task:
        task = a_task(**({"owner_id": self.owner.id} | changes))
        await self.panel.storage.keep(task)
        return task

    async def of_somebody_else(self, **changes: object) -> Task:
        other = a_user()
        task = a_task(**({"owner_id": other.id} | changes))
        await self.panel.storage.keep(other, task)
        return task


def by_clocks_in(browser: Browser, timezone: str) -> None:
    browser.client.cookies.set("timezone", timezone)


@pytest.fixture
async def desk(panel: Panel) -> Desk:
    owner = a_user(timezone="Europe/Moscow")
    category = a_category(owner_id=owner.id, name="Home")
    task = a_task(
        owner_id=owner.id,
        category_id=category.id,
        title="Buy milk",
        description="Two bottles\nand a can",
        priority=2,
        deadline=TimedDeadline(NOW + 2 * DAY, "Europe/Moscow"),
    )
    await panel.storage.keep(owner, category, task)
    editor = await panel.operator("olga")
    by_clocks_in(editor, "Asia/Tokyo")
    return Desk(panel, editor, owner, category, task)


async def test_the_form_shows_what_there_is(desk: Desk) -> None:
    shown = await form(desk.editor, "tasks", desk.task.id)

    assert shown.values == {
        "new_title": "Buy milk",
        "new_description": "Two bottles\nand a can",
        "new_category_id": str(desk.category.id),
        "new_priority": "2",
        "new_due_at": "2100-03-17T21:00",  # noon in UTC, by clocks in Tokyo
        "clocks": "Asia/Tokyo",
        "new_due_on": "",
        "new_lead_times": "",
        "new_version": "1",
    }
    assert shown.options["new_category_id"] == {"": "", str(desk.category.id): "Home"}


@on_each_database
async def test_every_field_can_be_changed_and_the_plan_follows(desk: Desk) -> None:
    work = a_category(owner_id=desk.owner.id, name="Work")
    await desk.panel.storage.keep(work)

    answer = await change(
        desk.editor,
        "tasks",
        desk.task.id,
        title=" Buy bread ",
        description="Rye\r\nor wheat",
        category_id=str(work.id),
        priority="1",
        due_at="2100-03-18T09:30",
        lead_times="2 h, 30 min, 0",
    )

    assert answer.status_code == 303
    task = await desk.now()
    due_at = datetime(2100, 3, 18, 0, 30, tzinfo=UTC)
    assert (task.title, task.description, task.priority) == ("Buy bread", "Rye\nor wheat", 1)
    assert task.category_id == work.id
    assert task.deadline == TimedDeadline(due_at, "Europe/Moscow")
    assert task.lead_times == (2 * HOUR, HOUR / 2, timedelta(0))
    assert await desk.plan() == {
        (due_at - 2 * HOUR, ReminderKind.LEAD),
        (due_at - HOUR / 2, ReminderKind.LEAD),
        (due_at, ReminderKind.DUE),
    }
    entry = await last_entry(desk.panel.storage.queries)
    assert (entry.operator, entry.verb) == ("olga", AuditVerb.TASK_EDIT)
    assert entry.diff is not None
    assert entry.diff["title"] == ("Buy milk", "Buy bread")


async def test_a_moment_becomes_a_day_of_the_owners_and_then_nothing(desk: Desk) -> None:
    await change(desk.editor, "tasks", desk.task.id, due_at="", due_on="2100-03-20")
    on_a_day, planned = await desk.now(), await desk.plan()

    await change(desk.editor, "tasks", desk.task.id, due_on="", category_id="", description="")
    task = await desk.now()

    assert on_a_day.deadline == DayDeadline(date(2100, 3, 20), "Europe/Moscow")
    assert planned == {(datetime(2100, 3, 20, 6, tzinfo=UTC), ReminderKind.DAY)}
    assert (task.deadline, task.category_id, task.description) == (None, None, "")
    assert await desk.plan() == set()


async def test_no_lead_times_at_all_are_another_thing_than_those_of_the_owner(desk: Desk) -> None:
    for typed, kept, shown in (("-", (), "-"), ("", None, ""), ("0", (timedelta(0),), "0")):
        await change(desk.editor, "tasks", desk.task.id, lead_times=typed)

        assert (await desk.now()).lead_times == kept
        assert (await form(desk.editor, "tasks", desk.task.id)).values["new_lead_times"] == shown


@on_each_database
async def test_what_is_not_touched_stays_to_the_second(desk: Desk) -> None:
    shown_twice = datetime(2100, 10, 31, 1, 30, 17, 250_000, tzinfo=UTC)  # 02:30 again in Berlin
    task = await desk.another(
        title="  spaced\tout ",
        description="one\n\ntwo",
        deadline=TimedDeadline(shown_twice, "Asia/Tokyo"),
        lead_times=(90 * timedelta(seconds=1), timedelta(days=8, hours=3)),
    )
    by_clocks_in(desk.editor, "Europe/Berlin")

    answer = await change(desk.editor, "tasks", task.id, priority="3")

    stored = await desk.panel.storage.task(task.id)
    assert answer.status_code == 303
    assert stored == evolve(task, priority=3, version=2, updated_at=stored.updated_at)
    assert set((await last_entry(desk.panel.storage.queries)).diff or {}) == {"priority"}


async def test_a_form_is_read_by_the_clocks_by_which_it_was_shown(desk: Desk) -> None:
    shown = await form(desk.editor, "tasks", desk.task.id)
    by_clocks_in(desk.editor, "America/New_York")

    await save(desk.editor, "tasks", desk.task.id, **(shown.values | {"new_title": "Buy bread"}))

    task = await desk.now()
    assert task == evolve(desk.task, title="Buy bread", version=2, updated_at=task.updated_at)


async def test_what_is_told_fits_into_the_cookie_that_carries_it(desk: Desk) -> None:
    answer = await change(desk.editor, "tasks", desk.task.id, title="🥛" * 200)

    (cookie,) = (one for one in answer.headers.get_list("set-cookie") if "flash" in one)
    assert len(cookie) < 4096  # more of it browsers leave out (RFC 6265, section 6.1)
    assert "🥛" * 70 in (await alerts(desk.editor))[0]


# The library leaves the files of a form to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_what_a_form_leaves_out_stays_as_it_is(desk: Desk) -> None:
    shown = await form(desk.editor, "tasks", desk.task.id)
    token = {"csrftoken": desk.editor.client.cookies["starlette_admin_csrftoken"]}

    await save(desk.editor, "tasks", desk.task.id, new_title="Buy bread")
    answer = await desk.editor.client.post(  # a file where a text belongs
        f"/admin/tasks/edit?pk={desk.task.id}",
        data=token,
        files=dict.fromkeys(shown.values, ("x.txt", b"x")),
    )

    task = await desk.now()
    assert answer.status_code == 303
    assert task == evolve(
        desk.task, title="Buy bread", version=task.version, updated_at=task.updated_at
    )


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_what_cannot_be_read_is_refused_at_its_field_and_stays_there(
    desk: Desk, language: str
) -> None:
    category = await desk.of_somebody_else()
    editor = await desk.panel.operator("rita", language=language)
    theirs = a_category(owner_id=category.owner_id, name="Theirs")
    await desk.panel.storage.keep(theirs)
    refused = {
        "title": (" ", "\u200b", "x" * 201),
        "description": ("x" * 4001,),
        "category_id": ("x", str(ULID()), str(theirs.id)),
        "priority": ("", "0", "urgent", "٣"),
        "due_at": ("tomorrow", "2100-13-01T00:00", "0001-01-01T00:00", "24:00"),
        "due_on": ("18.03.2100", "2100-02-30"),
        "lead_times": ("soon", "5", "400 d", "-1 h", ", ".join(f"{n} min" for n in range(20))),
    }
    for field, texts in refused.items():
        for typed in texts:
            cleared = {"due_at": ""} if field == "due_on" else {}
            given = cleared | {"title": "Untouched"} | {field: typed}
            answer = Form.on(await change(editor, "tasks", desk.task.id, **given))

            assert answer.status == 422, (field, typed)
            assert set(answer.errors) == {f"new_{field}"}, (field, typed)
            assert answer.values[f"new_{field}"] == typed or field in {"category_id", "priority"}
            assert field == "title" or answer.values["new_title"] == "Untouched"
            assert (language == "ru") == any("а" <= one <= "я" for one in str(answer.errors))

    assert await desk.now() == desk.task


async def test_a_moment_and_a_day_are_refused_together(desk: Desk) -> None:
    answer = Form.on(await change(desk.editor, "tasks", desk.task.id, due_on="2100-03-20"))

    assert answer.errors == {"new_due_on": "Either a moment or a day, not both."}
    assert answer.values["new_due_on"] == "2100-03-20"
    assert answer.values["new_due_at"] == "2100-03-17T21:00"
    assert await desk.now() == desk.task


async def test_a_deadline_that_is_over_is_refused_at_what_was_typed(desk: Desk) -> None:
    moment = Form.on(await change(desk.editor, "tasks", desk.task.id, due_at="2100-03-15T20:59"))
    day = Form.on(await change(desk.editor, "tasks", desk.task.id, due_at="", due_on="2100-03-14"))
    far = Form.on(await change(desk.editor, "tasks", desk.task.id, due_at="3000-01-02T00:00"))

    assert moment.errors == {"new_due_at": "This deadline is over already."}
    assert day.errors == {"new_due_on": "This deadline is over already."}
    assert far.errors == {"new_due_at": "A deadline lies between the years 1971 and 2999."}


async def test_an_overdue_task_can_be_changed_but_for_its_deadline(desk: Desk) -> None:
    desk.panel.clock.advance(5 * DAY)
    editor = await desk.panel.operator("late")

    assert (await change(editor, "tasks", desk.task.id, title="Late")).status_code == 303
    assert (await desk.now()).deadline == desk.task.deadline


async def test_a_completed_task_keeps_its_deadline_and_what_else_there_is_changes(
    desk: Desk,
) -> None:
    await act_on_one(desk.editor, "tasks", "complete", desk.task.id)

    renamed = await change(desk.editor, "tasks", desk.task.id, title="Bought", priority="4")
    moved = Form.on(await change(desk.editor, "tasks", desk.task.id, due_at="2100-04-01T00:00"))

    task = await desk.now()
    assert renamed.status_code == 303
    assert (task.title, task.priority, task.status) == ("Bought", 4, TaskStatus.COMPLETED)
    assert task.deadline == desk.task.deadline
    assert (moved.status, moved.alerts) == (422, ["This task is completed already."])
    assert moved.values["new_due_at"] == "2100-04-01T00:00"


@on_each_database
async def test_who_is_overtaken_is_told_and_loses_nothing_of_what_they_typed(desk: Desk) -> None:
    slow = await desk.panel.operator("slow")
    shown = await form(slow, "tasks", desk.task.id)
    await change(desk.editor, "tasks", desk.task.id, title="Buy bread", priority="1")
    typed = shown.values | {"new_title": "Buy cheese", "new_description": "A lot"}

    told = Form.on(await save(slow, "tasks", desk.task.id, **typed))

    assert told.status == 422
    assert "changed by somebody else" in told.alerts[0]
    assert told.values | {"new_version": "1"} == typed
    assert told.errors == {
        "new_title": "It is this now: Buy bread",
        "new_description": "It is this now: Two bottles and a can",
        "new_priority": "It is this now: urgent",
    }
    assert (await desk.now()).title == "Buy bread"
    refused = await last_entry(desk.panel.storage.queries)
    assert (refused.operator, refused.refusal) == ("slow", "task-stale")

    again = await save(slow, "tasks", desk.task.id, **told.values)

    assert again.status_code == 303
    assert (await desk.now()).title == "Buy cheese"


async def test_a_task_that_was_deleted_meanwhile_leads_to_a_page_that_says_so(desk: Desk) -> None:
    shown = await form(desk.editor, "tasks", desk.task.id)
    await act_on_one(desk.editor, "tasks", "delete", desk.task.id)

    answer = await save(desk.editor, "tasks", desk.task.id, **shown.values)

    assert answer.status_code == 404
    assert "There is nothing here, or no longer." in answer.text


async def test_harmful_texts_are_inert(desk: Desk) -> None:
    category = a_category(owner_id=desk.owner.id, name=HARMFUL)
    await desk.panel.storage.keep(category)
    fields = {"title": HARMFUL, "description": HARMFUL + "</textarea>" + HARMFUL}

    saved = await change(desk.editor, "tasks", desk.task.id, category_id=str(category.id), **fields)
    told = await desk.editor.get("/tasks/list")
    opened = await form(desk.editor, "tasks", desk.task.id)
    refused = Form.on(await change(desk.editor, "tasks", desk.task.id, due_at=f'">{HARMFUL}'))
    await change(desk.editor, "categories", category.id, name="x")
    entry = await last_entry(desk.panel.storage.queries)
    log = await desk.editor.get(f"/audit/detail?pk={entry.id}")

    assert saved.status_code == 303
    assert opened.options["new_category_id"][str(category.id)] == HARMFUL
    assert opened.values["new_description"] == fields["description"]
    assert refused.values["new_due_at"] == f'">{HARMFUL}'
    for page in (told.text, opened.text, refused.text, log.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(&#39;x&#39;)" in page


async def test_one_task_is_completed_reopened_reminded_of_and_deleted(desk: Desk) -> None:
    storage, task_id = desk.panel.storage, desk.task.id
    at = "2100-03-16T10:00"

    done = await act_on_one(desk.editor, "tasks", "complete", task_id)
    told = await alerts(desk.editor)
    assert (done.status, told) == (200, ["The task is completed."])
    assert (await desk.now()).status is TaskStatus.COMPLETED
    assert await desk.plan() == set()
    twice = await act_on_one(desk.editor, "tasks", "complete", task_id)
    assert (twice.status, twice.refusal) == (400, "This task is completed already.")

    await act_on_one(desk.editor, "tasks", "reopen", task_id)
    planned = await desk.plan()
    added = await act_on_one(
        desk.editor, "tasks", "remind", task_id, moment=at, clocks="Asia/Tokyo"
    )
    assert added.status == 200
    moment = (datetime(2100, 3, 16, 1, tzinfo=UTC), ReminderKind.MOMENT)
    assert await desk.plan() == planned | {moment}

    for typed, why in (
        ("", "This is not a moment."),
        ("x", "This is not a moment."),
        ("2100-03-01T00:00", "A reminder comes at a later moment."),
    ):
        answer = await act_on_one(desk.editor, "tasks", "remind", task_id, moment=typed)
        assert (answer.status, answer.refusal) == (400, why)

    page = f"https://panel.test/admin/tasks/detail?pk={task_id}"
    deleted = await act_on_one(desk.editor, "tasks", "delete", task_id, origin=page)
    assert deleted.redirect == "https://panel.test/admin/tasks/list"
    assert next(one.verb for one in await entries(storage.queries)) == AuditVerb.TASK_DELETE
    assert await storage.queries.task_cards([task_id], owner_id=desk.owner.id) == []


@on_each_database
async def test_what_is_done_to_several_says_how_many_were_refused_and_why(desk: Desk) -> None:
    theirs = await desk.of_somebody_else()
    done = await desk.another(status=TaskStatus.COMPLETED, completed_at=NOW)
    gone, unknown = await desk.another(), TaskId(ULID())
    await act_on_one(desk.editor, "tasks", "delete", gone.id)
    await alerts(desk.editor)

    answer = await act(
        desk.editor, "tasks", "complete", desk.task.id, theirs.id, done.id, gone.id, unknown
    )
    told = await alerts(desk.editor)
    again = await act(desk.editor, "tasks", "complete", desk.task.id, theirs.id)

    assert answer.status == 200
    assert told[0] == "2 done."
    assert told[1].startswith("3 refused: ")
    assert "There is no such task any more." in told[1]
    assert "This task is completed already." in told[1]
    assert (await desk.panel.storage.task(theirs.id)).status is TaskStatus.COMPLETED
    assert (again.status, again.refusal) == (400, "2 refused: This task is completed already.")


async def test_deadlines_are_moved_by_a_duration_or_to_a_moment_or_a_day(desk: Desk) -> None:
    theirs = await desk.of_somebody_else(deadline=DayDeadline(date(2100, 3, 20), "Asia/Tokyo"))
    both, clocks = (desk.task.id, theirs.id), "Asia/Tokyo"

    await act(desk.editor, "tasks", "reschedule", *both, by="1 d", clocks=clocks)
    later = await desk.now(), await desk.panel.storage.task(theirs.id)
    await act(desk.editor, "tasks", "reschedule", *both, by="−1 день", clocks=clocks)
    sooner = await desk.now(), await desk.panel.storage.task(theirs.id)
    await alerts(desk.editor)
    await act(desk.editor, "tasks", "reschedule", *both, by="2 h", clocks=clocks)
    partly = await alerts(desk.editor)
    await act(desk.editor, "tasks", "reschedule", *both, moment="2100-05-01T09:00", clocks=clocks)
    moment = await desk.now(), await desk.panel.storage.task(theirs.id)
    await act(desk.editor, "tasks", "reschedule", *both, day="2100-06-01", clocks=clocks)
    day = await desk.now(), await desk.panel.storage.task(theirs.id)

    assert [one.deadline for one in later] == [
        TimedDeadline(NOW + 3 * DAY, "Europe/Moscow"),
        DayDeadline(date(2100, 3, 21), "Asia/Tokyo"),
    ]
    assert [one.deadline for one in sooner] == [desk.task.deadline, theirs.deadline]
    assert partly == ["1 done.", "1 refused: A deadline that is a day moves by whole days."]
    at = datetime(2100, 5, 1, 0, tzinfo=UTC)
    assert [one.deadline for one in moment] == [TimedDeadline(at, "Europe/Moscow")] * 2
    assert [one.deadline for one in day] == [DayDeadline(date(2100, 6, 1), "Europe/Moscow")] * 2


async def test_a_deadline_is_moved_to_one_thing_alone_that_can_be_read(desk: Desk) -> None:
    for fields, why in (
        ({}, "Fill in one of the three."),
        ({"by": "1 d", "day": "2100-06-01"}, "Fill in one of the three."),
        ({"by": "soon"}, "This is not a duration."),
        ({"by": "0"}, "This is not a duration."),
        ({"by": "-"}, "This is not a duration."),
        ({"by": "999999 w"}, "A deadline lies between the years 1971 and 2999."),
        ({"moment": "soon"}, "This is not a moment."),
        ({"moment": "0001-01-01T00:00"}, "This is not a moment."),
        ({"day": "soon"}, "This is not a day."),
        ({"day": "2100-03-01"}, "This deadline is over already."),
    ):
        answer = await act(desk.editor, "tasks", "reschedule", desk.task.id, **fields)

        assert answer.status == 400, fields
        assert answer.refusal is not None
        assert answer.refusal.removeprefix("1 refused: ") == why
    assert await desk.now() == desk.task


async def test_all_that_a_list_shows_can_be_chosen_up_to_a_limit(desk: Desk) -> None:
    others = [a_task(owner_id=desk.owner.id, title=f"{n}") for n in range(MANY_LIMIT - 1)]
    await desk.panel.storage.keep(*others)
    one_too_many = await desk.another(title="Buy milk too")

    refused = await act(desk.editor, "tasks", "complete", select_all="")
    too_many = [desk.task.id, one_too_many.id, *(one.id for one in others)]
    by_hand = await act(desk.editor, "tasks", "complete", *too_many)
    narrowed = await act(desk.editor, "tasks", "complete", select_all="?q=milk")
    told = await alerts(desk.editor)
    nothing = await act(desk.editor, "tasks", "complete", select_all="?q=nowhere")

    assert refused.status == 400
    assert f"{MANY_LIMIT + 1}" in str(refused.refusal)
    assert by_hand.refusal == f"This can be done to at most {MANY_LIMIT} things at once."
    assert (narrowed.status, told) == (200, ["2 done."])
    assert nothing.status == 400
    assert (await desk.panel.storage.task(others[0].id)).status is TaskStatus.OPEN


async def test_a_viewer_sees_no_buttons_and_is_refused_on_the_record(desk: Desk) -> None:
    shown = await form(desk.editor, "tasks", desk.task.id)
    viewer = await desk.panel.operator("victor", Role.VIEWER)
    fields = shown.values | {"new_title": "Mine"}

    for path in ("/tasks/list", f"/tasks/detail?pk={desk.task.id}"):
        assert buttons(await viewer.get(path)) <= {"export", "view"}
        assert "/edit" not in (await viewer.get(path)).text
    assert (await viewer.get(f"/tasks/edit?pk={desk.task.id}")).status_code == 403

    saved = Form.on(await save(viewer, "tasks", desk.task.id, **fields))
    one = await act_on_one(viewer, "tasks", "delete", desk.task.id)
    several = await act(viewer, "tasks", "complete", desk.task.id)

    told = "This is for operators of the role editor."
    assert (saved.status, saved.alerts) == (422, [told])
    assert [one.refusal, several.refusal] == [told, told]
    assert await desk.now() == desk.task
    log = [one for one in await entries(desk.panel.storage.queries) if one.operator == "victor"]
    assert [(one.verb, one.refusal) for one in log[:3]] == [
        (AuditVerb.TASK_COMPLETE, "role-insufficient"),
        (AuditVerb.TASK_DELETE, "role-insufficient"),
        (AuditVerb.TASK_EDIT, "role-insufficient"),
    ]


async def test_nothing_is_changed_of_who_has_left(desk: Desk) -> None:
    await act_on_one(desk.editor, "people", "leave", desk.owner.id)
    desk.panel.clock.advance(15 * DAY)
    editor = await desk.panel.operator("later")
    told = "This person has left: what is theirs is being deleted."

    saved = Form.on(await change(editor, "tasks", desk.task.id, title="x"))
    one = await act_on_one(editor, "tasks", "complete", desk.task.id)
    several = await act(editor, "tasks", "delete", desk.task.id)

    assert (saved.status, saved.alerts) == (422, [told])
    assert [one.refusal, several.refusal] == [told, f"1 refused: {told}"]


async def test_a_reminder_that_is_not_wanted_is_taken_back(desk: Desk) -> None:
    reminder: Reminder = a_reminder_of(desk.task, fire_at=NOW + DAY, kind=ReminderKind.MOMENT)
    await desk.panel.storage.keep(reminder)

    answer = await act_on_one(desk.editor, "reminders", "remove", reminder.id)
    again = await act_on_one(desk.editor, "reminders", "remove", reminder.id)

    assert answer.status == 200
    assert (reminder.fire_at, reminder.kind) not in await desk.plan()
    assert again.status in {400, 404}
