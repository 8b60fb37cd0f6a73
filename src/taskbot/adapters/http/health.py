"""Health: for whoever restarts processes and spreads requests over them."""

from http import HTTPStatus
from typing import Annotated, Final, Literal

from litestar import Controller, get
from msgspec import Meta, Struct

from taskbot.adapters.http.dependencies import Health
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.health import Finding, Health as WholeHealth

_RETRY_SECONDS: Final = 5


class Alive(Struct, frozen=True):
    status: Literal["alive"] = "alive"


class CheckResult(Struct, frozen=True, kw_only=True):
    name: Annotated[str, Meta(examples=["redis"])]
    status: Annotated[
        Literal["ok", "failing"], Meta(description="What is failing here can be done without.")
    ]
    needed: Annotated[bool, Meta(description="Without it the process cannot do its work.")]
    problem: Annotated[str, Meta(description="Why it is failing.")] | None
    facts: Annotated[
        dict[str, str | float | None],
        Meta(
            description="Of `schema`: the revisions found and needed; of `reminders`: for how "
            "many seconds the oldest due one has been waiting, null if none is due.",
            examples=[{"oldest_due_seconds": 0.4}],
        ),
    ]

    @classmethod
    def of(cls, finding: Finding) -> "CheckResult":
        return cls(
            name=finding.name,
            status="ok" if finding.problem is None else "failing",
            needed=finding.is_needed,
            problem=finding.problem,
            facts=dict(finding.facts),
        )


class Readiness(Struct, frozen=True, kw_only=True):
    status: Annotated[
        Literal["ready", "degraded"],
        Meta(description="`degraded`: something is failing that can be done without."),
    ]
    checks: list[CheckResult]


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
        description="It can, if the database answers within seconds and has the schema that this "
        "release needs. Send it no requests otherwise: the problem names in `errors` the checks "
        "that fail. Without Redis it works on, `degraded`.",
        responses=problems(),
    )
    async def ready(self, health: Health) -> Readiness:
        found = await health.look()
        if found.failed:
            raise _not_ready(found)
        return Readiness(
            status="ready" if found.is_whole else "degraded",
            checks=[CheckResult.of(finding) for finding in found.findings],
        )


def _not_ready(health: WholeHealth) -> Refused:
    failed = [(one.name, one.problem or "") for one in health.failed]
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "not-ready",
        "; ".join(f"{name}: {problem}" for name, problem in failed),
        tuple(FieldProblem.of(name, "check-failed", problem) for name, problem in failed),
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )
