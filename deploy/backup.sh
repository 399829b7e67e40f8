#!/bin/sh
# A backup of the store into FOLDER/backups, sealed where there is a key, and a check of the record of who did what.
#   deploy/backup.sh /srv/t4c
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?deploy/backup.sh FOLDER, as in: deploy/backup.sh /srv/t4c}
t4c() { "${T4C_PYTHON:-$here/../.venv/bin/python}" "$here/run.py" "$folder" "$@"; }
umask 077
mkdir -p "$folder/backups"
file="$folder/backups/$(date +%Y-%m-%d-%H%M%S).t4c"
if [ -f "$folder/t4c.key" ]; then t4c backup "$file" --key-file "$folder/t4c.key"; else t4c backup "$file"; fi
# Beside the last backups: a record that was cut off or written anew shows here, and the command ends with 1.
set --
for one in $(find "$folder/backups" -name '*.t4c' | sort -r | head -n 3); do set -- "$@" --file "$one"; done
t4c audit verify "$@"
find "$folder/backups" -name '*.t4c' -mtime +35 -delete
