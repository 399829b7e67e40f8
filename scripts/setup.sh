#!/bin/sh
# Makes .venv, or brings it up to date with the locks:   scripts/setup.sh workbook|docs|test
# `test` holds all that `docs` holds, and `docs` all that `workbook` holds. A second run with nothing changed does nothing.
# PYTHON names the Python to use (3.11 or newer). Otherwise the system's own is asked first: a distribution builds it with
# optimisations that one built on the machine (pyenv) lacks, and the tests take a fifth less time in it.
. "$(dirname "$0")/say.sh"

wanted=$1
stamp=.venv/t4c-setup

# An environment that has more keeps it: `make workbook` after `make docs` or `make test` takes nothing away.
there=$(head -n 1 "$stamp" 2>/dev/null || true)
case "$there/$wanted" in test/* | docs/workbook) wanted=$there ;; esac
state=$(printf '%s\n' "$wanted"; cat requirements/uv.txt "requirements/$wanted.txt" pyproject.toml | cksum)
# What pages load is looked after in any case: it may have been cleared away.
build_assets() { .venv/bin/python scripts/front_end.py; }
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then build_assets; exit 0; fi

is_good() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if ! is_good .venv/bin/python || ! .venv/bin/uv --version >/dev/null 2>&1; then
  for python in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11 python}; do
    is_good "$python" || continue
    if "$python" -c 'import ensurepip' 2>/dev/null; then found=$python; break; fi
    without_venv=$python
  done
  found=${found:-${without_venv:-}}
  [ -n "$found" ] || stop "${PYTHON:+PYTHON=$PYTHON is not that: }Python 3.11 or newer is needed.
Install it (https://www.python.org/downloads/), or name the one to use:  make setup PYTHON=/path/to/python3.12"
  say "Setting up with $("$found" --version) in .venv"
  "$found" -m venv --clear .venv || stop "Python could not make an environment. On Debian and Ubuntu: apt-get install python3-venv"
  .venv/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --requirement requirements/uv.txt
fi

say "Installing what requirements/$wanted.txt names (the first time this takes a minute or two)"
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements/uv.txt
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "requirements/$wanted.txt"
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
# They came with the environment, uv does their work, and what isn't there can't be turned against us.
.venv/bin/uv pip uninstall --quiet --python .venv/bin/python pip setuptools
printf '%s\n' "$state" > "$stamp"
say "Building what pages load"
build_assets
say "Set up."
