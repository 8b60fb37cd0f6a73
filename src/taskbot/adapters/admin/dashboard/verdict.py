"""Whether all is well, in words; what is wrong, and what mends it."""

from typing import Final

from attrs import frozen

from taskbot.adapters.admin.dashboard import leads
from taskbot.adapters.admin.dashboard.amounts import length
from taskbot.adapters.admin.dashboard.leads import Leads
from taskbot.adapters.admin.words import mark, plural, say
from taskbot.application.overview import Overview
from taskbot.application.ports import Part
from taskbot.application.troubles import Trouble, TroubleKind


@frozen(kw_only=True)
class Mending:
    """One trouble: what is the matter, and a page or a command against it, if there is one."""

    what: str
    is_grave: bool
    advice: str = ""
    address: str | None = None
    command: str = ""


@frozen
class Verdict:
    """*tone*: `success`, `warning` or `danger`, as the pages' styles call them."""

    tone: str
    headline: str
    more: str
    mendings: tuple[Mending, ...]


_UNUSABLE: Final = {
    "database": (
        mark("The database does not answer."),
        mark("Is it running, and at the address in TASKBOT_DATABASE_URL?"),
        "",
    ),
    "schema": (
        mark("The schema is older than this release needs."),
        mark("Bring it up to date:"),
        "taskbot migrate",
    ),
    "redis": (
        mark("Redis does not answer: the workers are not told what to send."),
        mark("Is it running, and at the address in TASKBOT_REDIS_URL?"),
        "",
    ),
}
_MISSING: Final = {
    Part.SCHEDULER: (
        mark("No scheduler is at work: what falls due is not handed on."),
        mark("Start one:"),
        "taskbot scheduler",
    ),
    Part.WORKER: (
        mark("No worker is at work: nothing is sent."),
        mark("Start one:"),
        "taskbot worker",
    ),
    Part.BOT: (
        mark("No bot is at work: nobody is answered."),
        mark("One that works over the API is not seen here. To start one:"),
        "taskbot bot",
    ),
}


def verdict(overview: Overview, to: Leads) -> Verdict:
    mendings = tuple(_mending(trouble, to) for trouble in overview.troubles)
    if overview.is_grave:
        return Verdict("danger", say("Reminders are not delivered as promised."), "", mendings)
    if mendings:
        return Verdict("warning", say("Something needs a look."), "", mendings)
    if overview.sent:
        return Verdict("success", say("Everything is delivered on time."), "", ())
    return Verdict(
        "success",
        say("All is well."),
        say("Nothing was to be delivered in the last 24 hours."),
        (),
    )


def _mending(trouble: Trouble, to: Leads) -> Mending:
    is_grave = trouble.is_grave
    match trouble.kind:
        case TroubleKind.UNUSABLE:
            return _told(_UNUSABLE.get(trouble.about), trouble)
        case TroubleKind.PART_MISSING:
            return _told(_MISSING.get(Part(trouble.about)), trouble)
        case TroubleKind.STALLED:
            due = plural(
                "%(count)s reminder is due and not delivered.",
                "%(count)s reminders are due and not delivered.",
                trouble.number,
            )
            oldest = say("The oldest waits for %(age)s.", age=length(trouble.age))
            return Mending(
                what=f"{due} {oldest}",
                is_grave=is_grave,
                advice=say("Is a worker running, and can it reach Telegram? Its log says."),
                address=to.to(leads.REMINDERS),
            )
        case TroubleKind.DEAD_LETTERS:
            address = to.to(leads.DEAD_LETTERS)
            return Mending(
                what=plural(
                    "%(count)s reminder was given up.",
                    "%(count)s reminders were given up.",
                    trouble.number,
                ),
                is_grave=is_grave,
                advice=say("To try again, or to put them away:"),
                address=address,
                command="" if address else "taskbot dead-letters list",
            )
        case TroubleKind.LATE:
            return Mending(
                what=plural(
                    "%(count)s reminder of this hour and the last came over 3 minutes late.",
                    "%(count)s reminders of this hour and the last came over 3 minutes late.",
                    trouble.number,
                ),
                is_grave=is_grave,
                advice=say("Is Telegram slow, or do the workers have too much to do?"),
            )
        case TroubleKind.SEVERAL_RELEASES:
            return Mending(
                what=say(
                    "Processes of different releases are at work: %(releases)s.",
                    releases=trouble.about,
                ),
                is_grave=is_grave,
                advice=say("Restart those of the older one."),
            )


def _told(words: tuple[str, str, str] | None, trouble: Trouble) -> Mending:
    if words is None:
        what = say("%(name)s cannot be used.", name=trouble.about)
        return Mending(what=what, is_grave=trouble.is_grave)
    what, advice, command = words
    return Mending(what=str(what), is_grave=trouble.is_grave, advice=str(advice), command=command)
