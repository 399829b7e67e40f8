"""The demonstration extracts for tests: those of the set-up where they are right, else made once and thrown away."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
SUPPORT_BANDS = [f"{word} {band}" for word in ("Band", "Equivalent") for band in (1, 2, 3, 4)]
DAYS = [
    "period_end",
    "start_date",
    "leaving_date",
    "apprenticeship_start",
    "apprenticeship_end",
    "care_certificate_date",
]

Module = Callable[[str], Any]


@pytest.fixture(scope="session")
def module() -> Module:
    """Gives a module of the generator, which is a script with modules beside it and no package."""
    if str(DEMO) not in sys.path:
        sys.path.append(str(DEMO))
    return importlib.import_module


@pytest.fixture(scope="session")
def extracts(module: Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all extracts, made where they are not there or not right."""
    generate = module("generate")
    if generate.is_current():
        return DEMO / "extracts"
    folder = tmp_path_factory.mktemp("extracts")
    assert generate.main(["--into", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def staff(extracts: Path) -> pd.DataFrame:
    """All rows of all extracts, with in_post, joins, leaves, support and young added as the dictionary means them."""
    files = sorted(extracts.glob("*_staff.csv.gz"))
    rows = pd.concat([pd.read_csv(file, parse_dates=DAYS) for file in files], ignore_index=True)
    rows["support"] = rows["band"].isin(SUPPORT_BANDS)
    rows["leaves"] = rows["leaving_date"] <= rows["period_end"]
    rows["in_post"] = ~rows["leaves"]
    rows["joins"] = rows["start_date"].dt.to_period("M") == rows["period_end"].dt.to_period("M")
    rows["young"] = rows["age"] < 25
    return rows
