"""The canary that the doctor sends: the one thing that it writes."""

from taskbot.application.canary import CanaryService
from taskbot.application.canary_examination import CanaryExamination
from taskbot.application.doctor import Seen
from taskbot.application.ports import Clock
from taskbot.entrypoints.settings import Settings


async def look_at_canary(settings: Settings, chat_id: int, clock: Clock) -> Seen:
    """See `CanaryExamination`. The schema must be there."""
    from taskbot.adapters.persistence import (  # noqa: PLC0415 - loaded where it is set up
        SqlQueries,
        SqlTransactions,
        create_database,
    )
    from taskbot.entrypoints.library import Library  # noqa: PLC0415 - as above

    database = create_database(settings.database)
    try:
        core = Library.over(
            SqlTransactions(database), SqlQueries(database), clock=clock, timezone="UTC"
        )
        canary = CanaryService(core.users, core.tasks, core.queries, clock, chat_id)
        return await CanaryExamination(canary, clock).look()
    finally:
        await database.dispose()
