# Everything a person does with this checkout. Needs python3 >= 3.11 with venv, git and make; each target sets itself up.

VENV ?= .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-to-run
DEV_READY := $(VENV)/.ready-to-develop
WHEEL_BIN := build/venv/bin
WHEEL_READY := build/venv/.ready
PYTEST_ARGS ?=

# uv brings certificates of its own; a company's are in the system's store only
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= 1
endif

.PHONY: help demo test test-slow coverage lint format bench simulate mutants docs requirements wheel clean
.DEFAULT_GOAL := help

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUN_READY)  ## The whole way of a story on this machine: a sandbox of X and Facebook, no keys, nothing leaves
	@$(BIN)/crosspost demo

test: lint $(WHEEL_READY)  ## Build the wheel, install it, check everything against it (under five minutes)
	@$(MAKE) --no-print-directory wheel
	@scripts/chromium.sh >/dev/null || echo "No Chromium: browser tests are skipped; sudo apt-get install chromium brings it."
	@CROSSPOST_WHEEL=1 $(WHEEL_BIN)/python -m pytest $(PYTEST) -m "not slow" --cov --cov-report=json:build/coverage.json $(PYTEST_ARGS)
	@$(WHEEL_BIN)/python scripts/coverage_floors.py build/coverage.json

PYTEST := -v -n 2 --dist worksteal --no-header -rs --hypothesis-profile=ci

test-slow: $(WHEEL_READY)  ## After `make test`: real kills, full disks, planted secrets, hostile sites, workflows, mutants (five minutes)
	@$(MAKE) --no-print-directory wheel
	@CROSSPOST_WHEEL=1 $(WHEEL_BIN)/python -m pytest $(PYTEST) -m slow $(PYTEST_ARGS)

coverage:  ## Of the last `make test`: coverage by room, with the floors
	@$(WHEEL_BIN)/python scripts/coverage_floors.py build/coverage.json --show

lint: $(DEV_READY)  ## Style, types, imports, workflows
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >build/imports.txt 2>&1 || { cat build/imports.txt; exit 1; }
	@$(BIN)/zizmor --offline --quiet --no-progress .github/workflows action.yml

format: $(DEV_READY)  ## Bring the code into the house's form
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

bench: $(DEV_READY)  ## The benchmarks
	@for file in tests/benchmarks/bench_*.py; do echo "$$file"; $(BIN)/python "$$file" || exit 1; done

YEARS ?= 20
SEED ?= 1
simulate: $(DEV_READY)  ## Whole simulated years (YEARS=20 from SEED=1) with all that may go wrong; figures in build/simulation.json
	@$(BIN)/python -m crosspost.testing.simulation --year --days 365 --seed $(SEED) --count $(YEARS) --rare \
		--coverage --jobs $$(getconf _NPROCESSORS_ONLN) --json build/simulation.json

mutants: $(DEV_READY)  ## Who tests the tests: one rule of the machine taken away after another, each must be noticed
	@$(BIN)/python tests/simulation/mutants.py --json docs/figures/mutants.json

docs: $(DEV_READY)  ## Write what is made from the sources: the settings' schema, the reference, the drawing
	@$(BIN)/python scripts/schema.py
	@$(BIN)/python docs/generate.py

requirements: $(DEV_READY)  ## Pin the newest versions that fit, with hashes and without an index's address
	@$(BIN)/uv pip compile pyproject.toml --upgrade $(COMPILE) -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --upgrade --group dev -c requirements.txt $(COMPILE) -o requirements-dev.txt
	@echo uv | $(BIN)/uv pip compile - --upgrade $(COMPILE) -o requirements-uv.txt

COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements"

wheel: $(WHEEL_READY)
	@rm -rf build/dist
	@$(BIN)/python -m hatchling build -t wheel -d build/dist >build/wheel.txt 2>&1 || { cat build/wheel.txt; exit 1; }
	@$(BIN)/uv pip install --quiet --no-deps --reinstall --python $(WHEEL_BIN)/python build/dist/*.whl

clean:  ## Remove what was built (not .venv)
	@rm -rf build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUN_READY): requirements.txt requirements-uv.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh $(VENV) requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV_READY): requirements-dev.txt requirements-uv.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh $(VENV) requirements-dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@mkdir -p build
	@touch $@

# The built wheel is what is tested: an environment of its own, in which src/ can't be found
$(WHEEL_READY): $(DEV_READY)
	@$(BIN)/python -m venv --without-pip --clear build/venv
	@$(BIN)/uv pip sync --quiet --python $(WHEEL_BIN)/python --require-hashes requirements-dev.txt
	@touch $@
