"""Why nothing answers, without what libraries add to it."""

import errno
import socket

import pytest

from taskbot.adapters.causes import cause_of


class LibraryError(Exception):
    """What a library makes of it, with the address in its text."""


def caught(cause: Exception) -> LibraryError:
    error = LibraryError("redis://:canary@host")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "to canary"), "Connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name not known"), "Name not known"),
        (TimeoutError("canary"), "LibraryError"),
        (ValueError("canary"), "LibraryError"),
    ],
)
def test_the_systems_words_are_found_beneath_those_of_libraries(
    cause: Exception, told: str
) -> None:
    assert cause_of(caught(cause)) == told
    assert cause_of(caught(caught(cause))) == told
