"""One person's categories."""

from typing import Any

from attrs import frozen

from taskbot.adapters.api_client.answers import (
    CategoriesShown,
    CategoryShown,
    CountedCategoriesShown,
)
from taskbot.adapters.api_client.connection import Request, Session, read
from taskbot.adapters.api_client.errors import PRECONDITION_FAILED, ApiRefused
from taskbot.application.keep import KEEP, Keep
from taskbot.application.views import CountedCategory
from taskbot.domain.category import Category
from taskbot.domain.errors import StaleCategory
from taskbot.domain.ids import CategoryId


@frozen
class CategoriesOfOne:
    """Raises the domain's refusals."""

    _session: Session

    async def counts(self) -> list[CountedCategory]:
        """The categories as in `list`, each with the numbers of its tasks."""
        response = await self._session.ask(Request(method="GET", path="/categories/counts"))
        owner_id = await self._session.owner_id()
        return [one.counted(owner_id) for one in read(response, CountedCategoriesShown).items]

    async def list(self) -> list[Category]:
        """All of them, in the order of their names."""
        response = await self._session.ask(Request(method="GET", path="/categories"))
        owner_id = await self._session.owner_id()
        return [one.category(owner_id) for one in read(response, CategoriesShown).items]

    async def get(self, category_id: CategoryId) -> Category:
        return await self._category(Request(method="GET", path=f"/categories/{category_id}"))

    async def create(self, name: str, *, emoji: str | None = None) -> Category:
        """Raise `CategoryNameTaken` if there is one of that name, in whatever case."""
        body = {"name": name, "emoji": emoji}
        return await self._category(Request(method="POST", path="/categories", body=body))

    async def edit(
        self,
        category_id: CategoryId,
        *,
        version: int | None = None,
        name: str | Keep = KEEP,
        emoji: str | Keep | None = KEEP,
    ) -> Category:
        """Change what is given. Raise `StaleCategory` if it is no longer at *version*."""
        given: dict[str, Any] = {"name": name, "emoji": emoji}
        request = Request(
            method="PATCH",
            path=f"/categories/{category_id}",
            body={field: value for field, value in given.items() if value is not KEEP},
            version=version,
        )
        try:
            return await self._category(request)
        except ApiRefused as refusal:
            raise _stale_or(refusal, category_id) from None

    async def delete(
        self,
        category_id: CategoryId,
        *,
        move_tasks_to: CategoryId | None = None,
        delete_tasks: bool = False,
        version: int | None = None,
    ) -> None:
        """Delete the category; its tasks stay, in another one or in none, or are deleted, too."""
        query = {} if move_tasks_to is None else {"move_tasks_to": str(move_tasks_to)}
        if delete_tasks:
            query["delete_tasks"] = "true"
        path = f"/categories/{category_id}"
        try:
            await self._session.ask(
                Request(method="DELETE", path=path, query=query, version=version)
            )
        except ApiRefused as refusal:
            raise _stale_or(refusal, category_id) from None

    async def _category(self, request: Request) -> Category:
        shown = read(await self._session.ask(request), CategoryShown)
        return shown.category(await self._session.owner_id())


def _stale_or(refusal: ApiRefused, category_id: CategoryId) -> Exception:
    return StaleCategory(category_id) if refusal.code == PRECONDITION_FAILED else refusal
