"""A file from somebody's computer, handed to the kernel as bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import traitlets

from t4c_lib.errors import T4CError
from t4c_lib.panels.controls.fields import Field

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
    def megabytes(self) -> str:
        return f"{len(self.content) / 1e6:,.1f} MB"


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
        self.state = f"{file.name}, {file.megabytes}, was uploaded."

    def _refusal(self, file: UploadedFile) -> str:
        if self.endings and not file.name.casefold().endswith(tuple(self.endings)):
            return f"{file.name} is of another kind: only {', '.join(self.endings)} can be read here."
        if len(file.content) > self.largest:
            return f"{file.name} has {file.megabytes}; at most {self.largest / 1e6:,.1f} MB can be uploaded here."
        return "" if file.content else f"{file.name} is empty."
