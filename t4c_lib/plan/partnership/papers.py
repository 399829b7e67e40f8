"""A paper that the partners take along: one content for the page, for Word and for the command line."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 100  # letters of a line of plain text


@dataclass(frozen=True)
class PaperPart:
    """A part of a paper."""

    heading: str  #: of it
    points: tuple[tuple[str, str], ...] = ()  #: what stands in it, each with the words that lead it in bold, or none
    opening: tuple[str, ...] = ()  #: sentences before the points
    empty: str = "None."  #: what is said where there are no points; empty where the opening is enough

    @classmethod
    def listed(cls, heading: str, points: Iterable[str]) -> "PaperPart":
        """A part with points that nothing leads."""
        return cls(heading, tuple(("", one) for one in points))


@dataclass(frozen=True)
class Paper:
    """A paper."""

    title: str  #: whose it is
    kind: str  #: what it is, for the name of its file: "minutes", "pre-read"
    opening: tuple[str, ...]  #: what must be known of it: what it is and of when, for whom, then what else
    parts: tuple[PaperPart, ...]  #: in order

    @property
    def text(self) -> str:
        """The paper as plain text."""
        return "\n".join(map(_wrapped, self._lines())).rstrip() + "\n"

    def _lines(self) -> Iterator[str]:
        yield from (self.title, *self.opening[:2], "")
        if self.opening[2:]:
            yield from (*self.opening[2:], "")
        for part in self.parts:
            yield from (part.heading, *part.opening)
            yield from (f"- {f'{lead}: ' if lead else ''}{words}" for lead, words in part.points)
            if not part.points and part.empty:
                yield f"- {part.empty.removesuffix('.').lower()}"
            yield ""


def _wrapped(line: str) -> str:
    if not line.startswith("- "):
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
