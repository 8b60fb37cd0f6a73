"""The page itself, and who is at work."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any, Final

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import CustomView
from starlette_admin.flash import get_flashed_messages
from starlette_admin.i18n import format_datetime, format_time, get_timezone, get_tzinfo
from starlette_admin.routing import route
from starlette_admin.views import BaseView

from taskbot.adapters.admin.dashboard.amounts import length
from taskbot.adapters.admin.dashboard.cards import cards
from taskbot.adapters.admin.dashboard.leads import Leads
from taskbot.adapters.admin.dashboard.plots import plots
from taskbot.adapters.admin.dashboard.verdict import verdict
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.sessions import is_renewal
from taskbot.adapters.admin.words import mark, say
from taskbot.application.health import Finding
from taskbot.application.overview import Overview
from taskbot.application.ports import Part

_RELEASE: Final = version("taskbot")
_PARTS: Final = {
    Part.ALL: mark("everything"),
    Part.API: mark("API"),
    Part.BOT: mark("bot"),
    Part.SCHEDULER: mark("scheduler"),
    Part.WORKER: mark("worker"),
}
_LOOKED_AT: Final = {
    "database": mark("Database"),
    "schema": mark("Schema"),
    "redis": mark("Redis"),
}


@frozen(kw_only=True)
class Sign:
    """A process, as its row shows it."""

    does: str
    name: str
    release: str
    runs_for: str
    state: str
    is_alive: bool


@frozen
class Service:
    """What the processes need."""

    name: str
    state: str
    is_well: bool


class Dashboard(CustomView):
    menu_label = mark("Overview")
    icon = "fa fa-gauge-high"
    path = "/"

    def __init__(self, parts: PanelParts) -> None:
        super().__init__()
        self._parts = parts

    @route("")
    async def index(self, request: Request) -> Response:
        if self.templates is None:
            raise TypeError("a page belongs to a panel")
        overview = await self._parts.overview.look()
        to = Leads.of(request, _views(self.templates.env.globals))
        return self.templates.TemplateResponse(
            request=request,
            name="dashboard.html",
            context={
                "flashed_messages": get_flashed_messages(request),
                "title": self.title(request),
                "is_alone": is_renewal(request),
                "verdict": verdict(overview, to),
                "is_new": not overview.people.total,
                "has_no_task": not (overview.tasks.open or overview.sent or overview.queue.pending),
                "cards": cards(overview, to),
                "plots": plots(overview),
                "signs": _signs(overview),
                "services": _services(overview),
                "as_of": format_time(overview.at, "medium", get_tzinfo()),  # type: ignore[arg-type] # takes moments as well
                "clocks": get_timezone(),
                "release": _RELEASE,
            },
        )


def _views(known_to_templates: Mapping[str, Any]) -> Iterable[BaseView]:
    """What the menu is made of."""
    views: Iterable[BaseView] = known_to_templates["views"]
    return views


def _signs(overview: Overview) -> list[Sign]:
    signs = []
    for sign in overview.signs_of_life:
        process, is_alive = sign.process, sign.is_alive(now=overview.at)
        since = format_datetime(sign.given_at, "short", get_tzinfo())
        signs.append(
            Sign(
                does=str(_PARTS[process.part]),
                name=process.name,
                release=process.release,
                runs_for=length(max(overview.at, process.started_at) - process.started_at),
                state=say("at work") if is_alive else say("silent since %(moment)s", moment=since),
                is_alive=is_alive,
            )
        )
    return sorted(signs, key=lambda sign: (not sign.is_alive, sign.does, sign.name))


def _services(overview: Overview) -> list[Service]:
    known = [finding for finding in overview.findings if finding.name in _LOOKED_AT]
    return [Service(str(_LOOKED_AT[one.name]), _state(one), one.problem is None) for one in known]


def _state(finding: Finding) -> str:
    if finding.name == "schema" and finding.facts.get("found"):
        return str(finding.facts["found"])
    return say("answers") if finding.problem is None else say("does not answer")
