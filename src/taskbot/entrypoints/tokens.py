"""Access tokens from the command line."""

import asyncio

from taskbot.adapters.persistence import migrate
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.settings import Settings


async def create_token(settings: Settings, *, telegram_id: int, name: str) -> str:
    """Return the secret of a new access token; the person is registered if need be."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, settings.database)
    container = Container(settings=settings)
    try:
        user = await container.users().find_or_register(telegram_id)
        created = await container.access_tokens().create(name, actor=user.id)
    finally:
        await container.database().dispose()
    return created.secret
