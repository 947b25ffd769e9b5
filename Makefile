.DEFAULT_GOAL := help
.PHONY: help setup run test trust check lock pictures

PYTHON ?= $(firstword $(shell command -v python3 python3.14 python3.13 python3.12 python3.11))

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
setup: ## Make .venv and everything else that is needed; quick when nothing changed
	@"$(PYTHON)" tools/setup.py
run: setup ## Serve the platform with a demonstration municipality on http://127.0.0.1:8000
	@.venv/bin/pivotal serve --demo
test: ## Set everything up and run all tests
	@"$(PYTHON)" tools/setup.py --for-tests
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
trust: setup ## Kill the service at work, on both databases; KILLS=1000 says how often
	@PIVOTAL_TEST_KILLS=$(or $(KILLS),100) .venv/bin/python -m pytest tests/trust/test_kill.py
check: setup ## Style, types and who may import whom
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports
lock: setup ## Write down the versions that are in .venv now, for everyone
	@.venv/bin/python -m pip freeze --all --exclude-editable > constraints.txt
pictures: setup ## Draw docs/pictures again: each model, and the main pages in Chromium
	@.venv/bin/python tools/pictures.py
