"""What all controls share (programs; a label, help and error), and the fields: words, a choice, files."""

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
from t4c_lib.typed_text import shown_safely

HERE = Path(__file__).parent


SHARED_PROGRAMS = ("fields", "arithmetic", "meeting", "round")  # before those of the controls, which use them
LOOKS = ("controls.css", "frame.css", "forum.css", "round.css")
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
            cls._one = cls(program=f"{programs}\nexport default controls;\n", look=read_programs(*LOOKS))
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
        help: a sentence under the label, or empty.
        error: what is wrong with the answer and what is allowed, in words; empty when nothing is.
        disabled: whether it can be changed at all.
    """

    label = traitlets.Unicode().tag(sync=True)
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


class Select(Field):
    """One of a list that folds out. The browser learns the labels and the place of the one that is chosen.

    Args:
        label: what is asked.
        options: pairs of a label and the value that it stands for.

    Attributes:
        value: of the chosen option, or None while nothing is.
    """

    shape = ("labels",)
    looks = ("t4c-control", "t4c-fit")
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(None, allow_none=True).tag(sync=True)
    value = traitlets.Any(None, allow_none=True)

    def __init__(self, label: str = "", options: Sequence[tuple[str, Any]] = (), **traits: Any) -> None:
        value = traits.pop("value", None)
        self._values: list[Any] = [one for _, one in options]
        chosen = self._values.index(value) if value in self._values else (0 if self._values else None)
        labels = [shown_safely(name) for name, _ in options]
        super().__init__(label, labels=labels, index=chosen, **traits)

    @property
    def shown(self) -> str | None:
        """The label of the chosen option."""
        return None if self.index is None else self.labels[self.index]

    @property
    def options(self) -> list[tuple[str, Any]]:
        """The pairs of label and value."""
        return list(zip(self.labels, self._values, strict=True))

    def offer(self, options: Sequence[tuple[str, Any]], value: Any = None) -> None:
        """Offer these from now on, and choose one of them: the first, unless another value is named."""
        values = [one for _, one in options]
        chosen = values.index(value) if value in values else (0 if values else None)
        with self.hold_sync(), self.hold_trait_notifications():
            self._values = values
            self.labels = [shown_safely(name) for name, _ in options]
            self.index = chosen
            self.value = None if chosen is None else values[chosen]

    @traitlets.validate("index")
    def _known_place(self, proposal: Any) -> int | None:
        place: int | None = proposal["value"]
        return place if place is None or 0 <= place < len(self._values) else self.index

    @traitlets.validate("value")
    def _known_value(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is not None and value not in self._values:
            raise traitlets.TraitError(f"{self.label}: {value!r} is not among what is offered: {self.labels}")
        return value

    @traitlets.observe("index")
    def _chosen(self, _change: object) -> None:
        self.value = None if self.index is None else self._values[self.index]

    @traitlets.observe("value")
    def _shown(self, _change: object) -> None:
        self.index = None if self.value is None else self._values.index(self.value)


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
