# Two environments: .venv runs the program, .venv-test also tests it. Each is made on first use, on its own.
PYTHON ?= python3
RUN := .venv
TEST := .venv-test
PIP_OPTIONS := --quiet --disable-pip-version-check --no-input -c constraints.txt

.PHONY: demo run test lint bench screenshots clean
.DEFAULT_GOAL := demo

demo: $(RUN)/.ready ## open the app on the built-in sample tenancy
	@$(RUN)/bin/python -m finops_tui --demo

run: $(RUN)/.ready ## open the app on your own bill
	@$(RUN)/bin/python -m finops_tui

test: $(TEST)/.ready
	$(TEST)/bin/python -m pytest -n auto

lint: $(TEST)/.ready
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/ruff check .
	$(TEST)/bin/mypy
	$(TEST)/bin/lint-imports

bench: $(TEST)/.ready
	$(TEST)/bin/python -m tests.bench

screenshots: $(TEST)/.ready
	$(TEST)/bin/python -m tests.screenshots screenshots

clean:
	rm -rf $(RUN) $(TEST) build dist bench *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find finops_tui tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN)/.ready: pyproject.toml constraints.txt
	@$(call environment,$(RUN),.)

$(TEST)/.ready: pyproject.toml constraints.txt
	@$(call environment,$(TEST),.[test])

# $(call environment,folder,what to install)
define environment
command -v $(PYTHON) >/dev/null || { echo "finops-tui needs Python 3.11 or newer: make PYTHON=/path/to/python3 ..." >&2; exit 2; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "finops-tui needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) -V 2>&1): make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }; \
echo "Making $(1) (once) ..."; \
$(PYTHON) -m venv $(1) && $(1)/bin/python -m pip install $(PIP_OPTIONS) -e '$(2)' && touch $(1)/.ready
endef
