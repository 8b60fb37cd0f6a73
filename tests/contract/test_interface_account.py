"""What a person's account is promised to whoever talks to people, here and over the API."""

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.backend import KINDS, Backend, a_backend, told
from support.builders import NOW
from support.core import a_core
from taskbot.application.export import PAGE
from taskbot.application.sign_in import SIGN_IN
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.access_token import PERSONAL_SCOPES, AccessToken, Scope
from taskbot.domain.deadline import DayDeadline
from taskbot.domain.errors import (
    AccessTokenNotFound,
    AccountBeingDeleted,
    ExpiryInPast,
    InvalidAccessToken,
    NoScope,
    NotLeaving,
    UnknownTimezone,
)
from taskbot.domain.ids import AccessTokenId
from taskbot.domain.user import GRACE, User

pytestmark = pytest.mark.anyio

ANNA = MeetUser(telegram_id=7, name="Анна", language_tag="ru-RU")
BORIS = MeetUser(telegram_id=8, name="Борис", language_tag="ru-RU")
DAY = timedelta(days=1)
READING = frozenset({Scope.TASKS_READ})


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    async with a_backend(request.param, a_core()) as backend:
        yield backend


@pytest.fixture
async def anna(backend: Backend) -> User:
    return (await backend.people.meet(ANNA)).user


@pytest.fixture
async def boris(backend: Backend) -> User:
    return (await backend.people.meet(BORIS)).user


async def _made_by_hand(backend: Backend, user: User) -> list[AccessToken]:
    """Those of signing in, by which the bot itself asks over HTTP, left out."""
    every = await backend.access_tokens.list(actor=user.id)
    return [token for token in every if token.name != SIGN_IN]


async def test_statistics_count_what_is_to_be_done_and_what_got_done(
    backend: Backend, anna: User, boris: User
) -> None:
    home = await backend.categories.create("Дом", actor=anna.id)
    due = DayDeadline(date(2100, 3, 16), "Europe/Moscow")
    for category, deadline in ((home.id, due), (home.id, None), (None, None)):
        command = CreateTask(actor=anna.id, title="Rest", category_id=category, deadline=deadline)
        view = await backend.tasks.create(command)
        if deadline is not None:
            await backend.tasks.complete(view.task.id, actor=anna.id)
    await backend.tasks.create(CreateTask(actor=boris.id, title="His own"))

    found = await backend.progress.statistics(actor=anna.id, timezone="Asia/Tokyo", days=2, weeks=3)

    assert (found.open, found.completed, found.overdue) == (2, 1, 0)
    assert (found.had_deadline, found.on_time, found.on_time_share) == (1, 1, 1.0)
    assert (found.timezone, found.today) == ("Asia/Tokyo", date(2100, 3, 15))
    assert [one.completed for one in found.per_week] == [0, 0, 1]
    assert [one.completed for one in found.per_day] == [0, 1]
    assert found.streak.days == 1
    counts = [(one.category and one.category.name, one.open) for one in found.by_category]
    assert counts == [("Дом", 1), (None, 1)]
    assert found.by_category[0].category is not None
    assert found.by_category[0].category.id == home.id
    of_core = await backend.core.statistics.statistics(
        actor=anna.id, timezone="Asia/Tokyo", days=2, weeks=3
    )
    assert evolve(found, by_category=()) == evolve(of_core, by_category=())


async def test_nobody_lives_by_clocks_that_there_are_not(backend: Backend, anna: User) -> None:
    with pytest.raises(UnknownTimezone):
        await backend.progress.statistics(actor=anna.id, timezone="Mars/Olympus")


async def test_a_token_is_good_for_what_it_was_made_for(
    backend: Backend, anna: User, boris: User
) -> None:
    made = await backend.access_tokens.create(
        "  ноутбук ", scopes=READING, expires_at=NOW + DAY, actor=anna.id
    )

    assert (made.token.name, made.token.owner_id) == ("ноутбук", anna.id)
    assert (made.token.scopes, made.token.expires_at) == (READING, NOW + DAY)
    assert made.secret not in repr(made)
    bearer = await backend.core.access_tokens.authenticate(made.secret)
    assert (bearer.user.id, bearer.token.scopes) == (anna.id, READING)
    assert await _made_by_hand(backend, boris) == []


async def test_tokens_are_listed_the_newest_first_and_with_their_use(
    backend: Backend, anna: User
) -> None:
    made = []
    for name in ("x" * 120, "для всего"):
        backend.core.clock.advance(timedelta(seconds=1))
        made.append(await backend.access_tokens.create(name, scopes=PERSONAL_SCOPES, actor=anna.id))
    await backend.core.access_tokens.authenticate(made[0].secret)

    newest, oldest = await _made_by_hand(backend, anna)

    assert newest.id == made[1].token.id
    assert (newest.last_used_at, newest.expires_at) == (None, None)
    assert newest.scopes == PERSONAL_SCOPES
    assert oldest.name == "x" * 100
    assert oldest.last_used_at == backend.core.clock.now()
    assert oldest.prefix == made[0].secret[:8]


async def test_a_revoked_token_is_good_for_nothing(backend: Backend, anna: User) -> None:
    made = await backend.access_tokens.create("x", scopes=PERSONAL_SCOPES, actor=anna.id)

    await backend.access_tokens.revoke(made.token.id, actor=anna.id)

    with pytest.raises(InvalidAccessToken):
        await backend.core.access_tokens.authenticate(made.secret)
    assert await _made_by_hand(backend, anna) == []


async def test_what_is_no_token_of_ones_own_cannot_be_revoked(
    backend: Backend, anna: User, boris: User
) -> None:
    his = await backend.access_tokens.create("x", scopes=PERSONAL_SCOPES, actor=boris.id)

    for token_id in (his.token.id, AccessTokenId(ULID())):
        with pytest.raises(AccessTokenNotFound) as refusal:
            await backend.access_tokens.revoke(token_id, actor=anna.id)
        assert told(refusal.value) == told(AccessTokenNotFound(token_id))
    assert await _made_by_hand(backend, boris)


async def test_what_no_token_can_be_is_refused(backend: Backend, anna: User) -> None:
    with pytest.raises(NoScope):
        await backend.access_tokens.create("x", scopes=[], actor=anna.id)
    with pytest.raises(ExpiryInPast):
        await backend.access_tokens.create(
            "x", scopes=PERSONAL_SCOPES, expires_at=NOW, actor=anna.id
        )
    assert await _made_by_hand(backend, anna) == []


async def test_who_leaves_may_stay_after_all(backend: Backend, anna: User) -> None:
    leaving = await backend.accounts.leave(actor=anna.id)
    backend.core.clock.advance(DAY)
    again = await backend.accounts.leave(actor=anna.id)
    staying = await backend.accounts.stay(actor=anna.id)

    assert leaving.deletion_at == again.deletion_at == NOW + GRACE
    assert staying.deletion_at is None
    assert await backend.core.queries.user(anna.id) == staying
    with pytest.raises(NotLeaving):
        await backend.accounts.stay(actor=anna.id)


async def test_after_the_grace_period_nothing_is_taken_back(backend: Backend, anna: User) -> None:
    await backend.accounts.leave(actor=anna.id)
    backend.core.clock.advance(GRACE)

    with pytest.raises(AccountBeingDeleted):
        await backend.accounts.stay(actor=anna.id)


@pytest.mark.parametrize("count", [0, PAGE + 1])
async def test_an_export_has_everything_of_ones_own(
    backend: Backend, anna: User, boris: User, count: int
) -> None:
    for number in range(count):
        await backend.tasks.create(CreateTask(actor=anna.id, title=f"Дело {number}"))
    await backend.tasks.create(CreateTask(actor=boris.id, title="His own"))

    pieces = [piece async for piece in await backend.exports.document(actor=anna.id)]

    document = json.loads(b"".join(pieces))
    assert document["profile"]["name"] == "Анна"
    assert [one["title"] for one in document["tasks"]] == [f"Дело {n}" for n in range(count)]


async def test_an_export_may_be_given_up(backend: Backend, anna: User) -> None:
    document = await backend.exports.document(actor=anna.id)

    async with contextlib.aclosing(document):
        assert (await anext(document)).startswith(b'{"format":"taskbot-export"')
    with pytest.raises(StopAsyncIteration):
        await anext(document)
