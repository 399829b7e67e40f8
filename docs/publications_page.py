"""The page docs/reference/publications.md: every kind of file that is read, as its reader describes itself."""

from __future__ import annotations

from t4c_lib.evidence.ingest import known_tables, known_workbooks
from t4c_lib.evidence.publication import Publication, WorkbookPublication

_HEAD = """\
# Files that are read

Made by `make docs` from the declarations in `t4c_lib/evidence/publications/`: don't edit it here. A file is known by
its content, whatever it is called. CSV may be packed by gzip; workbooks are `.xlsx`. What each gives is in the
docstring of its family.
"""


def publications_page() -> str:
    """The page: first what comes as text, then workbooks."""
    parts = [_HEAD, "## CSV files\n", *(_of_text(one) for one in known_tables())]
    parts += ["## Excel workbooks\n", *(_of_workbook(one) for one in known_workbooks())]
    return "\n".join(parts)


def _of_text(one: Publication) -> str:
    if not one.columns:
        names = "code, name, region, postcode, opening day"
        known_by = f"Known by its rows of up to 27 cells without column names: {names}."
    else:
        known_by = f"Known by the columns {', '.join(f'`{name}`' for name in one.layout.columns)}."
        if optional := [*one.layout.optional]:
            known_by += f" May have: {', '.join(f'`{name}`' for name in optional)}."
    return _entry(one, _shortened(known_by) + f" At most {one.most_rows:,} rows.")


def _of_workbook(one: WorkbookPublication) -> str:
    return _entry(one, f"Known by: {one.known_by}.")


def _entry(one: Publication | WorkbookPublication, known_by: str) -> str:
    publisher = f" {one.publisher}." if one.publisher else ""
    title = one.title[0].upper() + one.title[1:]
    return f"### {title}\n\n`{one.key}`, reader version {one.version}.{publisher} {known_by}\n"


def _shortened(text: str) -> str:
    """A list of a hundred columns (every year of age) as its beginning and its end."""
    if text.count("`, `") < 60:
        return text
    first, *_, last = text.split("`, `")
    second = text.split("`, `")[1:4]
    return f"{'`, `'.join([first, *second])}` and so on to `{last}"
