"""What the application refuses, in the operator's words."""

from collections.abc import Mapping
from typing import Final

from attrs import asdict

from taskbot.adapters.admin.words import say
from taskbot.domain import errors
from taskbot.domain.errors import DomainError


def _marked(message: str) -> str:
    """*message* as it is: the name tells the extraction that it is to be translated."""
    return message


WORDS: Final[Mapping[type[DomainError], str]] = {
    errors.AdminAccountInactive: _marked("This account is deactivated."),
    errors.AdminAccountNotFound: _marked("There is no such account."),
    errors.AdminNameTaken: _marked("There is an account of this name already."),
    errors.AdminNameUnusable: _marked(
        "A name has 1 to %(limit)s of the characters a-z, 0-9 and . _ - @"
    ),
    errors.CurrentPasswordWrong: _marked("This is not the current password."),
    errors.InvitationUnusable: _marked(
        "This one-time link is unknown, used or too old. Ask for another one."
    ),
    errors.LastEditor: _marked(
        "This is the last editor who can sign in: make somebody else one before."
    ),
    errors.NotSignedIn: _marked("The session is over: sign in again."),
    errors.PasswordGuessable: _marked(
        "This password is among the first that anybody would try. Choose another one."
    ),
    errors.PasswordTooLong: _marked("A password has at most %(limit)s characters."),
    errors.PasswordTooShort: _marked("A password has at least %(limit)s characters."),
    errors.RoleInsufficient: _marked("This is for operators of the role %(role)s."),
    errors.SignInRefused: _marked("The name or the password is wrong."),
    errors.StaleAdminAccount: _marked(
        "The account was changed by somebody else meanwhile. Look at it again."
    ),
    errors.TooManySignIns: _marked("Too many tries. The next one may come in %(seconds)s s."),
}


def in_words(refusal: DomainError) -> str:
    """What to say about *refusal*; what has no words here says what it is in English."""
    message = WORDS.get(type(refusal))
    if message is None:
        return str(refusal)
    values = asdict(refusal)  # type: ignore[arg-type] # all of them are attrs classes
    if isinstance(refusal, errors.TooManySignIns):
        values["seconds"] = refusal.seconds
    return say(message, **values)
