"""Figures brought in on a page: a field for a file, and what came of each file, problem by problem."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from t4c_lib.errors import MOST_PROBLEMS_SHOWN, InputError, RefusedInputsError, T4CError
from t4c_lib.evidence import Loaded, read_files
from t4c_lib.evidence.collection_workbook.annotated_copy import mark_refused
from t4c_lib.panels.controls import Download, Upload, UploadedFile
from t4c_lib.panels.light_widgets import Html, VBox, show_if
from t4c_lib.quantities import count_of
from t4c_lib.sections.section import text_html
from t4c_lib.store import Store
from t4c_lib.store.evidence_writes import Added
from t4c_lib.typed_text import capitalised

ENDINGS = (".csv", ".gz", ".xlsx")


class NotLoadedError(T4CError):
    """A file that was handed in and refused; what is wrong with it is told in the list of files."""


class FilesHandedIn:
    """A file handed in is read and stored as `t4c evidence add` does it: whole, or not at all.

    Args:
        store: where the figures go.
        on_loaded: called after a file was stored.
        after: what the list says under a file that was stored.

    Attributes:
        field: in which a file is chosen.
        field_box: the same under its heading.
        results: what came of each, the newest first.
        marked: hands over a copy of a refused collection workbook in which each problem is marked.
    """

    def __init__(self, store: Store, on_loaded: Callable[[], None], after: str = "") -> None:
        self._store, self._on_loaded, self._after = store, on_loaded, after
        self._rows: list[str] = []
        self._copy = ("", b"")
        self.field = Upload("Publication, staff extract or collection workbook, up to 20 MB", self._take, ENDINGS)
        self.field_box = VBox([Html("<h2>Bring figures in</h2>"), self.field])
        self._list = Html()
        self.marked = Download("", lambda: self._copy)
        show_if(self.marked, shown=False)
        self.results = VBox([self._list, self.marked])

    def _take(self, file: UploadedFile) -> None:
        show_if(self.marked, shown=False)
        with tempfile.TemporaryDirectory(prefix="t4c-") as folder:
            path = Path(folder, file.name)
            try:
                path.write_bytes(file.content)
            except (OSError, ValueError):
                raise NotLoadedError("A file of this name can't be kept here. Give it a shorter, plain name.") from None
            try:
                (loaded,) = read_files([path], self._progress)
                (added,) = self._store.add_evidence([loaded])
            except RefusedInputsError as error:
                self._offer_marked_copy(path, error)
                raise self._refused(file, error.errors[0]) from None
            except InputError as error:
                raise self._refused(file, error) from None
        self._tell(file, "loaded", _loaded_html(loaded, added, self._after))
        self._on_loaded()

    def _progress(self, words: str, share: float) -> None:
        self.field.state = f"{words} ({share:.0%})"

    def _refused(self, file: UploadedFile, error: InputError) -> NotLoadedError:
        self.field.state = ""
        count = count_of(len(error.problems), "problems")
        shown = error.problems[:MOST_PROBLEMS_SHOWN]
        points = [f"<li>{text_html(capitalised(str(one)))}</li>" for one in shown]
        if more := len(error.problems) - len(shown):
            points.append(f"<li>And {more:,} more like these</li>")
        words = f"{count}, nothing was loaded. Correct the file and choose it again."
        self._tell(file, "not loaded", f"{words}<ul>{''.join(points)}</ul>")
        return NotLoadedError(f"{file.name} was not loaded: {count}, listed under Files handed in.")

    def _offer_marked_copy(self, path: Path, error: RefusedInputsError) -> None:
        for _, copy in mark_refused([path], error.errors):
            self._copy = (copy.name, copy.read_bytes())
            self.marked.label = f"{copy.name}: every problem marked in its cell"
            show_if(self.marked, shown=True)

    def _tell(self, file: UploadedFile, result: str, what: str) -> None:
        sign = "t4c-red" if result == "not loaded" else "t4c-good"
        at = f"today, {dt.datetime.now():%H:%M}"
        name = f'{text_html(file.name)} <span class="t4c-sub">{at}, {file.megabytes}</span>'
        self._rows.insert(0, f'<tr><th scope="row">{name}</th><td class="{sign}">{result}</td><td>{what}</td></tr>')
        head = '<tr><th scope="col">File</th><th scope="col">Result</th><th scope="col">What it holds</th></tr>'
        table = f'<table aria-labelledby="t4c-files"><thead>{head}</thead><tbody>{"".join(self._rows)}</tbody></table>'
        self._list.value = (
            f'<section class="t4c-section t4c-files"><h2 id="t4c-files">Files handed in</h2>{table}</section>'
        )


def _loaded_html(loaded: Loaded, added: Added, after: str) -> str:
    told = str(added).removeprefix(f"{added.source.name}: ")
    notes = [*loaded.notes, *([after] if after else [])]
    points = "".join(f"<li>{text_html(note)}</li>" for note in notes)
    return f"{text_html(capitalised(told))}{f'<ul>{points}</ul>' if points else ''}"
