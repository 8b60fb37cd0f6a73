"""What is a person's own: figures, a token for their program, a file, and an end to it all."""

import re
from typing import Final

import httpx
import pytest

from support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET: Final = re.compile(r"tb_[0-9A-Za-z]{36}")


async def test_a_program_gets_its_token_in_the_chat_and_no_log_has_it(product: Product) -> None:
    person = await product.a_person()
    assert "nothing to count yet" in (await person.say("/stats"))["text"]

    await person.say("/token")
    await person.press("New token")
    await person.say("my laptop")
    await person.press("Read and change tasks")
    await person.press("30 days")
    shown = await person.sees("vanishes in a minute")
    found = SECRET.search(shown["text"])
    assert found is not None
    headers = {"Authorization": f"Bearer {found[0]}"}
    async with httpx.AsyncClient(
        base_url=f"{product.api}/api/v1", headers=headers, timeout=30, trust_env=False
    ) as program:
        created = await program.post("/tasks", json={"title": "From my laptop"})
        account = await program.get("/tokens")
    await person.press("I have it")

    assert (created.status_code, account.status_code) == (201, 403)
    await person.sees("my laptop", "last used: today")
    assert not any(SECRET.search(text) for text in await person.transcript())
    assert found[0] not in product.process.log()
    assert (await person.say("/stats"))["photo"]["width"] == 1080
    assert (await person.say("/export"))["document"]["name"].endswith(".json")


async def test_who_leaves_is_shown_the_way_back(product: Product) -> None:
    person = await product.a_person(language="ru")

    await person.say("/delete_me")
    await person.press("Да, удалить всё")
    await person.say("/start")
    await person.sees("Профиль будет удалён")
    await person.press("Оставить профиль")

    await person.sees("Профиль остаётся")
