"""The forum page: see an organisation's staff aged 16 to 24, set an X, see what it means, save it."""

import datetime as dt
import secrets
from collections.abc import Sequence
from contextlib import suppress

import pandas as pd

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.published import PublishedFigures
from t4c_lib.errors import T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import text_html
from t4c_lib.panels.chart import Chart
from t4c_lib.panels.controls import Answer, Message
from t4c_lib.panels.forum_forms import SaveForm, TargetForm, refusal
from t4c_lib.panels.frame import Frame, NothingChosenError
from t4c_lib.panels.light_widgets import LIVE_ONLY, HBox, Html, VBox
from t4c_lib.panels.store_polling import Watch, unless_saved
from t4c_lib.parameters import own_assumptions
from t4c_lib.periods import Month, today
from t4c_lib.plan import Plan, Target
from t4c_lib.progress import NoStartError, ShareOutlook, TargetOutcome, published_figures, published_plan
from t4c_lib.sections import Section
from t4c_lib.sections.known_figures import sickness_section
from t4c_lib.sections.section import figures_html, section_html
from t4c_lib.sections.young_share import (
    MEASURE,
    TWIN_WORDS,
    WHOLE,
    ShareHistory,
    people_words,
    plan_with_share,
    saved_target,
    share_picture,
    what_it_means,
    what_it_rests_on,
    what_it_takes,
    where_we_stand,
)
from t4c_lib.store import MergeClashError, Revision, Saved, Store, StoreChange, StoreError
from t4c_lib.store.engine import LostAnswerError

ONE_MEASURE = (
    "This page sets one X so far: the share of staff aged 16 to 24. All other rows are set in the plan's file, which "
    "Home gives and takes."
)


class ForumPanel:
    """What stands on the page. Everything typed stays when a save is refused.

    Args:
        top: the page's frame. It says which organisation is meant, and there the revision and the last step are told.

    Attributes:
        box: the widget to show.

    Raises:
        NothingChosenError: the frame has no organisation.
    """

    def __init__(self, top: Frame) -> None:
        self._top = top
        self._store, self._organisation = top.chosen
        self._observations = pd.DataFrame()
        self._history = ShareHistory(pd.DataFrame(), pd.DataFrame())
        self._revision: Revision | None = None
        self._outlook: ShareOutlook | None = None
        self._agreed_target: Target | None = None  # what a side agreed to, as long as it is what is saved
        self.target_form = TargetForm(self._changed)
        self.save_form = SaveForm(self._save, self.target_form.fields)
        self._news, self._trouble = Message(self._show), Message()
        self._standing, self._saved, self._agreed = Html(), Html(), Html()
        self._taking, self._figures, self._basis = (Html() for _ in range(3))
        form = self.target_form
        self._meaning = Answer(form.amount, form.kind, form.base, form.kinds)
        self._picture_title = Html()
        self._chart: Chart | None = None
        self._chart_place = VBox()
        self._target_part = self._lay_out()
        self.box = VBox([self._trouble, self._standing, self._target_part])
        self._watch = Watch(self._store, self._others_saved, self._store_answers)
        self._show()

    def _lay_out(self) -> VBox:
        # Side by side where there is room, so that the answer is in sight of the hand that types.
        form = VBox(
            [_heading("Set the X"), self._saved, self._agreed, self._news, self.target_form.box],
            layout={"flex": "1 1 19rem"},
        )
        answer = VBox(
            [self._meaning, self._picture_title, self._chart_place, self._figures],
            layout={"flex": "2 1 32rem", "min_width": "0"},
        )
        together = HBox([form, answer], layout={"align_items": "flex-start"})
        saving = VBox([_heading("Save it for everyone"), self.save_form.box])
        saving.add_class(LIVE_ONLY)
        return VBox([together, self._taking, saving, self._basis], layout={"display": ""})

    def _show(self) -> None:
        known = unless_saved(self._store, self._organisation.code, "forum", self._gather)
        self._revision, self._observations, self._history, self._standing.value, outlook = known
        self.save_form.clear()
        # A newer state: what the page showed before is not to be saved as this.
        self.save_form.button.about = f"{self._organisation.code} {secrets.token_hex(4)}"
        self._news.say("")
        if outlook is None or outlook.today is None:
            self._show_what_is_there()
            return
        self._outlook, self._top.undo = outlook, self.target_form.undo
        self._target_part.layout.display = ""
        self.target_form.start_from(outlook.today, Month.of(today()))
        target = self._saved_target()
        if target is not None:
            self.target_form.show(target.baseline, target.change, target.due)
        baselines = [one for _, one in self.target_form.base.options]
        self._meaning.start_from(baselines, outlook.today, people_words(outlook.today), TWIN_WORDS)
        self._show_saved()
        basis = what_it_rests_on(outlook.opened.start)
        self._basis.value = f"<details><summary>What this rests on</summary>{section_html(basis)}</details>"
        self._redraw()

    def _gather(self) -> tuple[Revision | None, pd.DataFrame, ShareHistory, str, ShareOutlook | None]:
        """Where the share stands, and where it may go; None for that where nobody was counted by age."""
        code = self._organisation.code
        revision, observations = self._store.latest_plan(code), self._store.observations(code)
        history = ShareHistory.of(observations, today())
        standing = section_html(where_we_stand(observations, self._organisation, today()))
        outlook = _outlook(revision.plan if revision else None, self._organisation, observations, today())
        return revision, observations, history, standing, outlook

    def _plan(self) -> Plan:
        """The saved plan with a row for the share; a first one where none is saved."""
        saved = self._revision.plan if self._revision else None
        return plan_with_share(saved, self._organisation, Month.of(today()).financial_year)

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        """Say that what is shown here is no longer the newest. Nothing that somebody types is touched."""
        shown = self._revision.revision if self._revision else 0
        for change in reversed(changes):
            here = change.organisation in {"", self._organisation.code}
            if change.what in {"agreement", "pledge"} and here:
                self._show_saved()
            if change.what == "plan" and here and change.number > shown:
                self._news.say(f"{change.by} saved a newer X.", button="Show it")
                return
            if change.what in {"evidence", "restore"} and here:
                self._news.say("There are newer figures.", button="Show them")
                return

    def _store_answers(self, trouble: str) -> None:
        """Say what is wrong with the store; nothing while nothing is."""
        self._trouble.say(trouble and f"{trouble} Meanwhile this page can't show what others save.", tone="refused")

    def _show_what_is_there(self) -> None:
        self._outlook = self._top.undo = None
        self._target_part.layout.display = "none"
        self._top.saved(self._revision)
        self._standing.value += section_html(sickness_section(self._observations, self._organisation))
        record = self._store.partnership(self._organisation.code, today())
        self._standing.value += "".join(map(_paragraph, (record.agreed_sentence, record.pledge_sentence)))

    def _show_saved(self) -> None:
        """What is saved, how far the two sides are with it, and with the plan and the pledge."""
        self._top.saved(self._revision)
        self._saved.value = _paragraph(self._saved_sentence(self._saved_target()))
        record = self._store.partnership(self._organisation.code, today())
        row = self._plan().row_of((MEASURE, WHOLE, ""))
        standing = record.of_row(row).standing if row is not None and self._revision is not None else None
        told = [f"This X: {standing.state_words}."] if standing is not None else []
        self._agreed.value = "".join(map(_paragraph, (*told, record.agreed_sentence, record.pledge_sentence)))
        self._agreed_target = self._saved_target() if standing is not None and standing.agreed_by else None

    def _saved_target(self) -> Target | None:
        return saved_target(self._revision.plan if self._revision else None)

    def _saved_sentence(self, target: Target | None) -> str:
        if target is None or self._revision is None:
            return "No target is saved yet. Try one: what it means is shown as you type."
        newest = self._outlook.today if self._outlook else None
        return f"Saved: {target.reading(newest).sentence}; by {target.due.label}. The plan is at {self._revision}."

    def _as_stored(self, saved: Saved) -> str:
        """What was saved, as the store gave it back."""
        target, revision = saved_target(saved.revision.plan), saved.revision
        assert target is not None  # noqa: S101  (it was just saved)
        sentence = target.reading(self._outlook.today if self._outlook else None).sentence
        what = f"{sentence}, by {target.due.label}, revision {revision.revision} by {revision.by}"
        others = "".join(f", put together with {one.by}'s revision {one.revision}" for one in saved.merged_with)
        return f"{what}{others}, {revision.at:%H:%M} UTC. Everybody who opens this page now sees it."

    def _outcome(self) -> TargetOutcome:
        assert self._outlook is not None  # noqa: S101  (the form is hidden without)
        form = self.target_form
        return self._outlook.outcome(form.baseline, form.change, form.due_month)

    def _changed(self) -> None:
        self.save_form.changed()
        self._redraw()

    def _redraw(self) -> None:
        try:
            result = self._outcome()
        except (T4CError, ValueError) as error:
            self._meaning.tell(section_html(Section("What this X means", warning=str(error), level=3)))
            self._taking.value = ""
            self._draw(None)
            return
        self._draw(result)  # first, for its way to the eye is the longest
        form, agreed = self.target_form, self._agreed_target
        other = agreed is not None and (form.change, form.due_month) != (agreed.change, agreed.due)
        self.save_form.warn("This X has been agreed. Saving another re-opens it for both sides." if other else "")
        self._meaning.tell(section_html(what_it_means(result)))
        self._taking.value = section_html(what_it_takes(result))

    def _draw(self, result: TargetOutcome | None) -> None:
        picture = share_picture(self._history, result)
        if picture is None or picture.drawing is None:
            return
        if self._chart is None:
            self._chart = self._meaning.chart = Chart(picture.drawing)
            self._chart_place.children = (self._chart,)
        else:
            self._chart.show(picture.drawing)
        self._picture_title.value = _heading_html(picture.title, 3)
        self._figures.value = figures_html(picture)

    def _save(self) -> None:
        try:
            self._outcome()
            form = self.target_form
            saved = self._store.save_merged(
                self._plan().with_target(Target(MEASURE, WHOLE, "", form.baseline, form.change, form.due_month)),
                by=self.save_form.by.value,
                side=self.save_form.side.value or "",
                note=self.save_form.note.value,
                parent_revision=self._revision.revision if self._revision else None,
            )
        except MergeClashError as conflict:
            self._revision = self._store.latest_plan(self._organisation.code)
            self._show_saved()
            self._news.say("")
            self.save_form.refused(f"{conflict}\nWhat you typed is still here; press save again to save it anyway.")
        except (T4CError, ValueError) as error:
            self.save_form.refused(
                refusal(error), "Perhaps saved." if isinstance(error, LostAnswerError) else "Not saved."
            )
            if isinstance(error, StoreError):
                raise  # whoever looks after the workbook finds it in the log
        else:
            before = self._revision.revision if self._revision else 0
            is_ours = saved.revision.revision > before or saved.revision.by == self.save_form.by.value.strip()
            self._revision = saved.revision
            self._news.say("")
            self._show_saved()
            self.save_form.warn("")
            self.save_form.done(self._as_stored(saved), "Saved:" if is_ours else "Nothing new, saved already:")


def _outlook(
    plan: Plan | None, organisation: Organisation, observations: pd.DataFrame, day: dt.date
) -> ShareOutlook | None:
    """Where the share may go; None where nobody was counted by age."""
    whole = plan_with_share(plan, organisation, Month.of(day).financial_year)
    with suppress(NoStartError):
        return ShareOutlook(whole, observations, day, (MEASURE, WHOLE, ""), own_assumptions(organisation.code))
    return None


def published_forum(store: Store, organisation: Organisation) -> VBox:
    """What of the page may be published: the same figures and target, made from published figures. To look at only."""
    sources = store.sources(organisation.code)
    figures = published_figures(store.observations(organisation.code), sources)
    revision = store.latest_plan(organisation.code)
    plan = published_plan(revision.plan, sources) if revision else None
    shown = map(section_html, published_sections(organisation, figures, plan, today()))
    return VBox([Html(_paragraph(figures.policy.sentence) + "".join(shown))])


def published_sections(
    organisation: Organisation, figures: PublishedFigures, plan: Plan | None, day: dt.date
) -> tuple[Section, ...]:
    """What the page shows of an organisation to everybody.

    Args:
        organisation: whose figures they are.
        figures: as they may be published; exact ones are of another type, which is refused.
        plan: with its baselines as they may be published; None where there is none.
        day: the last one that counts, itself included.
    """
    target, outcome = saved_target(plan), None
    if target is not None and target.due.last_day > day:
        outlook = _outlook(plan, organisation, figures.table, day)
        outcome = outlook.outcome(target.baseline, target.change, target.due) if outlook else None
    words = what_it_takes(outcome).sentences if outcome else ("There is no target that can be published.",)
    picture = share_picture(ShareHistory.of(figures.table, day), outcome)
    return (
        where_we_stand(figures.table, organisation, day),
        Section("The target for staff aged 16 to 24", words, picture=picture),
        sickness_section(figures.table, organisation, day),
    )


def forum(top: Frame) -> VBox:
    """The forum page's widget, for the organisation of its frame.

    For everybody (`audience=published` in the page's address) it shows what may be published, and nothing can be set.

    Args:
        top: the page's frame.
    """
    try:
        if top.address.audience is Audience.PUBLISHED:
            return published_forum(*top.chosen)
        page = ForumPanel(top).box
        if not _is_shown(top.address):
            top.say(" ".join(filter(None, (top.said, ONE_MEASURE))))
        return page
    except NothingChosenError as error:
        return VBox([Html(_paragraph(str(error)))])
    except T4CError as error:
        return VBox([Html(section_html(Section("This page can't be shown", warning=error.on_page)))])


def _is_shown(address: Address) -> bool:
    intention = catalogue().intention(address.intention) if address.intention else None
    is_of_it = intention is None or MEASURE in {one.key for one in intention.measures}
    return is_of_it and address.measure in {"", MEASURE}


def _paragraph(text: str) -> str:
    return f"<p>{text_html(text)}</p>"


def _heading_html(text: str, level: int) -> str:
    return f"<h{level}>{text_html(text)}</h{level}>"


def _heading(text: str) -> Html:
    return Html(_heading_html(text, 3))
