"""Access tokens from the command line."""

import asyncio

from taskbot.entrypoints.container import Container
from taskbot.entrypoints.database import migrates_if_alone, prepare_database
from taskbot.entrypoints.settings import Settings


async def create_token(settings: Settings, *, telegram_id: int, name: str) -> str:
    """Return the secret of a new access token; the person is registered if need be."""
    await asyncio.to_thread(prepare_database, settings, migrates_if_alone(settings))
    container = Container(settings=settings)
    try:
        user = await container.users().find_or_register(telegram_id)
        created = await container.access_tokens().create(name, actor=user.id)
    finally:
        await container.database().dispose()
    return created.secret
