"""Access tokens from the command line."""

import asyncio

from taskbot.domain.access_token import PERSONAL_SCOPES, Scope
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.database import migrates_if_alone, prepare_database
from taskbot.entrypoints.settings import Settings


async def create_token(
    settings: Settings, *, telegram_id: int, name: str, for_operator: bool = False
) -> str:
    """Return the secret of a new access token; the person is registered if need be.

    *for_operator*: it is good for what operators do, and for nothing of the person's own.
    """
    scopes = {Scope.OPERATOR} if for_operator else PERSONAL_SCOPES
    await asyncio.to_thread(prepare_database, settings, migrates_if_alone(settings))
    container = Container(settings=settings)
    try:
        user = await container.users().find_or_register(telegram_id)
        created = await container.access_tokens().create(name, scopes=scopes, actor=user.id)
    finally:
        await container.database().dispose()
    return created.secret
