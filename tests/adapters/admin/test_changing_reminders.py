"""Dead letters and access tokens, decided on by operators."""

from datetime import timedelta

import pytest

from support.builders import NOW, a_reminder_of, a_task, a_user, an_access_token
from support.operators import entries
from support.panel import Panel, on_each_database
from support.panel_forms import act, act_on_one, alerts, buttons
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.operator import Role
from taskbot.domain.reminder import ReminderState

pytestmark = pytest.mark.anyio

TASK = a_task(deadline=TimedDeadline(NOW + timedelta(days=1), "Europe/Moscow"))


@on_each_database
async def test_dead_letters_are_retried_and_discarded(panel: Panel) -> None:
    person = a_user(id=TASK.owner_id)
    dead = [a_reminder_of(TASK).give_up(error="chat not found") for _ in range(5)]
    await panel.storage.keep(person, TASK, *dead)
    editor = await panel.operator("olga")
    viewer = await panel.operator("victor", Role.VIEWER)
    page = f"https://panel.test/admin/dead-letters/detail?pk={dead[0].id}"

    refused = await act(viewer, "dead-letters", "discard", select_all="")
    retried = await act_on_one(editor, "dead-letters", "retry", dead[0].id, origin=page)
    discarded = await act_on_one(editor, "dead-letters", "discard", dead[1].id)
    await alerts(editor)
    several = await act(editor, "dead-letters", "retry", dead[0].id, dead[2].id)
    told = await alerts(editor)
    rest = await act(editor, "dead-letters", "discard", select_all="")
    none = await act(editor, "dead-letters", "discard", select_all="")

    states = [(await panel.storage.reminder(one.id)).state for one in dead]
    withdrawn = [(await panel.storage.reminder(one.id)).withdrawn for one in dead]
    assert refused.refusal == "This is for operators of the role editor."
    assert retried.redirect == "https://panel.test/admin/dead-letters/list"
    assert discarded.status == several.status == rest.status == 200
    assert told == ["1 done.", "1 refused: This reminder is no longer a dead letter."]
    assert none.refusal == "Please select at least one item"
    assert states[0] == states[2] == ReminderState.PLANNED
    assert all(withdrawn[place] or states[place] == "cancelled" for place in (1, 3, 4))
    log = [entry for entry in await entries(panel.storage.queries) if entry.operator == "victor"]
    assert [entry.refusal for entry in log[:5]] == ["role-insufficient"] * 5


async def test_reminders_are_taken_back_while_they_are_ahead(panel: Panel) -> None:
    person = a_user(id=TASK.owner_id)
    ahead = a_reminder_of(TASK, fire_at=NOW + timedelta(hours=1))
    sent = a_reminder_of(TASK, state=ReminderState.CANCELLED, available_at=None)
    await panel.storage.keep(person, TASK, ahead, sent)
    editor = await panel.operator("olga")
    pages = [await editor.get(f"/reminders/detail?pk={one.id}") for one in (ahead, sent)]
    page = f"https://panel.test/admin/reminders/detail?pk={ahead.id}"

    done = await act_on_one(editor, "reminders", "remove", ahead.id, origin=page)
    over = await act_on_one(editor, "reminders", "remove", sent.id)

    assert [buttons(one) for one in pages] == [{"remove"}, set()]
    assert done.redirect in {page, "https://panel.test/admin/reminders/list"}
    assert over.refusal == "There is no such reminder any more."
    assert (await panel.storage.reminder(ahead.id)).state is ReminderState.CANCELLED
    assert (await editor.get(f"/reminders/detail?pk={ahead.id}")).status_code == 200


@on_each_database
async def test_tokens_are_revoked(panel: Panel) -> None:
    person = a_user()
    tokens = [an_access_token(owner_id=person.id) for _ in range(3)]
    await panel.storage.keep(person, *tokens)
    editor = await panel.operator("olga")
    viewer = await panel.operator("victor", Role.VIEWER)
    page = f"https://panel.test/admin/tokens/detail?pk={tokens[0].id}"

    refused = await act_on_one(viewer, "tokens", "revoke", tokens[0].id)
    one = await act_on_one(editor, "tokens", "revoke", tokens[0].id, origin=page)
    await alerts(editor)
    several = await act(editor, "tokens", "revoke", *(token.id for token in tokens))
    told = await alerts(editor)

    assert refused.refusal == "This is for operators of the role editor."
    assert one.redirect == "https://panel.test/admin/tokens/list"
    assert several.status == 200
    assert told == ["2 done.", "1 refused: There is no such access token."]
    assert await panel.storage.queries.access_tokens(person.id) == []
    assert (await editor.get(f"/tokens/detail?pk={tokens[0].id}")).status_code == 404
