"""What browsers are told to refuse, and that our own pages need none of it."""

import re
from collections.abc import Iterator

import pytest
import starlette_admin
from jinja2 import ChoiceLoader, Environment, PackageLoader

from taskbot.adapters.admin.headers import page_nonce
from taskbot.adapters.admin.pages import PolicyLoader, fit_for_policy

ALL = ChoiceLoader(
    [PackageLoader("taskbot.adapters.admin", "templates"), PackageLoader("starlette_admin")]
)
NAMES = sorted(ALL.list_templates())
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
OWN_CODE = re.compile(r"<(?:script|style)\b(?![^>]*\snonce=)", re.IGNORECASE)


@pytest.fixture
def environment() -> Environment:
    made = Environment(loader=PolicyLoader(ALL), extensions=["jinja2.ext.i18n"], autoescape=True)
    made.globals["page_nonce"] = page_nonce
    return made


def sources(environment: Environment) -> Iterator[tuple[str, str]]:
    assert environment.loader is not None
    for name in NAMES:
        yield name, environment.loader.get_source(environment, name)[0]


def test_the_library_has_the_templates_that_this_looks_at() -> None:
    assert {"base.html", "list.html", "_pagination.html"} <= set(NAMES), starlette_admin


def test_no_template_has_code_in_an_attribute(environment: Environment) -> None:
    found = [name for name, source in sources(environment) if HANDLER.search(source)]

    assert found == []


def test_every_script_and_style_of_a_template_is_marked_as_the_pages_own(
    environment: Environment,
) -> None:
    found = [name for name, source in sources(environment) if OWN_CODE.search(source)]

    assert found == []


def test_what_is_no_element_is_left_as_it_is() -> None:
    text = "a <scripted> tale, <styles> of writing, {{ script }}"

    assert fit_for_policy(text) == text
