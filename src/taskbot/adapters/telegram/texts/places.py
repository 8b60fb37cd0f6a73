"""Time zones by the names of places, in both languages (Unicode CLDR, through Babel)."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

from taskbot.adapters.telegram.texts.languages import MANNERS
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.timezone import local, timezone_names
from taskbot.domain.user import Language

# The database names a zone after one city; these are others that people live in.
_MORE_CITIES: Final = {
    "Europe/Moscow": (
        "Санкт-Петербург", "Петербург", "Питер", "Спб", "Мск", "Saint Petersburg",
        "St Petersburg", "Казань", "Kazan", "Нижний Новгород", "Nizhny Novgorod",
        "Ростов-на-Дону", "Rostov-on-Don", "Краснодар", "Krasnodar", "Воронеж", "Voronezh",
        "Сочи", "Sochi", "Тула", "Ярославль", "Ярославл", "Рязань", "Липецк", "Пенза",
        "Мурманск", "Архангельск", "Тверь", "Белгород", "Курск", "Брянск", "Калуга",
    ),
    "Europe/Samara": ("Тольятти", "Tolyatti", "Ижевск", "Izhevsk"),
    "Asia/Yekaterinburg": (
        "Челябинск", "Chelyabinsk", "Уфа", "Ufa", "Пермь", "Perm", "Тюмень", "Tyumen",
        "Оренбург", "Сургут", "Магнитогорск", "Курган",
    ),
    "Asia/Krasnoyarsk": ("Абакан", "Норильск"),
    "Asia/Irkutsk": ("Улан-Удэ", "Братск"),
    "Asia/Vladivostok": ("Хабаровск", "Khabarovsk"),
    "Asia/Almaty": ("Алма-Ата", "Астана", "Astana", "Шымкент"),
    "Asia/Tbilisi": ("Батуми", "Batumi"),
    "Europe/Berlin": (
        "Hamburg", "Munich", "Cologne", "Frankfurt", "Мюнхен", "Гамбург", "Франкфурт", "Кёльн",
    ),
    "Europe/Istanbul": ("Анталья", "Antalya", "Ankara", "Анкара"),
    "Asia/Dubai": ("Abu Dhabi", "Абу-Даби"),
    "Asia/Kolkata": ("Mumbai", "Bombay", "Delhi", "New Delhi", "Bangalore", "Дели", "Мумбаи"),
    "Asia/Jerusalem": ("Tel Aviv", "Тель-Авив", "Haifa", "Хайфа"),
    "Europe/London": ("Manchester", "Birmingham", "Edinburgh", "Glasgow", "Leeds", "Bristol"),
    "Europe/Madrid": ("Barcelona", "Valencia", "Барселона", "Валенсия"),
    "Europe/Rome": ("Milan", "Милан"),
    "Asia/Shanghai": ("Beijing", "Пекин", "Shenzhen", "Guangzhou"),
    "America/New_York": ("Boston", "Washington", "Miami", "Atlanta", "Philadelphia", "Нью Йорк"),
    "America/Chicago": ("Houston", "Dallas", "Austin", "Minneapolis"),
    "America/Los_Angeles": ("San Francisco", "Seattle", "San Diego", "Portland", "Las Vegas"),
    "America/Toronto": ("Ottawa", "Montreal"),
    "Asia/Ho_Chi_Minh": ("Нячанг", "Nha Trang", "Hanoi", "Ханой"),
    "Asia/Makassar": ("Bali", "Бали", "Denpasar"),
    "Asia/Bangkok": ("Phuket", "Пхукет", "Pattaya", "Паттайя"),
}  # fmt: skip

_NO_CITIES: Final = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")
_SHORTEST_BEGINNING: Final = 3
_OFFSET: Final = re.compile(r"(utc|gmt|мск|msk)?\s*([+-]\s*\d{1,2})(?::?([0-5]\d))?")
_MOSCOW_HOURS: Final = 3
_APOSTROPHES: Final = re.compile(r"['’ʼ.]")


def likely_zones(language: Language) -> tuple[str, ...]:
    return tuple(zone for zone in MANNERS[language].likely_zones if zone in timezone_names())


@cache
def _modern(zone: str) -> str:
    """The name that the database prefers today: CLDR keeps the ones it knew first."""
    newer: str = get_global("zone_aliases").get(zone, zone)
    return newer if newer in timezone_names() else zone


@cache
def _cities(language: Language) -> dict[str, str]:
    """The city of each zone, as people call it."""
    named = Locale(language.value).time_zones.items()
    return {_modern(zone): str(names["city"]) for zone, names in named if "city" in names}


def place_name(zone: str, language: Language) -> str:
    """The city that *zone* is called after, or the zone's own name where there is none."""
    if (city := _cities(language).get(_modern(zone))) is not None:
        return city
    return zone.rpartition("/")[2].replace("_", " ") if _is_city(zone) else zone


def _is_city(zone: str) -> bool:
    return "/" in zone and not zone.startswith(_NO_CITIES)


@cache
def _zones_by_name() -> dict[str, frozenset[str]]:
    by_name: dict[str, set[str]] = {}
    for name, zone in _names():
        if (modern := _modern(zone)) in timezone_names():
            by_name.setdefault(_plain(name), set()).add(modern)
    return {name: frozenset(zones) for name, zones in by_name.items()}


def _names() -> Iterator[tuple[str, str]]:
    for zone in sorted(timezone_names()):
        yield zone, zone
        if _is_city(zone):
            yield zone.rpartition("/")[2], zone
    for language in Language:
        for zone, city in _cities(language).items():
            yield city, zone
    for zone, cities in _MORE_CITIES.items():
        for city in cities:
            yield city, zone


def _plain(name: str) -> str:
    plain = _APOSTROPHES.sub("", name.casefold().replace("ё", "е"))
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


def zones_called(voice: Voice, place: str) -> list[str]:
    """The zones of places called *place*: by the whole name, else by its beginning.

    An offset such as UTC+3 finds the likely places where it holds now.
    """
    offset = _OFFSET.fullmatch(place.strip().casefold().replace("−", "-"))
    if offset is not None:
        return _with_offset(voice, offset)
    wanted, by_name = _plain(place), _zones_by_name()
    if wanted in by_name:
        return sorted(by_name[wanted])
    if len(wanted) < _SHORTEST_BEGINNING:
        return []
    return sorted({z for name, zones in by_name.items() if name.startswith(wanted) for z in zones})


def _with_offset(voice: Voice, offset: re.Match[str]) -> list[str]:
    hours = int(offset[2].replace(" ", ""))
    minutes = int(offset[3] or 0) * (-1 if hours < 0 else 1)
    if offset[1] in {"мск", "msk"}:
        hours += _MOSCOW_HOURS
    wanted = hours * 60 + minutes
    likely = [zone for language in Language for zone in likely_zones(language)]
    every = sorted({_modern(zone) for zone in timezone_names() if _is_city(zone)})
    for candidates in (likely, every):
        found = [zone for zone in candidates if _offset_minutes(voice.now, zone) == wanted]
        if found:
            return list(dict.fromkeys(found))
    return []


def _offset_minutes(now: datetime, zone: str) -> int:
    offset = local(now, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60
