"""compose.yaml: what the Compose Specification allows, and what docs/how-to says of it.

`compose-spec.json` is the specification's schema as Docker Compose 2.40.3 carries it (Apache
License 2.0, beside it).
"""

import functools
import json
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml  # type: ignore[import-untyped] # it has no types of its own
from attrs import fields_dict

from taskbot.entrypoints.cli import main
from taskbot.entrypoints.settings import Settings, variable_of

PROJECT: Final = Path(__file__).parents[2]
FILES: Final = ("compose.yaml", "compose.webhook.yaml")
ONCE: Final = frozenset({"migrate", "backup", "proxy-volumes"})
"""They do one thing and end."""
CHANGES_OWNERS: Final = "proxy-volumes"
INSIDE: Final = frozenset({"postgres", "redis"})


@functools.cache
def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / name).read_text())
    return found


SERVICES: Final[dict[str, dict[str, Any]]] = read("compose.yaml")["services"]
OURS: Final = [name for name, one in SERVICES.items() if "taskbot" in one["image"]]


@pytest.mark.parametrize("file", FILES)
def test_it_is_what_the_specification_allows(file: str) -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())

    jsonschema_rs.validate(schema, read(file))


def test_what_the_specification_does_not_know_is_noticed() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())

    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, {"services": {"api": {"image": "x", "read-only": True}}})


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_may_do_as_little_as_possible(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged") is None
    assert (service["user"].split(":")[0] == "0") == (name == CHANGES_OWNERS)
    assert {"cpus", "mem_limit", "pids_limit"} <= service.keys()
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_started_again_and_says_how_it_is_or_ends_by_itself(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    if name not in ONCE:
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    tag = SERVICES[name]["image"].rpartition(":")[2]

    assert name in OURS or any(letter.isdigit() for letter in tag)


@pytest.mark.parametrize("file", FILES)
def test_every_setting_is_one_and_every_command_too(file: str) -> None:
    known = {variable_of(name) for name in fields_dict(Settings)}  # type: ignore[arg-type] # as there
    services = read(file)["services"]

    for service in services.values():
        given = {name for name in service.get("environment", {}) if name.startswith("TASKBOT_")}
        assert {name.removesuffix("_FILE") for name in given - known} <= known
        assert given <= known | {f"{name}_FILE" for name in known}
    commands = [
        service["command"][0]
        for name, service in services.items()
        if name in OURS and service.get("command")
    ]
    assert commands
    assert set(commands) <= main.commands.keys()


def test_secrets_come_by_file_and_stand_nowhere_else() -> None:
    secrets = read("compose.yaml")["secrets"]

    assert all(secret["file"].startswith("./secrets/") for secret in secrets.values())
    for service in SERVICES.values():
        assert set(service.get("secrets", ())) <= secrets.keys()
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "TOKEN", "DATABASE_URL", "REDIS_URL")):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_the_database_and_redis_are_reached_from_inside_alone() -> None:
    networks = read("compose.yaml")["networks"]

    for name in INSIDE:
        assert SERVICES[name]["networks"] == ["data"]
        assert "ports" not in SERVICES[name]
    assert networks["data"]["internal"] is True
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert published.keys() == {"proxy", "grafana"}
    assert published["grafana"][0].startswith("127.0.0.1:")


def test_the_api_believes_the_proxy_and_nobody_else() -> None:
    address = SERVICES["proxy"]["networks"]["edge"]["ipv4_address"]

    for name in ("api-1", "api-2"):
        assert SERVICES[name]["environment"]["TASKBOT_TRUSTED_PROXIES"] == address
        assert float(SERVICES[name]["environment"]["TASKBOT_DRAIN_SECONDS"]) >= 2


def test_monitoring_can_be_left_out() -> None:
    with_profile = {name for name, one in SERVICES.items() if "profiles" in one}

    assert {name for name in with_profile if SERVICES[name]["profiles"] == ["monitoring"]} == {
        "prometheus",
        "grafana",
    }
    for name in SERVICES.keys() - with_profile:
        assert not with_profile & set(SERVICES[name].get("depends_on", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_every_file_that_is_mounted_is_there_and_every_volume_is_named(name: str) -> None:
    volumes = read("compose.yaml")["volumes"]

    for mount in SERVICES[name].get("volumes", ()):
        source = mount.split(":")[0]
        assert source in volumes or (PROJECT / source).exists()
