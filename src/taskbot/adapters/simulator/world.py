"""The simulator's state as one whole: loaded at the start, written through at each change."""

from collections.abc import Callable
from typing import Any, Final

from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.simulator.state import (
    Account,
    Chat,
    InlineQuestion,
    Person,
    PressedButton,
    StoredFile,
    StoredMessage,
)
from taskbot.adapters.simulator.storage import Storage
from taskbot.adapters.simulator.updates import (
    LEFT_OUT,
    LIFETIME,
    LIFETIMES,
    PendingUpdate,
    UpdateQueue,
)
from taskbot.adapters.simulator.waiting import Changes

Record = (
    Person
    | Account
    | Chat
    | StoredMessage
    | StoredFile
    | PressedButton
    | InlineQuestion
    | PendingUpdate
)

KINDS: Final = {
    Person: "person",
    Account: "account",
    Chat: "chat",
    StoredMessage: "message",
    StoredFile: "file",
    PressedButton: "pressed",
    InlineQuestion: "question",
    PendingUpdate: "update",
}


def _key(record: Record) -> str:
    match record:
        case Person():
            return str(record.id)
        case Account():
            return str(record.number)
        case Chat():
            return f"{record.bot}:{record.person}"
        case StoredMessage():
            return f"{record.bot}:{record.message_id}"
        case StoredFile():
            return record.file_id
        case PressedButton() | InlineQuestion():
            return f"{record.bot}:{record.id}"
        case PendingUpdate():
            return f"{record.bot}:{record.update_id}"


class World:
    """Persons are shared by all bots; chats, messages and updates belong to one of them.

    *now* gives Unix time. Each public method leaves the state consistent; `commit` makes it safe
    from a kill.
    """

    def __init__(self, storage: Storage, now: Callable[[], float]) -> None:
        self._storage = storage
        self.now = now
        self.changes = Changes()
        self.on_update: Callable[[Account, PendingUpdate], None] = lambda _, __: None
        self.on_webhook: Callable[[Account], None] = lambda _: None
        self._forget_all()

    def _forget_all(self) -> None:
        self.persons: dict[int, Person] = {}
        self.files: dict[str, StoredFile] = {}
        self.accounts: list[Account] = [Account(number=0)]
        self.queues: list[UpdateQueue] = [UpdateQueue()]
        self.current = self.accounts[0]

    def open(self) -> None:
        self._storage.open()
        self._forget_all()
        load = self._storage.load
        self.persons = {p.id: p for p in map(Person.from_json, load("person"))}
        self.files = {f.file_id: f for f in map(StoredFile.from_json, load("file"))}
        accounts = sorted(map(Account.from_json, load("account")), key=lambda a: a.number)
        if accounts:
            self.accounts = accounts
            self.queues = [UpdateQueue() for _ in accounts]
            self.current = max(accounts, key=lambda account: account.used_at)
        for chat in map(Chat.from_json, load("chat")):
            self.accounts[chat.bot].chats[chat.person] = chat
        messages = map(StoredMessage.from_json, load("message"))
        for message in sorted(messages, key=lambda m: m.message_id):
            self.accounts[message.bot].keep(message)
        for pressed in map(PressedButton.from_json, load("pressed")):
            self.accounts[pressed.bot].pressed[pressed.id] = pressed
        for question in map(InlineQuestion.from_json, load("question")):
            self.accounts[question.bot].questions[question.id] = question
        updates = map(PendingUpdate.from_json, load("update"))
        for update in sorted(updates, key=lambda u: u.update_id):
            self.queues[update.bot].add(update)

    def close(self) -> None:
        self._storage.close()

    def clear(self) -> None:
        """Forget persons, chats, files and updates.

        What bots set for themselves stays, and so do the counters: an id is never used twice.
        """
        self._storage.clear()
        self.persons.clear()
        self.files.clear()
        for queue in self.queues:
            queue.clear()
        for account in self.accounts:
            account.forget_chats()
            self.save(account)
        self.commit()

    @property
    def is_open(self) -> bool:
        return self._storage.is_open

    def commit(self) -> None:
        self._storage.commit()
        self.changes.notify()

    def save(self, record: Record) -> None:
        self._storage.put(KINDS[type(record)], _key(record), record.to_json())

    def drop(self, record: Record) -> None:
        self._storage.remove(KINDS[type(record)], _key(record))

    def account_of(self, bot_id: int) -> Account:
        """The bot of a token; the first one takes over what persons wrote before it came."""
        for account in self.accounts:
            if account.bot_id == bot_id:
                break
        else:
            account = self.accounts[0]
            if account.bot_id is not None:
                account = Account(number=len(self.accounts))
                self.accounts.append(account)
                self.queues.append(UpdateQueue())
            account.bot_id = bot_id
        if account is not self.current or account.used_at == 0:
            account.used_at = self.now()
            self.save(account)
        self.current = account
        return account

    def queue_of(self, account: Account) -> UpdateQueue:
        return self.queues[account.number]

    def person(self, person_id: int) -> Person:
        """Raise `ControlRefusal` if there is nobody with that id."""
        person = self.persons.get(person_id)
        if person is None:
            raise ControlRefusal(404, f"there is no person {person_id}")
        return person

    def chat(self, account: Account, person_id: int) -> Chat:
        chat = account.chats.get(person_id)
        if chat is None:
            chat = account.chats[person_id] = Chat(bot=account.number, person=person_id)
        return chat

    def add_message(self, account: Account, **contents: Any) -> StoredMessage:
        message = StoredMessage(
            bot=account.number, message_id=account.next_message_id, date=self.now(), **contents
        )
        account.next_message_id += 1
        self.touch(account, message)
        return message

    def touch(self, account: Account, message: StoredMessage) -> None:
        """Keep a new or changed message, with a revision above all earlier ones."""
        message.revision = account.next_revision
        account.next_revision += 1
        account.keep(message)
        self.save(message)
        self.save(account)

    def enqueue(
        self, account: Account, kind: str, body: dict[str, Any], *, lane: str
    ) -> PendingUpdate | None:
        """Queue an update for the bot, unless it asked not to get this kind."""
        allowed = account.allowed_updates
        if (allowed and kind not in allowed) or (not allowed and kind in LEFT_OUT):
            return None
        update = PendingUpdate(
            bot=account.number,
            update_id=account.next_update_id,
            kind=kind,
            lane=lane,
            body=body,
            expires_at=self.now() + LIFETIMES.get(kind, LIFETIME),
        )
        account.next_update_id += 1
        self.queue_of(account).add(update)
        self.save(update)
        self.save(account)
        self.on_update(account, update)
        return update

    def forget_updates(self, account: Account, updates: list[PendingUpdate]) -> None:
        self.queue_of(account).forget(updates)
        for update in updates:
            self.drop(update)

    def put_file(self, file: StoredFile, content: bytes) -> None:
        self.files[file.file_id] = file
        self._storage.put_content(file.file_id, content)
        self.save(file)

    def content(self, file: StoredFile) -> bytes:
        return self._storage.content(file.file_id) or b""
