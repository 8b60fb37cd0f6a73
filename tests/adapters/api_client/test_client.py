"""The client as a program with one access token uses it."""

import functools
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from typing import Any

import httpx
import pytest
from anyio import to_thread
from attrs import Factory, define

from support.api import ADA, Api, Person, an_api
from support.backend import Watched, told
from support.builders import NOW
from taskbot.adapters.api_client import ApiClient, ApiRefused, SyncApiClient
from taskbot.adapters.api_client.categories import CategoriesOfOne
from taskbot.adapters.api_client.me import Me
from taskbot.adapters.api_client.statistics import StatisticsOfOne
from taskbot.adapters.api_client.sync import (
    SyncCategories,
    SyncMe,
    SyncStatistics,
    SyncTasks,
    SyncTokens,
)
from taskbot.adapters.api_client.tasks import TasksOfOne
from taskbot.adapters.api_client.tokens import TokensOfOne
from taskbot.domain.access_token import PERSONAL_SCOPES, Scope
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    CategoryNotFound,
    InsufficientScope,
    InvalidAccessToken,
    StaleCategory,
    StaleTask,
    StaleUser,
    TaskNotFound,
)
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
URL = "http://taskbot.test"


@pytest.fixture
def api() -> Api:
    return an_api()


@pytest.fixture
async def ada(api: Api) -> Person:
    return await api.person()


def _transport(api: Api) -> Watched:
    app: Any = api.app
    return Watched(httpx.ASGITransport(app))


@pytest.fixture
async def client(api: Api, ada: Person) -> AsyncIterator[ApiClient]:
    async with ApiClient(URL, token=ada.secret, transport=_transport(api)) as client:
        yield client


async def test_a_task_lives_from_the_first_word_to_the_last(client: ApiClient, ada: Person) -> None:
    home = await client.categories.create("Home", emoji="🏠")
    deadline = TimedDeadline(NOW + 24 * HOUR, "Europe/Berlin")

    created = await client.tasks.create("Buy milk", category_id=home.id, deadline=deadline)
    task_id = created.task.id
    edited = await client.tasks.edit(task_id, version=1, priority=1, description="2 l")
    with pytest.raises(StaleTask):
        await client.tasks.edit(task_id, version=1, title="Bread")
    moved = await client.tasks.reschedule(task_id, DayDeadline(date(2100, 4, 1), "Asia/Tokyo"))
    await client.tasks.snooze(task_id, until=NOW + HOUR)
    card = await client.tasks.card(task_id)
    done = await client.tasks.complete(task_id)
    again = await client.tasks.reopen(task_id)
    await client.tasks.delete(task_id)

    assert created.task.owner_id == ada.user.id
    assert (edited.task.priority, edited.task.description) == (Priority.URGENT, "2 l")
    assert moved.task.deadline == DayDeadline(date(2100, 4, 1), "Asia/Tokyo")
    assert card.category == home
    assert card.snoozed_until == NOW + HOUR
    assert (done.task.status, again.task.status) == (TaskStatus.COMPLETED, TaskStatus.OPEN)
    with pytest.raises(TaskNotFound) as gone:
        await client.tasks.get(task_id)
    assert told(gone.value) == told(TaskNotFound(task_id))


async def test_all_tasks_come_page_by_page_as_they_are_asked_for(api: Api, ada: Person) -> None:
    transport = _transport(api)
    async with ApiClient(URL, token=ada.secret, transport=transport) as client:
        for number in range(203):
            await ada.creates(title=f"{number:03}")
        done = await ada.creates(title="done")
        await ada.client.post(f"/api/v1/tasks/{done['id']}/complete")

        titles = [view.task.title async for view in client.tasks.iterate(status=TaskStatus.OPEN)]
        pages = transport.requests.count("GET /tasks")
        async for view in client.tasks.iterate(text="010"):
            assert view.task.title == "010"

    assert sorted(titles) == [f"{number:03}" for number in range(203)]
    assert pages == 3


async def test_a_person_reads_and_changes_how_they_are_spoken_to(
    client: ApiClient, ada: Person
) -> None:
    before = await client.me.get()

    after = await client.me.edit(
        version=before.version,
        language=Language.RUSSIAN,
        timezone="Asia/Tokyo",
        lead_times=[2 * HOUR],
        day_start=time(7, 30),
    )

    assert before.id == ada.user.id
    assert (before.telegram_id, before.language) == (ADA, Language.ENGLISH)
    assert (after.language, after.timezone) == (Language.RUSSIAN, "Asia/Tokyo")
    assert after.preferences.lead_times == (2 * HOUR,)
    assert after.preferences.day_start == time(7, 30)
    assert after == await client.me.get()
    with pytest.raises(StaleUser):
        await client.me.edit(version=before.version, language=Language.ENGLISH)


async def test_categories_are_changed_and_deleted(client: ApiClient) -> None:
    home, work = await client.categories.create("Home"), await client.categories.create("Work")
    task = (await client.tasks.create("x", category_id=home.id)).task

    renamed = await client.categories.edit(home.id, version=home.version, name="House", emoji="🏠")
    with pytest.raises(StaleCategory):
        await client.categories.edit(home.id, version=home.version, name="Hut")
    with pytest.raises(StaleCategory):
        await client.categories.delete(home.id, version=home.version)
    unmarked = await client.categories.edit(home.id, emoji=None)
    await client.categories.delete(home.id, move_tasks_to=work.id)

    assert (renamed.name, renamed.emoji, unmarked.emoji) == ("House", "🏠", None)
    assert await client.categories.list() == [work]
    assert (await client.tasks.get(task.id)).task.category_id == work.id
    with pytest.raises(CategoryNotFound):
        await client.categories.get(home.id)


async def test_tokens_are_made_changed_and_revoked(api: Api, client: ApiClient) -> None:
    phone = await client.tokens.create(
        "phone", scopes=[Scope.TASKS_READ], expires_at=NOW + 24 * HOUR
    )
    rotated = await client.tokens.rotate(phone.details.id, overlap=timedelta(0))
    listed = await client.tokens.list()
    await client.tokens.revoke(phone.details.id)

    assert phone.details.scopes == frozenset({Scope.TASKS_READ})
    assert phone.details.expires_at == NOW + 24 * HOUR
    assert phone.secret.startswith(phone.details.prefix)
    assert phone.secret not in repr(phone)
    assert {one.name for one in listed} == {"test", "phone"}
    assert {one.scopes for one in listed if one.name == "test"} == {PERSONAL_SCOPES}
    async with ApiClient(URL, token=rotated.secret, transport=_transport(api)) as reader:
        await reader.tasks.page()
        with pytest.raises(InsufficientScope) as refusal:
            await reader.tasks.create("x")
        await reader.tokens.revoke_this()
        with pytest.raises(InvalidAccessToken):
            await reader.tasks.page()
    assert told(refusal.value) == told(InsufficientScope("tasks:write"))


async def test_what_the_api_cannot_do_is_refused_by_its_own_code(client: ApiClient) -> None:
    with pytest.raises(ApiRefused) as refusal:
        await client.tasks.page(limit=201)

    assert refusal.value.code == "parameters-invalid"
    assert [one.field for one in refusal.value.errors] == ["limit"]


def _in_a_plain_program(secret: str, transport: Watched) -> None:
    with SyncApiClient(URL, token=secret, transport=transport) as client:
        home = client.categories.create("Home")
        for number in range(3):
            client.tasks.create(str(number), category_id=home.id)
        first = next(iter(client.tasks.iterate()))
        client.tasks.complete(first.task.id)
        left = [view.task.title for view in client.tasks.iterate(status=TaskStatus.OPEN)]

        assert len(left) == 2
        assert client.me.get().telegram_id == ADA
        assert client.tasks.counts().by_category == {home.id: 2}
        client.tasks.delete(first.task.id)
        with pytest.raises(TaskNotFound):
            client.tasks.get(first.task.id)


async def test_a_program_that_is_not_asynchronous_does_the_same(api: Api, ada: Person) -> None:
    await to_thread.run_sync(functools.partial(_in_a_plain_program, ada.secret, _transport(api)))


@pytest.mark.parametrize(
    ("waiting", "asynchronous"),
    [
        (SyncTasks, TasksOfOne),
        (SyncCategories, CategoriesOfOne),
        (SyncMe, Me),
        (SyncTokens, TokensOfOne),
        (SyncStatistics, StatisticsOfOne),
    ],
)
def test_no_method_is_missing_there(waiting: type, asynchronous: type) -> None:
    methods = {name for name in vars(asynchronous) if not name.startswith("_")}

    assert methods == {name for name in vars(waiting) if not name.startswith("_")}


@define
class AnswersGetLost(httpx.AsyncBaseTransport):
    """The first answer to each request with a body never arrives; all is done nevertheless."""

    _inner: httpx.AsyncBaseTransport
    _seen: set[str] = Factory(set)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        key = request.headers.get("Idempotency-Key")
        if key is not None and key not in self._seen:
            self._seen.add(key)
            raise httpx.ReadTimeout("the answer is lost")
        return answer


async def test_what_was_done_though_its_answer_was_lost_is_done_once(api: Api, ada: Person) -> None:
    lossy = AnswersGetLost(_transport(api))
    async with ApiClient(URL, token=ada.secret, transport=lossy) as client:
        created = await client.tasks.create("Buy milk")
        done = await client.tasks.complete(created.task.id)
        listed = [view.task async for view in client.tasks.iterate()]

    assert [task.id for task in listed] == [created.task.id]
    assert listed[0].version == done.task.version == 2
