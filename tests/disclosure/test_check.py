"""Reading published files back: what they give away is found, whatever way it came in, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pandas as pd
import pytest

from t4c_lib.address import Address
from t4c_lib.disclosure import DIGEST, Audience, parts_of, with_digest
from t4c_lib.disclosure.check import Checked, check_folder, digest_of_notebook
from t4c_lib.disclosure.possible_values import CountSystem, possible_values
from t4c_lib.disclosure.relations import Counts, counts_of, relations_of
from t4c_lib.disclosure.suppression_policy import AS_PUBLISHED, HIDDEN, LEFT_OUT, ROUNDED, TREATMENT, Policy
from t4c_lib.documents import action_plan, word_paper
from t4c_lib.errors import InputError
from t4c_lib.evidence import SourceFile
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.papers import Paper, PaperPart
from t4c_lib.progress.provenance import (
    PROVENANCE_COLUMNS,
    provenance_table,
    published_figures,
    series_of_time,
    series_sums,
    write_provenance,
)
from t4c_lib.reports.run import Format
from t4c_lib.sections.meeting import gather_pre_read
from t4c_lib.serving.run import WORKBOOKS
from t4c_lib.serving.snapshot import page_named, save_page
from t4c_lib.store import Store
from tests.report_making import run_report

HOUSE = Policy()
SMALL = "DEMO-SC"
Trust = tuple[pd.DataFrame, tuple[SourceFile, ...]]


def checked(folder: Path, before: Path | None = None) -> Checked:
    sums, columns = series_sums(), PROVENANCE_COLUMNS
    return check_folder(folder, HOUSE, of_time=series_of_time(), sums=sums, columns=columns, before=before)


def release(folder: Path, rows: Sequence[tuple[str, str, float | None, str]]) -> Path:
    """A table of figures as a file: series, breakdown, count (None for a hidden one), treatment."""
    folder.mkdir(exist_ok=True)
    table = pd.DataFrame(
        [
            ("RZZ", series, "support staff", breakdown, "2026-03", count, None, count, said)
            for series, breakdown, count, said in rows
        ],
        columns=[
            "organisation",
            "series",
            "population",
            "breakdown",
            "period",
            "numerator",
            "denominator",
            "value",
            TREATMENT,
        ],
    )
    table.assign(audience=Audience.PUBLISHED.marking).to_csv(folder / "figures.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def trust(demonstration: Path) -> Trust:
    with Store.open(demonstration) as store:
        return store.observations(SMALL), store.sources(SMALL)


@pytest.mark.unit
def test_a_count_that_its_total_gives_away_is_named_with_the_figures_that_tell(tmp_path: Path) -> None:
    rows = [
        ("starts", "all", 15, ROUNDED),
        ("starts", "sex=Female", None, HIDDEN),
        ("starts", "sex=Male", None, HIDDEN),
    ]
    found = checked(release(tmp_path, rows))
    assert (found.files, found.figures, found.hidden) == (1, 3, 2)
    assert [str(one) for one in found.findings] == [
        "figures.csv: starts, support staff, sex=Female, 2026-03: it can only be 6 or 7. It follows "
        "from: starts, support staff, all, 2026-03; starts, support staff, sex=Male, 2026-03.",
        "figures.csv: starts, support staff, sex=Male, 2026-03: it can only be 6 or 7. It follows "
        "from: starts, support staff, all, 2026-03; starts, support staff, sex=Female, 2026-03.",
    ]


@pytest.mark.unit
def test_the_release_before_may_tell_what_this_one_hides(tmp_path: Path) -> None:
    """Groups that were published once: their total alone gives the hidden one away today."""
    before = release(tmp_path / "before", [("starts", "sex=Female", 10, ROUNDED), ("starts", "sex=Male", 10, ROUNDED)])
    now = release(tmp_path / "now", [("starts", "all", 20, ROUNDED), ("starts", "sex=Other", None, HIDDEN)])
    assert checked(now).findings == ()
    rows = [
        ("starts", "all", 20, ROUNDED),
        ("starts", "sex=Female", None, LEFT_OUT),
        ("starts", "sex=Male", None, LEFT_OUT),
    ]
    now = release(tmp_path / "again", [*rows, ("starts", "sex=Other", None, HIDDEN)])
    assert checked(now).findings == ()
    later = checked(now, before)
    assert later.hidden == 3
    assert all("it can only be" in one.message for one in later.findings)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "text", "what", "message"),
    [
        ("a.html", '<p class="t4c-marking">Inside the forum: not for publication</p>', "the whole file", "is marked"),
        ("a.html", "<dd>23 of 120 people, March 2026</dd>", '"23 of 120"', "not rounded, or of too few"),
        ("a.html", '<svg><g aria-label="5 of 20 people"></g></svg>', '"5 of 20"', "not rounded, or of too few"),
        ("a.html", "<p>At 4.8% (136 of 2,840) in March 2026</p>", '"136 of 2,840"', "not rounded, or of too few"),
        (
            "a.ipynb",
            json.dumps({"cells": [{"outputs": [{"data": {"text/html": ["<p>23 of ", "120 people</p>"]}}]}]}),
            '"23 of 120"',
            "not rounded, or of too few",
        ),
    ],
)
def test_exact_counts_in_pages_and_notebooks_are_found(
    tmp_path: Path, name: str, text: str, what: str, message: str
) -> None:
    marked = text if Audience.FORUM.marking in text else text.replace("<", f"<!-- {MARK} --><", 1)
    made = with_digest(DIGEST + marked)
    if name.endswith(".ipynb"):
        cells = json.loads(marked)
        made = json.dumps({**cells, "metadata": {"t4c": {"digest": digest_of_notebook(cells)}}})
    (tmp_path / name).write_text(made, encoding="utf-8")
    (found,) = checked(tmp_path).findings
    assert (found.file, found.what) == (name, what)
    assert message in found.message


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<p>the baseline is 4 people a year</p>"),
        ("a.ipynb", json.dumps({"cells": [{"outputs": [{"data": {"text/html": "<p>2 starts a year</p>"}}]}]})),
    ],
)
def test_a_page_without_the_mark_of_published_ones_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = checked(tmp_path).findings
    assert found.message.startswith("it is not marked as published.")


@pytest.mark.unit
def test_a_page_that_was_edited_after_it_was_made_is_found(tmp_path: Path) -> None:
    made = with_digest(f"{DIGEST}<p>{MARK}</p><p>the baseline is not shown</p>")
    file = tmp_path / "a.html"
    file.write_bytes(made.replace("<p>", "\r\n<p>").encode())
    assert [one.message for one in checked(tmp_path).findings] == [CHANGED]
    file.write_text(made, encoding="utf-8")
    assert checked(tmp_path).findings == ()
    file.write_text(made.replace("not shown", "3 people"), encoding="utf-8")
    assert [one.message for one in checked(tmp_path).findings] == [CHANGED]


@pytest.mark.unit
def test_an_action_plan_says_below_each_page_for_whom_it_is_and_is_taken_as_that(tmp_path: Path) -> None:
    plan, file = Plan.suggested("X01", "Nowhere Trust", ["2026/27"]), tmp_path / "action-plan.docx"
    file.write_bytes(action_plan(plan, 3, "Action plan", "revision 3, saved on 2 May 2026", MARK))
    assert checked(tmp_path).findings == ()
    file.write_bytes(action_plan(plan, 3, "Action plan", "revision 3", Audience.FORUM.marking))
    assert [one.message for one in checked(tmp_path).findings] == [f'it is marked "{Audience.FORUM.marking}".']


@pytest.mark.unit
def test_papers_in_word_are_read_as_pages_are(tmp_path: Path) -> None:
    def found(opening: str, words: str, *, edited: str = "") -> list[str]:
        paper = Paper("Nowhere Trust", "pre-read", (opening,), (PaperPart.listed("1 Routes in", [words]),))
        file = tmp_path / "pre-read.docx"
        file.write_bytes(word_paper(paper))
        if edited:
            document = docx.Document(str(file))
            document.add_paragraph(edited)
            document.save(str(file))
        return [str(one) for one in checked(tmp_path).findings]

    start = "pre-read.docx: "
    page = docx.Document(io.BytesIO(word_paper(Paper("Nowhere Trust", "pre-read", ("Pre-read", MARK), ()))))
    assert page.sections[0].footer.paragraphs[0].text == f"Nowhere Trust · Pre-read · {MARK} · page  of "
    assert re.findall('w:instr="(.*?)"', page.sections[0].footer._element.xml) == ["PAGE", "NUMPAGES"]
    assert found(MARK, "Of 4,000 people none is counted here.") == []
    assert found(MARK, "45 of 1,200 people") == []
    few = f'{start}"3 of 1,200": a count that is not rounded, or of too few people.'
    assert found(MARK, "3 of 1,200 people") == [few]
    assert found(MARK, "45 of 1,200 people", edited="There are 3.") == [f"{start}the whole file: {CHANGED}"]
    marked = f'{start}the whole file: it is marked "{Audience.FORUM.marking}".'
    assert found(Audience.FORUM.marking, "3 of 1,200 people") == [marked]
    made = (tmp_path / "pre-read.docx").read_bytes()
    for part, sown in (("docProps/core.xml", b"3 apprentices"), ("word/embeddings/exact.csv", b"1,2,3")):
        parts = parts_of(word_paper(Paper("Nowhere Trust", "pre-read", (MARK,), ())))
        parts[part] = parts.get(part, b"<x/>").replace(b"</", sown + b"</", 1)
        with zipfile.ZipFile(tmp_path / "pre-read.docx", "w") as package:
            for name, content in parts.items():
                package.writestr(name, content)
        assert [str(one) for one in checked(tmp_path).findings] == [f"{start}the whole file: {CHANGED}"], part
    (tmp_path / "pre-read.docx").write_bytes(made[:-100])
    (unreadable,) = checked(tmp_path).findings
    assert str(unreadable).startswith(f"{start}the whole file: it is not marked as published.")


@pytest.mark.unit
def test_a_folder_without_figures_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no table of figures \(CSV\), page \(HTML\), notebook or paper \(Word\)"):
        checked(tmp_path)
    with pytest.raises(InputError, match="There is no such folder"):
        checked(tmp_path / "nowhere")
    now = release(tmp_path / "now", [("starts", "all", 15, ROUNDED)])
    with pytest.raises(InputError, match="There is no such folder"):
        checked(now, tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"nothing was checked\n.*This is a file, and a folder is asked for"):
        checked(now / "figures.csv")


HEADS = "organisation,series,population,breakdown,period,numerator,denominator,value,published_as,audience"
MARK = Audience.PUBLISHED.marking
CHANGED = (
    "it was changed after it was made, or an older version made it. Publish pages and papers only as the workbook "
    "made them."
)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("row", "what", "message"),
    [
        (f"3,,3,{ROUNDED},{MARK}", "line 2", "a count of 7 or fewer is shown."),
        (f"0,,0,{ROUNDED},{MARK}", "line 2", "a count of 7 or fewer is shown."),
        (f"23,,23,{ROUNDED},{MARK}", "line 2", "a count is not rounded to the nearest 5."),
        (f"20,101,0.198,{ROUNDED},{MARK}", "line 2", "a count is not rounded to the nearest 5."),
        (f"20,100,0.19,{ROUNDED},{MARK}", "line 2", "the value is not that of the rounded counts beside it."),
        (f"20,100,0.2,,{MARK}", "line 2", "published_as doesn't say how it was rounded."),
        (f"7 or fewer,,,{HIDDEN},{MARK}", "line 2", "numerator: something that is no number."),
        (f"20,100,0.2,{ROUNDED},", "the whole file", "it is not marked as published."),
        (f"20,100,0.2,{ROUNDED},{Audience.FORUM.marking}", "the whole file", "it is marked"),
    ],
)
def test_each_row_of_a_table_is_hidden_or_rounded_whatever_the_table_says_of_itself(
    tmp_path: Path, row: str, what: str, message: str
) -> None:
    (tmp_path / "figures.csv").write_text(f"{HEADS}\nRZZ,starts,staff,all,2026-03,{row}\n", encoding="utf-8")
    (found,) = checked(tmp_path).findings
    assert (found.file, found.what) == ("figures.csv", what)
    assert found.message.startswith(message)


@pytest.mark.unit
def test_official_figures_and_rounded_days_pass(tmp_path: Path) -> None:
    official = f"RZZ,starts,staff,all,2026-03,3,101,0.03,{AS_PUBLISHED},{MARK}"
    days = f"RZZ,{min(series_of_time())},staff,all,2026-03,5,900,{5 / 900!r},{ROUNDED},{MARK}"
    (tmp_path / "figures.csv").write_text("\n".join([HEADS, official, days, ""]), encoding="utf-8")
    assert checked(tmp_path).findings == ()


@pytest.mark.unit
def test_a_table_with_other_columns_and_files_of_other_kinds_are_named(tmp_path: Path) -> None:
    folder = release(tmp_path / "out", [("starts", "all", 15, ROUNDED)])
    (folder / "starts.CSV").write_text("group,people\nFemale,3\n", encoding="utf-8")
    (folder / "plan.xlsx").write_bytes(b"PK")
    table = pd.read_csv(folder / "figures.csv")
    table.assign(people=3).to_csv(folder / "more.csv", index=False)
    assert [str(one) for one in checked(folder).findings] == [
        "more.csv: the whole file: it has another column, people. Publish tables of figures only as  t4c evidence "
        "check CODE  wrote them.",
        "plan.xlsx: the whole file: what is in it can't be checked. Take it out of the folder, or look at every number "
        "in it yourself.",
        "starts.CSV: the whole file: its columns are not those of a table of figures, so it can't be checked. Publish "
        "tables of figures only as  t4c evidence check CODE  wrote them.",
        "more.csv: the whole file: RZZ has another table of figures here, figures.csv: two releases tell more than "
        "each by itself. Keep one, and give the other with --before.",
    ]


@pytest.mark.unit
def test_an_earlier_release_must_hold_published_figures_of_the_same_organisation(tmp_path: Path) -> None:
    now = release(tmp_path / "now", [("starts", "all", 15, ROUNDED)])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no table of figures \(CSV\) to compare with. Reports alone"):
        checked(now, tmp_path / "empty")
    other = release(tmp_path / "other", [("starts", "all", 15, ROUNDED)])
    rows = (other / "figures.csv").read_text(encoding="utf-8").replace("RZZ", "RYY")
    (other / "figures.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InputError, match="It holds figures of RYY and none of RZZ"):
        checked(now, other)
    both = release(tmp_path / "both", [("starts", "all", 15, ROUNDED)])
    lines = (both / "figures.csv").read_text(encoding="utf-8").splitlines()
    (both / "figures.csv").write_text("\n".join([*lines, lines[1].replace("RZZ", "RYY")]) + "\n", encoding="utf-8")
    assert checked(both, now).not_compared == ("RYY",)
    exact = release(tmp_path / "exact", [("starts", "all", 14, ROUNDED)])
    page = with_digest(f"{DIGEST}<p>{MARK}</p><p>23 of 120 people</p>")
    (exact / "report.html").write_text(page, encoding="utf-8")
    found = checked(now, exact)
    assert [(one.file, one.what) for one in found.findings] == [
        ("exact/figures.csv (the earlier release)", "line 2"),
        ("exact/report.html (the earlier release)", '"23 of 120"'),
    ]
    assert found.earlier == (1, 1)


@pytest.mark.flow
@pytest.mark.parametrize("marked", [False, True], ids=["without its mark", "marked as published"])
def test_an_exact_table_is_found_out_when_its_mark_was_taken_away(
    trust: Trust, tmp_path: Path, *, marked: bool
) -> None:
    table = provenance_table(*trust).drop(columns="audience")
    write_provenance(table.assign(audience=MARK) if marked else table, tmp_path / "figures.csv")
    assert checked(tmp_path).findings


@pytest.mark.flow
def test_tables_with_exact_figures_are_not_for_publication(trust: Trust, tmp_path: Path) -> None:
    write_provenance(provenance_table(*trust), tmp_path / "exact.csv")
    (found,) = checked(tmp_path).findings
    assert str(found) == 'exact.csv: the whole file: it is marked "Inside the forum: not for publication".'


@pytest.mark.detail
@pytest.mark.workbook
def test_nothing_can_be_worked_out_from_all_files_of_a_trust_with_small_departments(
    trust: Trust, store_file: Path, tmp_path: Path
) -> None:
    """The attack, on two quarters in all formats there are: the older one is the release before."""
    observations, sources = trust
    with Store.open() as store:
        run_report(store.organisation(SMALL), tmp_path / "now", formats=tuple(Format))
    address = Address().with_parts(organisation=SMALL, audience="published")
    saved = save_page(page_named("forum", WORKBOOKS), address, dt.datetime.now().astimezone(), lambda *_: None)
    (tmp_path / "now" / "forum.html").write_text(saved, encoding="utf-8")
    with Store.open() as store:
        paper = gather_pre_read(store, store.organisation(SMALL), dt.date(2026, 9, 1), audience=Audience.PUBLISHED)
    (tmp_path / "now" / "pre-read.docx").write_bytes(word_paper(paper))
    for name, until in (("before", "2025-12"), ("now", "9999")):
        known = observations[observations["period"] <= until]
        table = provenance_table(published_figures(known, sources), sources)
        (tmp_path / name).mkdir(exist_ok=True)
        write_provenance(table, tmp_path / name / "figures.csv")
    found = checked(tmp_path / "now", tmp_path / "before")
    assert (found.files, found.findings) == (5, ())
    assert found.hidden > 500


@pytest.mark.flow
def test_without_rounding_and_audit_the_same_attack_finds_hidden_counts_out(trust: Trust) -> None:
    """Hidden up to 7, all others exact: subtraction tells many of them, and each that it tells is true."""
    observations, _ = trust
    figures = observations[~observations["series"].isin(series_of_time())].reset_index(drop=True)
    exact, bare = counts_of(figures), Policy(rounded_to=1)
    low, high = bare.possible(bare.rounded(list(exact.values())))
    system = CountSystem()
    numbers = {cell: system.add_count(int(a), int(b)) for cell, a, b in zip(exact, low, high, strict=True)}
    counts = Counts(system, numbers, exact)
    counts.take(relations_of(counts, figures))
    hidden = [cell for cell, count in exact.items() if bare.hides([count])[0]]
    least, most = possible_values(system, [numbers[cell] for cell in hidden])
    found_out = [(cell, low) for cell, low, high in zip(hidden, least, most, strict=True) if low == high]
    assert len(found_out) > 100
    assert all(exact[cell] == value for cell, value in found_out)
