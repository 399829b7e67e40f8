#!/bin/sh
# Writes the locks anew from pyproject.toml:   scripts/lock.sh [--upgrade]
# All hold for every system and Python from 3.11 on, carry hashes, and name no place to fetch from.
. "$(dirname "$0")/say.sh"

scripts/setup.sh workbook
lock() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@"
}
lock pyproject.toml --extra build --extra postgresql -o requirements/workbook.txt "$@"
for further in docs test; do
  # The tests build the site too.
  lock pyproject.toml --extra build --extra postgresql --extra docs $([ $further = docs ] || echo "--extra test") \
    -c requirements/workbook.txt -o requirements/$further.txt "$@"
done
lock requirements/bench.in -o requirements/bench.txt "$@"
lock requirements/node.in -o requirements/node.txt "$@"
say "Written: workbook.txt, docs.txt, test.txt, bench.txt and node.txt in requirements. Now: make test"
