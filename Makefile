# The newcomer's two commands: make demo, make test. Only Python 3.11 or newer and make are needed.
PYTHON ?= python3
PORT ?= 8001
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint clean

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=/path/to/python3.11)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet -e '.[test,lint]'
	@touch $@

demo: $(VENV)/installed
	$(BIN)/kb build kb/sample -o kb.db
	$(BIN)/kb serve --db kb.db --port $(PORT)

test: $(VENV)/tested lint
	$(BIN)/python -m pytest

lint: $(VENV)/tested
	$(BIN)/ruff check ingest kb tests bench
	$(BIN)/mypy

clean:
	rm -rf $(VENV) kb.db kb.db.cache build dist *.egg-info
