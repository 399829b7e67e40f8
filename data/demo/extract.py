"""Turns a history into the rows of a staff extract, laid out as data/dictionary.csv says."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from draw import Draw, Flags, Ints
from people import History, day_number, month_number
from settings import Settings
from traits import DESTINATIONS, NOTHING, STANDARDS, Traits, draw_traits

# The part of a month that is lost to sickness by those who have some, as points of its quantile function.
LOST_AT = (0.0, 0.45, 0.75, 0.88, 0.94, 1.0)
LOST_PART = (0.03, 0.10, 0.24, 0.55, 1.0, 1.0)
LOST_ON_AVERAGE = sum(
    (LOST_AT[k + 1] - LOST_AT[k]) * (LOST_PART[k + 1] + LOST_PART[k]) / 2 for k in range(len(LOST_AT) - 1)
)


def extract_of(settings: Settings, code: str, history: History) -> pa.Table:
    """One row a person and month for everybody employed at some time in it, in the order of the months."""
    organisation = settings.organisations[code]
    kept = [step for step, month in enumerate(history.months) if month not in organisation.missing_months]
    months = [history.months[step] for step in kept]
    sizes = [history.present[step].size for step in kept]
    who = np.concatenate([history.present[step] for step in kept])
    job = np.concatenate([history.job[step] for step in kept])
    first = np.repeat([day_number(month.first_day) for month in months], sizes)
    last = np.repeat([day_number(month.last_day) for month in months], sizes)
    number = np.repeat([month_number(month) for month in months], sizes)

    traits = draw_traits(settings, code, history)
    has_left = history.leave[who] <= last
    until = np.where(has_left, history.leave[who], last)
    days = until - np.maximum(first, history.start[who]) + 1
    hours = traits.hours[who]
    lost = _days_lost(settings, code, history, job=job, number=number, days=days)
    nobody = np.zeros(who.size, dtype=np.int64)
    columns = {
        "period_end": _days(last),
        "organisation_code": _names([code], nobody),
        "organisation_name": _names([organisation.name], nobody),
        "organisation_type": _names([organisation.type], nobody),
        "sector": _names([organisation.sector], nobody),
        "demonstration": _names(["Yes"], nobody),
        "person_number": _names(traits.number, who),
        "department": _names(organisation.departments.names, traits.department[who]),
        "staff_group": _names([one.group for one in history.jobs], job),
        "job_role": _names([one.title for one in history.jobs], job),
        "band": _names([one.band for one in history.jobs], job),
        "role_registered": _names(["Yes" if one.is_registered else "No" for one in history.jobs], job),
        "age": pa.array((number - history.born[who]) // 12),
        "contracted_fte": pa.array(hours / 100),
        "start_date": _days(history.start[who]),
        "leaving_date": _days(np.where(has_left, history.leave[who], NOTHING)),
        "leaving_destination": _names(DESTINATIONS, traits.destination[who], has_left),
        "fte_days_lost": pa.array(hours * lost / 100),
        "fte_days_available": pa.array(hours * days / 100),
        **_learning(traits, who, until),
        **{name: _names(values, at[who]) for name, (values, at) in traits.declared.items()},
    }
    for name in organisation.missing_columns:
        del columns[name]
    return pa.table(columns)


def as_csv(table: pa.Table) -> bytes:
    """The table as comma-separated UTF-8 with a header, no quotes: none of our texts holds a comma."""
    out = BytesIO()
    out.write((",".join(table.column_names) + "\n").encode())
    arrow_csv.write_csv(table, out, arrow_csv.WriteOptions(include_header=False, quoting_style="none"))
    return out.getvalue()


def _learning(traits: Traits, who: Ints, until: Ints) -> dict[str, pa.Array]:
    """Qualifications, apprenticeships and the Care Certificate as they were known at that time."""
    begins, ends, standard = traits.apprentice_from[who], traits.apprentice_to[who], traits.standard[who]
    begun = (begins != NOTHING) & (begins <= until)
    ended = begun & (ends <= until)
    completed = ended & traits.achieves[who]
    standard_level = np.array([level for _, level in STANDARDS])[standard]
    level = traits.level[who]
    level = np.where(completed & (level != NOTHING), np.maximum(level, standard_level), level)
    outcome = np.where(completed, 1, np.where(ended, 2, 0))
    certificate = traits.certificate[who]
    return {
        "highest_qualification_level": _numbers(level, level != NOTHING),
        "apprenticeship": _names([name for name, _ in STANDARDS], standard, begun),
        "apprenticeship_level": _numbers(standard_level, begun),
        "apprenticeship_start": _days(np.where(begun, begins, NOTHING)),
        "apprenticeship_end": _days(np.where(ended, ends, NOTHING)),
        "apprenticeship_outcome": _names(("On programme", "Completed", "Withdrawn"), outcome, begun),
        "care_certificate_date": _days(np.where(certificate <= until, certificate, NOTHING)),
    }


def _days_lost(settings: Settings, code: str, history: History, *, job: Ints, number: Ints, days: Ints) -> Ints:
    """Whole days of sickness in the month, at most the days employed in it."""
    people, draw = settings.people, Draw(settings.seed, code, "sickness")
    rates = np.array([people.sickness["support" if one.is_support else "other"] for one in history.jobs])
    season = np.array(people.sickness_by_month)[(number - 3) % 12]
    chance = rates[job] * season * settings.organisations[code].sick / LOST_ON_AVERAGE
    some = draw.happens(chance, job.size)
    lost = np.rint(draw.along(LOST_AT, LOST_PART, job.size) * days).astype(np.int64)
    return np.where(some, np.minimum(lost, days), 0)


def _names(values: Sequence[str], at: Ints, known: Flags | None = None) -> pa.Array:
    indices = pa.array(at.astype(np.int32), mask=None if known is None else ~known)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(values), pa.string())).cast(pa.string())


def _numbers(values: Ints, known: Flags) -> pa.Array:
    return pa.array(values, mask=~known)


def _days(values: Ints) -> pa.Array:
    """Day numbers as dates; NOTHING as a blank."""
    known = values != NOTHING
    return pa.array(np.where(known, values, 0).astype(np.int32), pa.date32(), mask=~known)
