"""People: meeting them, their settings, losing and finding them again."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from attrs import evolve, frozen
from ulid import ULID

from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, Queries, TelegramIdKnown, Transactions, UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.transactions import transactional
from taskbot.domain.deadline import DayDeadline
from taskbot.domain.ids import UserId
from taskbot.domain.task import Task
from taskbot.domain.timezone import checked_timezone
from taskbot.domain.user import Language, User


@frozen(kw_only=True)
class MeetUser:
    """Somebody wrote to us. *language_tag*: what their client says (IETF), if anything."""

    telegram_id: int
    name: str
    language_tag: str | None = None


@frozen
class Meeting:
    """*is_new*: this was the first time."""

    user: User
    is_new: bool


@frozen(kw_only=True)
class EditUser:
    """Change what is given, in one go; the rest stays. *version*: as in `EditTask`."""

    actor: UserId
    version: int | None = None
    language: Language | Keep = KEEP
    timezone: str | Keep = KEEP
    lead_times: Sequence[timedelta] | Keep = KEEP
    day_start: time | Keep = KEEP


@frozen
class UserService:
    _transactions: Transactions
    _queries: Queries
    _clock: Clock
    _plan: ReminderPlan
    _default_timezone: str

    async def meet(self, command: MeetUser) -> Meeting:
        """Find the person or register them; who was unreachable gets what was held back.

        Raise `AccountBeingDeleted` for who has left, until nothing of theirs is left.
        """
        language = Language.guess(command.language_tag)
        known = await self._queries.user_by_telegram_id(command.telegram_id)
        if known is None:
            known = await self._register(command.telegram_id, language)
        known.require_here(now=self._clock.now())
        if known.welcome(name=command.name, language=language) == known:
            return Meeting(known, is_new=False)
        user = await self._welcome(known.id, command.name, language)
        return Meeting(user, is_new=not known.has_written)

    async def find_or_register(self, telegram_id: int) -> User:
        """The person with this Telegram id, registered unheard if need be; as `meet`."""
        known = await self._queries.user_by_telegram_id(telegram_id)
        if known is None:
            return await self._register(telegram_id, Language.ENGLISH)
        known.require_here(now=self._clock.now())
        return known

    async def find(self, telegram_id: int) -> User | None:
        """The person if they are known, and have not left; asking changes nothing."""
        known = await self._queries.user_by_telegram_id(telegram_id)
        return None if known is None or known.has_left(now=self._clock.now()) else known

    async def recognize(self, telegram_id: int, language_tag: str | None) -> Meeting:
        """Find the person with this Telegram id, or register them, without a word from them.

        As `meet`.
        """
        known = await self._queries.user_by_telegram_id(telegram_id)
        if known is not None:
            known.require_here(now=self._clock.now())
            return Meeting(known, is_new=False)
        user = await self._register(telegram_id, Language.guess(language_tag))
        return Meeting(user, is_new=True)

    async def _register(self, telegram_id: int, language: Language) -> User:
        user = User(
            id=UserId(ULID()),
            telegram_id=telegram_id,
            language=language,
            timezone=self._default_timezone,
            created_at=self._clock.now(),
        )
        try:
            await self._transactions.run(lambda uow: uow.users.add(user))
        except TelegramIdKnown:
            return await self.find_or_register(telegram_id)
        return user

    @transactional
    async def _welcome(
        self, uow: UnitOfWork, user_id: UserId, name: str, language: Language
    ) -> User:
        user = await uow.users.get(user_id)
        welcomed = await uow.users.update(user.welcome(name=name, language=language))
        if welcomed.may_be_reminded and not user.reachable:
            await uow.reminders.resume(user_id)
        return welcomed

    async def get(self, user_id: UserId) -> User:
        return await self._queries.user(user_id)

    async def lose(self, telegram_id: int) -> User:
        """The person blocked us: send nothing more until they return."""
        known = await self.find_or_register(telegram_id)
        return await self._lose(known.id)

    @transactional
    async def _lose(self, uow: UnitOfWork, user_id: UserId) -> User:
        user = await uow.users.get(user_id)
        return await uow.users.update(user.lose()) if user.reachable else user

    @transactional
    async def speak(self, uow: UnitOfWork, language: Language, *, actor: UserId) -> User:
        user = await uow.users.get(actor)
        return await uow.users.update(user.speak(language))

    @transactional
    async def edit(self, uow: UnitOfWork, command: EditUser) -> User:
        """Change how the person is spoken to and reminded; the reminders follow.

        Raise `StaleUser` for another version than the one that was named.
        """
        user = await uow.users.get(command.actor)
        if command.version is not None:
            user.require_version(command.version)
        changed, preferences = user, user.preferences
        if command.language is not KEEP:
            changed = changed.speak(command.language)
        if command.timezone is not KEEP:
            changed = changed.move_to(command.timezone)
        if command.lead_times is not KEEP:
            preferences = evolve(preferences, lead_times=command.lead_times)
        if command.day_start is not KEEP:
            preferences = evolve(preferences, day_start=command.day_start)
        stored = await uow.users.update(changed.prefer(preferences))
        await self._follow(uow, was=user, stored=stored)
        return stored

    async def _follow(self, uow: UnitOfWork, *, was: User, stored: User) -> None:
        """Have deadlines and reminders follow what has changed about their owner."""
        moves, now = was.timezone != stored.timezone, self._clock.now()
        if not moves and was.preferences == stored.preferences:
            return
        for task in await uow.tasks.open_with_deadline(stored.id):
            if moves:
                await self._take_along(uow, task, stored, now=now)
            if was.preferences != stored.preferences:
                followed = task.follow_to(stored.timezone, now=now) if moves else task
                await self._plan.follow(uow, followed, stored.preferences, now=now)

    @transactional
    async def move_to(self, uow: UnitOfWork, timezone: str, *, actor: UserId) -> User:
        """Live by the clocks of *timezone* (IANA name).

        Whole days move with the person, and their reminders with them; moments stay the same
        moments and are shown by the new clocks.
        """
        checked_timezone(timezone)
        now = self._clock.now()
        user = await uow.users.get(actor)
        moved = await uow.users.update(user.move_to(timezone))
        for task in await uow.tasks.open_with_deadline(actor):
            await self._take_along(uow, task, moved, now=now)
        return moved

    async def _take_along(self, uow: UnitOfWork, task: Task, moved: User, *, now: datetime) -> None:
        followed = await uow.tasks.update(task.follow_to(moved.timezone, now=now))
        if isinstance(task.deadline, DayDeadline):
            await self._plan.follow(uow, followed, moved.preferences, now=now)
