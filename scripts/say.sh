# Read by the other scripts: how they speak, and where they stand.
set -eu
cd "$(dirname "$0")/.."
# Where this is set, every process (a server starts four) compiles anew the thousand modules that it imports.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }
# What can't go on, and what to do about it.
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

# How pytest is run: one worker a core; files that share a server stay together, and what takes long comes first
# (tests/scheduling.py).
side_by_side="--numprocesses ${T4C_WORKERS:-2} --dist loadfile --no-loadscope-reorder"
