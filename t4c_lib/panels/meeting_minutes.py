"""The minutes of a meeting on the forum page: of a day, to read there and to take along as a Word file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from t4c_lib.documents import minutes_paper
from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.forum_view import ForumPage
from t4c_lib.panels.typed_rows import entered_day
from t4c_lib.periods import today
from t4c_lib.plan.partnership.partnership_record import Minutes
from t4c_lib.store import Store
from t4c_lib.typed_text import capitalised


class MeetingMinutes:
    """Answers the messages of the forum page that are about minutes.

    Args:
        page: the forum page.
        store: where everything is on record.
        code: of the organisation.
        hand_over: gives a file, by name and content, to the browser.

    Attributes:
        shown: the minutes that stand on the page; None while none do.
    """

    def __init__(self, page: ForumPage, store: Store, code: str, hand_over: Callable[[str, bytes], None]) -> None:
        self._page, self._store, self._code, self._hand_over = page, store, code, hand_over
        self.shown: Minutes | None = None
        self.messages: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "minutes": self._show,
            "minutes-word": self._to_word,
        }

    def _show(self, content: Mapping[str, Any]) -> None:
        """Show them, of the days that were entered; with `close`, show them no more."""
        if content.get("close"):
            self.shown = None
            self._page.show()
            return
        try:
            first, last, meets = (entered_day(content, name) for name in ("first", "last", "next"))
            self.shown = self._store.minutes(self._code, first or today(), last)
        except T4CError as error:
            words = [one.message for one in error.problems] if isinstance(error, InputError) else [str(error)]
            self._page.refuse(capitalised(" ".join(words)), "first", "title")
            return
        present = tuple(filter(None, map(str.strip, str(content.get("present", "")).split(","))))
        self.shown = replace(self.shown, present=present, next_meeting=meets)
        self._page.focus = "minutes"
        self._page.show()

    def _to_word(self, _content: Mapping[str, Any]) -> None:
        if (made := self.shown) is not None:
            self._hand_over(f"{self._code}-minutes-{made.first}-inside-the-forum.docx", minutes_paper(made))
