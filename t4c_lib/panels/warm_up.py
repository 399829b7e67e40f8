"""What a page does first, done once in the process that kernels are forked from, so that no kernel does it anew."""

from __future__ import annotations

from contextlib import suppress

import ipywidgets

from t4c_lib.errors import T4CError
from t4c_lib.panels.forum import ForumPanel
from t4c_lib.store import Store


def warm_up() -> None:
    """Make the forum page's widgets from the store as it is, charts as specifications included, and forget them.

    Nothing is drawn here: a drawing engine's threads don't survive a fork. A store that can't be read is the page's
    to tell.
    """
    with suppress(T4CError), Store.open() as store:
        ForumPanel(store)
    ipywidgets.Widget.close_all()
