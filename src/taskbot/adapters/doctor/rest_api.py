"""The REST API that a bot without the database works over."""

from typing import Final

import httpx
from attrs import frozen

from taskbot.adapters.causes import cause_of
from taskbot.application.doctor import Problem, ProblemKind, Seen
from taskbot.application.health import Facts

_REMEDY: Final = "TASKBOT_API_URL=https://tasks.example.org"


@frozen
class ApiExamination:
    _client: httpx.AsyncClient
    _url: str

    async def look(self) -> Seen:
        values = {"name": self._url}
        try:
            answer = await self._client.get(f"{self._url}/health/ready")
        except httpx.HTTPError as error:
            away = {**values, "error": cause_of(error)}
            return Seen(values, [Problem(kind=ProblemKind.API_AWAY, values=away, remedy=_REMEDY)])
        facts: Facts = {"name": self._url, "status": answer.status_code}
        if answer.is_success:
            return Seen(facts)
        unwell = {**values, "status": str(answer.status_code)}
        return Seen(facts, [Problem(kind=ProblemKind.API_UNWELL, values=unwell, remedy=_REMEDY)])
