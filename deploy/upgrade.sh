#!/bin/sh
# Another version in place of this one, and the way back. End the service first (systemctl stop t4c).
#   deploy/upgrade.sh /srv/t4c NEW.whl             keeps a backup, installs the wheel and migrates the store
#   deploy/upgrade.sh /srv/t4c OLD.whl BACKUP      the way back: a newer store can't be read by an older version, so the
#                                                  backup of before goes into the empty database that deploy.env names
# Run it as root, or as the account of the service if that may write into the environment.
set -eu
usage="deploy/upgrade.sh FOLDER WHEEL [BACKUP], as in: deploy/upgrade.sh /srv/t4c t4c_lib-0.2.0-py3-none-any.whl"
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?$usage} wheel=$(realpath "${2:?$usage}") from=${3:+$(realpath "$3")}
python=${T4C_PYTHON:-$here/../.venv/bin/python}
for file in "$wheel" ${from:+"$from"} "$folder/deploy.env"; do
  [ -f "$file" ] || { echo "There is no file $file. Nothing was changed." >&2; exit 1; }
done
# Backups are the service's own: it checks them every night.
owner=$(stat -c %U "$folder")
t4c() {
  if [ "$(id -u)" = 0 ] && [ "$owner" != root ]; then
    runuser -u "$owner" -- "$python" "$here/run.py" "$folder" "$@"
  else
    "$python" "$here/run.py" "$folder" "$@"
  fi
}
with_key() { # a backup is sealed, and its seal checked, where there is a key
  if [ -f "$folder/t4c.key" ]; then t4c "$@" --key-file "$folder/t4c.key"; else t4c "$@"; fi
}
install() { "$(dirname "$python")/uv" pip install --quiet --python "$python" --reinstall-package talent-for-care-workbook "$wheel"; }
if [ -z "$from" ]; then
  # Beside the nightly ones, which are taken away after a while; each time another.
  before="$folder/before-upgrade-$(date +%Y-%m-%d-%H%M%S).t4c"
  with_key backup "$before"
  chmod 600 "$before"
  install
  t4c audit verify --file "$before" # which opens the store, and so migrates it
  echo "The way back: $0 $folder (the wheel of the version before) $before"
else
  install
  with_key restore "$from"
fi
