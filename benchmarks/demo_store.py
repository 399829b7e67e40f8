"""A store with the demonstration organisations for a trial, so that none depends on what was loaded before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from t4c_lib.store.engine import DATABASE_URL

ROOT = Path(__file__).resolve().parents[1]


def load_demonstration(file: Path) -> str:
    """Load the six organisations and their plans into a SQLite file; gives its URL. Extracts are made where missing."""
    url = f"sqlite:///{file}"
    for command in (["data/demo/generate.py"], ["-m", "t4c_lib", "demo", "load"]):
        subprocess.run(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, DATABASE_URL: url}, check=True, capture_output=True
        )
    return url


@contextmanager
def demonstration() -> Iterator[Path]:
    """Such a store in a folder of its own; the default one, for child processes too, until the trial is over."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "store.sqlite"
        with patch.dict(os.environ, {DATABASE_URL: load_demonstration(file)}):
            yield file
