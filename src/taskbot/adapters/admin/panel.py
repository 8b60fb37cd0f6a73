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
from taskbot.adapters.admin.bodies import ReadableBodies
from taskbot.adapters.admin.changing.accounts import ChangingAccounts
from taskbot.adapters.admin.changing.categories import ChangingCategories
from taskbot.adapters.admin.changing.people import ChangingPeople
from taskbot.adapters.admin.changing.reminders import ChangingDeadLetters, ChangingReminders
from taskbot.adapters.admin.changing.tasks import ChangingTasks
from taskbot.adapters.admin.changing.tokens import ChangingTokens
from taskbot.adapters.admin.dashboard import Dashboard
from taskbot.adapters.admin.headers import GuardedPages, page_nonce
from taskbot.adapters.admin.mounting import PREFIX, App
from taskbot.adapters.admin.origins import SameOrigin
from taskbot.adapters.admin.pages import COMPILED, PolicyLoader
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.sign_in import Entrance
from taskbot.adapters.admin.surroundings import LANGUAGE_COOKIE, TIMEZONE_COOKIE, Surroundings
from taskbot.adapters.admin.trouble import Troubled
from taskbot.adapters.admin.views.audit import AuditView
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.domain.user import Language

# It would tell what was searched for, and what was filled in.
logging.getLogger("starlette_admin").setLevel(logging.ERROR)

_VIEWS: Final[tuple[type[RecordView], ...]] = (
    ChangingTasks,
    ChangingPeople,
    ChangingCategories,
    ChangingReminders,
    ChangingDeadLetters,
    ChangingTokens,
    ChangingAccounts,
    AuditView,
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
            auth_provider=Entrance(parts.sign_in, parts.invitations),
            index_view=Dashboard(parts),
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
        environment.bytecode_cache = COMPILED
        environment.globals["page_nonce"] = page_nonce
        environment.globals["grouped"] = words.grouped
        environment.globals["panel_version"] = version("taskbot")


def create_panel(parts: PanelParts) -> App:
    """Make the application that answers below `PREFIX`."""
    panel = _Panel(parts)
    words.learn()  # after the library's, which it has just read once more
    for view in _VIEWS:
        panel.add_view(view(parts))
    outer = Starlette()
    panel.mount_to(outer)
    inner = SameOrigin(ReadableBodies(Troubled(outer, parts.database)))
    return GuardedPages(inner, files=f"{PREFIX}/static/")
