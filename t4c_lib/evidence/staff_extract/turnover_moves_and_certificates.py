"""What takes several months to count: turnover, apprenticeships begun, moves to other posts, the Care Certificate.

A figure of twelve months stands under the last of them and is made only where the extract holds all of them in a row;
where it doesn't there is no figure, rather than one that is missing, so that a short extract takes nothing away from
what a longer one told before.

A newcomer is somebody in clinical support or direct care, bands 1 to 4, counted from the first day with the employer.
The first 84 days are over when day 84 after the first day is no later than the month's end. A certificate counts on the
day on which the standards were met, however late it was recorded; one that somebody brought along counts from day 0.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import Mask
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract import person_months
from t4c_lib.evidence.staff_extract.dictionary import dictionary_column
from t4c_lib.evidence.staff_extract.person_months import YEAR, Ints, Split, Staff, StaffRows, group_figures, tally, ways

POPULATION = "clinical support starters"
DAYS = 84  # in which the Care Certificate is due: 12 weeks
WEEKS = 26  # for which the curve is kept
SERIES, WEEKS_SERIES = "certificate-in-12-weeks", "certificate-by-week"


def newcomers(staff: Staff) -> StaffRows:
    """Who came in the last twelve months of an organisation's extract: for each the last row in clinical support.

    Earlier months than the extract holds would know only those who are still there, so they don't count.
    """
    people, groups = staff.people, staff.groups
    known_from = np.zeros(len(staff.names.organisations), dtype=np.int64)
    numbers, months = groups.organisation_numbers, groups.month_numbers
    known_from[numbers[::-1]] = months[::-1]  # the first month of each is written last
    whole_year = months[groups.newest] - YEAR + 1
    known_from[numbers[groups.newest]] = np.maximum(known_from[numbers[groups.newest]], whole_year)
    chosen = np.flatnonzero(people.clinical & (people.start > _month_ends(known_from - 1)[people.organisation]))
    rows = people.only(chosen[np.lexsort((people.month[chosen], people.start[chosen], people.person[chosen]))])
    told = pd.DataFrame({name: getattr(rows, name) for name in ("person", "start", "certificate")})
    earliest = told.groupby(["person", "start"])["certificate"].transform("min").to_numpy()
    last = ~told.duplicated(["person", "start"], keep="last").to_numpy()
    return replace(rows.only(last), certificate=earliest[last])


def days_to_certificate(rows: StaffRows) -> tuple[Ints, Mask]:
    """For each newcomer the days to the certificate or to the last day known, and whether it is the certificate."""
    known_until = np.minimum(rows.left, _month_ends(rows.month))
    certified = rows.certificate <= known_until
    return np.maximum(np.where(certified, rows.certificate, known_until) - rows.start, 0), certified


def certificates(staff: Staff) -> Iterator[pd.DataFrame]:
    """The share within 84 days by month, department and band; who is left out of it; and the curve, week by week."""
    if "care_certificate_date" not in staff.names.columns:
        return
    groups = staff.groups
    before = _month_ends(staff.people.month - 1)
    chosen = np.flatnonzero(staff.people.clinical & (staff.people.start + DAYS > before))
    people, at, end = staff.people.only(chosen), staff.at_people[chosen], _month_ends(staff.people.month[chosen])
    stays = people.left >= people.start + DAYS
    due = stays & (people.start + DAYS <= end)
    met = due.copy()
    met[due] = _met_in_time(staff.people, people.only(due))
    part, whole = groups.total(at, met), groups.total(at, due)
    yield group_figures(groups, groups.every, part, whole, series=SERIES, population=POPULATION, breakdown=ALL)
    waiting, left_early = ~people.leaves & (people.start + DAYS > end), people.leaves & ~stays
    for series, who in (("certificate-waiting", waiting), ("certificate-left-early", left_early)):
        number = groups.total(at, who)
        yield group_figures(groups, groups.every, number, series=series, population=POPULATION, breakdown=ALL)
    yield from _certificates_by_part(staff, at[due], people.only(due), met[due])
    yield _certificates_by_week(staff)


def _met_in_time(everybody: StaffRows, due: StaffRows) -> Mask:
    """Whether any row of the same employment, however late, has a certificate of day 84 or before."""
    # Of all employments only those that began late enough to be due: the others are most of an extract.
    late = (everybody.certificate <= everybody.start + DAYS) & (
        everybody.start >= due.start.min(initial=person_months.NEVER)
    )
    met = pd.MultiIndex.from_arrays([everybody.person[late], everybody.start[late]])
    return np.asarray(pd.MultiIndex.from_arrays([due.person, due.start]).isin(met))


def _certificates_by_part(staff: Staff, at: Ints, people: StaffRows, met: Mask) -> Iterator[pd.DataFrame]:
    for way in ways(staff):
        people_told = pd.DataFrame({"group": at, "label": way.of(people), "met": met})[way.groups[at]]
        cells = people_told.groupby(["group", "label"])["met"].agg(["sum", "size"]).reset_index()
        part, whole = (cells[name].to_numpy(np.float64) for name in ("sum", "size"))
        yield group_figures(
            staff.groups, cells["group"].to_numpy(), part, whole,
            series=SERIES, population=POPULATION, breakdown=way.breakdowns, label=cells["label"].to_numpy(),
        )  # fmt: skip


def _certificates_by_week(staff: Staff) -> pd.DataFrame:
    """For each organisation's newest month: of its newcomers of twelve months, who was certified in which week.

    Weeks, not days: nobody's own day goes into the store, and counts can be hidden as counts are. The share of week 12
    is that of the first 84 days.
    """
    rows = newcomers(staff)
    days, certified = days_to_certificate(rows)
    week = np.minimum(-(-days // 7), WEEKS + 1)
    newest = np.flatnonzero(staff.groups.newest)
    cell, shape = staff.groups.places(newest)[rows.organisation] * (WEEKS + 2) + week, (len(newest), WEEKS + 2)
    last_in, gained = (
        np.bincount(cell[who], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for who in (slice(None), certified)
    )
    at_risk = last_in[:, ::-1].cumsum(axis=1)[:, ::-1]
    return group_figures(
        staff.groups, np.repeat(newest, WEEKS + 1), gained[:, :-1].ravel(), at_risk[:, :-1].ravel(),
        series=WEEKS_SERIES, population=POPULATION, breakdown=[f"week={week}" for week in range(WEEKS + 1)],
        label=np.tile(np.arange(WEEKS + 1), len(newest)),
    )  # fmt: skip


def _month_ends(months: Ints) -> Ints:
    """The last day of each month, as days since 1 January 1970."""
    first, last = int(months.min(initial=0)), int(months.max(initial=0))
    ends = np.arange(first + 1, last + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    return ends[months - first]


TURNOVER_UNIT = "leavers per person a year"
_MOST_NAMED = 3
# Of moves from band 2 to band 3: the person moved up, the post was re-banded, it can't be told.
TO_BAND_3 = ("band-3-progression", "band-3-re-banding", "band-3-not-told-apart")
RE_BANDED = dictionary_column("band_change").choices.index("Re-banding")


def years(staff: Staff) -> Iterator[pd.DataFrame]:
    """Turnover and apprenticeship starts of both populations, and moves of support staff into better posts."""
    for population in (TRUST_WORKFORCE, SUPPORT_STAFF):
        yield turnover(staff, population)
        if "apprenticeship_start" in staff.names.columns:
            begun = staff.at_people[staff.people.are_of(population) & staff.people.apprenticed]
            starts = {"series": "apprenticeship-starts", "unit": "starts a year", "population": population}
            yield _in_twelve_months(staff, begun, 0, **starts, run=YEAR)
            yield from (_starts_by_department(staff, way, **starts) for way in ways(staff) if way.name == "department")
    people = staff.people
    moved = _moves(staff, people.support & ~people.registered, people.registered)
    at, since = staff.at_people[moved["row_after"].to_numpy()], moved["since"].to_numpy()
    yield _in_twelve_months(staff, at, since, series="support-to-registered", unit="people a year")
    yield from _moves_to_band_3(staff)
    yield _leavers_by_month_of_service(staff)


def _starts_by_department(staff: Staff, way: Split, *, population: str, series: str, unit: str) -> pd.DataFrame:
    """Apprenticeships begun in the twelve months to the newest, in each department that has people then."""
    groups, parts = staff.groups, len(way.labels)
    ends = np.flatnonzero(groups.newest & groups.closes_run(YEAR) & way.groups)
    place = groups.places(ends)
    rows = staff.people.only(staff.people.are_of(population) & (place[staff.people.organisation] >= 0))
    cell, last = place[rows.organisation] * parts + way.of(rows), groups.month_numbers[ends][place[rows.organisation]]
    counted = rows.month == last, rows.apprenticed & (last - rows.month < YEAR)
    there, begun = (np.bincount(cell[who], minlength=len(ends) * parts) for who in counted)
    known = np.flatnonzero((there > 0) | (begun > 0))
    return group_figures(
        groups, ends[known // parts], begun[known].astype(np.float64),
        series=series, population=population, breakdown=way.breakdowns, label=known % parts, unit=unit,
    )  # fmt: skip


def _leavers_by_month_of_service(staff: Staff) -> pd.DataFrame:
    """Of support staff in each month of service, those who left in it, over the twelve months to the newest.

    Late entry is allowed for: somebody with ten months of service when the twelve months begin is counted from the
    eleventh on, and says nothing of those before (the risk set of a left-truncated survival curve).
    """
    groups, people = staff.groups, staff.people
    ends = np.flatnonzero(groups.newest & groups.closes_run(YEAR))
    place = groups.places(ends)
    last = groups.month_numbers[ends][place[people.organisation]] if len(ends) else people.month
    rows = people.only(people.support & (place[people.organisation] >= 0) & (people.month > last - YEAR))
    began = rows.start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    cell = place[rows.organisation] * (YEAR + 1) + np.clip(rows.month - began, 0, YEAR)
    at_risk, left = (np.bincount(cell[who], minlength=len(ends) * (YEAR + 1)) for who in (slice(None), rows.leaves))
    labels = [f"month of service={month}" for month in range(1, YEAR + 1)] + [f"month of service={YEAR + 1}+"]
    return group_figures(
        groups, np.repeat(ends, YEAR + 1), left.astype(np.float64), at_risk.astype(np.float64),
        series="leavers-by-month-of-service", population=SUPPORT_STAFF, breakdown=labels,
        label=np.tile(np.arange(YEAR + 1), len(ends)),
    )  # fmt: skip


def turnover(staff: Staff, population: str, split: Split | None = None) -> pd.DataFrame:
    """Leavers of twelve months over the mean of the people employed when the first began and when the last ended.

    A leaver counts under the band and department of the last month. Who comes and leaves within the twelve months is a
    leaver too, so a rate may pass 1. By a split it is made for the reported months, else for every month.
    """
    groups, people, at = staff.groups, staff.people, staff.at_people
    who, breakdowns = people.are_of(population), (ALL,) if split is None else split.breakdowns
    label = np.zeros(len(at), dtype=np.int64) if split is None else split.of(people)
    ends = groups.closes_run(YEAR) & (True if split is None else groups.reported & split.groups)
    begins = np.zeros(len(ends), dtype=bool)
    begins[groups.at(groups.keys[ends] - YEAR + 1)] = True

    def keys(rows: Mask) -> Ints:
        """Organisation and label, then the month: one number for each of these people."""
        of = groups.keys[at[rows]]
        return (of // groups.width * len(breakdowns) + label[rows]) * groups.width + of % groups.width

    left, leavers = tally(keys(who & people.leaves))
    opened, opening = tally(keys(who & ~people.joins & begins[at]))
    closed, closing = tally(keys(who & ~people.leaves & ends[at]))
    # A leaver counts in the twelve periods that hold the month; who opens or closes one is half a person employed.
    sums = pd.DataFrame({
        "key": np.concatenate([(left[:, None] + np.arange(YEAR)).ravel(), opened + YEAR - 1, closed]),
        "part": np.concatenate([leavers.repeat(YEAR), 0 * opening, 0 * closing]),
        "whole": np.concatenate([0 * leavers.repeat(YEAR), opening / 2, closing / 2]),
    }).groupby("key").sum()  # fmt: skip
    if split is None:
        sums = sums.reindex(groups.keys[ends], fill_value=0.0)
    unit, month = np.divmod(sums.index.to_numpy(), groups.width)
    key = unit // len(breakdowns) * groups.width + month
    found = np.minimum(groups.at(key), len(groups.keys) - 1)
    kept = (groups.keys[found] == key) & ends[found]
    part, whole = sums[kept].to_numpy().T
    return group_figures(
        groups, found[kept], part, whole,
        series="turnover", population=population, breakdown=breakdowns, label=unit[kept] % len(breakdowns),
        unit=TURNOVER_UNIT,
    )  # fmt: skip


def _in_twelve_months(
    staff: Staff,
    at: Ints,
    since: Ints | int = 0,
    *,
    series: str,
    unit: str,
    population: str = SUPPORT_STAFF,
    run: int = YEAR + 1,
) -> pd.DataFrame:
    """How many events, whose groups are given, lie in twelve months; `run`: months in a row that must have rows.

    Moves need thirteen: the first says where people were before. `since` is for how many months after an event another
    one of the same person, which was before it, still counts in its place.
    """
    groups = staff.groups
    ends = np.flatnonzero(groups.closes_run(run))
    begun, past = (np.cumsum(np.bincount(of, minlength=len(groups.keys)), dtype=np.float64) for of in (at + since, at))
    return group_figures(
        groups, ends, begun[ends] - np.where(ends >= YEAR, past[ends - YEAR], 0.0),
        series=series, population=population, breakdown=ALL, unit=unit,
    )  # fmt: skip


def _moves(staff: Staff, here: Mask, there: Mask) -> pd.DataFrame:
    """Who was in one kind of post in one month and is in another in the next: positions in `people`, before and after.

    `since` is for how many months after a move the one before it still lies within the same twelve, so that a record
    which goes to and fro counts once in them.
    """
    people = staff.people
    ever = np.zeros((2, int(people.person.max(initial=0)) + 1), dtype=bool)
    ever[0, people.person[here]] = ever[1, people.person[there]] = True
    rows = np.flatnonzero((ever[0] & ever[1])[people.person])  # the few who have ever been in either
    known = pd.DataFrame({name: getattr(people, name)[rows] for name in ("person", "month", "start")}).assign(row=rows)
    before = known[here[rows]].assign(month=known["month"] + 1)
    both = before.merge(known[there[rows]], on=["person", "month"], suffixes=("_before", "_after"))
    both = both.sort_values(["person", "month", "start_before", "start_after"])
    both = both.drop_duplicates(["person", "month"], keep="last")  # of two employments in a month the later
    apart = both.groupby("person")["month"].diff().fillna(YEAR)
    return both.assign(since=(YEAR - apart).clip(lower=0).astype(np.int64))


def _moves_to_band_3(staff: Staff) -> Iterator[pd.DataFrame]:
    """People who moved from band 2 to band 3 or their equivalents: progression, re-banding, and what can't be told.

    What the extract says of the change holds. Where it says nothing, a post was re-banded if the person has the same
    employment, job role and department in both months; with another role, department or employment the person moved
    up. Without a job role in either month it can't be told. A re-banded post that was given a new title is taken for
    progression unless the extract says what it was.
    """
    people = staff.people
    two, three = (np.array([name.endswith(f" {one}") for name in staff.names.bands])[people.band] for one in (2, 3))
    moved = _moves(staff, two, three)
    before, after = (people.only(moved[row].to_numpy()) for row in ("row_before", "row_after"))
    same_post = (before.role == after.role) & (before.department == after.department) & (before.start == after.start)
    is_said = after.band_change >= 0
    is_told = is_said | ((before.role >= 0) & (after.role >= 0))
    is_rebanded = np.where(is_said, after.band_change == RE_BANDED, same_post)
    at, since = staff.at_people[moved["row_after"].to_numpy()], moved["since"].to_numpy()
    for series, chosen in zip(TO_BAND_3, (is_told & ~is_rebanded, is_told & is_rebanded, ~is_told), strict=True):
        if series == TO_BAND_3[-1] or staff.names.columns & {"job_role", "band_change"}:
            yield _in_twelve_months(staff, at[chosen], since[chosen], series=series, unit="people a year")


def note_on_band_3(observed: pd.DataFrame) -> Iterator[str]:
    """How many moves from band 2 to 3 were re-banding, and are no progression; nothing where there were no moves."""
    newest = observed[observed["series"].isin(TO_BAND_3)].drop_duplicates(["organisation", "series"], keep="last")
    progressed, rebanded, unknown = newest.groupby("series")["value"].sum().reindex(TO_BAND_3, fill_value=0.0)
    if progressed + rebanded + unknown:
        yield person_months.note("band 3", progressed=progressed, rebanded=rebanded, unknown=unknown)


def notes_on_years(staff: Staff) -> Iterator[str]:
    """Whose extract is too short, or has a gap too many, for any figure of twelve months."""
    groups = staff.groups
    made = set(groups.organisation_numbers[groups.closes_run(YEAR + 1)].tolist())
    without = [groups.codes[one] for one in groups.organisation_numbers[groups.newest].tolist() if one not in made]
    if without:
        yield person_months.note("years", without=without, most=_MOST_NAMED)
