# What can be done here, each in one command? `make help` lists it.

PYTHON ?= python3
NO_PYTHON = echo "There is no $(PYTHON) here. Install Python 3.11 or later (Debian: apt-get install python3 python3-venv)." >&2
PORTICO = @command -v $(PYTHON) >/dev/null || { $(NO_PYTHON); exit 1; }; exec $(PYTHON) -I config/local/bootstrap.py

.PHONY: help demo test test-fast check bench shell reset-demo
.DEFAULT_GOAL := help

help: ## List what make can do here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20
	@echo
	@echo '  PORT=8001            another port for the demo (8000)'
	@echo '  PORTICO_HOME=dir     another place for its state (.portico)'
	@echo '  PYTHON=python3.13    another Python to make .venv from (python3)'

demo: ## Run Portico here with two demo businesses, until Ctrl-C
	$(PORTICO) demo

test: ## Lint, types, contracts, migrations and every test; T=tests/path for some
	$(PORTICO) test $(T)

test-fast: ## The quick tests: no browser, no killed process, no sweep over every page
	$(PORTICO) test-fast $(T)

check: ## Lint, types and import contracts, in seconds
	$(PORTICO) check

bench: ## Measure against the alternatives and write bench/results.md
	$(PORTICO) bench $(B)

shell: ## Django's shell on the demo's data
	$(PORTICO) shell

reset-demo: ## Forget the demo's data, to begin afresh with the next make demo
	$(PORTICO) reset-demo

.DEFAULT:
	@echo "There is no \`make $@\`. \`make help\` lists what there is." >&2; exit 2
