"""Whether all that was accepted is in the database, and every reminder came once, in the end."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from benchmarks.load.outcomes import Arrival
from benchmarks.load.programs import Memory
from benchmarks.load.reminders import Promises
from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.engine import Database, read
from taskbot.domain.reminder import ReminderState

_SHOWN = 20


async def kept_as_answered(database: Database, memory: Memory) -> dict[str, Any]:
    """Compare every task that a program was told of with its row."""
    found = {
        str(row["id"]): row
        for row in await read(
            database,
            select(*(tables.tasks.c[n] for n in ("id", "title", "priority", "status", "version"))),
        )
    }
    wrong = []
    for task_id, told in memory.kept.items():
        if task_id in memory.unsure:
            continue
        row = found.get(task_id)
        if task_id in memory.deleted:
            if row is not None:
                wrong.append(f"{task_id} was deleted, and is there")
        elif row is None:
            wrong.append(f"{task_id} was accepted, and is gone")
        else:
            there = (row["title"], row["priority"], row["status"], row["version"])
            if there != (told.title, told.priority, told.status, told.version):
                wrong.append(f"{task_id} was answered as {told}, and is {there}")
    titles = {row["title"] for row in found.values()}
    return {
        "tasks_told_of": len(memory.kept),
        "deleted": len(memory.deleted),
        "without_answer": len(memory.unsure),
        "wrong": len(wrong),
        "refused": len(memory.refused),
        "refused_and_there": len(memory.refused & titles),
        "examples": wrong[:_SHOWN],
    }


async def texts_kept(database: Database, texts: int) -> dict[str, Any]:
    """Each of the *texts* that people wrote to the bot has to be one task."""
    rows = await read(
        database,
        select(tables.tasks.c.title).where(tables.tasks.c.title.regexp_match(r"bot\d+")),
    )
    marks = [word for row in rows for word in row["title"].split() if word.startswith("bot")]
    wanted = {f"bot{number}" for number in range(1, texts + 1)}
    return {
        "texts": texts,
        "lost": len(wanted - set(marks)),
        "doubled": len(marks) - len(set(marks)),
    }


async def reminders_sent(
    database: Database, promises: Promises, arrivals: Sequence[Arrival]
) -> dict[str, Any]:
    """Every reminder exactly once: at its chat, and by what the database says of it."""
    found = promises.compared(arrivals)
    rows = await read(database, select(tables.reminders.c.state, tables.tasks.c.title).join(
        tables.tasks, tables.tasks.c.id == tables.reminders.c.task_id
    ).where(tables.tasks.c.title.regexp_match(r"due\d+")))  # fmt: skip
    not_sent = [row["title"] for row in rows if row["state"] != ReminderState.SENT]
    asked_without_answer = set(found.unasked) & promises.unsure
    return {
        "planned": found.planned,
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "from_nowhere": len(set(found.unasked) - asked_without_answer),
        "not_recorded_as_sent": len(not_sent),
        "examples": [*map(str, [*found.lost, *found.doubled]), *not_sent][:_SHOWN],
    }
