"""Texts that people hand in as files, read in one way: as they are, or refused in words."""

from __future__ import annotations

from pathlib import Path

from t4c_lib.errors import InputError, Problem


def read_text(file: Path) -> str:
    """A file's text with its line ends as they are, so that a plan comes back byte for byte.

    Raises:
        InputError: there is no such file, it can't be read, or it is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(str(file), [Problem("", "There is no such file.")]) from None
    except UnicodeDecodeError as error:
        problem = Problem(f"byte {error.start + 1}", "This is not UTF-8 text.", "Save the file as UTF-8.")
        raise InputError(file.name, [problem]) from None
    except OSError as error:
        raise InputError(file.name, [Problem("", f"It can't be read: {error.strerror}.")]) from None
