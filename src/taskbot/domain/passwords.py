"""Passwords of operators: which may be chosen (NIST SP 800-63B, section 3.1.1)."""

import unicodedata
from typing import Final

from taskbot.domain.errors import PasswordGuessable, PasswordTooLong, PasswordTooShort

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 1024
_MOST_TO_ONE: Final = 4
"""Code points that NFC makes one of, at most: what is longer need not be looked at."""
_FEWEST_DIFFERENT: Final = 5

# Long enough to be taken, and in every list that somebody who guesses begins with.
_WELL_KNOWN: Final = frozenset(
    {
        "abcdefghijkl",
        "administrator",
        "administrator1",
        "changemechangeme",
        "correcthorsebatterystaple",
        "iloveyou1234",
        "letmeinletmein",
        "passwordpassword",
        "q1w2e3r4t5y6",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopasdfghjkl",
        "йцукенгшщзхъ",
    }
)
_DIGITS: Final = "01234567890123456789012345678901234567890"
_BEGINNINGS: Final = ("password", "passw0rd", "adminadmin", "admin", "qwerty", "taskbot", "пароль")


def normalized_password(given: str) -> str:
    """*given* as it is hashed: composed (NFC), so that any keyboard types the same one.

    Of what is longer than any password may be, so much that it is still none.
    """
    composed = unicodedata.normalize("NFC", given[: LONGEST_PASSWORD * _MOST_TO_ONE + 1])
    return composed[: LONGEST_PASSWORD + 1]


def chosen_password(given: str, *, name: str) -> str:
    """*given* as it is hashed, if the operator *name* may have it.

    Raise `PasswordTooShort`, `PasswordTooLong` or `PasswordGuessable`.
    """
    password = normalized_password(given)
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong(LONGEST_PASSWORD)
    if _is_guessable(password.casefold(), name.casefold()):
        raise PasswordGuessable
    return password


def _is_guessable(password: str, name: str) -> bool:
    return (
        not password.replace(name, "")
        or len(set(password)) < _FEWEST_DIFFERENT
        or password in _WELL_KNOWN
        or any(_without(beginning, password) in _DIGITS for beginning in ("", name, *_BEGINNINGS))
    )


def _without(beginning: str, password: str) -> str:
    return password.removeprefix(beginning)
