#!/bin/sh
# Every check, in the order in which they are quickest to fail.   scripts/test.sh [what pytest is to be told]
. "$(dirname "$0")/say.sh"

scripts/setup.sh test
scripts/system_packages.sh
bin=.venv/bin

say "Style: ruff"
$bin/ruff check --quiet .
$bin/ruff format --quiet --check . || stop "Some files are not formatted as ruff formats them:  .venv/bin/ruff format ."
say "Types: mypy"
$bin/mypy --no-error-summary t4c_lib tests
say "Floors: import-linter"
$bin/lint-imports --no-cache >/dev/null || { $bin/lint-imports --no-cache; exit 1; }
say "Pages made from definitions: docs/build.py"
$bin/python docs/build.py --check
say "Demonstration data"
$bin/python data/demo/generate.py
say "Tests: pytest"
# One worker a core; files that share a server stay together, and what takes long comes first (tests/scheduling.py).
exec $bin/python -m pytest --numprocesses "${T4C_WORKERS:-2}" --dist loadfile --no-loadscope-reorder "$@"
