# Read by test.sh and check.sh: the checks that run no test. $bin is where the tools are.

check_style() {
  say "Style: ruff"
  $bin/ruff check --quiet .
  $bin/ruff format --quiet --check . || stop "Some files are not formatted as ruff formats them:  .venv/bin/ruff format ."
}

# The others beside the tests: mypy without its cache takes a minute of one processor, in which the other would be idle.
# What they find is said at the end.
check_beside_tests() {
  found=$(mktemp)
  trap 'rm -f "$found"' EXIT
  (check_types_floors_and_pages) >"$found" 2>&1 &
  checks=$!
}

# mypy beside the others: after a large change it takes as long as all of them.
check_types_floors_and_pages() {
  types=$(mktemp)
  $bin/mypy --no-error-summary t4c_lib tests benchmarks >"$types" 2>&1 &
  mypy=$!
  say "Floors: import-linter"
  $bin/lint-imports --no-cache >/dev/null || { $bin/lint-imports --no-cache; exit 1; }
  say "Pages made from definitions: docs/build.py"
  $bin/python docs/build.py --check
  say "Types: mypy"
  wait "$mypy" || { cat "$types"; exit 1; }
  rm -f "$types"
}

# Ends the script with 1 if one of them did not pass, or if $failed is set.
say_what_was_found() {
  wait "$checks" || failed=yes
  cat "$found"
  [ -z "${failed:-}" ] || exit 1
}
