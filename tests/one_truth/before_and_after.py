"""Every figure of every surface, kept at one commit and compared at another: figures byte for byte, words may differ.

python -m tests.one_truth.before_and_after keep FILE       what is shown of the demonstration and two extremes
python -m tests.one_truth.before_and_after compare FILE    the same now, and every figure that differs
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import tempfile
from difflib import SequenceMatcher
from html import unescape
from pathlib import Path

from benchmarks.demo_store import demonstration
from t4c_lib.store import Store
from tests.one_truth.extremes import add_extremes
from tests.one_truth.gather import texts_of

AS_OF = dt.date(2026, 11, 26)
FIGURE = re.compile(r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?%?")
SEEN = re.compile(r'aria-label="([^"]+)"|>([^<>]+)<')
CONTEXT = 50  # characters before a figure and 20 after it


def shown_now() -> dict[str, str]:
    """What is shown, by organisation and surface."""
    with demonstration(), Store.open() as store, tempfile.TemporaryDirectory() as folder:
        add_extremes(store, Path(folder))
        texts = {one.code: texts_of(store, one.code, AS_OF) for one in store.organisations()}
    return {f"{code}: {name}": _seen(text) for code, some in texts.items() for name, text in some.items()}


def _seen(text: str) -> str:
    if "<section" in text:
        text = "\n".join(unescape(label or words) for label, words in SEEN.findall(text))
    return re.sub(r"\s+", " ", text)


def differing(before: str, after: str) -> tuple[int, list[str]]:
    """How many figures are the same in both, and each place where they aren't, with the words around it."""
    old, new = list(FIGURE.finditer(before)), list(FIGURE.finditer(after))
    matcher = SequenceMatcher(None, [one[0] for one in old], [one[0] for one in new], autojunk=False)
    same, places = 0, []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            same += old_to - old_from
        else:
            places.append(f"- {_around(before, old[old_from:old_to])}\n    + {_around(after, new[new_from:new_to])}")
    return same, places


def _around(text: str, figures: list[re.Match[str]]) -> str:
    if not figures:
        return "(none)"
    return (
        f"[{' '.join(one[0] for one in figures)}] {text[max(0, figures[0].start() - CONTEXT) : figures[-1].end() + 20]}"
    )


def main() -> int:
    """Keep, or compare and say what differs; 1 if any figure does."""
    what, file = sys.argv[1], Path(sys.argv[2])
    now = shown_now()
    if what == "keep":
        file.write_text(json.dumps(now, ensure_ascii=False, indent=1), encoding="utf-8")
        print(
            f"{len(now)} texts with {sum(len(FIGURE.findall(text)) for text in now.values()):,} figures kept in {file}"
        )
        return 0
    before: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    same_in_all = differ_in_all = 0
    for name in sorted(before.keys() | now.keys()):
        same, places = differing(before.get(name, ""), now.get(name, ""))
        same_in_all, differ_in_all = same_in_all + same, differ_in_all + len(places)
        if places:
            print(
                "\n".join(
                    [
                        f"{name}: {same:,} figures the same, {len(places)} places differ",
                        *(f"    {one}" for one in places),
                    ]
                )
            )
    print(f"{same_in_all:,} figures the same in {len(now)} texts; {differ_in_all} places differ")
    return bool(differ_in_all)


if __name__ == "__main__":
    sys.exit(main())
