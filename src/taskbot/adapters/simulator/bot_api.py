"""The Bot API over HTTP: any of Telegram's four ways to pass parameters.

Source: https://core.telegram.org/bots/api#making-requests.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar import HttpMethod, Request, Response, get, route
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from taskbot.adapters.simulator.connections import connection_of
from taskbot.adapters.simulator.files import Upload
from taskbot.adapters.simulator.refusals import Refusal, bad_request
from taskbot.adapters.simulator.simulator import Reply, Simulator

AnyRequest = Request[Any, Any, Any]

PREFIX: Final = "bot"
REQUEST_BYTES: Final = 52 * 1024 * 1024
NOSNIFF: Final = {"X-Content-Type-Options": "nosniff"}


def bot_api_handlers(simulator: Simulator) -> list[HTTPRouteHandler]:
    @route(
        "/{bot:str}/{method:str}",
        http_method=[HttpMethod.GET, HttpMethod.POST],
        request_max_body_size=REQUEST_BYTES,
        name="bot-api",
    )
    async def call(request: AnyRequest, bot: FromPath[str], method: FromPath[str]) -> Response[Any]:
        if not bot.startswith(PREFIX):
            return _response(Reply.to(Refusal(404)))
        try:
            raw, uploads = await _parameters(request)
        except Refusal as refusal:
            return _response(Reply.to(refusal))
        connection = connection_of(request.scope, request.receive)
        try:
            reply = await simulator.call(
                bot.removeprefix(PREFIX), method, raw, uploads=uploads, connection=connection
            )
        finally:
            await connection.release()
        if reply is None:
            await connection.reset()
            return Response(b"", status_code=HTTPStatus.BAD_GATEWAY)
        return _response(reply)

    @get("/file/{bot:str}/{path:path}", name="bot-file")
    async def download(bot: FromPath[str], path: FromPath[str]) -> Response[Any]:
        try:
            simulator.bot_of(bot.removeprefix(PREFIX))
        except Refusal as refusal:
            return _response(Reply.to(refusal))
        wanted = str(path).lstrip("/")
        for file in simulator.world.files.values():
            if file.path == wanted:
                return Response(
                    simulator.world.content(file),
                    media_type="application/octet-stream",
                    headers=NOSNIFF,
                )
        return _response(Reply.to(Refusal(404)))

    return [call, download]


def _response(reply: Reply) -> Response[Any]:
    content = msgspec.json.encode(reply.body)
    headers = {**NOSNIFF, **reply.headers}
    return Response(
        content, status_code=reply.status, media_type="application/json", headers=headers
    )


async def _parameters(request: AnyRequest) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Query string and body together. Raise `Refusal` if the body cannot be read."""
    raw: dict[str, Any] = dict(_pairs(request.scope["query_string"]))
    uploads: dict[str, Upload] = {}
    kind, _ = request.content_type
    if kind == "multipart/form-data":
        for name, value in (await _form(request)).items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(
                    value.filename or name, await value.read(), value.content_type
                )
            else:
                raw[name] = value
        return raw, uploads
    body = await _body(request)
    if kind == "application/json":
        raw |= _json(body)
    elif kind in {"", "application/x-www-form-urlencoded"}:
        raw |= _pairs(body)
    return raw, uploads


def _pairs(source: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(source.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise bad_request("strings must be encoded in UTF-8") from None


async def _body(request: AnyRequest) -> bytes:
    try:
        return await request.body()
    except ClientException:
        raise Refusal(413) from None


async def _form(request: AnyRequest) -> Mapping[str, Any]:
    try:
        return dict(await request.form())
    except ClientException as error:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise Refusal(413) from None
        raise bad_request("can't parse the multipart body") from None
    except ValueError:
        raise bad_request("can't parse the multipart body") from None


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("object expected as parameters")
    return decoded
