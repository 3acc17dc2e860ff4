# The commands of the house. `make run` and `make test` do their own set-up.
PYTHON ?= python3
VENV := .venv
PORT ?= 8000
DEMO := PROEFTUIN_DEMO=1 PROEFTUIN_BASE_URL=http://127.0.0.1:$(PORT) PORT=$(PORT)

.PHONY: help run demo test check bench lock messages clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/runtime ## start the demo company on http://127.0.0.1:8000 (PORT= to change)
	@$(DEMO) $(VENV)/bin/flask --app wsgi demo prepare
	@$(DEMO) $(VENV)/bin/gunicorn --config gunicorn.conf.py --log-level warning wsgi:app

demo: $(VENV)/runtime ## reset the demo company to its first day
	@$(DEMO) $(VENV)/bin/flask --app wsgi demo reset

test: $(VENV)/development ## lint, types, unit tests on two databases, house tests, journeys in a browser
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh tests/run.sh

bench: $(VENV)/development ## measure against a bare Flask application; a shortfall is an exit status
	@$(VENV)/bin/python -m benchmarks

lock: ## pin every dependency with hashes (needs uv)
	uv pip compile --generate-hashes --universal --python-version 3.11.2 --no-emit-index-url --no-header -q requirements.in -o requirements.txt
	uv pip compile --generate-hashes --universal --python-version 3.11.2 --no-emit-index-url --no-header -q requirements-dev.in -o requirements-dev.txt

messages: $(VENV)/development ## collect the sentences, and compile the English catalogue
	@$(VENV)/bin/python -m tests.house.catalogue

clean: ## remove what can be made again (never the data in var/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make run PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing the locked requirements..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing the locked requirements for development..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/runtime
