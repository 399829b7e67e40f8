"""Who may have taken over the work of a trust that closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.evidence import read_files
from t4c_lib.evidence.observations import leads

pytestmark = pytest.mark.unit


def test_the_real_leads_of_march_2022_to_july_2025(shared: Path) -> None:
    older, newer = read_files([shared / "data/ods/etr_2022-03.csv", shared / "data/ods/etr_2025-07.csv"])
    before, after = ({one.code: one for one in edition.organisations} for edition in (older, newer))
    opened = [one for one in after.values() if one.code not in before]
    renamed = [one for one in after.values() if one.code in before and before[one.code].name != one.name]

    def found(code: str) -> dict[str, str]:
        closed = after.get(code, before[code])
        return {one.code: why for one, why in leads(closed, [*opened, *renamed])}

    assert found("RRP")["G6V2S"] == "opened the day after, in the same ICS"
    # Southport and Ormskirk; St Helens became Mersey and West Lancashire
    assert "was renamed" in found("RVY")["RBN"]
    # Northern Devon; Royal Devon and Exeter became Royal Devon
    assert "was renamed" in found("RBZ")["RH8"]
    assert found("RYK") == {}
