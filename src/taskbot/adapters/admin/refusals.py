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
    errors.AccessTokenNotFound: _marked("There is no such access token."),
    errors.AccountBeingDeleted: _marked("This person has left: what is theirs is being deleted."),
    errors.AdminAccountInactive: _marked("This account is deactivated."),
    errors.AdminAccountNotFound: _marked("There is no such account."),
    errors.AdminNameTaken: _marked("There is an account of this name already."),
    errors.AdminNameUnusable: _marked(
        "A name has 1 to %(limit)s of the characters a-z, 0-9 and . _ - @"
    ),
    errors.BlankCategoryName: _marked("A category needs a name that can be read."),
    errors.BlankTitle: _marked("A task needs a title that can be read."),
    errors.CategoryNameTaken: _marked("The owner has a category “%(name)s” already."),
    errors.CategoryNameTooLong: _marked(
        "A category's name has at most %(limit)s characters, this one has %(length)s."
    ),
    errors.CategoryNotFound: _marked("The owner has no such category."),
    errors.CurrentPasswordWrong: _marked("This is not the current password."),
    errors.DeadlineInPast: _marked("This deadline is over already."),
    errors.DeadlineOutOfRange: _marked(
        "A deadline lies between the years %(first_year)s and %(last_year)s."
    ),
    errors.DescriptionTooLong: _marked(
        "A description has at most %(limit)s characters, this one has %(length)s."
    ),
    errors.InvitationUnusable: _marked(
        "This one-time link is unknown, used or too old. Ask for another one."
    ),
    errors.LastEditor: _marked(
        "This is the last editor who can sign in: make somebody else one before."
    ),
    errors.LeadTimeOutOfRange: _marked("A lead time lies between 0 and %(limit_days)s days."),
    errors.NoDeadlineToMove: _marked("This task has no deadline to move."),
    errors.NotLeaving: _marked("Nobody asked for this account to be deleted."),
    errors.NotWholeDays: _marked("A deadline that is a day moves by whole days."),
    errors.NotSignedIn: _marked("The session is over: sign in again."),
    errors.NothingToUndo: _marked(
        "Nothing of this task can be undone: it is too late, or it was changed."
    ),
    errors.PasswordGuessable: _marked(
        "This password is among the first that anybody would try. Choose another one."
    ),
    errors.PasswordTooLong: _marked("A password has at most %(limit)s characters."),
    errors.PasswordTooShort: _marked("A password has at least %(limit)s characters."),
    errors.ReminderInPast: _marked("A reminder comes at a later moment."),
    errors.ReminderNotDead: _marked("This reminder is no longer a dead letter."),
    errors.ReminderNotFound: _marked("There is no such reminder any more."),
    errors.ReminderOutOfRange: _marked(
        "%(last_year)s is the last year in which a reminder can come."
    ),
    errors.ReminderOver: _marked("This reminder is over: there is nothing to take back."),
    errors.RoleInsufficient: _marked("This is for operators of the role %(role)s."),
    errors.SignInRefused: _marked("The name or the password is wrong."),
    errors.StaleAdminAccount: _marked(
        "The account was changed by somebody else meanwhile. Look at it again."
    ),
    errors.StaleCategory: _marked(
        "The category was changed by somebody else meanwhile. Look at it again."
    ),
    errors.StaleTask: _marked("The task was changed by somebody else meanwhile. Look at it again."),
    errors.StaleUser: _marked(
        "The person's settings were changed by somebody else meanwhile. Look at them again."
    ),
    errors.TaskAlreadyCompleted: _marked("This task is completed already."),
    errors.TaskNotCompleted: _marked("This task is still open."),
    errors.TaskNotFound: _marked("There is no such task any more."),
    errors.TitleTooLong: _marked(
        "A title has at most %(limit)s characters, this one has %(length)s."
    ),
    errors.TooManyAtOnce: _marked("This can be done to at most %(limit)s things at once."),
    errors.TooManyLeadTimes: _marked("A task is reminded of at most %(limit)s times ahead."),
    errors.TooManyReminders: _marked(
        "At most %(limit)s reminders of a task at moments of its own are ahead at a time."
    ),
    errors.TooManySignIns: _marked("Too many tries. The next one may come in %(seconds)s s."),
    errors.UnknownPriority: _marked("A priority is 1 (highest), 2, 3 or 4."),
    errors.UnknownTimezone: _marked(
        "This is not a name of the IANA time zone database, such as Europe/Berlin."
    ),
    errors.UserNotFound: _marked("There is no such person."),
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
