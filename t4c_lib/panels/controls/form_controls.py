"""What every widget of a page shares: the element it is made of, programs and look; and files that are handed in."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, NamedTuple

import anywidget
import ipywidgets as widgets
import traitlets
from comm import get_comm_manager
from IPython import get_ipython

from t4c_lib.errors import T4CError
from t4c_lib.html_templates import from_template
from t4c_lib.panels.markup import Marked
from t4c_lib.store.people import NotAllowedError

HERE = Path(__file__).parent

SHARED_PROGRAMS = ("fields", "arithmetic", "morph", "meeting", "round")  # before those of the controls, which use them
LOOKS = tuple((HERE / "looks.txt").read_text(encoding="utf-8").split())  # in the order in which they hold
KINDS = tuple(sorted({file.stem for file in HERE.glob("*.js")} - {"loader", *SHARED_PROGRAMS}))


@cache
def read_programs(*names: str) -> str:
    """Programs or looks of controls, one after the other."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


class KnownWidgets(dict[str, Any]):
    """The widgets of a kernel by their numbers on a page. Another number is a failure: ipykernel would only log it."""

    def __missing__(self, number: str) -> Any:
        error = KeyError(number)
        if (shell := get_ipython()) is not None:
            shell.showtraceback((KeyError, error, None))  # which takes it to the page and to the log
        raise error


class Shared(widgets.Widget):  # type: ignore[misc]  # ipywidgets has no types
    """What all controls of a page have in common, sent once: their programs and their look."""

    program = traitlets.Unicode().tag(sync=True)
    look = traitlets.Unicode().tag(sync=True)

    _one: "ClassVar[Shared | None]" = None

    @classmethod
    def one(cls) -> "Shared":
        """The one of this kernel. Made when first asked for, and again after it was closed."""
        if cls._one is None or cls._one.comm is None:
            programs = read_programs(*(f"{name}.js" for name in (*SHARED_PROGRAMS, *KINDS)))
            if not isinstance((comms := get_comm_manager()).comms, KnownWidgets):
                comms.comms = KnownWidgets(comms.comms)
            cls._one = cls(program=f"{programs}\nexport default controls;\n", look=read_programs(*LOOKS))
        return cls._one


class Control(Marked, anywidget.AnyWidget):
    """A page, or a part of one, on the browser's own elements, which works the same on a page and in JupyterLab.

    Its elements are made by `inside`. A program takes them over where they stand on the page, and fills its place with
    them where nothing stands; it then binds events and follows traits, and makes no elements of its own.
    """

    _esm = traitlets.Unicode(read_programs("loader.js")).tag(sync=True)

    kind = traitlets.Unicode().tag(sync=True)  #: which of the programs shows it
    #: the widget that carries the programs.
    shared = traitlets.Instance(Shared).tag(sync=True, **widgets.widget_serialization)
    #: the markup as it was when the widget was made. Traits only fill it, unless it is made anew.
    element = traitlets.Unicode().tag(sync=True)
    looks: ClassVar[tuple[str, ...]] = ("t4c-control",)

    def open(self) -> None:
        """Tell the browser of the widget: its traits are as its maker gave them."""
        self.element = self.markup()
        super().open()

    #: called with the name of each file that the browser gets: a page on which people sign in writes it down.
    handed_over: ClassVar[Callable[[str], None]] = staticmethod(lambda _name: None)

    def inside(self) -> str:
        """What the macro of its kind makes of it, in the template of that name."""
        return from_template(f"panels/controls/{self.kind}.html.j2", self.kind, self)

    @property
    def hint(self) -> str:
        return self.kind

    def named(self, part: str) -> str:
        """The id of a part, which no other element of the page has; a program that fills a place makes it its own."""
        return f"t4c-{self.number}-{part}"

    def send_file(self, name: str, content: bytes) -> None:
        """Give a file to the browser, which keeps it; some kinds it would show by their own type."""
        self.send({"kind": "file", "name": name, "type": "application/octet-stream"}, [content])
        Control.handed_over(name)

    @traitlets.default("kind")
    def _its_name(self) -> str:
        words = re.findall("[A-Z][a-z]*", type(self).__name__)
        return "_".join(word.casefold() for word in words if word not in ("Panel", "Part"))

    @traitlets.default("shared")
    def _the_one(self) -> Shared:
        return Shared.one()


class Answering(Control):
    """A control that answers what is done on the page: `respond` gets each message, with the bytes of any `file`."""

    #: number of the page's last message that was dealt with, whether or not anything changed by it.
    heard = traitlets.Int(0).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._came)

    def _came(self, _widget: object, content: Any, buffers: Sequence[Any]) -> None:
        if isinstance(content, dict):
            try:
                self.respond({**content, **({"file": bytes(buffers[0])} if buffers else {})})
            except NotAllowedError as error:  # of what no form of the page offers to whoever asks
                top: Any = getattr(self, "top", self)
                top.said = error.on_page
            finally:
                self.heard = int(content.get("turn", 0))

    def respond(self, content: Mapping[str, Any]) -> None:
        raise NotImplementedError


LARGEST = 20_000_000  # bytes; the page's line to its kernel takes 32 MB a message


class FileRefusedError(T4CError):
    """A file that was handed in and can't be taken."""


class UploadedFile(NamedTuple):
    """What was uploaded."""

    name: str  #: of the file, without any folder
    content: bytes  #: its bytes

    @property
    def size(self) -> str:
        return size_in_words(len(self.content))

    @classmethod
    def of(cls, content: Mapping[str, Any], endings: Sequence[str]) -> "UploadedFile":
        """The file of a page's message. Raises FileRefusedError: it is too large, of another kind, or empty.

        The browser sends no bytes of one that will be refused, only its `name` and `size`. `endings`: that are taken.
        """
        # A browser gives no folder, but what comes is not always from a browser.
        name = PurePosixPath(str(content.get("name", "")).replace("\\", "/")).name or "the file"
        file = bytes(content.get("file") or b"")
        if not name.casefold().endswith(tuple(endings)):
            raise FileRefusedError(f"{name} is of another kind: only {', '.join(endings)} can be read here.")
        if (size := len(file) or int(content.get("size", 0))) > LARGEST:
            most = size_in_words(LARGEST)
            raise FileRefusedError(f"{name} has {size_in_words(size)}; at most {most} can be uploaded here.")
        if not file:
            raise FileRefusedError(f"{name} is empty.")
        return cls(name, file)


def size_in_words(count: int) -> str:
    """So many bytes, as people say it: "11 bytes", "4.2 kB", "20.0 MB"."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1e3:,.1f} kB" if count < 1_000_000 else f"{count / 1e6:,.1f} MB"
