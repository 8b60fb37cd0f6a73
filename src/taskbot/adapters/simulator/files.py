"""Files that bots and persons send."""

import secrets
from mimetypes import guess_type
from typing import Any, Final

from attrs import frozen

from taskbot.adapters.simulator.pictures import picture_in
from taskbot.adapters.simulator.refusals import bad_request
from taskbot.adapters.simulator.state import StoredFile
from taskbot.adapters.simulator.world import World

PHOTO_BYTES: Final = 10 * 1024 * 1024
PHOTO_SIDES: Final = 10_000
PHOTO_RATIO: Final = 20
DOCUMENT_BYTES: Final = 50 * 1024 * 1024
DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
"""A bot can download no more. Source: https://core.telegram.org/bots/api#getfile."""
UNTOLD: Final = "application/octet-stream"
SUFFIXES: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}


@frozen
class Upload:
    name: str
    content: bytes
    mime_type: str = UNTOLD


def keep_photo(world: World, upload: Upload) -> dict[str, Any]:
    """Store a picture and return its `PhotoSize`. Raise `Refusal` as sendPhoto does."""
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > PHOTO_BYTES:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )
    picture = picture_in(upload.content)
    if picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    short, long = sorted((picture.width, picture.height))
    if short == 0 or short + long > PHOTO_SIDES or long > PHOTO_RATIO * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    file = StoredFile(
        file_id="photo-" + secrets.token_urlsafe(24),
        file_unique_id=secrets.token_urlsafe(9),
        path=f"photos/file_{len(world.files)}.{SUFFIXES[picture.mime_type]}",
        name=upload.name,
        mime_type=picture.mime_type,
        size=size,
        width=picture.width,
        height=picture.height,
    )
    world.put_file(file, upload.content)
    return photo_size(file)


def keep_document(world: World, upload: Upload) -> dict[str, Any]:
    """Store a file and return its `Document`. Raise `Refusal` as sendDocument does."""
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > DOCUMENT_BYTES:
        raise bad_request("file is too big")
    suffix = upload.name.rpartition(".")[2]
    is_plain = suffix != upload.name and suffix.isascii() and suffix.isalnum()
    file = StoredFile(
        file_id="document-" + secrets.token_urlsafe(24),
        file_unique_id=secrets.token_urlsafe(9),
        path=f"documents/file_{len(world.files)}" + (f".{suffix}" if is_plain else ""),
        name=upload.name,
        mime_type=_mime_type(upload),
        size=size,
    )
    world.put_file(file, upload.content)
    return document(file)


def _mime_type(upload: Upload) -> str:
    if upload.mime_type != UNTOLD:
        return upload.mime_type
    return guess_type(upload.name)[0] or UNTOLD


def photo_size(file: StoredFile) -> dict[str, Any]:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
        "file_size": file.size,
        "width": file.width or 0,
        "height": file.height or 0,
    }


def document(file: StoredFile) -> dict[str, Any]:
    return {
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
        "file_size": file.size,
        "file_name": file.name,
        "mime_type": file.mime_type,
    }
