"""Identities: a ULID each, told apart by type.

ULIDs sort by the moment of their making (https://github.com/ulid/spec): the
order of ids is the order of creation, to the millisecond.
"""

from typing import NewType

from ulid import ULID

UserId = NewType("UserId", ULID)
TaskId = NewType("TaskId", ULID)
CategoryId = NewType("CategoryId", ULID)
ReminderId = NewType("ReminderId", ULID)
AccessTokenId = NewType("AccessTokenId", ULID)
