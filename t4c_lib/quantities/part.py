"""So many of so many."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """So many of so many: `done` of `all`, which is 0 where there is nothing to do."""

    done: int
    all: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> "Part":
        """Counted from what is done (true) and what is not."""
        listed = list(flags)
        return cls(sum(listed), len(listed))

    def __str__(self) -> str:
        return f"{self.done} of {self.all}"
