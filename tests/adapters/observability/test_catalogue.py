"""Names and labels of metrics: conventions, documentation, and few values whatever comes."""

import re

from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.api_calls import ApiCallMeter
from taskbot.adapters.observability.catalogue import CATALOGUE, SECTIONS
from taskbot.adapters.observability.conversations import ConversationMeter
from taskbot.adapters.observability.definitions import (
    CounterDefinition,
    GaugeDefinition,
    HistogramDefinition,
)
from taskbot.adapters.observability.dispatching import DispatchMeter
from taskbot.adapters.observability.http_requests import MeasuredRequests
from taskbot.adapters.observability.metrics import Metrics
from taskbot.adapters.observability.sending import LimitMeter, NotificationMeter
from taskbot.adapters.observability.transactions import TransactionMeter

UNITS = ("_seconds", "_bytes", "_info", "_total", "_ratio")
OUTSIDE = ("", "Ада'); DROP TABLE", "x" * 5000, "\n\udcff", "ok ", "OK", "../../etc")


def test_names_follow_the_conventions_of_prometheus() -> None:
    names = [definition.name for definition in CATALOGUE]

    assert len(set(names)) == len(names) > 30
    for definition in CATALOGUE:
        assert re.fullmatch(r"taskbot(_[a-z]+)+", definition.name)
        assert isinstance(definition, CounterDefinition) == definition.name.endswith("_total")
        assert not definition.name.endswith(("_count", "_sum", "_bucket", "_created"))
        assert "milliseconds" not in definition.name
        if isinstance(definition, HistogramDefinition):
            assert definition.name.endswith(("_seconds", "_bytes"))
            assert list(definition.buckets) == sorted(definition.buckets)
        if isinstance(definition, GaugeDefinition) and definition.name.endswith("_info"):
            assert definition.labels


def test_every_metric_says_what_it_means() -> None:
    for definition in CATALOGUE:
        assert definition.meaning.endswith(".")
        for label in definition.labels:
            assert label.meaning
            assert re.fullmatch(r"[a-z]+", label.name)
            assert label.name not in {"le", "quantile", "job", "instance", "process"}


def test_every_metric_that_anything_counts_is_in_the_catalogue() -> None:
    metrics = Metrics()
    metrics.describe("api")
    for meter in (
        ApiCallMeter,
        ConversationMeter,
        DispatchMeter,
        LimitMeter,
        NotificationMeter,
        TransactionMeter,
    ):
        metrics.meter(meter)
    metrics.meter(lambda registry: MeasuredRequests(_nothing, registry))
    known = {definition.name.removesuffix("_total"): definition for definition in CATALOGUE}

    for family in metrics.registry.collect():
        if family.name.startswith("taskbot_"):
            assert family.name in known
            assert family.type == known[family.name].kind
            assert family.documentation == known[family.name].meaning


async def _nothing(*_: object) -> None: ...


def test_whatever_is_said_to_a_meter_its_labels_stay_few() -> None:
    registry = CollectorRegistry()
    conversations, calls = ConversationMeter(registry), ApiCallMeter(registry)
    for word in OUTSIDE:
        conversations.update_ended(word, word, seconds=1)
        conversations.call_ended("sendMessage", word, seconds=1)
        calls.call_ended(word, word, seconds=1)

    assert _label_values(registry) == {"other", "sendMessage"}


def _label_values(registry: CollectorRegistry) -> set[str]:
    return {
        value
        for family in registry.collect()
        for sample in family.samples
        for name, value in sample.labels.items()
        if name != "le"
    }


def test_the_sections_hold_each_metric_once() -> None:
    assert sum(map(len, SECTIONS.values())) == len(CATALOGUE)
