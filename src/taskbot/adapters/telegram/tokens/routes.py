"""What leads where."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter, or_f

from taskbot.adapters.telegram.filters import NoText, NotThePrompt, PlainText
from taskbot.adapters.telegram.tokens import making, seeing
from taskbot.adapters.telegram.tokens.callbacks import (
    AboutToken,
    ForPurpose,
    GoodFor,
    TokenAction,
    Tokens,
    TokensAction,
)
from taskbot.adapters.telegram.tokens.making import TokenForm


def build_router() -> Router:
    router = Router(name="tokens")
    pressed, typed = router.callback_query.register, router.message.register
    typed(seeing.list_tokens, Command("token"))
    pressed(seeing.back_to_list, Tokens.filter(F.action == TokensAction.LIST))
    pressed(seeing.hide, Tokens.filter(F.action == TokensAction.HIDE))
    pressed(seeing.open_token, AboutToken.filter(F.action == TokenAction.OPEN))
    pressed(seeing.ask_to_revoke, AboutToken.filter(F.action == TokenAction.REVOKE))
    pressed(seeing.revoke, AboutToken.filter(F.action == TokenAction.REVOKE_SURELY))

    pressed(making.begin, Tokens.filter(F.action == TokensAction.NEW))
    answers = or_f(Tokens.filter(), ForPurpose.filter(), GoodFor.filter())
    pressed(making.not_current, answers, or_f(NotThePrompt(), ~StateFilter(TokenForm)))
    pressed(making.cancel, Tokens.filter(F.action == TokensAction.CANCEL))
    name = StateFilter(TokenForm.name)
    pressed(making.take_default_name, name, Tokens.filter(F.action == TokensAction.DEFAULT_NAME))
    pressed(making.take_purpose, StateFilter(TokenForm.purpose), ForPurpose.filter())
    pressed(making.make, StateFilter(TokenForm.expiry), GoodFor.filter())
    pressed(making.answered_already, answers)
    typed(making.take_name, name, PlainText())
    typed(making.ask_once_more, StateFilter(TokenForm), or_f(PlainText(), NoText()))
    return router
