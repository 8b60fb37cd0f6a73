"""The control interface: the bot, faults, limits, the log of calls, the whole state."""

from typing import Any, Final

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK

from taskbot.adapters.simulator.control_bodies import (
    AnyRequest,
    FaultBody,
    LimitsBody,
    RedeliverBody,
    read_body,
)
from taskbot.adapters.simulator.methods_profile import in_language, shown_commands
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.simulator import Simulator
from taskbot.adapters.simulator.telegram_objects import bot_user

Server = NamedDependency[Simulator]

SHOWN_IN_PLACE: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class ServerController(Controller):
    path = "/sim"

    @get("/bot")
    async def bot(
        self, simulator: Server, language: FromQuery[str] = "", person: FromQuery[int | None] = None
    ) -> dict[str, Any]:
        account, queue = simulator.world.current, simulator.world.queue_of(simulator.world.current)
        user = bot_user(account)
        return {
            "id": account.bot_id,
            "name": in_language(account.names, language) or account.name,
            "username": user.username,
            "description": in_language(account.descriptions, language),
            "short_description": in_language(account.short_descriptions, language),
            "commands": shown_commands(account, person=person, language=language),
            "webhook_url": (account.webhook or {}).get("url"),
            "pending_update_count": len(queue.pending),
            "polling": queue.turn is not None,
        }

    @get("/files/{file_id:str}")
    async def file(self, simulator: Server, file_id: FromPath[str]) -> Response[bytes]:
        stored = simulator.world.files.get(file_id)
        if stored is None:
            raise ControlRefusal(404, "there is no such file")
        # Only pictures that were recognised as such are shown; anything else is downloaded.
        is_picture = stored.width is not None and stored.mime_type in SHOWN_IN_PLACE
        return Response(
            simulator.world.content(stored),
            media_type=stored.mime_type if is_picture else "application/octet-stream",
            headers={
                "Content-Disposition": "inline" if is_picture else "attachment",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, max-age=3600",
            },
        )

    @post("/faults")
    async def add_fault(self, request: AnyRequest, simulator: Server) -> dict[str, Any]:
        body = await read_body(request, FaultBody)
        fault = simulator.faults.add(
            kind=body.kind,
            method=body.method,
            person=body.person,
            times=body.times,
            retry_after=body.retry_after,
            probability=body.probability,
        )
        return fault.to_json()

    @get("/faults")
    async def faults(self, simulator: Server) -> list[dict[str, Any]]:
        return simulator.faults.to_json()

    @delete("/faults")
    async def clear_faults(self, simulator: Server) -> None:
        simulator.faults.clear()
        simulator.world.changes.notify()

    @get("/limits")
    async def limits(self, simulator: Server) -> dict[str, Any]:
        return simulator.limits.to_json()

    @post("/limits", status_code=HTTP_200_OK)
    async def change_limits(self, request: AnyRequest, simulator: Server) -> dict[str, Any]:
        body = await read_body(request, LimitsBody)
        simulator.limits.change(per_bot=body.per_bot, per_chat=body.per_chat, enforce=body.enforce)
        return simulator.limits.to_json()

    @get("/calls")
    async def calls(
        self, simulator: Server, method: FromQuery[str | None] = None, after: FromQuery[int] = 0
    ) -> list[dict[str, Any]]:
        return simulator.calls.after(after, method=method)

    @post("/redeliver", status_code=HTTP_200_OK)
    async def redeliver(self, request: AnyRequest, simulator: Server) -> dict[str, Any]:
        body = await read_body(request, RedeliverBody)
        if not simulator.redeliver(body.update_id):
            raise ControlRefusal(404, f"there is no update {body.update_id}")
        return {"update_id": body.update_id}

    @delete("/state")
    async def reset(self, simulator: Server) -> None:
        await simulator.reset()
