# Thin on purpose: every target calls one script. Needs python3 (3.11 or newer, with venv), make and git, nothing else.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run dev test test-long lint fix bench clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## virtual environment, packages, fonts and styles, translations
	@$(PYTHON) site/tooling/setup.py

run: ## set up, migrate, demo content into an empty database, serve on PORT (default 8000)
	@$(PYTHON) site/tooling/setup.py --quiet
	@$(VENV_PYTHON) site/tooling/serve.py

dev: ## the same with debug pages and automatic reload
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@$(VENV_PYTHON) site/tooling/serve.py --dev

test: ## all checks and tests, on SQLite and PostgreSQL
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@$(VENV_PYTHON) tests/run.py

test-long: ## the heavy runs that `make test` leaves out
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@$(VENV_PYTHON) tests/run.py --long

lint: ## the checks of `make test` without the tests
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@$(VENV_PYTHON) tests/run.py --only lint

fix: ## sorts imports and formats, as far as a machine can
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench: ## how fast the public pages answer
	@$(PYTHON) site/tooling/setup.py --quiet --dev
	@$(VENV_PYTHON) tests/bench.py

clean: ## removes what set-up made; keeps the database, media and mail under var/
	@rm -rf .venv tests/node_modules var/assets var/static var/stamps .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
