"""Refusals to those who run taskbot. The bot never says them: people do not meet them."""

from typing import ClassVar

from attrs import frozen

from taskbot.domain.errors.kinds import Forbidden


@frozen
class RoleInsufficient(Forbidden):
    """*role* is what the operator would have to have."""

    code: ClassVar[str] = "role-insufficient"
    role: str

    def __str__(self) -> str:
        return f"this is for operators of the role {self.role}"
