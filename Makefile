# Tarim: `make` prints this help. Needs Python 3.11 or newer and make; all else is installed into .venv.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench soak lock clean

help:  ## this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(RUNTIME)  ## the whole service with everything embedded, on the built-in region
	@$(BIN)/tarim demo

test: $(DEV)  ## all tests, on a real PostgreSQL of their own
	@$(BIN)/python -m tests.warm
	@$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test  ## what CI runs: ruff, mypy, import contracts, tests

bench: $(DEV)  ## every figure of BENCHMARKS.md, as ratios in one run
	@$(BIN)/python -m tests.benchmarks

soak: $(DEV)  ## the long tests with their full counts
	@TARIM_SOAK=1 $(BIN)/python -m pytest tests/soak -n 0 --timeout 3600

lock: $(DEV)  ## renew the lock files from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build pyproject.toml -o requirements.lock --quiet
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock --quiet

clean:  ## remove the virtual environment and caches
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Tarim needs Python 3.11 or newer: none was found. Install python3, or: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv ..."; apt-get update -qq && apt-get install -y -qq python3-venv; \
		else echo "Python's venv module is missing. As an administrator: apt-get install python3-venv" >&2; exit 1; fi; }
	@echo "Making the virtual environment ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

$(RUNTIME): .venv/bin/pip requirements.lock pyproject.toml
	@echo "Installing the locked packages (once, about a minute) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@echo "Installing the locked packages for tests ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
