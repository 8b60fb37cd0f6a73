"""The image and the locks it is made of."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest
from attrs import fields_dict

from taskbot.entrypoints.settings import Settings, variable_of

PROJECT: Final = Path(__file__).parents[2]
LOCKS: Final = (
    "requirements.lock",
    *(f"deploy/{n}.lock" for n in ("image", "build", "tools", "plots", "floors")),
)
OF_BOTH: Final = {"markdown-it-py", "pyyaml"}
"""What tests use by themselves and Litestar or rich brings into the image, too."""
DOCKERFILE: Final = (PROJECT / "Dockerfile").read_text()


def pinned(lock: str) -> dict[str, str]:
    """Versions by names."""
    lines = re.findall(r"^([a-z0-9-]+)==(\S+)", (PROJECT / lock).read_text(), re.MULTILINE)
    return dict(lines)


def names(group: str) -> set[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    listed = (
        project["project"]["dependencies"]
        if group == "project"
        else project["dependency-groups"][group]
    )
    return {re.split(r"[^A-Za-z0-9.-]", one)[0].lower().replace(".", "-") for one in listed}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (PROJECT / lock).read_text()

    assert pinned(lock)
    assert len(re.findall("^[a-z0-9-]+==.*\\\\$", text, re.MULTILINE)) == len(pinned(lock))
    assert "--hash=sha256:" in text
    assert "://" not in text


def test_the_image_has_the_versions_that_were_tested_and_nothing_of_development() -> None:
    image, tested = pinned("deploy/image.lock"), pinned("requirements.lock")

    assert image.items() <= tested.items()
    assert names("project") <= image.keys()
    assert not (names("dev") - OF_BOTH | names("tools")) & image.keys()
    assert pinned("deploy/build.lock").items() <= tested.items()
    assert names("build") <= pinned("deploy/build.lock").keys()


def test_the_last_stage_builds_nothing_and_is_not_root() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    last = stages[-1]

    assert [stage.split()[0] for stage in stages] == ["${BASE}", "${BASE}"]
    assert re.search(r"^ARG BASE=python:\d+\.\d+\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert "COPY --from=build /opt/taskbot /opt/taskbot" in last
    assert not re.search(r"pip install|apt-get|install\.sh|COPY (?!--from)", last)
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.MULTILINE)
    assert 'CMD ["taskbot", "health"]' in last


def test_what_is_copied_is_there_and_nothing_else_is_sent_to_the_engine() -> None:
    ignored, *kept = [
        line
        for line in (PROJECT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    copied = {
        name.removeprefix("./")
        for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
        for name in sources.split()
    }

    assert ignored == "*"
    assert {line.removeprefix("!") for line in kept if line.startswith("!")} == copied
    assert all((PROJECT / name).exists() for name in copied)


def test_its_settings_are_settings() -> None:
    known = {variable_of(name) for name in fields_dict(Settings)}  # type: ignore[arg-type] # as there

    assert set(re.findall(r"TASKBOT_[A-Z_]+", DOCKERFILE)) <= known
