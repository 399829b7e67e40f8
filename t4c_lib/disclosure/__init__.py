"""Small numbers: what of people's counts may leave the forum, and what a reader could work out of it.

Figures become public by `published.publish` and in no other way. Here stands only what commands ask for before numpy
and scipy are loaded.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from enum import StrEnum

INSIDE = "-inside-the-forum"  # ends the name of a file with exact figures


class Audience(StrEnum):
    """For whom figures are: the partnership forum sees exact ones; what is published keeps to the policy."""

    FORUM = "forum"
    PUBLISHED = "published"

    @property
    def marking(self) -> str:
        """What stands on every page, paper and file for them."""
        if self is Audience.FORUM:
            return "Inside the forum: not for publication"
        return "Published figures: small numbers are hidden"


# Where a page carries the digest of itself, so that a change made later shows.
DIGEST = '<meta name="t4c-digest" content="">'
_DIGEST = re.compile(DIGEST.replace('""', '"([0-9a-f]{64})"'))


def with_digest(page: str) -> str:
    """A finished page with its own digest (SHA-256, hexadecimal) where DIGEST stands in it."""
    return page.replace(DIGEST, DIGEST.replace('""', f'"{digest_of_text(page)}"'), 1)


def is_as_made(page: str) -> bool:
    """Whether nothing in a page was changed since `with_digest` made it; False where it carries no digest."""
    found = _DIGEST.search(page)
    return found is not None and digest_of_text(page.replace(found[0], DIGEST, 1)) == found[1]


# Where a paper in Word carries the digest of all its parts, properties and all.
SEAL = "0" * 64
_ABOUT = "docProps/core.xml"
_SEALED = re.compile(rb"[0-9a-f]{64}")


def sealed(paper: bytes) -> bytes:
    """A finished Word file with its own digest (SHA-256, hexadecimal) where SEAL stands in its properties."""
    parts = parts_of(paper)
    parts[_ABOUT] = parts[_ABOUT].replace(SEAL.encode(), _digest_of_parts(parts).encode())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def is_still_sealed(parts: Mapping[str, bytes]) -> bool:
    """Whether nothing in a Word file was changed since `sealed` made it; False where it carries no digest."""
    found = _SEALED.search(about := parts.get(_ABOUT, b""))
    return bool(
        found and _digest_of_parts({**parts, _ABOUT: about.replace(found[0], SEAL.encode())}) == found[0].decode()
    )


def parts_of(package: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name, in their order. Raises what zipfile raises for a damaged file."""
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _digest_of_parts(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(parts.items()):
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def digest_of_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal. Ends of lines count alike, however a computer writes them."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
