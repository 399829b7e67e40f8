#!/bin/sh
# Sets up, makes and loads the demonstration organisations, and serves the pages until Ctrl-C.
# What is given goes to `t4c serve`:   scripts/workbook.sh --port 9000 --open
. "$(dirname "$0")/say.sh"

scripts/setup.sh workbook
python=.venv/bin/python
say "Making the demonstration organisations"
$python data/demo/generate.py >/dev/null
say "Loading them"
$python -m t4c_lib demo load >/dev/null
say "Starting the pages"
exec $python -m t4c_lib serve "$@"
