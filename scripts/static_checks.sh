# Read by test.sh and check.sh: the checks that run no test, quickest to fail first. $bin is where the tools are.

say "Style: ruff"
$bin/ruff check --quiet .
$bin/ruff format --quiet --check . || stop "Some files are not formatted as ruff formats them:  .venv/bin/ruff format ."
say "Types: mypy"
$bin/mypy --no-error-summary t4c_lib tests
say "Floors: import-linter"
$bin/lint-imports --no-cache >/dev/null || { $bin/lint-imports --no-cache; exit 1; }
say "Pages made from definitions: docs/build.py"
$bin/python docs/build.py --check
