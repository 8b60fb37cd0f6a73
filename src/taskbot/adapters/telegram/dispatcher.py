"""The bot's table of contents."""

from aiogram import Dispatcher

from taskbot.adapters.telegram import (
    capture,
    card,
    categories as category_screens,
    create,
    digest,
    edit,
    examining,
    export,
    fallback,
    inline,
    leaving,
    listing,
    membership,
    reminders,
    reschedule,
    start,
    statistics,
    tokens,
)
from taskbot.adapters.telegram.directory import Directory
from taskbot.adapters.telegram.examining import OperatorsDoctor, OperatorsGroup
from taskbot.adapters.telegram.floods import USUAL, Floods
from taskbot.adapters.telegram.in_between import CommandsInBetween
from taskbot.adapters.telegram.journal import Journal, Particulars
from taskbot.adapters.telegram.measuring import MeasuredUpdates, Meter
from taskbot.adapters.telegram.middlewares import (
    OnceOnly,
    PressesAreAnswered,
    PrivateChatsOnly,
    Troubles,
    Turns,
)
from taskbot.adapters.telegram.reminding import routes as reminding
from taskbot.adapters.telegram.settings import routes as settings
from taskbot.adapters.telegram.storage import OneAtATime, StoredDialogues
from taskbot.application.interface import (
    AccessTokens,
    Accounts,
    Categories,
    Exports,
    People,
    Progress,
    Tasks,
)
from taskbot.application.ports import (
    Clock,
    DialogueStore,
    Painter,
    PersonLocks,
    Quota,
    RateLimiter,
    UpdateLog,
    VanishingMessages,
)


def create_dispatcher(
    *,
    tasks: Tasks,
    categories: Categories,
    users: People,
    progress: Progress,
    accounts: Accounts,
    access_tokens: AccessTokens,
    exports: Exports,
    painter: Painter,
    vanishing: VanishingMessages,
    clock: Clock,
    dialogues: DialogueStore,
    update_log: UpdateLog,
    locks: PersonLocks,
    rates: RateLimiter,
    flood_quota: Quota | None = USUAL,
    is_only_reader: bool = True,
    meter: Meter | None = None,
    operators_doctor: OperatorsDoctor | None = None,
) -> Dispatcher:
    """Give the dispatcher with everything that the bot can do; one update of a person at a time.

    It asks for messages, presses, inline queries and changes of its own membership. Edited
    messages are left out on purpose: what a message said first was taken and answered, and is
    changed by buttons.
    *is_only_reader*: no other process gets updates of this bot while this one does. *flood_quota*:
    how much one person may send; None: no limit. *meter* is told of each update.
    *operators_doctor*: who answers /doctor, and where.
    """
    stored = StoredDialogues(dialogues)
    dispatcher = Dispatcher(
        storage=stored,
        events_isolation=OneAtATime(locks, stored),
        disable_fsm=True,  # aiogram would put it where nobody tells the person of its troubles
        tasks=tasks,
        categories=categories,
        users=users,
        progress=progress,
        accounts=accounts,
        access_tokens=access_tokens,
        exports=exports,
        painter=painter,
        vanishing=vanishing,
        clock=clock,
    )
    if meter is not None:
        dispatcher.update.outer_middleware(MeasuredUpdates(meter))
    dispatcher.update.outer_middleware(Journal())
    dispatcher.update.outer_middleware(OnceOnly(update_log, clock, is_only_reader=is_only_reader))
    dispatcher.callback_query.outer_middleware(PressesAreAnswered())
    if operators_doctor is not None:
        dispatcher.message.outer_middleware(OperatorsGroup(operators_doctor, clock))
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(PrivateChatsOnly(clock))
        observer.outer_middleware(Floods(rates, clock, flood_quota))
        observer.outer_middleware(Troubles(clock))
        observer.outer_middleware(dispatcher.fsm)
        observer.outer_middleware(Turns(users, clock, stored))
        observer.middleware(Particulars())
    dispatcher.my_chat_member.outer_middleware(dispatcher.fsm)
    # Reads alone, and no dialogue: it waits for nothing else that the person does.
    dispatcher.inline_query.outer_middleware(Troubles(clock))

    in_between = [
        start.build_router(),
        listing.build_router(),
        category_screens.build_router(),
        settings.build_router(),
        statistics.build_router(),
        tokens.build_router(),
        export.build_router(),
        leaving.build_router(),
    ]
    if operators_doctor is not None:
        in_between.append(examining.build_router(operators_doctor))
    last = fallback.build_router()
    for router in (*in_between, last):
        router.message.middleware(CommandsInBetween(tasks, categories))
    directory = Directory()
    directory.include_routers(
        inline.build_router(),
        *in_between,
        create.build_router(),
        reminding.build_router(),
        card.build_router(),
        edit.build_router(),
        reschedule.build_router(),
        reminders.build_router(),
        digest.build_router(),
        membership.build_router(),
        capture.build_router(),
        last,
    )
    dispatcher.include_router(directory)
    return dispatcher
