"""The picture of statistics: what it looks like for whoever only measures it."""

import asyncio
import io
import sys
import threading
import unicodedata
from datetime import date

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings, strategies as st
from PIL import Image

from support.builders import NOW
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.pictures.letters import drawable, fitted, font, is_drawn, shrunk
from taskbot.adapters.pictures.statistics import WIDTH, png
from taskbot.adapters.telegram.texts import catalogue, statistics as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import Bar, Share, StatisticsPicture
from taskbot.application.statistics import Statistics
from taskbot.domain.completions import Streak, WeekCount
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

NAMES = st.text(max_size=60) | st.sampled_from(["🏠", "买菜", "Ё" * 50, "W" * 50, "é́", "a\u202eb"])
NUMBERS = st.integers(0, 10**7)


def a_bar(label: str = "Работа", value: int = 3, note: str = "") -> Bar:
    return Bar(label=label, value=value, figure=f"{value:,}", note=note)


def a_picture(
    rows: list[tuple[str, int]] | None = None,
    weeks: list[int] | None = None,
    share: float | None = 0.86,
) -> StatisticsPicture:
    return StatisticsPicture(
        title="Мои задачи",
        subtitle="28 ноября 2026",
        columns_title="Сделано по неделям",
        columns=tuple(a_bar("23", number, "нояб.") for number in weeks or [3] * 10),
        rows_title="В работе по категориям",
        rows=tuple(a_bar(name, number) for name, number in rows or []),
        no_rows="Открытых задач нет.",
        nameless="Категория",
        share=Share(title="Вовремя", share=share, figure="86 %", remark="43 из 50 со сроком"),
    )


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


async def test_it_is_as_wide_as_a_phone_and_light() -> None:
    content = await PillowPainter().paint(a_picture([("Работа", 12)] * 7))

    picture = opened(content)
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    assert 1.2 < picture.height / picture.width < 1.8
    assert len(content) < 200_000


async def test_the_event_loop_goes_on_meanwhile() -> None:
    painting = asyncio.create_task(PillowPainter().paint(a_picture([("Работа", 12)] * 7)))
    turns, threads = 0, threading.active_count()
    while not painting.done():
        await asyncio.sleep(0)
        turns, threads = turns + 1, max(threads, threading.active_count())

    assert turns > 10
    assert opened(await painting).width == WIDTH


async def test_pictures_of_many_people_at_once_are_all_painted() -> None:
    painter = PillowPainter()

    painted = await asyncio.gather(*(painter.paint(a_picture()) for _ in range(5)))

    assert len(set(painted)) == 1


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, NUMBERS), max_size=7),
    weeks=st.lists(NUMBERS, min_size=10, max_size=10),
    share=st.none() | st.floats(0, 1),
)
def test_whatever_is_to_be_drawn_fits(
    rows: list[tuple[str, int]], weeks: list[int], share: float | None
) -> None:
    picture = opened(png(a_picture(rows, weeks, share)))

    assert picture.width == WIDTH
    assert picture.height < 2000
    for place in (0, picture.height - 1):
        edge = picture.crop((0, place, WIDTH, place + 1)).getcolors()
        assert edge == [(WIDTH, (255, 255, 255))], "nothing runs out of the picture"
    for place in (0, WIDTH - 1):
        edge = picture.crop((place, 0, place + 1, picture.height)).getcolors()
        assert edge == [(picture.height, (255, 255, 255))], "nothing runs out of the picture"


def the_catalogues_texts() -> list[str]:
    found = []
    for language in Language:
        path = catalogue.LOCALES / language / "LC_MESSAGES" / f"{catalogue.DOMAIN}.po"
        if not path.exists():
            continue
        with path.open("rb") as source:
            for message in read_po(source, locale=language.value):
                for one in (message.id, message.string):
                    found += [one] if isinstance(one, str) else list(one or ())
    return found


def glyph(character: str, *, bold: bool) -> bytes:
    return bytes(font(40, bold=bold).getmask(character))


def test_every_letter_of_every_language_has_a_glyph() -> None:
    letters = {one for text in the_catalogues_texts() for one in text}
    needed = {one for one in letters if unicodedata.category(one)[0] in "LNP"}
    assert len(needed) > 120
    missing = {bold: glyph("\U0010fffd", bold=bold) for bold in (True, False)}

    for one in needed:
        assert is_drawn(one), one
        for bold in (True, False):
            assert glyph(one, bold=bold) != missing[bold], one


def test_what_is_said_to_be_drawn_has_a_glyph_in_both_fonts() -> None:
    missing = {bold: glyph("\U0010fffd", bold=bold) for bold in (True, False)}
    assert not is_drawn("\U0010fffd")

    for one in filter(is_drawn, map(chr, range(sys.maxunicode // 16))):
        for bold in (True, False):
            assert glyph(one, bold=bold) != missing[bold], hex(ord(one))


@pytest.mark.parametrize("language", Language)
@given(
    weeks=st.lists(NUMBERS, min_size=10, max_size=10),
    monday=st.dates(date(2001, 1, 1), date(2900, 1, 1)),
    on_time=st.tuples(NUMBERS, NUMBERS),
)
@settings(max_examples=20)
def test_everything_that_the_bot_says_in_a_picture_can_be_drawn(
    language: Language, weeks: list[int], monday: date, on_time: tuple[int, int]
) -> None:
    found = Statistics(
        timezone="UTC",
        today=monday,
        open=0,
        completed=sum(weeks),
        overdue=0,
        by_category=(),
        had_deadline=max(on_time),
        on_time=min(on_time),
        per_day=(),
        per_week=tuple(WeekCount(monday, number) for number in weeks),
        streak=Streak(0, None),
    )
    voice = Voice(language=language, timezone="UTC", now=NOW)

    picture = words.picture(voice, found)

    said = [picture.title, picture.subtitle, picture.columns_title, picture.rows_title]
    said += [picture.no_rows, picture.nameless, voice.label(words.OTHERS)]
    said += [picture.share.title, picture.share.figure, picture.share.remark]
    said += [text for one in picture.columns for text in (one.label, one.figure, one.note)]
    for text in said:
        assert all(map(is_drawn, text)), text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("💼 Работа", "Работа"),
        ("Дом 🏠 и сад", "Дом и сад"),
        ("🏠", ""),
        ("买菜", ""),
        ("--- …", ""),
        ("e\u0301tude", "étude"),
        ("\u2068Work\u2069", "Work"),
        ("a\nb", "ab"),
        ("№ 5 → ₽", "№ 5 → ₽"),
    ],
)
def test_what_has_no_glyph_is_left_out(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=1300), max_size=80))
def test_a_text_is_cut_to_its_room(text: str) -> None:
    of, room = font(36), 300

    shown = fitted(text, room, of)

    assert shown == text or (shown.endswith("…") and of.getlength(shown) <= room)
    assert shown != text or of.getlength(text) <= room


def test_a_figure_becomes_smaller_before_it_becomes_unreadable() -> None:
    assert shrunk("12", 100, 36).size == 36
    assert 20 <= shrunk("1,234", 87, 36).size < 36
    assert shrunk("1,234,567,890", 87, 36).size == 20
