"""The person for whom one asks."""

import contextlib
from collections.abc import AsyncGenerator, Sequence
from datetime import time, timedelta
from typing import Any, Final

from attrs import frozen

from taskbot.adapters.api_client.answers import UserShown
from taskbot.adapters.api_client.connection import Request, Session, pieces_of, read
from taskbot.adapters.api_client.errors import PRECONDITION_FAILED, ApiRefused
from taskbot.application.keep import KEEP, Keep
from taskbot.domain.errors import StaleUser
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import Language, User, checked_lead_times

_MINUTE: Final = timedelta(minutes=1)


@frozen
class Me:
    """Raises the domain's refusals."""

    _session: Session

    async def get(self) -> User:
        response = await self._session.ask(Request(method="GET", path="/me"))
        return read(response, UserShown).user()

    async def edit(
        self,
        *,
        version: int | None = None,
        language: Language | Keep = KEEP,
        timezone: str | Keep = KEEP,
        timed_deadlines: TimedDeadlines | Keep = KEEP,
        lead_times: Sequence[timedelta] | Keep = KEEP,
        day_start: time | Keep = KEEP,
        notifications: bool | Keep = KEEP,
    ) -> User:
        """Change how one is spoken to and reminded; the reminders follow.

        *timed_deadlines*: what a move to *timezone* leaves of moments; else they stay moments.
        *notifications*: false pauses all reminders, true sends what was held meanwhile.
        *lead_times* in whole minutes. Raise `StaleUser` if one is no longer at *version*.
        """
        body: dict[str, Any] = {
            "language": language,
            "timezone": timezone,
            "timed_deadlines": timed_deadlines,
            "notifications": notifications,
        }
        body = {name: value for name, value in body.items() if value is not KEEP}
        if lead_times is not KEEP:
            # The API refuses the shape of what is too much, in words that are no refusal of ours.
            body["lead_times"] = [lead // _MINUTE for lead in checked_lead_times(lead_times)]
        if day_start is not KEEP:
            body["day_start"] = f"{day_start:%H:%M}"
        try:
            response = await self._session.ask(
                Request(method="PATCH", path="/me", body=body, version=version)
            )
        except ApiRefused as refusal:
            if refusal.code != PRECONDITION_FAILED:
                raise
            raise StaleUser(await self._session.owner_id()) from None
        return read(response, UserShown).user()

    async def leave(self) -> User:
        """Ask for everything to be deleted after a grace period; `deletion_at` says when."""
        await self._session.ask(Request(method="DELETE", path="/me"))
        return await self.get()

    async def stay(self) -> User:
        """Take the leaving back. Raise `NotLeaving`."""
        response = await self._session.ask(Request(method="POST", path="/me/restore"))
        return read(response, UserShown).user()

    async def export(self) -> AsyncGenerator[bytes, None]:
        """Everything of one's own as one JSON document, in pieces, as they come."""
        request = Request(method="GET", path="/me/export", is_streamed=True)
        response = await self._session.ask(request)
        async with contextlib.aclosing(pieces_of(response)) as pieces:
            async for piece in pieces:
                yield piece
