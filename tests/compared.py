"""Made-up publications of fourteen trusts, to set them side by side: sickness absence by month, and a survey."""

from __future__ import annotations

import calendar
from pathlib import Path

from t4c_lib.evidence import read_files
from t4c_lib.store import Store
from tests.evidence.layouts import APPRAISALS, SURVEY_ORGANISATIONS, SURVEY_TRUST
from tests.evidence.publication_files import survey_workbook

OWN = "RA0"
TRUSTS = (*tuple(f"RA{letter}" for letter in "0123456789"), "RB0", "RB1", "RB2", "RB3")
ACUTE = TRUSTS[:10]
HEADER = (
    "DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,FTE_DAYS_LOST,"
    "FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT"
)
MONTHS = (1, 2, 3, 4)
ANSWERED = {code: 400 + 300 * place for place, code in enumerate(TRUSTS)}
RECEIVED = {code: 90.0 if place % 7 == 3 else 70.0 if place % 7 == 5 else 82.0 for place, code in enumerate(TRUSTS)}


def lost(code: str, month: int) -> int:
    """FTE days lost of the 10,000 that each trust has."""
    return 400 + 10 * TRUSTS.index(code) + 20 * month


def add_compared(store: Store, folder: Path) -> None:
    """Add four months of sickness absence and one survey of all of them to a store."""
    files = []
    for month in MONTHS:
        last = calendar.monthrange(2026, month)[1]
        lines = [HEADER]
        for code in TRUSTS:
            region = ("Y56", "London") if TRUSTS.index(code) % 2 else ("Y60", "Midlands")
            kind, days = "Acute" if code in ACUTE else "Mental Health", lost(code, month)
            place = f"{last}/{month:02}/2026,{','.join(region)},Q{region[0][1:]},System"
            lines.append(f"{place},{code},Sampleton {code} NHS Trust,{kind},{days},10000,{days / 100:.2f}")
        files.append(folder / f"nhs_sickness_absence_2026-{month:02}.csv")
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [
        {
            **SURVEY_TRUST,
            "ods_code": code,
            "org_name": f"Sampleton {code} NHS Trust",
            "q23a_yes_pct": f"{RECEIVED[code]}",
            "q23a_no_pct": f"{100 - RECEIVED[code]}",
            "q23a_cant_remember_pct": "0",
            "q23a_base": f"{ANSWERED[code]}",
        }
        for code in TRUSTS
    ]
    files.append(folder / "organisations.xlsx")
    files[-1].write_bytes(survey_workbook(rows, SURVEY_ORGANISATIONS, APPRAISALS))
    store.add_evidence(read_files(files))
