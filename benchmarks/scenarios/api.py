"""How many requests one process of the API answers, beside bare handlers with the same SQL.

Both run as processes of their own, under the same web server; this process asks them, in turns.
"""

from typing import Final

from attrs import frozen

from benchmarks import rest
from benchmarks.environment import variables
from benchmarks.figures import Comparison, Figure, figure
from benchmarks.place import FOLDER, Place
from benchmarks.processes import benchmarks_own, running, taskbot
from benchmarks.results import Section
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_least, at_most
from taskbot.adapters.persistence import create_database

_ABOUT: Final = """\
One process of `taskbot api`, with Redis for its limits on who asks, beside one process with bare
Litestar handlers that run the same SQL in the same transactions through psycopg. 10,000 tasks of
100 people, eight connections, thirty people with 80 to 120 tasks each. CPU is that of the process
that answers, without PostgreSQL's."""

_OF_DJANGO: Final = """\
The figures for Django REST Framework (3.9 ms of CPU for a GET, 6.0 for a list) were measured once,
on another day; they are compared by CPU time, which the machine decides on, too."""
_OF_THE_FLOOR: Final = """\
The floor is arguable: bare handlers check nothing beyond the types of a body, and know no scopes,
entity tags, limits, idempotency or problem details. No API of this kind reaches it."""


@frozen
class _Others:
    """A tuned Django REST Framework build of the same API; how many times less it should be."""

    cpu_ms: float
    times: float


_DJANGO: Final = {"get one": _Others(3.9, 8), "list 20": _Others(6.0, 10)}


async def measure(place: Place, scale: Scale) -> Section:
    url = place.small()
    settings = variables(database_url=url, redis_url=place.emptied_redis())
    database = create_database(url)
    try:
        people = await rest.people_of(database)
        async with (
            running(*taskbot("api"), folder=FOLDER / "api", environment=settings) as api,
            running(*benchmarks_own("floors.api", url), folder=FOLDER / "api") as bare,
        ):
            ours = rest.Server((await api.line(r"(http://[\d.:]+)")).group(1), api)
            floor = rest.Server((await bare.line(r"(http://[\d.:]+)")).group(1), bare)
            compared = await rest.compare(
                rest.Asked(ours, people), rest.Asked(floor, people), scale
            )
            memory = figure("memory of `api` after the load", [api.memory().pss], "MiB")
    finally:
        await rest.tidy_up(database)
        await database.dispose()
    return Section(
        title="The REST API",
        sides=("taskbot api", "bare handler, same SQL"),
        about=_ABOUT,
        comparisons=compared,
        figures=[memory],
        verdicts=_verdicts(compared, memory),
        notes=[
            _OF_DJANGO,
            _OF_THE_FLOOR,
        ],
    )


def _verdicts(compared: list[Comparison], memory: Figure) -> list[Verdict]:
    found: list[Verdict] = []
    for one in compared:
        what = f"REST, {one.name}: requests/s beside a bare handler"
        found += at_least(what, _per_cent(one.rate_share), 60, "%")
    for one in compared:
        if (django := _DJANGO.get(one.name)) is not None:
            limit = round(django.cpu_ms / django.times, 3)
            what = (
                f"REST, {one.name}: CPU, {django.times:.0f} times less than Django REST Framework"
            )
            found += at_most(what, one.ours.cpu_ms, limit, "ms")
    return [*found, *at_most("memory of `api` after the load", memory.value, 120, "MiB")]


def _per_cent(share: float | None) -> float | None:
    return None if share is None else share * 100
