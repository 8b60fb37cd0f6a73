"""The dashboard and the alerts ask for what there is, and can be read by what reads them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # it has no types
from attrs import frozen
from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Expr,
    MatchOp,
    MatrixSelector,
    VectorSelector,
    parse,
    walk,
)

from taskbot.adapters.observability.catalogue import CATALOGUE, PROCESS

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
DASHBOARDS: Final = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
RULES: Final = DEPLOY / "prometheus" / "alerts.yml"
OURS: Final = {series: one for one in CATALOGUE for series in one.series}
OF_EVERY_SCRAPE: Final = frozenset({"instance", "job", "service", PROCESS.name})
OTHERS: Final = {
    "up": frozenset[str](),
    "ALERTS": frozenset({"alertname", "alertstate", "severity"}),
    "process_cpu_seconds_total": frozenset[str](),
    "process_open_fds": frozenset[str](),
    "process_resident_memory_bytes": frozenset[str](),
    "process_start_time_seconds": frozenset[str](),
}
"""Prometheus' own, and those of its client library."""
VARIABLES: Final = {"$__rate_interval": "5m", "$instance": ".*"}
"""What Grafana puts in."""


@frozen
class Question:
    """*shown*: the labels of the answer that are shown with it."""

    where: str
    text: str
    shown: frozenset[str] = frozenset()

    def parsed(self) -> Expr:
        text = self.text
        for name, value in VARIABLES.items():
            text = text.replace(name, value)
        return parse(text)


def dashboard(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DASHBOARDS:
        for panel in dashboard(path)["panels"]:
            yield f"{path.stem}: {panel['title']}", panel


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def questions() -> Iterator[Question]:
    for name, panel in panels():
        for target in panel.get("targets", ()):
            legend = target["legendFormat"]
            yield Question(
                name, target["expr"], frozenset(re.findall(r"\{\{\s*(\w+)\s*\}\}", legend))
            )
    for path in DASHBOARDS:
        for one in dashboard(path)["annotations"]["list"]:
            yield Question(f"{path.stem}: {one['name']}", one["expr"])
    for rule in rules():
        words = " ".join(rule["annotations"].values())
        shown = frozenset(re.findall(r"\$labels\.(\w+)", words))
        yield Question(f"{RULES.name}: {rule['alert']}", rule["expr"], shown)


QUESTIONS: Final = list(questions())


def nodes(question: Question) -> list[Expr]:
    found: list[Expr] = []
    walk(question.parsed(), found.append)
    return found


def selectors(question: Question) -> list[VectorSelector]:
    found = []
    for node in nodes(question):
        if isinstance(node, MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, VectorSelector):
            found.append(node)
    return list({str(one): one for one in found}.values())


def labels_of(series: str) -> frozenset[str]:
    own: frozenset[str] = OTHERS.get(series, frozenset())
    if series in OURS:
        own = frozenset(OURS[series].label_names)
        own |= {"le"} if series.endswith("_bucket") else frozenset()
    return own | OF_EVERY_SCRAPE


def grouped_by(question: Question) -> frozenset[str]:
    """The labels by which something is summed or matched."""
    names: set[str] = set()
    for node in nodes(question):
        modifier = getattr(node, "modifier", None)
        if isinstance(node, AggregateExpr) and modifier is not None:
            names.update(modifier.labels)
        elif isinstance(node, BinaryExpr) and modifier is not None:
            names.update(modifier.matching.labels if modifier.matching else ())
            names.update(modifier.group_labels or ())
    return frozenset(names)


def test_there_is_something_to_ask() -> None:
    assert len(QUESTIONS) > 100
    assert len(DASHBOARDS) == 1


def test_every_metric_that_is_asked_for_exists() -> None:
    for question in QUESTIONS:
        asked = {one.name for one in selectors(question)}

        assert asked, question
        assert asked <= {*OURS, *OTHERS}, question


def test_every_label_that_is_asked_for_exists() -> None:
    for question in QUESTIONS:
        found = selectors(question)

        for one in found:
            matched = {matcher.name for matcher in one.matchers.matchers}
            assert matched <= labels_of(one.name or ""), question
        known = frozenset[str]().union(*(labels_of(one.name or "") for one in found))
        assert grouped_by(question) | question.shown <= known, question


def test_every_value_that_is_asked_for_can_be_there() -> None:
    for question in QUESTIONS:
        for one in selectors(question):
            for matcher in one.matchers.matchers:
                possible = values_of(one.name or "", matcher.name)
                is_plain = matcher.op in (MatchOp.Equal, MatchOp.NotEqual)
                named = {matcher.value} if is_plain else set(matcher.value.split("|"))
                assert possible is None or named <= possible, question


def values_of(series: str, label: str) -> set[str] | None:
    """All that the label can have; None if that is not said."""
    labels = OURS[series].labels if series in OURS else ()
    found = next((one.values for one in labels if one.name == label), None)
    return None if found is None else set(found)


def test_every_metric_of_ours_is_looked_at_somewhere() -> None:
    asked = {OURS[one.name] for q in QUESTIONS for one in selectors(q) if one.name in OURS}

    assert [definition.name for definition in CATALOGUE if definition not in asked] == []


def test_the_panels_have_their_places_and_names_to_themselves() -> None:
    for path in DASHBOARDS:
        shown = dashboard(path)["panels"]
        assert len({panel["id"] for panel in shown}) == len(shown)
        taken = [cell for panel in shown for cell in _cells(panel["gridPos"])]
        assert len(set(taken)) == len(taken)
        assert all(0 <= x < 24 for x, _ in taken)
    titles = [name for name, panel in panels() if panel["type"] != "row"]
    assert len(titles) > 40


def _cells(place: dict[str, int]) -> Iterator[tuple[int, int]]:
    for x in range(place["x"], place["x"] + place["w"]):
        for y in range(place["y"], place["y"] + place["h"]):
            yield x, y


def test_every_alert_says_how_bad_it_is_what_is_wrong_and_what_to_look_at() -> None:
    names = [rule["alert"] for rule in rules()]

    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}, rule["alert"]
        assert set(rule["annotations"]) == {"summary", "description"}, rule["alert"]


def test_what_prometheus_and_grafana_are_set_up_with_fits_together() -> None:
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "taskbot.yml").read_text())[
        "providers"
    ]

    assert prometheus["rule_files"] == [RULES.name]
    assert [one["job_name"] for one in prometheus["scrape_configs"]] == ["taskbot"]
    assert source["type"] == "prometheus"
    assert provider["type"] == "file"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool here")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "config", "--syntax-only", "prometheus.yml"],
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=" ".join,
)
def test_prometheus_itself_agrees(command: list[str]) -> None:
    done = subprocess.run(
        ["promtool", *command],  # noqa: S607 - wherever it is on the path
        cwd=DEPLOY / "prometheus",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
