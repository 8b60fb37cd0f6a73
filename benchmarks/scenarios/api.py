"""How many requests one process of the API answers, beside the least and beside what is usual.

The least are bare handlers with the same SQL, under the same web server; the usual is the same API
in Django REST Framework. All run as processes of their own; this process asks them, in turns.
"""

from typing import Final

from benchmarks import rest
from benchmarks.environment import variables
from benchmarks.figures import Comparison, Figure, figure
from benchmarks.place import FOLDER, Place
from benchmarks.processes import Running, benchmarks_own, running, taskbot, with_other_libraries
from benchmarks.results import Section
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_least, at_most
from taskbot.adapters.persistence import create_database

_ABOUT: Final = """\
One process of `taskbot api`, with Redis for its limits on who asks, beside one process with bare
Litestar handlers that run the same SQL in the same transactions through psycopg, and beside one
with the same four operations in Django REST Framework. 10,000 tasks of 100 people, eight
connections, thirty people with 80 to 120 tasks each. CPU is that of the process that answers,
without PostgreSQL's."""

_OF_DJANGO: Final = """\
Django REST Framework ({made_of}) is tuned, as `benchmarks/floors/django_rest` says: two queries for
a read, connections that stay, no middleware but one, serializers that write their representation
themselves, a counter in Redis for its limit. It does less than taskbot's API: no idempotency, no
conditions, problems of its own. Four threads serve it; its CPU is that of all its processes."""
_OF_THE_FLOOR: Final = """\
The floor is arguable: bare handlers check nothing beyond the types of a body, and know no scopes,
entity tags, limits, idempotency or problem details. No API of this kind reaches it."""

_TIMES_LESS: Final = {"get one": 8, "list 20": 10, "create": 8, "patch": 8}
"""How many times as much CPU Django REST Framework should need."""


async def measure(place: Place, scale: Scale) -> Section:
    url = place.small()
    settings = variables(database_url=url, redis_url=place.emptied_redis())
    database = create_database(url)
    try:
        people = await rest.people_of(database)
        async with (
            running(*taskbot("api"), folder=FOLDER / "api", environment=settings) as api,
            running(*benchmarks_own("floors.api", url), folder=FOLDER / "api") as bare,
            running(
                *with_other_libraries("floors.django_rest"),
                folder=FOLDER / "api",
                environment=settings,
            ) as django,
        ):
            sides = [await _asked(process, people) for process in (api, bare, django)]
            made_of = (await django.line(r"http://[\d.:]+ (.+)")).group(1)
            compared = await rest.compare(sides, scale)
            memory = figure("memory of `api` after the load", [api.memory().pss], "MiB")
    finally:
        await rest.tidy_up(database)
        await database.dispose()
    return Section(
        title="The REST API",
        sides=("taskbot api", "bare handler, same SQL", "Django REST Framework"),
        about=_ABOUT,
        comparisons=compared,
        figures=[memory],
        verdicts=_verdicts(compared, memory),
        notes=[_OF_DJANGO.format(made_of=made_of), _OF_THE_FLOOR],
    )


async def _asked(process: Running, people: list[rest.Somebody]) -> rest.Asked:
    address = (await process.line(r"(http://[\d.:]+)")).group(1)
    return rest.Asked(rest.Server(address, process), people)


def _verdicts(compared: list[Comparison], memory: Figure) -> list[Verdict]:
    found: list[Verdict] = []
    for one in compared:
        what = f"REST, {one.name}: requests/s beside a bare handler"
        found += at_least(what, _per_cent(one.rate_share), 60, "%")
    for one in compared:
        what = f"REST, {one.name}: CPU of Django REST Framework, times ours"
        found += at_least(what, one.usual_cpu, _TIMES_LESS[one.name], "times")
    return [*found, *at_most("memory of `api` after the load", memory.value, 120, "MiB")]


def _per_cent(share: float | None) -> float | None:
    return None if share is None else share * 100
