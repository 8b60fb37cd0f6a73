"""The settings themselves: what cannot be used, what has no effect, what must not be shown."""

import difflib
import platform
import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import field, fields_dict, frozen

from taskbot.application.doctor import Problem, ProblemKind, Seen
from taskbot.entrypoints.setting_pairs import halves
from taskbot.entrypoints.setting_values import Secret
from taskbot.entrypoints.settings import BadSetting, Reading, Settings, variable_of

_HIDDEN: Final = "[secret]"
_SHORTEST: Final = 4
"""A shorter secret than this is in every other word: there is nothing to be hidden any more."""
# Whoever sets TASKBOT_BOT_TOKEN_FILE to the token itself is told of a file by that name. The
# words of our own samples stay.
_LOOKS_SECRET: Final = re.compile(
    r"(?<!\d)\d{3,20}:[A-Za-z0-9_-]{10,}|(?<=://)(?!(?:user)?:password@)[^@/\s]*(?=@)"
)


@frozen
class Configuration:
    _reading: Reading[Settings]

    async def look(self) -> Seen:
        facts = {"release": version("taskbot"), "python": platform.python_version()}
        return Seen(facts, [*self._refused(), *self._unknown()])

    def _refused(self) -> Iterator[Problem]:
        refused = self._reading.refused
        yield from map(_bad, refused.values())
        for refusal in _contradictions(self._reading.settings):
            if refusal.name not in refused:  # one cause is told once
                yield _bad(refusal)

    def _unknown(self) -> Iterator[Problem]:
        for name in self._reading.unknown:
            meant = difflib.get_close_matches(name, self._reading.known, n=1, cutoff=0.8)
            yield Problem(
                kind=ProblemKind.UNKNOWN_SETTING,
                values={"name": name},
                remedy=meant[0] if meant else "taskbot settings",
                is_grave=False,
            )


def _bad(refusal: BadSetting) -> Problem:
    return Problem(
        kind=ProblemKind.BAD_SETTING,
        values={"name": refusal.name, "reason": refusal.reason},
        remedy="taskbot settings",
    )


def _contradictions(settings: Settings) -> Iterator[BadSetting]:
    yield from halves(settings)
    if settings.webhook_url is not None:
        from taskbot.entrypoints.webhook import webhook_address  # noqa: PLC0415 - loads a server

        try:
            webhook_address(settings)
        except BadSetting as refusal:
            yield refusal


def secret_settings() -> tuple[str, ...]:
    """The names of settings that hold secrets."""
    every = fields_dict(Settings)  # type: ignore[arg-type] # the decorator is not annotated
    return tuple(name for name, one in every.items() if "Secret" in str(one.type))


@frozen
class Discretion:
    """Takes out of texts whatever the settings keep secret."""

    _secrets: tuple[str, ...] = field(repr=False)

    @classmethod
    def about(cls, settings: Settings) -> "Discretion":
        values = (getattr(settings, name) for name in secret_settings())
        revealed = [value.reveal() for value in values if isinstance(value, Secret)]
        parts = {part for value in revealed for part in _parts(value)}
        hidden = [part for part in parts if len(part) >= _SHORTEST]
        return cls(tuple(sorted(hidden, key=len, reverse=True)))

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _LOOKS_SECRET.sub(_HIDDEN, text)


def _parts(value: str) -> Iterator[str]:
    """The value itself, and the password in it, written either way."""
    yield value
    parts = urlsplit(value) if "://" in value else None
    if parts is not None and parts.password is not None:
        shown = {parts.username, parts.path.strip("/"), "taskbot"}
        # As good as the name of the user: who hid it would hide half of what is said.
        yield from (one for one in (parts.password, unquote(parts.password)) if one not in shown)
    number, colon, rest = value.partition(":")
    if colon and number.isdigit():
        yield rest


def has_secrets(reading: Reading[Settings]) -> bool:
    """Whether `.env` has some."""
    return any(variable_of(name) in reading.in_env_file for name in secret_settings())
