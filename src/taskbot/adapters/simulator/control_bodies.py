"""The bodies of the control interface's requests: shape and nothing else."""

from base64 import b64decode
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException
from msgspec import Meta, Struct

from taskbot.adapters.simulator.faults import FaultKind
from taskbot.adapters.simulator.files import Upload
from taskbot.adapters.simulator.refusals import ControlRefusal

Body = TypeVar("Body")
AnyRequest = Request[Any, Any, Any]

PersonId = Annotated[int, Meta(ge=1, lt=2**52)]
GroupId = Annotated[int, Meta(lt=0, gt=-(2**52))]
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class NewPerson(Struct, forbid_unknown_fields=True):
    first_name: Name
    id: PersonId | None = None
    last_name: Name | None = None
    username: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{2,31}$")] | None = None
    language_code: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = None


class NewGroup(Struct, forbid_unknown_fields=True):
    id: GroupId
    title: Name


class Place(Struct, forbid_unknown_fields=True):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class FileBody(Struct, forbid_unknown_fields=True):
    """A file in base64, with or without a `data:` prefix."""

    data: str
    name: Annotated[str, Meta(min_length=1, max_length=255)] = "file"
    mime_type: str = "application/octet-stream"

    def to_upload(self) -> Upload:
        """Raise `ControlRefusal` if *data* is not base64."""
        encoded = self.data
        if encoded.startswith("data:"):
            encoded = encoded.partition(",")[2]
        try:
            content = b64decode(encoded, validate=True)
        except ValueError:
            raise ControlRefusal(400, "a file's data must be base64") from None
        return Upload(self.name, content, self.mime_type)


class EarlierMessage(Struct, forbid_unknown_fields=True):
    message_id: int


class ForeignChat(Struct, forbid_unknown_fields=True):
    """A channel, or a group that somebody writes in the name of."""

    title: Name
    type: Literal["channel", "supergroup"] = "channel"
    username: Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{2,31}$")] | None = None
    message_id: Annotated[int, Meta(ge=1)] = 1
    author: Name | None = None


class EntityBody(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Formatting that a client adds; links and commands are found without it."""

    type: Literal[
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
    ]
    offset: Annotated[int, Meta(ge=0)]
    length: Annotated[int, Meta(ge=1)]
    url: str | None = None
    language: str | None = None


class SendBody(Struct, forbid_unknown_fields=True):
    """What the person sends: one of text, location, photo, document, sticker, forwarded message.

    Messages with the same *album* are parts of one.
    """

    text: str | None = None
    caption: str | None = None
    entities: list[EntityBody] = []
    location: Place | None = None
    photo: str | FileBody | None = None
    document: FileBody | None = None
    sticker: str | None = None
    forward_from: int | str | EarlierMessage | None = None
    forward_from_chat: ForeignChat | None = None
    album: str | None = None
    reply_to: int | None = None


class EditBody(Struct, forbid_unknown_fields=True):
    message_id: int
    text: str


class PressBody(Struct, forbid_unknown_fields=True):
    """`force` presses a button that the message does not have, as a forging client can."""

    message_id: int
    data: str | None = None
    text: str | None = None
    force: bool = False
    wait: Annotated[float, Meta(ge=0, le=30)] = 10.0


class InlineBody(Struct, forbid_unknown_fields=True):
    """`@bot query`; *offset* is the `next_offset` of the page before."""

    query: Annotated[str, Meta(max_length=256)] = ""
    offset: Annotated[str, Meta(max_length=64)] = ""
    wait: Annotated[float, Meta(ge=0, le=30)] = 10.0


class ChooseBody(Struct, forbid_unknown_fields=True):
    result_id: str


class FaultBody(Struct, forbid_unknown_fields=True):
    kind: FaultKind
    method: str | None = None
    person: int | None = None
    times: Annotated[int, Meta(ge=1)] | None = 1
    retry_after: Annotated[int, Meta(ge=1)] | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] = 1.0


class LimitsBody(Struct, forbid_unknown_fields=True):
    per_bot: Annotated[float, Meta(gt=0)] = 30.0
    per_chat: Annotated[float, Meta(gt=0)] = 1.0
    enforce: bool = True


class RedeliverBody(Struct, forbid_unknown_fields=True):
    update_id: int


async def read_body(request: AnyRequest, kind: type[Body]) -> Body:
    """Raise `ControlRefusal` if the body is not JSON of that shape."""
    if request.content_type[0] != "application/json":
        raise ControlRefusal(415, "the body must be application/json")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.ValidationError as error:
        raise ControlRefusal(400, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ControlRefusal(400, "the body is not valid JSON") from None
    except ClientException as error:
        raise ControlRefusal(error.status_code, error.detail) from None
