# Liên Thông. `make demo` shows it at work, `make test` proves it, `make check` keeps the house in order.

SHELL := /bin/bash
SUITS := 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))'
# The system's own Python first: it is built with profiles of its use, which one that was compiled by hand seldom is.
PYTHON ?= $(shell for each in /usr/bin/python3 python3; do $$each -c $(SUITS) 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
DEMO ?= .demo
STYLED := "src/**/*.{css,js}" "!**/vendor/**"
PICTURED := tests/journey/days tests/journey/test_browser_day.py $(addprefix tests/service/hub/test_,console_screens.py registry_screens.py)

.PHONY: help setup assets fonts words check test pictures demo demo-clean bench format clean

help:
	@echo "make demo        one hub and four offices on this machine; Ctrl-C stops them"
	@echo "make demo-clean  forget the demo's data"
	@echo "make test        all tests, browser tests included"
	@echo "make check       format, lint, types, import rules, migrations, docs"
	@echo "make pictures    the pictures of docs/ anew, as the browser tests make them"
	@echo "make bench       the figures of benchmarks/"

# --- set-up -----------------------------------------------------------------------------------------------------------

setup: .venv/.installed assets fonts words

.venv/.installed: requirements.lock pyproject.toml
	@! test -e .venv/.installing || rm -r .venv  # what was broken off in the middle begins anew
	@test -x $(BIN)/python || { test -n "$(PYTHON)" && $(PYTHON) -c $(SUITS) && $(PYTHON) -m venv .venv; } || \
	  { echo "Python 3.11 or later with venv is needed: apt-get install python3-venv, or set PYTHON=…"; exit 1; }
	@touch .venv/.installing
	@echo "Installing the locked dependencies …"
	@set -o pipefail; $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock | \
	  awk -v of=$$(grep -c '^[a-z].*==' requirements.lock) -v tty=$$(test -t 1 && echo 1 || echo 0) \
	  '/^Collecting /{n++; if (tty) printf "\r  %d of %d\033[K", n, of; else if (n % 20 == 0) print "  " n " of " of; fflush()} \
	   /^Installing /{print (tty ? "\r" : "") "  unpacking …"; fflush()}'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mv .venv/.installing $@ && touch $@

assets: .venv/.installed
	@$(BIN)/python -m lienthong.runtime.setup.assets

words: .venv/.installed
	@$(BIN)/pybabel --quiet compile --domain django --directory src/lienthong/locale

fonts:
	@$(SHELL) src/lienthong/runtime/setup/fonts.sh

# --- the house in order -----------------------------------------------------------------------------------------------

check: .venv/.installed assets
	ruff format --check .
	ruff check .
	node_modules/.bin/prettier --check --log-level warn $(STYLED)
	mypy
	lint-imports
	DJANGO_SETTINGS_MODULE=lienthong.runtime.django.checks python -W ignore -m django makemigrations --check --dry-run
	python -m tests.docs
	python -m tests.words

format: .venv/.installed assets
	ruff check --fix .
	ruff format .
	node_modules/.bin/prettier --write --log-level warn $(STYLED)

# --- proof ------------------------------------------------------------------------------------------------------------

test: setup
	@$(SHELL) src/lienthong/runtime/setup/test_tools.sh
	python -m pytest -n auto --dist loadgroup

pictures: setup
	@$(SHELL) src/lienthong/runtime/setup/test_tools.sh
	LIENTHONG_KEEP_PICTURES=1 python -m pytest -q $(PICTURED)

# --- use --------------------------------------------------------------------------------------------------------------

demo: setup
	@lienthong demo --data $(DEMO)

demo-clean:
	@rm -rf $(DEMO)
	@echo "The demo's data is removed."

bench: setup
	lienthong bench exchange
	lienthong bench intake
	lienthong bench fanout
	lienthong bench signatures

clean:
	rm -rf .venv node_modules build src/lienthong/look/static/vendor
