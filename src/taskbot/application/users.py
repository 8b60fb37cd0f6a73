"""People: meeting them, their settings, losing and finding them again."""

from collections.abc import Sequence
from datetime import time, timedelta

from attrs import evolve, frozen
from ulid import ULID

from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, Queries, TelegramIdKnown, Transactions, UnitOfWork
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.transactions import transactional
from taskbot.domain.deadline import DayDeadline
from taskbot.domain.ids import UserId
from taskbot.domain.moving import Move, TimedDeadlines
from taskbot.domain.task import Task
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
    """Change what is given, in one go; the rest stays. *version*: as in `EditTask`.

    *timed_deadlines*: what a move to another *timezone* leaves of moments as it is.
    *notifications*: false pauses all reminders, and true sends what was held.
    """

    actor: UserId
    version: int | None = None
    language: Language | Keep = KEEP
    timezone: str | Keep = KEEP
    timed_deadlines: TimedDeadlines = TimedDeadlines.KEEP_MOMENT
    lead_times: Sequence[timedelta] | Keep = KEEP
    day_start: time | Keep = KEEP
    notifications: bool | Keep = KEEP


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
        if command.notifications is not KEEP:
            changed = changed.resume() if command.notifications else changed.pause()
        stored = await uow.users.update(changed.prefer(preferences))
        await self._follow(uow, was=user, stored=stored, timed=command.timed_deadlines)
        await _hold_or_resume(uow, was=user, stored=stored)
        return stored

    async def _follow(
        self, uow: UnitOfWork, *, was: User, stored: User, timed: TimedDeadlines
    ) -> None:
        """Have deadlines and reminders follow what has changed about their owner."""
        now = self._clock.now()
        move = Move(origin=was.timezone, target=stored.timezone, timed=timed, now=now)
        moves, prefers = was.timezone != stored.timezone, was.preferences != stored.preferences
        if not moves and not prefers:
            return
        for task in await uow.tasks.open_with_deadline(stored.id):
            followed = await uow.tasks.update(task.follow(move)) if moves else task
            if prefers or _ends_otherwise(task, followed):
                await self._plan.follow(uow, followed, stored.preferences, now=now)

    async def move_to(
        self,
        timezone: str,
        *,
        timed: TimedDeadlines = TimedDeadlines.KEEP_MOMENT,
        actor: UserId,
    ) -> User:
        """Live by the clocks of *timezone* (IANA name); see `Move` for what becomes of deadlines.

        The reminders follow.
        """
        return await self.edit(EditUser(actor=actor, timezone=timezone, timed_deadlines=timed))


def _ends_otherwise(task: Task, followed: Task) -> bool:
    """A day that ends by other clocks, or a moment that is another one now."""
    if task.deadline is None or followed.deadline is None:
        return False
    return task.deadline.ends_at != followed.deadline.ends_at or isinstance(
        task.deadline, DayDeadline
    )


async def _hold_or_resume(uow: UnitOfWork, *, was: User, stored: User) -> None:
    if was.may_be_reminded and not stored.may_be_reminded:
        await uow.reminders.hold(stored.id)
    elif stored.may_be_reminded and not was.may_be_reminded:
        await uow.reminders.resume(stored.id)
