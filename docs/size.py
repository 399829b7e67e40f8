"""How large the library is, room by room, and how well it reads, at any commit that is checked out.

    python docs/size.py [FOLDER]        a table in Markdown, then the circles; FOLDER is another checkout

Lines of code are those with more than a comment, outside docstrings. A circle is a set of modules of one room that
import each other round about, in functions and for types too. A function's length is from `def` to its last line.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "t4c_lib"
HEADS = (
    "Room",
    "Files",
    "Lines",
    "Lines of code",
    "Circles",
    "Function, median",
    "90th percentile",
    "Comments per 100",
)
NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass
class Room:
    """What was counted in one room: files, lines, lengths of functions, and which modules import which."""

    files: int = 0
    lines: int = 0
    code: int = 0
    comments: int = 0
    lengths: list[int] = field(default_factory=list)
    imports: dict[str, set[str]] = field(default_factory=dict)

    def add(self, other: Room) -> None:
        """Count another room in."""
        self.files, self.lines = self.files + other.files, self.lines + other.lines
        self.code, self.comments = self.code + other.code, self.comments + other.comments
        self.lengths += other.lengths

    def row(self, name: str, circles: int) -> str:
        """The row of the table."""
        lengths = sorted(self.lengths) or [0]
        median, long = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
        comments = f"{100 * self.comments / max(self.code, 1):.1f}"
        cells = (name, self.files, f"{self.lines:,}", f"{self.code:,}", circles, median, long, comments)
        return f"| {' | '.join(str(cell) for cell in cells)} |"


def circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """Sets of modules each of which reaches all others of its set."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for one in imports.get(waiting.pop(), set()) - seen:
                seen.add(one)
                waiting.append(one)
        return seen

    reach = {name: reached(name) for name in imports}
    found = {frozenset({one, *(other for other in reach[one] if one in reach.get(other, ()))}) for one in imports}
    return [set(one) for one in found if len(one) > 1]


def _imported(tree: ast.AST, module: str, is_package: bool, modules: set[str]) -> set[str]:
    """The modules of ours that are named in imports anywhere in a file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            up = node.level - is_package
            start = ".".join(parts[: len(parts) - up] if node.level else []) + (
                "." if node.level and node.module else ""
            )
            base = start + (node.module or "")
            names |= {f"{base}.{one.name}" if f"{base}.{one.name}" in modules else base for one in node.names}
    return {name for name in names if name in modules} - {module}


def count(root: Path) -> dict[str, Room]:
    """Every room of the package in a checkout; files beside the rooms are the room "(beside the rooms)"."""
    files = sorted((root / PACKAGE).rglob("*.py"))
    names = {file: ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for file in files}
    rooms: dict[str, Room] = defaultdict(Room)
    for file, name in names.items():
        inside = file.relative_to(root / PACKAGE).parts
        room = rooms[inside[0] if len(inside) > 1 else "(beside the rooms)"]
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
        with file.open("rb") as opened:
            tokens = list(tokenize.tokenize(opened.readline))
        code = {n for one in tokens[1:] if one.type not in NOT_CODE for n in range(one.start[0], one.end[0] + 1)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                room.lengths.append((node.end_lineno or node.lineno) - node.lineno + 1)
        room.files, room.lines, room.code = room.files + 1, room.lines + text.count("\n"), room.code + len(code)
        room.comments += sum(one.type == tokenize.COMMENT for one in tokens)
        room.imports[name] = _imported(tree, name, file.name == "__init__.py", set(names.values()))
    return dict(rooms)


def main() -> None:
    """Print the table."""
    rooms = count(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
    rows, everything, found = [], Room(), []
    for name, room in sorted(rooms.items()):
        inside = circles({one: others & room.imports.keys() for one, others in room.imports.items()})
        rows.append(room.row(name, len(inside)))
        everything.add(room)
        found += inside
    sys.stdout.write(f"| {' | '.join(HEADS)} |\n| --- {'| ---: ' * (len(HEADS) - 1)}|" + "\n")
    sys.stdout.write("\n".join([*rows, everything.row("**all**", len(found)), ""]) + "\n")
    sys.stdout.write("\n".join(f"circle: {', '.join(sorted(one))}" for one in found) + "\n")


if __name__ == "__main__":
    main()
