# `make` alone lists what there is. Every target first sets up what it needs (tools/setup.sh),
# which costs nothing once it is done.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin

# Containers often set it, and then each of a thousand short processes compiles our sources again.
unexport PYTHONDONTWRITEBYTECODE

# Every tool that writes a file kept in git also knows --check.
GENERATORS := $(shell grep -ls -e '"--check"' tools/*.py)

.PHONY: help setup demo test check properties lint types docs site drawings messages reference conformance bundle check-wheels app check-app mutants real certify-real sweep bench overhead lock startup floors roles custody listings growth load replicas siege helpdesk-siege registry-growth peers siem enrolments afternoon howtos browser call oidc line window never-stuck pictures show-window findings clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 17

setup: ## set up .venv and what it needs; every target below does it too
	@tools/setup.sh

demo: setup ## tell what it is for, on simulated tokens; ARGS="full" and the like narrow it
	@$(BIN)/python examples/demo $(ARGS)

test: setup ## run all tests, a worker for each core; ARGS="-n0 -x tests/kit" and the like narrow it
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: lint types docs test ## lint, types, docs and tests: what a contributor runs

lint: setup ## ruff and codespell
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

types: setup ## mypy, strict, tests included
	$(BIN)/mypy conftest.py core desk plugins tests tools examples

docs: setup ## whatever is generated is up to date, and the docs are true
	@for tool in $(GENERATORS); do echo "$$tool --check"; $(BIN)/python $$tool --check; done
	$(BIN)/python -m pytest -q tests/test_docs.py tests/test_demo.py tests/test_tutorial.py

site: ## build the documentation as a site that needs no network, with warnings as errors, and check its links
	tools/site.sh

drawings: setup ## draw the Mermaid blocks of the documentation that changed, with Chromium
	$(BIN)/python tools/drawings.py

messages: setup ## collect messages and compile the translations
	$(BIN)/python tools/messages.py

reference: setup ## write every reference page that is generated
	@for tool in $(filter-out tools/messages.py,$(GENERATORS)); do echo "$$tool"; $(BIN)/python $$tool; done

properties: setup ## look for what breaks a property, with examples that nobody tried yet; ARGS="core/tests/test_der.py" and the like narrow it
	$(BIN)/python -m pytest -n auto --dist worksteal --timeout 1200 -m hypothesis --hypothesis-profile searching $(ARGS)

conformance: setup ## run the conformance suite on every adapter and write its table
	$(BIN)/python tools/conformance.py --run

bundle: setup ## wheels that install without network; ADAPTERS="jacarta softhsm" DESK=1 or WINDOW=1 says of what, PYTHON=python3.13 for which
	@$(BIN)/python tools/bundle.py $(foreach each,$(ADAPTERS),'$(each)') $(if $(DESK),--desk '$(DESK)') $(if $(WINDOW),--window) \
		--python $(or $(PYTHON),$(BIN)/python) $(ARGS)

check-wheels: setup ## each distribution from its wheel on each Python that is there, a bundle made twice; PYTHONS="3.11 3.13" and the like narrow it
	$(BIN)/python -m pytest -n0 --timeout 1800 tests/wheels/check_*.py $(ARGS)

real: setup ## run the conformance suite on openCryptoki, tpm2-pkcs11 and NSS, as root; ARGS="-k unblock" and the like narrow it
	@tools/real_modules.sh $(ARGS)

certify-real: setup ## accept openCryptoki's soft token with lockwright-kit as a person would, as root
	@TESTS='tests/real/certify_*.py' tools/real_modules.sh $(ARGS)

app: ## the command line as a folder that runs without Python, WINDOW=1 with the window; ADAPTERS="jacarta softhsm" says with which
	WINDOW=$(WINDOW) tools/app.sh $(ADAPTERS)

check-app: app ## use that folder where no Python is, WINDOW=1 on a screen of its own
ifdef WINDOW
	RUN="$(BIN)/python -m pytest -q -s -n0 --timeout 300 -o python_files=check_*.py window/tests/app" tools/window.sh $(ARGS)
else
	$(BIN)/python -m pytest -q -s -n0 --timeout 300 tests/app/check_*.py $(ARGS)
endif

mutants: setup ## run every mutant of the contract through the suite, and write what finds it
	$(BIN)/python tools/mutant_page.py --run

sweep: ## the longer looks at the simulator, the kill test and fuzzing, hours; ARGS="-k login" and the like narrow it
	tools/sweep.sh $(ARGS)

bench: setup ## measure all that people wait for beside other programs; BASE=rev puts an earlier build beside; ARGS="list tokens" and the like narrow it
	BASE=$(BASE) $(BIN)/python tests/benchmarks/bench.py $(ARGS)

overhead: setup ## measure a call through the simulator, and four slow modules looked at at once
	$(BIN)/python tests/kit/benchmarks/overhead.py
	$(BIN)/python tests/benchmarks/detection.py

lock: setup ## lock the requirements again; ARGS=--upgrade takes new releases
	tools/lock.sh $(ARGS)

startup: setup ## measure what a command's start takes of processor and clock; BASE=rev puts an earlier build beside
	$(BIN)/python tools/startup.py $(if $(BASE),--base $(BASE)) $(ARGS)

floors: setup ## print the floors of core and of the window, as their imports have them
	$(BIN)/python -m pytest -q -s -n0 core/tests/test_layers.py window/tests/test_floors.py -k printed

roles: setup ## print which role is answered what at every route of the help desk, and how many requests of nobody's are refused
	$(BIN)/python -m pytest -q -s -n0 desk/tests/web/test_page_roles.py desk/tests/web/test_page_refused.py

custody: setup ## print what the HSM answers beside software, and each attribute that a key is refused for; look for keys everywhere
	$(BIN)/python -m pytest -q -s -n0 desk/tests/test_keeper.py desk/tests/test_keeper_start.py desk/tests/test_keeper_leaks.py \
		-k "software or by_name or not_fit or no_key"

listings: setup ## compare the listings of every token of the tests with those of an earlier build, byte for byte; BASE=rev
	BASE=$(BASE) $(BIN)/python tests/benchmarks/listings.py $(ARGS)

growth: setup ## count calls up to 5,000 objects, and measure the memory of a listing; BASE=rev measures an earlier build, too
	CONTAINERS="100 333" $(BIN)/python -m pytest -q -n0 tests/test_calls.py core/tests/enrol/test_enrolment_calls.py
	BASE=$(BASE) $(BIN)/python tests/benchmarks/growth.py $(ARGS)

load: setup ## enrol two hundred clients at once through the desk, with each database; BASE=rev puts an earlier build beside
	BASE=$(BASE) $(BIN)/python desk/benchmarks/load.py $(ARGS)

replicas: setup ## enrol through one server, then through two, over one PostgreSQL
	$(BIN)/python desk/benchmarks/replicas.py $(ARGS)

registry-growth: setup ## ask the register everything with ten tokens, then with 100,000 and a million answers, on each database
	$(BIN)/python desk/benchmarks/register_growth.py $(ARGS)

siege: setup ## enrol through the desk beside a hostile client, while a long revocation list is made, while a worker is killed
	$(BIN)/python desk/benchmarks/hostile.py
	$(BIN)/python desk/benchmarks/revoked.py
	$(BIN)/python desk/benchmarks/killed.py

helpdesk-siege: setup ## fifty operators at two servers of the help desk, a server and the database killed in between; ARGS="--cases 100" and the like narrow it
	$(BIN)/python desk/benchmarks/helpdesk_siege.py $(ARGS)

peers: setup ## list ten odd tokens with lockwright and with four others, and write the table of who shows what
	PYTHONPATH=tests/corpus/support:tests/peers/support $(BIN)/python tests/peers/side_by_side.py

siem: ## send an audit trail to rsyslog and syslog-ng, which are killed meanwhile; ARGS="-k relp" and the like
	@tools/siem.sh $(ARGS)

enrolments: setup ## enrol at every peer, case by case, and write the table of what comes of it; ARGS="-n0" and the like
	PYTHONPATH=tests/corpus/support:tests/peers/support $(BIN)/python tests/peers/enrolments.py \
		-n auto --dist worksteal $(ARGS)

afternoon: setup ## follow the author's tutorial word for word, from wheels and an empty folder
	$(BIN)/python -m pytest -q -s -n0 tests/afternoon/follow_tutorial.py $(ARGS)

howtos: setup ## follow how-tos from empty folders, block by block
	$(BIN)/python -m pytest -q -n auto desk/tests/check_how_to.py tests/check_how_to_*.py $(ARGS)

browser: ## drive the help desk's pages in a real Chromium; ARGS="-k passkey" and the like narrow it
	@tools/browser.sh $(ARGS)

call: ## make the whole call at a terminal and in Chromium, and print what it takes of each side; ARGS="-k derived" and the like narrow it
	@CHECKS='tests/call/check_*.py' tools/browser.sh -s $(ARGS)

oidc: ## sign in to the help desk at a real OpenID provider, oidc-provider from npm
	@tools/setup.sh npm
	@mkdir -p build/oidc
	@cp tests/oidc/*.js tests/oidc/*.json build/oidc
	npm ci --prefix build/oidc --no-audit --no-fund
	@CHECKS='tests/oidc/check_*.py' tools/browser.sh $(ARGS)

window: ## drive the client's window by keys and mouse in a screen of its own; ARGS="-k unblock" and the like narrow it
	@tools/window.sh $(ARGS)

never-stuck: setup ## pull out, hang, stop, close, kill and put to sleep at every step of the window, half an hour, and write what came of it; ARGS="-k renew" and the like narrow it
	@mkdir -p build && rm -f build/never-stuck.jsonl
	@NEVER_STUCK=$(CURDIR)/build/never-stuck.jsonl RUN="$(BIN)/python -m pytest -q -n 3 --dist worksteal --timeout 900 \
		window/tests/never_stuck/check_each_step.py" tools/window.sh $(ARGS)
	@RUN="$(BIN)/python -m never_stuck_page build/never-stuck.jsonl $(if $(ARGS),,docs/explanation/never-stuck.md)" tools/window.sh

pictures: ## take the pictures of the window that docs/ has anew; build/pictures has them all, at 200 %, too
	@tools/window_pictures.sh $(ARGS)

show-window: ## open the client's window on simulated tokens, with a bank that answers; ARGS="--lang ru" goes to the window
	@RUN="$(BIN)/python examples/show_window.py" tools/window.sh $(ARGS)

line: setup ## unblock over the line, whatever happens to desk and window on the way
	$(BIN)/python -m pytest -q -n0 tests/line/check_*.py $(ARGS)

findings: ## see whether other people's software still surprises as in findings/; ARGS="nss-nickname" runs some
	@tools/findings.sh $(ARGS)

clean: ## remove .venv and every cache
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
