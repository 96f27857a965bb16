# `make demo` shows what fastgen does; `make test` runs the tests. Both need python3 (3.11
# or newer, with pip and venv), git and a package index, and set up the rest themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TWO := --numprocesses=2 --dist=worksteal

.DEFAULT_GOAL := help

.PHONY: help
help:  ## List the targets.
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: demo
demo:  ## Make a project in ./demo, test it, start it and ask it.
	@PYTHON="$(PYTHON)" sh scripts/demo.sh

.PHONY: install
install: $(INSTALLED)  ## Set up the environment for work on fastgen.

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1" "uv>=0.13"
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --editable . --group dev
	touch $@

.PHONY: test
test: $(INSTALLED)  ## Run all tests that take seconds; whole projects are in `make matrix`.
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest $(TWO) -m "not matrix" $(ARGS)

.PHONY: matrix
matrix: $(INSTALLED)  ## Test whole generated projects; ROWS=all: every one in full.
	ROWS="$(ROWS)" $(BIN)/python -m tests.projects.full_rows
	ROWS="$(ROWS)" $(BIN)/python -m tests.random_runs --short
	ROWS="$(ROWS)" PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest $(TWO) -m matrix $(ARGS)

.PHONY: random
random: $(INSTALLED)  ## Run random commands on edited projects: COMMANDS=10000 SEED=7.
	$(BIN)/python -m tests.random_runs $(if $(COMMANDS),--commands $(COMMANDS)) $(if $(SEED),--seed $(SEED))

.PHONY: rows
rows: $(INSTALLED)  ## Choose the projects of the matrix again, after a change of modules.
	$(BIN)/python -m tests.projects.covering

.PHONY: lint lint-code lint-templates
lint: lint-code lint-templates  ## Format, lint and type-check fastgen and its templates.

lint-code: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

lint-templates: $(INSTALLED)
	$(BIN)/python -m tests.projects.lint_templates

.PHONY: format
format: $(INSTALLED)  ## Format the code.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(INSTALLED)  ## Measure fastgen, what many resources cost, and a project's first test run.
	$(BIN)/python benchmarks/commands.py $(ROUNDS)
	$(BIN)/python benchmarks/resources.py $(ROUNDS)
	$(BIN)/python benchmarks/fresh_project.py

.PHONY: throughput
throughput: $(INSTALLED)  ## Measure how fast a generated application answers.
	$(BIN)/python benchmarks/application.py
	$(BIN)/python benchmarks/database.py
	$(BIN)/python benchmarks/logins.py

.PHONY: clean
clean:  ## Take away what these targets made.
	rm -rf $(VENV) .cache demo
