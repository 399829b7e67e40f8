"""Saves the demonstration's work experience programme: three years and 400 placements, made up from a seed.

`t4c demo load` runs it. What is there is left. The organisation, its partners and everybody placed are fictional; the
numbers of placements and courses a year are those that its plan (parameters/demo/DEMO-MH.yaml) counts from.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from t4c_lib.programme.records import record_kind
from t4c_lib.programme.register import months_after
from t4c_lib.store import Store

CODE, BY, SEED = "DEMO-MH", "Rowan Placeholder", 20261126
STORY = dt.date(2026, 11, 26)  # the day on which the demonstration stands
HOUR = dt.time(10, tzinfo=dt.UTC)
# By financial year: placements of work experience that were planned and hosted, and people who came to volunteer.
YEARS = {2024: (66, 55, 52), 2025: (80, 68, 58), 2026: (80, 46, 64)}
PARTNERS = {
    "Oldfold Sixth Form College": "school or sixth form college",
    "Quillford College": "further education college",
    "Quillford Youth Trust": "charity",
    "Job centre, Quillford": "job centre",
    "Volunteers' centre": "charity",
}
SETTINGS = {
    "Adult Community": 5,
    "Adult Inpatient": 4,
    "Learning Disability": 2,
    "Older People": 4,
    "Corporate Services": 5,
}
COURSES = {
    "Into care, spring 2025": "2025-02",
    "Into care, autumn 2025": "2025-10",
    "Into care, spring 2026": "2026-02",
    "Into care, autumn 2026": "2026-10",
}
# Programme, partner, days, and how often of ten.
KINDS = (
    ("Work experience", "Oldfold Sixth Form College", 5, 4),
    ("Work experience", "Job centre, Quillford", 10, 2),
    ("Pre-employment course", "Quillford Youth Trust", 20, 2),
    ("T Level industry placement", "Quillford College", 42, 1),
    ("Supported internship", "Quillford College", 60, 1),
)
LEAVERS = (("2024-09", "8"), ("2025-09", "9"))  # who chose an NHS career, as the college reports
LISTS: dict[str, list[dict[str, str]]] = {
    "policy": [
        {"title": "Work experience policy, version 2", "owner": "Work Experience Coordinator", "status": "in force",
         "approved_on": "14/10/2025", "approved_by": "People Committee", "link": "intranet, policies, WF 12",
         "review": "October 2026"},
        {"title": "Induction pack for placements", "owner": "Work Experience Coordinator", "status": "under review",
         "review": "March 2027"},
    ],
    "campaign": [
        {"title": "Careers week at Quillford College", "month": "March 2025", "aim": "Show support roles to students.",
         "activities": "Stand, two talks by support workers", "audience": "Students aged 16 to 18", "reach": "240"},
        {"title": "Where I started", "month": "March 2026", "aim": "Staff tell how they came to the trust.",
         "activities": "Old photographs, quotes on the intranet", "audience": "Staff and local people",
         "pages": "Work experience pages, internet and intranet", "reach": "1,900"},
    ],
    "recognition": [
        {"title": "Regional widening participation awards", "by": "the training hub", "on": "July 2025",
         "result": "shortlisted", "categories": "1"},
        {"title": "Celebration of learners", "by": "the trust and staff side", "on": "October 2025", "result": "held",
         "held": "09/10/2025", "shows": "celebration"},
    ],
    "story": [
        {"title": "From a week on the ward to a job in it", "published": "12/05/2025", "link": "website, news"},
        {"title": "A supported internship in estates", "published": "03/11/2025", "link": "website, news"},
        {"title": "Two students and an open day", "published": "16/02/2026", "link": "staff magazine, spring"},
    ],
    "ambassador": [
        {"post": post, "employer": "Quillhaven Mental Health NHS Trust", "trained": day}
        for post, day in (("Healthcare assistant, Older People", "05/06/2024"), ("Occupational therapy assistant",
        "05/06/2024"), ("Ward clerk", "17/09/2024"), ("Senior healthcare assistant", "11/06/2025"),
        ("Peer support worker", "11/06/2025"), ("Nursing associate", "10/06/2026"))
    ],
    "representative": [
        {"union": branch, "role": "Union Learning Rep", "since": since, "hours": "6"}
        for branch, since in (("Support staff branch", "01/05/2023"), ("Support staff branch", "01/05/2023"),
        ("Estates branch", "01/09/2023"), ("Community branch", "01/02/2024"), ("Support staff branch", "01/10/2025"))
    ],
    "reflection": [
        {"quarter": "January to March 2026", "did": "Two courses ran, and March was our month of campaigns.",
         "changed": "Every placement now ends with the same six questions.",
         "learned": "People who are asked on the last day answer; those who are written to later often don't.",
         "next": "Book follow-ups when the placement is booked."},
    ],
}  # fmt: skip


class Programme:
    """What is saved, in the order in which it would have been."""

    def __init__(self, store: Store) -> None:
        self.store, self.random = store, np.random.default_rng(SEED)

    def save(self, kind: str, texts: list[dict[str, str]], day: dt.date) -> list[str]:
        known = self.store.programme.register(CODE).known
        read = [record_kind(kind).take(one, known) for one in texts]
        return [one.ref for one in self.store.programme.add(CODE, kind, read, by=BY, at=dt.datetime.combine(day, HOUR))]

    def one_of(self, shares: Mapping[str, float]) -> str:
        """One of some words, by how often each is said of a hundred."""
        return str(self.random.choice([*shares], p=np.array([*shares.values()]) / sum(shares.values())))

    def placements(self, year: int) -> list[dict[str, Any]]:
        """The year's placements, by their first days, without what became of them."""
        planned, hosted, volunteers = YEARS[year]
        kinds = [kind for kind in KINDS for _ in range(kind[3])]
        made = [self._placement(year, *kinds[place % len(kinds)][:3]) for place in range(planned)]
        made.sort(key=lambda one: one["first"])
        over = [one for one in made if one["first"] <= STORY]
        for place, one in enumerate(over):
            took_place = place * hosted // len(over) != (place + 1) * hosted // len(over)
            ended = one["first"] + dt.timedelta(days=int(one["days"]) * 7 // 5) <= STORY
            after = self.one_of({"completed": 90, "left": 10}) if ended else "hosted"
            one["stage"] = after if took_place else self.one_of({"planned": 40, "offered": 60})
        made += [self._placement(year, "Volunteering", "Volunteers' centre", 20) for _ in range(volunteers)]
        for one in made[planned:]:
            one["stage"] = "completed" if one["first"] <= STORY - dt.timedelta(days=60) else "planned"
        return sorted(made, key=lambda one: one["first"])

    def _placement(self, year: int, programme: str, partner: str, days: int) -> dict[str, Any]:
        first = dt.date(year, 4, 1) + dt.timedelta(days=int(self.random.integers(0, 364)))
        first -= dt.timedelta(days=first.weekday())
        first = max(first, dt.date(year, 4, 1))
        one: dict[str, Any] = {"programme": programme, "partner": partner, "days": str(days), "stage": "planned"}
        if programme == "Pre-employment course":
            months = {name: month for name, month in COURSES.items() if _in_year(month, year)}
            name = [*months][int(self.random.integers(len(months)))]
            first = dt.date.fromisoformat(f"{months[name]}-03")
            one["course"] = name
        young = programme != "Volunteering" and partner != "Job centre, Quillford"
        ages = {"16 to 18": 75, "19 to 24": 25} if young else {"19 to 24": 35, "25 and over": 65}
        before = {"school, college": 100} if young else {"unemployed": 75, "other work": 25}
        one |= {"first": first, "starts": first.isoformat(), "setting": self.one_of(dict.fromkeys(SETTINGS, 1.0))}
        one |= {
            "age": self.one_of(ages),
            "before": self.one_of(before),
            "area": self.one_of({"local": 85, "elsewhere": 15}),
        }
        one |= {"role": self.one_of({"support": 60, "registered": 20, "both": 20})}
        one |= {"sex": self.one_of({"female": 65, "male": 28, "not asked": 7})}
        one |= {
            "ethnicity": self.one_of({"White": 58, "Asian": 13, "Black": 11, "Mixed": 5, "Other": 3, "not asked": 10})
        }
        one |= {"disability": self.one_of({"no": 76, "yes": 10, "not asked": 14})}
        if programme == "T Level industry placement":
            one["hours"] = "315"
        return one

    def feedback(self, one: dict[str, Any]) -> None:
        """What somebody says on the last day."""
        if one["stage"] == "completed":
            one["wants_career"] = self.one_of({"yes": 72, "unsure": 5, "no": 5, "not asked": 18})
            if one["wants_career"] != "not asked":
                one["rating"] = self.one_of({"5": 55, "4": 33, "3": 10, "2": 2})

    def outcomes(self, ref: str, one: dict[str, Any]) -> list[tuple[dt.date, dict[str, str]]]:
        """What became of somebody, as far as it was asked by the day of the story."""
        if one["stage"] != "completed":
            return []
        last = one["first"] + dt.timedelta(days=int(one["days"]) * 7 // 5)
        volunteers = one["programme"] == "Volunteering"
        far = {"started": 18, "offered": 7, "applied": 16, "elsewhere": 29, "none": 13, "": 17}
        became = self.one_of({"started": 10, "elsewhere": 20, "none": 52, "": 18} if volunteers else far)
        if not became:
            return []
        nhs = self.one_of({"NHS job": 55, "NHS apprenticeship": 30, "course leading to an NHS role": 15})
        what = {"elsewhere": self.one_of({"college or university": 65, "other work": 35}), "none": "none yet"}.get(
            became, nhs
        )
        stage = became if what == nhs else ""
        found = []
        for asked_at, months in (("3 months", 3), ("6 months", 6), ("12 months", 12)):
            day = months_after(last, months)
            if day <= STORY and (asked_at != "12 months" or self.random.random() < 0.4):
                early = what == nhs and asked_at == "3 months" and stage == "started"
                said = {"placement": ref, "asked_at": asked_at, "on": day.isoformat(), "what": what}
                found.append((day, {**said, "stage": "applied" if early else stage}))
        return found


def _in_year(month: str, year: int) -> bool:
    return f"{year}-04" <= month < f"{year + 1}-04"


def main() -> None:
    """Save what isn't there yet into the store that is meant, and say so."""
    with Store.open() as store:
        if store.programme.register(CODE).entries:
            return
        made, began = Programme(store), dt.date(2024, 4, 1)
        made.save("partner", [{"name": name, "type": kind} for name, kind in PARTNERS.items()], began)
        made.save("setting", [{"name": name, "places": str(places)} for name, places in SETTINGS.items()], began)
        courses = [
            {"name": name, "programme": "Pre-employment course", "starts": month, "partners": "Quillford Youth Trust"}
            for name, month in COURSES.items()
        ]
        made.save("course", courses, began)
        count, told = 0, []
        for year in YEARS:
            those = made.placements(year)
            for one in those:
                made.feedback(one)
            texts = [{key: value for key, value in one.items() if key != "first"} for one in those]
            refs = made.save("placement", texts, min(dt.date(year + 1, 3, 31), STORY))
            told += [entry for ref, one in zip(refs, those, strict=True) for entry in made.outcomes(ref, one)]
            count += len(refs)
        made.save("outcome", [said for _, said in sorted(told, key=lambda one: one[0])], STORY)
        for kind, texts in LISTS.items():
            made.save(kind, texts, STORY)
        visits = [
            {"ambassador": f"A-{1 + place % 5:04}", "on": day, "what": "school visit", "contacts": str(18 + 7 * place)}
            for place, day in enumerate(
                ("2024-11-12", "2025-02-04", "2025-06-24", "2025-11-18", "2026-03-10", "2026-10-06")
            )
        ]
        made.save("activity", visits, STORY)
        college = {"partner": "Oldfold Sixth Form College"}
        reports = [{**college, "month": month, "people": people} for month, people in LEAVERS]
        made.save("destination", reports, STORY)
        sys.stdout.write(f"work experience programme of {CODE}: {count} placements\n")


if __name__ == "__main__":
    main()
