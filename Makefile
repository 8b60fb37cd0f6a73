# Everything here needs python3, pip and make, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help run test test-faults quick lint check format lock reference screens clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# In per cent, of lines and branches; it only ever rises.
COVERAGE_FLOOR := 95
export UV_PYTHON_DOWNLOADS := never

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# The hash-checked lock first, then the project itself, built by the locked build backend.
$(READY): requirements.lock pyproject.toml $(VENV)/bin/uv
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: $(READY) ## prepare everything and start taskbot; Ctrl-C stops it
	@exec $(BIN)/taskbot up

test: $(READY) ## the whole test suite with coverage
	$(BIN)/python -m pytest --numprocesses=3 --dist=loadscope --cov --cov-report=
	$(BIN)/coverage report --fail-under=$(COVERAGE_FLOOR)

quick: $(READY) ## the tests that take milliseconds
	$(BIN)/python -m pytest tests/unit tests/contract tests/architecture

test-faults: $(READY) ## try every fault at full length (an hour), and write docs/reliability.md
	TASKBOT_TEST_FAULTS=whole $(BIN)/python -m pytest tests/faults

check: lint test ## everything that a change must pass

lint: $(READY) ## format, lint, types, layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put the code into the house style
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/bin/uv ## renew requirements.lock: names, versions and hashes, no addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --upgrade pyproject.toml --group dev --output-file requirements.lock

reference: $(READY) ## write docs/reference/metrics.md anew, from the code
	$(BIN)/python -m taskbot.adapters.observability.reference > docs/reference/metrics.md

screens: $(READY) ## take the pictures in docs/screens anew (needs Chromium)
	PYTHONPATH=tests $(BIN)/python docs/screens/take.py

clean: ## remove what make made (not your data)
	rm -rf $(VENV) dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
