# Everything a developer does. Run `make` to see it.
#
# Needed beforehand: make, git and any Python from 3.11 on with its venv module. The rest is brought
# here, into .tools, .venv and node_modules; nothing is installed elsewhere.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo demo-history demo-reset test check bench faults lock screenshots setup

PYTHON := .venv/bin/python
UV := sh bin/uv
NPM := sh bin/npm
SOURCES := $(shell find static -path static/dist -prune -o -type f -print)
# Where the demonstration runs, whatever the shell was used for before.
OWN := env -u DATABASE_URL -u LXP_DATABASE
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)

help: ## Show this list
	@echo "LXP: what make can do"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: setup ## Run the whole service with invented data until Ctrl-C (PORT=8000)
	@exec $(OWN) $(PYTHON) manage.py demo

demo-history: setup ## Add three invented cohorts over four years to the demonstration
	@exec $(OWN) $(PYTHON) manage.py demo_history

demo-reset: setup ## Remove the demonstration's data
	@exec $(OWN) $(PYTHON) manage.py demo_reset

# The tests start a hundred Python processes: what one has compiled, the others need not.
test: setup ## Run every test, on all processors
	@exec env -u PYTHONDONTWRITEBYTECODE $(PYTHON) -m pytest -n auto --dist worksteal

check: setup ## Check style, import order, migrations, deployment settings and templates
	@sh bin/check

bench: setup ## Measure every page against the floor, with 28, 1,000 and 10,000 people, and files
	@exec $(PYTHON) -m bench

faults: setup ## Kill, freeze, wipe and refuse what carries reminders, and count what is lost
	@exec $(PYTHON) -m faults

screenshots: setup ## Photograph every page, wide and narrow, into .run/screenshots
	@exec $(PYTHON) manage.py screenshots

lock: .tools/ready ## Write the lock files from pyproject.toml and package.json (UPGRADE=1: newest)
	@echo "Choosing packages; this asks the package registries …"
	@$(COMPILE) --group dev --output-file requirements.lock
	@$(COMPILE) --constraint requirements.lock --output-file requirements-prod.lock
	@$(NPM) $(if $(UPGRADE),update,install) --package-lock-only --silent

setup: .venv/ready static/dist/lxp.css

.tools/ready: bin/setup
	@sh bin/setup tools

.venv/ready: .tools/ready .python-version requirements.lock
	@sh bin/setup environment

node_modules/ready: package.json package-lock.json .npmrc | .venv/ready
	@sh bin/setup front-end

static/dist/lxp.css: node_modules/ready $(SOURCES)
	@echo "Building the style sheet and the script …"
	@$(NPM) run --silent build
	@touch $@
