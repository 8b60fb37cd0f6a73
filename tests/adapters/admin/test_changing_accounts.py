"""Admin accounts, decided on by editors."""

import re

import pytest
from ulid import ULID

from support.operators import entries
from support.panel import PASSWORD, Browser, Panel, on_each_database
from support.panel_forms import Form, act_on_one, buttons, change, form, save, words_of
from taskbot.domain.audit import AuditVerb
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Role

pytestmark = pytest.mark.anyio


async def make(browser: Browser, **fields: str) -> Form:
    named = {f"new_{name}": text for name, text in fields.items()}
    return Form.on(await browser.post("/accounts/create", **named))


async def link_for(browser: Browser, account_id: ULID) -> tuple[str, str]:
    """The page on which a one-time link is shown, and the link."""
    page = await browser.post(f"/_api/accounts/row-action?name=link&pk={account_id}")
    assert page.status_code == 200, page.text
    assert page.headers["cache-control"] == "no-store"
    (link,) = re.findall(r'data-copy-value="(https://[^"]+#[^"]+)"', page.text)
    return page.text, link


@on_each_database
async def test_an_account_is_made_and_its_link_sets_the_password_in_another_browser(
    panel: Panel,
) -> None:
    editor = await panel.operator("olga")
    accounts = panel.container.admin_accounts()

    made = await make(editor, name=" Bob ", role="viewer")
    bob = await accounts.find("bob")
    told = await editor.get("/accounts/list")
    page, link = await link_for(editor, bob.id)
    secret = link.rpartition("#")[2]
    elsewhere = panel.stranger()
    opened = await elsewhere.get(link.removeprefix("https://panel.test/admin").partition("#")[0])
    chosen = await elsewhere.post("/invitation", code=secret, password=PASSWORD, again=PASSWORD)
    twice = await panel.stranger().post("/invitation", code=secret)

    assert made.status == 303
    assert "Now make a one-time link" in words_of(told.text)
    assert (bob.role, bob.active) == (Role.VIEWER, True)
    assert "One-time link for bob" in words_of(page)
    assert opened.status_code == 200
    assert chosen.status_code == 303
    assert twice.status_code == 422
    assert (await elsewhere.get("/tasks/list")).status_code == 200
    assert (await panel.stranger().sign_in("bob")).status_code == 303
    for entry in await entries(panel.storage.queries):
        assert secret not in str(entry)
    for listed in ("/accounts/list", f"/accounts/detail?pk={bob.id}", "/audit/list"):
        assert secret not in (await editor.get(listed)).text


async def test_what_no_account_can_be_made_of_is_refused_at_its_field(panel: Panel) -> None:
    editor = await panel.operator("olga")

    for name, role, field in (
        ("", "viewer", "new_name"),
        ("<b>", "viewer", "new_name"),
        ("x" * 65, "viewer", "new_name"),
        ("bob", "", "new_role"),
        ("bob", "owner", "new_role"),
    ):
        refused = await make(editor, name=name, role=role)
        assert (refused.status, set(refused.errors)) == (422, {field}), (name, role)
        assert refused.values["new_name"] == name
    taken = await make(editor, name="OLGA", role="viewer")

    assert taken.status == 422
    assert "There is an account of this name already." in {*taken.alerts, *taken.errors.values()}
    assert len(await panel.container.admin_accounts().list()) == 1


async def test_a_role_can_be_changed_and_a_name_cannot(panel: Panel) -> None:
    editor = await panel.operator("olga")
    await panel.an_account("bob", Role.VIEWER)
    accounts = panel.container.admin_accounts()
    bob = await accounts.find("bob")

    shown = await form(editor, "accounts", bob.id)
    changed = await save(editor, "accounts", bob.id, new_role="editor", new_name="eve")

    assert shown.values == {"new_role": "viewer"}
    assert changed.status_code == 303
    bob = await accounts.get(bob.id)
    assert (bob.name, bob.role) == ("bob", Role.EDITOR)


async def test_the_last_editor_stays_one(panel: Panel) -> None:
    editor = await panel.operator("olga")
    await panel.an_account("victor", Role.VIEWER)
    accounts = panel.container.admin_accounts()
    olga = await accounts.find("olga")

    demoted = Form.on(await change(editor, "accounts", olga.id, role="viewer"))
    unchanged = await change(editor, "accounts", olga.id)
    deactivated = await act_on_one(editor, "accounts", "deactivate", olga.id)

    told = "This is the last editor who can sign in: make somebody else one before."
    assert (demoted.status, demoted.alerts) == (422, [told])
    assert demoted.values["new_role"] == "viewer"
    assert unchanged.status_code == 303
    assert deactivated.refusal == told
    assert await accounts.get(olga.id) == olga


async def test_an_account_is_deactivated_and_reactivated(panel: Panel) -> None:
    editor = await panel.operator("olga")
    bob = await panel.operator("bob")
    account = await panel.container.admin_accounts().find("bob")

    await act_on_one(editor, "accounts", "deactivate", account.id)
    out = await bob.get("/tasks/list")
    page = await editor.get(f"/accounts/detail?pk={account.id}")
    link = await editor.post(f"/_api/accounts/row-action?name=link&pk={account.id}")
    told = await editor.get(f"/accounts/detail?pk={account.id}")
    await act_on_one(editor, "accounts", "reactivate", account.id)

    assert out.status_code == 303
    assert buttons(page) == {"edit", "reactivate"}
    assert link.status_code == 303
    assert link.headers["location"] == str(page.url)
    assert "This account is deactivated." in words_of(told.text)
    assert (await bob.sign_in("bob")).status_code == 303


async def test_who_demotes_themselves_is_a_viewer_at_once(panel: Panel) -> None:
    await panel.an_account("boss")
    editor = await panel.operator("olga")
    olga = await panel.container.admin_accounts().find("olga")

    answer = await change(editor, "accounts", olga.id, role="viewer")

    assert answer.status_code == 303
    assert (await editor.get(f"/accounts/edit?pk={olga.id}")).status_code == 403
    assert buttons(await editor.get("/tasks/list")) <= {"export", "view"}


async def test_a_viewer_decides_on_nobody_and_that_is_on_the_record(panel: Panel) -> None:
    viewer = await panel.operator("victor", Role.VIEWER)
    await panel.an_account("olga")
    accounts = panel.container.admin_accounts()
    olga = await accounts.find("olga")
    me = await accounts.find("victor")

    pages = [
        await viewer.get(path) for path in ("/accounts/create", f"/accounts/edit?pk={olga.id}")
    ]
    made = await make(viewer, name="mallory", role="editor")
    promoted = await save(viewer, "accounts", me.id, new_role="editor")
    link = await viewer.post(f"/_api/accounts/row-action?name=link&pk={olga.id}")
    answers = [
        await act_on_one(viewer, "accounts", name, olga.id) for name in ("deactivate", "reactivate")
    ]

    assert [page.status_code for page in pages] == [403, 403]
    assert "/create" not in (await viewer.get("/accounts/list")).text
    assert made.status == promoted.status_code == 422
    assert link.status_code == 303
    assert {answer.status for answer in answers} == {400}
    assert {one.name: one.role for one in await accounts.list()} == {
        "olga": Role.EDITOR,
        "victor": Role.VIEWER,
    }
    log = await entries(panel.storage.queries)
    assert [entry.verb for entry in log if entry.refusal == "role-insufficient"] == [
        AuditVerb.ACCOUNT_REACTIVATE,
        AuditVerb.ACCOUNT_DEACTIVATE,
        AuditVerb.ACCOUNT_INVITE,
        AuditVerb.ACCOUNT_ROLE,
        AuditVerb.ACCOUNT_CREATE,
    ]


async def test_what_is_done_to_an_account_that_is_not_there_is_refused(panel: Panel) -> None:
    editor = await panel.operator("olga")
    nobody = AdminAccountId(ULID())

    answers = [
        await act_on_one(editor, "accounts", name, nobody) for name in ("deactivate", "reactivate")
    ]

    assert {answer.refusal for answer in answers} == {"There is no such account."}
    assert (await editor.get(f"/accounts/edit?pk={nobody}")).status_code == 404
