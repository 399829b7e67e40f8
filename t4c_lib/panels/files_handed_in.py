"""Figures brought in on a page: a field for a file, and what came of each file, problem by problem."""

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from t4c_lib.errors import MOST_PROBLEMS_SHOWN, InputError, RefusedInputsError, T4CError
from t4c_lib.evidence import read_files
from t4c_lib.evidence.collection_workbook.annotated_copy import mark_refused
from t4c_lib.html_templates import from_template
from t4c_lib.panels.controls import Download, Upload, UploadedFile
from t4c_lib.panels.light_widgets import LIVE_ONLY, Html, VBox, show_if
from t4c_lib.quantities import count_of
from t4c_lib.sections.home import TEMPLATE
from t4c_lib.store import Store
from t4c_lib.typed_text import capitalised

ENDINGS = (".csv", ".gz", ".xlsx")


class NotLoadedError(T4CError):
    """A file that was handed in and refused; what is wrong with it is told in the list of files."""


@dataclass(frozen=True)
class _Told:
    """A file, when it was handed in, and what came of it."""

    name: str
    when: str
    size: str
    is_loaded: bool
    words: str
    points: tuple[str, ...]


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
        self._told: list[_Told] = []
        self._copy = ("", b"")
        self.field = Upload("Publication, staff extract or collection workbook, up to 20 MB", self._take, ENDINGS)
        self.field_box = VBox([Html("<h2 id='t4c-bring'>Bring figures in</h2>"), self.field])
        self.field_box.add_class(LIVE_ONLY)
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
        words = capitalised(str(added).removeprefix(f"{added.source.name}: "))
        self._tell(file, words, (*loaded.notes, *filter(None, [self._after])), is_loaded=True)
        self._on_loaded()

    def _progress(self, words: str, share: float) -> None:
        self.field.state = f"{words} ({share:.0%})"

    def _refused(self, file: UploadedFile, error: InputError) -> NotLoadedError:
        self.field.state = ""
        count = count_of(len(error.problems), "problems")
        shown = error.problems[:MOST_PROBLEMS_SHOWN]
        points = [capitalised(str(one)) for one in shown]
        if more := len(error.problems) - len(shown):
            points.append(f"And {more:,} more like these")
        self._tell(file, f"{count}, nothing was loaded. Correct the file and choose it again.", points)
        return NotLoadedError(f"{file.name} was not loaded: {count}, listed under Files handed in.")

    def _offer_marked_copy(self, path: Path, error: RefusedInputsError) -> None:
        for _, copy in mark_refused([path], error.errors):
            self._copy = (copy.name, copy.read_bytes())
            self.marked.label = f"{copy.name}: every problem marked in its cell"
            show_if(self.marked, shown=True)

    def _tell(self, file: UploadedFile, words: str, points: Sequence[str], *, is_loaded: bool = False) -> None:
        now = f"today, {dt.datetime.now():%H:%M}"
        self._told.insert(0, _Told(file.name, now, file.size, is_loaded, words, tuple(points)))
        self._list.value = from_template(TEMPLATE, "files", self._told)
