"""What the panel is made of, and for."""

from attrs import frozen

from taskbot.adapters.persistence import Database
from taskbot.application.admin_accounts import AdminAccountService
from taskbot.application.admin_sign_in import AdminSignInService
from taskbot.application.back_office import BackOffice
from taskbot.application.invitations import InvitationService
from taskbot.application.overview import OverviewService
from taskbot.application.ports import Clock


@frozen(kw_only=True)
class PanelParts:
    """*timezone*: by whose clocks times are shown until the browser has told its own (IANA name).

    *secret* signs what the pages carry: form tokens and messages.
    """

    sign_in: AdminSignInService
    invitations: InvitationService
    accounts: AdminAccountService
    back_office: BackOffice
    database: Database
    clock: Clock
    overview: OverviewService
    timezone: str
    secret: str
