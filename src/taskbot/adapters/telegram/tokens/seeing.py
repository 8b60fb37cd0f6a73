"""Seeing one's access tokens, and revoking one."""

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.texts import buttons, tokens as words, trouble
from taskbot.adapters.telegram.tokens.callbacks import (
    AboutToken,
    TokenAction,
    Tokens,
    TokensAction,
)
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import AccessTokens
from taskbot.application.ports import VanishingMessage, VanishingMessages
from taskbot.application.sign_in import SIGN_IN
from taskbot.domain.access_token import AccessToken
from taskbot.domain.errors import AccessTokenNotFound
from taskbot.domain.ids import AccessTokenId


async def list_tokens(_: Message, turn: Turn, access_tokens: AccessTokens) -> None:
    await show_list(turn, access_tokens)


async def back_to_list(_: CallbackQuery, turn: Turn, access_tokens: AccessTokens) -> None:
    await show_list(turn, access_tokens)


async def show_list(turn: Turn, access_tokens: AccessTokens) -> None:
    every = await access_tokens.list(actor=turn.actor.id)
    good = [token for token in every if not token.is_over(now=turn.voice.now)]
    good.sort(key=lambda token: token.name == SIGN_IN)  # those made by hand first
    opens = [
        button(words.button(turn.voice, token), AboutToken(action=TokenAction.OPEN, id=token.id))
        for token in good[: words.SHOWN]
    ]
    new = button(turn.voice.label(words.NEW), Tokens(action=TokensAction.NEW))
    await turn.screen.show(words.listed(turn.voice, good), keyboard(*in_rows_of(2, opens), [new]))


async def hide(
    _: CallbackQuery, turn: Turn, access_tokens: AccessTokens, vanishing: VanishingMessages
) -> None:
    """Put the list in the place of a secret; then nothing of it is left to be taken away."""
    await show_list(turn, access_tokens)
    if turn.screen.pressed is not None:
        shown = VanishingMessage(turn.screen.chat_id, turn.screen.pressed, turn.voice.now)
        await vanishing.drop(shown)


async def open_token(
    _: CallbackQuery, callback_data: AboutToken, turn: Turn, access_tokens: AccessTokens
) -> Toast | None:
    token = await _found(callback_data.token_id, turn, access_tokens)
    if token is None:
        return await _show_that_it_is_gone(turn, access_tokens)
    revoke = _about(turn, token, words.REVOKE, TokenAction.REVOKE)
    back = button(turn.voice.label(buttons.BACK), Tokens(action=TokensAction.LIST))
    await turn.screen.show(words.card(turn.voice, token), keyboard(revoke, [back]))
    return None


async def ask_to_revoke(
    _: CallbackQuery, callback_data: AboutToken, turn: Turn, access_tokens: AccessTokens
) -> Toast | None:
    token = await _found(callback_data.token_id, turn, access_tokens)
    if token is None:
        return await _show_that_it_is_gone(turn, access_tokens)
    keep = _about(turn, token, words.KEEP, TokenAction.OPEN)
    surely = _about(turn, token, words.REVOKE_SURELY, TokenAction.REVOKE_SURELY)
    await turn.screen.show(words.ask_to_revoke(turn.voice, token), keyboard(keep, surely))
    return None


async def revoke(
    _: CallbackQuery, callback_data: AboutToken, turn: Turn, access_tokens: AccessTokens
) -> Toast:
    try:
        await access_tokens.revoke(callback_data.token_id, actor=turn.actor.id)
    except AccessTokenNotFound:
        return await _show_that_it_is_gone(turn, access_tokens)
    await show_list(turn, access_tokens)
    return Toast(turn.voice.label(words.REVOKED))


def _about(turn: Turn, token: AccessToken, label: str, action: TokenAction) -> Row:
    return [button(turn.voice.label(label), AboutToken(action=action, id=token.id))]


async def _found(
    token_id: AccessTokenId, turn: Turn, access_tokens: AccessTokens
) -> AccessToken | None:
    every = await access_tokens.list(actor=turn.actor.id)
    return next((token for token in every if token.id == token_id), None)


async def _show_that_it_is_gone(turn: Turn, access_tokens: AccessTokens) -> Toast:
    await show_list(turn, access_tokens)
    return Toast(turn.voice.label(trouble.REFUSALS[AccessTokenNotFound]), alert=True)
