# Everything starts here, on a bare Debian or Ubuntu with make and Python 3.11 or later.
# Another Python, beside the first: make test PYTHON=python3.12 VENV=.venv312
PYTHON ?= python3
VENV ?= .venv

BIN := $(VENV)/bin
READY := $(VENV)/.ready
CAN_RUN := $(VENV)/.can-run
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON := $(BIN)/python
PLAIN := --locked --no-emit-project --no-header --no-annotate -q
# Else each program that a test starts would compile our modules again, and each run of the tests their files.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup browser demo test test-more test-all lint bench docs reference pages lock sbom clean

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 @/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: $(READY)  ## make .venv from the lock, with everything for tests, and install what the system must have

browser:  ## install Chromium and axe-core, for tests that open pages in a browser
	@sh .ci/browser

demo: $(CAN_RUN)  ## take the example case from paper to published decision, into out/
	rm -rf out
	$(BIN)/assent demo out

test: $(READY)  ## run the plain tests (about a quarter of an hour on two cores)
	$(BIN)/pytest -n auto --dist worksteal

test-more: $(READY)  ## run the long tests that CI runs too (20 to 40 minutes on two cores)
	$(BIN)/pytest -n auto --dist worksteal -m long

test-all: $(READY)  ## run all tests, the long ones too, and the mutants of the law
	$(BIN)/uv sync --locked --inexact --group spark
	$(BIN)/pytest -n auto --dist worksteal -m ''
	$(BIN)/assent law check --mutants

lint: $(READY)  ## check style, types and import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(READY)  ## measure speed, as ratios
	$(BIN)/uv sync --locked --inexact --group bench
	$(BIN)/python -m benchmarks

docs: $(READY)  ## build the documentation as a site, into out/docs
	$(BIN)/uv sync --locked --group docs
	$(BIN)/sphinx-build -W --keep-going -n -q -b html docs out/docs

pages: $(READY)  ## draw every page of every document, into out/pages
	$(BIN)/python -m tests.golden.pages out/pages

reference: $(READY)  ## write docs/reference again from the code, and what commands print on all pages
	$(BIN)/python -m tests.docs.reference_pages
	$(BIN)/python -m tests.docs.pictures
	$(BIN)/python -m tests.docs.pages
	$(BIN)/python -m tests.docs.licences

lock: $(BIN)/uv  ## choose versions again, after a change in pyproject.toml
	$(BIN)/uv lock
	$(BIN)/uv export $(PLAIN) --only-group installer -o .ci/installer.txt
	$(BIN)/uv export $(PLAIN) --no-dev --all-extras -o constraints.txt

sbom: $(BIN)/uv  ## write the bill of materials in CycloneDX, into out/
	@mkdir -p out
	$(BIN)/uv export --locked --no-dev --all-extras --format cyclonedx1.5 --preview-features sbom-export -q -o out/assent.cdx.json

clean:  ## remove everything that make made
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(BIN)/uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked
	@touch $@ $(CAN_RUN)

# What running needs, without what only tests need. It leaves alone what is there already.
$(CAN_RUN): $(BIN)/uv pyproject.toml uv.lock
	$(BIN)/uv sync --locked --no-dev --inexact
	@touch $@

$(BIN)/uv: .ci/installer.txt .ci/system
	@sh .ci/system "$(PYTHON)"
	test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/installer.txt
	@touch $@
