"""Whatever operators do to each other's accounts, somebody is left who can undo it."""

import asyncio
import contextlib
from datetime import timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from support.admin_accounts import PASSWORD
from support.core import a_core
from taskbot.application.admin_sessions import NewAdminSession
from taskbot.domain.errors import (
    AdminAccountInactive,
    InvitationUnusable,
    LastEditor,
    NotSignedIn,
    RoleInsufficient,
    SignInRefused,
)
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import COMMAND_LINE, Operator, Role

roles = st.sampled_from(Role)


class AccountMachine(RuleBasedStateMachine):
    """Everybody acts by a session of theirs, which may have ended, or at the command line."""

    accounts = Bundle("accounts")
    links = Bundle("links")
    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.core = a_core()
        self.names = iter(range(10**6))
        self.addresses = iter(range(10**6))
        first = self.runner.run(self.core.admin_accounts.first_link())
        assert first is not None
        self.runner.run(
            self.core.invitations.accept(first, name="first", password=PASSWORD, client="home")
        )

    def teardown(self) -> None:
        self.runner.close()

    @rule(target=accounts)
    def the_first(self) -> AdminAccountId:
        return self.runner.run(self.core.admin_accounts.find("first")).id

    @rule(target=accounts, role=roles, has_password=st.booleans())
    def create(self, role: Role, *, has_password: bool) -> AdminAccountId:
        password = PASSWORD if has_password else None
        name = f"other-{next(self.names)}"
        made = self.core.admin_accounts.create(name, role, password, by=COMMAND_LINE)
        return self.runner.run(made).id

    @rule(target=sessions, account_id=accounts)
    def sign_in(self, account_id: AdminAccountId) -> NewAdminSession | None:
        account = self.runner.run(self.core.admin_accounts.get(account_id))
        client = f"2001:db8:{next(self.addresses)}::"
        self.core.clock.advance(timedelta(minutes=1))  # in which the name may be tried once more
        try:
            begun = self.core.admin_sign_in.sign_in(account.name, PASSWORD, client=client)
            return self.runner.run(begun)
        except SignInRefused:
            assert not account.may_sign_in
            return None

    @rule(target=links, account_id=accounts)
    def invite(self, account_id: AdminAccountId) -> str:
        with contextlib.suppress(AdminAccountInactive):
            return self.runner.run(self.core.admin_accounts.invite(account_id, by=COMMAND_LINE))
        return ""

    @rule(link=consumes(links))
    def accept(self, link: str) -> None:
        with contextlib.suppress(InvitationUnusable):
            self.runner.run(self.core.invitations.accept(link, password=PASSWORD, client="home"))

    @rule(by=sessions, account_id=accounts, role=roles)
    def change_role(
        self, by: NewAdminSession | None, account_id: AdminAccountId, role: Role
    ) -> None:
        with contextlib.suppress(LastEditor, NotSignedIn, RoleInsufficient):
            operator = self._operator(by)
            self.runner.run(self.core.admin_accounts.change_role(account_id, role, by=operator))

    @rule(by=sessions, account_id=accounts)
    def deactivate(self, by: NewAdminSession | None, account_id: AdminAccountId) -> None:
        with contextlib.suppress(LastEditor, NotSignedIn, RoleInsufficient):
            operator = self._operator(by)
            self.runner.run(self.core.admin_accounts.deactivate(account_id, by=operator))

    @rule(by=sessions, account_id=accounts)
    def reactivate(self, by: NewAdminSession | None, account_id: AdminAccountId) -> None:
        with contextlib.suppress(NotSignedIn, RoleInsufficient):
            operator = self._operator(by)
            self.runner.run(self.core.admin_accounts.reactivate(account_id, by=operator))

    def _operator(self, by: NewAdminSession | None) -> Operator:
        if by is None:
            return COMMAND_LINE
        return self.runner.run(self.core.admin_sign_in.authenticate(by.secret)).account.operator

    @invariant()
    def somebody_is_left_who_can_sign_in_and_mend_things(self) -> None:
        accounts = self.runner.run(self.core.admin_accounts.list())
        assert any(one.is_acting_editor for one in accounts)

    @invariant()
    def nobody_is_in_by_an_account_that_is_deactivated(self) -> None:
        tables = self.core.database.tables
        for session in tables.admin_sessions.values():
            assert tables.admin_accounts[session.account_id].active


TestAdminAccounts = AccountMachine.TestCase
TestAdminAccounts.settings = settings(max_examples=25, stateful_step_count=30)
