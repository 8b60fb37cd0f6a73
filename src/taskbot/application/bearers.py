"""What programs ask most often, answered together with whose token it is that asks."""

from collections.abc import Collection

from attrs import frozen

from taskbot.application.access_tokens import AccessTokenService, Bearer
from taskbot.application.ports import Clock, Queries, TaskPage
from taskbot.application.task_commands import DuePeriod, TaskListing
from taskbot.application.task_listing import page_request
from taskbot.application.views import TaskView
from taskbot.domain.access_token import Scope
from taskbot.domain.errors import InvalidAccessToken, TaskNotFound
from taskbot.domain.ids import TaskId


@frozen
class BearerService:
    """The storage is asked once, for both. All raise as `AccessTokenService.authenticate`.

    *digest*: what stands for the token, see `digest_of`.
    """

    _access_tokens: AccessTokenService
    _queries: Queries
    _clock: Clock

    async def task(
        self, digest: bytes, task_id: TaskId, *, needs: Collection[Scope]
    ) -> tuple[Bearer, TaskView]:
        """The task, if it is the bearer's own: else `TaskNotFound`."""
        found = await self._queries.held_task(digest, task_id)
        if found is None:
            raise InvalidAccessToken
        token, user, view = found
        bearer = await self._access_tokens.admit(token, user, needs=needs)
        if view is None:
            raise TaskNotFound(task_id)
        return bearer, view

    async def page(
        self, digest: bytes, listing: TaskListing, *, timezone: str | None, needs: Collection[Scope]
    ) -> tuple[Bearer, TaskPage]:
        """A page of the bearer's tasks.

        *timezone*: by whose clocks it is today; None for those that the bearer lives by. Then who
        it is has to be known first: it is the one case in which the storage is asked twice.
        """
        now = self._clock.now()
        if timezone is None and isinstance(listing.due, DuePeriod):
            bearer = await self._access_tokens.recognize(digest, needs=needs)
            user = bearer.user
            request = page_request(listing, user.id, user.timezone, now=now)
            empty = TaskPage((), None, None)
            return bearer, empty if request is None else await self._queries.tasks(request)
        request = page_request(listing, None, timezone or "UTC", now=now)
        if request is None:
            bearer = await self._access_tokens.recognize(digest, needs=needs)
            return bearer, TaskPage((), None, None)
        found = await self._queries.held_tasks(digest, request)
        if found is None:
            raise InvalidAccessToken
        token, user, page = found
        return await self._access_tokens.admit(token, user, needs=needs), page
