"""What all controls share (programs; a label, unit, help and error), and the fields: numbers, words, files."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

import anywidget
import ipywidgets as widgets
import traitlets
from comm import get_comm_manager
from IPython import get_ipython

from t4c_lib.errors import T4CError
from t4c_lib.panels.markup import Marked, elements

HERE = Path(__file__).parent


SHARED_PROGRAMS = ("fields", "arithmetic")  # before those of the controls, which use them
KINDS = tuple(sorted({file.stem for file in HERE.glob("*.js")} - {"loader", *SHARED_PROGRAMS}))


@cache
def read_programs(*names: str) -> str:
    """Programs or looks of controls, one after the other."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


class KnownWidgets(dict[str, Any]):
    """The widgets of a kernel by the number that a page calls them by. What is said to another one is a failure.

    ipykernel only mentions it in a log of its own, and the page goes on as if it had been heard.
    """

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
            cls._one = cls(
                program=f"{programs}\nexport default controls;\n", look=read_programs("controls.css", "frame.css")
            )
        return cls._one


class Control(Marked, anywidget.AnyWidget):
    """A small widget on the browser's own elements, which works the same on a page and in JupyterLab.

    Its elements are made by `inside`. A program takes them over where they stand on the page, and fills its place with
    them where nothing stands; it then binds events and follows traits, and makes no elements of its own.

    Attributes:
        kind: which of the programs shows it.
        shared: the widget that carries the programs.
        element: the markup as it was when the widget was made, and after each change of what `shape` names.
        template: the file that holds its elements, as the macro of its kind.
        shape: the traits that decide which elements there are; all others only fill them.
    """

    _esm = traitlets.Unicode(read_programs("loader.js")).tag(sync=True)

    kind = traitlets.Unicode().tag(sync=True)
    shared = traitlets.Instance(Shared).tag(sync=True, **widgets.widget_serialization)
    element = traitlets.Unicode().tag(sync=True)
    shape: ClassVar[tuple[str, ...]] = ()
    template: ClassVar[str] = "controls.html.j2"
    looks: ClassVar[tuple[str, ...]] = ("t4c-control",)

    def open(self) -> None:
        """Tell the browser of the widget: its traits are as its maker gave them."""
        self.element = self.markup()
        if self.shape:
            self.observe(self._shaped, names=list(self.shape))
        super().open()

    def inside(self) -> str:
        """Its elements, by the template of its kind."""
        return elements(self.template, self.kind, self)

    def _shaped(self, _change: object) -> None:
        self.element = self.markup()

    @property
    def hint(self) -> str:
        return self.kind

    def named(self, part: str) -> str:
        """The id of a part, which no other element of the page has; a program that fills a place makes it its own."""
        return f"t4c-{self.number}-{part}"

    @traitlets.default("kind")
    def _its_name(self) -> str:
        return type(self).__name__.casefold()

    @traitlets.default("shared")
    def _the_one(self) -> Shared:
        return Shared.one()

    def on_value(self, told: Callable[[], None]) -> Self:
        """Call this after each change of the value, by a person or by the program. Gives the control itself."""
        self.observe(lambda _change: told(), names="value")
        return self


class Field(Control):
    """A control with a label. Everything here may be set again at any time.

    Attributes:
        label: what is asked, always in sight.
        unit: what the answer is counted in; stands after the label, and is read out with it.
        help: a sentence under the label, or empty.
        error: what is wrong with the answer and what is allowed, in words; empty when nothing is.
        disabled: whether it can be changed at all.
    """

    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label=label, **traits)
        self.observe(self._check, names="value")

    @property
    def shown(self) -> Any:
        """The answer as the browser shows it."""
        return self.value

    def problem(self) -> str:
        """What is wrong with the present value, in words; empty when nothing is. Each kind of field has its own."""
        return ""

    def _check(self, _change: object) -> None:
        self.error = self.problem()

    @property
    def described_by(self) -> str:
        """The ids of what stands beside the label."""
        return " ".join(self.named(part) for part in ("help", "error") if getattr(self, part))


class Number(Field):
    """A field for a number, in its unit.

    Attributes:
        value: the number, or None while the field is empty.
        lowest: the smallest that is allowed, or None.
        highest: the largest that is allowed, or None.
        step: how far one press of an arrow key goes; 0 allows any number and steps by one.
        comma: whether a comma was typed. Browsers leave it out, so that "1,5" would be 15: there is no value then.
        slider: whether a slider stands beside it; it needs `lowest` and `highest`.
    """

    value = traitlets.Float(None, allow_none=True).tag(sync=True)
    lowest = traitlets.Float(None, allow_none=True).tag(sync=True)
    highest = traitlets.Float(None, allow_none=True).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    slider = traitlets.Bool(False).tag(sync=True)
    comma = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label, **traits)
        self.observe(self._check, names="comma")
        if self.slider and (self.lowest is None or self.highest is None):
            raise ValueError("A slider needs a lowest and a highest number: it shows where between them one stands.")

    shape = ("slider",)

    @traitlets.validate("value")
    def _finite(self, proposal: Any) -> float | None:
        value: float | None = proposal["value"]
        return value if value is None or math.isfinite(value) else None

    def problem(self) -> str:
        """Nothing given, a comma in it, too small or too large."""
        if self.comma and self.value is None:
            return "A comma can't be read here: type it again, such as 1.5 or 1500."
        allowed = self._allowed()
        if self.value is None:
            return f"Give a number{allowed}."
        if self.lowest is not None and self.value < self.lowest:
            return f"{self.value:,g} is too small: give a number{allowed}."
        if self.highest is not None and self.value > self.highest:
            return f"{self.value:,g} is too large: give a number{allowed}."
        return ""

    def _allowed(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.lowest is not None and self.highest is not None:
            return f" from {self.lowest:,g} to {self.highest:,g}{unit}"
        if self.lowest is not None:
            return f" of at least {self.lowest:,g}{unit}"
        if self.highest is not None:
            return f" of at most {self.highest:,g}{unit}"
        return ""


LONGEST = 2_000


class Text(Field):
    """A field for words.

    Attributes:
        value: what was typed.
        lines: how many are shown; more than one makes a box that can be made taller. Fixed from the start.
        longest: how many characters are taken; more can't be typed, and what a program sends is cut off there.
        needed: whether it must be filled in.
    """

    value = traitlets.Unicode().tag(sync=True)
    lines = traitlets.Int(1).tag(sync=True)
    longest = traitlets.Int(LONGEST).tag(sync=True)
    needed = traitlets.Bool(False)

    @traitlets.validate("value")
    def _not_longer(self, proposal: dict[str, str]) -> str:
        return proposal["value"][: self.longest]

    def problem(self) -> str:
        """Nothing given where something is needed."""
        return "Fill this in." if self.needed and not self.value.strip() else ""


LARGEST = 20_000_000  # bytes; the page's line to its kernel takes 32 MB a message


@dataclass(frozen=True)
class UploadedFile:
    """What was uploaded.

    Attributes:
        name: of the file, without any folder.
        content: its bytes.
    """

    name: str
    content: bytes

    @property
    def size(self) -> str:
        return size_in_words(len(self.content))


def size_in_words(count: int) -> str:
    """So many bytes, as people say it: "11 bytes", "4.2 kB", "20.0 MB"."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1e3:,.1f} kB" if count < 1_000_000 else f"{count / 1e6:,.1f} MB"


class Upload(Field):
    """A field for one file. What is too large or of another kind is refused in words, in the browser and here.

    Args:
        label: what is asked for.
        on_file: called with each file that was taken; a T4CError it raises is shown at the field.
        endings: of the names that are taken, such as ".csv"; any when empty.
        largest: how many bytes are taken.
    """

    endings = traitlets.List(traitlets.Unicode()).tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)
    value = traitlets.Any(None, allow_none=True)

    def __init__(
        self,
        label: str,
        on_file: Callable[[UploadedFile], None] = lambda _file: None,
        endings: Sequence[str] = (),
        **traits: Any,
    ) -> None:
        self._on_file = on_file
        super().__init__(label, endings=[ending.casefold() for ending in endings], **traits)
        self.on_msg(self._came)

    def _came(self, _widget: object, content: Any, buffers: Any) -> None:
        if not isinstance(content, dict) or content.get("kind") != "file" or not buffers:
            return
        # A browser gives no folder, but what comes is not always from a browser.
        name = PurePosixPath(str(content.get("name", "")).replace("\\", "/")).name or "the file"
        self.take(UploadedFile(name, bytes(buffers[0])))

    def take(self, file: UploadedFile) -> None:
        """Take a file as if somebody had handed it in."""
        self.state, self.error = "", self._refusal(file)
        if self.error:
            return
        try:
            self._on_file(file)
        except T4CError as error:
            self.error = str(error)
            return
        self.value = file
        self.state = f"{file.name}, {file.size}, was uploaded."

    def _refusal(self, file: UploadedFile) -> str:
        if self.endings and not file.name.casefold().endswith(tuple(self.endings)):
            return f"{file.name} is of another kind: only {', '.join(self.endings)} can be read here."
        if len(file.content) > self.largest:
            return f"{file.name} has {file.size}; at most {size_in_words(self.largest)} can be uploaded here."
        return "" if file.content else f"{file.name} is empty."
