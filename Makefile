# Everything is set up on demand: Python 3.11 or newer, git and make are all that is needed.
PYTHON ?= python3
BIN := .venv/bin
YEAR ?= 2016
OUT ?= out/$(YEAR)
CORES := $(shell $(PYTHON) -c "import os; print(os.cpu_count() or 1)")
# Every process would translate the program anew.
unexport PYTHONDONTWRITEBYTECODE
# nbval is started by the test that needs it; loaded here it costs every process a second.
PYTEST := $(BIN)/python -m pytest -n $(CORES) --dist loadgroup -p no:nbval

.PHONY: help setup hooks check quick test test-all scorecards bench sample notebooks docs pictures constraints clean

help:
	@echo "make scorecards   scorecards, summary and index of the sample year, into $(OUT)"
	@echo "make check        lint, format, types, contracts between rooms"
	@echo "make quick        the tests without kernels, browsers and giants"
	@echo "make test         the tests"
	@echo "make test-all     all tests, and every fault that can be injected into a run"
	@echo "make setup        what the four above install by themselves; make hooks: check before each commit"
	@echo "make bench        speed and memory as ratios in one run (half an hour)"
	@echo "make sample       write data/sample anew"
	@echo "make notebooks    run the notebooks and keep their outputs"
	@echo "make docs         write docs/indicators.md and docs/tables.md anew"
	@echo "make pictures     the pictures of the README and the guide, from a browser"
	@echo "make constraints  resolve constraints/ anew (needs uv)"

setup: .venv/.test

# One environment, filled step by step: base runs the program, test adds what checks it, bench its contenders.
.venv/.base: constraints/base.txt pyproject.toml
	@echo "Set-up 1/3: an environment of its own, in .venv"
	@$(PYTHON) -m venv .venv
	@echo "Set-up 2/3: $$(grep -c == constraints/base.txt) packages of constraints/base.txt; downloaded once, some minutes"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement constraints/base.txt
	@echo "Set-up 3/3: the program"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test .venv/.bench: .venv/.%: constraints/%.txt .venv/.base
	@echo "Set-up: $$(grep -c == $<) packages of $<, those that are there already among them"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement constraints/$*.txt
	@touch $@

hooks: .venv/.test
	$(BIN)/pre-commit install

scorecards: .venv/.base
	$(BIN)/assess run data/sample --year $(YEAR) --out $(OUT)

check: .venv/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy

quick: .venv/.test
	$(PYTEST) -q -m "not slow and not browser"

test: .venv/.test
	@sh .ci/machine
	$(PYTEST) $(FAULTS)

test-all:
	@$(MAKE) test FAULTS=--all-faults

bench: .venv/.bench
	$(BIN)/python -m benchmarks.against_before
	$(BIN)/python -m benchmarks.scorecards
	$(BIN)/python -m benchmarks.year_end
	$(BIN)/python -m benchmarks.national
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.workbench
	$(BIN)/python -m benchmarks.publishing

sample: .venv/.base
	$(BIN)/assess sample --teams 24 --seed 2016 --years "2015 2016" --out data/sample

notebooks: .venv/.base
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR \
	  --ExecutePreprocessor.record_timing=False notebooks/scorecard.ipynb notebooks/annual_summary.ipynb

docs: .venv/.base
	$(BIN)/python docs/generate.py docs

# Each file stands alone; all hold the versions that the tests run with.
RESOLVE := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
  --no-emit-index-url --no-annotate --no-header pyproject.toml .build-requires.part

constraints:
	printf 'hatchling\neditables\n' > .build-requires.part
	$(RESOLVE) --extra test --output-file constraints/test.txt
	$(RESOLVE) --constraint constraints/test.txt --output-file constraints/base.txt
	$(RESOLVE) --constraint constraints/test.txt --extra distributed --output-file constraints/distributed.txt
	$(RESOLVE) --constraint constraints/test.txt --extra pdf --output-file constraints/pdf.txt
	$(RESOLVE) --constraint constraints/test.txt --extra bench --output-file constraints/bench.txt
	rm -f .build-requires.part

pictures: .venv/.test
	ASSESS_SHOTS=docs/images $(BIN)/python -m pytest tests/test_browser.py -k journey
	$(BIN)/python tests/support/pictures.py docs/images

clean:
	rm -rf .venv out build dist
