"""How often a password may be tried: see docs/adr/0021-admin-accounts.md."""

import hashlib
from datetime import timedelta
from typing import Final

from attrs import frozen

from taskbot.application.ports import Quota, RateLimiter
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.errors import TooManySignIns
from taskbot.domain.ids import AdminAccountId

PER_ADDRESS: Final = Quota(10, timedelta(minutes=30))
"""Below what a name allows: by itself no address uses a name up."""
PER_NAME: Final = Quota(60, timedelta(hours=1))
PER_NAME_AT_HOME: Final = Quota(10, timedelta(minutes=30))
"""From the address where the account signed in last: nobody elsewhere uses it up."""
REFUSALS_NOTED: Final = Quota(1, timedelta(minutes=10))
"""For each address: who is refused for asking too often must not fill the audit log either."""


@frozen
class SignInLimits:
    """Raises `TooManySignIns`."""

    _limiter: RateLimiter

    async def take_of_address(self, address: str) -> None:
        await self._take(f"sign-in:address:{address}", PER_ADDRESS)

    async def take_of_name(self, name: str, account: AdminAccount | None, address: str) -> None:
        """*account*: the one of this name, if there is one."""
        kept = hashlib.sha256(name.encode()).hexdigest()
        if account is not None and account.signed_in_from == address:
            await self._take(f"sign-in:home:{kept}", PER_NAME_AT_HOME)
        else:
            await self._take(f"sign-in:name:{kept}", PER_NAME)

    async def take_of_change(self, account_id: AdminAccountId) -> None:
        """Of those tries that somebody has who is signed in and asked for the password again."""
        await self._take(f"password-change:{account_id}", PER_NAME_AT_HOME)

    async def may_note_refusal(self, address: str) -> bool:
        allowance = await self._limiter.take(f"sign-in:noted:{address}", REFUSALS_NOTED)
        return allowance.is_granted

    async def _take(self, key: str, quota: Quota) -> None:
        allowance = await self._limiter.take(key, quota)
        if not allowance.is_granted:
            raise TooManySignIns(allowance.wait)
