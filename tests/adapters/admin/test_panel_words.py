"""What the panel says in Russian, where the library would say it otherwise."""

import pytest

from support.builders import a_task, a_user
from support.panel import Panel
from support.panel_forms import alerts, change, words_of

pytestmark = pytest.mark.anyio


async def test_our_words_stand_before_those_of_the_library(panel: Panel) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id, title="Молоко")
    await panel.storage.keep(owner, task)
    editor = await panel.operator("olga", language="ru")

    form = await editor.get(f"/tasks/edit?pk={task.id}")
    new = await editor.get("/accounts/create")
    await change(editor, "tasks", task.id, priority="1")

    assert "Изменить: задача" in words_of(form.text)
    assert "Добавить: учётная запись" in words_of(new.text)
    assert await alerts(editor) == ["«Молоко»: изменения сохранены."]
