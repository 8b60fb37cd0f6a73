"""Metrics on the API's own port are for operators."""

import pytest

from support.api import Api, Person

pytestmark = pytest.mark.anyio


async def test_an_operator_reads_the_metrics(api: Api) -> None:
    operator = await api.operator()

    answer = await operator.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text == "made_up 1.0\n"


async def test_nobody_else_reads_them(api: Api, ada: Person) -> None:
    hers = await ada.client.get("/metrics")
    anonymous = await api.anonymous.get("/metrics")

    assert (hers.status_code, hers.json()["type"]) == (403, "/problems/scope-insufficient")
    assert anonymous.status_code == 401
    assert "made_up" not in hers.text + anonymous.text
