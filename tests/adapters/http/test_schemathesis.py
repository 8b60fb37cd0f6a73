"""The whole API against its own description, by Schemathesis: with a valid token, and with none.

All of its checks, on the description's examples, on the borders of each schema, on random requests
and on sequences of them that follow from one another. Deterministic; `TASKBOT_TEST_FUZZ=whole`
sends many more.
"""

import asyncio
import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import pytest
import schemathesis
from attrs import Factory, define
from schemathesis.checks import CheckContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.specs.openapi.checks import positive_data_acceptance

from support.api import Api, Person, an_api
from support.core import a_core
from support.operations import LOGIN, PUBLIC, THINGS, Given, operations, prepared
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.memory.database import Tables
from taskbot.domain.access_token import AccessToken, Scope

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

Json: TypeAlias = dict[str, Any]
App: TypeAlias = Callable[[Any, Any, Any], Any]

IS_WHOLE: Final = os.environ.get("TASKBOT_TEST_FUZZ") == "whole"
MAX_EXAMPLES: Final = 8
ROUNDS: Final = 20 if IS_WHOLE else 2
FIRST: Final[Json] = {"stateful": {"enabled": False}}
FURTHER: Final[Json] = {
    "examples": {"enabled": False},
    "coverage": {"enabled": False},
    "fuzzing": {"enabled": IS_WHOLE},
    "stateful": {"generation": {"max-examples": 30}},
}
PATH: Final = "/api/v1/openapi.json"
EXAMPLES_AHEAD: Final = datetime(2031, 5, 1, tzinfo=UTC)
"""Shortly before the moments in the description's examples."""
NEVER_SUCCEED: Final = {"POST /api/v1/auth/telegram"}
"""A signature of Telegram's cannot be made up."""
OPERATIONS: Final = operations(an_api().app)
_PATHS: Final = {
    one.path: re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", one.path)) for one in OPERATIONS
}
EXAMPLE_IDS: Final = frozenset({"01K2Y7T0ZK8Q4M6V3R9XWBN5HC", "01K2Y7V9M1T5C8R2E4H6P0QSZX"})

# What a request may be refused for although its shape is right, since no schema can say it.
BEYOND_SCHEMAS: Final = {
    "cursor-invalid": "a cursor is signed",
    "deadline-in-past": "it depends on when it is sent",
    "deadline-out-of-range": "JSON Schema has no limits for moments and days",
    "due-ambiguous": "parameters cannot exclude one another",
    "fate-ambiguous": "parameters cannot exclude one another",
    "expiry-in-past": "it depends on when it is sent",
    "expiry-too-late": "JSON Schema has no limits for moments",
    "place-ambiguous": "parameters cannot exclude one another",
    "place-invalid": "it depends on how the list is sorted",
    "reminder-in-past": "it depends on when it is sent",
    "reminder-out-of-range": "JSON Schema has no limits for moments",
    "snooze-out-of-range": "it depends on when it is sent",
    "timezone-unknown": "zones are what the time zone database knows",
    "title-blank": "there are letters that nobody sees",
    "title-too-long": "it is counted when what nobody sees is taken away",
    "description-too-long": "as a title",
    "category-name-blank": "as a title",
    "category-name-too-long": "as a title",
    "idempotency-key-reused": "it depends on what was sent before",
    "precondition-failed": "it depends on what was changed before",
    "text-invalid": "JSON Schema's patterns are for the few, U+0000 for all texts",
}
REFUSALS: Final = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422]
"""Of what does not fit; 412 because a change to something else is refused unread."""
WHOLE_FLOAT: Final = "Expected `int`, got `float`"
"""2.0 is an integer to JSON Schema; here numbers are not turned into others."""


@define
class Outcome:
    operations: set[str] = Factory(set)
    cases: Counter[str] = Factory(Counter)
    checks: Counter[str] = Factory(Counter)
    succeeded: set[str] = Factory(set)
    failures: list[str] = Factory(list)
    errors: list[str] = Factory(list)

    def add(self, phase: str, recorder: ScenarioRecorder) -> None:
        self.cases[phase] += len(recorder.interactions)
        for case_id, interaction in recorder.interactions.items():
            case, response = recorder.cases[case_id].value, interaction.response
            if (
                response is not None
                and response.status_code < 300
                and response.request.method == case.operation.method.upper()
            ):
                self.succeeded.add(case.operation.label)
        for case_id, nodes in recorder.checks.items():
            self.checks.update(node.name for node in nodes)
            response = recorder.interactions[case_id].response
            for node in nodes:
                found = node.failure_info
                if found is not None:
                    failure = found.failure
                    self.failures.append(
                        f"{failure.operation}: {node.name}: {failure.message}\n{found.code_sample}"
                        f"\n{None if response is None else response.text}"
                    )


@schemathesis.check
def acceptance_of_what_fits(
    ctx: CheckContext, response: Response, case: schemathesis.Case[Any]
) -> None:
    """As `positive_data_acceptance`, but for refusals that no schema can foretell."""
    if response.status_code < 400 or not _is_beyond_schemas(response):
        positive_data_acceptance(ctx, response, case)


def _is_beyond_schemas(response: Response) -> bool:
    problem = response.json()
    errors = problem.get("errors", [])
    codes = {problem["type"].rpartition("/")[2], *(error["code"] for error in errors)}
    is_whole_float = bool(errors) and all(WHOLE_FLOAT in error["detail"] for error in errors)
    return bool(codes & BEYOND_SCHEMAS.keys()) or is_whole_float


def run(
    app: App, *, rounds: int, begin: Callable[[], None] = lambda: None, **config: Any
) -> Outcome:
    """Everything once, then sequences in several rounds, each of which begins with *begin*.

    In rounds, as Schemathesis ends the sequences early and without a word, when the state that
    earlier requests left makes a replay go another way.
    """
    outcome = Outcome()
    run_phases(outcome, app, FIRST, config)
    for seed in range(rounds):
        begin()
        run_phases(outcome, app, FURTHER, config | {"seed": seed})
    return outcome


def run_phases(outcome: Outcome, app: App, phases: Json, config: Json) -> None:
    settings = {
        "seed": 1,
        "workers": 1,
        "checks": {
            "negative_data_rejection": {"expected-statuses": REFUSALS},
            "positive_data_acceptance": {"enabled": False},  # see `acceptance_of_what_fits`
        },
        "phases": phases,
        "generation": {"max-examples": MAX_EXAMPLES, "database": "none"},
    }
    schema = schemathesis.openapi.from_asgi(
        PATH, app, config=SchemathesisConfig.from_dict(settings | config)
    )
    paths = schema.raw_schema["paths"]
    outcome.operations |= {f"{method.upper()} {path}" for path in paths for method in paths[path]}
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                outcome.add(event.phase.name, event.recorder)
            case events.NonFatalError():
                outcome.errors.append(f"{event.label}: {event.info.message}")
            case events.FatalError():
                raise event.exception


def check(outcome: Outcome) -> None:
    figures = f"{len(outcome.operations)} operations, {outcome.cases.total()} cases"
    print(f"{figures}: {dict(outcome.cases)}")  # noqa: T201 - to be seen with -s
    assert outcome.errors == []
    assert outcome.failures == [], "\n\n".join(outcome.failures[:10])
    assert set(outcome.cases) >= {"EXAMPLES", "COVERAGE", "FUZZING", "STATEFUL_TESTING"}
    assert set(outcome.checks) >= {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "acceptance_of_what_fits",
        "use_after_free",
        "ensure_resource_availability",
        "ignored_auth",
        "unsupported_method",
        "allow_header_conformance",
        "missing_required_header",
    }


@define
class Stage:
    """The API, but that what is sent finds what the description's examples speak of.

    The id of an example is that of a thing that there is, in a state that allows what is asked;
    the example of an entity tag is the thing's; that of an `Idempotency-Key` is another one each
    time. And nothing that is sent can end the token by which it is sent.

    From `begin` on an id is what it is: in a sequence what was deleted has to be gone.
    """

    api: Api
    owner: Person
    token: AccessToken
    _beginning: Tables
    _leads_somewhere: bool = True
    _keys: Iterator[int] = Factory(itertools.count)

    @classmethod
    async def prepared(cls, api: Api) -> "Stage":
        user = (await api.person()).user
        made = await api.core.access_tokens.create("all", scopes=Scope, actor=user.id)
        client = api.client(Authorization=f"Bearer {made.secret}")
        owner = Person(user, made.secret, client)
        return cls(api, owner, made.token, api.core.database.tables.copy())

    def begin(self) -> None:
        """Have nothing but the person again: with all that was sent the lists grow and grow."""
        self.api.core.database.tables = self._beginning.copy()
        self._leads_somewhere = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.api.core.database.tables.access_tokens[self.token.id] = self.token
        app: Any = self.api.app
        if scope["type"] == "http":
            given = scope["headers"]
            version = b"2" if scope["path"].endswith("/reopen") else b"1"
            scope["headers"] = [(name, self._header(name, value, version)) for name, value in given]
            if self._leads_somewhere:
                await self._lead_somewhere(scope)
        await app(scope, receive, send)

    def _header(self, name: bytes, value: bytes, version: bytes) -> bytes:
        match name, value:
            case b"if-match", b'"3-9f86d081884c7d65"':
                return b'"%b-9f86d081884c7d65"' % version
            case b"idempotency-key", b"6a3c2c0e-5c1d-4f0e-9b0a-0c8f2f6d1a57":
                return b"%d" % next(self._keys)
            case _:
                return value

    async def _lead_somewhere(self, scope: Any) -> None:
        for operation in OPERATIONS:
            asked = _PATHS[operation.path].fullmatch(scope["path"])
            if asked and operation.method == scope["method"]:
                named = asked.groupdict()
                ids = {
                    name: await THINGS[name](self.api, self.owner)
                    for name, value in named.items()
                    if value in EXAMPLE_IDS
                }
                if ids or not named:
                    await prepared(operation, Given(self.api, self.owner, ids))
                    scope["path"] = operation.path.format_map(named | ids)
                    scope["raw_path"] = scope["path"].encode()


def test_with_a_token_the_api_does_what_its_description_says() -> None:
    core = a_core(clock=ManualClock(EXAMPLES_AHEAD, skips_sleep=True))
    stage = asyncio.run(Stage.prepared(an_api(core=core, proofs=LOGIN)))

    headers = {"Authorization": f"Bearer {stage.owner.secret}"}

    outcome = run(stage, rounds=ROUNDS, begin=stage.begin, headers=headers)

    check(outcome)
    assert outcome.operations - outcome.succeeded == NEVER_SUCCEED


def test_without_a_token_nothing_is_done_but_what_is_public() -> None:
    app: Any = an_api(proofs=LOGIN).app

    outcome = run(app, rounds=1)

    check(outcome)
    assert outcome.succeeded <= {" ".join(one) for one in PUBLIC}
    assert outcome.succeeded
