# All tasks of this repository. `make` lists them.
# A fresh machine needs Python 3.11 to 3.14 and make; the rest goes into .venv and node_modules.

PYTHON ?= python3
VENV := .venv/bin
# jsii and the CDK command line must find the Node of .venv, whatever the machine has.
export PATH := $(CURDIR)/$(VENV):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
CDK := node_modules/.bin/cdk
# Member accounts deploy AbuseResponderMember with credentials of their own (docs/runbook.md).
STACKS := 'AbuseResponder!(Member)'
# The one package without wheels is built by the setuptools that requirements-build.txt pins; nothing else is built.
WHEELS := --only-binary :all: --no-binary dkimpy
INSTALL := $(VENV)/pip install --quiet --require-hashes $(WHEELS) --use-pep517 --no-build-isolation
LOCK := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 $(WHEELS) --generate-hashes \
	--annotation-style line --custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.PHONY: help setup rehearse read quick test fuzz sweep bench docs lock bootstrap diff deploy destroy

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | while IFS='|' read -r name words; \
		do printf '  make %-9s %s\n' "$$name" "$$words"; done

setup: .venv/setup .venv/cdk ## install what deploying needs (about a minute)

rehearse: .venv/rehearsal .venv/cdk ## play a whole story on this machine; STORY=name another one, MAIL=file that mail
	@$(VENV)/python -m desk rehearse $(MAIL) $(addprefix --story ,$(STORY))

read: .venv/setup ## show what a mail says and what would be done about it; MAIL=file
	@$(VENV)/python -m desk read --explain $(MAIL)

quick: .venv/tests ## lint, types and the fast tests (under a minute)
	@echo "== lint"; ruff check . && ruff format --check .
	@echo "== types"; mypy
	@echo "== the fast tests"; $(VENV)/python -m pytest -n 2 -m "not slow"

test: .venv/tests .venv/simulator ## lint, types, unit, template and end-to-end tests (minutes)
	@echo "== lint"; ruff check . && ruff format --check .
	@echo "== types"; mypy
	@echo "== tests: unit, template, end to end on emulators"; $(VENV)/python -m pytest -n 3 --durations=5

fuzz: .venv/tests ## read mutated mails; N=1000000 of them
	@nice $(VENV)/python -m tests.fuzz $(or $(N),100000)

sweep: .venv/tests .venv/simulator ## fail every AWS call, release 500 instances, remove each defence (minutes); N=100 of each
	@nice $(VENV)/python -m tests.sweep $(N)
	@RELEASES=$(or $(N),500) nice $(VENV)/python -m pytest -q -s --show-capture=no tests/lambdas/release/test_law.py
	@nice $(VENV)/python -m tests.docs.defences

bench: .venv/tests ## measure the reader, the start of the functions and a response
	@$(VENV)/python -m tests.bench

docs: .venv/tests ## redraw the pictures and examples in README.md and docs/
	@$(VENV)/python docs/draw.py

# First what the tests need, which is everything; then each part of it, at the same versions.
lock: .venv/tests ## renew the locks from the requirements.in files; UPGRADE=NAME upgrades a package
	@$(LOCK) $(addprefix --upgrade-package ,$(UPGRADE)) tests/requirements.in -o tests/requirements.txt
	@for part in requirements-build lambdas/requirements requirements desk/rehearsal/requirements; do \
		$(LOCK) $$part.in -c tests/requirements.txt -o $$part.txt || exit; done
	@$(LOCK) --no-deps tests/older_sdk.in -o tests/older_sdk.txt
	@git diff --stat -- '*.txt'

bootstrap: setup ## prepare your account and Region for the CDK, once
	@$(CDK) bootstrap

diff: setup ## show what a deployment would change in your account
	@$(CDK) diff $(STACKS) $(CONTEXT)

deploy: setup ## deploy both stacks to the account and Region of your AWS credentials
	@if grep -q 'example\.com' cdk.json; then \
		echo "cdk.json still holds the example settings: put your own recipient and admins into its \"responder\" block."; \
		exit 2; fi
	@$(CDK) deploy $(STACKS) $(CONTEXT)

destroy: setup ## take both stacks away; mail, cases, evidence and their key stay
	@$(CDK) destroy $(STACKS)

# Each stamp is one lock (`make lock`); a changed lock installs again.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
		{ echo "Python 3.11 to 3.14 is needed; $(PYTHON) is $$($(PYTHON) --version). Name one: make PYTHON=python3.13 …"; exit 2; }
	@echo "== making .venv"; $(PYTHON) -m venv .venv

.venv/setup: .venv/bin/python requirements-build.txt requirements.txt
	@echo "== installing what deploying needs (about half a minute)"; \
		$(INSTALL) -r requirements-build.txt && $(INSTALL) -r requirements.txt
	@touch $@

.venv/rehearsal: .venv/setup desk/rehearsal/requirements.txt
	@echo "== installing the emulators (about half a minute)"; $(INSTALL) -r desk/rehearsal/requirements.txt
	@touch $@

.venv/tests: .venv/rehearsal tests/requirements.txt tests/older_sdk.txt
	@echo "== installing what the tests need (about half a minute)"; $(INSTALL) -r tests/requirements.txt
	@$(INSTALL) --no-deps --upgrade --target .venv/older_sdk -r tests/older_sdk.txt
	@touch $@

.venv/cdk: package-lock.json | .venv/setup
	@echo "== installing the CDK command line (seconds)"; npm ci --omit=dev --silent --no-audit --no-fund
	@touch $@

# The tests' second opinion on IAM comes under another licence (AGPL), so only who runs the tests installs it.
.venv/simulator: .venv/cdk
	@echo "== installing the second evaluator of IAM (seconds)"; npm ci --silent --no-audit --no-fund
	@touch $@
