"""The panel, where it is wanted."""

import asyncio
from collections.abc import Mapping
from importlib import import_module

from litestar.types import ASGIApp

from taskbot.adapters.admin import PREFIX, LatePanel
from taskbot.adapters.admin.mounting import App
from taskbot.adapters.persistence import Database
from taskbot.application.admin_accounts import AdminAccountService
from taskbot.application.admin_sign_in import AdminSignInService
from taskbot.application.back_office import BackOffice
from taskbot.application.invitations import InvitationService
from taskbot.application.overview import OverviewService
from taskbot.application.ports import Clock, KeyStore
from taskbot.entrypoints.settings import Settings

_PURPOSE = "panel"


def wanted(settings: Settings, *, by_default: bool) -> bool:
    """Whether there is to be a panel."""
    return by_default if settings.admin_enabled is None else settings.admin_enabled


def asides(
    *,
    is_enabled: bool,
    sign_in: AdminSignInService,
    invitations: InvitationService,
    accounts: AdminAccountService,
    back_office: BackOffice,
    database: Database,
    clock: Clock,
    keys: KeyStore,
    overview: OverviewService,
    timezone: str,
) -> Mapping[str, ASGIApp]:
    """What is mounted beside the API: the panel, unless it is turned off."""

    async def build() -> App:
        # Loads for a fifth of a second, which nobody else should wait for.
        await asyncio.to_thread(import_module, "taskbot.adapters.admin.panel")
        from taskbot.adapters.admin.panel import create_panel  # noqa: PLC0415 - see above
        from taskbot.adapters.admin.parts import PanelParts  # noqa: PLC0415

        secret = await keys.secret(_PURPOSE)
        return create_panel(
            PanelParts(
                sign_in=sign_in,
                invitations=invitations,
                accounts=accounts,
                back_office=back_office,
                database=database,
                clock=clock,
                overview=overview,
                timezone=timezone,
                secret=secret.hex(),
            )
        )

    return {PREFIX: LatePanel(build)} if is_enabled else {}
