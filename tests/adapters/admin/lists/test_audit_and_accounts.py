"""The audit log and the admin accounts, as operators read them."""

from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW, a_task, a_user, an_admin_account, an_audit_entry
from support.panel_lists import Panel, text_of, watched
from taskbot.domain.audit import AuditedKind, AuditEntry, AuditVerb
from taskbot.domain.operator import Role

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True),
]


async def log(storage: Storage, *entries: AuditEntry) -> None:
    async with storage.unit_of_work() as uow:
        await uow.audit.add(*entries)
        await uow.commit()


async def test_entries_are_told_the_newest_first(panel: Panel, storage: Storage) -> None:
    user = a_user()
    task = a_task(owner_id=user.id)
    await storage.keep(user, task)
    done = an_audit_entry(object_id=str(task.id), owner_id=user.id)
    refused = an_audit_entry(
        at=NOW + timedelta(minutes=1),
        operator="vera",
        verb=AuditVerb.SIGN_IN,
        object_kind=AuditedKind.ADMIN_ACCOUNT,
        object_id=None,
        owner_id=None,
        refusal="wrong_password",
        diff={},
    )
    await log(storage, done, refused)

    first, second = await panel.rows("audit")
    page = await panel.page("audit/detail", pk=str(done.id))

    assert (first["operator"], first["verb"], first["refusal"]) == (
        "vera",
        "signed in",
        "wrong_password",
    )
    assert (second["verb"], second["object_id"]) == ("changed a task", str(task.id))
    assert "title Buy milk Buy bread" in text_of(page)
    assert f"/admin/tasks/detail?pk={task.id}" in page
    assert f"/admin/people/detail?pk={user.id}" in page


async def test_the_log_is_narrowed_down(panel: Panel, storage: Storage) -> None:
    user = a_user()
    task = a_task(owner_id=user.id)
    await storage.keep(user, task)
    one = an_audit_entry(object_id=str(task.id), owner_id=user.id)
    other = an_audit_entry(operator="vera", refusal="forbidden", verb="from-a-later-release")
    await log(storage, one, other)

    for condition in (
        "operator__eq=olga",
        "refusal__is_null",
        "verb__eq=task.edit",
        f"object_kind__eq=task AND object_id__eq={task.id}",
        f"owner_id__eq={user.id}",
        f"owner_id__eq={user.telegram_id}",
    ):
        assert await panel.ids("audit", filter=condition) == [str(one.id)], condition
    for text in ("olga", "OL", str(task.id), str(user.id), str(one.id)):
        assert await panel.ids("audit", q=text) == [str(one.id)], text
    assert await panel.ids("audit", filter="refusal__eq=forbidden") == [str(other.id)]
    assert (await panel.rows("audit", q="vera"))[0]["verb"] == "from-a-later-release"
    assert f"object_id__eq%3D{task.id}" in await panel.page("tasks/detail", pk=str(task.id))


async def test_accounts_are_told_without_their_passwords(panel: Panel, storage: Storage) -> None:
    account = an_admin_account(role=Role.VIEWER)
    invited = an_admin_account(password_hash=None)
    await storage.keep(account, invited)

    with watched(panel.database) as asked:
        rows = await panel.rows("accounts", filter="role__eq=viewer")
        page = await panel.page("accounts/detail", pk=str(account.id))

    assert [(row["name"], row["role"], row["has_password"]) for row in rows] == [
        (account.name, "viewer", "yes")
    ]
    assert await panel.ids("accounts", filter="has_password__is_false") == [str(invited.id)]
    assert await panel.ids("accounts", q=account.name.upper()) == [str(account.id)]
    assert account.password_hash is not None
    assert account.password_hash not in page
    assert f"operator__eq%3D%22{account.name}%22" in page
    assert not any("password_hash," in text for text in asked.texts)
