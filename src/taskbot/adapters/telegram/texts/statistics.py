"""What got done, in words and figures."""

from collections.abc import Iterator
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import Bar, Share, StatisticsPicture
from taskbot.application.statistics import Statistics
from taskbot.domain.user import Language

WEEKS: Final = 10
_ROWS: Final = 6
_DATE: Final = {Language.ENGLISH: "d MMMM y", Language.RUSSIAN: "d MMMM y"}

TITLE: Final = mark("Your tasks")
PER_WEEK: Final = mark("Completed per week")
BY_CATEGORY: Final = mark("Open, by category")
NOTHING_OPEN: Final = mark("Nothing is open.")
OTHERS: Final = mark("Others")
ON_TIME: Final = mark("On time")
NO_DEADLINES: Final = mark("Nothing with a deadline was completed yet.")
NOTHING_YET: Final = mark(
    "📊 There is nothing to count yet.\n\n"
    "Write me what needs doing and mark it done: then I can show you how it goes."
)


def picture(voice: Voice, found: Statistics) -> StatisticsPicture:
    return StatisticsPicture(
        title=voice.label(TITLE),
        subtitle=format_date(found.today, _DATE[voice.language], locale=voice.locale),
        columns_title=voice.label(PER_WEEK),
        columns=tuple(_columns(voice, found)),
        rows_title=voice.label(BY_CATEGORY),
        rows=tuple(_rows(voice, found)),
        no_rows=voice.label(NOTHING_OPEN),
        nameless=voice.label(buttons.CATEGORY),
        share=_share(voice, found),
    )


def _columns(voice: Voice, found: Statistics) -> Iterator[Bar]:
    """Each week by its Monday; the month is named where it begins."""
    named = None
    for week in found.per_week[-WEEKS:]:
        month = format_date(week.monday, "LLL", locale=voice.locale)
        yield Bar(
            label=str(week.monday.day),
            value=week.completed,
            figure=_number(voice, week.completed),
            note="" if month == named else month,
        )
        named = month


def _rows(voice: Voice, found: Statistics) -> Iterator[Bar]:
    """Categories with open tasks, the fullest first; the least full ones together at last."""
    filled = sorted(
        (one for one in found.by_category if one.open), key=lambda one: one.open, reverse=True
    )
    shown = filled if len(filled) <= _ROWS + 1 else filled[:_ROWS]
    for one in shown:
        name = voice.label(buttons.NO_CATEGORY) if one.category is None else one.category.name
        yield _row(voice, name, one.open)
    if rest := filled[len(shown) :]:
        yield _row(voice, voice.label(OTHERS), sum(one.open for one in rest))


def _row(voice: Voice, name: str, number: int) -> Bar:
    return Bar(label=name, value=number, figure=_number(voice, number))


def _share(voice: Voice, found: Statistics) -> Share:
    share = found.on_time_share
    return Share(
        title=voice.label(ON_TIME),
        share=share,
        figure="" if share is None else _percent(voice, share),
        remark=voice.label(NO_DEADLINES) if share is None else _of_those(voice, found),
    )


def _of_those(voice: Voice, found: Statistics) -> str:
    return voice.label(
        "{on_time} of {all} with a deadline",
        on_time=Safe(_number(voice, found.on_time)),
        all=Safe(_number(voice, found.had_deadline)),
    )


def caption(voice: Voice, found: Statistics) -> str:
    """Three lines (HTML)."""
    return "\n".join([_done(voice, found), _on_time(voice, found), _going(voice, found)])


def _done(voice: Voice, found: Statistics) -> str:
    last_week, this_week = (week.completed for week in found.per_week[-2:])
    return voice.say(
        "✅ Done this week: <b>{this_week}</b>, last week: {last_week}",
        this_week=Safe(_number(voice, this_week)),
        last_week=Safe(_number(voice, last_week)),
    )


def _on_time(voice: Voice, found: Statistics) -> str:
    share = found.on_time_share
    if share is None:
        return voice.say("⏱ On time: nothing with a deadline was completed yet")
    return voice.say(
        "⏱ On time: <b>{percent}</b> ({of_those})",
        percent=Safe(_percent(voice, share)),
        of_those=Safe(_of_those(voice, found)),
    )


def _going(voice: Voice, found: Statistics) -> str:
    """How long something was done every day, and what is late."""
    parts = []
    if days := found.streak.days:
        parts.append(voice.plural("🔥 {n} day in a row", "🔥 {n} days in a row", days))
    if found.overdue:
        late = voice.plural("⚠️ {n} task is overdue", "⚠️ {n} tasks are overdue", found.overdue)
        parts.append(late)
    else:
        parts.append(voice.say("👌 Nothing is overdue"))
    return " · ".join(parts)


def _number(voice: Voice, number: int) -> str:
    return format_decimal(number, locale=voice.locale)


def _percent(voice: Voice, share: float) -> str:
    """Rounded down: all of them is all of them."""
    return format_percent(int(share * 100) / 100, locale=voice.locale)
