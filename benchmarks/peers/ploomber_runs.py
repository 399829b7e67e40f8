"""How many times a minute ploomber-engine's embedded engine runs a notebook, given as IN and OUT."""

import sys
import time

from ploomber_engine import execute_notebook

TIMES = 60

file, out = sys.argv[1:]
execute_notebook(file, out, log_output=False, progress_bar=False)
started = time.perf_counter()
for _ in range(TIMES):
    execute_notebook(file, out, log_output=False, progress_bar=False)
print(60 * TIMES / (time.perf_counter() - started))
