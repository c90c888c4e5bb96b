# Everything hangs on these: up, demo, down, test. Only Python 3.11+, make and the package registries are needed.
PYTHON ?= python3
BIN := .venv/bin

# Where it is set, as in many containers, each of the platform's processes compiles whatever it imports at every start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install up down demo status test test-slow acceptance

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

install: .venv/.synced  ## install the locked dependencies into .venv

.venv/.synced: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv==0.13.9
	$(BIN)/uv sync --locked --quiet $(if $(shell command -v node),,--group node)
	@touch $@

up: install  ## start the whole platform and wait until it is healthy
	@$(BIN)/impact up

demo: install  ## feed the running platform a synthetic programme and show the results
	@$(BIN)/impact demo

down: install  ## stop the platform; its data stay
	@$(BIN)/impact down

status: install  ## health, pid, port and memory of each part
	@$(BIN)/impact status

test: install  ## lint, types, import rules, dbt checks and every test, as CI runs them
	@.ci/checks

test-slow: install  ## what `make test` leaves out: a first demo with every process killed, then all sent once more
	@$(BIN)/python -m pytest -m slow tests/whole_platform

acceptance: install  ## the checklist, line by line, on a platform of its own; ONLY="A1 C" for some of it
	@$(BIN)/python -m tests.acceptance $(ONLY)
