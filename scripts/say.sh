# Read by the other scripts: how they speak, and where they stand.
set -eu
cd "$(dirname "$0")/.."
# Where this is set, every process (a server starts four) compiles anew the thousand modules that it imports.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }
# What can't go on, and what to do about it.
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
