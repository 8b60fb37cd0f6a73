"""However much is logged: nothing of what operators see and type is."""

import logging

import pytest
from sqlalchemy import text

from support.builders import NOW, a_category, a_task, a_user
from support.logged import everything_logged
from support.panel import PASSWORD, SESSION_COOKIE, TOKEN_COOKIE, Panel
from support.panel_forms import act, act_on_one, change
from taskbot.domain.deadline import TimedDeadline
from taskbot.entrypoints.settings import read_settings

pytestmark = pytest.mark.anyio

TITLE, DESCRIPTION = "Call the oncologist", "Ward seven, ask for Ms Petrova"
PERSON, CATEGORY = "Zinaida Sergeyevna", "Illnesses of mine"
TRIED, WRONG, SECOND = "hunter.mallory", "tram 7 stops at noon", "no parking before 8 p.m."
SOUGHT, RENAMED, UNREADABLE = "petrova", "Call the pharmacy", "the day after the funeral"
PRIVATE = (
    TITLE, DESCRIPTION, PERSON, CATEGORY, TRIED, WRONG, SECOND, SOUGHT, RENAMED, UNREADABLE,
    PASSWORD,
)  # fmt: skip


async def test_nothing_personal_or_secret_is_logged(panel: Panel) -> None:
    person = a_user(name=PERSON)
    category = a_category(owner_id=person.id, name=CATEGORY)
    task = a_task(
        owner_id=person.id,
        category_id=category.id,
        title=TITLE,
        description=DESCRIPTION,
        deadline=TimedDeadline(NOW.replace(year=2101), "Europe/Moscow"),
    )
    await panel.storage.keep(person, category, task)
    settings = read_settings({"TASKBOT_LOG_LEVEL": "debug"})
    with everything_logged(settings) as logged:
        whole = panel.container.api()
        stranger = panel.stranger(app=whole)
        await stranger.sign_in(TRIED, WRONG)
        await stranger.post("/invitation", code=WRONG, name=TRIED, password=SECOND)
        await panel.an_account("olga")
        editor = panel.stranger(app=whole)
        assert (await editor.sign_in("olga")).status_code == 303
        await editor.get(f"/tasks/list?q={SOUGHT}")
        await editor.get(f"/people/list?filter=name__contains={PERSON}")
        await editor.get(f"/tasks/detail?pk={task.id}")
        refused = await change(editor, "tasks", task.id, title=RENAMED, due_on=UNREADABLE)
        assert refused.status_code == 422
        assert (await change(editor, "tasks", task.id, title=RENAMED)).status_code == 303
        await act(editor, "tasks", "reschedule", task.id, by=UNREADABLE)
        await act_on_one(editor, "tasks", "remind", task.id, moment=UNREADABLE)
        await editor.get(f"/nowhere/{SOUGHT}?q={SOUGHT}")
        await editor.post("/accounts/create", new_name=TRIED, new_role="viewer")
        made = await panel.container.admin_accounts().find(TRIED)
        link = await editor.post(f"/_api/accounts/row-action?name=link&pk={made.id}")
        secret = link.text.partition("/invitation#")[2].partition('"')[0]
        await editor.post("/password", current_password=PASSWORD, password=SECOND, again=SECOND)
        session = editor.client.cookies.get(SESSION_COOKIE, path="/admin")
        token = editor.client.cookies[TOKEN_COOKIE]
        await break_it(panel)
        broken = await editor.get(f"/tasks/detail?pk={task.id}&q={SOUGHT}")
        logging.getLogger("taskbot").debug("the end")

    assert broken.status_code == 503
    for told in (*PRIVATE, secret, session, token):
        assert told
        assert [line for line in logged if told in line] == []
    assert "taskbot the end" in logged[-1]


async def break_it(panel: Panel) -> None:
    async with panel.container.database().writing.begin() as connection:
        await connection.execute(text("ALTER TABLE tasks RENAME TO lost"))
