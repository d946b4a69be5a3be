# make demo   install into .venv, judge the example log: its planted loss must be found
# make test   everything that must hold before a commit; .ci/run does the same
# make lint   the checks that run no code       make format   repair what ruff can
# make bench  race against the peers, once they are installed; BENCH='--help' tells what can be chosen
# make lock   pin the newest dependencies that fit pyproject.toml
# make docs   build the documentation as a site, with the reference of public names, into build/docs
# make api    write the snapshot of public names anew, and say what breaks (docs/versioning.md)
# make readme write what the README's commands print now into it

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.txt
COMMAND := $(BIN)/kumon-observe
DEV := $(VENV)/.installed-for-tests
NATIVE := $(wildcard native/pyproject.toml native/src/* native/kumon_observe_native/*)
JOBS ?= auto
BENCH ?=

# One shell per recipe, which stops at the first failure.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euc
.DELETE_ON_ERROR:
.PHONY: demo test lint format bench lock docs api readme clean

demo: $(COMMAND)
	@status=0
	echo '$$ kumon-observe health examples/app.log'
	$(COMMAND) health examples/app.log || status=$$?
	if [ $$status -ne 2 ]; then
		echo "make demo: the example log holds a lost hand-off, so the exit code must be 2 (critical); it was $$status" >&2
		exit 1
	fi

test: lint
	@tests/programs.sh
	bench/setup.sh $(VENV)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report=term

lint: $(DEV)
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/towncrier build --draft --version next > /dev/null

format: $(DEV)
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV)
	@bench/setup.sh $(VENV)
	$(BIN)/python -m bench.run --output docs/benchmarks.md $(BENCH)

lock: $(DEV)
	@$(BIN)/pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --group dev --extra cli --extra config \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --upgrade --output-file $(LOCK)

docs: $(DEV)
	@$(BIN)/python -m mkdocs build --strict
	echo "built: open build/docs/index.html"

api: $(DEV)
	@$(BIN)/python -m apidocs.snapshot

readme: $(DEV)
	@$(BIN)/python -m tests.readme

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(COMMAND): pyproject.toml $(NATIVE) | $(BIN)/pip
	@$(BIN)/pip install --quiet --editable '.[cli,config,schedule]'
	$(BIN)/pip install --quiet ./native 2> /dev/null ||
		echo "make: the compiled scan was not built (it needs a C compiler and Python's headers): same answers, slower" >&2
	touch $@

$(DEV): pyproject.toml $(LOCK) $(NATIVE) | $(BIN)/pip $(VENV)/.compiler
	@$(BIN)/pip install --quiet --require-hashes --requirement $(LOCK)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --force-reinstall ./native
	touch $(COMMAND) $@

# The compiled scan is tested too, so the tests need a C compiler and Python's headers.
$(VENV)/.compiler: | $(BIN)/pip
	@headers() { $(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("include"), "Python.h").stat()' 2> /dev/null; }
	if ! command -v cc > /dev/null || ! headers; then
		package=$$($(BIN)/python -c 'import sys; print("python%d.%d-dev" % sys.version_info[:2])')
		if [ "$$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
			echo "the tests need a C compiler and Python's headers: install gcc and $$package, then call make again" >&2
			exit 1
		fi
		apt-get update
		apt-get install -y gcc libc6-dev "$$package"
	fi
	touch $@

# Debian keeps ensurepip, without which a virtual environment has no pip, in a package of its own.
$(BIN)/pip:
	@if ! command -v $(PYTHON) > /dev/null; then
		echo "$(PYTHON) was not found: install Python 3.11 or newer, or say which one: make PYTHON=python3.12" >&2
		exit 1
	fi
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
		echo "$$($(PYTHON) --version) is too old: kumon-observe needs 3.11 or newer; say which one: make PYTHON=python3.12" >&2
		exit 1
	fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2> /dev/null; then
		package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
		if [ "$$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
			echo "$(PYTHON) cannot make a virtual environment: install the package $$package, then call make again" >&2
			exit 1
		fi
		apt-get update
		apt-get install -y "$$package"
	fi
	$(PYTHON) -m venv $(VENV)
