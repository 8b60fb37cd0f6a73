"""The figures of a run as a page, and what is not as it should be."""

from collections.abc import Iterator
from typing import Any, Final

_STEEPEST: Final = 1.0
"""MiB a minute by which a process may grow; it must be told from that by its standard error."""

_HEAD: Final = """\
# Under load

This page is written by `make load` ([benchmarks/load](../../benchmarks/load/README.md)); all
figures of the run are in [load.json](load.json). Seconds are counted from the moment at which a
request, a message or a reminder was to come, whether or not anybody was ready for it (open loop).
"""


def verdict(figures: dict[str, Any]) -> list[str]:
    """What is not as it should be, each in a line; nothing if all is well."""
    steady, checks = figures["steady"], figures["checks"]
    accepted, bot, reminders = checks["accepted"], checks["bot"], checks["reminders"]
    refused = steady["api"]["shed"] + steady["api"]["limited"]
    faults = {
        "requests failed": sum(figures[name]["api"]["failed"] for name in _PHASES),
        "requests were refused at a steady load": refused,
        "tasks are not as they were answered": accepted["wrong"],
        "refused tasks are there": accepted["refused_and_there"],
        "messages to the bot were not answered": bot["unanswered"],
        "messages to the bot made no task": bot["lost"],
        "messages to the bot made two tasks": bot["doubled"],
        "reminders were lost": reminders["lost"],
        "reminders came twice": reminders["doubled"],
        "reminders came that nobody had asked for": reminders["from_nowhere"],
        "reminders are not recorded as sent": reminders["not_recorded_as_sent"],
        "errors are in the logs": sum(checks["logs"]["error|critical"].values()),
    }
    found = [f"{number} {what}" for what, number in faults.items() if number]
    found += [
        f"{process} grew by {grown['mib_per_minute']:.2f} MiB a minute"
        for process, grown in figures["memory"].items()
        if grown["mib_per_minute"] >= _STEEPEST
    ]
    if figures["recovery"]["seconds"] is None:
        found.append("the API did not recover from the overload")
    return found


_PHASES: Final = ("steady", "overload", "after")


def written(figures: dict[str, Any]) -> str:
    return "\n".join(
        [
            _HEAD,
            *_summary(figures),
            *_latencies(figures),
            *_memory(figures),
            *_punctuality(figures),
            *_overload(figures),
            *_windows(figures),
        ]
    )


def _summary(figures: dict[str, Any]) -> Iterator[str]:
    machine, steady = figures["machine"], figures["steady"]
    faults = verdict(figures)
    yield (
        f"**{machine['at']}**, commit {machine['commit']}: {machine['processors']} × "
        f"{machine['processor']}, {machine['memory_gib']} GiB, {machine['system']}, Python "
        f"{machine['python']}, PostgreSQL {machine['postgresql']}; the load, its stub of Telegram, "
        f"PostgreSQL and Redis share the processors with taskbot. Load of the machine before the "
        f"run: {machine['load_before']}.\n"
    )
    yield (
        f"One `api`, `bot`, `scheduler` and `worker` each. The API answered "
        f"{figures['capacity_per_second']:.0f} requests a second when asked for as much as it "
        f"could do beside the rest; {figures['share']:.0%} of that was offered for "
        f"{_minutes(steady):.1f} minutes, with {steady['bot']['offered_per_second']} updates to "
        f"the bot and {_per_second(steady):.1f} reminders due in a second.\n"
    )
    checks = figures["checks"]
    accepted, bot, reminders = checks["accepted"], checks["bot"], checks["reminders"]
    yield (
        "All is well:\n" if not faults else "**Not as it should be**: " + "; ".join(faults) + ".\n"
    )
    yield (
        f"- of {accepted['tasks_told_of']} tasks that the API had accepted, {accepted['wrong']} "
        f"were not in the database as they were answered last ({accepted['deleted']} were "
        f"deleted); of {accepted['refused']} refused ones, {accepted['refused_and_there']} were "
        f"there;"
    )
    yield (
        f"- of {reminders['planned']} reminders, {reminders['lost']} were lost and "
        f"{reminders['doubled']} came twice;"
    )
    yield (
        f"- of {bot['texts']} tasks that were written to the bot, {bot['lost']} were lost and "
        f"{bot['doubled']} made twice; {bot['unanswered']} updates were not answered.\n"
    )
    warnings = ", ".join(f"{name} {n}" for name, n in checks["logs"]["warning"].items() if n)
    if warnings:
        yield f"Warnings in the logs: {warnings} (of refusing what is too much, mostly).\n"


def _minutes(phase: dict[str, Any]) -> float:
    minutes: float = (phase["to"] - phase["from"]) / 60
    return minutes


def _per_second(phase: dict[str, Any]) -> float:
    number: float = phase["reminders"]["planned"] / (phase["to"] - phase["from"])
    return number


def _latencies(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Answers at a steady load\n"
    yield "| what | number | errors | refused | p50 ms | p99 ms | slowest ms |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind, found in figures["steady"]["kinds"].items():
        yield (
            f"| {kind} | {found['number']} | {found['errors']} | {found['refused']} "
            f"| {_ms(found['p50'])} | {_ms(found['p99'])} | {_ms(found['max'])} |"
        )
    yield "\n`text`, `/tasks` and `press` are the bot's: until its answer arrives at Telegram.\n"


def _memory(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Memory\n"
    yield "Resident, by a line through all samples of the steady minutes (least squares).\n"
    yield (
        "| process | first MiB | last MiB | MiB a minute | ± standard error | processors used "
        "| waited for |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for process, grown in figures["memory"].items():
        yield (
            f"| {process} | {grown['first']:.1f} | {grown['last']:.1f} "
            f"| {grown['mib_per_minute']:.3f} | {grown['standard_error']:.3f} "
            f"| {figures['steady']['processors'][process]:.2f} "
            f"| {figures['steady']['waited'][process]:.2f} |"
        )
    steady = figures["steady"]
    yield (
        f"\nWaited for: seconds in each second for which the process could have run, and something "
        f"else on the machine did. Busy were {steady['processors_busy']} of "
        f"{figures['machine']['processors']} processors, with whatever else ran on the machine; on "
        f"average {steady['load_average']} wanted one.\n"
    )


def _punctuality(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Punctuality of reminders\n"
    yield "Seconds from the promised moment until the message is at Telegram.\n"
    yield "| phase | planned | arrived | p50 | p99 | latest |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name in _PHASES:
        found = figures[name]["reminders"]
        yield (
            f"| {name} | {found['planned']} | {found['number']} "
            f"| {_s(found['p50'])} | {_s(found['p99'])} | {_s(found['max'])} |"
        )
    yield ""


def _overload(figures: dict[str, Any]) -> Iterator[str]:
    factor, recovery = figures["factor"], figures["recovery"]
    yield "## Overload\n"
    yield f"{factor:.0f} times as much, of the API and of the bot, for {_length(figures):.0f} s.\n"
    yield (
        "| | offered/s | accepted | shed (503) | limited (429) | failed | p50 ms | p99 ms "
        "| slowest ms |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name in _PHASES:
        for who in ("api", "bot"):
            found = figures[name][who]
            seconds = found["seconds"]
            yield (
                f"| {name}: {who} | {found['offered_per_second']} | {found['done']} "
                f"| {found['shed']} | {found['limited']} | {found['failed']} "
                f"| {_ms(seconds['p50'])} | {_ms(seconds['p99'])} | {_ms(seconds['max'])} |"
            )
    seconds = recovery["seconds"]
    yield (
        f"\nThe API's p99 before was {_ms(recovery['p99_before'])} ms, a median of half minutes. "
        + (
            f"It was back at no more than {_ms(recovery['as_before_is_up_to'])} ms, with nothing "
            f"refused, {seconds:.0f} s after the overload's end.\n"
            if seconds is not None
            else "It was not back within the time.\n"
        )
    )


def _length(figures: dict[str, Any]) -> float:
    length: float = figures["overload"]["to"] - figures["overload"]["from"]
    return length


def _windows(figures: dict[str, Any]) -> Iterator[str]:
    yield "## Half minute by half minute\n"
    yield "![p99 and memory over time](load.svg)\n"
    names = list(figures["memory"])
    yield (
        "| from s | phase | load | API/s | errors | refused | API p50 ms | p99 ms | bot p99 ms "
        f"| reminders p99 s | {' | '.join(f'{name} MiB' for name in names)} |"
    )
    yield "| ---: | --- |" + " ---: |" * (8 + len(names))
    for window in figures["windows"]:
        api, bot = window["api"], window["bot"]
        resident = " | ".join(f"{window['resident_mib'].get(name, 0):.1f}" for name in names)
        yield (
            f"| {window['from']:.0f} | {window['phase']} "
            f"| {window['load_average']} | {api['offered_per_second']} "
            f"| {api['failed']} | {api['shed'] + api['limited']} | {_ms(api['seconds']['p50'])} "
            f"| {_ms(api['seconds']['p99'])} | {_ms(bot['seconds']['p99'])} "
            f"| {_s(window['reminders']['p99'])} | {resident} |"
        )


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.0f}"


def _s(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f}"
