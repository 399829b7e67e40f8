"""Files of this machine: where the folders are that people edit, and files that are there whole or not at all.

Only the account which wrote a file can read it. Rights are given as it is made, not after: there is no moment in which
others could open it. Windows has no such rights, and there those of the folder count.
"""

import io
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

from t4c_lib.errors import InputError

# What zipfile raises where an archive, or what is packed in it, can't be read.
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
FIGURES = "T4C_FIGURES"  # a variable: a folder of our own for what runs of reports have worked out of exact figures
KEPT = "T4C_KEPT"  # a variable: a folder of the server's own, until it ends, for what its kernels keep for each other


def shipped(folder: str) -> Path:
    """A folder that lies beside the package in a checkout, and inside it where a wheel was installed."""
    inside = Path(__file__).with_name("_shipped") / folder
    return inside if inside.is_dir() else Path(__file__).resolve().parents[1] / folder


def project_root() -> Path:
    """The folder with pyproject.toml beside the package, or the working directory where the package is installed."""
    beside = Path(__file__).resolve().parents[1]
    return beside if (beside / "pyproject.toml").is_file() else Path.cwd()


OTHERS = 0o077  # what the group and everybody else may do


class WriteError(InputError):
    """A file that can't be written, in one sentence."""

    def __str__(self) -> str:
        return f"{self.source} {self.problems[0].message} Nothing was changed."


def own_folder(folder: Path) -> Path:
    """The folder, made for nobody else where it is missing. One that is there stays as it is. Raises OSError."""
    if not folder.is_dir():
        own_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def clear_away(folder: Path, pattern: str) -> None:
    """Remove the folders of processes that are gone, killed perhaps: the last but one part of a name is its number."""
    for left in folder.glob(pattern):
        number = left.name.split("-")[-2]
        if left.is_dir() and number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def keep_to_oneself(path: Path) -> None:
    """Take from others what they may do with a file or folder of our making, if it is there and ours."""
    with suppress(OSError):
        if (mode := path.stat().st_mode) & OTHERS:
            path.chmod(mode & 0o700)


def read_text(file: Path, *, newline: str | None = None) -> str:
    """A file's text. Raises InputError: there is no such file, it can't be read, or it is not UTF-8.

    `newline`: empty where its line ends are to stay as they are, as `open` has it.
    """
    try:
        with file.open(encoding="utf-8-sig", newline=newline) as opened:
            return opened.read()
    except FileNotFoundError:
        raise InputError.of(str(file), "There is no such file.") from None
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        raise InputError.of(file.name, "This is not UTF-8 text.", "Save the file as UTF-8.", place=place) from None
    except OSError as error:
        raise InputError.of(file.name, f"It can't be read: {error.strerror}.") from None


def saved_bytes(save: Callable[[IO[bytes]], object]) -> bytes:
    """What a document's own `save` would write into a file."""
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def write_whole(file: Path, content: bytes | Callable[[IO[bytes]], object], *, replace: bool = True) -> None:
    """Write a file: all of it, or nothing; until then an earlier one of that name stays, and then it is replaced.

    The content is given, or something that writes it. Raises WriteError: it can't be written, or there is one of that
    name, which is not to be replaced.
    """
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name[:100]}.", suffix=".part", dir=file.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as raw:
            _ = raw.write(content) if isinstance(content, bytes) else content(raw)
            raw.flush()
            os.fsync(handle)
        if replace:
            part.replace(file)
        else:
            put_new(part, file)
    except FileExistsError:
        words = "is there already, and may have been filled in. Give another name, or move it away."
        raise WriteError.of(str(file), words) from None
    except OSError as error:
        is_there = file.parent.is_dir()
        why = f"{error.strerror}." if is_there else f"there is no folder {file.parent}. Make it first, or name another."
        raise WriteError.of(str(file), f"can't be written: {why}") from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def put_new(part: Path, file: Path) -> None:
    """Give a finished file its name, and leave `part` to be removed. Raises FileExistsError if there is one already."""
    try:
        os.link(part, file)
    except OSError as error:
        if file.exists() or isinstance(error, FileExistsError):
            raise FileExistsError(file) from None
        part.replace(file)  # on a file system without links


@contextmanager
def variable_set(name: str, value: str) -> Iterator[None]:
    """A variable of the environment has this value meanwhile, for this process and those that it starts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        os.environ.update({} if before is None else {name: before})
