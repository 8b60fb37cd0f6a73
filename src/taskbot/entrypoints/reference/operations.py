"""The reference of the REST API."""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from taskbot.adapters.http.openapi import openapi_document
from taskbot.adapters.http.problem_examples import PROBLEM_CASES
from taskbot.adapters.http.refusals import STATUS_OF
from taskbot.domain.errors import DomainError, operators
from taskbot.entrypoints.reference.tables import code, table

_HEAD: Final = """\
# The REST API

This page is written by `make reference` from the API's own description, which a running taskbot
serves as OpenAPI 3.1 at `/api/v1/openapi.json`, with a page to browse and try it at
`/api/v1/docs`: bodies, parameters and examples are there. Begin with
[Getting started](../getting-started.md#3-by-a-program); for Python there is
[a client](../how-to/api-client.md). Why it is as it is:
[ADR 14](../adr/0014-conventions-of-the-api.md), lists and cursors
[ADR 10](../adr/0010-lists-search-and-cursors.md).

## Conventions

**Who is asking.** `Authorization: Bearer tb_…`, an access token from `/token` in the chat, `taskbot
token create`, or `POST /api/v1/auth/telegram` (`Token tb_…` is understood, too). A token is its
person's, and good for its scopes: `tasks:read`, `tasks:write`, `account`, or `operator`, which only
the command line gives. Where the tables below say "any", a valid token is enough. What is another
person's is a 404, like what does not exist.

**Bodies** are JSON objects in UTF-8, of at most 64 KiB; fields that are not known are refused.
`PATCH` changes what is sent and leaves the rest. Moments are RFC 3339 with an offset, and come back
in UTC; ids are ULIDs.

**Errors** are problem details (RFC 9457, `application/problem+json`): `type` is `/problems/` and a
stable code, for programs; `detail` is for people and may change; `errors` names the fields to
blame; `facts` has what the refusal is about; `request_id` is what the operator's log has it under,
and `X-Request-Id` of every answer. A client may send an `X-Request-Id` of its own.

**To repeat safely.** A `POST` with an `Idempotency-Key` is done once in 24 hours: repetitions get
the first answer, with `Idempotent-Replayed: true`. The same key with another body is a 422, one
that is still at work a 409 with `Retry-After`. A token's secret is never kept: that repetition is a
409. Tasks can be sent with a `key` (a ULID) besides, by which each is made once, for ever.

**Lists** have `items` and `next_cursor`; the next page is `?cursor=…`, and `Link` has its address.
A cursor is signed, good for one person's list in one order; another is a 400. Nothing is counted on
the way: `GET /api/v1/tasks/counts` counts.

**Versions.** What is read has an `ETag`. `If-None-Match` gets a 304 while it is still so;
`If-Match` on a change gets a 412 if it is not: read again, and decide.

**Several at once.** `POST /api/v1/tasks/bulk` completes, moves or deletes up to 100 tasks;
`POST /api/v1/tasks/{id}/split` makes a task of each line of a task, `/join` takes that back.
`/undo` takes a completion or a deletion back for 7 days: until then what was deleted is kept aside.

**Leaving.** `DELETE /api/v1/me` has the account deleted, with everything in it, 14 days later;
until then no reminders are sent, all else goes on, and `POST /api/v1/me/restore` takes it back.
Tokens stay good until then. Within an hour of that moment nothing is left in the database; backups
are the host's to throw away, and the audit log still says that an operator did something to a thing
of theirs, if one did, but not what it said.

**Limits.** `TASKBOT_API_REQUESTS_PER_MINUTE` for each token, `TASKBOT_API_ANONYMOUS_PER_MINUTE` for
each address without one. `RateLimit` says what is left, `RateLimit-Policy` what there is; a 429
says in `Retry-After` when to come back. Health and the documentation are free.

**Overload.** A process works at `TASKBOT_API_REQUESTS_AT_ONCE` requests at a time; what finds no
room among those that wait is a 503, `/problems/overloaded`, at once. Nothing was done for it: any
request may be sent again, after `Retry-After`. Whatever is answered with 2xx is stored.
"""
_ANY: Final = "any"
_NOBODY_ASKED: Final = "everybody"


class _Operation(NamedTuple):
    method: str
    path: str
    described: dict[str, Any]

    @property
    def statuses(self) -> frozenset[str]:
        return frozenset(self.described["responses"])

    @property
    def who(self) -> str:
        if not self.described.get("security"):
            return _NOBODY_ASKED
        (needed,) = self.described["security"]
        return ", ".join(map(code, needed["accessToken"])) or _ANY


def operations() -> str:
    return "\n".join([_HEAD, *_operations(), *_statuses(), *_codes()])


def _operations() -> Iterator[str]:
    document = json.loads(openapi_document())
    found = [
        _Operation(method.upper(), path, described)
        for path, item in document["paths"].items()
        for method, described in item.items()
    ]
    usual = frozenset.intersection(*(one.statuses for one in found if one.who != _NOBODY_ASKED))
    yield "## Operations\n"
    listed = ", ".join(sorted(usual))
    yield f"Each that wants a token may answer {listed} as well; the tables have the others.\n"
    for tag in document["tags"]:
        yield f"### {tag['name'].capitalize()}\n"
        yield f"{tag['description']}\n"
        yield from table(
            ("operation", "what it does", "who may", "answers"),
            [_row(one, usual) for one in found if one.described["tags"] == [tag["name"]]],
        )


def _row(operation: _Operation, usual: frozenset[str]) -> tuple[str, ...]:
    left = operation.statuses
    if operation.who != _NOBODY_ASKED:
        left -= usual
    return (
        code(f"{operation.method} {operation.path}"),
        operation.described["summary"],
        operation.who,
        ", ".join(sorted(left)),
    )


def _statuses() -> Iterator[str]:
    yield "## Statuses of errors\n"
    yield from table(
        ("status", "meaning"),
        [(str(status), case.description) for status, case in PROBLEM_CASES.items()],
    )


def _codes() -> Iterator[str]:
    yield "## Codes of refusals by a rule\n"
    yield (
        "What stands behind `/problems/` where a rule of taskbot refuses; once released they\n"
        "never change. More of them may come: treat one that you do not know by its status.\n"
    )
    by_status: dict[int, set[str]] = {}
    for kind in DomainError.__subclasses__():
        for refusal in kind.__subclasses__():
            if refusal.__module__ == operators.__name__:  # those of the panel
                continue
            status = next(of for known, of in STATUS_OF.items() if issubclass(refusal, known))
            by_status.setdefault(status, set()).add(refusal.code)
    yield from table(
        ("status", "codes"),
        [
            (str(int(status)), ", ".join(map(code, sorted(codes))))
            for status, codes in sorted(by_status.items())
        ],
    )
