PY := .venv/bin/python
STAMP := .venv/.installed
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: install demo test lint bench fuzz clean
help: ## say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

install: $(STAMP) ## make .venv with crossbook and what its tests need
$(STAMP): pyproject.toml
	@if command -v apt-get >/dev/null && ! fc-list 2>/dev/null | grep -qiE 'cjk|wenquanyi|micro ?hei'; then \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends fontconfig fonts-wqy-microhei >/dev/null; fi
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv >/dev/null; }
	python3 -m venv .venv
	.venv/bin/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: install ## write the sample business, add its files, restore its payouts
	.venv/bin/crossbook demo --fresh

test: install ## run the tests (fast ones first)
	.venv/bin/pytest -n 2 -m 'not slow'
	.venv/bin/pytest -n 2 -m slow

lint: install ## ruff, mypy --strict, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: install ## measure what docs/benchmarks.md claims
	.venv/bin/pip install -q --disable-pip-version-check -e '.[bench]'
	$(PY) benchmarks/closure.py
	$(PY) benchmarks/restore.py
	$(PY) benchmarks/match.py
	$(PY) benchmarks/demo.py

fuzz: install ## 10,000 mutated inputs per source
	$(PY) benchmarks/fuzz.py --inputs 10000

clean: ## remove what install and demo made
	rm -rf .venv demo-book
