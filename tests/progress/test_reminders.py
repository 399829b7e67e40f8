"""What is due within six weeks, or was due and isn't done; no cell is a formula, and a calendar takes it in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.progress import reminders, reminders_calendar, write_reminders
from t4c_lib.progress.reminders import Reminder, ReminderKind, reminders_csv
from t4c_lib.quantities import Baseline

DAY = dt.date(2026, 5, 20)  # six weeks on it is 1 July
MADE = dt.datetime(2026, 5, 20, 9, tzinfo=dt.UTC)


def plan_of(*rows: ActionRow | MeasureRow) -> Plan:
    made = Plan.of(organisation="X01", organisation_name="Example Trust", years=("2026/27",))
    actions = [row for row in rows if isinstance(row, ActionRow)]
    measures = [row for row in rows if isinstance(row, MeasureRow)]
    return made.changed(actions=tuple(actions), measures=tuple(measures))


def action(due: str, **fields: Any) -> ActionRow:
    return ActionRow.of(**{"action": "train-ambassadors", "due": due, "post": "Head", **fields})


def kinds(plan: Plan, day: dt.date = DAY, weeks: int = 6) -> list[tuple[str, str, int]]:
    return [(str(one.kind), one.due.isoformat(), one.overdue_days) for one in reminders(plan, day, weeks)]


@pytest.mark.unit
def test_the_window_ends_with_the_last_day_of_the_sixth_week() -> None:
    plan = plan_of(action("2026-06"))
    assert kinds(plan, dt.date(2026, 5, 19)) == [("action", "2026-06-30", 0)]
    assert kinds(plan, dt.date(2026, 5, 18)) == []
    assert kinds(plan, dt.date(2026, 6, 30), weeks=0) == [("action", "2026-06-30", 0)]
    with pytest.raises(ValueError, match="0 weeks or more, not -1"):
        reminders(plan, DAY, -1)


@pytest.mark.unit
def test_actions_stay_until_they_are_done_and_what_is_closed_or_left_out_is_not_told_of() -> None:
    assert kinds(plan_of(action("2026-04", status="under way"))) == [("action", "2026-04-30", 20)]
    for fields in (
        {"status": "done"},
        {"closed": "2026/27"},
        {"state": "left out", "reason": "no"},
        {"state": "in place"},
    ):
        assert kinds(plan_of(action("2026-04", **fields))) == []


@pytest.mark.unit
def test_checkpoints_targets_reviews_and_evidence_are_told_of_each_as_what_it_is() -> None:
    share = MeasureRow.of(
        measure="young-share",
        baseline=Baseline.of(150, 3000, period="2026-03", source="extract"),
        change={"kind": "points", "amount": 0.02},
        due="2026-06",
        checkpoints=[{"due": "2026-05", "value": 0.06}, {"due": "2026-04", "value": 0.055}],
        review={"every": 3, "last": "2026-02-10"},
    )
    policy = MeasureRow.of(measure="work-experience-in-place", due="2026-05")
    held = MeasureRow.of(measure="programme-review", review={"every": 3, "last": "2026-01-14"})
    assert kinds(plan_of(share, policy, held)) == [
        ("review", "2026-04-30", 20),
        ("checkpoint", "2026-05-31", 0),
        ("review", "2026-05-31", 0),
        ("evidence", "2026-05-31", 0),
        ("target", "2026-06-30", 0),
    ]
    draft = {"what": "Policy", "date": "2026-05-01", "link": "intranet"}
    assert kinds(plan_of(policy.changed(evidence=[draft]))) == [("evidence", "2026-05-31", 0)]
    shown = policy.changed(evidence=[{**draft, "approved_by": "People Committee"}])
    assert kinds(plan_of(shown)) == []


@pytest.mark.law
@given(st.integers(0, 30), st.integers(0, 30))
def test_looking_further_ahead_only_adds(weeks: int, more: int) -> None:
    plan = plan_of(
        *(action(f"2026-{month:02}", action=name) for month, name in zip((4, 5, 7, 9), ACTIONS, strict=True))
    )
    near, far = (reminders(plan, DAY, so_many) for so_many in (weeks, weeks + more))
    assert far[: len(near)] == near
    assert [one.due for one in far] == sorted(one.due for one in far)


ACTIONS = {
    "train-ambassadors": "2026-04",
    "outreach-programme": "2026-05",
    "evaluate-outreach": "2026-07",
    "review-entry-routes": "2026-09",
}
PLAIN = Reminder(dt.date(2026, 6, 30), "Head", "Ann", 3, ReminderKind.ACTION, "do it", 0, "action train-ambassadors")


@pytest.mark.law
@given(st.text(max_size=40), st.sampled_from(["=", "+", "-", "@", "\t", "\r", "＝"]))
def test_no_cell_of_the_list_is_a_formula(text: str, sign: str) -> None:
    typed = sign + text.replace("\0", "")
    one = Reminder(PLAIN.due, typed, typed, 3, ReminderKind.ACTION, typed, 2, "row")
    (_, row) = list(csv.reader(io.StringIO(reminders_csv([one], typed), newline="")))
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row)
    assert row[0] == "2026-06-30"


@pytest.mark.unit
def test_a_calendar_reads_back_what_was_written_and_a_newer_file_replaces_the_older_entry() -> None:
    late = Reminder(dt.date(2026, 4, 30), "", "", 10, ReminderKind.REVIEW, "Täglich; a, b\nEND:VEVENT", 20, "measure x")
    text = reminders_calendar([PLAIN, late], "X01", MADE)
    first, second = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (first.decoded("dtstart"), str(first["summary"])) == (dt.date(2026, 6, 30), "do it")
    assert str(first["description"]) == "Head (Ann). Intention 3 of the plan of X01."
    assert str(second["summary"]) == "Overdue: Täglich; a, b\nEND:VEVENT"
    assert "no responsible post named" in str(second["description"])
    assert first.walk("VALARM")[0].decoded("trigger") == dt.timedelta(days=-7)
    again = icalendar.Calendar.from_ical(reminders_calendar([PLAIN], "X01", MADE + dt.timedelta(days=9)))
    assert str(again.walk("VEVENT")[0]["uid"]) == str(first["uid"]) != str(second["uid"])
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


INJECTED = ("\n", "\r", "\r\n", "\x85", "\u2028", "\\n", "\\", ";", ",", ":", '"', "=", "\x0b", "\x0c", "\x1c", "\x07")
PROPERTIES = (
    "ATTENDEE:mailto:x@example.org",
    "END:VEVENT",
    "BEGIN:VALARM",
    "ACTION:EMAIL",
    "ATTACH;VALUE=URI:x",
    "é" * 30,
)


@pytest.mark.law
@given(st.lists(st.sampled_from((*INJECTED, *PROPERTIES)) | st.text(max_size=8), max_size=12).map("".join))
def test_nothing_that_somebody_types_becomes_a_line_of_the_calendar(typed: str) -> None:
    one = Reminder(PLAIN.due, typed, typed, 3, ReminderKind.ACTION, typed, 2, typed)
    plain, made = (reminders_calendar([that], "X01", MADE) for that in (PLAIN, one))

    def properties(content: bytes) -> list[str]:
        unfolded = content.decode().replace("\r\n ", "").split("\r\n")
        return [re.split("[:;]", line)[0] for line in unfolded]

    assert properties(made) == properties(plain)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f]", made)
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert set(event) == set(icalendar.Calendar.from_ical(plain).walk("VEVENT")[0])


@pytest.mark.unit
def test_a_file_is_written_by_how_its_name_ends_whole_or_not_at_all(tmp_path: Path) -> None:
    for name, begin in (("a.csv", b"\xef\xbb\xbfdue,owner"), ("a.ICS", b"BEGIN:VCALENDAR")):
        write_reminders([PLAIN], "X01", tmp_path / name, MADE)
        assert (tmp_path / name).read_bytes().startswith(begin)
    with pytest.raises(InputError, match=r"saved as \.csv or \.ics, not as '\.xlsx'"):
        write_reminders([PLAIN], "X01", tmp_path / "a.xlsx", MADE)
    with pytest.raises(InputError, match="can't be written: there is no folder"):
        write_reminders([PLAIN], "X01", tmp_path / "none" / "a.csv", MADE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.ICS", "a.csv"]


@pytest.mark.unit
def test_a_reminder_says_when_who_and_what_in_words() -> None:
    assert str(PLAIN) == "30 June 2026, Head (Ann): do it"
    late = Reminder(PLAIN.due, "", "", 3, ReminderKind.ACTION, "do it", 1, "row")
    assert str(late) == "30 June 2026, overdue by 1 day, no responsible post named: do it"
