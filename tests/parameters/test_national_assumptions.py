"""The national figures: each with its source, and the derived ones derived right."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from t4c_lib.parameters import assumptions

# Names that plans, scenarios and the what-if engine may refer to: renaming one is a change that others notice.
NAMES = """\
young-share-support young-share-support-to-clinical young-share-all-staff support-share-of-staff
young-share-of-support-starters leavers-support-under-25 leavers-support-25-and-over leavers-support-all-ages
early-leaver-share leavers-all-staff ageing-out leavers-rest-under-25 leavers-rest-25-and-over
ageing-out-rest support-into-registered
leavers-against-last-year joiners-support joiners-support-under-25
joiners-rest joiners-rest-under-25 moves-into-registered pathway-starts
sickness-all-staff appraisal-received appraisal-received-assistants appraisal-received-first-year
appraisal-definitely-useful appraisal-hours care-certificate-in-time care-certificate-spread care-starter-share
care-certificate-waiting assessor-hours apprenticeship-starts-target apprenticeship-starts-nhs
apprenticeship-achievement apprenticeship-months apprenticeship-release apprenticeship-cost
apprentice-vacancy-young-share pay-bill-per-person levy-english-share levy-transferred
levy-months-before-august-2026 apprenticeship-price
pathway-months pathway-completion pathway-retention pathway-release pathway-cost
pre-employment-into-employment bank-into-substantive pre-employment-still-employed placement-into-job-or-study
work-experience-into-nhs-job pre-employment-into-our-job pre-employment-course-places
pre-employment-months-to-start placement-months-to-start ambassador-contacts ambassador-contact-into-nhs-job
ambassador-months-to-start feeder-young-share joiners-qualified
qualified-at-level-3 young-joiner-cost contracted-hours release-allowance placement-supervision
pre-employment-supervision ambassador-hours backfill-cost pre-employment-course-cost retention-cost
"""


@pytest.mark.unit
def test_the_names_are_pinned() -> None:
    assert list(assumptions().by_name) == NAMES.split()
    assert len(assumptions()) == len(NAMES.split())


@pytest.mark.unit
def test_a_judgement_says_so_where_its_source_is_told() -> None:
    for one in assumptions():
        assert one.judgement == one.source.startswith("judgement"), one.name


@pytest.mark.law
def test_the_leaver_rate_of_25_and_over_is_all_less_the_young() -> None:
    # NHS England turnover tables, year to October 2025, support to doctors, nurses and midwives.
    older = (35_965 - 4_591) / (338_814 - 19_430)
    assert assumptions().get("leavers-support-25-and-over").central == pytest.approx(older, abs=5e-4)
    assert assumptions().get("leavers-support-under-25").central == pytest.approx(4_591 / 19_430, abs=5e-4)
    assert assumptions().get("leavers-support-all-ages").central == pytest.approx(35_965 / 338_814, abs=5e-4)


@pytest.mark.law
def test_ageing_out_lies_between_even_ages_from_18_on_and_one_in_53() -> None:
    ageing = assumptions().get("ageing-out")
    assert ageing.low <= 1 / (7 * 12) < ageing.central < 1 / 53 <= ageing.high
    assert ageing.central == pytest.approx(0.19 / 12, rel=0.03)


@pytest.mark.law
def test_the_share_of_young_starters_keeps_the_young_share_where_it_is() -> None:
    # Two stocks, constant establishment: p = s (1 - phi) / (l_o + s (l_y - l_o)), phi the monthly stay of the young.
    known = assumptions()
    young, older = (known.get(f"leavers-support-{age}").central / 12 for age in ("under-25", "25-and-over"))
    share, starters = known.get("young-share-support").central, known.get("young-share-of-support-starters")
    for ageing in (known.get("ageing-out").central, known.get("ageing-out").high):
        stay = (1 - young) * (1 - ageing)
        needed = share * (1 - stay) / (older + share * (young - older))
        assert starters.low <= needed <= starters.high


@pytest.mark.law
def test_the_turnover_figures_are_those_of_the_official_table(shared: Path) -> None:
    (table,) = (shared / "data" / "turnover").glob("turnover2_*.csv")
    with table.open(encoding="utf-8", newline="") as lines:
        counts = {
            (row["TYPE"], row["AGE_BAND"]): int(row["HC"])
            for row in csv.DictReader(lines)
            if row["STAFF_GROUP"] == "Support to doctors, nurses & midwives" and row["GRADE"] == "All grades"
        }
    staff, leavers = "Denominator at end of period", "Leavers"
    for name, age in (("leavers-support-under-25", "Under 25"), ("leavers-support-all-ages", "All age bands")):
        official = counts[leavers, age] / counts[staff, age]
        assert assumptions().get(name).central == pytest.approx(official, abs=5e-4)
    share = counts[staff, "Under 25"] / counts[staff, "All age bands"]
    assert assumptions().get("young-share-support").central == pytest.approx(share, abs=5e-4)


@pytest.mark.unit
def test_everything_that_the_what_if_takes_has_a_national_figure_in_its_unit() -> None:
    from t4c_lib.whatif import MODEL_PARAMETERS

    for name, assumed in MODEL_PARAMETERS.items():
        # What a sum of money is for stands in the file's unit: "pounds a course" where the what-if says "pounds".
        assert str(assumptions().get(name).unit).startswith(assumed.unit.removesuffix(" a year")), name
