"""What became of trusts between two editions of the ODS list, and what a person may make of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from t4c_lib.errors import InputError
from t4c_lib.evidence import Loaded, Organisation, read_files
from t4c_lib.evidence.frames import observed
from t4c_lib.evidence.successions import Link, checked_links, combined_history, successions

from .evidence_files import GOOD_SICKNESS, ods, read_text

pytestmark = pytest.mark.unit


def edition(folder: Path, name: str, *rows: tuple[str, str, str, str]) -> Loaded:
    """An edition of code, name, opened, closed, all of one ICS."""
    return read_text(folder, ods(*((code, title, "Y56", "QMJ", *days) for code, title, *days in rows)), name)  # type: ignore[arg-type]


def test_the_editions_of_march_2022_and_july_2025_are_told_apart(shared: Path) -> None:
    older, newer = read_files([shared / "data/ods/etr_2022-03.csv", shared / "data/ods/etr_2025-07.csv"])
    found = successions(older, newer)
    assert {one.organisation.code: str(one.closed) for one in found.closed} == {
        "R1C": "2024-09-30", "RAP": "2024-12-31", "RRP": "2024-10-31", "RY9": "2024-10-31", "RYK": "2024-09-30",
        "RA4": "None", "RBZ": "None", "RVY": "None",
    }  # fmt: skip
    assert [one.code for one in found.opened] == ["G6V2S"]
    assert {one.code for one in found.dropped} == {"RD3", "RDZ", "RT3", "RTV", "RW6", "RXH"}
    assert len(found.renamed) == 10
    assert found.reopened == ()


def test_the_real_leads_are_leads_and_no_links(shared: Path) -> None:
    older, newer = read_files([shared / "data/ods/etr_2022-03.csv", shared / "data/ods/etr_2025-07.csv"])
    leads = {
        one.organisation.code: {lead.code: why for lead, why in one.leads} for one in successions(older, newer).closed
    }
    assert leads["RRP"]["G6V2S"] == "opened the day after, in the same ICS"
    assert (
        "took another name" in leads["RVY"]["RBN"]
    )  # Southport and Ormskirk; St Helens became Mersey and West Lancashire
    assert "took another name" in leads["RBZ"]["RH8"]  # Northern Devon; Royal Devon and Exeter became Royal Devon
    assert leads["RYK"] == {}
    by_code = {one.organisation.code: str(one) for one in successions(older, newer).closed}
    assert "closed on 2024-10-31. The list names no successor. It might be: G6V2S" in by_code["RRP"]
    assert "closed on a day that neither edition gives" in by_code["RA4"]


def test_an_edition_compared_with_itself_shows_nothing(shared: Path) -> None:
    (one,) = read_files([shared / "data/ods/etr_2025-07.csv"])
    found = successions(one, one)
    assert (found.closed, found.opened, found.renamed, found.dropped, found.reopened) == ((), (), (), (), ())


def test_a_closure_that_was_withdrawn_is_told(tmp_path: Path) -> None:
    older = edition(tmp_path, "a.csv", ("RAA", "A", "20010401", "20210331"), ("RAB", "B", "20010401", ""))
    newer = edition(tmp_path, "b.csv", ("RAA", "A", "20010401", ""), ("RAB", "B", "20220401", ""))
    assert [one.code for one in successions(older, newer).reopened] == ["RAA"]


def test_editions_the_wrong_way_round_and_other_publications_are_refused(tmp_path: Path) -> None:
    older = edition(tmp_path, "old.csv", ("RAA", "A", "20010401", ""))
    newer = edition(tmp_path, "new.csv", ("RAA", "A", "20010401", "20240930"))
    with pytest.raises(InputError, match=r"new\.csv.*(\n.*)*is the newer edition.*Give the older edition first"):
        successions(newer, older)
    with pytest.raises(InputError, match="is not an edition of the ODS list"):
        successions(older, read_text(tmp_path, GOOD_SICKNESS))


def counts(code: str, **months: float) -> pd.DataFrame:
    """Headcount by month, `m01=10` being January 2024; NaN is missing."""
    values = np.array(list(months.values()), dtype=np.float64)
    return observed(
        organisation=code, series="headcount", population="trust workforce", breakdown="all",
        period=[f"2024-{month[1:]}" for month in months], value=values,
        state=["missing" if np.isnan(value) else "counted" for value in values], unit="people",
    )  # fmt: skip


def rate(code: str, month: str, lost: float, available: float, state: str = "counted") -> pd.DataFrame:
    part, whole = (np.array([one], dtype=np.float64) for one in (lost, available))
    return observed(
        organisation=code, series="sickness", population="trust workforce", breakdown="all", period=month,
        numerator=part, denominator=whole, value=part / whole, state=state, unit="share",
    )  # fmt: skip


LINK = Link("RAA", "RAB", "2024-02", "the analyst")
NAN = float("nan")


def test_a_predecessors_counts_are_added_up_to_its_last_month() -> None:
    known = pd.concat([counts("RAA", m01=10, m02=11, m03=2), counts("RAB", m01=100, m02=100, m03=115)])
    found = combined_history(known, "RAB", [LINK]).set_index("period")
    assert found["value"].to_dict() == {"2024-01": 110, "2024-02": 111, "2024-03": 115}
    assert set(found["organisation"]) == {"RAB"}


def test_shares_are_added_by_their_parts_and_not_averaged() -> None:
    known = pd.concat([rate("RAA", "2024-01", 10, 100), rate("RAB", "2024-01", 30, 900)])
    found = combined_history(known, "RAB", [LINK]).iloc[0]
    assert (found["numerator"], found["denominator"], found["value"]) == (40, 1000, 0.04)


def test_a_month_of_which_one_has_no_figure_is_missing_and_hidden_stays_hidden() -> None:
    known = pd.concat([counts("RAA", m01=NAN), counts("RAB", m01=100, m02=100)])
    found = combined_history(known, "RAB", [LINK]).set_index("period")
    assert found["state"].to_dict() == {"2024-01": "missing", "2024-02": "missing"}
    assert found["value"].isna().all()
    known = pd.concat([rate("RAA", "2024-01", 10, 100, "suppressed"), rate("RAB", "2024-01", 30, 900)])
    hidden = combined_history(known, "RAB", [LINK]).iloc[0]
    assert hidden["state"] == "suppressed"
    assert pd.isna(hidden["value"])


def test_a_successor_that_opened_later_owes_no_figure_for_the_months_before() -> None:
    known = pd.concat([counts("RAA", m01=10, m02=11), counts("RAB", m03=12)])
    opened = [Organisation("RAB", "B", opened=dt.date(2024, 3, 1)), Organisation("RAA", "A")]
    found = combined_history(known, "RAB", [LINK], opened).set_index("period")
    assert found["value"].to_dict() == {"2024-01": 10, "2024-02": 11, "2024-03": 12}


def test_predecessors_of_predecessors_count_too() -> None:
    known = pd.concat([counts("RAA", m01=1), counts("RAB", m01=10), counts("RAC", m01=100)])
    links = [Link("RAA", "RAB", "2024-01", "x"), Link("RAB", "RAC", "2024-01", "x")]
    assert combined_history(known, "RAC", links)["value"].tolist() == [111]


def test_no_links_change_nothing() -> None:
    known = counts("RAB", m01=100, m02=90)
    assert combined_history(known, "RAB", [])["value"].tolist() == [100, 90]
    assert combined_history(known, "RAX", []).empty


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([Link("RAX", "RAB", "2024-02", "x")], ["link 1: there is no organisation RAX", "Did you mean RA"]),
        ([Link("RAA", "RAB", "Feb", "x")], ["link 1", "'Feb' is not a month"]),
        ([LINK, Link("RAA", "RAC", "2024-02", "x")], ["link 2", "RAA has two successors, RAB and RAC"]),
        ([LINK, Link("RAB", "RAA", "2024-02", "x")], ["link 2", "would come to succeed itself"]),
        ([Link("RAA", "RAA", "2024-02", "x")], ["RAA would come to succeed itself"]),
    ],
)
def test_links_that_make_no_sense_are_refused(links: list[Link], words: list[str]) -> None:
    known = [Organisation(code, code) for code in ("RAA", "RAB", "RAC")]
    with pytest.raises(InputError) as caught:
        checked_links(links, known)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_links_that_make_sense_come_back() -> None:
    known = [Organisation(code, code) for code in ("RAA", "RAB")]
    assert checked_links([LINK], known) == (LINK,)
