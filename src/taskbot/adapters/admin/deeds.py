"""From what an operator does on a page to the back office, and its answers back to the page."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from starlette.requests import Request
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.flash import flash

from taskbot.adapters.admin.refusals import in_words
from taskbot.adapters.admin.words import plural, say
from taskbot.application.back_office import Outcome
from taskbot.domain.errors import DomainError, InvalidValue

_REASONS_SHOWN = 3


@contextlib.contextmanager
def refused_at_fields(
    request: Request,
    fields: Mapping[str, str],
    *,
    but_for: tuple[type[DomainError], ...] = (),
) -> Iterator[None]:
    """Show a refusal in the form: at its field, else above them all. What was typed stays.

    *fields*: the names of the form's fields by what they are about. *but_for*: let through.
    """
    try:
        yield
    except but_for:
        raise
    except InvalidValue as refusal:
        if refusal.field in fields:
            raise FormValidationError({fields[refusal.field]: in_words(refusal)}) from refusal
        raise _above_the_form(request, refusal) from refusal
    except DomainError as refusal:
        raise _above_the_form(request, refusal) from refusal


def _above_the_form(request: Request, refusal: DomainError) -> FormValidationError:
    flash(request, in_words(refusal), "error")
    return FormValidationError({})


@contextlib.contextmanager
def refused_at_once() -> Iterator[None]:
    """Show a refusal where something was pressed."""
    try:
        yield
    except DomainError as refusal:
        raise ActionFailed(in_words(refusal)) from refusal


def tell(request: Request, outcomes: Sequence[Outcome]) -> None:
    """Say on the next page what became of several things: how many, and why not the others.

    Where nothing at all was done, raise `ActionFailed`, which leaves the selection as it is.
    """
    refusals = Counter(
        in_words(outcome.refusal) for outcome in outcomes if outcome.refusal is not None
    )
    number = len(outcomes) - refusals.total()
    why = " ".join(reason for reason, _ in refusals.most_common(_REASONS_SHOWN))
    refused = say("%(count)d refused: %(why)s", count=refusals.total(), why=why)
    if not number and refusals:
        raise ActionFailed(refused)
    flash(request, plural("%(count)d done.", "%(count)d done.", number), "success")
    if refusals:
        flash(request, refused, "warning")
