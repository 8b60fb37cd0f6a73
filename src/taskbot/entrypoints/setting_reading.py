"""How settings are read: from the environment, `.env`, and the files that they name."""

import os
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

import environ
from attrs import define, fields_dict, frozen
from dotenv import dotenv_values

from taskbot.entrypoints.setting_files import content_of, variables_of_files
from taskbot.entrypoints.setting_values import Unusable

_T = TypeVar("_T")

PREFIX: Final = "TASKBOT"
ENV_FILE: Final = ".env"


@define
class BadSetting(Exception):
    """The variable *name* has a value that cannot be used. Its value is not repeated here."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@frozen(kw_only=True)
class Reading(Generic[_T]):
    """What the environment says, as far as it can be used.

    *refused*: by the setting's variable (or by `.env`, if that is at fault), why it is as if it
    were not set. *unknown*: variables that look like settings and are none. *files*: by the
    setting's variable, the file in which it stands. *known*: the variables of all settings.
    *in_env_file*: the variables that `.env` names.
    """

    settings: _T
    refused: Mapping[str, BadSetting]
    unknown: tuple[str, ...]
    files: Mapping[str, str]
    known: tuple[str, ...]
    in_env_file: frozenset[str]

    def is_refused(self, setting: str) -> bool:
        return variable_of(setting) in self.refused


def variable_of(setting: str) -> str:
    return f"{PREFIX}_{setting.upper()}"


def read_from(
    kind: type[_T], environment: Mapping[str, str] | None, options: Mapping[str, str | None]
) -> Reading[_T]:
    """Read settings of this *kind* from *environment*, or the real one; see `read_settings`."""
    refused = dict[str, BadSetting]()
    in_env_file = _env_file(refused) if environment is None else {}
    given = in_env_file | dict(os.environ if environment is None else environment)
    given = {name: value for name, value in given.items() if value}
    known = [variable_of(setting) for setting in fields_dict(kind)]  # type: ignore[arg-type] # the decorator is not annotated
    files = variables_of_files(known)
    unknown = tuple(
        name
        for name in given
        if name.startswith(f"{PREFIX}_") and name not in known and name not in files.values()
    )
    chosen = {variable_of(name): value for name, value in options.items() if value}
    named = {name: variable for name, variable in files.items() if variable in given}
    from_files: dict[str, str] = {}
    for name, variable in named.items():
        try:
            from_files[name] = _from_file(name, variable, given)
        except BadSetting as refusal:
            refused[name] = refusal
    usable = given | from_files | chosen
    for name in known:
        if name in usable and name not in refused:
            is_from_file = name in from_files and name not in chosen
            said_by = files[name] if is_from_file else name
            try:
                environ.to_config(kind, environ={name: usable[name]})
            except Unusable as refusal:  # read by itself: so it is known whose it is
                refused[name] = BadSetting(said_by, str(refusal))
    usable = {name: value for name, value in usable.items() if name not in refused}
    settings: Any = environ.to_config(kind, environ=usable)
    return Reading(
        settings=settings,
        refused=refused,
        unknown=unknown,
        files={name: given[variable] for name, variable in named.items()},
        known=tuple(known),
        in_env_file=frozenset(name for name, value in in_env_file.items() if value),
    )


def _from_file(name: str, variable: str, given: Mapping[str, str]) -> str:
    """What stands in the file that *variable* names."""
    if name in given:
        raise BadSetting(variable, f"{name} is set as well: which of the two is meant?")
    try:
        return content_of(given[variable])
    except Unusable as refusal:
        raise BadSetting(variable, str(refusal)) from None


def _env_file(refused: dict[str, BadSetting]) -> dict[str, str]:
    """What `.env` here says; nothing, and it is *refused*, if it cannot be read."""
    try:
        there = dotenv_values(ENV_FILE)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        refused[ENV_FILE] = BadSetting(ENV_FILE, f"it cannot be read: {reason}")
        return {}
    return {name: value or "" for name, value in there.items()}
