"""Every statement that the bot and the API send goes through an index, on either database."""

import contextlib
import functools
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import psycopg
import pytest
from attrs import evolve, frozen
from sqlalchemy import insert

from support.asked import Statement, noting, questions
from support.backends import Storage, migrated_sqlite, require, sql_storage
from support.builders import (
    NOW,
    a_category,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
    an_audit_entry,
)
from support.core import a_core
from support.operators import EDITOR
from support.postgres import fresh_migrated_database
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import (
    Database,
    SqlApiTokenStore,
    SqlDialogueStore,
    create_database,
    operator_rows,
    rows,
    tables,
)
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.application.categories import EditCategory, TasksLeft
from taskbot.application.ports import (
    UNCATEGORIZED,
    AuditQuery,
    Dialogue,
    FirstUse,
    RequestKey,
    TaskFilter,
    TaskOrder,
    TaskPageRequest,
    TaskPosition,
)
from taskbot.application.search_words import search_terms
from taskbot.application.task_commands import CreateTask, EditTask
from taskbot.application.users import EditUser, MeetUser
from taskbot.application.views import DeadLetterPosition
from taskbot.domain.access_token import new_secret
from taskbot.domain.audit import AuditedKind
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.time_span import TimeSpan, from_tomorrow, this_week, today
from taskbot.domain.user import Language, User

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PEOPLE: Final = 100
TASKS_OF_EACH: Final = 100
DAY: Final = timedelta(days=1)
MOSCOW: Final = "Europe/Moscow"
SECRET: Final = new_secret()


@frozen
class Somebody:
    """One of many people, with what is theirs."""

    user: User
    category: Category
    tasks: list[Task]
    reminders: list[Reminder]


def _a_crowd() -> Iterator[Somebody]:
    """People with a hundred tasks and two hundred reminders each, most of both long done."""
    for _ in range(PEOPLE):
        user = a_user()
        category = a_category(owner_id=user.id)
        tasks = [_a_task_of(user, category, number) for number in range(TASKS_OF_EACH)]
        reminders = [
            reminder for number, task in enumerate(tasks) for reminder in _two(task, number)
        ]
        yield Somebody(user, category, tasks, reminders)


def _a_task_of(user: User, category: Category, number: int) -> Task:
    is_done = number % 3 != 0
    return a_task(
        owner_id=user.id,
        title=f"Купить молока {number}",
        category_id=category.id if number % 4 else None,
        priority=number % 4 + 1,
        status=TaskStatus.COMPLETED if is_done else TaskStatus.OPEN,
        completed_at=NOW if is_done else None,
        created_at=NOW - number * DAY,
        deadline=TimedDeadline(NOW + (number - 50) * DAY, MOSCOW) if number % 5 else None,
    )


def _two(task: Task, number: int) -> list[Reminder]:
    if task.is_open and number % 10 == 0:
        return [a_reminder_of(task, fire_at=NOW + number * DAY) for _ in range(2)]
    return [a_reminder_of(task).sent(now=NOW, message_id=1) for _ in range(2)]


@contextlib.contextmanager
def _filled(url: str, crowd: list[Somebody]) -> Iterator[str]:
    everything: dict[str, list[dict[str, Any]]] = {
        "users": [rows.from_user(one.user) for one in crowd],
        "categories": [rows.from_category(one.category) for one in crowd],
        "tasks": [rows.from_task(task) for one in crowd for task in one.tasks],
        "reminders": [rows.from_reminder(r) for one in crowd for r in one.reminders],
        "access_tokens": [
            rows.from_access_token(
                an_access_token(SECRET if place == 0 else None, owner_id=one.user.id)
            )
            for place, one in enumerate(crowd)
        ],
        "audit_entries": [
            operator_rows.from_audit_entry(
                an_audit_entry(at=NOW + number * DAY, owner_id=one.user.id, object_id=str(task.id))
            )
            for one in crowd
            for number, task in enumerate(one.tasks[:20])
        ],
    }
    with operators_engine(url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        with writing.begin() as connection:
            for name, values in everything.items():
                connection.execute(insert(tables.metadata.tables[name]), values)
            connection.exec_driver_sql("ANALYZE")
    yield url


@pytest.fixture(scope="module")
def crowd() -> list[Somebody]:
    return list(_a_crowd())


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, crowd: list[Somebody]
) -> Iterator[Callable[[str], str]]:
    """Give a function that fills a database of a kind, once, and tells its address."""
    with contextlib.ExitStack() as resources:

        @functools.cache
        def fill(kind: str) -> str:
            if kind == "postgresql":
                empty = resources.enter_context(fresh_migrated_database())
            else:
                empty = migrated_sqlite(tmp_path_factory.mktemp("plans"))
            return resources.enter_context(_filled(empty, crowd))

        yield fill


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, filled: Callable[[str], str]) -> str:
    require(request.param)
    return filled(request.param)


@pytest.fixture
async def database(url: str, asked: list[Statement]) -> AsyncIterator[Database]:
    database = noting(create_database(url), asked)
    yield database
    await database.dispose()


@pytest.fixture
def storage(database: Database) -> Storage:
    return sql_storage(database)


@pytest.fixture
def asked() -> list[Statement]:
    return []


@contextlib.contextmanager
def _planner(url: str, *, avoid_scans: bool) -> Iterator[Callable[[Statement], str]]:
    """Give a function that tells the plan of a statement, a step a line."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            yield lambda statement: "\n".join(
                row[3]
                for row in connection.execute(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])
            )
        return
    with psycopg.connect(url, autocommit=True) as server:
        if avoid_scans:
            server.execute("SET enable_seqscan = off")

        def plan(statement: Statement) -> str:
            text, values = statement
            cursor = server.cursor() if isinstance(values, dict) else psycopg.RawCursor(server)
            return "\n".join(
                row[0] for row in cursor.execute(f"EXPLAIN (COSTS OFF) {text}", values)
            )

        yield plan


_PENDING: Final = r"reminders USING (COVERING )?INDEX ix_reminders_(pending|dead)"
# As many as are asked for, in the order of the index.
_VANISHING: Final = "vanishing_messages USING INDEX ix_vanishing_messages_delete_at"
_AUDITED: Final = "audit_entries USING INDEX ix_audit_entries_at_id"
_SCANS: Final = re.compile(
    rf"SCAN (?!due|ours|page|CONSTANT|{_PENDING}|{_VANISHING}|{_AUDITED})|Seq Scan on (?!.*CTE)"
)
_BIG: Final = re.compile(r"Seq Scan on (tasks|reminders)")


def _require_indexes(url: str, asked: list[Statement]) -> None:
    """Nobody looks through a table, neither by choice nor for want of an index."""
    assert asked
    with _planner(url, avoid_scans=True) as reluctant, _planner(url, avoid_scans=False) as free:
        for statement in asked:
            plan, choice = reluctant(statement), free(statement)
            assert not _SCANS.search(plan), f"{statement[0]}\n{plan}"
            assert not _BIG.search(choice), f"{statement[0]}\n{choice}"


FILTERS: Final = {
    "all": TaskFilter(),
    "open": TaskFilter(status=TaskStatus.OPEN),
    "completed": TaskFilter(status=TaskStatus.COMPLETED),
    "overdue": TaskFilter(status=TaskStatus.OPEN, overdue=True, now=NOW),
    "today": TaskFilter(status=TaskStatus.OPEN, due=today(NOW, MOSCOW)),
    "week": TaskFilter(due=this_week(NOW, MOSCOW)),
    "upcoming": TaskFilter(status=TaskStatus.OPEN, due=from_tomorrow(NOW, MOSCOW)),
    "no deadline": TaskFilter(status=TaskStatus.OPEN, has_deadline=False),
    "priorities": TaskFilter(priorities=frozenset({Priority.URGENT, Priority.HIGH})),
    "no category": TaskFilter(category=UNCATEGORIZED),
    "words": TaskFilter(terms=search_terms("молоко 7")),
}


@pytest.mark.parametrize("order", TaskOrder)
@pytest.mark.parametrize("where", FILTERS.values(), ids=FILTERS.keys())
async def test_every_list_is_one_statement_that_an_index_answers(
    url: str,
    storage: Storage,
    asked: list[Statement],
    crowd: list[Somebody],
    where: TaskFilter,
    order: TaskOrder,
) -> None:
    somebody = crowd[7]
    place = TaskPosition.of(somebody.tasks[40], order)
    first = TaskPageRequest(owner_id=somebody.user.id, where=where, order=order)
    requests = [
        first,
        evolve(first, after=place),
        evolve(first, before=place),
        evolve(first, descending=True, after=place),
        evolve(first, where=evolve(where, category=somebody.category.id)),
    ]

    for request in requests:
        await storage.queries.tasks(request)

    assert len(asked) == len(requests)
    _require_indexes(url, asked)


@pytest.mark.parametrize("order", TaskOrder)
async def test_a_list_in_any_order_comes_out_of_its_index_sorted(
    url: str, storage: Storage, asked: list[Statement], crowd: list[Somebody], order: TaskOrder
) -> None:
    for somebody in crowd[:3]:
        place = TaskPosition.of(somebody.tasks[40], order)
        await storage.queries.tasks(
            TaskPageRequest(owner_id=somebody.user.id, order=order, after=place)
        )

    with _planner(url, avoid_scans=True) as explain:
        for statement in asked:
            assert not re.search(r"B-TREE|Sort Key", explain(statement)), explain(statement)


async def test_the_audit_log_is_read_in_the_order_of_an_index(
    url: str, storage: Storage, asked: list[Statement], crowd: list[Somebody]
) -> None:
    owner, task = crowd[3].user, crowd[3].tasks[0]
    whole = AuditQuery()
    queries = [
        whole,
        AuditQuery(operator="olga"),
        AuditQuery(object_kind="task", object_id=str(task.id)),
        AuditQuery(owner_id=owner.id),
    ]
    entry = (await storage.queries.audit_entries(whole))[-1]

    for query in queries:
        await storage.queries.audit_entries(query)
        await storage.queries.audit_entries(evolve(query, before=entry))

    assert len(asked) == 1 + 2 * len(queries)
    _require_indexes(url, asked)
    with _planner(url, avoid_scans=True) as explain:
        for statement in asked:
            assert not re.search(r"B-TREE|Sort Key", explain(statement)), explain(statement)


async def test_figures_about_everything_are_read_from_indexes(
    url: str, storage: Storage, asked: list[Statement]
) -> None:
    """Those of people are not: to look through them all is quick beside the others."""
    figures = storage.figures
    await figures.task_figures(now=NOW)
    await figures.queue_figures(now=NOW)
    await figures.delivered(NOW - DAY, hours=24)
    await figures.missed(NOW - DAY, hours=24)

    assert len(asked) == 4
    with _planner(url, avoid_scans=True) as explain:
        for statement in asked:
            plan = explain(statement)
            assert not re.search(r"Seq Scan|SCAN (tasks|reminders)$", plan, re.MULTILINE), plan


async def test_every_other_query_is_one_statement_that_an_index_answers(
    url: str, storage: Storage, asked: list[Statement], crowd: list[Somebody]
) -> None:
    somebody = crowd[3]
    owner, task, queries = somebody.user, somebody.tasks[0], storage.queries
    week = this_week(NOW, MOSCOW)
    reads = [
        queries.task(task.id, owner_id=owner.id),
        queries.task_cards([task.id], owner_id=owner.id),
        queries.next_task_cards(owner.id, limit=50),
        queries.next_task_cards(owner.id, limit=50, after=TaskPosition.of(task, TaskOrder.CREATED)),
        queries.task_counts(
            owner.id,
            now=NOW,
            today=today(NOW, MOSCOW),
            this_week=week,
            upcoming=from_tomorrow(NOW, MOSCOW),
        ),
        queries.task_tallies(owner.id, now=NOW),
        queries.completions(owner.id, TimeSpan(NOW - DAY)),
        queries.completions(owner.id, TimeSpan(NOW - DAY, NOW)),
        queries.completions(owner.id, TimeSpan()),
        queries.categories(owner.id),
        queries.counted_categories(owner.id),
        queries.user(owner.id),
        queries.user_by_telegram_id(owner.telegram_id),
        queries.holder(bytes(32)),
        queries.access_tokens(owner.id),
        queries.admin_account_by_name("olga"),
        queries.admin_session(bytes(32)),
        queries.invitation(bytes(32)),
        queries.leavers(now=NOW, limit=10),
        queries.letters([somebody.reminders[0].id]),
        queries.letters([reminder.id for reminder in somebody.reminders[:8]]),
        queries.next_available_at(),
        queries.category(somebody.category.id, owner_id=owner.id),
        queries.dead_letters(limit=20),
        queries.dead_letters(limit=20, after=DeadLetterPosition.of(somebody.reminders[0])),
        queries.reminder_gauges(now=NOW),
        queries.owners(AuditedKind.TASK, [task.id]),
        queries.owners(AuditedKind.CATEGORY, [somebody.category.id]),
        queries.owners(AuditedKind.REMINDER, [somebody.reminders[0].id]),
        queries.owners(AuditedKind.ACCESS_TOKEN, [task.id]),
        storage.dialogues.read("1:2"),
        storage.api_tokens.read(7),
        storage.vanishing.earliest(limit=10),
    ]

    for read in reads:
        await read

    assert len(asked) == len(reads)
    _require_indexes(url, asked)


async def test_several_tasks_are_changed_by_a_few_statements(
    url: str, storage: Storage, asked: list[Statement], crowd: list[Somebody]
) -> None:
    core = a_core(transactions=storage.transactions, queries=storage.queries)
    somebody = crowd[9]
    me, ids = somebody.user.id, [task.id for task in somebody.tasks]

    async def statements(change: Awaitable[object]) -> int:
        before = len(asked)
        await change
        return len(questions(asked[before:]))

    assert await statements(core.bulk_tasks.move(ids, somebody.category.id, actor=me)) == 3
    assert await statements(core.bulk_tasks.complete(ids, actor=me)) == 4
    assert await statements(core.bulk_tasks.delete(ids[:50], actor=me)) == 3
    open_one = (await core.tasks.create(CreateTask(actor=me, title="Хлеб"))).task
    for _ in range(2):
        assert await statements(core.tasks.complete(open_one.id, actor=me)) == 4
        assert await statements(core.tasks.delete(open_one.id, actor=me)) == 3
        assert await statements(core.tasks.undo(open_one.id, actor=me)) == 6
        await core.tasks.reopen(open_one.id, actor=me)
    _require_indexes(url, questions(asked))


async def test_operators_change_several_tasks_of_a_person_by_a_few_statements(
    url: str, storage: Storage, asked: list[Statement], crowd: list[Somebody]
) -> None:
    core = a_core(transactions=storage.transactions, queries=storage.queries)
    office = core.back_office.tasks
    ids = [task.id for somebody in crowd[20:22] for task in somebody.tasks]
    whose, of_each = 1, 8

    await office.complete_many(ids, by=EDITOR, client=None)
    of_completing = len(questions(asked))
    await office.delete_many(ids, by=EDITOR, client=None)

    assert of_completing == whose + 2 * of_each
    _require_indexes(
        url, [one for one in asked if re.match(r"(WITH|UPDATE|DELETE|SELECT)", one[0])]
    )


async def test_every_use_case_finds_by_an_index_what_it_changes(
    url: str,
    database: Database,
    storage: Storage,
    asked: list[Statement],
    crowd: list[Somebody],
) -> None:
    core = a_core(transactions=storage.transactions, queries=storage.queries)
    somebody = crowd[5]
    me, category = somebody.user, somebody.category
    deadline = TimedDeadline(NOW + DAY, MOSCOW)

    view = await core.tasks.create(
        CreateTask(actor=me.id, title="Молоко", category_id=category.id, deadline=deadline)
    )
    task_id = view.task.id
    await core.tasks.edit(EditTask(actor=me.id, task_id=task_id, title="Хлеб", priority=1))
    await core.tasks.reschedule(task_id, DayDeadline(date(2100, 4, 1), MOSCOW), actor=me.id)
    await core.tasks.snooze(task_id, until=NOW + DAY, actor=me.id)
    await core.tasks.edit(EditTask(actor=me.id, task_id=task_id, lead_times=[DAY]))
    moment = await core.tasks.add_reminder(task_id, at=NOW + DAY, actor=me.id)
    await core.tasks.remove_reminder(task_id, moment.id, actor=me.id)
    await core.tasks.complete(task_id, actor=me.id)
    await core.tasks.undoable(task_id, actor=me.id)
    await core.tasks.undo(task_id, actor=me.id)
    await core.tasks.delete(task_id, actor=me.id)
    await core.tasks.undo(task_id, actor=me.id)
    await core.tasks.complete(task_id, actor=me.id)
    await core.tasks.reopen(task_id, actor=me.id)
    await core.users.speak(Language.RUSSIAN, actor=me.id)
    await core.users.move_to("Asia/Tokyo", actor=me.id)
    await core.users.lose(me.telegram_id)
    await core.users.meet(MeetUser(telegram_id=me.telegram_id, name="Anna"))
    await core.users.find_or_register(8)
    work = await core.categories.create("Работа", actor=me.id)
    await core.categories.edit(EditCategory(actor=me.id, category_id=work.id, name="Труд"))
    await core.categories.delete(work.id, tasks=category.id, actor=me.id)
    doomed = await core.categories.create("Лишнее", actor=me.id)
    await core.categories.delete(doomed.id, tasks=TasksLeft.DELETED, actor=me.id)
    await core.users.edit(EditUser(actor=me.id, lead_times=[DAY / 24], timezone=MOSCOW))
    await core.accounts.leave(actor=me.id)
    await core.accounts.stay(actor=me.id)
    await core.access_tokens.create("laptop", actor=me.id)
    await core.access_tokens.authenticate(SECRET)
    made = await core.access_tokens.create("phone", actor=me.id)
    rotated = await core.access_tokens.rotate(made.token.id, actor=me.id)
    await core.access_tokens.revoke(rotated.token.id, actor=me.id)
    core.clock.advance(20 * DAY)
    await core.deliver_due()
    await core.tasks.delete(task_id, actor=me.id)
    leaver = crowd[6].user.id
    while await storage.transactions.run(lambda uow: uow.users.erase(leaver, limit=30)) == 30:
        pass
    await storage.transactions.run(lambda uow: uow.reminders.purge_cancelled(before=NOW, limit=100))
    await storage.transactions.run(lambda uow: uow.undos.purge(before=NOW, limit=100))
    long_ago = NOW.replace(year=2001)
    await storage.transactions.run(lambda uow: uow.audit.purge(before=long_ago, limit=100))

    changes = [
        one for one in asked if re.match(r"(WITH|UPDATE|DELETE|SELECT|INSERT INTO undos)", one[0])
    ]
    assert len(core.notifier.notifications) > 0
    _require_indexes(url, changes)


async def test_what_is_kept_beside_them_is_found_by_an_index(
    url: str,
    database: Database,
    storage: Storage,
    asked: list[Statement],
    crowd: list[Somebody],
) -> None:
    owner, clock = crowd[5].user, ManualClock(NOW)

    await storage.dialogues.write("1:2", Dialogue("title", {}))
    await storage.dialogues.write("1:2", Dialogue(None, {}))
    await storage.api_tokens.write(7, "sealed", ttl=DAY)
    await storage.api_tokens.forget(7)
    await SqlDialogueStore(database, clock).purge_expired()
    await SqlApiTokenStore(database, clock).purge_expired()
    await storage.dialogues.forget(2)
    for update_id in (1, 2):
        await storage.update_log.begin(update_id, now=NOW)
    await storage.update_log.finish(1, now=NOW)
    await storage.update_log.abandon(2)
    await storage.update_log.forget_before(NOW)
    await storage.keys.secret("plans")

    requests = storage.idempotency(clock)
    for fingerprint in (bytes(32), bytes(32)):
        await requests.begin(RequestKey(owner.id, "a key"), fingerprint)
    use = await requests.begin(RequestKey(owner.id, "another"), bytes(32))
    assert isinstance(use, FirstUse)
    await requests.finish(use, b"answer")
    await requests.abandon(use)
    await requests.purge_expired()

    changes = [one for one in asked if re.match(r"(WITH|UPDATE|DELETE|SELECT)", one[0])]
    _require_indexes(url, changes)
