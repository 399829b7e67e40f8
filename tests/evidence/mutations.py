"""Things that go wrong with files of text, each as a function: bytes, a source of chance, and the spoilt bytes."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from functools import cache

Mutation = Callable[[bytes, random.Random], bytes | None]
Grid = list[list[str]]

NASTY_CELLS = (
    *("=1+1", '=HYPERLINK("http://example.org")', "+44 20", "@SUM(A1)", "-", "*", "<5", "z", "#REF!", "n/a", "NULL"),
    *("1e400", "-1e400", "9" * 400, "9" * 6000, "nan", "inf", "-1", "1,000", "1_000", "0x10", "5%", "1e-400", "٣", "½"),
    *("2026-02-30", "31/04/2026", "0000-00-00", "9999-12-31", "1900-01-00", "45000", "13/13/2026", "04/05/26", "true"),
    *(
        "\x00",
        "\x07",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\x85",
        "e\u0301" * 200,
        "😀",
        "''",
        '"',
        '""',
        "\n",
        "\r",
        " ",
        "\t",
    ),
    *("RAA'; DROP TABLE observation; --", "../../etc/passwd", "{{7*7}}", "%s%n", "x" * 70_000),
)
_HUGE = ("1e400", "9" * 30, "1e18", "-9223372036854775809", "1.7976931348623157e308", "9" * 5000, "1e99", "inf")


def bytes_flipped(content: bytes, chance: random.Random) -> bytes:
    """Up to twenty bytes are other ones."""
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def bit_flipped(content: bytes, chance: random.Random) -> bytes:
    """A single bit is another one."""
    spoilt = bytearray(content)
    spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def cut_short(content: bytes, chance: random.Random) -> bytes:
    """The file ends in the middle."""
    return content[: chance.randrange(len(content))]


def piece_lost(content: bytes, chance: random.Random) -> bytes:
    """A piece of the middle is gone."""
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def piece_doubled(content: bytes, chance: random.Random) -> bytes:
    """A piece of the middle is there twice."""
    start = chance.randrange(len(content))
    end = start + chance.randint(1, 2000)
    return content[:end] + content[start:]


def file_doubled(content: bytes, chance: random.Random) -> bytes:
    """Two copies, one behind the other."""
    return content + chance.choice([b"", b"\n", b"\x00"]) + content


def rubbish_behind(content: bytes, chance: random.Random) -> bytes:
    """Something follows that is none of it."""
    return content + chance.choice([b"\x00" * 512, b"\x1a", b"PK\x03\x04", chance.randbytes(100), b"</html>"])


def begins_as_something_else(content: bytes, chance: random.Random) -> bytes:
    """The first bytes are those of another kind of file."""
    magic = (
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0",
        b"<!DOCTYPE html>",
        b"PK\x03\x04",
        b"\x1f\x8b\x08\x00",
        b"PAR1",
        b"7z\xbc\xaf",
    )
    return chance.choice(magic) + content


def _decoded(content: bytes) -> str:
    return content.decode("utf-8")


def as_utf_16(content: bytes, chance: random.Random) -> bytes:
    """Saved as UTF-16, with its mark or without, perhaps with half a character at the end."""
    body = _decoded(content).encode(chance.choice(["utf-16", "utf-16-le", "utf-16-be"]))
    return body[:-1] if chance.random() < 0.3 else body


def as_utf_8_with_mark(content: bytes, chance: random.Random) -> bytes:
    """Saved by Excel as CSV UTF-8: a byte order mark stands before it, or two, or one further down."""
    mark = "\ufeff".encode()
    middle = chance.randrange(len(content))
    return chance.choice([mark + content, mark * 2 + content, content[:middle] + mark + content[middle:]])


def in_an_old_encoding(content: bytes, chance: random.Random) -> bytes:
    """A name with letters beyond ASCII, saved as spreadsheets of old did."""
    name = chance.choice(["Zoë", "Guy’s", "Café", "São – Paulo", "€5", "naïve £9"])
    text = _decoded(content)
    at = chance.randrange(text.find("\n") + 1, len(text))
    text = text[:at] + name + text[at:]
    return text.encode(chance.choice(["cp1252", "latin-1", "mac_roman", "cp850", "utf-8"]), errors="replace")


def line_ends_changed(content: bytes, chance: random.Random) -> bytes:
    """Lines end as on another machine, or some do."""
    end = chance.choice([b"\r", b"\r\n", b"\n\n", b"\n\r", b"\x0b", b"\x85"])
    if chance.random() < 0.5:
        return content.replace(b"\n", end)
    at = content.find(b"\n", chance.randrange(len(content)))
    return content[:at] + end + content[at + 1 :]


def delimiter_changed(content: bytes, chance: random.Random) -> bytes:
    """Something else stands between two cells, or between some."""
    return content.replace(b",", chance.choice([b";", b"\t", b"|", b", ", b" "]), chance.choice([-1, 3]))


def quotes_broken(content: bytes, chance: random.Random) -> bytes:
    """Quotation marks that don't close, or an apostrophe in their place."""
    spoilt = content
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(spoilt))
        spoilt = spoilt[:at] + chance.choice([b'"', b'""', b"'", b'",', b',"']) + spoilt[at:]
    return spoilt


def packed_badly(content: bytes, chance: random.Random) -> bytes:
    """Packed by gzip: well, twice, cut short, damaged, in two parts, or with rubbish behind."""
    packed = bytearray(gzip.compress(content, mtime=0))
    at = chance.randrange(10, len(packed))
    spoilt = bytes(packed[:at]) + bytes([packed[at] ^ 0x55]) + bytes(packed[at + 1 :])
    half = len(content) // 2
    two = gzip.compress(content[:half], mtime=0) + gzip.compress(content[half:], mtime=0)
    whole = bytes(packed)
    return chance.choice(
        [whole, gzip.compress(whole, mtime=0), whole[:at], spoilt, two, whole + b"rubbish", whole + b"\0" * 9]
    )


def in_a_zip(content: bytes, chance: random.Random) -> bytes:
    """In a zip archive, alone, twice, or under the name that a workbook's parts have."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in chance.choice([["data.csv"], ["a.csv", "b.csv"], ["xl/workbook.xml"], ["content.xml", "mimetype"]]):
            archive.writestr(zipfile.ZipInfo(name), content)
    return body.getvalue()


def _on_grid(change: Callable[[Grid, random.Random], Grid | None]) -> Mutation:
    """A change of rows and cells."""

    def mutation(content: bytes, chance: random.Random) -> bytes | None:
        grid = change(list(csv.reader(io.StringIO(_decoded(content), newline=""))), chance)
        if grid is None:
            return None
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(grid)
        return text.getvalue().encode("utf-8", errors="surrogatepass")

    mutation.__name__, mutation.__doc__ = change.__name__, change.__doc__
    return mutation


@_on_grid
def column_dropped(grid: Grid, chance: random.Random) -> Grid:
    """A column is gone."""
    at = chance.randrange(len(grid[0]))
    return [row[:at] + row[at + 1 :] for row in grid]


@_on_grid
def column_doubled(grid: Grid, chance: random.Random) -> Grid:
    """A column is there twice."""
    at = chance.randrange(len(grid[0]))
    return [row[: at + 1] + row[at:] for row in grid]


@_on_grid
def column_renamed(grid: Grid, chance: random.Random) -> Grid:
    """A column has another name."""
    at = chance.randrange(len(grid[0]))
    name = grid[0][at]
    grid[0][at] = chance.choice(
        [name[:-1], name + "x", name.swapcase(), "", "Unnamed: 0", grid[0][0], "=1", "x" * 5000]
    )
    return grid


@_on_grid
def columns_moved(grid: Grid, chance: random.Random) -> Grid:
    """Two columns change places, with their names or without."""
    one, other = chance.randrange(len(grid[0])), chance.randrange(len(grid[0]))
    for row in grid[chance.choice([0, 1]) :]:
        row[one], row[other] = row[other], row[one]
    return grid


@_on_grid
def columns_without_end(grid: Grid, chance: random.Random) -> Grid:
    """Thousands of further columns, with names or without."""
    many = chance.choice([50, 3000])
    names = [f"x{at}" for at in range(many)] if chance.random() < 0.5 else [""] * many
    return [row + (names if at == 0 else [""] * many) for at, row in enumerate(grid)]


@_on_grid
def names_gone(grid: Grid, chance: random.Random) -> Grid | None:
    """The row of names is gone, stands further down, or there is nothing below it."""
    return chance.choice([grid[1:] or None, [["A title"], [""], *grid], grid[:1], [grid[0], grid[0], *grid[1:]]])


@_on_grid
def rows_cut(grid: Grid, chance: random.Random) -> Grid | None:
    """Some rows are gone, from the middle or the end."""
    if len(grid) < 3:
        return None
    start = chance.randrange(1, len(grid))
    return grid[:start] + grid[start + chance.randint(1, len(grid)) :]


@_on_grid
def row_doubled(grid: Grid, chance: random.Random) -> Grid:
    """A row is there twice, side by side or far apart."""
    row = chance.choice(grid)
    grid.insert(chance.randrange(len(grid)), list(row))
    return grid


@_on_grid
def row_shortened(grid: Grid, chance: random.Random) -> Grid:
    """A row has fewer cells than the others, or more."""
    row = chance.choice(grid)
    row[:] = row[: chance.randrange(len(row))] if chance.random() < 0.6 else [*row, "x"]
    return grid


@_on_grid
def rows_empty(grid: Grid, chance: random.Random) -> Grid:
    """Rows without anything, at the end or in between."""
    at = chance.choice([len(grid), chance.randrange(len(grid) + 1)])
    return grid[:at] + [[""] * len(grid[0]) for _ in range(chance.choice([1, 3000]))] + grid[at:]


@_on_grid
def cell_nasty(grid: Grid, chance: random.Random) -> Grid:
    """Cells hold formulas, signs, days that there are not, texts without end."""
    for _ in range(chance.randint(1, 3)):
        row = chance.choice(grid[1:] or grid)
        row[chance.randrange(len(row))] = chance.choice(NASTY_CELLS)
    return grid


@_on_grid
def number_huge(grid: Grid, chance: random.Random) -> Grid | None:
    """A number is one that nobody means."""
    places = [(row, at) for row in grid[1:] for at, cell in enumerate(row) if cell.replace(".", "", 1).isdigit()]
    if not places:
        return None
    row, at = chance.choice(places)
    row[at] = chance.choice(_HUGE)
    return grid


@_on_grid
def cells_swapped(grid: Grid, chance: random.Random) -> Grid:
    """Two cells change places."""
    one, other = chance.choice(grid), chance.choice(grid)
    at, to = chance.randrange(len(one)), chance.randrange(len(other))
    one[at], other[to] = other[to], one[at]
    return grid


@_on_grid
def cell_blank(grid: Grid, chance: random.Random) -> Grid:
    """Some cells are empty."""
    for _ in range(chance.randint(1, 5)):
        row = chance.choice(grid)
        row[chance.randrange(len(row))] = ""
    return grid


OF_BYTES: tuple[Mutation, ...] = (
    *(bytes_flipped, bit_flipped, cut_short, piece_lost, piece_doubled, file_doubled, rubbish_behind),
    begins_as_something_else,
)
OF_TEXT: tuple[Mutation, ...] = (
    *(as_utf_16, as_utf_8_with_mark, in_an_old_encoding, line_ends_changed, delimiter_changed, quotes_broken),
    *(packed_badly, in_a_zip, column_dropped, column_doubled, column_renamed, columns_moved, columns_without_end),
    *(names_gone, rows_cut, row_doubled, row_shortened, rows_empty, cell_nasty, number_huge, cells_swapped, cell_blank),
)


# What is made to fill the memory, or to take for ever.


def unpacks_to_far_too_much(content: bytes, _chance: random.Random) -> bytes:
    """A small packed file of what would be 700 MB."""
    return gzip.compress(content, mtime=0) + _packed(b"\n", 700_000_000)


def rows_without_end(content: bytes, chance: random.Random) -> bytes:
    """As many rows as fit below the most that is unpacked: empty ones, or the last one again and again."""
    line = chance.choice(
        [b"\n", b"," * content.split(b"\n")[0].count(b",") + b"\n", content.rstrip().split(b"\n")[-1] + b"\n"]
    )
    return gzip.compress(content, mtime=0) + _packed(line, 390_000_000)


def letters_beyond_ascii_without_end(content: bytes, chance: random.Random) -> bytes:
    """A cell of 390 MB, of letters that take four bytes each, or of UTF-16."""
    if chance.random() < 0.5:
        return gzip.compress(content.rstrip() + "😀".encode(), mtime=0) + _packed("😀".encode(), 390_000_000)
    return gzip.compress(_decoded(content).encode("utf-16"), mtime=0) + _packed("é,".encode("utf-16-le"), 390_000_000)


def quotes_without_end(content: bytes, _chance: random.Random) -> bytes:
    """Quotation marks by the million."""
    return gzip.compress(content, mtime=0) + _packed(b'"a""\n', 300_000_000)


@cache
def _packed(piece: bytes, size: int) -> bytes:
    block = piece * max(1, 1_000_000 // len(piece))
    body = io.BytesIO()
    with gzip.GzipFile(fileobj=body, mode="wb", compresslevel=1, mtime=0) as file:
        for _ in range(size // len(block)):
            file.write(block)
    return body.getvalue()


def different_rows_without_end(content: bytes, chance: random.Random) -> bytes:
    """Two million rows or three, each with a number of its own in one or in several cells."""
    cells = content.rstrip().split(b"\n")[-1].split(b",")
    for at in chance.sample(range(len(cells)), min(len(cells), chance.choice([1, 3]))):
        cells[at] = b"%d"
    line, own = b",".join(cells) + b"\n", cells.count(b"%d")
    rows = (line % ((at,) * own) for at in range(100, chance.choice([2_000_000, 3_000_000])))
    return gzip.compress(content + b"".join(rows)[:390_000_000].rsplit(b"\n", 1)[0], 1, mtime=0)


HEAVY_TEXT: tuple[Mutation, ...] = (
    different_rows_without_end,
    unpacks_to_far_too_much, rows_without_end, letters_beyond_ascii_without_end, quotes_without_end
)  # fmt: skip
