"""Turning pages by plain places, both ways, as a client does that keeps its own."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from support.api import Api, Person
from support.builders import a_user
from taskbot.adapters.http.cursors import Cursors, SortedList
from taskbot.adapters.http.positions import Turn, position_text, turn_to
from taskbot.adapters.memory import MemoryKeyStore
from taskbot.application.ports import NEVER, TaskOrder, TaskPosition
from taskbot.domain.ids import TaskId

pytestmark = pytest.mark.anyio

PATH = "/api/v1/tasks"
CURSORS = Cursors(MemoryKeyStore())
ADA = a_user()

moments = st.datetimes(timezones=st.just(UTC)) | st.just(NEVER)
keys = {
    TaskOrder.DEADLINE: st.tuples(moments),
    TaskOrder.CREATED: st.tuples(moments),
    TaskOrder.PRIORITY: st.tuples(st.integers(1, 4), moments),
    TaskOrder.COMPLETED: st.tuples(moments),
}


@st.composite
def places(draw: st.DrawFn) -> tuple[TaskOrder, TaskPosition]:
    order = draw(st.sampled_from(TaskOrder))
    task_id = TaskId(ULID.from_bytes(draw(st.binary(min_size=16, max_size=16))))
    return order, TaskPosition(draw(keys[order]), task_id)


@given(places())
async def test_reading_a_place_undoes_writing_it(place: tuple[TaskOrder, TaskPosition]) -> None:
    order, position = place
    of = SortedList(ADA.id, order, descending=False)
    text = position_text(position)

    behind = await turn_to(cursor=None, after=text, before=None, of=of, cursors=CURSORS)
    ahead = await turn_to(cursor=None, after=None, before=text, of=of, cursors=CURSORS)

    assert behind == Turn(after=position)
    assert ahead == Turn(before=position)


async def _page(person: Person, **query: Any) -> tuple[list[str], dict[str, dict[str, list[str]]]]:
    """Give the titles on a page, and the queries of the pages around it."""
    answer = await person.client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    links = {str(name): parse_qs(urlsplit(one["url"]).query) for name, one in answer.links.items()}
    return [task["title"] for task in answer.json()["items"]], links


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("deadline", TaskOrder.DEADLINE),
        ("-deadline", TaskOrder.DEADLINE),
        ("created", TaskOrder.CREATED),
        ("priority", TaskOrder.PRIORITY),
        ("-priority", TaskOrder.PRIORITY),
        ("completed", TaskOrder.COMPLETED),
        ("-completed", TaskOrder.COMPLETED),
    ],
)
async def test_the_links_of_a_place_lead_through_the_list_and_back(
    api: Api, ada: Person, sort: str, order: TaskOrder
) -> None:
    for number in range(6):
        due = {} if number == 4 else {"due_on": f"2100-05-0{number + 1}"}
        task = await ada.creates(title=str(number), priority=number % 4 + 1, **due)
        if order is TaskOrder.COMPLETED:
            api.core.clock.advance(timedelta(seconds=1))
            await ada.client.post(f"{PATH}/{task['id']}/complete")
    everything, links = await _page(ada, sort=sort)
    assert links == {}
    first = (await ada.client.get(PATH, params={"sort": sort, "limit": 1})).json()["items"][0]
    view = await api.core.tasks.get(TaskId(ULID.from_str(first["id"])), actor=ada.user.id)
    place = position_text(TaskPosition.of(view.task, order))

    there, links = await _page(ada, sort=sort, limit=2, after=place)
    pages = [there]
    while "next" in links:
        titles, links = await _page(ada, **links["next"])
        pages.append(titles)
    back = [pages[-1]]
    while "prev" in links:
        titles, links = await _page(ada, **links["prev"])
        back.append(titles)

    assert [first["title"], *chain.from_iterable(pages)] == everything
    assert [*chain.from_iterable(page[::-1] for page in back)] == everything[::-1]


async def test_a_place_need_not_be_one_of_a_task_that_there_is(ada: Person) -> None:
    for day in (1, 3, 5):
        await ada.creates(title=str(day), due_on=f"2100-05-0{day}")
    moment = datetime(2100, 5, 3, tzinfo=UTC) - timedelta(hours=1)
    place = position_text(TaskPosition((moment,), TaskId(ULID())))

    assert (await _page(ada, after=place))[0] == ["3", "5"]
    assert (await _page(ada, before=place))[0] == ["1"]


@pytest.mark.parametrize(
    "place",
    [
        "",
        ",",
        "never",
        "2100-05-17T15:00:00Z",
        "2100-05-17,01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
        "2100-05-17T15:00:00,01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
        "0001-01-01T00:00:00+14:00,01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
        "2,never,01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
        "never,01K2Y7T0ZK8Q4M6V3R9XWBN5H",
        "never,01K2Y7T0ZK8Q4M6V3R9XWBN5HC,",
        "never," + "0" * 200,
    ],
)
async def test_what_is_no_place_is_refused(ada: Person, place: str) -> None:
    for parameter in ("after", "before"):
        answer = await ada.client.get(PATH, params={parameter: place})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == parameter


@pytest.mark.parametrize("place", ["never,01K2Y7T0ZK8Q4M6V3R9XWBN5HC", "5,never,01K2", "٣,never,x"])
async def test_a_place_of_another_order_is_refused(ada: Person, place: str) -> None:
    answer = await ada.client.get(PATH, params={"after": place, "sort": "priority"})

    assert answer.status_code == 400


async def test_one_place_at_a_time(api: Api, ada: Person) -> None:
    place = "never,01K2Y7T0ZK8Q4M6V3R9XWBN5HC"

    answer = await ada.client.get(PATH, params={"after": place, "before": place})

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("after", "place-ambiguous"),
        ("before", "place-ambiguous"),
    ]


async def test_today_can_be_meant_by_other_clocks(ada: Person) -> None:
    # It is 15:00 on the 15th for Ada in Moscow; in Auckland the 16th has begun.
    await ada.creates(title="there", due_at="2100-03-16T09:00:00Z")

    assert (await _page(ada, due="today"))[0] == []
    assert (await _page(ada, due="today", timezone="Pacific/Auckland"))[0] == ["there"]
    refused = await ada.client.get(PATH, params={"due": "today", "timezone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/timezone-unknown"
