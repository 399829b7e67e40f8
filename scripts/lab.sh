#!/bin/sh
# JupyterLab on the workbooks, for those who change them. It asks nothing of any other machine: no news, no look for
# updates, no list of extensions to install.
. "$(dirname "$0")/say.sh"

scripts/setup.sh workbook
JUPYTER_CONFIG_PATH=$PWD/scripts/lab exec .venv/bin/jupyter lab --notebook-dir . "$@"
