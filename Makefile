# What one does with the project. The work is in scripts/; a person on Windows finds it in docs/guide/windows.md.
# PYTHON=/path/to/python names the Python to set up with.

.DEFAULT_GOAL := help
.PHONY: help setup workbook test check test-details test-long bench docs lab lock dist clean
export PYTHON

help:
	@echo 'make workbook   set up, load the demonstration organisations, serve the pages, print the address'
	@echo '                (ARGS="--port 9000 --open" goes to t4c serve)'
	@echo 'make test       set up and run every check, and the tests of whole tasks and laws (ARGS="-k share" goes to pytest)'
	@echo 'make check      style, types, floors, generated pages, and the tests of the rooms you changed: a minute'
	@echo '                (SINCE=HEAD~3 says since when; the main branch if nothing is said)'
	@echo 'make test-details  every check and test, details too: half an hour'
	@echo 'make test-long  the same with the large sets whole: an hour or two'
	@echo 'make setup      make .venv and install what the workbook needs'
	@echo 'make bench      measure speed: benchmarks/'
	@echo 'make docs       write the pages of docs/ that are made from definitions, and build the site in build/docs'
	@echo 'make lab        open the workbooks in JupyterLab'
	@echo 'make dist       make a wheel and an archive of the sources in dist/; both carry what pages load'
	@echo 'make lock       write requirements/ anew from pyproject.toml'
	@echo 'make clean      remove what was made, but for the store (data/store) and .venv'

setup:
	@scripts/setup.sh workbook

workbook:
	@scripts/workbook.sh $(ARGS)

test:
	@scripts/test.sh $(ARGS)

check:
	@scripts/check.sh $(SINCE)

test-details:
	@T4C_SAMPLES=details scripts/test.sh $(ARGS)

test-long:
	@T4C_SAMPLES=whole scripts/test.sh $(ARGS)

bench:
	@scripts/setup.sh test
	@.venv/bin/python -m benchmarks $(ARGS)

docs:
	@scripts/setup.sh docs
	@.venv/bin/python docs/build.py
	@.venv/bin/python docs/site/build.py

lab:
	@scripts/lab.sh $(ARGS)

dist:
	@scripts/setup.sh workbook
	@.venv/bin/uv build --quiet --no-build-isolation --python .venv/bin/python
	@ls dist/*.whl dist/*.tar.gz

lock:
	@scripts/lock.sh $(ARGS)

clean:
	@rm -rf build dist reports data/demo/extracts t4c_lib/serving/built
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find t4c_lib tests data docs -name __pycache__ -type d -prune -exec rm -rf {} +
