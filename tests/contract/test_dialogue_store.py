"""What every `DialogueStore` promises."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.backends import Storage
from taskbot.application.ports import Dialogue

pytestmark = pytest.mark.anyio

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


async def test_nothing_kept_is_a_dialogue_without_step_and_answers(storage: Storage) -> None:
    assert await storage.dialogues.read("1:2") == Dialogue(None, {})


async def test_a_dialogue_survives_a_restart(storage: Storage, rival: Storage) -> None:
    dialogue = Dialogue("create:deadline", {"title": "Купить 🥛", "tags": ["a", None, 1.5, True]})

    await storage.dialogues.write("1:2", dialogue)

    assert await rival.dialogues.read("1:2") == dialogue


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.none() | st.text("abc:", min_size=1, max_size=20),
    answers=st.dictionaries(st.text(max_size=10), json_values, max_size=4),
)
async def test_any_dialogue_comes_back_as_it_was(
    storage: Storage, step: str | None, answers: dict[str, object]
) -> None:
    await storage.dialogues.write("1:2", Dialogue(step, answers))

    assert await storage.dialogues.read("1:2") == Dialogue(step, answers)


async def test_the_newest_is_kept_and_other_keys_are_left_alone(storage: Storage) -> None:
    await storage.dialogues.write("other", Dialogue("other", {}))
    await storage.dialogues.write("1:2", Dialogue("title", {"a": 1}))

    await storage.dialogues.write("1:2", Dialogue("description", {"b": 2}))

    assert await storage.dialogues.read("1:2") == Dialogue("description", {"b": 2})
    assert await storage.dialogues.read("other") == Dialogue("other", {})


async def test_what_has_neither_step_nor_answers_is_forgotten(storage: Storage) -> None:
    await storage.dialogues.write("1:2", Dialogue("title", {"a": 1}))

    await storage.dialogues.write("1:2", Dialogue(None, {}))
    await storage.dialogues.write("1:2", Dialogue(None, {}))

    assert await storage.dialogues.read("1:2") == Dialogue(None, {})


async def test_answers_that_are_changed_later_do_not_change_what_is_kept(storage: Storage) -> None:
    answers = {"tags": ["a"]}
    await storage.dialogues.write("1:2", Dialogue("title", answers))

    answers["tags"].append("b")
    (await storage.dialogues.read("1:2")).answers["tags"].append("c")

    assert await storage.dialogues.read("1:2") == Dialogue("title", {"tags": ["a"]})
