#!/bin/sh
# Every check, in the order in which they are quickest to fail.   scripts/test.sh [what pytest is to be told]
. "$(dirname "$0")/say.sh"

scripts/setup.sh test
scripts/system_packages.sh
bin=.venv/bin

. scripts/static_checks.sh
say "Demonstration data"
$bin/python data/demo/generate.py
say "Tests: pytest"
# One worker a core; files that share a server stay together, and what takes long comes first (tests/scheduling.py).
exec $bin/python -m pytest --numprocesses "${T4C_WORKERS:-2}" --dist loadfile --no-loadscope-reorder "$@"
