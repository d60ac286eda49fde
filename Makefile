# Everything here works with Python 3.11+, make and git alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FONT ?= /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

.DEFAULT_GOAL := setup
.PHONY: help setup demo test lint format docs bench font clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## Create .venv with the library, its extras and the development tools

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "futureindustry needs Python 3.11 or later; run make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[all]" --group dev
	@touch $(STAMP)

demo: $(STAMP) ## Run the main job on examples/: validate, recode, compare, report
	@$(BIN)/python examples/demo.py

test: $(STAMP) ## Run all the tests
	$(BIN)/python -m pytest

lint: $(STAMP) ## Check style, types and the data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/futureindustry check

format: $(STAMP) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP) ## Write the taxonomy pages to out/docs
	$(BIN)/futureindustry docs out/docs

bench: $(STAMP) ## Measure the goals against named peers in the same run
	$(BIN)/python benchmarks/run.py

font: $(STAMP) ## Make the font of the pictures anew, after new characters in taxonomy/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "fonttools>=4.50"
	$(BIN)/python tools/font.py $(FONT)

clean: ## Remove what the other targets made
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
