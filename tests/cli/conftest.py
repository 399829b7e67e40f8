"""Runs commands in this process, as `t4c` would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from t4c_lib.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `t4c` with these words; gives exit code, standard output and standard error."""
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.sqlite'}")

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["t4c", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return call
