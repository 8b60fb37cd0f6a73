"""How the bot presents itself in Telegram: commands and descriptions, per language."""

import logging
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand

from taskbot.adapters.telegram.texts import start as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.user import Language

_log = logging.getLogger(__name__)


async def publish_profile(bot: Bot) -> None:
    """Set what differs from what Telegram has. Failing is no reason not to work."""
    try:
        for language in Language:
            # English is also for everybody whose language we do not speak.
            code = None if language is Language.ENGLISH else language.value
            await _publish(bot, language, code=code)
    except (AiogramError, OSError) as error:
        # The error's text may hold the address, and the address the token.
        _log.warning("the bot's profile could not be published: %s", type(error).__name__)


async def _publish(bot: Bot, language: Language, *, code: str | None) -> None:
    voice = Voice(language=language, timezone="UTC", now=datetime.now(UTC))
    wanted = {name: voice.label(what) for name, what in words.COMMANDS.items()}
    known = await bot.get_my_commands(language_code=code)
    if {one.command: one.description for one in known} != wanted:
        commands = [BotCommand(command=name, description=what) for name, what in wanted.items()]
        await bot.set_my_commands(commands, language_code=code)
    about = voice.label(words.DESCRIPTION)
    if (await bot.get_my_description(language_code=code)).description != about:
        await bot.set_my_description(about, language_code=code)
    short = voice.label(words.SHORT_DESCRIPTION)
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
