"""Runs commands in this process, as `t4c` would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from t4c_lib.cli import main
from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.store import Store
from tests.counted import table

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


@pytest.fixture
def known(run: Run) -> Run:
    """The command line on a store that knows one organisation."""
    source = SourceFile("made.csv", "0" * 64, "made", 1, 0, None, "")
    nothing = table([])[list(OBSERVATION_COLUMNS)]
    with Store.open() as store:
        store.add_evidence([Loaded(source, (Organisation("ZZ9", "Nowhere Trust"),), nothing)])
    return run
