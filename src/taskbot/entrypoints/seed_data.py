"""`taskbot seed-data`: made-up people, to see how taskbot behaves when it is full."""

from datetime import UTC, datetime, time
from typing import Final

from taskbot.adapters.persistence import migrate
from taskbot.adapters.persistence.seed import Seed, load_seed
from taskbot.entrypoints.database import prepare_database
from taskbot.entrypoints.progress import progress_bar
from taskbot.entrypoints.settings import Settings

_TASKS_OF_EACH: Final = 100


def seed_data(
    settings: Settings,
    *,
    tasks: int,
    people: int | None,
    number: int,
    at: datetime | None,
    beside_others: bool,
) -> None:
    """Add the made-up people to the database; *at* is meant in UTC. See the command."""
    midnight = datetime.combine(datetime.now(UTC).date(), time(), tzinfo=UTC)
    seed = Seed(
        tasks=tasks,
        people=people or max(1, tasks // _TASKS_OF_EACH),
        at=midnight if at is None else at.replace(tzinfo=UTC),
        number=number,
    )
    prepare_database(settings, migrate)
    with progress_bar("tasks", total=tasks) as advance:
        load_seed(settings.database, seed, beside_others=beside_others, on_progress=advance)
