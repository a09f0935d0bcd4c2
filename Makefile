# Everything is set up on demand: Python 3.11 or newer, git and make are all that is needed.
PYTHON ?= python3
BIN := .venv/bin
YEAR ?= 2016
OUT ?= out/$(YEAR)
CORES := $(shell $(PYTHON) -c "import os; print(os.cpu_count() or 1)")

.PHONY: help setup scorecards test test-all bench sample notebooks docs pictures constraints clean

help:
	@echo "make scorecards   scorecards, summary and index of the sample year, into $(OUT)"
	@echo "make test         the tests"
	@echo "make test-all     all tests, and every fault that can be injected into a run"
	@echo "make bench        speed and memory as ratios in one run (a quarter of an hour)"
	@echo "make sample       write data/sample anew"
	@echo "make notebooks    run the notebooks and keep their outputs"
	@echo "make docs         write docs/indicators.md and docs/tables.md anew"
	@echo "make pictures     the pictures of the README and the guide, from a browser"
	@echo "make constraints  resolve constraints.txt anew (needs uv)"

setup: .venv/.ready

.venv/.ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

scorecards: setup
	$(BIN)/assess run data/sample --year $(YEAR) --out $(OUT)

test: setup
	@sh .ci/machine
	$(BIN)/python -m pytest -n $(CORES) --dist loadgroup $(FAULTS)

test-all:
	@$(MAKE) test FAULTS=--all-faults

bench: .venv/.bench-ready
	$(BIN)/python -m benchmarks.scorecards
	$(BIN)/python -m benchmarks.year_end
	$(BIN)/python -m benchmarks.national
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.workbench
	$(BIN)/python -m benchmarks.publishing

.venv/.bench-ready: .venv/.ready constraints-bench.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement constraints-bench.txt
	@touch $@

sample: setup
	$(BIN)/assess sample --teams 24 --seed 2016 --years "2015 2016" --out data/sample

notebooks: setup
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR \
	  --ExecutePreprocessor.record_timing=False notebooks/scorecard.ipynb notebooks/annual_summary.ipynb

docs: setup
	$(BIN)/python docs/generate.py docs

constraints:
	printf 'hatchling\neditables\n' > .build-requires.part
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
	  --extra test pyproject.toml .build-requires.part --output-file constraints.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
	  --extra test --extra bench --constraint constraints.txt pyproject.toml .build-requires.part \
	  --output-file constraints-bench.txt
	rm -f .build-requires.part

pictures: setup
	ASSESS_SHOTS=docs/images $(BIN)/python -m pytest tests/test_browser.py -k journey
	$(BIN)/python tests/support/pictures.py docs/images

clean:
	rm -rf .venv out build dist
