#!/bin/sh
# Every check, in the order in which they are quickest to fail.   scripts/test.sh [what pytest is to be told]
. "$(dirname "$0")/say.sh"

scripts/setup.sh test
scripts/system_packages.sh
bin=.venv/bin

. scripts/static_checks.sh
check_style
check_types_floors_and_pages
say "Demonstration data"
$bin/python data/demo/generate.py
say "Tests: pytest"
# shellcheck disable=SC2086  # a list of options
exec $bin/python -m pytest $side_by_side "$@"
