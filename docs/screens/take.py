"""Takes the pictures in this folder: the bot's main screens on a phone, in both languages.

    make screens

It starts taskbot with its simulator in a folder of its own, has two people talk to it, and lets
Chromium photograph the chat page. Look at what came out before you commit it; a machine without
emoji (Debian: fonts-noto-color-emoji) shows boxes in their place.
"""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
from attrs import frozen

from support.browser import Browser, running_browser, take_picture
from support.product import Product, Somebody, running_product

HERE: Final = Path(__file__).parent


@frozen(kw_only=True)
class Person:
    id: int
    language: str
    name: str
    city: str
    written: str
    titles: tuple[str, str, str, str]
    categories: tuple[str, str, str]
    choose_when: str
    calendar: str
    reminders: str


PEOPLE: Final = (
    Person(
        id=701,
        language="en",
        name="John",
        city="London",
        written="Water the flowers",
        titles=("Call the dentist", "Pay the rent", "Book flights to Lisbon", "Read the contract"),
        categories=("Home", "Work", "Travel"),
        choose_when="📅 When",
        calendar="Day and time",
        reminders="Reminders",
    ),
    Person(
        id=702,
        language="ru",
        name="Анна",
        city="Москва",
        written="Полить цветы",
        titles=("Позвонить врачу", "Заплатить за квартиру", "Купить билеты", "Прочитать договор"),
        categories=("Дом", "Работа", "Поездки"),
        choose_when="📅 Когда",
        calendar="День и время",
        reminders="Напоминания",
    ),
)


@frozen
class Camera:
    product: Product
    browser: Browser
    person: Person

    async def shoot(self, name: str) -> None:
        """Photograph the end of the chat, where the newest message is."""
        file = HERE / f"{name}-{self.person.language}.png"
        page = self.product.control.http.base_url
        await self.browser.resize(390, 844, scale=2)
        await self.browser.open(f"{page}#{self.person.id}")
        await self.browser.find(".theirs")
        await asyncio.sleep(0.6)  # the page scrolls to its end, and loads its pictures
        await take_picture(self.browser, file)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_product(Path(folder), is_executed=True) as product:
            for person in PEOPLE:
                async with running_browser(language=person.language) as browser:
                    await _tour(Camera(product, browser, person))


async def _tour(camera: Camera) -> None:
    person, control = camera.person, camera.product.control
    await control.person(person.id, person.name, language_code=person.language)
    somebody = Somebody(person.id, control)
    await somebody.say("/start")
    await camera.shoot("start")
    await somebody.press(person.city)
    async with camera.product.program_of(somebody) as api:
        await _fill(api, person)
    await somebody.say(person.written)
    await camera.shoot("captured")
    await somebody.press(person.choose_when)
    await somebody.press(person.calendar)
    await camera.shoot("calendar")
    await somebody.press("✖")
    await somebody.say("/tasks")
    await camera.shoot("tasks")
    await somebody.press(person.titles[0])
    await camera.shoot("card")
    await somebody.press(person.reminders)
    await camera.shoot("reminders")
    for command in ("categories", "settings", "stats", "help"):
        await somebody.say(f"/{command}")
        await camera.shoot(command)


async def _fill(api: httpx.AsyncClient, person: Person) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    filed = []
    for name, emoji in zip(person.categories, ("🏠", "💼", "✈️"), strict=True):
        made = await api.post("/categories", json={"name": name, "emoji": emoji})
        filed.append(made.json()["id"])
    soon, later = now + timedelta(hours=5), now + 9 * day
    tomorrow = (now + day).date().isoformat()
    home, work, travel = filed
    details = (
        {"due_at": soon.isoformat(), "priority": 1, "category_id": home},
        {"due_on": tomorrow, "category_id": home},
        {"due_at": later.isoformat(), "priority": 2, "category_id": travel},
        {"category_id": work},
    )
    for title, more in zip(person.titles, details, strict=True):
        (await api.post("/tasks", json={"title": title, **more})).raise_for_status()
    for number in range(7):
        body = {"title": f"{person.written} {number}", "due_on": tomorrow}
        task = (await api.post("/tasks", json=body)).json()["id"]
        (await api.post(f"/tasks/{task}/complete")).raise_for_status()


if __name__ == "__main__":
    asyncio.run(main())
