"""The catalogue as it ships: complete, frozen, pinned, in our own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

import t4c_lib.framework
from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import Better, MeasureKind, catalogue
from t4c_lib.framework.definitions import StatedTarget
from t4c_lib.quantities import ChangeKind, Unit

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
DATA = Path(t4c_lib.framework.__file__).parent


def pinned(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_framework_has_4_strands_10_intentions_31_actions_and_6_notes() -> None:
    """As it was published. Measures may be added: those that there are stand in keys.txt, and nowhere else."""
    whole = catalogue()
    assert [len(rows) for rows in (whole.strands, whole.intentions, whole.actions, whole.notes)] == [4, 10, 31, 6]


def test_actions_and_bullets_of_measures_per_intention_are_those_of_the_source() -> None:
    actions = Counter(action.intention_number for action in catalogue().actions)
    bullets = Counter(int(ref.split("m")[0]) for ref in {row.ref for row in catalogue().measures} if "m" in ref)
    assert [actions[number] for number in range(1, 11)] == [4, 1, 3, 3, 3, 6, 1, 2, 3, 5]
    assert [bullets[number] for number in range(1, 11)] == [4, 4, 4, 3, 4, 5, 2, 2, 2, 6]


def test_bullets_are_numbered_without_gaps() -> None:
    for intention in catalogue().intentions:
        actions = [action.ref for action in intention.actions]
        bullets = list(dict.fromkeys(measure.ref for measure in intention.measures if "m" in measure.ref))
        assert actions == [f"{intention.number}a{place + 1}" for place in range(len(actions))]
        assert bullets == [f"{intention.number}m{place + 1}" for place in range(len(bullets))]


def test_keys_are_pinned() -> None:
    whole = catalogue()
    keys = [
        *(f"strand {row.key}" for row in whole.strands),
        *(f"intention {row.number} {row.key}" for row in whole.intentions),
        *(f"action {row.ref} {row.key}" for row in whole.actions),
        *(f"measure {row.reference} {row.key} | {row.kind} | {row.unit}" for row in whole.measures),
    ]
    assert keys == pinned("keys.txt")


def test_keys_and_refs_are_those_of_the_given_framework(shared: Path) -> None:
    """Every row that was given is there, in its order; measures may have been added."""
    given = YAML(typ="safe", pure=True).load(shared / "framework" / "framework.yaml")
    for row, ours in zip(given["intentions"], catalogue().intentions, strict=True):
        assert (row["number"], row["key"]) == (ours.number, ours.key)
        assert [(a["ref"], a["key"]) for a in row["actions"]] == [(a.ref, a.key) for a in ours.actions]
        measures = [(str(m["ref"]), m.get("part"), m["key"], m["kind"], m["better"], m["x"]) for m in row["measures"]]
        keys = {m["key"] for m in row["measures"]}
        assert measures == [(m.ref, m.part, m.key, m.kind, m.better, m.x) for m in ours.measures if m.key in keys]


def test_eight_measures_and_one_action_have_a_blank() -> None:
    blanks = {row.reference: str(row.x) for row in catalogue().measures if row.x}
    assert blanks == {
        "1m1": "percent",
        "1m3": "target",
        "2m3": "number",
        "2m4": "target",
        "3m3": "number",
        "4m1-received": "percent",
        "4m1-meaningful": "percent",
        "6m3": "target",
    }
    assert [(action.ref, action.x) for action in catalogue().actions if action.x] == [("3a1", "number")]


def test_one_measure_was_taken_from_an_intention_and_says_so() -> None:
    (measure,) = [row for row in catalogue().measures if row.part == "intention"]
    assert (measure.ref, measure.key) == ("6", "apprenticeship-starts")
    assert measure.target == StatedTarget(kind=ChangeKind.MULTIPLE, amount=2, by="2016-03")
    assert "intention" in measure.added


def test_a_change_of_a_stated_target_can_be_worked_with() -> None:
    target = catalogue().measure("certificate-in-12-weeks").target
    assert target is not None
    assert (target.change.kind, target.change.amount) == (ChangeKind.LEVEL, 1.0)


def test_readings_are_among_the_changes_the_measure_allows() -> None:
    for measure in catalogue().measures:
        assert set(measure.readings) <= set(measure.changes), measure.key
        assert bool(measure.changes) == (measure.baseline_unit is not None), measure.key


def test_evidence_and_reviews_have_no_amount_and_everything_else_has_a_reading() -> None:
    for measure in catalogue().measures:
        assert bool(measure.readings) != (measure.kind in (MeasureKind.EVIDENCE, MeasureKind.REVIEW)), measure.key


def test_a_gap_changes_by_points_or_to_a_level_only() -> None:
    closer = [row for row in catalogue().measures if row.better is Better.CLOSER]
    assert [row.key for row in closer] == ["local-diversity", "application-diversity", "qualification-diversity"]
    assert {row.changes for row in closer} == {(ChangeKind.POINTS, ChangeKind.LEVEL)}


def test_a_count_cannot_change_by_percentage_points() -> None:
    measure = catalogue().measure("work-experience-placements")
    assert measure.baseline_unit is Unit.COUNT
    assert ChangeKind.POINTS not in measure.changes


def test_placements_a_year_is_a_level_not_so_many_more() -> None:
    assert catalogue().measure("2m3").readings == (ChangeKind.LEVEL,)


def test_sickness_and_turnover_are_told_to_be_a_proxy_or_undecided_in_the_source() -> None:
    assert "proxy" in catalogue().measure("sickness").population_note
    for part in ("attainment", "turnover", "sickness"):
        assert "open in the source" in catalogue().measure(f"1m4-{part}").population_note


def test_dates_are_those_of_the_source_and_stand_in_its_order() -> None:
    dates = {row.number: [(line.when, line.then) for line in row.timeline] for row in catalogue().intentions}
    baseline = ("2015-04", "looked at again every year")
    assert dates == {
        1: [("2016-04", "once a year"), ("2015-09", None), baseline],
        2: [("2015-09", "where it does not run yet"), (None, "each June"), baseline],
        3: [baseline],
        4: [("2016-02", None), ("2015-09", None)],
        5: [("2015-04", None), ("2015-09", None)],
        6: [("2016-03", None)],
        7: [("2015-06", None)],
        8: [("2015-06", None)],
        9: [("2015-09", None)],
        10: [("2015-04", None)],
    }


def test_a_timeline_reads_as_people_say_it() -> None:
    first, second, _ = catalogue().intention(1).timeline
    assert (first.text, second.text) == ("April 2016, then once a year", "from September 2015")
    assert catalogue().intention(2).timeline[1].text == "each June"
    assert catalogue().intention(2).timeline[1].month is None


def test_the_pledge_takes_the_name_of_an_organisation() -> None:
    pledge = catalogue().pledge
    text = pledge.for_organisation("Fictional Trust {x}")
    assert text.startswith("At Fictional Trust {x} good care")
    assert "{organisation}" not in text
    assert [signatory.side for signatory in pledge.signed_by] == ["management", "staff side"]
    assert (pledge.agreed_with, pledge.published_to) == ("the local staff side", "all staff")


def test_notes_stand_where_the_source_marks_them() -> None:
    places = {note.number: note.applies_to for note in catalogue().notes}
    assert places == {1: ("plan",), 2: ("6a5",), 3: ("2a1",), 4: ("2a1",), 5: ("3a1",), 6: ("7a1",)}
    assert catalogue().action("2a1").notes == (3, 4)


def test_rows_are_worded_as_given(shared: Path) -> None:
    given = YAML(typ="safe", pure=True).load(shared / "framework" / "wording.yaml")
    whole = catalogue()
    assert {row.number: {"short": row.short, "title": row.title} for row in whole.intentions} == given["intentions"]
    assert {row.key: row.text for row in whole.actions} == given["actions"]
    assert given["measures"].items() <= {row.key: row.name for row in whole.measures}.items()  # others may be added
    rows = {f"intention {row.number}": row.history for row in whole.intentions}
    rows |= {row.key: row.history for row in whole.actions} | {row.key: row.history for row in whole.measures}
    assert {key: row.text for key, row in rows.items() if row is not None} == given["history"]


def test_what_the_source_said_in_2015_is_shown_as_of_2015() -> None:
    history = catalogue().intention(6).history
    assert history is not None
    assert history.words == "2015 framework: HEE funded or supported apprenticeships, to be doubled by March 2016"
    assert history.bodies == ("health-education-england",)


def test_no_row_names_a_body_or_a_year_of_2015_as_if_it_were_of_today() -> None:
    whole = catalogue()
    texts = [row.title for row in whole.intentions] + [row.text for row in whole.actions]
    texts += [row.name for row in whole.measures]
    assert [text for text in texts if re.search(r"20\d\d|HEE|LETB|Health Education England", text)] == []


def test_bodies_are_kept_then_and_now() -> None:
    bodies = {body.key: body.now for body in catalogue().bodies}
    assert "NHS England" in bodies["health-education-england"]
    assert "No direct successor" in bodies["letb"]


def test_every_strand_has_its_intentions() -> None:
    numbers = {row.key: [i.number for i in catalogue().intentions_of(row.key)] for row in catalogue().strands}
    assert numbers == {"get-in": [1, 2, 3], "get-on": [4, 5, 6], "go-further": [7, 8, 9], "making-it-happen": [10]}


def test_rows_are_found_by_key_by_ref_and_by_number() -> None:
    whole = catalogue()
    assert whole.measure("young-share") is whole.measure("1m1")
    assert whole.measure("turnover") is whole.measure("1m4-turnover")
    assert whole.action("train-ambassadors") is whole.action("3a1")
    assert whole.intention("widen-entry") is whole.intention(1) is whole.intention("1")


@pytest.mark.parametrize(
    ("noun", "name", "words"),
    [
        ("measure", "young-shares", "There is no measure called 'young-shares'. The closest: young-share"),
        ("action", "sign-the-pledge", "The closest: sign-pledge"),
        ("intention", "widen-entries", "The closest: widen-entry"),
        ("intentions_of", "getin", "The closest: get-in"),
        ("intentions_of", "nothing like it", "All of them: get-in, get-on, go-further, making-it-happen."),
    ],
)
def test_a_wrong_name_is_answered_with_the_closest(noun: str, name: str, words: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        getattr(catalogue(), noun)(name)
    assert words in str(caught.value)


def test_a_wrong_number_is_answered_with_the_numbers_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"All of them: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\."):
        catalogue().intention(11)


def test_nothing_in_the_catalogue_can_be_changed() -> None:
    whole = catalogue()
    for noun in (whole, whole.strands[0], whole.intentions[0], whole.actions[0], whole.measures[0], whole.pledge):
        field = next(iter(type(noun).model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(noun, field, "other")
    assert isinstance(whole.measures, tuple)
    assert isinstance(whole.measures[0].readings, tuple)


def test_the_catalogue_is_read_once() -> None:
    assert catalogue() is catalogue()


def test_texts_end_without_a_full_stop_where_they_are_rows_of_a_table() -> None:
    rows = [row.text for row in catalogue().actions] + [row.name for row in catalogue().measures]
    assert not [text for text in rows if text.endswith(".")]


# Our wording. A run of six words of the source, or of the given framework, would be its sentence and not ours. What has
# to be called by its name may still be called so.
NAMES = ("local education and training board", "local partnership pledge", "talent for care")


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _texts(inner)


def _runs(text: str, length: int = 6) -> set[str]:
    plain = " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))
    for name in NAMES:
        plain = plain.replace(name, name.replace(" ", "_"))
    words = plain.split()
    return {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.parametrize("file", ["catalogue.yaml", "series.yaml"])
def test_no_six_words_in_a_row_are_those_of_the_source_or_of_the_given_framework(file: str, shared: Path) -> None:
    theirs = set().union(*(_runs(path.read_text(encoding="utf-8")) for path in (shared / "source").glob("*.txt")))
    yaml = YAML(typ="safe", pure=True)
    for text in _texts(yaml.load(shared / "framework" / "framework.yaml")):
        theirs |= _runs(text)
    for text in _texts(yaml.load(shared / "framework" / "wording.yaml")):
        theirs -= _runs(text)  # given to be used as it stands
    assert len(theirs) > 3000
    copied = {run for text in _texts(yaml.load(DATA / file)) for run in _runs(text) & theirs}
    assert copied == set()
