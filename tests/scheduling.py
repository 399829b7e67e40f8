"""Which files of tests go to one worker, because they share a server, and in what order: the longest go first."""

from __future__ import annotations

# A file, or a test, belongs to the first of these whose beginning of a path is its own. The order is that of the time
# they take.
TOGETHER = {
    "forum": (
        *("tests/browser/test_forum", "tests/browser/test_faulty_line", "tests/browser/test_arithmetic.py"),
        *("tests/browser/test_published_page.py", "tests/browser/test_saved_page.py"),
        "tests/browser/test_takeover.py::test_the_forum_page_is_taken_over_where_it_stands",
    ),
    "notebooks": (
        *("tests/browser/test_chart.py", "tests/browser/test_failures.py"),
        *("tests/browser/test_front_end.py", "tests/browser/test_page_shell.py"),
        "tests/serving/test_no_places.py",
    ),
    "attacked": (
        *("tests/serving/test_hostile", "tests/serving/test_frames.py", "tests/serving/test_server.py"),
        *("tests/serving/test_caps.py", "tests/serving/test_guards.py"),
    ),
}
LARGE_SETS = "tests/test_large_sets.py"  # only in `make test-long`; each takes minutes
# The files beside them that take long; the others follow in their order.
LONG = (
    LARGE_SETS,
    *("tests/one_truth/", "tests/recipes/", "tests/serving/test_kernels.py", "tests/browser/"),
    *("tests/panels/test_what_if", "tests/workbooks/"),
    *("tests/disclosure/test_sown_counts.py", "tests/test_first_hour.py", "tests/sections/test_figures_kept.py"),
    *("tests/evidence/test_evidence_laws.py", "tests/plan/test_plan_laws.py", "tests/plan/test_word_laws.py"),
    *("tests/store/test_store_writers.py", "tests/store/test_store_evidence.py", "tests/whatif/test_solve.py"),
    *("tests/progress/test_backtest.py", "tests/whatif/people/", "tests/serving/", "tests/cli/", "tests/demo/"),
    *("tests/reports/", "tests/store/"),
)


def scope_of(nodeid: str) -> str:
    """What a test goes to a worker with: files that share a server, or its own file; a large set goes alone."""
    if nodeid.startswith(LARGE_SETS):
        return nodeid
    for name, beginnings in TOGETHER.items():
        if nodeid.startswith(beginnings):
            return name
    return nodeid.partition("::")[0]


def turn_of(nodeid: str) -> int:
    """The smaller, the sooner."""
    scope = scope_of(nodeid)
    if scope in TOGETHER:
        return list(TOGETHER).index(scope)
    place = next((place for place, one in enumerate(LONG) if nodeid.startswith(one)), len(LONG))
    return len(TOGETHER) + place
