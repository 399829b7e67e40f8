#!/bin/sh
# What the tests need besides Python: a browser, a font of known widths, a PostgreSQL server.
# Installs them where it may (root on Debian or Ubuntu); elsewhere it says what to install, and stops.
. "$(dirname "$0")/say.sh"

missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
  || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v pg_config >/dev/null 2>&1 && [ -x "$(pg_config --bindir)/initdb" ] || missing="$missing postgresql"
if command -v fc-list >/dev/null 2>&1; then
  fc-list | grep -qi 'liberation' || missing="$missing fonts-liberation"
elif command -v apt-get >/dev/null 2>&1; then
  missing="$missing fontconfig fonts-liberation"
fi
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  say "Installing for the tests:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086  # a list of names
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
  exit 0
fi
stop "The tests need these too:$missing
  Debian, Ubuntu:  sudo apt-get install$missing
  macOS:           brew install --cask chromium font-liberation && brew install postgresql@17
then run make test again. (make workbook needs none of them.)"
