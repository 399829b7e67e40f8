#!/bin/sh
# What daily work asks for, in a minute: style, types, floors, generated pages, and the tests of the rooms that changed
# since a commit or are not committed.   scripts/check.sh [commit]     (the main branch if none is named)
. "$(dirname "$0")/say.sh"

[ -x .venv/bin/pytest ] || stop "The test tools are not set up yet:  make test  (or scripts/setup.sh test)"
bin=.venv/bin
since=${1:-}
if [ -z "$since" ]; then
  for ref in origin/main origin/master main master; do
    if git rev-parse --quiet --verify "$ref^{commit}" >/dev/null; then since=$ref; break; fi
  done
fi
since=$(git merge-base HEAD "${since:-HEAD}") || stop "There is no such commit: ${1:-}"

. scripts/static_checks.sh
check_style
check_beside_tests

# A room's tests stand in a folder of its name, those of a module beside the rooms in a file of its name.
changed=$( { git diff --name-only "$since"; git ls-files --others --exclude-standard; } | sort -u)
rooms=$(printf '%s\n' "$changed" | sed -n -E \
  -e 's#^t4c_lib/([a-z_]+)/.*#tests/\1#p' -e 's#^t4c_lib/([a-z_]+)\.py$#tests/test_\1.py#p' \
  -e 's#^tests/([a-z_]+)/.*#tests/\1#p' -e 's#^(tests/test_[a-z_]+\.py)$#\1#p' \
  -e 's#^(parameters|workbooks)/.*#tests/\1#p' -e 's#^data/demo/.*#tests/demo#p' | sort -u)
tests=
for room in $rooms; do
  if [ -e "$room" ] && [ "$room" != tests/browser ]; then tests="$tests $room"; fi
done
if [ -z "$tests" ]; then
  say "Tests: no room changed since $(git rev-parse --short "$since")."
  left="every test"
else
  say "Tests of what changed since $(git rev-parse --short "$since"):$tests"
  # shellcheck disable=SC2086  # lists of names. 5: there are only tests of other kinds.
  $bin/python -m pytest --quiet --no-header -m "unit or law" $side_by_side $tests || [ $? = 5 ] || failed=yes
  left="in those rooms the tests marked flow, workbook and browser; every test of the other rooms"
fi
say_what_was_found
say "Not run: $left. make test runs all."
