"""A page of tasks, asked for in both ways: by whose it is, and by a token of theirs."""

from attrs import evolve

from support.backends import Storage
from support.builders import an_access_token
from taskbot.application.ports import TaskPage, TaskPageRequest


async def page_either_way(storage: Storage, request: TaskPageRequest) -> TaskPage:
    """The page, which is the same either way; its owner is stored."""
    assert request.owner_id is not None
    page = await storage.queries.tasks(request)
    if not await storage.queries.access_tokens(request.owner_id):
        await storage.keep(an_access_token(owner_id=request.owner_id))
    (token, *_) = await storage.queries.access_tokens(request.owner_id)
    owner = await storage.queries.user(request.owner_id)
    held = await storage.queries.held_tasks(token.digest, evolve(request, owner_id=None))
    assert held == (token, owner, page)
    return page
