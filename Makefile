# Local commands. `make help` lists them.

PYTHON ?= python3
NO_PYTHON = echo "There is no $(PYTHON) here. Install Python 3.11 or later (Debian: apt-get install python3 python3-venv)." >&2
PORTICO = @command -v $(PYTHON) >/dev/null || { $(NO_PYTHON); exit 1; }; exec $(PYTHON) -I config/local/venv_bootstrap.py

.PHONY: help demo test test-fast check fuzz schema bench shell reset-demo
.DEFAULT_GOAL := help

help: ## List all commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20
	@echo
	@echo '  PORT=8001            another port for the demo (8000)'
	@echo '  PORTICO_HOME=dir     another directory for its state (.portico)'
	@echo '  PYTHON=python3.13    another Python to create .venv with (python3)'

demo: ## Run Portico on this machine with two demo businesses, until Ctrl-C
	$(PORTICO) demo

test: ## Lint, types, import contracts, migrations and every test; T=tests/path for some tests
	$(PORTICO) test $(T)

test-fast: ## Only the quick tests: no browser, no killed processes, no checks of every page
	$(PORTICO) test-fast $(T)

check: ## Lint, types and import contracts only, in seconds
	$(PORTICO) check

fuzz: ## Send made-up requests to every operation of the API; N=1000 to each, instead of 300
	$(PORTICO) fuzz $(N)

schema: ## Write the schemas of the API to docs/openapi; S=--released keeps them as those of a release
	$(PORTICO) schema $(S)

bench: ## Run the benchmarks and write bench/results.md
	$(PORTICO) bench $(B)

shell: ## Open Django's shell on the demo's data
	$(PORTICO) shell

reset-demo: ## Delete the demo's data; the next make demo starts with new data
	$(PORTICO) reset-demo

.DEFAULT:
	@echo "There is no \`make $@\`. \`make help\` lists the commands." >&2; exit 2
