"""What controls share (programs; label, help and error); fields for words, a choice and files; buttons, messages."""

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
from t4c_lib.html_templates import from_template
from t4c_lib.panels.markup import Marked
from t4c_lib.typed_text import shown_safely

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
    """A small widget on the browser's own elements, which works the same on a page and in JupyterLab.

    Its elements are made by `inside`. A program takes them over where they stand on the page, and fills its place with
    them where nothing stands; it then binds events and follows traits, and makes no elements of its own.
    """

    _esm = traitlets.Unicode(read_programs("loader.js")).tag(sync=True)

    kind = traitlets.Unicode().tag(sync=True)  #: which of the programs shows it
    #: the widget that carries the programs.
    shared = traitlets.Instance(Shared).tag(sync=True, **widgets.widget_serialization)
    #: the markup as it was when the widget was made. Traits only fill it, unless it is made anew.
    element = traitlets.Unicode().tag(sync=True)
    template: ClassVar[str] = "controls.html.j2"  #: the file that holds its elements, as the macro of its kind
    looks: ClassVar[tuple[str, ...]] = ("t4c-control",)

    def open(self) -> None:
        """Tell the browser of the widget: its traits are as its maker gave them."""
        self.element = self.markup()
        super().open()

    #: called with the name of each file that the browser gets: a page on which people sign in writes it down.
    handed_over: ClassVar[Callable[[str], None]] = staticmethod(lambda _name: None)

    def inside(self) -> str:
        return from_template(f"panels/controls/{self.template}", self.kind, self)

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
        return type(self).__name__.casefold()

    @traitlets.default("shared")
    def _the_one(self) -> Shared:
        return Shared.one()

    def on_value(self, told: Callable[[], None]) -> Self:
        """Call this after each change of the value, by a person or by the program. Gives the control itself."""
        self.observe(lambda _change: told(), names="value")
        return self


class Field(Control):
    """A control with a label. Everything here may be set again at any time."""

    label = traitlets.Unicode().tag(sync=True)  #: what is asked, always in sight
    help = traitlets.Unicode().tag(sync=True)  #: a sentence under the label, or empty
    #: what is wrong with the answer and what is allowed, in words; empty when nothing is, or another is given.
    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label=label, **traits)
        self.on_value(lambda: self.set_trait("error", ""))

    @property
    def shown(self) -> Any:
        """The answer as the browser shows it."""
        return self.value

    @property
    def described_by(self) -> str:
        """The ids of what stands beside the label."""
        return " ".join(self.named(part) for part in ("help", "error") if getattr(self, part))


LONGEST = 2_000


class Text(Field):
    """A field for words in one line: what was typed is its `value`, cut off where more can't be typed."""

    value = traitlets.Unicode().tag(sync=True)
    longest = LONGEST

    @traitlets.validate("value")
    def _not_longer(self, proposal: dict[str, str]) -> str:
        return proposal["value"][:LONGEST]


class Select(Field):
    """One of a list that folds out, the first to begin with. `options`: labels, which the browser gets, and values."""

    looks = ("t4c-control", "t4c-fit")
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    value = traitlets.Any(None, allow_none=True)  #: of the chosen option

    def __init__(self, label: str, options: Sequence[tuple[str, Any]], **traits: Any) -> None:
        self._values = [value for _, value in options]
        super().__init__(label, labels=[shown_safely(name) for name, _ in options], value=self._values[0], **traits)

    @property
    def shown(self) -> str:
        return str(self.labels[self.index])

    @traitlets.validate("index")
    def _known_place(self, proposal: dict[str, int]) -> int:
        return proposal["value"] if 0 <= proposal["value"] < len(self._values) else self.index

    @traitlets.observe("index")
    def _chosen(self, _change: object) -> None:
        self.value = self._values[self.index]

    @traitlets.observe("value")
    def _shown(self, _change: object) -> None:
        self.index = self._values.index(self.value)


LARGEST = 20_000_000  # bytes; the page's line to its kernel takes 32 MB a message


@dataclass(frozen=True)
class UploadedFile:
    """What was uploaded."""

    name: str  #: of the file, without any folder
    content: bytes  #: its bytes

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

    `label`: what is asked for. `on_file`: called with each file that was taken; a T4CError it raises is shown at the
    field. `endings`: of the names that are taken, such as ".csv"; any when empty. `largest`: how many bytes are taken.
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


class Message(Control):
    """A place for a message. It is text, whatever it holds: markup in it is shown as it was typed."""

    lead = traitlets.Unicode().tag(sync=True)  #: a word or two in bold before it
    text = traitlets.Unicode().tag(sync=True)  #: the message; empty shows nothing. Lines may be broken
    #: "said" (in a box), "plain" (without one), "done" (something was saved) or "refused".
    tone = traitlets.Enum(["said", "plain", "done", "refused"], "said").tag(sync=True)
    looks = ("t4c-control", "t4c-wide")

    def say(self, text: str, *, lead: str = "", tone: str = "said") -> None:
        """Show this from now on, all at once."""
        with self.hold_sync():
            self.lead, self.text, self.tone = lead, shown_safely(text), tone


DIFFERS = "Not all of the fields had reached the workbook. They now show what it has: check them and press again."
FAILED = "Something went wrong in the workbook. What was saved before is safe."


class Button(Control):
    """A button. Its press carries what the page shows, and counts only if that is what the kernel has.

    Args:
        on_press: called when it is pressed. Whatever it raises, the answer says that it was not done, and the error
            goes on to the log.

    Attributes:
        secondary: whether it stands back behind another one. Fixed from the start, as are
    """

    label = traitlets.Unicode().tag(sync=True)  #: what is done, in words
    #: what the fields belong to; a page may still show those of something else.
    about = traitlets.Unicode().tag(sync=True)
    #: what is to be as it was shown, and
    fields = traitlets.List(traitlets.Instance(Field)).tag(sync=True, **widgets.widget_serialization)
    #: where it is said what came of a press.
    answer = traitlets.Instance(Message).tag(sync=True, **widgets.widget_serialization)

    def __init__(
        self,
        label: str,
        on_press: Callable[[], None],
        answer: Message,
        fields: Sequence[Field] = (),
        *,
        secondary: bool = False,
    ) -> None:
        self._on_press, self.secondary = on_press, secondary
        super().__init__(label=label, answer=answer, fields=list(fields))
        self.on_msg(self._came)

    def press(self) -> None:
        """As if a person had pressed it who sees what the kernel has."""
        self.answer.say("")
        try:
            self._on_press()
        except Exception:
            if not self.answer.text:  # else what failed has said so in better words
                self.answer.say(FAILED, lead="Not done.", tone="refused")
            raise
        if not self.answer.text:  # the page still shows that it waits for an answer
            self.answer.send_state()

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if not isinstance(content, dict) or content.get("kind") != "pressed":
            return
        if [content.get("about"), content.get("shown")] == [self.about, [field.shown for field in self.fields]]:
            self.press()
            return
        for field in self.fields:
            field.send_state()
        self.answer.say("")
        self.answer.say(DIFFERS, lead="Not done.", tone="refused")


class Download(Control):
    """A button that hands over a file: `make` gives name and bytes when pressed; a T4CError of it is told instead."""

    label = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)  #: what came of the last press; it is read out
    looks = ("t4c-control", "t4c-wide")

    def __init__(self, label: str, make: Callable[[], tuple[str, bytes]], **traits: Any) -> None:
        self._make = make
        super().__init__(label=label, **traits)
        self.on_msg(self._came)

    def press(self) -> None:
        """Hand the file over, as if somebody had pressed the button."""
        self.state = ""
        try:
            name, content = self._make()
        except T4CError as error:
            self.state = error.on_page
            return
        except Exception:
            self.state = f"Not made. {FAILED}"
            raise
        self.send_file(name, content)
        self.state = f"Downloaded: {name}"

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pressed":
            self.press()
