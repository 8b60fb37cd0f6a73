"""What operators are told when something is refused."""

from collections.abc import Iterator

import pytest
from starlette_admin import i18n

from taskbot.adapters.admin import words
from taskbot.adapters.admin.refusals import WORDS, in_words
from taskbot.domain import errors
from taskbot.domain.errors import DomainError

# Said to programs and to people in the chat, by whom alone they can be met.
OF_OTHERS = {
    errors.ExpiryInPast,
    errors.ExpiryTooLate,
    errors.InsufficientScope,
    errors.InvalidAccessToken,
    errors.NoScope,
    errors.NoSeveralLines,
    errors.SignInUnavailable,
    errors.SnoozeOutOfRange,
    errors.TaskNamedTwice,
    errors.TooManyTasks,
    errors.UnprovenIdentity,
}
EXAMPLES: dict[str, object] = {"length": 300, "limit": 200, "limit_days": 365}


@pytest.fixture(autouse=True)
def in_russian() -> Iterator[None]:
    words.learn()
    i18n.set_locale("ru")
    yield
    i18n.set_locale("en")


def test_every_refusal_that_operators_can_meet_has_words() -> None:
    public = {one for one in vars(errors).values() if isinstance(one, type)}
    all_of_them = {one for one in public if issubclass(one, DomainError) and "code" in vars(one)}

    assert set(WORDS) == all_of_them - OF_OTHERS


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_refusal_can_be_said(kind: type[DomainError]) -> None:
    names = kind.__annotations__.keys() - {"code", "field"}
    given = {name: EXAMPLES.get(name, 1) for name in names}
    if kind is errors.TooManySignIns:
        given = {"wait": errors.TooManySignIns.__annotations__["wait"](seconds=90)}

    said = in_words(kind(**given))

    assert said
    assert "%(" not in said
    assert said != WORDS[kind]
