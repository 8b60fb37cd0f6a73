"""The audit log, as operators read it."""

import csv
import io
import re
from datetime import timedelta

import pytest

from support.builders import NOW, a_task, a_user, an_audit_entry
from support.operators import last_entry
from support.panel import Panel, shown
from support.panel_forms import act, act_on_one, buttons, change, save, words_of
from taskbot.domain.audit import AuditVerb
from taskbot.domain.operator import Role

pytestmark = pytest.mark.anyio


async def test_what_was_done_and_what_was_refused_are_seen_with_what_is_different(
    panel: Panel,
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id, title="Buy milk")
    await panel.storage.keep(owner, task)
    editor = await panel.operator("olga")
    viewer = await panel.operator("victor", Role.VIEWER)

    await change(editor, "tasks", task.id, title="Buy <b>bread</b>", lead_times="1 h, 0")
    done = await last_entry(panel.storage.queries)
    await save(viewer, "tasks", task.id, new_title="Mine")
    refused = await last_entry(panel.storage.queries)

    for reader in (editor, viewer):
        listed = shown(await reader.get("/audit/list"))
        assert "olga" in listed
        assert "victor" in listed
    page = await viewer.get(f"/audit/detail?pk={done.id}")
    words = words_of(page.text.partition("<dl")[2])
    assert "title Buy milk Buy <b>bread</b>" in words
    assert "lead_times — [60, 0]" in words
    assert "<b>bread" not in page.text
    assert f"/tasks/detail?pk={task.id}" in page.text.replace("&amp;", "&")
    assert "Buy" not in words_of((await viewer.get(f"/audit/detail?pk={refused.id}")).text)
    assert "role-insufficient" in (await viewer.get(f"/audit/detail?pk={refused.id}")).text


async def test_nothing_of_the_log_can_be_changed(panel: Panel) -> None:
    editor = await panel.operator("olga")
    entry = await last_entry(panel.storage.queries)

    page = await editor.get(f"/audit/detail?pk={entry.id}")
    listed = await editor.get("/audit/list")
    edited = await editor.post(f"/audit/edit?pk={entry.id}", operator="eve")
    made = await editor.post("/audit/create", operator="eve")
    deleted = [
        await act(editor, "audit", "delete", entry.id),
        await act_on_one(editor, "audit", "delete", entry.id),
        await act_on_one(editor, "audit", "edit", entry.id),
    ]

    assert buttons(page) == set()
    assert buttons(listed) <= {"export", "view"}
    assert [edited.status_code, made.status_code] == [403, 403]
    assert {answer.status for answer in deleted} <= {400, 403}
    assert await last_entry(panel.storage.queries) == entry


async def test_what_is_gone_has_a_page_that_says_so_in_the_readers_language(
    panel: Panel,
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await panel.storage.keep(owner, task)
    reader = await panel.operator("olga", language="ru")
    await act_on_one(reader, "tasks", "delete", task.id)
    entry = await last_entry(panel.storage.queries)
    page = await reader.get(f"/audit/detail?pk={entry.id}")
    (link,) = re.findall(r'href="https://panel.test/admin(/tasks/detail[^"]+)"', page.text)

    gone = await reader.get(link.replace("&amp;", "&"))

    assert entry.verb == AuditVerb.TASK_DELETE
    assert gone.status_code == 404
    assert "Здесь ничего нет или уже нет." in gone.text
    assert "Not Found" not in gone.text


async def test_the_newest_comes_first_whatever_its_id(panel: Panel) -> None:
    third, first, second = (an_audit_entry(at=NOW + timedelta(hours=n)) for n in (3, 1, 2))
    async with panel.storage.unit_of_work() as uow:
        await uow.audit.add(third, first, second)
        await uow.commit()
    reader = await panel.operator("olga")

    listed = await reader.get("/audit/list")
    oldest = await reader.get("/audit/list?sort=at__asc")

    def places(text: str) -> list[int]:
        return [text.index(f'data-sa-pk="{one.id}"') for one in (third, second, first)]

    assert places(listed.text) == sorted(places(listed.text))
    assert places(oldest.text) == sorted(places(oldest.text), reverse=True)
    assert (await reader.get("/audit/list?sort=created_at__asc")).status_code in {200, 400}


async def test_the_log_and_the_accounts_can_be_taken_along_without_any_secret(
    panel: Panel,
) -> None:
    reader = await panel.operator("victor", Role.VIEWER)

    files = {
        key: await reader.post(
            f"/_api/{key}/action?name=export&all=1", scope="selected", format="csv"
        )
        for key in ("accounts", "audit")
    }

    rows = {
        key: list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        for key, answer in files.items()
    }
    assert [row["Name"] for row in rows["accounts"]] == ["victor"]
    assert {row["Operator"] for row in rows["audit"]} == {"victor", "the house"}
    assert "argon2" not in str(rows)
