#!/bin/sh
# Another version in place of this one, and the way back. End the service first (systemctl stop t4c).
#   deploy/upgrade.sh /srv/t4c NEW.whl             keeps a backup, installs the wheel and migrates the store
#   deploy/upgrade.sh /srv/t4c OLD.whl BACKUP      the way back: a newer store can't be read by an older version, so the
#                                                  backup of before goes into the empty database that deploy.env names
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 wheel=$2 from=${3:-}
python=${T4C_PYTHON:-$here/../.venv/bin/python}
t4c() { "$python" "$here/run.py" "$folder" "$@"; }
install() { "$(dirname "$python")/uv" pip install --quiet --python "$python" --no-deps --reinstall "$wheel"; }
umask 077
mkdir -p "$folder/backups"
if [ -z "$from" ]; then
  before="$folder/backups/before-$(basename "$wheel" .whl).t4c"
  t4c backup "$before"
  install
  t4c audit verify --file "$before" # which opens the store, and so migrates it
  echo "The way back: $0 $folder OLD.whl $before"
else
  install
  t4c restore "$from"
fi
