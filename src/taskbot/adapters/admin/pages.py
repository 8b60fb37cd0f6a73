"""Templates: the library's own, a few of ours in their place, and all of them fit for our policy.

The library writes scripts, styles and two handlers straight into its pages. What is written there
is marked as the page's own when a template is loaded, so that nothing else runs (see `headers`).
"""

import re
from collections.abc import Callable
from types import CodeType
from typing import Final

from jinja2 import BaseLoader, BytecodeCache, Environment
from jinja2.bccache import Bucket

_ELEMENT: Final = re.compile(r"<(script|style)(?=[\s>])", re.IGNORECASE)
_HANDLERS: Final = {
    'onclick="applyColumnVisibility()"': 'data-panel-click="applyColumnVisibility"',
    'onchange="window.location = this.value"': "data-panel-goto",
}
"""Attributes with code in them, and what `static/panel.js` looks for instead."""


def fit_for_policy(source: str) -> str:
    for handler, mark in _HANDLERS.items():
        source = source.replace(handler, mark)
    return _ELEMENT.sub(r'<\1 nonce="{{ page_nonce() }}"', source)


class PolicyLoader(BaseLoader):
    """What *loader* finds, made fit for the policy."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, is_fresh = self._loader.get_source(environment, template)
        return fit_for_policy(source), path, is_fresh


class CompiledOnce(BytecodeCache):
    """What templates were compiled to: once in a process, however many panels there are in it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


COMPILED: Final = CompiledOnce()
