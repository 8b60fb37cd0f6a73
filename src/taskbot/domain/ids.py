"""Identities: a ULID each, told apart by type.

ULIDs sort by the moment of their making (https://github.com/ulid/spec): the
order of ids is the order of creation, to the millisecond.
"""

import hashlib
from typing import Final, NewType

from ulid import ULID

UserId = NewType("UserId", ULID)
TaskId = NewType("TaskId", ULID)
CategoryId = NewType("CategoryId", ULID)
ReminderId = NewType("ReminderId", ULID)
AccessTokenId = NewType("AccessTokenId", ULID)
AdminAccountId = NewType("AdminAccountId", ULID)
AuditEntryId = NewType("AuditEntryId", ULID)

_MOMENT_BYTES: Final = 6
_RANDOM_BYTES: Final = 10


def named_task_id(key: ULID, owner_id: UserId) -> TaskId:
    """The id of the task that *owner_id* calls *key*: always the same, and nobody else's."""
    digest = hashlib.sha256(b"task" + owner_id.bytes + key.bytes).digest()
    return TaskId(ULID(key.bytes[:_MOMENT_BYTES] + digest[:_RANDOM_BYTES]))
