"""What is measured: one module for each part, each with `async def measure(place, scale)`."""

from typing import Final

PARTS: Final = {
    "api": "REST: four operations beside bare handlers",
    "dispatch": "claiming what is due among 1,000,000 tasks",
    "delivery": "sending reminders, with Telegram's limits and without, and how punctual",
    "bot": "updates of the bot beside a bare aiogram bot",
    "embedded": "`taskbot up` on one SQLite file",
    "start": "how long each process takes to start, and its memory",
    "growth": "25 operations at 10,000 and at 1,000,000 tasks",
}
ON_REQUEST: Final = {
    "growth-sqlite": "the same on SQLite files",
    "panel": "every page of the panel at 1,000,000 tasks",
}
"""They take long, and are left out unless they are named."""
