"""Categories of anybody, mended by operators."""

from attrs import evolve, frozen

from taskbot.application.back_office.deeds import Deed, Deeds, Done, JoinedTransactions
from taskbot.application.back_office.states import state_of_category
from taskbot.application.categories import CategoryService, EditCategory, TasksLeft
from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import UnitOfWork
from taskbot.domain.audit import AuditedKind, AuditVerb
from taskbot.domain.category import Category
from taskbot.domain.ids import CategoryId, UserId
from taskbot.domain.operator import Operator


@frozen(kw_only=True)
class CategoryChanges:
    """Change what is given; the rest stays. *version*: as in `EditTask`."""

    version: int | None = None
    name: str | Keep = KEEP
    emoji: str | Keep | None = KEEP


@frozen
class CategoryBackOffice:
    """The owner's rules hold: see `CategoryService`. *by*: an editor, else `RoleInsufficient`.

    *client*: the operator's address, if it is known.
    """

    _deeds: Deeds
    _categories: CategoryService

    async def edit(
        self, category_id: CategoryId, changes: CategoryChanges, *, by: Operator, client: str | None
    ) -> Category:
        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[Category]:
            before = await uow.categories.get(category_id)
            after = await self._joined(uow).edit(
                EditCategory(
                    actor=owner_id,
                    category_id=category_id,
                    version=changes.version,
                    name=changes.name,
                    emoji=changes.emoji,
                )
            )
            return Done(after, state_of_category(before), state_of_category(after))

        return await self._deeds.do(_deed(AuditVerb.CATEGORY_EDIT, category_id, by, client), work)

    async def delete(
        self,
        category_id: CategoryId,
        *,
        tasks: CategoryId | TasksLeft = TasksLeft.UNCATEGORIZED,
        version: int | None = None,
        by: Operator,
        client: str | None,
    ) -> None:
        """The entry tells what became of the *tasks*, which have none of their own."""

        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[None]:
            before = await uow.categories.get(category_id)
            await self._joined(uow).delete(
                category_id, tasks=tasks, version=version, actor=owner_id
            )
            return Done(None, state_of_category(before), {"tasks": str(tasks)})

        await self._deeds.do(_deed(AuditVerb.CATEGORY_DELETE, category_id, by, client), work)

    def _joined(self, uow: UnitOfWork) -> CategoryService:
        return evolve(self._categories, transactions=JoinedTransactions(uow))


def _deed(verb: AuditVerb, category_id: CategoryId, by: Operator, client: str | None) -> Deed:
    return Deed(verb=verb, kind=AuditedKind.CATEGORY, id=category_id, by=by, client=client)
