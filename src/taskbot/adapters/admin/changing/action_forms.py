"""What an action asks before it is done."""

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette_admin import i18n


def action_form(template: str) -> Callable[[Request, Any], str]:
    """The form that *template* draws, for a selection or for one thing alike."""

    def draw(request: Request, about: Any) -> str:
        return _environment().get_template(template).render(zone=i18n.get_timezone())

    return draw


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("taskbot.adapters.admin", "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
    )
    made.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined] # the extension brings it
    return made
