"""What the buttons about access tokens carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from taskbot.adapters.telegram.callbacks import PackedUlid
from taskbot.domain.ids import AccessTokenId


class TokensAction(StrEnum):
    LIST = "list"
    NEW = "new"
    DEFAULT_NAME = "name"
    CANCEL = "x"
    HIDE = "hide"


class Tokens(CallbackData, prefix="as"):
    action: TokensAction


class TokenAction(StrEnum):
    OPEN = "open"
    REVOKE = "revoke"
    REVOKE_SURELY = "gone"


class AboutToken(CallbackData, prefix="at"):
    action: TokenAction
    id: PackedUlid

    @property
    def token_id(self) -> AccessTokenId:
        return AccessTokenId(self.id)


class Purpose(StrEnum):
    """What a token that is made here may be good for."""

    READ = "read"
    WRITE = "write"
    EVERYTHING = "all"


class ForPurpose(CallbackData, prefix="atp"):
    purpose: Purpose


class GoodFor(CallbackData, prefix="ate"):
    """*days* from the press on; 0: for ever."""

    days: int
