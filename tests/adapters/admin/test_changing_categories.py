"""Categories, mended by operators."""

import pytest

from support.builders import a_category, a_task, a_user
from support.operators import last_entry
from support.panel import Panel, on_each_database
from support.panel_forms import Form, act_on_one, change, form, save
from taskbot.domain.operator import Role

pytestmark = pytest.mark.anyio


async def test_name_and_emoji_can_be_changed_and_refusals_stand_at_their_field(
    panel: Panel,
) -> None:
    person = a_user()
    home = a_category(owner_id=person.id, name="Home", emoji="🏠")
    await panel.storage.keep(person, home, a_category(owner_id=person.id, name="Work"))
    editor = await panel.operator("olga")
    shown = await form(editor, "categories", home.id)

    for name, why in (
        ("", "This field is required."),
        ("\u200b", "A category needs a name that can be read."),
        ("x" * 51, "A category's name has at most 50 characters, this one has 51."),
        ("wORK", None),
    ):
        answer = Form.on(await change(editor, "categories", home.id, name=name, emoji="🏡"))
        assert answer.status == 422
        assert (answer.values["new_name"], answer.values["new_emoji"]) == (name, "🏡")
        assert answer.errors == ({} if why is None else {"new_name": why})
        assert why is not None or answer.alerts == ["The owner has a category “wORK” already."]
    assert (await form(editor, "categories", home.id)).values == shown.values

    assert (await change(editor, "categories", home.id, name="House")).status_code == 303
    overtaken = Form.on(await save(editor, "categories", home.id, **shown.values))
    assert (await change(editor, "categories", home.id, emoji="")).status_code == 303

    assert shown.values == {"new_name": "Home", "new_emoji": "🏠", "new_version": "1"}
    assert overtaken.errors == {"new_name": "It is this now: House"}
    now = await form(editor, "categories", home.id)
    assert (now.values["new_name"], now.values["new_emoji"]) == ("House", "")


@on_each_database
async def test_a_category_goes_with_its_tasks_or_without(panel: Panel) -> None:
    person = a_user()
    home, work = (a_category(owner_id=person.id, name=name) for name in ("Home", "Work"))
    at_home, at_work = (a_task(owner_id=person.id, category_id=one.id) for one in (home, work))
    await panel.storage.keep(person, home, work, at_home, at_work)
    editor = await panel.operator("olga")
    viewer = await panel.operator("victor", Role.VIEWER)
    page = f"https://panel.test/admin/categories/detail?pk={home.id}"

    refused = await act_on_one(viewer, "categories", "delete", home.id, tasks="deleted")
    kept = await act_on_one(editor, "categories", "delete", home.id, origin=page, tasks="x")
    deleted = await act_on_one(editor, "categories", "delete", work.id, tasks="deleted")
    again = await act_on_one(editor, "categories", "delete", home.id)

    assert refused.refusal == "This is for operators of the role editor."
    assert kept.redirect == "https://panel.test/admin/categories/list"
    assert deleted.status == 200
    assert (await panel.storage.task(at_home.id)).category_id is None
    queries = panel.storage.queries
    assert await queries.task_cards([at_work.id], owner_id=person.id) == []
    assert await queries.categories(person.id) == []
    assert again.refusal == "The owner has no such category."
    assert (await last_entry(queries)).refusal == "category-not-found"
