"""Texts that people hand in as files, read in one way; and names of files to write, held to what is written there."""

from __future__ import annotations

from pathlib import Path

from t4c_lib.errors import InputError, Problem

DOCUMENTS = {".docx", ".doc", ".xlsx", ".xls", ".pdf", ".pptx", ".odt", ".html", ".csv", ".txt", ".yaml", ".ics"}


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


def check_ending(file: Path, what: str, ending: str = "", instead: str = "") -> None:
    """Hold the name of a file to write to what will be in it, so that no YAML lies in a file called .docx.

    Args:
        file: as given.
        what: what is written, for the message: "the plan as YAML".
        ending: with which the name must end, and the point before it; if empty, any but those of documents.
        instead: how to get what the name asks for, as a whole sentence.

    Raises:
        InputError: the name ends otherwise.
    """
    given = file.suffix.casefold().replace(".yml", ".yaml")
    if given != ending and (ending or given in DOCUMENTS):
        name = f"ends in '{file.suffix}'" if given else "has no ending"
        hint = f"Call it {file.with_suffix(ending).name}. {instead}".strip()
        raise InputError(str(file), [Problem("", f"this writes {what}, and the name {name}.", hint)])
