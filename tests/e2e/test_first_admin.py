"""Whoever starts taskbot is offered the first admin account, on the screen and nowhere else."""

from pathlib import Path

import pytest

from support.processes import taskbot_says
from support.product import running_product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_the_first_link_is_on_the_screen_as_long_as_there_is_no_account(
    tmp_path: Path,
) -> None:
    public = {"TASKBOT_PUBLIC_URL": "https://tasks.example.org"}
    async with running_product(tmp_path) as product:
        link = await product.process.address("First admin")
        own = f"{product.api}/admin/invitation#"
        await product.process.ask_to_stop()
        log = product.process.log()
    async with running_product(tmp_path, public) as product:
        behind_a_proxy = await product.process.address("First admin")
        made = await taskbot_says(
            *("admin", "create-user", "ann", "--role", "editor", "--link"),
            folder=tmp_path,
            environment=public,
        )
    async with running_product(tmp_path) as product:
        await product.process.ask_to_stop()
        await product.process.read_to_the_end()
        said = "\n".join(product.process.lines)

    assert link.startswith(own)
    assert link.partition("#")[2] not in log
    for other in (behind_a_proxy, made):
        assert other.startswith("https://tasks.example.org/admin/invitation#")
    assert len({link, behind_a_proxy, made}) == 3
    assert "API docs" in said
    assert "invitation" not in said
