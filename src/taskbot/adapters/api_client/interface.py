"""The application's interface over the API: for a bot that runs without the database."""

from collections.abc import Collection, Sequence
from datetime import datetime

from attrs import asdict, frozen

from taskbot.adapters.api_client.categories import CategoriesOfOne
from taskbot.adapters.api_client.me import Me
from taskbot.adapters.api_client.person_sessions import PersonSessions
from taskbot.adapters.api_client.tasks import TasksOfOne
from taskbot.application.categories import EditCategory, TasksLeft
from taskbot.application.keep import KEEP
from taskbot.application.ports import SignedPerson, TaskCounts, TaskPage
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks
from taskbot.application.users import EditUser, Meeting, MeetUser
from taskbot.application.views import CountedCategory, TaskCard, TaskView, Undoable
from taskbot.domain.category import Category
from taskbot.domain.deadline import Deadline
from taskbot.domain.errors import AccountBeingDeleted
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.reminder import Reminder
from taskbot.domain.user import Language, User


@frozen
class ApiTasks:
    """See `taskbot.application.interface.Tasks`."""

    _sessions: PersonSessions

    def _of(self, actor: UserId) -> TasksOfOne:
        return TasksOfOne(self._sessions.of(actor))

    async def create(self, command: CreateTask) -> TaskView:
        return await self._of(command.actor).create(
            command.title,
            description=command.description,
            category_id=command.category_id,
            priority=command.priority,
            deadline=command.deadline,
            key=command.key,
        )

    async def get(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        return await self._of(actor).get(task_id)

    async def card(self, task_id: TaskId, *, actor: UserId) -> TaskCard:
        return await self._of(actor).card(task_id)

    async def cards(self, task_ids: Collection[TaskId], *, actor: UserId) -> list[TaskCard]:
        return await self._of(actor).cards(task_ids)

    async def page(self, command: ListTasks) -> TaskPage:
        asked = asdict(command, recurse=False)
        return await self._of(asked.pop("actor")).page(**asked)

    async def counts(self, *, actor: UserId, timezone: str) -> TaskCounts:
        return await self._of(actor).counts(timezone=timezone)

    async def edit(self, command: EditTask) -> TaskView:
        return await self._of(command.actor).edit(
            command.task_id,
            version=command.version,
            title=command.title,
            description=command.description,
            category_id=command.category_id,
            priority=command.priority,
            deadline=command.deadline,
            lead_times=command.lead_times,
        )

    async def complete(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        return await self._of(actor).complete(task_id, version=version)

    async def reopen(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        return await self._of(actor).reopen(task_id, version=version)

    async def reschedule(
        self,
        task_id: TaskId,
        deadline: Deadline | None,
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        return await self._of(actor).reschedule(task_id, deadline, version=version)

    async def snooze(self, task_id: TaskId, *, until: datetime, actor: UserId) -> TaskView:
        return await self._of(actor).snooze(task_id, until=until)

    async def split(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> list[TaskView]:
        return await self._of(actor).split(task_id, version=version)

    async def join(
        self,
        task_id: TaskId,
        others: Sequence[TaskId],
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        return await self._of(actor).join(task_id, others, version=version)

    async def delete(self, task_id: TaskId, *, version: int | None = None, actor: UserId) -> None:
        await self._of(actor).delete(task_id, version=version)

    async def undo(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        return await self._of(actor).undo(task_id)

    async def undoable(self, task_id: TaskId, *, actor: UserId) -> Undoable:
        return await self._of(actor).undoable(task_id)

    async def add_reminder(self, task_id: TaskId, *, at: datetime, actor: UserId) -> Reminder:
        return await self._of(actor).add_reminder(task_id, at=at)

    async def remove_reminder(
        self, task_id: TaskId, reminder_id: ReminderId, *, actor: UserId
    ) -> None:
        await self._of(actor).remove_reminder(task_id, reminder_id)


@frozen
class ApiCategories:
    """See `taskbot.application.interface.Categories`."""

    _sessions: PersonSessions

    def _of(self, actor: UserId) -> CategoriesOfOne:
        return CategoriesOfOne(self._sessions.of(actor))

    async def create(self, name: str, *, emoji: str | None = None, actor: UserId) -> Category:
        return await self._of(actor).create(name, emoji=emoji)

    async def edit(self, command: EditCategory) -> Category:
        return await self._of(command.actor).edit(
            command.category_id, version=command.version, name=command.name, emoji=command.emoji
        )

    async def delete(
        self,
        category_id: CategoryId,
        *,
        tasks: CategoryId | TasksLeft = TasksLeft.UNCATEGORIZED,
        version: int | None = None,
        actor: UserId,
    ) -> None:
        await self._of(actor).delete(
            category_id,
            move_tasks_to=None if isinstance(tasks, TasksLeft) else tasks,
            delete_tasks=tasks is TasksLeft.DELETED,
            version=version,
        )

    async def counts(self, *, actor: UserId) -> list[CountedCategory]:
        return await self._of(actor).counts()

    async def list(self, *, actor: UserId) -> list[Category]:
        return await self._of(actor).list()


@frozen
class ApiPeople:
    """See `taskbot.application.interface.People`. What is told of people is told by signing."""

    _sessions: PersonSessions

    async def meet(self, command: MeetUser) -> Meeting:
        """Sign them in only if there is something to tell; else one look is enough."""
        person = SignedPerson(
            command.telegram_id, command.name, command.language_tag, may_write=True
        )
        known = await self._sessions.look(person)
        if known is not None and known == known.welcome(
            name=command.name, language=Language.guess(command.language_tag)
        ):
            self._sessions.remember(known.id, person)
            return Meeting(known, is_new=False)
        signed_in = await self._sessions.sign_in(person)
        user = signed_in.user.user()
        self._sessions.remember(user.id, person)
        return Meeting(user, is_new=signed_in.created)

    async def find(self, telegram_id: int) -> User | None:
        """Who is not signed in over there is not: to sign in a stranger is to register them."""
        person = SignedPerson(telegram_id, "")
        try:
            known = await self._sessions.look(person)
        except AccountBeingDeleted:
            return None
        if known is not None:
            self._sessions.remember(known.id, person)
        return known

    async def lose(self, telegram_id: int) -> User:
        lost = SignedPerson(telegram_id, "", may_write=False)
        return (await self._sessions.sign_in(lost)).user.user()

    async def speak(self, language: Language, *, actor: UserId) -> User:
        return await Me(self._sessions.of(actor)).edit(language=language)

    async def move_to(
        self,
        timezone: str,
        *,
        timed: TimedDeadlines = TimedDeadlines.KEEP_MOMENT,
        actor: UserId,
    ) -> User:
        return await self.edit(EditUser(actor=actor, timezone=timezone, timed_deadlines=timed))

    async def edit(self, command: EditUser) -> User:
        moves = command.timezone is not KEEP
        return await Me(self._sessions.of(command.actor)).edit(
            version=command.version,
            language=command.language,
            timezone=command.timezone,
            timed_deadlines=command.timed_deadlines if moves else KEEP,
            lead_times=command.lead_times,
            day_start=command.day_start,
            notifications=command.notifications,
        )
