"""CONTRIBUTING's recipes do what they say: each is followed to the letter in a copy, and the checks it names pass.

A block marked `diff` begins with the path of a file; its lines are found in it once and changed. A block of Python
begins with a comment, the path of a new file (a notebook's one code cell). The lines of a block marked `sh` are run.
"""

from __future__ import annotations

import json
import os
import re
import shlex
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


def run(folder: Path, *words: str) -> None:
    """Run Python in a copy of the project; whatever it says is shown where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "T4C_SHARED": str(ROOT.parent / "shared")}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


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


@pytest.mark.parametrize("title", TITLES)
def test_a_recipe_ends_in_checks_that_pass(project: Path, title: str, demonstration: Path) -> None:
    commands = [line for block in blocks(title) if block.kind == "sh" for line in block.text.splitlines()]
    assert commands
    for command in commands:
        tool, *words = shlex.split(command)
        if command == "make docs":
            continue
        assert tool == ".venv/bin/pytest", command
        if LONG or "tests/browser" not in command:  # a browser of its own only in the long run
            run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words)


def test_what_recipes_make_is_in_the_projects_style_and_on_its_pages(project: Path) -> None:
    run(project, "-m", "ruff", "check", "--no-cache", "--quiet", ".")
    run(project, "-m", "ruff", "format", "--no-cache", "--quiet", "--check", ".")
    assert "higher-certificates" in (project / "docs/reference/measures.md").read_text(encoding="utf-8")
    assert "sickness-by-icb" in (project / "docs/reference/publications.md").read_text(encoding="utf-8")
    assert (project / "t4c_lib/charts/templates/shares.json").is_file()
