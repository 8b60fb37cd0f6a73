"""The dialogue's table of contents."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter, or_f
from aiogram.filters.callback_data import CallbackQueryFilter

from taskbot.adapters.telegram.callbacks import Step, StepAction, StepCategory, StepDeadline
from taskbot.adapters.telegram.create import answers, begin, finish
from taskbot.adapters.telegram.create.callbacks import CategoriesPage
from taskbot.adapters.telegram.create.steps import CreateForm
from taskbot.adapters.telegram.filters import NoText, NotThePrompt, PlainText


def build_router() -> Router:
    router = Router(name="create")
    in_dialogue, pressed = StateFilter(CreateForm), router.callback_query.register
    router.message.register(begin.start, Command("create"))
    pressed(begin.start_by_button, _step(StepAction.START))
    pressed(begin.restart, _step(StepAction.RESTART))
    pressed(begin.resume, in_dialogue, _step(StepAction.RESUME))
    pressed(begin.take_text, StateFilter(None), _step(StepAction.TAKE_TEXT), ~NotThePrompt())

    any_button = or_f(
        Step.filter(), StepCategory.filter(), CategoriesPage.filter(), StepDeadline.filter()
    )
    # In this order: whether a question is open is not said before it could be read.
    pressed(begin.not_current, any_button, or_f(NotThePrompt(), ~in_dialogue))
    pressed(begin.cancel, _step(StepAction.CANCEL))
    pressed(answers.back, _step(StepAction.BACK))
    pressed(answers.go_on, _step(StepAction.NEXT))
    pressed(
        answers.no_description,
        StateFilter(CreateForm.description),
        _step(StepAction.NO_DESCRIPTION),
    )
    pressed(
        answers.ask_category_name, StateFilter(CreateForm.category), _step(StepAction.NEW_CATEGORY)
    )
    pressed(answers.choose_category, StateFilter(CreateForm.category), StepCategory.filter())
    pressed(answers.turn_categories, StateFilter(CreateForm.category), CategoriesPage.filter())
    pressed(finish.choose_deadline, StateFilter(CreateForm.deadline), StepDeadline.filter())

    typed = router.message.register
    typed(answers.take_title, StateFilter(CreateForm.title), PlainText())
    typed(answers.take_description, StateFilter(CreateForm.description), PlainText())
    naming = StateFilter(CreateForm.category, CreateForm.category_name)
    typed(answers.take_category_name, naming, PlainText())
    typed(finish.take_deadline, StateFilter(CreateForm.deadline), PlainText())
    typed(answers.not_text, in_dialogue, NoText())
    return router


def _step(action: StepAction) -> CallbackQueryFilter:
    return Step.filter(F.action == action)
