"""The picture of a person's statistics: weeks as columns, categories as rows, one share.

All lengths are pixels of a picture that is as wide as most phones' screens.
"""

import io
from typing import Final, TypeAlias

from attrs import frozen
from PIL import Image, ImageDraw, ImageFont

from taskbot.adapters.pictures.letters import drawable, fitted, font, shrunk
from taskbot.application.ports import Bar, Share, StatisticsPicture

WIDTH: Final = 1080
_MARGIN: Final = 72
_INNER: Final = WIDTH - 2 * _MARGIN
_RIGHT: Final = WIDTH - _MARGIN

_Colour: TypeAlias = str
_PAPER: Final = "#FFFFFF"
_INK: Final = "#1B2430"
_MUTED: Final = "#6B7785"
_GROOVE: Final = "#E9EDF2"
_PALE: Final = "#A9C3EE"
_STRONG: Final = "#2C66C9"
_GOOD: Final = "#2B8A63"

_TITLE, _HEADING, _TEXT, _FIGURE, _SMALL, _HUGE = 60, 42, 36, 36, 30, 88
_HEAD: Final = 224
_AFTER_HEADING: Final = 76
_COLUMNS: Final = 320
_BELOW_COLUMNS: Final = 100
_GAP: Final = 72
_ROW: Final = 76
_BAR: Final = 26
_LABELS: Final = 412
_FIGURES: Final = 110
_SHARE: Final = 272
_STUB: Final = 6
_FINER: Final = 4
"""How many times as fine curves are drawn: Pillow's own have steps."""


def png(picture: StatisticsPicture) -> bytes:
    rows = max(len(picture.rows), 1)
    height = (
        _HEAD + 2 * _AFTER_HEADING + _COLUMNS + _BELOW_COLUMNS + rows * _ROW + 2 * _GAP + _SHARE
    )
    sheet = _Sheet.of(WIDTH, height)
    sheet.text(_MARGIN, 100, picture.title, font(_TITLE, bold=True), _INK)
    sheet.text(_MARGIN, 156, picture.subtitle, font(_SMALL), _MUTED)
    y = _columns(sheet, _HEAD, picture.columns_title, picture.columns)
    y = _rows(sheet, y + _GAP, picture)
    _share(sheet, y + _GAP, picture.share)
    return sheet.png()


@frozen
class _Sheet:
    _image: Image.Image
    _pen: ImageDraw.ImageDraw

    @classmethod
    def of(cls, width: int, height: int) -> "_Sheet":
        image = Image.new("RGB", (width, height), _PAPER)
        return cls(image, ImageDraw.Draw(image))

    def text(
        self,
        x: int,
        y: int,
        text: str,
        of: ImageFont.FreeTypeFont,
        colour: _Colour,
        *,
        anchor: str = "ls",
    ) -> None:
        """Write with the base line at *y*; *anchor*: l, m or r, and s for the base line."""
        self._pen.text((x, y), fitted(text, _INNER, of), fill=colour, font=of, anchor=anchor)

    def bar(self, x: int, y: int, width: int, height: int, colour: _Colour) -> None:
        """A bar with round ends; as a mere stub if it is shorter than they are."""
        size = (max(width, _STUB), max(height, _STUB))
        radius = min(10, *(side // 2 for side in size))
        finer = (size[0] * _FINER, size[1] * _FINER)
        mask = Image.new("L", finer)
        box = (0, 0, finer[0] - 1, finer[1] - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, radius * _FINER, fill=255)
        place = (x, y, x + size[0], y + size[1])
        self._image.paste(Image.new("RGB", size, colour), place, mask.reduce(_FINER))

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.save(out, "PNG", compress_level=3)  # quicker by a third, hardly larger
        return out.getvalue()


def _columns(sheet: _Sheet, y: int, title: str, columns: tuple[Bar, ...]) -> int:
    """Draw the weeks; give where they end."""
    sheet.text(_MARGIN, y + _HEADING, title, font(_HEADING, bold=True), _INK)
    y += _AFTER_HEADING
    base, most = y + _COLUMNS, max((one.value for one in columns), default=0) or 1
    step = _INNER // max(len(columns), 1)
    room = _COLUMNS - _FIGURE - 24  # the figure stands on top
    for place, one in enumerate(columns):
        is_last = place == len(columns) - 1
        left, middle = _MARGIN + place * step, _MARGIN + place * step + step // 2
        height = max(room * one.value // most, _STUB)
        colour = _GROOVE if not one.value else _STRONG if is_last else _PALE
        width = step * 6 // 10
        sheet.bar(middle - width // 2, base - height, width, height, colour)
        figure = shrunk(one.figure, step - 8, _FIGURE, bold=is_last)
        ink = _INK if one.value else _MUTED
        sheet.text(middle, base - height - 16, one.figure, figure, ink, anchor="ms")
        label = shrunk(one.label, step - 8, _SMALL, bold=is_last)
        sheet.text(middle, base + 44, one.label, label, _INK if is_last else _MUTED, anchor="ms")
        if one.note:
            note = font(_SMALL)
            if note.getlength(one.note) <= step:
                sheet.text(middle, base + 84, one.note, note, _MUTED, anchor="ms")
            else:
                sheet.text(left, base + 84, one.note, note, _MUTED)
    return base + _BELOW_COLUMNS


def _rows(sheet: _Sheet, y: int, picture: StatisticsPicture) -> int:
    """Draw the categories; give where they end."""
    sheet.text(_MARGIN, y + _HEADING, picture.rows_title, font(_HEADING, bold=True), _INK)
    y += _AFTER_HEADING
    if not picture.rows:
        sheet.text(_MARGIN, y + _TEXT, picture.no_rows, font(_TEXT), _MUTED)
        return y + _ROW
    most = max(one.value for one in picture.rows) or 1
    room = _INNER - _LABELS - _FIGURES
    for one in picture.rows:
        name = drawable(one.label) or picture.nameless
        middle = y + _ROW // 2 - 8
        sheet.text(_MARGIN, middle + 12, fitted(name, _LABELS - 32, font(_TEXT)), font(_TEXT), _INK)
        sheet.bar(_MARGIN + _LABELS, middle - _BAR // 2, room, _BAR, _GROOVE)
        if one.value:
            width = max(room * one.value // most, _BAR)
            sheet.bar(_MARGIN + _LABELS, middle - _BAR // 2, width, _BAR, _PALE)
        figure = shrunk(one.figure, _FIGURES - 16, _FIGURE, bold=True)
        sheet.text(_RIGHT, middle + 12, one.figure, figure, _INK, anchor="rs")
        y += _ROW
    return y


def _share(sheet: _Sheet, y: int, share: Share) -> None:
    sheet.text(_MARGIN, y + _HEADING, share.title, font(_HEADING, bold=True), _INK)
    y += _AFTER_HEADING
    if share.share is None:
        sheet.text(_MARGIN, y + _TEXT, share.remark, shrunk(share.remark, _INNER, _TEXT), _MUTED)
        return
    huge = font(_HUGE, bold=True)
    sheet.text(_MARGIN, y + 72, share.figure, huge, _GOOD)
    beside = _MARGIN + int(huge.getlength(share.figure)) + 32
    room = _RIGHT - beside
    remark = shrunk(share.remark, room, _TEXT)
    sheet.text(beside, y + 72, fitted(share.remark, room, remark), remark, _MUTED)
    sheet.bar(_MARGIN, y + 106, _INNER, _BAR, _GROOVE)
    if share.share:
        sheet.bar(_MARGIN, y + 106, max(int(_INNER * share.share), _BAR), _BAR, _GOOD)
