"""Changes of an intention beside its opened row: rows of the plan's own, and one press for many rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from t4c_lib.errors import InputError
from t4c_lib.panels.forum_rows import row_id
from t4c_lib.panels.forum_view import ForumPart
from t4c_lib.panels.typed_rows import own_row, typed_texts
from t4c_lib.plan import RowState
from t4c_lib.quantities import count_of


class IntentionChanges(ForumPart):
    """Answers the messages of the forum page that are about such changes."""

    def do_add(self, content: Mapping[str, Any]) -> None:
        self._page.leave_row()
        self._page.adding = "action" if content.get("what") == "action" else "measure"
        self._page.focus = "new_text"
        self._page.show()

    def do_create(self, content: Mapping[str, Any]) -> None:
        """A row of the plan's own."""
        typed = typed_texts(content)
        words = typed.get("new_text", "").strip()
        self._page.errors = {}
        if not words:
            self._page.errors, self._page.focus = {"new_text": "Say in a few words what it is."}, "new_text"
            self._page.show()
            return
        taken = {one.row_key[1] for one in self._page.view.every_row}
        try:
            made = own_row(self._page.adding, self._page.view.number, words, typed, taken)
        except InputError as error:
            self._page.refuse_fields(
                [replace(one, place=f"new_{one.place.rpartition('.')[2]}") for one in error.problems]
            )
            return
        self._page.save_rows(((None, made),), f"{words}, added", row_id(made.row_key))

    def do_remove(self, content: Mapping[str, Any]) -> None:
        """Take a row of the plan's own out again."""
        shown = self._page.row
        if shown is not None and content.get("row") == self._page.opened and shown.row.state is RowState.ADDED:
            self._page.save_rows(((shown.row, None),), f"{shown.name}, taken out")

    def do_posts(self, content: Mapping[str, Any]) -> None:
        """One responsible post for all rows of the intention that need one and have none."""
        post = str(content.get("post", "")).strip()
        if not post:
            self._page.errors, self._page.focus = {"posts": "Enter the post, such as Head of Learning."}, "posts"
            self._page.show()
            return
        self._page.errors = {}
        rows = [(row, row.changed(post=post)) for row in self._page.view.without_post]
        self._page.save_rows(rows, f"{post} for {count_of(len(rows), 'rows')} of intention {self._page.view.number}")

    def do_baselines(self, _content: Mapping[str, Any]) -> None:
        """The newest figure as baseline, of every row of the intention that has a figure and no baseline."""
        if rows := self._page.view.with_newest:
            self._page.save_rows(rows, f"newest figures as baselines of {count_of(len(rows), 'rows')}")
