# What a clone needs is made below .venv; every target can be run first.
#
#   make demo    watch the whole way, from a request to a merged change
#   make test    everything that CI checks, then every test
#   make check   format, lint, types, rings
#   make bench   the benchmarks
#   make vsix    the VS Code extension, as dist/podium.vsix
#   make clean   remove what was made

PYTHON ?= python3
UV_VERSION := 0.13.8

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export PATH := $(CURDIR)/$(BIN):$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export PYTHONSAFEPATH := 1
# Tests and the demo start many processes: without compiled modules each would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

PACKAGE := pyproject.toml LICENSE README.md

.PHONY: demo test check bench vsix clean

demo: $(VENV)/podium.stamp
	@podium demo $(DEMO)

test: $(VENV)/dev.stamp
	@poe --quiet check
	@poe --quiet wheel
	@pytest $(or $(PYTEST),-n 2 --dist loadgroup)

check: $(VENV)/dev.stamp
	@poe --quiet check

bench: $(VENV)/dev.stamp
	@set -e; for benchmark in benchmarks/*.py; do \
		printf '\n%s\n' "$$benchmark"; \
		PYTHONPATH="$(CURDIR)/benchmarks" python "$$benchmark"; done

vsix:
	@command -v npm >/dev/null || { echo "make vsix needs Node 20 with npm: install it" >&2; exit 2; }
	@mkdir -p dist
	@cd editors/vscode && npm ci --no-audit --no-fund && npm run package -- --out "$(CURDIR)/dist/podium.vsix"

clean:
	@rm -rf $(VENV) .build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf editors/vscode/node_modules editors/vscode/dist
	@find server orchestration tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/dev.stamp: requirements/dev.txt $(PACKAGE) | $(UV)
	@echo "installing what development needs into $(VENV)"
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@ $(VENV)/podium.stamp

$(VENV)/podium.stamp: requirements/podium.txt $(PACKAGE) | $(UV)
	@echo "installing Podium into $(VENV)"
	@# Installed, not synced: what else is there, such as the tools of development, stays.
	@$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements/podium.txt
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(UV):
	@command -v git >/dev/null || { echo "git is missing: install git 2.38 or newer" >&2; exit 2; }
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer, or name one: make PYTHON=…" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1): Podium needs Python 3.11 or newer, name one: make PYTHON=…" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 2; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
