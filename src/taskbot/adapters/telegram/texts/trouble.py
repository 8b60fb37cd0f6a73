"""What to say when the answer is no. A test checks that every refusal has its words."""

from typing import Any, Final, cast

from attrs import asdict

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain import errors
from taskbot.domain.errors import DomainError

REFUSALS: Final[dict[type[DomainError], str]] = {
    errors.BlankTitle: mark("A task needs a title: a few words, please."),
    errors.TitleTooLong: mark(
        "That is too long for a title: {length} characters, and at most {limit} fit. "
        "The rest can go into the description."
    ),
    errors.DescriptionTooLong: mark(
        "That is too long for a description: {length} characters, and at most {limit} fit."
    ),
    errors.UnknownPriority: mark("There is no such priority."),
    errors.TaskNotFound: mark("This task is gone: it was deleted."),
    errors.TooManyTasks: mark("I can change at most {limit} tasks at once."),
    errors.TaskNamedTwice: mark("The same task was named twice."),
    errors.NoSeveralLines: mark("I see no several lines in this task that could be tasks."),
    errors.TaskAlreadyCompleted: mark("This task is done already. Reopen it to change that."),
    errors.TaskNotCompleted: mark("This task is open already."),
    errors.StaleTask: mark("The task was changed elsewhere at the same moment. Please try again."),
    errors.NothingToUndo: mark(
        "There is nothing to undo any more: it is too late, or the task has changed since then."
    ),
    errors.DeadlineInPast: mark("That moment is over already. Please choose a later one."),
    errors.DeadlineOutOfRange: mark("That date is too far away."),
    errors.LeadTimeOutOfRange: mark("A reminder can come up to {limit_days} days ahead."),
    errors.TooManyLeadTimes: mark("One task takes at most {limit} reminders."),
    errors.SnoozeOutOfRange: mark(
        "I can put it off to a later moment only, by at most {limit_days} days."
    ),
    errors.ReminderNotFound: mark("This reminder is gone."),
    errors.ReminderOver: mark("This reminder is over already."),
    errors.ReminderInPast: mark("That moment is over already. Please choose a later one."),
    errors.ReminderOutOfRange: mark("That is too far ahead: {last_year} is the last year I know."),
    errors.TooManyReminders: mark(
        "At most {limit} reminders of your own fit on a task. Please remove one first."
    ),
    errors.ReminderNotDead: mark("This reminder is under way again, or over."),
    errors.BlankCategoryName: mark("A category needs a name: a word or two, please."),
    errors.CategoryNameTooLong: mark(
        "That is too long for a category: {length} characters, and at most {limit} fit."
    ),
    errors.CategoryNameTaken: mark("You have the category {name} already."),
    errors.CategoryNotFound: mark("This category is gone: it was deleted."),
    errors.StaleCategory: mark(
        "The category was changed elsewhere at the same moment. Please try again."
    ),
    errors.UnknownTimezone: mark("I do not know that time zone."),
    errors.UserNotFound: mark("I do not know you yet. Please send /start."),
    errors.StaleUser: mark("Your settings were changed elsewhere at the same moment. Once more?"),
    errors.NotLeaving: mark("Your account is not going to be deleted: all is well."),
    errors.AccountBeingDeleted: mark(
        "Your account is being deleted, as you asked. Write to me again in an hour to start anew."
    ),
    errors.AccessTokenNotFound: mark("This access token is gone."),
    errors.NoScope: mark("An access token has to be good for something."),
    errors.ExpiryInPast: mark("That moment is over already. Please choose a later one."),
    errors.ExpiryTooLate: mark("That is too far ahead: {last_year} is the last year I know."),
    errors.InsufficientScope: mark("This access token is not good for that."),
    errors.UnprovenIdentity: mark("I cannot tell that it is you. Please sign in again."),
    errors.SignInUnavailable: mark("Signing in with Telegram is not set up here."),
    errors.InvalidAccessToken: mark("This access token is not valid."),
}

STORAGE_AWAY: Final = mark("I cannot reach my memory just now. Please try again in a minute.")
BROKEN: Final = mark(
    "Something went wrong on my side; nothing that you saved is lost. Please try again. "
    "If it stays so, tell whoever runs this bot the code {code}."
)
TOO_FAST: Final = mark(
    "⏳ That was too fast for me, and what came last I did not take. "
    "Please send it again in {wait}."
)
TOO_FAST_PRESS: Final = mark("⏳ Too fast for me. Please press it again in a moment.")
ONLY_TEXT: Final = mark("I can only read text so far. Write me what needs doing, or send /help.")
OLD_BUTTON: Final = mark("This button is no longer current.")


def refusal(voice: Voice, error: DomainError) -> str:
    """Plain text, fit for a message without markup and for a pop-up."""
    facts = asdict(cast("Any", error), recurse=False)  # every refusal is an attrs class
    return voice.label(REFUSALS[type(error)], **facts)
