"""Entries of the audit log, and what is different in them."""

import pytest

from support.builders import an_audit_entry
from taskbot.domain.audit import CLIENT_LIMIT, OPERATOR_LIMIT, State, difference
from taskbot.domain.errors import RoleInsufficient


def test_what_is_different_is_told_and_nothing_else() -> None:
    before: State = {"title": "Buy milk", "priority": 4, "due_at": None, "lead_times": [60, 0]}
    after: State = {
        "title": "Buy bread",
        "priority": 4,
        "due_on": "2100-03-16",
        "lead_times": [60, 0],
    }

    assert difference(before, after) == {
        "title": ("Buy milk", "Buy bread"),
        "due_on": (None, "2100-03-16"),
    }


def test_what_is_gone_has_no_values_any_more() -> None:
    assert difference({"name": "Home", "emoji": None}, {}) == {"name": ("Home", None)}
    assert difference({}, {"name": "Home", "emoji": None}) == {"name": (None, "Home")}


def test_nothing_in_an_entry_can_be_changed_from_outside() -> None:
    leads = [60, [0]]
    entry = an_audit_entry(diff={"lead_times": (None, leads)})

    leads.append(15)

    assert entry.diff == {"lead_times": (None, (60, (0,)))}
    assert hash(entry)


def test_a_refusal_has_its_code_and_no_difference() -> None:
    entry = an_audit_entry()

    refused = entry.refused(RoleInsufficient("editor"))

    assert entry.is_done
    assert not refused.is_done
    assert (refused.refusal, refused.diff) == ("role-insufficient", {})


def test_who_is_deleted_takes_what_was_different_along() -> None:
    entry = an_audit_entry()

    rest = entry.without_diff()

    assert rest.diff is None
    assert (rest.operator, rest.verb, rest.object_id) == ("olga", "task.edit", entry.object_id)


@pytest.mark.parametrize("given", [None, ""])
def test_an_address_may_be_unknown(given: str | None) -> None:
    assert an_audit_entry(client=given).client is None


def test_names_and_addresses_are_one_line_of_a_length_that_can_be_kept() -> None:
    entry = an_audit_entry(operator="o\nlga" + 200 * "x", client=100 * "1")

    assert entry.operator == ("o lga" + 200 * "x")[:OPERATOR_LIMIT]
    assert entry.client == CLIENT_LIMIT * "1"
