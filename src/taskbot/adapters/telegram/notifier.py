"""Delivering reminders through Telegram."""

from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat
from attrs import evolve, frozen

from taskbot.adapters.telegram.digest import digest_buttons
from taskbot.adapters.telegram.keyboards import Keyboard
from taskbot.adapters.telegram.outcomes import problem_of
from taskbot.adapters.telegram.reminders import reminder_buttons
from taskbot.adapters.telegram.texts import digests, reminders as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import Clock, Notification, Receipt, Refused


@frozen
class TelegramNotifier:
    """A person's private chat has the person's id (Bot API, Chat)."""

    _bot: Bot
    _clock: Clock

    async def send(self, notification: Notification) -> Receipt:
        text, buttons = self._letter(notification)
        try:
            return await self._send(notification.user.chat_id, text, buttons)
        except TelegramMigrateToChat as moved:
            chat_id = moved.migrate_to_chat_id
        except Exception as error:  # noqa: BLE001 - the port lets nothing else out
            raise problem_of(error) from None  # the original may name the address
        try:
            receipt = await self._send(chat_id, text, buttons)
        except Exception as error:  # noqa: BLE001 - as above
            raise problem_of(error) from None
        return evolve(receipt, moved_to=chat_id)

    def _letter(self, notification: Notification) -> tuple[str, Keyboard]:
        voice = Voice.for_user(notification.user, self._clock.now())
        notices = notification.notices
        try:
            if len(notices) > 1:
                entries = [digests.Entry(one.task, late_by=one.late_by) for one in notices]
                return digests.digest(voice, entries), digest_buttons(voice, entries)
            text = words.reminder(voice, notices[0].task, late_by=notices[0].late_by)
            return text, reminder_buttons(voice, notices[0].task, notification.user)
        except Exception as error:  # a mistake of ours
            raise Refused(f"the message could not be written ({type(error).__name__})") from error

    async def _send(self, chat_id: int, text: str, buttons: Keyboard) -> Receipt:
        sent = await self._bot.send_message(chat_id, text, reply_markup=buttons)
        return Receipt(sent.message_id)
