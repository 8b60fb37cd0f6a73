"""Operator: whoever runs taskbot, and how far they may reach into what is other people's."""

from enum import StrEnum
from typing import Final

from attrs import frozen

from taskbot.domain.errors import RoleInsufficient


class Role(StrEnum):
    """How far an operator may go; an editor may do what a viewer may."""

    VIEWER = "viewer"
    """Sees everything, and changes nothing."""
    EDITOR = "editor"
    """Mends what is wrong, and decides who else may."""


@frozen
class Operator:
    """Who acts: *name* is what they sign in by, and what the audit log knows them by."""

    name: str
    role: Role

    def require_editor(self) -> None:
        """Raise `RoleInsufficient` for who may only look."""
        if self.role is not Role.EDITOR:
            raise RoleInsufficient(Role.EDITOR.value)


COMMAND_LINE: Final = Operator("command line", Role.EDITOR)
"""Whoever gives commands on the machine itself; no account can have this name."""
