"""Residents of local authorities as a file of the Office for National Statistics has them, made up."""

from __future__ import annotations

from pathlib import Path

from t4c_lib.evidence import read_files
from t4c_lib.evidence.publications.residents import AGES, LAST
from t4c_lib.store import Store

# Name, then residents of each single year from 16 to 24, and from 25 to 64: 20 in 100, and 10 in 100, are the young.
PLACES = {"E06000001": ("Nearham", 400, 360), "E06000047": ("Farshire", 200, 405)}


def add_residents(store: Store, folder: Path) -> None:
    """Bring the made-up local authorities in."""
    heads = ["ltla21_code", "ltla21_name", "total_population", *AGES, LAST]
    lines = [",".join(heads)]
    for code, (name, young, older) in PLACES.items():
        ages = [young if 16 <= age <= 24 else older if age in range(25, 65) else 100 for age in range(91)]
        lines.append(",".join(map(str, (code, name, sum(ages), *ages))))
    file = folder / "population20_ltla21.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    store.add_evidence(read_files([file]))
