"""Lists as files for spreadsheets."""

import csv
import io

import httpx
import pytest
from hypothesis import given, strategies as st

from support.backends import Storage
from support.builders import a_task, a_user
from support.household import KEYS, a_household
from support.panel_lists import Panel, watched
from taskbot.adapters.admin import csv_export
from taskbot.adapters.admin.csv_export import inert
from taskbot.domain.task import TaskStatus

pytestmark = pytest.mark.anyio


def read(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == httpx.codes.OK, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_every_list_can_be_taken_along(panel: Panel, storage: Storage) -> None:
    home = await a_household(storage)

    for key in KEYS:
        (row,) = read(await panel.export(key))
        assert row["Id"] == home.ids[key]
        assert home.token.digest.hex() not in str(row)


async def test_what_is_taken_along_is_what_was_narrowed_down(
    panel: Panel, storage: Storage
) -> None:
    user = a_user(name="Анна")
    tasks = [a_task(owner_id=user.id, priority=1 + number % 2) for number in range(60)]
    await storage.keep(user, *tasks)

    rows = read(await panel.export("tasks", "?filter=priority__eq%3D1&q=milk"))

    urgent = [str(task.id) for task in tasks if task.priority == 1]
    assert [row["Id"] for row in rows] == sorted(urgent, reverse=True)
    assert {row["Status"] for row in rows} == {TaskStatus.OPEN.value}
    assert {row["Owner"] for row in rows} == {"Анна"}
    assert {row["Owner's id"] for row in rows} == {str(user.id)}
    assert rows[0]["Created"] == "2100-03-15T12:00:00+00:00"


async def test_chosen_rows_and_columns_are_taken_along(panel: Panel, storage: Storage) -> None:
    home = await a_household(storage)
    await a_household(storage)

    answer = await panel.browser.post(
        "/admin/_api/tasks/action",
        params={"name": "export", "pks": home.ids["tasks"]},
        data={"scope": "selected", "fields": "title", "filename": 'a"b\r\nx'},
        headers={"x-csrftoken": await panel.form_token()},
    )

    assert read(answer) == [{"Title": "Buy milk"}]
    assert "\r" not in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


async def test_a_long_list_is_cut_and_says_so(
    panel: Panel, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_export, "COUNTED", 20)
    monkeypatch.setattr(csv_export, "_AT_ONCE", 7)
    user = a_user()
    await storage.keep(user, *(a_task(owner_id=user.id) for _ in range(21)))

    with watched(panel.database) as asked:
        *rows, last = read(await panel.export("tasks"))

    assert len(rows) == 20
    assert last["Title"] == "The list goes on: only its first 20 entries are here."
    # A page that was opened before, the ids, and three times seven.
    assert len(asked.texts) <= 6


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = inert(text)

    assert isinstance(cell, str)
    assert cell in {text, f"'{text}"}
    assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n"))


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
async def test_what_people_wrote_is_no_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


async def test_a_stored_formula_is_inert(panel: Panel, storage: Storage) -> None:
    await a_household(storage, title="=cmd|'/c calc'!A1", name="@Anna", category="-x")

    (row,) = read(await panel.export("tasks"))

    assert row["Title"] == "'=cmd|'/c calc'!A1"
    assert row["Owner"] == "'@Anna"
    assert row["Category"] == "'-x"
