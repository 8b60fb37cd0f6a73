"""`Idempotency-Key`: a POST that is repeated is done once."""

from datetime import timedelta
from typing import Any, NoReturn

import httpx
import pytest

from support.api import Api, Person, an_api, ask
from support.core import a_core
from taskbot.adapters.memory import ManualClock, MemoryIdempotencyStore
from taskbot.application.ports import (
    FirstUse,
    KeyUse,
    RequestKey,
    StillInUse,
    StorageUnavailable,
)

pytestmark = pytest.mark.anyio

TASKS = "/api/v1/tasks"
MILK = {"title": "Buy milk"}


async def post(
    person: Person, path: str = TASKS, body: Any = MILK, key: str = "key-1"
) -> httpx.Response:
    return await person.client.post(path, json=body, headers={"Idempotency-Key": key})


async def titles(person: Person) -> list[str]:
    return [item["title"] for item in (await person.client.get(TASKS)).json()["items"]]


async def test_a_repetition_gets_the_first_answer_and_does_nothing(ada: Person) -> None:
    first = await post(ada)
    again = await post(ada)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert await titles(ada) == ["Buy milk"]


async def test_without_a_key_everything_is_done_each_time(ada: Person) -> None:
    await ada.client.post(TASKS, json=MILK)
    await ada.client.post(TASKS, json=MILK)

    assert await titles(ada) == ["Buy milk"] * 2


async def test_a_refusal_is_an_answer_too(ada: Person) -> None:
    first = await post(ada, body={"title": ""})
    again = await post(ada, body={"title": ""})

    assert first.status_code == 422
    assert (again.status_code, again.content) == (422, first.content)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_an_answer_without_a_body_is_kept(api: Api, ada: Person) -> None:
    task = await ada.creates()
    path = f"{TASKS}/{task['id']}/complete"

    first = await post(ada, path, None)
    again = await post(ada, path, None)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content


async def test_an_answer_without_content_is_given_again(api: Api, ada: Person) -> None:
    other = (await api.core.access_tokens.create("other", actor=ada.user.id)).secret
    headers = {"Authorization": f"Bearer {other}", "Idempotency-Key": "k"}
    path = "/api/v1/auth/revoke"

    first = await api.anonymous.post(path, headers=headers)
    again = await ada.client.post(path, headers={"Idempotency-Key": "k"})

    assert (first.status_code, again.status_code) == (204, 204)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (b"", "true")
    assert "Content-Type" not in again.headers
    assert (await ada.client.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"), [(TASKS, {"title": "Bread"}), ("/api/v1/categories", MILK), (TASKS, None)]
)
async def test_a_key_is_good_for_one_request_alone(ada: Person, path: str, body: Any) -> None:
    await post(ada)

    answer = await post(ada, path, body)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert await titles(ada) == ["Buy milk"]


async def test_the_query_is_part_of_the_request(ada: Person) -> None:
    await post(ada)

    assert (await post(ada, f"{TASKS}?x=1")).status_code == 422


async def test_two_people_may_have_the_same_key(ada: Person, ben: Person) -> None:
    mine, others = await post(ada), await post(ben)

    assert (mine.status_code, others.status_code) == (201, 201)
    assert mine.json()["id"] != others.json()["id"]


async def test_after_a_day_the_key_is_new(api: Api, ada: Person) -> None:
    await post(ada)
    api.core.clock.advance(timedelta(hours=24))

    assert "Idempotent-Replayed" not in (await post(ada)).headers
    assert len(await titles(ada)) == 2


@pytest.mark.parametrize("given", [[b""], [b"a b"], [b"\xff"], [b"x" * 256], [b"a", b"a"]])
async def test_a_malformed_key_is_refused_by_name(
    api: Api, ada: Person, given: list[bytes]
) -> None:
    headers = [
        (b"authorization", f"Bearer {ada.secret}".encode()),
        (b"content-type", b"application/json"),
        *((b"idempotency-key", value) for value in given),
    ]

    answer = await ask(api.app, "POST", TASKS, headers=headers, chunks=[b'{"title": "Milk"}'])

    assert answer.status == 400
    assert b'"/problems/idempotency-key-invalid"' in answer.body
    assert b'"field":"Idempotency-Key"' in answer.body
    assert await titles(ada) == []


async def test_other_methods_do_not_look_at_the_key(ada: Person) -> None:
    task = await ada.creates()
    path = f"{TASKS}/{task['id']}"
    headers = {"Idempotency-Key": "not a good one"}

    assert (await ada.client.get(path, headers=headers)).status_code == 200
    changed = await ada.client.patch(path, json={"title": "Bread"}, headers=headers)
    assert changed.status_code == 200
    assert (await ada.client.delete(path, headers=headers)).status_code == 204


class CountingStore(MemoryIdempotencyStore):
    """Counts what it is asked, and can fail."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.begun = self.ended = 0
        self.fails_at_the_end = self.is_in_use = False

    async def begin(self, key: RequestKey, fingerprint: bytes) -> KeyUse:
        self.begun += 1
        if self.is_in_use:
            return StillInUse()
        return await super().begin(key, fingerprint)

    async def finish(self, use: FirstUse, answer: bytes) -> None:
        self.ended += 1
        if self.fails_at_the_end:
            raise StorageUnavailable("made up")
        await super().finish(use, answer)

    async def abandon(self, use: FirstUse) -> None:
        self.ended += 1
        await super().abandon(use)


async def test_who_does_not_use_a_key_costs_nothing_and_who_does_costs_two_questions() -> None:
    core = a_core()
    store = CountingStore(core.clock)
    ada = await an_api(core=core, idempotency=store).person()

    await ada.client.post(TASKS, json=MILK)
    assert (store.begun, store.ended) == (0, 0)
    await post(ada)
    assert (store.begun, store.ended) == (1, 1)
    await post(ada)
    assert (store.begun, store.ended) == (2, 1)


async def test_while_the_first_is_at_work_the_others_are_told_to_wait() -> None:
    core = a_core()
    store = CountingStore(core.clock)
    ada = await an_api(core=core, idempotency=store).person()
    store.is_in_use = True

    answer = await post(ada)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/idempotency-key-in-use"
    assert int(answer.headers["Retry-After"]) > 0
    assert await titles(ada) == []


@pytest.mark.parametrize(
    ("error", "status"), [(StorageUnavailable("away"), 503), (RuntimeError("a bug"), 500)]
)
async def test_what_failed_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    core = a_core()
    ada = await an_api(core=core).person()

    async def fail(*_: object, **__: object) -> NoReturn:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(type(core.transactions), "run", fail)
        failed = await post(ada)
    again = await post(ada)

    assert (failed.status_code, again.status_code) == (status, 201)
    assert "Idempotent-Replayed" not in again.headers


async def test_what_is_done_is_done_though_its_answer_cannot_be_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    core = a_core()
    store = CountingStore(core.clock)
    ada = await an_api(core=core, idempotency=store).person()
    store.fails_at_the_end = True

    answer = await post(ada)

    assert answer.status_code == 201
    assert answer.headers["X-Request-Id"] in caplog.text


async def test_a_new_secret_is_not_kept_and_the_token_is_made_once(api: Api, ada: Person) -> None:
    kept: dict[Any, Any] = {}
    store = MemoryIdempotencyStore(api.core.clock, kept)
    ada = await an_api(core=api.core, idempotency=store).person()
    path, body = "/api/v1/tokens", {"name": "laptop"}

    made = await post(ada, path, body)
    again = await post(ada, path, body)

    assert made.status_code == 201
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/idempotency-answer-not-kept"
    assert kept
    assert made.json()["token"] not in repr(kept)
    assert "key-1" not in repr(kept)
    names = [one["name"] for one in (await ada.client.get(path)).json()["items"]]
    assert names.count("laptop") == 1


async def test_a_refusal_to_make_a_token_is_kept_as_any_other(ada: Person) -> None:
    first = await post(ada, "/api/v1/tokens", {"name": ""})
    again = await post(ada, "/api/v1/tokens", {"name": ""})

    assert (first.status_code, again.status_code) == (422, 422)


async def test_a_stranger_learns_nothing_by_a_key(api: Api, ada: Person) -> None:
    await post(ada)

    answer = await api.anonymous.post(TASKS, json=MILK, headers={"Idempotency-Key": "key-1"})

    assert answer.status_code == 401
