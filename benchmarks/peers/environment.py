"""The peers' own environment: made from requirements/bench.txt when a benchmark first needs it, outside git.

The peers pin other versions of libraries than this project does, so they can't share its environment.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "bench.txt"
FOLDER = ROOT / ".venv-bench"


class NoPeersError(Exception):
    """The environment could not be made, with the installer's last words."""


def python() -> Path:
    """The interpreter of the peers' environment, made or brought to the lock first.

    Raises NoPeersError where that fails: no network, or no wheel for this system.
    """
    interpreter = FOLDER / "bin" / "python"
    stamp = FOLDER / "lock.sha256"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if interpreter.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return interpreter
    uv = Path(sys.executable).with_name("uv")
    command = str(uv) if uv.exists() else shutil.which("uv")
    if command is None:
        raise NoPeersError("uv is not installed: make setup")
    if not interpreter.exists():
        _run([command, "venv", "--quiet", "--python", sys.executable, str(FOLDER)])
    _run([command, "pip", "sync", "--quiet", "--require-hashes", "--python", str(interpreter), str(LOCK)])
    stamp.write_text(digest, encoding="ascii")
    return interpreter


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoPeersError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{command[0]} failed")
