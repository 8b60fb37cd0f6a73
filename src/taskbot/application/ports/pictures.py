"""Pictures: figures that are seen at a glance."""

from typing import Protocol

from attrs import frozen


@frozen(kw_only=True)
class Bar:
    """*figure* is how the *value* is spelled. *note*: what else stands at the label."""

    label: str
    value: int
    figure: str
    note: str = ""


@frozen(kw_only=True)
class Share:
    """*share*: from 0 to 1; None where there is nothing to share. *remark* explains it."""

    title: str
    share: float | None
    figure: str
    remark: str


@frozen(kw_only=True)
class StatisticsPicture:
    """What is to be drawn, in words of the person's language.

    *columns*: the weeks, the current one at last. *rows*: the largest first; where there are none
    *no_rows* says so. *nameless* stands for a label that cannot be drawn at all.
    """

    title: str
    subtitle: str
    columns_title: str
    columns: tuple[Bar, ...]
    rows_title: str
    rows: tuple[Bar, ...]
    no_rows: str
    nameless: str
    share: Share


class Painter(Protocol):
    async def paint(self, picture: StatisticsPicture) -> bytes:
        """A PNG for the width of a phone. The event loop goes on meanwhile.

        What is too long is cut, and signs that cannot be drawn are left out.
        """
