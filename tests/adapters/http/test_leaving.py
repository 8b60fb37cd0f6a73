"""Having one's account deleted over HTTP, and keeping it after all."""

from datetime import timedelta

import pytest

from support.api import Api, Person
from taskbot.domain.user import GRACE

pytestmark = pytest.mark.anyio

ME = "/api/v1/me"
RESTORE = "/api/v1/me/restore"


async def test_who_leaves_is_told_when_and_sees_it(ada: Person) -> None:
    answer = await ada.client.delete(ME)

    assert answer.status_code == 202
    assert answer.json() == {
        "deleted_on": "2100-03-29",
        "deletion_at": "2100-03-29T12:00:00Z",
    }
    assert (await ada.client.get(ME)).json()["deletion_at"] == "2100-03-29T12:00:00Z"


async def test_the_day_is_the_persons_own(ada: Person) -> None:
    await ada.client.patch(ME, json={"timezone": "Pacific/Kiritimati"})

    assert (await ada.client.delete(ME)).json()["deleted_on"] == "2100-03-30"


async def test_asking_again_postpones_nothing(api: Api, ada: Person) -> None:
    first = (await ada.client.delete(ME)).json()
    api.core.clock.advance(timedelta(days=3))

    assert (await ada.client.delete(ME)).json() == first


async def test_one_may_stay_after_all(api: Api, ada: Person) -> None:
    task = await ada.creates()
    await ada.client.delete(ME)
    api.core.clock.advance(GRACE - timedelta(seconds=1))

    answer = await ada.client.post(RESTORE)

    assert answer.status_code == 200
    assert answer.json()["deletion_at"] is None
    assert (await ada.client.get(f"/api/v1/tasks/{task['id']}")).json() == task


async def test_who_does_not_leave_cannot_take_it_back(ada: Person) -> None:
    answer = await ada.client.post(RESTORE)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/account-not-leaving"


async def test_no_token_is_good_for_who_has_left(api: Api, ada: Person, ben: Person) -> None:
    await ada.client.delete(ME)
    api.core.clock.advance(GRACE)

    for answer in (await ada.client.get(ME), await ada.client.post(RESTORE)):
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/access-token-invalid"
    assert (await ben.client.get(ME)).status_code == 200


@pytest.mark.parametrize("scope", ["tasks:read", "tasks:write"])
async def test_leaving_and_staying_need_a_token_for_the_account(
    api: Api, ada: Person, scope: str
) -> None:
    made = await ada.client.post("/api/v1/tokens", json={"name": "x", "scopes": [scope]})
    client = api.client(Authorization=f"Bearer {made.json()['token']}")

    assert (await client.delete(ME)).status_code == 403
    assert (await client.post(RESTORE)).status_code == 403
    assert (await ada.client.get(ME)).json()["deletion_at"] is None
