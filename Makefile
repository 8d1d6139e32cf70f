PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install run style types fast test browser js docs screenshots bench check

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

install:  ## a virtual environment with everything but PyTorch
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e ".[dev]"

run:  ## serve the page and open it
	$(BIN)/gan1d

style:  ## lint, format and check the spelling
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/codespell

types:  ## the package's types
	$(BIN)/mypy

fast:  ## the tests of a newcomer, in parallel
	$(BIN)/python -m pytest -q

test:  ## all tests, the slow ones too; those that need a missing tool are skipped
	$(BIN)/python -m pytest -q -m ""

browser:  ## the page, in Chromium
	$(BIN)/python -m pytest -q -m browser

js:  ## the page's modules, in node
	npm install --silent --no-audit
	npm run lint
	npm test
	npm run types

docs:  ## the documentation, in docs/_build
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.lessons
	$(BIN)/python -m sphinx -q -W --keep-going -n -b html docs docs/_build
	@echo docs/_build/index.html

screenshots:  ## the pictures in README and docs, from a running page
	$(BIN)/python -m tests.browser.screenshots

bench:  ## the speed of a step; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks.speed --write

check:  ## what CI runs, from nothing
	bash .ci/run
