"""
The Chinese face that pictures bring with them.

`sans-sc.otf` holds the characters of taxonomy/ and of our own words (tools/font.py makes it).
PNG is drawn with it, so that it looks the same everywhere. SVG and HTML files get a copy of
which only the glyphs that the picture needs are left, for readers whose system has none.

Standards: OpenType 1.9 (table directory, `cmap` format 4), Adobe Technical Note 5176 (Compact
Font Format, sections 3 to 5, and the operator `CharStrings` of section 9), WOFF File Format 1.0.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

__all__ = ["FAMILY", "PATH", "covered", "embedded"]

FAMILY = "Futureindustry Sans SC"
PATH = Path(__file__).with_name("sans-sc.otf")
_END = 14  # the charstring operator `endchar`


@cache
def _tables() -> Mapping[str, bytes]:
    data = PATH.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count))
    return {tag.decode("ascii"): data[at : at + size] for tag, _, at, size in records}


@cache
def _glyphs() -> Mapping[str, int]:
    """Give the number of the glyph of each character."""
    table = _tables()["cmap"]
    (count,) = struct.unpack_from(">H", table, 2)
    places = (struct.unpack_from(">HHL", table, 4 + 8 * n)[2] for n in range(count))
    at = next(place for place in places if table[place : place + 2] == b"\0\4")
    segments = struct.unpack_from(">H", table, at + 6)[0] // 2
    row = f">{segments}H"
    ends = struct.unpack_from(row, table, at + 14)
    starts = struct.unpack_from(row, table, at + 16 + 2 * segments)
    deltas = struct.unpack_from(row, table, at + 16 + 4 * segments)
    ranges = at + 16 + 6 * segments
    found = {}
    for n, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        here = ranges + 2 * n
        (offset,) = struct.unpack_from(">H", table, here)
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", table, here + offset + 2 * (code - start))
            if glyph := (glyph + delta) % 0x10000:
                found[chr(code)] = glyph
    return found


def covered(text: str) -> bool:
    """Say whether the face has every character of a text."""
    return _glyphs().keys() >= set(text)


def embedded(text: str) -> str:
    """
    Give the style that lets a page or picture show a text in this face.

    Returns:
        A CSS rule `@font-face` with the glyphs of the text, as WOFF; empty if it has none of
        them.
    """
    from base64 import b64encode

    chars = sorted(_glyphs().keys() & set(text))
    if not chars:
        return ""
    # Several pictures of one page add up: each rule answers for its own characters.
    spans = ",".join(f"U+{ord(char):X}" for char in chars)
    data = b64encode(_woff({_glyphs()[char] for char in chars})).decode("ascii")
    return (
        f"@font-face{{font-family:'{FAMILY}';src:url(data:font/woff;base64,{data}) format('woff');"
        f"unicode-range:{spans}}}"
    )


def _woff(keep: set[int]) -> bytes:
    tables = {**_tables(), "CFF ": _blanked(_tables()["CFF "], keep)}
    at, whole = 44 + 20 * len(tables), 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        packed = min(zlib.compress(table, 9), table, key=len)
        parts = struct.unpack(f">{(len(table) + 3) // 4}L", table + b"\0" * (-len(table) % 4))
        directory += struct.pack(
            ">4sLLLL", tag.encode("ascii"), at + len(body), len(packed), len(table), sum(parts) % 2**32
        )  # fmt: skip
        body += packed + b"\0" * (-len(packed) % 4)
        whole += len(table) + -len(table) % 4
    head = struct.pack(
        ">4s4sLHHLHHLLLLL", b"wOFF", b"OTTO", at + len(body), len(tables), 0, whole, 1, 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    return head + directory + body


def _blanked(table: bytes, keep: set[int]) -> bytes:
    """
    Empty the glyphs that are not kept, in their places.

    So no offset changes and no glyph another number; the noughts cost nothing when packed.
    """
    after_names, _ = _index(table, table[2])
    _, (top, *_) = _index(table, after_names)
    at = _charstrings(table[slice(*top)])
    made = bytearray(table)
    for n, (start, end) in enumerate(_index(table, at)[1]):
        if n not in keep and n:  # glyph 0 stands for what is missing
            made[start:end] = bytes((_END,)).ljust(end - start, b"\0")
    return bytes(made)


def _index(table: bytes, at: int) -> tuple[int, list[tuple[int, int]]]:
    """Give the end of an INDEX and the places of its objects."""
    (count,) = struct.unpack_from(">H", table, at)
    if not count:
        return at + 2, []
    size = table[at + 2]
    first = at + 3
    base = first + size * (count + 1) - 1
    places = [
        base + int.from_bytes(table[first + size * n : first + size * (n + 1)], "big")
        for n in range(count + 1)
    ]
    return places[-1], list(pairwise(places))


def _charstrings(top: bytes) -> int:
    """Give the place of the charstrings that a Top DICT names."""
    operands: list[int] = []
    n = 0
    while n < len(top):
        byte = top[n]
        if byte <= 21:
            if byte == 17:
                return operands[-1]
            operands.clear()
            n += 2 if byte == 12 else 1
        elif byte == 28:
            operands.append(int.from_bytes(top[n + 1 : n + 3], "big", signed=True))
            n += 3
        elif byte == 29:
            operands.append(int.from_bytes(top[n + 1 : n + 5], "big", signed=True))
            n += 5
        elif byte == 30:
            while top[n + 1] & 15 != 15 and top[n + 1] >> 4 != 15:
                n += 1
            n += 2
            operands.append(0)
        else:
            wide = byte >= 247
            value = byte - 139
            if wide and byte <= 250:
                value = (byte - 247) * 256 + top[n + 1] + 108
            elif wide:
                value = -(byte - 251) * 256 - top[n + 1] - 108
            operands.append(value)
            n += 2 if wide else 1
    raise ValueError(f"{PATH.name} has no glyphs")  # never of a font that tools/font.py made
