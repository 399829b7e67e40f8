"""Other frameworks to which an action may count, such as the Workforce Race Equality Standard, and own priorities."""

from functools import cache

from pydantic import BaseModel

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.parameters.assumption import FOLDER
from t4c_lib.validation_messages import Key, Text, read_model
from t4c_lib.yaml_text import RowName, read_yaml

FILE = FOLDER / "other_frameworks.yaml"
OWN = "own:"  # begins a tag that is a priority of the organisation itself


class OtherFramework(BaseModel, frozen=True, extra="forbid"):
    """One of them."""

    key: Key
    short: Text  #: how it is called among others
    name: Text
    source: Text
    date: Text  #: the month of its publication


class OtherFrameworks(BaseModel, frozen=True, extra="forbid"):
    """The content of parameters/other_frameworks.yaml."""

    frameworks: tuple[OtherFramework, ...]


@cache
def other_frameworks() -> dict[str, OtherFramework]:
    """All of the file, by key. Raises InputError where it has a slip."""
    text = FILE.read_text(encoding="utf-8")
    document = read_yaml(text, FILE.name, needs=("frameworks",), rows={"frameworks": RowName("framework", ("key",))})
    return {one.key: one for one in read_model(OtherFrameworks, document).frameworks}


def read_tag(text: str) -> str:
    """A tag as somebody writes it: its key or short name, or "own: " and words. Raises T4CError, with the closest."""
    words = " ".join(text.split())
    if words.casefold().startswith(OWN):
        if not (priority := words[len(OWN) :].strip()):
            raise T4CError(f"'{text}' names no priority. Write it after the colon, as in 'own: Care closer to home'.")
        return f"{OWN} {priority}"
    every = other_frameworks().values()
    found = [one.key for one in every if words.casefold() in (one.key, one.short.casefold())]
    if not found:
        unknown = UnknownNameError("framework", words, [one.short for one in every])
        raise T4CError(f"{unknown} An own priority begins with '{OWN}'.")
    return found[0]


def tag_words(tag: str) -> str:
    """A tag as pages show it: the framework's short name, or the own priority."""
    known = other_frameworks().get(tag)
    return known.short if known else tag.removeprefix(OWN).strip()
