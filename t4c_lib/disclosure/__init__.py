"""Small numbers: what of people's counts may leave the forum, and what a reader could work out of it.

Figures become public by `published.publish` and in no other way. Here stands only what commands ask for before numpy
and scipy are loaded.
"""

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
