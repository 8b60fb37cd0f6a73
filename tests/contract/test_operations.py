"""What is kept for the operator: alerts to be told, and jobs to be done by whoever comes first."""

import asyncio
from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW
from taskbot.application.ports import Alert, AlertKind, AlertRecord

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def _raise(storage: Storage, subject: str, text: str = "", minute: int = 0) -> None:
    alert = Alert(AlertKind.DEAD_LETTER, subject, text)
    await storage.transactions.run(lambda uow: uow.alerts.add(alert, now=NOW + minute * MINUTE))


async def _untold(storage: Storage, minute: int = 99, limit: int = 9) -> list[AlertRecord]:
    quiet_since = NOW + minute * MINUTE
    return await storage.queries.untold_alerts(quiet_since=quiet_since, limit=limit)


async def _mark(storage: Storage, record: AlertRecord, minute: int) -> None:
    now = NOW + minute * MINUTE
    await storage.transactions.run(lambda uow: uow.alerts.mark_told(record, now=now))


async def test_alerts_of_the_same_words_are_one_and_counted(storage: Storage) -> None:
    await _raise(storage, "no route", "reminder 1")
    await _raise(storage, "refused", "reminder 2", minute=1)
    await _raise(storage, "no route", "reminder 3", minute=2)

    untold = await _untold(storage)

    assert untold == [
        AlertRecord(Alert(AlertKind.DEAD_LETTER, "refused", "reminder 2"), 1, NOW + MINUTE),
        AlertRecord(Alert(AlertKind.DEAD_LETTER, "no route", "reminder 3"), 2, NOW + 2 * MINUTE),
    ]
    assert await _untold(storage, limit=1) == untold[:1]


async def test_what_was_told_is_told_no_more_until_it_comes_again_and_it_was_quiet(
    storage: Storage,
) -> None:
    await _raise(storage, "no route")
    (record,) = await _untold(storage)

    await _mark(storage, record, minute=5)

    assert await _untold(storage) == []
    await _raise(storage, "no route", minute=6)
    assert await _untold(storage, minute=4) == []
    (again,) = await _untold(storage, minute=5)
    assert (again.untold, again.told_at) == (1, NOW + 5 * MINUTE)


async def test_what_is_raised_while_others_are_told_stays_untold(storage: Storage) -> None:
    await _raise(storage, "no route")
    (record,) = await _untold(storage)
    await _raise(storage, "no route")

    await _mark(storage, record, minute=1)

    (left,) = await _untold(storage)
    assert left.untold == 1


async def test_old_alerts_are_forgotten_once_they_are_told(storage: Storage) -> None:
    await _raise(storage, "told")
    (record,) = await _untold(storage)
    await _mark(storage, record, minute=1)
    await _raise(storage, "untold")

    await storage.transactions.run(lambda uow: uow.alerts.forget_before(NOW))
    await _raise(storage, "told", minute=1)
    assert [one.told_at for one in await _untold(storage)] == [None, NOW + MINUTE]
    (told,) = [one for one in await _untold(storage) if one.told_at]
    await _mark(storage, told, minute=2)

    await storage.transactions.run(lambda uow: uow.alerts.forget_before(NOW + 2 * MINUTE))

    await _raise(storage, "told", minute=3)
    assert [one.told_at for one in await _untold(storage)] == [None, None]


async def test_a_job_is_done_by_one_and_again_when_its_time_comes(
    storage: Storage, rival: Storage
) -> None:
    async def take(process: Storage, minute: int) -> bool:
        now = NOW + minute * MINUTE
        return await process.transactions.run(
            lambda uow: uow.jobs.take("purge", now=now, next_at=now + 10 * MINUTE)
        )

    first = await asyncio.gather(*(take(process, 0) for process in (storage, rival) * 3))
    early = await take(rival, 9)
    second = await asyncio.gather(*(take(process, 10) for process in (storage, rival) * 3))

    assert (sum(first), early, sum(second)) == (1, False, 1)


async def test_jobs_do_not_stand_in_for_each_other(storage: Storage) -> None:
    for name in ("purge", "measure"):
        assert await storage.transactions.run(
            lambda uow, name=name: uow.jobs.take(name, now=NOW, next_at=NOW + MINUTE)  # type: ignore[misc]
        )
