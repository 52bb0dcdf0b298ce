# Everything there is to run; `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# Outside the checkout, so that a fresh clone finds what an earlier one has built.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/aerostat/target
PYTHON ?= python3
ROWS ?= 541909
SEED ?= 42
ROUNDS ?= 3
SCALE ?= small

AEROSTAT := $(CARGO_TARGET_DIR)/release/aerostat
KERNELSPEC := .venv/share/jupyter/kernels/aerostat/kernel.json
NAMES := retail wdi
NOTEBOOKS := $(NAMES:%=notebooks/%.ipynb)
RETAIL := data/retail/online_retail.csv
WDI := data/wdi/text/wdi-0.csv
# The demo's tables have a metastore of their own; the user's, in ~/.aerostat, is not touched.
DEMO_ENV = AEROSTAT_HOME="$(CURDIR)/.aerostat" AEROSTAT_DATA="$(CURDIR)/data/$*"

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(NAMES:%=build/demo/%.html) ## Build, install into .venv, generate data, run the notebooks
	@echo
	@echo "The executed notebooks: $(NAMES:%=build/demo/%.ipynb)"
	@echo "The same as pages:      $(NAMES:%=build/demo/%.html)"
	@echo "To work with them in JupyterLab:"
	@echo
	@echo '  AEROSTAT_HOME="$$PWD/.aerostat" .venv/bin/jupyter lab notebooks/retail.ipynb'

.PHONY: build
build: $(AEROSTAT) ## Build the kernel in release

.PHONY: test
test: test-rust test-python ## Run all tests

.PHONY: test-rust
test-rust: ## Run the Rust tests
	cargo fmt --all --check
	cargo test --release --locked --workspace

.PHONY: test-python
test-python: $(KERNELSPEC) .venv/tests.stamp ## Drive the kernel with Jupyter's own clients
	PATH="$(dir $(AEROSTAT)):$$PATH" .venv/bin/pytest tests

.PHONY: notebooks
notebooks: $(KERNELSPEC) .venv/tests.stamp $(RETAIL) $(WDI) ## Run the notebooks and compare with their outputs; UPDATE=1 stores them
	PATH="$(dir $(AEROSTAT)):$$PATH" .venv/bin/python tests/notebooks/regression.py --data data $(if $(UPDATE),--update) $(NOTEBOOKS)

.PHONY: lint
lint: ## Check formatting and clippy's lints
	cargo fmt --all --check
	cargo clippy --release --locked --workspace --all-targets -- -D warnings

.PHONY: bench
bench: $(KERNELSPEC) .venv/benches.stamp ## Measure beside what users would pick instead; SCALE=full, PARTS=kernel,tpch, BASE=FILE
	PATH="$(dir $(AEROSTAT)):$$PATH" .venv/bin/python benches/run.py --scale $(SCALE) --rounds $(ROUNDS) \
		--data build/benches/data --save build/benches/$(SCALE).json $(if $(PARTS),--parts $(PARTS)) $(if $(BASE),--compare $(BASE))

.PHONY: bench-compare
bench-compare: .venv/benches.stamp ## Show the results in build/benches beside earlier ones in BASE=FILE
	.venv/bin/python benches/run.py --show build/benches/$(SCALE).json --compare $(BASE)

.PHONY: clean
clean: ## Remove what the other targets made, except the build of the kernel
	rm -rf .venv .aerostat build data

# Cargo knows best whether there is anything to do, and leaves the file alone when there is not.
# The libraries are built with the program: compiled cells link one of them.
$(AEROSTAT): FORCE
	cargo build --release --locked --workspace
FORCE:

.venv/demo.stamp: notebooks/requirements.txt $(wildcard kernelspec/papermill/*.*)
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --disable-pip-version-check --requirement $< ./kernelspec/papermill
	@touch $@

.venv/tests.stamp: tests/requirements.txt .venv/demo.stamp
	.venv/bin/pip install --disable-pip-version-check --requirement $<
	@touch $@

.venv/benches.stamp: benches/requirements.txt .venv/tests.stamp
	.venv/bin/pip install --disable-pip-version-check --requirement $<
	@touch $@

$(KERNELSPEC): $(AEROSTAT) .venv/demo.stamp
	$(AEROSTAT) install --prefix .venv
	@touch $@

$(RETAIL): $(wildcard kernel/datasets/src/*.rs kernel/datasets/src/*/*.rs) | $(AEROSTAT)
	$(AEROSTAT) dataset retail --rows $(ROWS) --seed $(SEED) --out $(@D)

$(WDI): $(wildcard kernel/datasets/src/*.rs kernel/datasets/src/*/*.rs) | $(AEROSTAT)
	$(AEROSTAT) dataset wdi --seed $(SEED) --out data/wdi

# Pages are made of them, but they are of use themselves.
.PRECIOUS: build/demo/%.ipynb
build/demo/%.ipynb: notebooks/%.ipynb $(KERNELSPEC) $(RETAIL) $(WDI)
	$(DEMO_ENV) .venv/bin/jupyter nbconvert --to notebook --execute --output-dir $(@D) $<

build/demo/%.html: build/demo/%.ipynb
	.venv/bin/jupyter nbconvert --to html $<
