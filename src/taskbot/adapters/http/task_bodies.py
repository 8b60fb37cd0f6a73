"""What is sent about a task."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example, OpenAPIType, Schema
from litestar.params import BodyKwarg
from msgspec import UNSET, Meta, UnsetType

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.deadlines import DeadlineBody
from taskbot.application.keep import KEEP, Keep
from taskbot.domain.deadline import Deadline
from taskbot.domain.task import Priority
from taskbot.domain.user import LEAD_TIMES_LIMIT, LONGEST_LEAD_TIME

# For the description alone: the domain decides, and says why in its own words.
_TITLE: Final = {"extra": {"min_length": 1}}
_PRIORITY: Final = {"extra": {"minimum": min(Priority).value, "maximum": max(Priority).value}}


_MINUTE: Final = timedelta(minutes=1)
_MOST_MINUTES: Final = LONGEST_LEAD_TIME // _MINUTE
_MINUTES: Final = Schema(type=OpenAPIType.INTEGER, minimum=0, maximum=_MOST_MINUTES)


class NewTask(DeadlineBody, frozen=True, kw_only=True):
    title: Annotated[
        str,
        Meta(description="1 to 200 characters.", examples=["Buy milk"], extra_json_schema=_TITLE),
    ]
    description: Annotated[str, Meta(description="Up to 4,000 characters.")] = ""
    category_id: (
        Annotated[str, Meta(description="One of your categories, see `GET /categories`.")] | None
    ) = None
    priority: Annotated[
        int,
        Meta(
            description="1 is the highest, 4 the lowest.",
            examples=[2],
            extra_json_schema=_PRIORITY,
        ),
    ] = Priority.NORMAL.value
    key: (
        Annotated[
            str,
            Meta(
                description="Your own name for this task, a ULID. Sent again, even days later, it "
                "gives the task from then, as it is by now, instead of making another one.",
                examples=["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"],
                pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
                max_length=26,
            ),
        ]
        | None
    ) = None


class TaskChanges(DeadlineBody, frozen=True, kw_only=True):
    """Only what is sent changes (RFC 7396); null takes away a category, a deadline, lead times."""

    title: (
        Annotated[str, Meta(description="1 to 200 characters.", extra_json_schema=_TITLE)]
        | UnsetType
    ) = UNSET
    description: Annotated[str, Meta(description="Up to 4,000 characters.")] | UnsetType = UNSET
    category_id: Annotated[str, Meta(description="One of your categories.")] | UnsetType | None = (
        UNSET
    )
    priority: (
        Annotated[int, Meta(description="1 to 4.", examples=[2], extra_json_schema=_PRIORITY)]
        | UnsetType
    ) = UNSET

    lead_times: (
        Annotated[
            list[Annotated[int, Meta(ge=0, le=_MOST_MINUTES)]],
            Meta(
                max_length=LEAD_TIMES_LIMIT,
                description="Minutes ahead of the deadline at which to remind of this task, 0 is "
                "at the moment; none at all: no reminder of its deadline, a whole day included. "
                "Null: as you prefer, see `GET /me`.",
                examples=[[60, 0]],
                extra_json_schema={"extra": {"items": _MINUTES}},
            ),
        ]
        | UnsetType
        | None
    ) = UNSET

    def new_lead_times(self) -> Sequence[timedelta] | Keep | None:
        if self.lead_times is UNSET:
            return KEEP
        return None if self.lead_times is None else [lead * _MINUTE for lead in self.lead_times]

    def new_deadline(self, *, default_timezone: str) -> Deadline | Keep | None:
        deadline = self.deadline(default_timezone=default_timezone)
        is_sent = self.due_at is not UNSET or self.due_on is not UNSET
        return deadline if is_sent else KEEP


class Snooze(Body, frozen=True, kw_only=True):
    until: Annotated[
        datetime,
        Meta(
            tz=True,
            description="When to remind again (RFC 3339, with its offset), within a year.",
            examples=["2031-05-17T18:00:00+03:00"],
        ),
    ]

    def sent_as(self, field: str) -> str:
        return "until" if field == "snooze" else super().sent_as(field)


# Whole examples, as one field at a time would give a task two deadlines.
NEW_TASK: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON,
    examples=[
        Example(
            value={"title": "Buy milk", "due_at": "2031-05-17T18:00:00+03:00", "priority": 2},
        )
    ],
)
TASK_CHANGES: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON,
    examples=[Example(value={"title": "Buy oat milk", "due_on": "2031-05-18"})],
)
RESCHEDULE: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON, examples=[Example(value={"due_on": "2031-05-17"})]
)
