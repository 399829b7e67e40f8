"""What of the forum page may be published: the same tables, from published figures. To look at only."""

import traitlets

from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.controls.fields import Control
from t4c_lib.panels.forum_rows import ForumRow, forum_tables, intention_asked
from t4c_lib.panels.frame import Frame
from t4c_lib.periods import today
from t4c_lib.progress import as_published, plan_progress
from t4c_lib.sections.measure_progress import measure_section
from t4c_lib.sections.section import section_html


class PublishedForum(Control):
    """The intention of the address, with a chart of its measure, or of the first that has a figure.

    Raises NothingChosenError: the frame has no organisation.

    Args:
        top: the page's frame.
    """

    kind = traitlets.Unicode("forum").tag(sync=True)
    template = "forum.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum")
    live = False

    def __init__(self, top: Frame) -> None:
        store, organisation = top.chosen
        code, day = organisation.code, today()
        sources, revision = store.sources(code), store.latest_plan(code)
        plan = revision.plan if revision else None
        figures, self.plan, hidden = as_published(plan, store.observations(code), sources)
        self.top, self.organisation, self.policy = top, organisation, figures.policy.sentence
        self.number = intention_asked(top.address)
        record = store.partnership(code, day)
        rows = plan_progress(self.plan, figures.table, day, record=record, hidden=hidden) if self.plan else ()
        mine = [ForumRow(one, published=True) for one in rows if one.intention_number == self.number]
        self.tables = forum_tables(mine)
        drawn = [one for one in mine if one.counts and one.progress.latest is not None]
        asked = [one for one in drawn if top.address.measure in one.row.row_key] or drawn
        self.sections = [section_html(measure_section(one.progress, level=2)) for one in asked[:1]]
        super().__init__()

    @property
    def intention(self) -> Intention:
        return catalogue().intention(self.number)
