"""An API on memory, with Ada and Ben."""

import pytest

from support.api import ADA, BEN, Api, Person, an_api


@pytest.fixture
def api() -> Api:
    return an_api()


@pytest.fixture
async def ada(api: Api) -> Person:
    return await api.person(ADA)


@pytest.fixture
async def ben(api: Api) -> Person:
    return await api.person(BEN)
