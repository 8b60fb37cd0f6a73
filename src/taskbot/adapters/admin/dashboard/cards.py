"""The figures, a card for each thing that is counted."""

from attrs import frozen

from taskbot.adapters.admin.dashboard import leads
from taskbot.adapters.admin.dashboard.amounts import length, share
from taskbot.adapters.admin.dashboard.leads import Leads
from taskbot.adapters.admin.words import grouped, say
from taskbot.application.overview import Overview


@frozen
class Line:
    """One figure of several. *is_wrong*: it should be nought, and is not."""

    text: str
    value: str
    address: str | None = None
    is_wrong: bool = False


@frozen
class Card:
    """*key*: its place on the page."""

    key: str
    title: str
    value: str
    address: str | None
    lines: tuple[Line, ...]


def cards(overview: Overview, to: Leads) -> list[Card]:
    return [
        _delivered(overview),
        _waiting(overview, to),
        _given_up(overview, to),
        _tasks(overview, to),
        _people(overview, to),
    ]


def _delivered(overview: Overview) -> Card:
    on_time = overview.sent - overview.late
    return Card(
        "delivered",
        say("Delivered in 24 hours"),
        grouped(overview.sent),
        None,
        (
            Line(say("on time"), share(on_time, overview.sent)),
            Line(say("over 3 minutes late"), grouped(overview.late)),
            Line(say("the latest by"), length(overview.latest)),
        ),
    )


def _waiting(overview: Overview, to: Leads) -> Card:
    queue, gauges = overview.queue, overview.gauges
    return Card(
        "waiting",
        say("Due and not delivered yet"),
        grouped(gauges.due),
        to.to(leads.REMINDERS),
        (
            Line(say("the oldest for"), length(gauges.oldest_due)),
            Line(say("to be claimed now"), grouped(queue.claimable)),
            Line(say("in the next hour"), grouped(queue.within_hour)),
            Line(say("planned in all"), grouped(queue.pending)),
            Line(say("on hold"), grouped(queue.held)),
        ),
    )


def _given_up(overview: Overview, to: Leads) -> Card:
    dead = overview.gauges.dead_letters
    return Card(
        "given-up",
        say("Dead letters"),
        grouped(dead),
        to.to(leads.DEAD_LETTERS),
        (
            Line(
                say("given up in 24 hours"),
                grouped(overview.failed),
                is_wrong=overview.failed > 0,
            ),
            Line(say("may have arrived"), grouped(overview.unknown)),
        ),
    )


def _tasks(overview: Overview, to: Leads) -> Card:
    tasks = overview.tasks
    return Card(
        "tasks",
        say("Open tasks"),
        grouped(tasks.open),
        to.to(leads.OPEN),
        (
            Line(say("over their deadline"), grouped(tasks.overdue), to.to(leads.OVERDUE)),
            Line(say("due in the next hour"), grouped(tasks.within_hour)),
            Line(say("due in the next day"), grouped(tasks.within_day)),
        ),
    )


def _people(overview: Overview, to: Leads) -> Card:
    people = overview.people
    return Card(
        "people",
        say("People"),
        grouped(people.total),
        to.to(leads.PEOPLE),
        (
            Line(say("new in 24 hours"), grouped(people.new)),
            Line(say("reachable"), grouped(people.reachable), to.to(leads.REACHABLE)),
            Line(say("unreachable"), grouped(people.lost), to.to(leads.LOST)),
            Line(say("paused"), grouped(people.paused), to.to(leads.PAUSED)),
            Line(say("leaving"), grouped(people.leaving), to.to(leads.LEAVING)),
        ),
    )
