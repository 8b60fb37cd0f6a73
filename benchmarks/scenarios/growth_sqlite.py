"""As `growth`, on SQLite files, which are kept: loading the large one takes minutes."""

from benchmarks.place import FOLDER, LARGE, SMALL, Place, fill
from benchmarks.results import Section
from benchmarks.scale import Scale
from benchmarks.scenarios.growth import compare


async def measure(place: Place, scale: Scale) -> Section:
    return await compare(_filled("small", SMALL), _filled("large", LARGE), scale, on="SQLite")


def _filled(name: str, tasks: int) -> str:
    FOLDER.mkdir(exist_ok=True)
    url = f"sqlite:///{FOLDER / f'{name}.sqlite3'}"
    if not fill(url, tasks):
        raise RuntimeError(f"{url} has something else in it than {tasks} seeded tasks")
    return url
