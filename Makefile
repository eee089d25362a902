# Poise. `make help` lists what can be asked for.

SWIFT ?= swift
OUTPUT ?= poise-output/demo

# One configuration for the program and the tests, so that `make demo` and `make test` share every
# object file: release speed, with the internal names visible to @testable imports. `swift test`
# would add the flag that makes them visible once more by itself, and two are another command line,
# which compiles everything again: --disable-testable-imports keeps it to ours.
SCRATCH ?= .build
BUILD := -c release -Xswiftc -enable-testing --scratch-path $(SCRATCH)
TEST := $(SWIFT) test $(BUILD) --disable-testable-imports
POISE := $(SCRATCH)/release/poise

SOURCES := Package.swift Sources Tests
FORMATTED := $(wildcard $(SOURCES) Benchmarks Examples)

.DEFAULT_GOAL := help
.PHONY: help packages build demo test validate bench format lint docs clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages: ## Install the system packages that are missing (OpenBLAS, zlib, gnuplot, pkg-config).
	@bash Scripts/system-packages

build: packages ## Build the command line tool.
	$(SWIFT) build $(BUILD) --product poise

demo: build ## Ask how to initialise a deep tanh network for handwritten digits.
	$(POISE) advise --activation tanh --depth 64 --width 256 --data digits --output $(OUTPUT)
	@echo
	@echo "Report: $(abspath $(OUTPUT))/report.html (open it in a browser)"

test: packages ## Run the tests: at most ten minutes on two cores.
	$(TEST)

validate: packages ## Run the full grids of theory against networks: up to an hour.
	POISE_VALIDATE=1 $(TEST) --filter Validation

# Whoever pins OPENBLAS_CORETYPE wants equal bits, not speed: benchmarks run without the pins, and
# say which kernel they ran on.
UNPINNED := env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE

bench: build ## Run the benchmarks on the fastest BLAS kernel of this machine, which is named.
	@$(UNPINNED) $(POISE) doctor
	$(UNPINNED) $(SWIFT) run -c release --package-path Benchmarks poise-bench

format: ## Format the sources in place.
	$(SWIFT) format --in-place --recursive $(FORMATTED)

lint: ## Check format and style; any finding fails.
	$(SWIFT) format lint --strict --recursive $(FORMATTED)

# A scratch path of its own: with POISE_DOCS set the package has one more dependency.
DOCS_TARGETS ?= PoiseNumerics PoiseModel PoiseData PoiseMeanField PoiseSpectra PoiseHeavyTails \
  PoiseInformation PoisePosterior PoiseNetworks PoiseLab
docs: packages ## Write the reference of every library module to docs/site.
	@mkdir -p docs/site
	@set -e; for target in $(DOCS_TARGETS); do \
	  echo "docs/site/$$target"; \
	  POISE_DOCS=1 $(SWIFT) package --scratch-path .build/docs \
	    --allow-writing-to-directory docs/site \
	    generate-documentation --target $$target --output-path docs/site/$$target \
	    --transform-for-static-hosting --hosting-base-path $$target; \
	done

clean: ## Remove everything that was built.
	rm -rf $(SCRATCH) Benchmarks/.build docs/site
