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
# Not needed, but the same engine without the browser's own windows runs the tests in less time.
command -v chromium-headless-shell >/dev/null 2>&1 || faster=" chromium-headless-shell"
[ -n "$missing${faster:-}" ] || exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  say "Installing for the tests:$missing${faster:-}"
  export DEBIAN_FRONTEND=noninteractive
  timeout 120 apt-get update -qq || [ -z "$missing" ]
  # shellcheck disable=SC2086  # a list of names
  [ -z "$missing" ] || apt-get install -y -qq --no-install-recommends $missing >/dev/null
  # shellcheck disable=SC2086
  [ -z "${faster:-}" ] || timeout 180 apt-get install -y -qq --no-install-recommends $faster >/dev/null 2>&1 || say "Not to be had:$faster"
  exit 0
fi
[ -n "$missing" ] || exit 0
stop "The tests need these too:$missing
  Debian, Ubuntu:  sudo apt-get install$missing
  macOS:           brew install --cask chromium font-liberation && brew install postgresql@17
then run make test again. (make workbook needs none of them.)"
