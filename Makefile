# The book's commands. Each sets up what it needs; none needs anything but Python 3.11+ and make.

PYTHON ?= python3
BIN := .venv/bin
BUILD := -n -W --keep-going
READY := .venv/ready
TEST_READY := .venv/ready-to-test

.PHONY: book notebooks serve test baselines bench lint clean

book: $(READY)                  ## check, execute and build the book; then open the printed file
	$(BIN)/bookwidgets check
	$(BIN)/bookwidgets build $(BUILD)

notebooks: book                 ## each chapter as an .ipynb of plain Markdown
	@echo "The notebooks are in _build/html/notebooks, those for Colab in its folder colab."

serve: book                     ## build the book and serve it on this machine
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

test: $(TEST_READY)             ## every test: code, chapters, and the built site in a browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

baselines: $(TEST_READY)        ## store again what the chapters print; read the difference before committing it
	$(BIN)/python -m pytest tests/chapters/test_outputs.py -k runs_and_prints --nb-force-regen

bench: $(TEST_READY)            ## the figures behind the budgets
	$(BIN)/python tests/bench.py

lint: $(TEST_READY)             ## style of the code, faults of the book
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bookwidgets check
	$(BIN)/bookwidgets schema --check

clean:                          ## remove what was built, but not the environment
	rm -rf _build

$(READY): requirements.txt constraints.txt pyproject.toml setup.py widgets/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "The book needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(TEST_READY): $(READY) tests/requirements.txt tests/package.json tests/install_browser.sh
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	sh tests/install_browser.sh $(BIN)/playwright
	! command -v npm >/dev/null || npm install --prefix tests --no-package-lock --no-audit --no-fund --silent
	touch $@
