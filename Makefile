PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test oldest check fix bench attack soak pictures lock

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## set up .venv with everything the demo and the tests use

$(VENV)/.installed: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## see it work: a local Slack, made-up people, the real bot (ARGS=--check to verify and exit)
	@$(BIN)/upshot demo $(ARGS)

test: check ## check, then all tests (COVERAGE=1 to measure what they reach: twice as long)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(if $(COVERAGE),--cov --cov-report=) $(ARGS)
ifdef COVERAGE
	$(BIN)/python -m coverage report --fail-under=95
	$(BIN)/python -m coverage report --fail-under=100 --include='bot/domain/*,bot/blocks/*'
endif

oldest: install ## the database tests on PostgreSQL 16
	UPSHOT_TEST_POSTGRES=16 $(BIN)/python -m pytest -q -n 2 tests/db tests/jobs $(ARGS)

check: install ## lint, types, import rules, papers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/contract/test_docs.py

fix: install ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## measure speed as ratios to the raw path of the same run
	@$(BIN)/python -m bench

attack: install ## attack the team summaries as somebody would who wants one person's figure
	@$(BIN)/python -m bench.attack $(ARGS)

soak: install ## the long version of the fault tests and of the random walks
	UPSHOT_SOAK=1 $(BIN)/python -m pytest tests/faults tests/providers/test_last_answer.py tests/db/test_life_cycle.py $(ARGS)

pictures: install ## take the pictures of the papers anew, from the demo (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

lock: ## pin and hash the requirements again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --all-extras -o requirements-extras.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt
