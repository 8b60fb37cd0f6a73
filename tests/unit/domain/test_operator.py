"""Operators, and how far they may go."""

import pytest

from taskbot.domain.errors import RoleInsufficient
from taskbot.domain.operator import Operator, Role


def test_an_editor_may_do_what_needs_an_editor() -> None:
    Operator("ann", Role.EDITOR).require_editor()


def test_a_viewer_is_told_the_role_that_would_be_needed() -> None:
    with pytest.raises(RoleInsufficient) as refusal:
        Operator("bob", Role.VIEWER).require_editor()

    assert refusal.value.role == "editor"
