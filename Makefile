# Thin on purpose: every target is one readable line. Needs Python >= 3.11 and make; the rest sets itself up.
PYTHON ?= python3
EDITION ?= reader
SAMPLE ?= 0
LIGHTHOUSE ?= lighthouse
ACE ?= ace-cli
PY := .venv/bin/python

.PHONY: book watch stop packs release test bench serve draft golden faults fuzz mutants lock vendor wheelhouse links vnu lighthouse ace clean setup

book: setup        ## build the book into _build/
	@$(PY) -m bookpress build --edition $(EDITION)
watch: setup       ## build, and build again in seconds whenever you save a chapter; Ctrl+C ends it
	@$(PY) -m bookpress watch --edition $(EDITION)
stop:              ## end the build server that `make book` leaves for ten minutes, so that the next one is quick
	@[ ! -x $(PY) ] || $(PY) -m bookpress stop || true
packs: book        ## one zip a chapter for lecturers, and one of the whole book, into _build/packs/
	@$(PY) -m bookpress.packs
release: setup     ## build everything anew into dist/: site, PDF, EPUB, packs, hashes, manifest
	@$(PY) -m bookpress build --fresh && $(PY) -m bookpress.packs && $(PY) -m bookpress.release
test: setup        ## build, then pass every check, nbval over every chapter included
	@$(PYTHON) src/bookpress/bootstrap.py browser java && $(PY) -m bookpress test
draft: setup       ## a quick look while writing: warnings are shown, but do not stop it (_build/html-draft)
	@$(PY) -m bookpress build --draft
serve: book        ## the book on http://localhost:8000
	@$(PY) -m http.server --directory _build/html 8000
bench: book       ## measure the book beside its bars; BENCH_ROUNDS=1 for a quick look (table in _build/bench.json)
	@$(PY) -m bookpress stop && $(PY) -m benchmarks
faults: setup      ## every fault in every data file and setting, and 50 builds killed at random moments (half an hour)
	@FAULTS=all $(PY) -m pytest -q -n 0 tests/unit/test_faults_data.py tests/unit/test_faults_settings.py tests/book/test_faults_build.py
fuzz: setup        ## a million random and hostile calls of what computes doses and effects; FUZZ_SEED=n tries others
	@FUZZ_CASES=1000000 $(PY) -m pytest -q -n 2 tests/unit -k test_fuzz
mutants: setup     ## does a test fail for every change of an operator or number? SAMPLE=n tries n of them (hours for all)
	@$(PY) -m tests.mutants --sample $(SAMPLE)
golden: setup      ## write the golden outputs anew; review the difference before you commit it
	@$(PY) -m pytest -q --nbval --nbval-current-env --update-golden chapters && git --no-pager diff --stat tests/golden
lock: setup        ## resolve requirements.in to exact pins with hashes (needs the network and uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
vendor: setup      ## fetch and make the vendored browser files again (needs the network, npm, and node)
	@$(PY) vendor/make_vendor.py
wheelhouse: setup  ## download every wheel into wheelhouse/ for a machine without a network: make book WHEELHOUSE=wheelhouse
	@$(PY) -m pip download --quiet --require-hashes -r requirements.txt -d wheelhouse
links: book        ## follow every link of every edition, and list those that lead out in docs/external-links.csv
	@$(PY) -m bookpress.links
vnu: book          ## the web pages through the Nu Html Checker: make vnu JAR=path/to/vnu.jar (CONTRIBUTING says where it is)
	@java -jar $(JAR) --errors-only _build/html/*.html && echo "vnu: no errors"
lighthouse: book   ## every page before Lighthouse: make lighthouse LIGHTHOUSE=path/to/lighthouse (says how to get it)
	@$(PY) -m tests.lighthouse --lighthouse $(LIGHTHOUSE)
ace: book          ## the e-book before Ace by DAISY: make ace ACE=path/to/ace-cli (says how to get it)
	@$(PY) -m tests.ace --ace $(ACE)
clean: stop        ## remove all that was made, but not .venv
	@rm -rf _build dist
setup:
	@$(PYTHON) src/bookpress/bootstrap.py
