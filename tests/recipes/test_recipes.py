"""CONTRIBUTING's recipes do what they say: each is followed to the letter in a copy, and the checks it names pass.

A block marked `diff` begins with the path of a file; its lines are found in it once and changed. A block of Python
begins with a comment, the path of a new file (a notebook's one code cell). The lines of a block marked `sh` are run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.samples import LONG
from tests.served import ROOT

pytestmark = pytest.mark.flow

TITLES = ("Add a measure", "Add a publication", "Add a lever", "Add a chart", "Add a page")


class Block(NamedTuple):
    """A block of code in CONTRIBUTING: what its fence calls it, and its lines."""

    kind: str
    text: str


def blocks(title: str) -> list[Block]:
    whole = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = whole.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^ *```(\w+)\n(.*?)^ *```$", section, flags=re.MULTILINE | re.DOTALL)
    return [Block(kind, textwrap.dedent(text)) for kind, text in found]


def follow(block: Block, folder: Path) -> None:
    """Do what a block says to the files of a folder."""
    path, _, text = block.text.partition("\n")
    file = folder / path.removeprefix("# ")
    if block.kind == "diff":
        lines = text.splitlines()
        old, new = ("".join(f"{one[1:]}\n" for one in lines if one[:1] in {mark, " "}) for mark in "-+")
        whole = file.read_text(encoding="utf-8")
        assert whole.count(old) == 1, f"{path} has these lines {whole.count(old)} times:\n{old}"
        file.write_text(whole.replace(old, new), encoding="utf-8")
    elif file.suffix == ".ipynb":
        cell: dict[str, object] = {
            "id": "all",
            "cell_type": "code",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        listed = {"title": file.stem.capitalize(), "t4c": {"order": 50, "summary": "Made by a recipe."}}
        notebook = {"cells": [cell], "metadata": {"kernelspec": kernel, **listed}, "nbformat": 4, "nbformat_minor": 5}
        file.write_text(json.dumps(notebook), encoding="utf-8")
    else:
        file.write_text(text, encoding="utf-8")


def run(folder: Path, *words: str) -> str:
    """What Python says that is run in a copy of the project; shown where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "T4C_SHARED": str(ROOT.parent / "shared")}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which all recipes were followed, one after the other, and `make docs` after them."""
    folder = tmp_path_factory.mktemp("recipes") / "project"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for title in TITLES:
        for block in blocks(title):
            if block.kind != "sh":
                follow(block, folder)
    run(folder, "docs/build.py")
    return folder


class Check(NamedTuple):
    """A command that a recipe ends in: the tests it runs, and the word their names must have (`-k`), or none."""

    paths: tuple[str, ...]
    word: str


def checks(title: str) -> list[Check]:
    """Those of a recipe; with a browser of its own only in the long run."""
    commands = [line for block in blocks(title) if block.kind == "sh" for line in block.text.splitlines()]
    found = []
    for command in commands:
        if command != "make docs":
            asked = re.fullmatch(r"\.venv/bin/pytest((?: tests/[\w/.]+)+)(?: -k ([\w-]+))?", command)
            assert asked is not None, command
            found.append(Check(tuple(asked[1].split()), asked[2] or ""))
    assert found, f"{title} ends in no check"
    return [one for one in found if LONG or "tests/browser" not in "".join(one.paths)]


@pytest.fixture(scope="module")
def passed(project: Path, demonstration: Path) -> list[str]:
    """The tests that the checks of all recipes ran; all passed.

    They run together, those that ask for a word and those that don't: each run imports the whole project.
    """
    every = [one for title in TITLES for one in checks(title)]
    said = ""
    for with_word in (False, True):
        some = [one for one in every if bool(one.word) is with_word]
        paths = sorted({path for one in some for path in one.paths})
        only = ["-k", " or ".join(one.word for one in some)] if with_word else []
        said += run(project, "-m", "pytest", "-q", "-rp", "-p", "no:cacheprovider", *paths, *only)
    return re.findall(r"^PASSED (.+)$", said, re.MULTILINE)


@pytest.mark.detail
@pytest.mark.parametrize("title", TITLES)
def test_a_recipe_ends_in_checks_that_pass(passed: list[str], title: str) -> None:
    for check in checks(title):
        for path in check.paths:
            assert [one for one in passed if one.startswith(path) and check.word in one], check


@pytest.mark.detail
def test_what_recipes_make_is_in_the_projects_style_and_on_its_pages(project: Path) -> None:
    run(project, "-m", "ruff", "check", "--no-cache", "--quiet", ".")
    run(project, "-m", "ruff", "format", "--no-cache", "--quiet", "--check", ".")
    assert "higher-certificates" in (project / "docs/reference/measures.md").read_text(encoding="utf-8")
    assert "sickness-by-icb" in (project / "docs/reference/publications.md").read_text(encoding="utf-8")
    assert (project / "t4c_lib/charts/templates/shares.json").is_file()
