# Read by the other scripts: how they speak, and where they stand.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
# What can't go on, and what to do about it.
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
