"""Every refusal of the domain comes through HTTP as it was."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import msgspec
import pytest
from attrs import fields, has
from ulid import ULID

from support.backend import told
from taskbot.adapters.api_client.errors import ApiRefused, refusal_in
from taskbot.adapters.http.refusals import facts_of
from taskbot.domain.errors import DeadlineInPast, DomainError, TitleTooLong, UserNotFound

SAMPLES: dict[str, Any] = {
    "deadline": datetime(2031, 5, 17, 15, 0, 0, 1, tzinfo=UTC),
    "name": "Дом",
    "scope": "tasks:write",
    "user": ULID(),
}
KINDS = [
    refusal
    for kind in DomainError.__subclasses__()
    for refusal in kind.__subclasses__()
    if has(refusal)
]


def _sample(name: str, annotation: object) -> Any:
    if name in SAMPLES:
        return SAMPLES[name]
    if name.endswith("_id"):
        return ULID()
    return "given" if annotation is str else 7


def _made(kind: Any) -> DomainError:
    made: DomainError = kind(**{one.name: _sample(one.name, one.type) for one in fields(kind)})
    return made


def _sent(refusal: DomainError, **changes: Any) -> Exception:
    problem = {"type": f"/problems/{refusal.code}", "facts": facts_of(refusal), **changes}
    return refusal_in(httpx.Response(409, content=msgspec.json.encode(problem)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.code))
def test_a_refusal_arrives_with_all_its_attributes(kind: type[DomainError]) -> None:
    refusal = _made(kind)

    assert told(_sent(refusal)) == told(refusal)


@pytest.mark.parametrize("refusal", [DeadlineInPast(date(2031, 5, 17)), UserNotFound(101)])
def test_a_day_and_a_number_arrive_as_well(refusal: DomainError) -> None:
    assert told(_sent(refusal)) == told(refusal)


@pytest.mark.parametrize("facts", [{}, {"length": 201}])
def test_a_refusal_that_is_not_told_in_full_is_known_by_its_code(facts: dict[str, int]) -> None:
    refusal = _sent(TitleTooLong(201, 200), facts=facts, detail="too long", request_id="R1")

    assert isinstance(refusal, ApiRefused)
    assert (refusal.code, refusal.detail) == ("title-too-long", "too long")
