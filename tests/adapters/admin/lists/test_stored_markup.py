"""What people wrote is text, wherever the panel shows it."""

import logging

import pytest

from support.backends import Storage
from support.household import KEYS, a_household
from support.panel_lists import Panel

pytestmark = pytest.mark.anyio

SCRIPT = "<script>alert(1)</script>"
IMAGE = "\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("evil", [SCRIPT, IMAGE])
async def test_stored_markup_is_inert(panel: Panel, storage: Storage, evil: str) -> None:
    home = await a_household(
        storage,
        title=evil,
        description=evil,
        name=evil,
        category=evil,
        token=evil,
        error=evil,
    )

    for key in KEYS:
        for path, query in (
            (f"{key}/list", {"q": evil}),
            (f"{key}/list", {}),
            (f"{key}/detail", {"pk": home.ids[key]}),
        ):
            page = await panel.page(path, **query)
            assert SCRIPT not in page, path
            assert "<img src=x" not in page, path


@pytest.mark.parametrize("evil", [SCRIPT, IMAGE])
async def test_what_a_form_offers_is_inert(panel: Panel, storage: Storage, evil: str) -> None:
    home = await a_household(storage, title=evil, name=evil, category=evil, token=evil)

    for key in KEYS:
        answer = await panel.browser.get(
            f"/admin/_api/{key}/relation-lookup", params={"pks": home.ids[key]}
        )
        (offered,) = answer.json()["items"]
        # These go into the page as they are; all else is data.
        for markup in offered["_meta"]["select2"].values():
            assert "<script" not in markup
            assert "<img" not in markup


async def test_what_operators_look_for_is_in_no_log(
    panel: Panel, storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    home = await a_household(storage, title="Quit my job")

    with caplog.at_level(logging.DEBUG):
        await panel.page("tasks/list", q="Quit my job")
        await panel.page("tasks/detail", pk=home.ids["tasks"])
        await panel.browser.get("/admin/tasks/list", params={"filter": "due__before=job"})
        await panel.export("tasks", "?q=job")

    # The drivers of this test and of the database tell what they do when they are asked to.
    ours = [one for one in caplog.records if not one.name.startswith(("aiosqlite", "httpx"))]
    assert [one.getMessage() for one in ours if "job" in one.getMessage().lower()] == []
