# Everything here needs python3, pip and make, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help run test test-faults quick lint check format load lock audit sbom reference screens bench plots clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := .tools
PLOTS := .plots
FLOORS := .floors
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
	$(BIN)/python -m pytest --numprocesses=4 --dist=loadscope --cov --cov-report=
	$(BIN)/coverage report --fail-under=$(COVERAGE_FLOOR)

quick: $(READY) ## the tests that take milliseconds
	$(BIN)/python -m pytest tests/unit tests/contract tests/architecture

test-faults: $(READY) ## try every fault at full length (an hour), and write docs/reference/reliability.md
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

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate --no-emit-index-url --upgrade

lock: $(VENV)/bin/uv ## renew the locks: names, versions and hashes, no addresses
	$(LOCK) pyproject.toml --group dev --output-file requirements.lock
	$(LOCK) pyproject.toml --constraint requirements.lock --output-file deploy/image.lock
	$(LOCK) --group build --constraint requirements.lock --output-file deploy/build.lock
	$(LOCK) --group tools --output-file deploy/tools.lock
	$(LOCK) --group plots --fork-strategy fewest --output-file deploy/plots.lock
	$(LOCK) --group floors --constraint requirements.lock --output-file deploy/floors.lock

$(TOOLS)/.ready: deploy/tools.lock $(VENV)/bin/uv
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) $(TOOLS)
	VIRTUAL_ENV=$(abspath $(TOOLS)) $(BIN)/uv pip sync --quiet --require-hashes deploy/tools.lock
	@touch $@

audit: $(TOOLS)/.ready ## ask the Python Package Index for known holes in what is locked (needs the internet)
	$(TOOLS)/bin/pip-audit --disable-pip --require-hashes --strict --requirement deploy/image.lock --requirement requirements.lock

sbom: $(TOOLS)/.ready ## write dist/taskbot.cdx.json: what the image is made of (CycloneDX)
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) dist/image
	VIRTUAL_ENV=$(abspath dist/image) $(BIN)/uv pip sync --quiet --require-hashes deploy/image.lock
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --spec-version 1.6 \
	    --output-file dist/taskbot.cdx.json dist/image/bin/python
	rm -rf dist/image

# Of steady load; a minute more is for the overload, and three for all the rest.
MINUTES ?= 10

load: $(READY) $(PLOTS)/.ready ## load everything for MINUTES=10, then overload it; writes docs/performance/load.md
	$(BIN)/python -m benchmarks.load --minutes $(MINUTES); found=$$?; \
	    $(PLOTS)/bin/python benchmarks/load/plots.py docs/performance/load.json docs/performance/load.svg; exit $$found

reference: $(READY) ## write api.md, cli.md, metrics.md and settings.md in docs/reference anew, from the code
	$(BIN)/python -m taskbot.entrypoints.reference docs/reference

screens: $(READY) ## take the pictures in docs/screens and docs/panel anew (needs Chromium)
	PYTHONPATH=tests $(BIN)/python docs/screens/take.py
	PYTHONPATH=tests $(BIN)/python docs/panel/take.py

# What may be given: ONLY="api delivery" (else all parts), QUICK=1 (short, to try it).
bench: $(READY) $(FLOORS)/.ready $(PLOTS)/.ready ## measure everything (half an hour), and write docs/performance
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(ONLY)
	$(PLOTS)/bin/python -m benchmarks.plots docs/performance

plots: $(PLOTS)/.ready ## draw the plots of docs/performance anew, from what was measured
	$(PLOTS)/bin/python -m benchmarks.plots docs/performance

$(PLOTS)/.ready: deploy/plots.lock $(VENV)/bin/uv
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) $(PLOTS)
	VIRTUAL_ENV=$(abspath $(PLOTS)) $(BIN)/uv pip sync --quiet --require-hashes deploy/plots.lock
	@touch $@

$(FLOORS)/.ready: deploy/floors.lock $(VENV)/bin/uv
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) $(FLOORS)
	VIRTUAL_ENV=$(abspath $(FLOORS)) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes deploy/floors.lock
	@touch $@

clean: ## remove what make made (not your data)
	rm -rf $(VENV) $(TOOLS) $(PLOTS) $(FLOORS) dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
