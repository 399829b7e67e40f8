"""Guides that are followed word by word: their commands, and the lines that these show."""

from __future__ import annotations

import re


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Each command of the guide, its lines put together, and the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def first_missing(shown: list[str], out: str) -> str | None:
    """The first line of the guide that the output hasn't, in that order; `…` stands for anything."""
    lines = iter(out.splitlines())
    for line in shown:
        if line == "…":
            continue
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        if not any(re.fullmatch(pattern, printed.rstrip()) for printed in lines):
            return line
    return None
