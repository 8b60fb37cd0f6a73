"""What the doctor says: in the chat, and in English on the command line."""

from collections.abc import Mapping
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, escaped
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.doctor import (
    Area,
    Diagnosis,
    Problem,
    ProblemKind,
    Reason,
    Report,
    Skipped,
    Verdict,
)

AREAS: Final[Mapping[Area, str]] = {
    Area.CONFIGURATION: mark("configuration"),
    Area.FILES: mark("files"),
    Area.DATABASE: mark("database"),
    Area.SCHEMA: mark("schema"),
    Area.REDIS: mark("Redis"),
    Area.API: mark("API"),
    Area.CLOCK: mark("clock"),
    Area.TELEGRAM: mark("Telegram"),
    Area.WEBHOOK: mark("webhook"),
    Area.ALERTS: mark("alerts"),
    Area.MAIL: mark("mail"),
    Area.REMINDERS: mark("reminders"),
    Area.CANARY: mark("canary"),
}

PROBLEMS: Final[Mapping[ProblemKind, str]] = {
    ProblemKind.BAD_SETTING: mark("{name}: {reason}"),
    ProblemKind.UNKNOWN_SETTING: mark("{name} is set, but there is no such setting."),
    ProblemKind.READABLE_BY_OTHERS: mark("Everybody on this machine can read {path}."),
    ProblemKind.NOT_WRITABLE: mark("{path} cannot be written."),
    ProblemKind.DATABASE_AWAY: mark("The database {name} cannot be used: {reason}"),
    ProblemKind.NO_DATABASE: mark("There is no database yet: {path} does not exist."),
    ProblemKind.NO_SCHEMA: mark("The database has no tables of taskbot yet."),
    ProblemKind.SCHEMA_BEHIND: mark(
        "The schema of the database is at {found}, and this release needs {needed}."
    ),
    ProblemKind.SCHEMA_AHEAD: mark(
        "The schema of the database is at {found}, newer than this release knows ({needed})."
    ),
    ProblemKind.REDIS_AWAY: mark("Redis at {name} does not answer ({error})."),
    ProblemKind.REDIS_LOGIN_REFUSED: mark("Redis at {name} does not accept the password."),
    ProblemKind.REDIS_EVICTS: mark("Redis throws keys away when it is full ({policy})."),
    ProblemKind.API_AWAY: mark("The API at {name} does not answer ({error})."),
    ProblemKind.API_UNWELL: mark("The API at {name} is not ready: it answers {status}."),
    ProblemKind.CLOCK_AHEAD: mark("The clock here is {seconds} s ahead of that of: {other}."),
    ProblemKind.CLOCK_BEHIND: mark("The clock here is {seconds} s behind that of: {other}."),
    ProblemKind.TELEGRAM_AWAY: mark("{name} does not answer ({error})."),
    ProblemKind.TELEGRAM_REFUSES: mark("Telegram answers {status} {reason}"),
    ProblemKind.TOKEN_REJECTED: mark("Telegram does not accept the bot's token ({status})."),
    ProblemKind.WEBHOOK_LEFT: mark(
        "Telegram calls {found}, so a bot that asks for news gets none (409)."
    ),
    ProblemKind.WEBHOOK_MISSING: mark("Telegram has not been told to call {wanted}."),
    ProblemKind.WEBHOOK_ELSEWHERE: mark("Telegram calls {found} instead of {wanted}."),
    ProblemKind.WEBHOOK_OUTDATED: mark(
        "Telegram was told of {wanted}, but with another secret or for other updates."
    ),
    ProblemKind.WEBHOOK_FAILING: mark("Telegram had trouble calling lately: {reason}"),
    ProblemKind.UPDATES_WAIT: mark("Updates that wait at Telegram: {number}."),
    ProblemKind.NO_ALERTS: mark("Nobody is told when something goes wrong."),
    ProblemKind.ALERT_CHAT_UNKNOWN: mark("The bot may not write to chat {chat}: {reason}"),
    ProblemKind.MAIL_AWAY: mark("The mail server {name} cannot be used ({reason})."),
    ProblemKind.MAIL_LOGIN_REFUSED: mark("The mail server {name} refuses the login ({reason})."),
    ProblemKind.MAIL_REFUSES: mark("The mail server {name} says: {reason}"),
    ProblemKind.STALLED: mark(
        "Reminders are due and not sent: {number}, the oldest for {minutes} minutes."
    ),
    ProblemKind.PART_MISSING: mark("No process is at work as: {about}."),
    ProblemKind.DEAD_LETTERS: mark("Reminders that were given up: {number}."),
    ProblemKind.SEVERAL_RELEASES: mark("Different releases are at work: {about}."),
    ProblemKind.CANARY_LOST: mark("The canary does not arrive: it has been due for {seconds} s."),
    ProblemKind.NO_ANSWER: mark("There was no answer within {seconds} s."),
    ProblemKind.BROKEN: mark("The examination itself broke off ({error})."),
}

ADVICE: Final[Mapping[ProblemKind, str]] = {
    ProblemKind.BAD_SETTING: mark("Correct it where it is set. All settings are listed by:"),
    ProblemKind.UNKNOWN_SETTING: mark("It has no effect. Was this meant, or is it in this list?"),
    ProblemKind.READABLE_BY_OTHERS: mark("There are secrets in it, or what people wrote."),
    ProblemKind.NOT_WRITABLE: mark("It has to belong to whom taskbot runs as:"),
    ProblemKind.DATABASE_AWAY: mark("Is it running, and is its address right?"),
    ProblemKind.NO_DATABASE: mark("Is the folder the right one? A new database is made by:"),
    ProblemKind.NO_SCHEMA: mark("They are made by:"),
    ProblemKind.SCHEMA_BEHIND: mark("It is brought up to date by:"),
    ProblemKind.SCHEMA_AHEAD: mark("That works; install the newer release here, too."),
    ProblemKind.REDIS_AWAY: mark("Is it running, and is its address right?"),
    ProblemKind.REDIS_LOGIN_REFUSED: mark("Put the right one into the address:"),
    ProblemKind.REDIS_EVICTS: mark("Half-finished dialogues would be lost. Have it keep all:"),
    ProblemKind.API_AWAY: mark("Is it running, and is its address right?"),
    ProblemKind.API_UNWELL: mark("Ask the doctor where the API runs. Is its address right?"),
    ProblemKind.CLOCK_AHEAD: mark("Reminders come too early. Have the clock set by the network:"),
    ProblemKind.CLOCK_BEHIND: mark("Reminders come too late. Have the clock set by the network:"),
    ProblemKind.TELEGRAM_AWAY: mark("Does this machine reach it? Try:"),
    ProblemKind.TOKEN_REJECTED: mark("Take a new one from @BotFather:"),
    ProblemKind.WEBHOOK_LEFT: mark(
        "A bot of ours takes it away when it starts; if it comes back, somebody else uses the "
        "token. By hand:"
    ),
    ProblemKind.WEBHOOK_MISSING: mark("The bot does that when it starts:"),
    ProblemKind.WEBHOOK_ELSEWHERE: mark(
        "The bot mends that once a minute; if it does not last, somebody else uses the token. Is "
        "it running?"
    ),
    ProblemKind.WEBHOOK_OUTDATED: mark("The bot mends that once a minute. Is it running?"),
    ProblemKind.WEBHOOK_FAILING: mark("Does the proxy lead to the bot, and is its TLS in order?"),
    ProblemKind.UPDATES_WAIT: mark("Is the bot running, and does it keep up?"),
    ProblemKind.NO_ALERTS: mark(
        "Say which chat is yours, or set up alerts by mail; then try alert-test:"
    ),
    ProblemKind.ALERT_CHAT_UNKNOWN: mark(
        "Press Start in the bot, or take it into the group; then try:"
    ),
    ProblemKind.MAIL_AWAY: mark("Is it running, and is its address right?"),
    ProblemKind.MAIL_LOGIN_REFUSED: mark("Put the right name and password into the address:"),
    ProblemKind.STALLED: mark("Is a scheduler at work, and a worker, and do they reach Telegram?"),
    ProblemKind.PART_MISSING: mark("Without it people are not reminded, or not answered. Start:"),
    ProblemKind.DEAD_LETTERS: mark("See why, and try them anew or put them away:"),
    ProblemKind.SEVERAL_RELEASES: mark("Start those anew that are older."),
    ProblemKind.CANARY_LOST: mark(
        "Nor do people's reminders, unless the bot is not in the canary's group."
    ),
    ProblemKind.NO_ANSWER: mark("Is something in between that swallows what is sent?"),
    ProblemKind.BROKEN: mark("That is a fault of ours: please report it."),
}

REASONS: Final[Mapping[Reason, str]] = {
    Reason.NOT_SET: mark("{name} is not set"),
    Reason.SETTING_REFUSED: mark("{name} cannot be used: see configuration"),
    Reason.OVER_API: mark("the bot works over the API: ask the doctor there"),
    Reason.NO_TOKEN: mark("{name} is not set: the simulator stands in for Telegram"),
    Reason.NOT_ASKED: mark("it cannot be asked: see {name}"),
    Reason.NOTHING_TO_COMPARE: mark("there is no other clock to compare it with"),
}

_MARKS: Final = {
    Verdict.OK: "✅",
    Verdict.WARNING: "⚠️",
    Verdict.FAILED: "❌",
    Verdict.SKIPPED: "➖",
}


def problem_text(voice: Voice, problem: Problem) -> str:
    """What is wrong. Plain text."""
    return voice.label(PROBLEMS[problem.kind], **_plain(problem.values))


def advice_text(voice: Voice, problem: Problem) -> str | None:
    """What to make of it, before the remedy, if there is one. Plain text."""
    advice = ADVICE.get(problem.kind)
    return None if advice is None else voice.label(advice)


def reason_text(voice: Voice, skipped: Skipped) -> str:
    """Plain text."""
    name = skipped.name
    if name in set(Area):
        name = voice.label(AREAS[Area(name)])
    return voice.label(REASONS[skipped.reason], name=Safe(name))


def report_text(voice: Voice, report: Report) -> str:
    """For one message (HTML): what is wrong in full, the rest by name."""
    wrong = (*report.of(Verdict.FAILED), *report.of(Verdict.WARNING))
    parts = [_headline(voice, report), *(_diagnosis(voice, one) for one in wrong)]
    rest = [
        f"{_MARKS[verdict]} {', '.join(_name(voice, one) for one in found)}"
        for verdict in (Verdict.OK, Verdict.SKIPPED)
        if (found := report.of(verdict))
    ]
    return "\n\n".join([*parts, "\n".join(rest)])


def _headline(voice: Voice, report: Report) -> str:
    match report.verdict:
        case Verdict.FAILED:
            return voice.say("🩺 <b>Something does not work.</b>")
        case Verdict.WARNING:
            return voice.say("🩺 <b>All works, but have a look.</b>")
        case _:
            return voice.say("🩺 <b>All is well.</b>")


def _diagnosis(voice: Voice, diagnosis: Diagnosis) -> str:
    lines = [f"{_MARKS[diagnosis.verdict]} <b>{_name(voice, diagnosis)}</b>"]
    for problem in diagnosis.problems:
        lines.append(escaped(problem_text(voice, problem)))
        if advice := advice_text(voice, problem):
            lines.append(escaped(advice))
        if problem.remedy is not None:
            lines.append(f"<code>{escaped(problem.remedy)}</code>")
    return "\n".join(lines)


def _name(voice: Voice, diagnosis: Diagnosis) -> str:
    return voice.say(AREAS[diagnosis.area])


def _plain(values: Mapping[str, str]) -> dict[str, Safe]:
    """Not fenced off: what is copied from here must be what it looks like."""
    return {name: Safe(value) for name, value in values.items()}
