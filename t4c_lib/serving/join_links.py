"""Join links: a secret in six words that opens one round, and nothing else, for whoever has it.

Links are in the memory of the server alone: in no store, backup or log. When the server is started again, the page of
the facilitator shows another one.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from mnemonic import Mnemonic

WORDS = 6  # of 2,048 each: 66 bits
MOST_LINKS = 200  # the oldest goes first
MOST_DEVICES = 60  # of a round
MOST_ENTRIES = 30  # of a device in a round: each stays in the store
DEVICE = re.compile(r"[\w-]{22}")  # what `new_device` makes


@cache
def word_list() -> dict[str, str]:
    """The English words of BIP 39 by their first four letters, which no two of them share."""
    return {word[:4]: word for word in Mnemonic("english").wordlist}


def new_words() -> tuple[str, ...]:
    """A secret that nobody guesses."""
    known = tuple(word_list().values())
    return tuple(secrets.choice(known) for _ in range(WORDS))


def read_words(text: str) -> tuple[str, ...] | None:
    """The words that somebody typed or followed, in any case, with any signs between them; None where they are none.

    Four letters of a word are enough.
    """
    typed = re.findall(r"[a-z]+", text.casefold())
    words = [word_list().get(one[:4], "") for one in typed]
    is_read = all(known.startswith(one) for one, known in zip(typed, words, strict=True))
    return tuple(words) if is_read and len(words) == WORDS else None


def new_device() -> str:
    """By what a device is known again: 128 random bits."""
    return secrets.token_urlsafe(16)


@dataclass
class JoinLink:
    """What a link opens."""

    code: str  #: of the organisation
    number: int  #: of the round
    words: Sequence[str] = field(default_factory=new_words, repr=False)  #: the secret
    #: by device what it entered last, as its form has it; a device finds its own again by its cookie.
    entries: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    count: dict[str, int] = field(default_factory=dict)  #: how often each device has entered

    @property
    def path(self) -> str:
        """The words as they stand in an address."""
        return "-".join(self.words)


class JoinLinks:
    """The links that were given out since the server started."""

    def __init__(self) -> None:
        self._by_secret: dict[str, JoinLink] = {}

    def of_round(self, code: str, number: int) -> JoinLink:
        """The link of a round, the same whenever it is asked for."""
        for one in self._by_secret.values():
            if (one.code, one.number) == (code, number):
                return one
        link = JoinLink(code, number)
        self._by_secret[_digest(link.words)] = link
        if len(self._by_secret) > MOST_LINKS:
            del self._by_secret[next(iter(self._by_secret))]
        return link

    def find(self, text: str) -> JoinLink | None:
        """The link of these words."""
        words = read_words(text)
        return self._by_secret.get(_digest(words)) if words else None


def _digest(words: Sequence[str]) -> str:
    # Looked up by its digest, a secret that is nearly right takes as long as any other.
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
