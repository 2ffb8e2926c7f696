# Tarim: `make` prints this help. Needs Python 3.11 or newer and make; all else is installed into .venv.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
TOOLS := .venv/.tools
CONSOLE := $(shell find frontend -name node_modules -prune -o -type f -print)
NODE := cd frontend && ../$(BIN)/node

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
# How far pip is, on a terminal: packages found, of those in the lock file.
COUNTED = if [ -t 1 ]; then n=0; while read -r word _; do case $$word in \
	Collecting) n=$$((n + 1)); printf '\r  %d of %d packages ' $$n $$(grep -c '^[a-z].*==' $<);; \
	Installing) printf '\r  writing %d packages ... ' $$n;; esac; done; printf '\r\033[K'; else cat >/dev/null; fi

# What is compiled once serves all the processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench soak screenshots client format lock clean

help:  ## this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(RUNTIME)  ## the whole service with everything embedded, on the built-in region
	@$(BIN)/tarim demo

test: $(DEV) $(TOOLS)  ## all tests, on a real PostgreSQL of their own
	@$(NODE) node_modules/vitest/vitest.mjs run
	@$(BIN)/python -m tests.warm
	@$(BIN)/python -m pytest -n auto --dist worksteal --durations 40 --durations-min 4

lint: $(DEV) $(TOOLS)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NODE) node_modules/prettier/bin/prettier.cjs --check --log-level warn .
	@$(NODE) node_modules/svelte-check/bin/svelte-check --fail-on-warnings --output human

check: lint test  ## what CI runs: ruff, mypy, import contracts, tests

bench: $(DEV)  ## every figure of BENCHMARKS.md, as ratios in one run
	@$(BIN)/python -m tests.benchmarks

soak: $(DEV)  ## the long tests with their full counts
	@$(BIN)/python -m tests.warm
	@TARIM_SOAK=1 $(BIN)/python -m pytest -m soak -n auto --dist worksteal --timeout 7200 -o faulthandler_timeout=0

screenshots: $(DEV)  ## every screen in its themes and languages, into screenshots/
	@mkdir -p screenshots && TARIM_SCREENSHOTS=screenshots $(BIN)/python -m pytest tests/browser/test_screenshots.py \
		tests/browser/test_er.py tests/browser/test_er_receiving.py tests/browser/test_unit.py -n 0 --timeout 600

client: $(DEV) $(TOOLS)  ## the console's types of the interface, after a route has changed
	@$(BIN)/python -m tests.console_types

format: $(DEV) $(TOOLS)
	@$(BIN)/ruff format .
	@$(NODE) node_modules/prettier/bin/prettier.cjs --write --log-level warn .

lock: $(DEV)  ## renew the lock files from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build pyproject.toml -o requirements.lock --quiet
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock --quiet

clean:  ## remove the virtual environment and caches
	@rm -rf frontend/node_modules api/console/dist .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Tarim needs Python 3.11 or newer: none was found. Install python3, or: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv ..."; apt-get update -qq && apt-get install -y -qq python3-venv; \
		else echo "Python's venv module is missing. As an administrator: apt-get install python3-venv" >&2; exit 1; fi; }
	@echo "Making the virtual environment ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.locked: requirements.lock .venv/bin/pip
	@echo "Installing the locked packages (once, about a minute) ..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r $< | $(COUNTED)
	@touch $@

$(RUNTIME): .venv/.locked pyproject.toml $(CONSOLE)
	@$(BIN)/python frontend/build_hook.py
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.locked-dev: requirements-dev.lock .venv/.locked
	@echo "Installing the locked packages for tests ..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -r $< | $(COUNTED)
	@if ! command -v chromium-headless-shell >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium for the tests in a browser ..."; apt-get update -qq; \
		for name in chromium-headless-shell chromium; do \
			apt-get install -y -qq --no-install-recommends $$name >/dev/null 2>&1 && break; done || true; fi
	@touch $@

$(DEV): $(RUNTIME) .venv/.locked-dev
	@touch $@

$(TOOLS): $(RUNTIME) frontend/package-lock.json
	@$(BIN)/python frontend/build_hook.py --tools
	@touch $@
