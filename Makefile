# A bare `make` lists what there is: the text behind ##.
# Every target makes its environment first (.venv); where that is there it costs nothing.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help ready demo test lint format bench prove fuzz docs calibration

help:
	@sed -n 's/^\([a-z]*\):.*## */  make \1\t/p' $(MAKEFILE_LIST)

ready:
	@$(PYTHON) tools/bootstrap.py

demo: ready  ## check a small shop and its five variants, each with the setting of one outage
	@$(BIN)/python tools/demo.py

test:  ## all tests; the servers they start are installed where that is allowed
	@$(PYTHON) tools/bootstrap.py --servers
	$(BIN)/pytest $(ARGS)

lint: ready  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: ready  ## format the code and put imports in order
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

bench: ready  ## time and memory of a whole check; ARGS=--write puts them into docs/benchmarks.md
	$(BIN)/python tools/bench.py $(ARGS)

prove: ready  ## everything counted with large numbers, resumed where it stopped (hours); ARGS=cases: one step
	$(BIN)/python tools/prove.py $(ARGS)

fuzz: ready  ## damaged files for every reader; FUZZ_SECONDS=60 for each, FUZZ_JOBS=2 at once
	$(BIN)/python tools/fuzz.py $(ARGS)

calibration: ready  ## where each rule fires over the labelled cases beside the project; ARGS=--write, --rule ID
	$(BIN)/python tools/calibrate.py $(ARGS)

docs: ready  ## write the generated pages: rules, technologies, schemas, the manual page
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/man.py
	$(BIN)/python tools/technologies_page.py
	$(BIN)/python tools/lint_page.py
	$(BIN)/python tools/schemas.py
