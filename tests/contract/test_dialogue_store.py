"""What every `DialogueStore` promises."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.kept import Kept
from taskbot.application.ports import DIALOGUE_KEPT, Dialogue

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


async def test_nothing_kept_is_a_dialogue_without_step_and_answers(kept: Kept) -> None:
    assert await kept.dialogues.read("1:2") == Dialogue(None, {})


async def test_a_dialogue_survives_a_restart(kept: Kept, kept_elsewhere: Kept) -> None:
    dialogue = Dialogue("create:deadline", {"title": "Купить 🥛", "tags": ["a", None, 1.5, True]})

    await kept.dialogues.write("1:2", dialogue)

    assert await kept_elsewhere.dialogues.read("1:2") == dialogue


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.none() | st.text("abc:", min_size=1, max_size=20),
    answers=st.dictionaries(st.text(max_size=10), json_values, max_size=4),
)
async def test_any_dialogue_comes_back_as_it_was(
    kept: Kept, step: str | None, answers: dict[str, object]
) -> None:
    await kept.dialogues.write("1:2", Dialogue(step, answers))

    assert await kept.dialogues.read("1:2") == Dialogue(step, answers)


async def test_the_newest_is_kept_and_other_keys_are_left_alone(kept: Kept) -> None:
    await kept.dialogues.write("other", Dialogue("other", {}))
    await kept.dialogues.write("1:2", Dialogue("title", {"a": 1}))

    await kept.dialogues.write("1:2", Dialogue("description", {"b": 2}))

    assert await kept.dialogues.read("1:2") == Dialogue("description", {"b": 2})
    assert await kept.dialogues.read("other") == Dialogue("other", {})


async def test_what_has_neither_step_nor_answers_is_forgotten(kept: Kept) -> None:
    await kept.dialogues.write("1:2", Dialogue("title", {"a": 1}))

    await kept.dialogues.write("1:2", Dialogue(None, {}))
    await kept.dialogues.write("1:2", Dialogue(None, {}))

    assert await kept.dialogues.read("1:2") == Dialogue(None, {})


async def test_a_dialogue_is_forgotten_a_week_after_its_last_step(kept: Kept) -> None:
    await kept.dialogues.write("1:2", Dialogue("title", {"a": 1}))
    await kept.pass_time(DIALOGUE_KEPT - MINUTE)
    assert await kept.dialogues.read("1:2") == Dialogue("title", {"a": 1})

    await kept.dialogues.write("1:2", Dialogue("description", {"a": 1}))
    await kept.pass_time(DIALOGUE_KEPT - MINUTE)
    assert await kept.dialogues.read("1:2") == Dialogue("description", {"a": 1})

    await kept.pass_time(2 * MINUTE)
    assert await kept.dialogues.read("1:2") == Dialogue(None, {})


async def test_purging_throws_away_what_has_expired_and_nothing_else(kept: Kept) -> None:
    await kept.dialogues.write("old", Dialogue("title", {}))
    await kept.pass_time(DIALOGUE_KEPT)
    await kept.dialogues.write("new", Dialogue("title", {}))

    await kept.expiring[0].purge_expired()

    assert await kept.expiring[0].purge_expired() == 0
    assert await kept.dialogues.read("old") == Dialogue(None, {})
    assert await kept.dialogues.read("new") == Dialogue("title", {})


async def test_a_persons_dialogues_are_forgotten_and_no_others(kept: Kept) -> None:
    for key in ("1:2", "7:2:2", "other", "2:22", "2:-2", "1:2:22"):
        await kept.dialogues.write(key, Dialogue("title", {}))
    await kept.dialogues.write("7:2:2", Dialogue("description", {"a": 1}))

    await kept.dialogues.forget(2)
    await kept.dialogues.forget(404)

    left = {
        key
        for key in ("1:2", "7:2:2", "other", "2:22", "2:-2", "1:2:22")
        if (await kept.dialogues.read(key)).step is not None
    }
    assert left == {"other", "2:22", "2:-2", "1:2:22"}


async def test_answers_that_are_changed_later_do_not_change_what_is_kept(kept: Kept) -> None:
    answers = {"tags": ["a"]}
    await kept.dialogues.write("1:2", Dialogue("title", answers))

    answers["tags"].append("b")
    (await kept.dialogues.read("1:2")).answers["tags"].append("c")

    assert await kept.dialogues.read("1:2") == Dialogue("title", {"tags": ["a"]})
