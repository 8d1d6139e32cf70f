PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install run style types test fast js browser check

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

install:  ## a virtual environment with everything but PyTorch
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e ".[dev]"

run:  ## serve the page and open it
	$(BIN)/gan1d

style:  ## lint, and format what is not formatted
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types:  ## the package's types
	$(BIN)/mypy

fast:  ## the tests that take seconds
	$(BIN)/python -m pytest -q -n auto -m "not slow and not browser"

test:  ## all tests; what needs a missing tool skips itself
	$(BIN)/python -m pytest -q -n auto

browser:  ## the page, in Chromium
	$(BIN)/python -m pytest -q -m browser

js:  ## the page's modules, in node
	npm install --silent --no-audit
	node --test tests/js/*.test.js
	npx tsc -p tsconfig.json

check:  ## what CI runs, from nothing
	bash .ci/run
