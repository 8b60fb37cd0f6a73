"""The panel's application: views, pages, and what is around them."""

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import PackageLoader
from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette_admin.contrib.sqla import Admin
from starlette_admin.i18n import I18nConfig, TimezoneConfig

from taskbot.adapters.admin import words
from taskbot.adapters.admin.headers import GuardedPages, page_nonce
from taskbot.adapters.admin.mounting import PREFIX, App
from taskbot.adapters.admin.pages import PolicyLoader
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.sign_in import Sessions
from taskbot.adapters.admin.surroundings import LANGUAGE_COOKIE, TIMEZONE_COOKIE, Surroundings
from taskbot.adapters.admin.trouble import Troubled
from taskbot.adapters.admin.views.accounts import AccountsView
from taskbot.adapters.admin.views.audit import AuditView
from taskbot.adapters.admin.views.categories import CategoriesView
from taskbot.adapters.admin.views.dead_letters import DeadLettersView
from taskbot.adapters.admin.views.people import PeopleView
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.views.reminders import RemindersView
from taskbot.adapters.admin.views.tasks import TasksView
from taskbot.adapters.admin.views.tokens import TokensView
from taskbot.domain.user import Language

# It would tell what was searched for, and what was filled in.
logging.getLogger("starlette_admin").setLevel(logging.ERROR)

_VIEWS: Final[tuple[type[RecordView], ...]] = (
    TasksView,
    PeopleView,
    CategoriesView,
    RemindersView,
    DeadLettersView,
    TokensView,
    AuditView,
    AccountsView,
)
_STATIC: Final = Path(__file__).parent / "static"


class _Panel(Admin):
    """The library's panel, with pages that fit our policy, and surroundings of our own."""

    def __init__(self, parts: PanelParts) -> None:
        self._timezone = parts.timezone
        super().__init__(
            async_sessionmaker(parts.database.reading, autoflush=False),
            title="taskbot",
            base_url=PREFIX,
            additional_loaders=[PackageLoader("taskbot.adapters.admin", "templates")],
            static_dir=str(_STATIC),
            secret_key=parts.secret,
            auth_provider=Sessions(parts),
            i18n_config=I18nConfig(
                language_cookie_name=LANGUAGE_COOKIE,
                language_switcher=[language.value for language in Language],
            ),
            timezone_config=TimezoneConfig(
                default_timezone=parts.timezone, timezone_cookie_name=TIMEZONE_COOKIE
            ),
        )

    def _init_locale(self) -> None:
        self.middlewares.insert(0, Middleware(Surroundings, timezone=self._timezone))

    def _setup_templates(self) -> None:
        super()._setup_templates()
        environment = self.templates.env
        if environment.loader is not None:
            environment.loader = PolicyLoader(environment.loader)
        environment.globals["page_nonce"] = page_nonce
        environment.globals["grouped"] = words.grouped
        environment.globals["panel_version"] = version("taskbot")


def create_panel(parts: PanelParts) -> App:
    """Make the application that answers below `PREFIX`."""
    words.learn()
    panel = _Panel(parts)
    for view in _VIEWS:
        panel.add_view(view(parts))
    outer = Starlette()
    panel.mount_to(outer)
    return GuardedPages(Troubled(outer, parts.database), files=f"{PREFIX}/static/")
