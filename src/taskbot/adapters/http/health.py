"""Health: for whoever restarts processes and spreads requests over them."""

import asyncio
from typing import Final, Literal

from litestar import Controller, get
from msgspec import Struct

from taskbot.adapters.http.dependencies import Ready
from taskbot.adapters.http.problem_examples import problems
from taskbot.application.ports import StorageUnavailable

_PATIENCE_SECONDS: Final = 3


class Alive(Struct, frozen=True):
    status: Literal["alive"] = "alive"


class IsReady(Struct, frozen=True):
    status: Literal["ready"] = "ready"


class HealthController(Controller):
    path = "/health"
    tags = ("health",)

    @get(
        "/live",
        operation_id="getLiveness",
        summary="Is the process alive?",
        description="It is, if it answers. Restart it if it does not.",
    )
    async def live(self) -> Alive:
        return Alive()

    @get(
        "/ready",
        operation_id="getReadiness",
        summary="Can it do its work?",
        description="It can, if the storage answers within seconds. Send it no requests otherwise.",
        responses=problems(),
    )
    async def ready(self, ready: Ready) -> IsReady:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                is_ready = await ready()
        except TimeoutError:
            is_ready = False
        if not is_ready:
            raise StorageUnavailable("not ready")
        return IsReady()
