#!/bin/sh
# Every check.   scripts/test.sh [what pytest is to be told]
. "$(dirname "$0")/say.sh"

scripts/setup.sh test
scripts/system_packages.sh
bin=.venv/bin

. scripts/static_checks.sh
check_style
say "Demonstration data"
$bin/python data/demo/generate.py
check_beside_tests
say "Tests: pytest"
# shellcheck disable=SC2086  # a list of options
$bin/python -m pytest $side_by_side "$@" || failed=yes
say_what_was_found
