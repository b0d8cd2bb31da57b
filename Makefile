PY := .venv/bin/python
STAMP := .venv/.installed
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

VENDOR := src/crossbook/web/static/vendor

# each of the hundreds of processes that the tests start would compile the package anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install browser services demo test test-all soak lint bench fuzz screenshots vendor clean
help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

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

browser: ## install Chromium, which the tests of the pages use
	@if command -v apt-get >/dev/null && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium >/dev/null; fi

services: install ## install what tests of a shared catalog, of fleets and of meeting online start for themselves: PostgreSQL, Java, Spark, SPU
	@if command -v apt-get >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends postgresql >/dev/null; fi
	@if command -v apt-get >/dev/null && ! command -v java >/dev/null; then \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; fi
	@$(PY) -c 'import pyspark, sqlglot' 2>/dev/null || .venv/bin/pip install -q --disable-pip-version-check -e '.[spark]'
	-@ls -d .venv/lib/python*/site-packages/spu >/dev/null 2>&1 || .venv/bin/pip install -q --disable-pip-version-check --no-deps spu==0.9.5

TESTS := .venv/bin/pytest -n 2 --dist worksteal

test: install browser ## run the tests, but the slow ones and those that need a service
	$(TESTS) -m 'not slow and not services'

test-all: install browser services ## run every test: also of services, kills, faults and all that documents show
	CROSSBOOK_TEST_SERVICES=1 $(TESTS)

soak: install browser services ## repeat what is random in the slow tests as often as takes an hour
	CROSSBOOK_TEST_SERVICES=1 CROSSBOOK_SOAK=1 $(TESTS) -m 'slow or services'

lint: install ## ruff, mypy --strict, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: services ## measure what docs/benchmarks.md claims
	$(PY) benchmarks/web.py
	$(PY) benchmarks/clients.py
	$(PY) benchmarks/reading_apart.py
	$(PY) benchmarks/parallel_adds.py
	$(PY) benchmarks/effect.py
	.venv/bin/pip install -q --disable-pip-version-check -e '.[bench]'
	$(PY) benchmarks/closure.py
	$(PY) benchmarks/restore.py
	$(PY) benchmarks/match.py
	$(PY) benchmarks/duty.py
	$(PY) benchmarks/verify.py
	$(PY) benchmarks/screen.py
	$(PY) benchmarks/demo.py
	$(PY) benchmarks/add_many.py
	$(PY) benchmarks/tables.py
	$(PY) benchmarks/fleet.py

fuzz: install ## 10,000 mutated inputs per source, 1,000 faults of the machine, the API with every role
	$(PY) benchmarks/fuzz.py --inputs 10000
	$(PY) benchmarks/machine_faults.py --faults 1000
	CROSSBOOK_API_EXAMPLES=200 .venv/bin/pytest -q tests/web/test_api.py

screenshots: install browser ## take the pictures in docs/screenshots
	$(PY) docs/screenshots.py

vendor: ## fetch htmx and ECharts anew (needs npm) and compare them with what is here
	@set -e; folder=$$(mktemp -d); cd $$folder; npm pack -s htmx.org@2.0.11 echarts@6.1.0 >/dev/null; \
	for f in *.tgz; do mkdir $${f%.tgz}; tar xzf $$f -C $${f%.tgz}; done; \
	cmp htmx.org-*/package/dist/htmx.min.js $(CURDIR)/$(VENDOR)/htmx.min.js; \
	cmp echarts-*/package/dist/echarts.common.min.js $(CURDIR)/$(VENDOR)/echarts.common.min.js; \
	rm -r $$folder; echo "as their packages ship them"

clean: ## remove what install and demo made
	rm -rf .venv demo-book
