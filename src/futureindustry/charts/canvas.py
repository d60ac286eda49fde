"""
What all pictures share: measured text, a page of SVG, and `Chart`, the finished picture.

Decided here: text is never cut by the edge or by other text, so the page grows with what it
shows; a meaning is never told by colour alone, but by a symbol as well; symbols are drawn, not
taken from a font; the same input gives the same bytes.

Standards: SVG 1.1 (shapes, text, `title` and `desc`), Unicode Standard Annex 11 (East Asian
width), XML 1.0 for the characters allowed.

Source:
    Okabe and Ito, "Color Universal Design (CUD): how to make figures and presentations that
    are friendly to colorblind people", 2008, for the colours.
"""

from __future__ import annotations

import copy
import math
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape, unescape

import attrs

from ..errors import FutureIndustryError, MissingExtra, UnknownFormat, UnreadableData, nearest
from . import typeface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal

    Language = Literal["zh", "en"]

__all__ = ["Chart"]

# The reader's own faces first: they have more weights and characters than the one we bring.
FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    f"'{typeface.FAMILY}',sans-serif"
)
INK, GREY, LINE, BAND, PAPER = "#1c2430", "#5a6677", "#d5dbe3", "#f4f6f8", "#ffffff"
BLACK, ORANGE, SKY, GREEN = "#000000", "#e69f00", "#56b4e9", "#009e73"
YELLOW, BLUE, VERMILION, PURPLE = "#f0e442", "#0072b2", "#d55e00", "#cc79a7"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, "#8a7a00", "#6b7280")
MARGIN, LEADING = 24.0, 1.3
LONGEST = 160
PIXELS = 64_000_000

# Advance widths of a wide sans-serif face (DejaVu Sans): an upper bound for the common ones.
_NARROW = dict.fromkeys("il.,:;'|!jI ", 0.34) | dict.fromkeys('ftr()[]{}/\\"-`°', 0.46)
_BROAD = dict.fromkeys("mwMW%@", 1.0) | dict.fromkeys("+<>=~_^", 0.84)
# Lines begin with none of these and end with none of those (GB/T 15834, 5.1).
_CLOSERS = frozenset("、，。；：？！）》〉」』】”’…·％%)]},.;:!?")
_OPENERS = frozenset("（《〈「『【“‘([{")
# Not allowed in XML 1.0, or of no use in a picture but to turn the order of its text around.
_BANNED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """Make one line of what is allowed in XML; what is not becomes U+FFFD."""
    found = _TURNING.sub("", _BANNED.sub("\ufffd", str(text)))
    return " ".join(found.split())


def short(text: object) -> str:
    """Clean a label and end one of more than 160 characters with an ellipsis."""
    found = clean(text)
    return found if len(found) <= LONGEST else found[: LONGEST - 1].rstrip() + "…"


def em(text: str) -> float:
    """Measure a text in em: an upper bound for common sans-serif faces."""
    return sum(map(_width, text))


def _width(char: str) -> float:
    if char < "\x7f":
        known = _NARROW.get(char) or _BROAD.get(char)
        return known or (0.74 if char.isupper() else 0.64)
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.74


def wrap(text: str, limit: float) -> list[str]:
    """
    Break a clean text into lines of at most `limit` em.

    Chinese breaks between characters, other scripts at spaces and after hyphens and slashes,
    longer words anywhere. A space at a break is left out.
    """
    limit = max(limit, 2.0)
    lines: list[str] = []
    line, width = "", 0.0
    for piece in _pieces(text):
        size = em(piece.rstrip(" "))
        if line and width + size > limit:
            lines.append(line)
            line, width = "", 0.0
        if size > limit:
            for char in piece:
                if line and width + _width(char) > limit:
                    lines.append(line)
                    line, width = "", 0.0
                line, width = line + char, width + _width(char)
        else:
            line, width = line + piece, width + em(piece)
    if line or not lines:
        lines.append(line)
    return [found.strip() for found in lines]


def balanced(text: str, limit: float) -> list[str]:
    """Break a text into as few lines as `wrap` does, of about the same length."""
    lines = wrap(text, limit)
    if len(lines) > 1:
        word = min(max(em(piece.rstrip(" ")) for piece in _pieces(text)), limit)
        for share in (0.0, 0.08, 0.16, 0.24, 0.32):
            found = wrap(text, max(em(text) / len(lines) * (1 + share), word) + 0.01)
            if len(found) <= len(lines) and max(map(em, found)) <= max(limit, 2.0) + 0.4:
                return found
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Give the parts of a text between which a line may break."""
    piece = ""
    for n, char in enumerate(text):
        piece += char
        after = text[n + 1] if n + 1 < len(text) else ""
        if char in _OPENERS or after in _CLOSERS or after == " " or not _width(after or "x"):
            continue
        wide = unicodedata.east_asian_width(char) in "WF"
        if char in " -/" or wide or (after and unicodedata.east_asian_width(after) in "WF"):
            yield piece
            piece = ""
    if piece:
        yield piece


def number(value: float) -> str:
    """Write a coordinate: at most two decimals, no negative zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def mix(colour: str, other: str, share: float) -> str:
    """Give the colour that lies `share` of the way from one to the other."""
    a, b = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, other))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def tint(colour: str, share: float = 0.8) -> str:
    """Give a lighter tone of a colour, for text to stand on."""
    return mix(colour, PAPER, share)


def ink_on(colour: str) -> str:
    """Give a text colour with a contrast of 4.5 to 1 at least (WCAG 2.2, success criterion 1.4.3)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    if light <= 0.179:
        return PAPER
    # Our ink is a little lighter than black, which is the only one that will do in between.
    return INK if light > 0.252 else BLACK


class Canvas:
    """
    Collects the elements of a picture, in absolute coordinates.

    Attributes:
        parts: Markup so far.
        symbols: Names of the symbols used, drawn once.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.symbols: dict[str, None] = {}

    def rect(
        self, x: float, y: float, w: float, h: float, *, fill: str = "none",
        stroke: str | None = None, dash: str | None = None, radius: float = 0, tip: str = "",
        thick: float = 1,
    ) -> None:  # fmt: skip
        """Draw a rectangle."""
        look = _look(fill, stroke, thick, dash)
        if radius:
            look += f' rx="{number(radius)}"'
        where = f'x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"'
        self.parts.append(_with_tip("rect", f"{where}{look}", tip))

    def path(
        self, d: str, *, fill: str = "none", stroke: str | None = None, thick: float = 1,
        dash: str | None = None, tip: str = "", opacity: float = 1, round_ends: bool = False,
    ) -> None:  # fmt: skip
        """Draw a path; its coordinates are `number`s."""
        look = _look(fill, stroke, thick, dash)
        if opacity < 1:
            look += f' fill-opacity="{number(opacity)}"'
        if round_ends:
            look += ' stroke-linecap="round"'
        self.parts.append(_with_tip("path", f'd="{d}"{look}', tip))

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE,
        thick: float = 1, dash: str | None = None,
    ) -> None:  # fmt: skip
        """Draw a straight line."""
        self.path(
            f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}",
            stroke=stroke, thick=thick, dash=dash,
        )  # fmt: skip

    def text(
        self, x: float, y: float, lines: str | Sequence[str], size: float = 12, *,
        anchor: str = "start", fill: str = INK, bold: bool = False, turn: float = 0,
        tip: str = "", halo: bool = False,
    ) -> None:  # fmt: skip
        """Write text; `y` is the base line of the first line, `turn` in degrees clockwise."""
        rows = [lines] if isinstance(lines, str) else list(lines)
        look = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
        if anchor != "start":
            look += f' text-anchor="{anchor}"'
        if fill != INK:
            look += f' fill="{fill}"'
        if bold:
            look += ' font-weight="700"'
        if halo:
            look += f' stroke="{PAPER}" stroke-width="3.5" paint-order="stroke"'
        if turn:
            look += f' transform="rotate({number(turn)} {number(x)} {number(y)})"'
        inner = f"<title>{escape(tip)}</title>" if tip else ""
        if len(rows) == 1:
            inner += escape(rows[0])
        else:
            step = number(size * LEADING)
            inner += "".join(
                f'<tspan x="{number(x)}"{f""" dy="{step}" """.rstrip() if n else ""}>{escape(row)}</tspan>'
                for n, row in enumerate(rows)
            )
        self.parts.append(f"<text {look}>{inner}</text>")

    def middle(
        self, x: float, y: float, lines: Sequence[str], size: float = 12, **more: Any
    ) -> None:
        """Write lines of which the block is centred on `y`."""
        first = y + size * 0.36 - (len(lines) - 1) * size * LEADING / 2
        self.text(x, first, lines, size, **more)

    def mark(self, name: str, x: float, y: float, size: float, colour: str, tip: str = "") -> None:
        """Draw a symbol of `MARKS` centred on a point."""
        self.symbols[name] = None
        where = (
            f'xlink:href="#{name}" x="{number(x - size / 2)}" y="{number(y - size / 2)}" '
            f'width="{number(size)}" height="{number(size)}" color="{colour}"'
        )
        self.parts.append(_with_tip("use", where, tip))

    def open(self, tip: str) -> None:
        """Begin a group that shows a tool tip."""
        self.parts.append(f"<g><title>{escape(clean(tip))}</title>")

    def close(self) -> None:
        """End a group."""
        self.parts.append("</g>")


def _look(fill: str, stroke: str | None, thick: float, dash: str | None) -> str:
    look = f' fill="{fill}"'
    if stroke:
        look += f' stroke="{stroke}"'
        if thick != 1:
            look += f' stroke-width="{number(thick)}"'
        if dash:
            look += f' stroke-dasharray="{dash}"'
    return look


def _with_tip(tag: str, attributes: str, tip: str) -> str:
    if tip:
        return f"<{tag} {attributes}><title>{escape(clean(tip))}</title></{tag}>"
    return f"<{tag} {attributes}/>"


# In a box of 16 by 16; `currentColor` is the colour of the mark.
_PEN = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
MARKS: Mapping[str, str] = {
    "equals": f'<path d="M3.5 6H12.5M3.5 10H12.5" {_PEN}/>',
    "contains": f'<path d="M3.5 4H8.5A4 4 0 0 1 8.5 12H3.5" {_PEN}/>',
    "part_of": f'<path d="M12.5 4H7.5A4 4 0 0 0 7.5 12H12.5" {_PEN}/>',
    "overlaps": f'<path d="M4 13V7.5A4 4 0 0 1 12 7.5V13" {_PEN}/>',
    "unknown": f'<path d="M5.2 6A2.8 2.8 0 1 1 9.3 8.5Q8 9.2 8 10.4M8 13.2h0" {_PEN}/>',
    "none": '<circle cx="8" cy="8" r="1.3" fill="currentColor"/>',
    "disc": '<circle cx="8" cy="8" r="5" fill="currentColor"/>',
    "ring": '<circle cx="8" cy="8" r="4.4" fill="#fff" stroke="currentColor" stroke-width="2"/>',
    "square": '<path d="M3.5 3.5H12.5V12.5H3.5Z" fill="currentColor"/>',
    "box": '<path d="M4 4H12V12H4Z" fill="#fff" stroke="currentColor" stroke-width="2"/>',
    "diamond": '<path d="M8 1.8L14.2 8L8 14.2L1.8 8Z" fill="currentColor"/>',
    "up": '<path d="M8 2.2L14 13H2Z" fill="currentColor"/>',
    "down": '<path d="M8 13.8L14 3H2Z" fill="currentColor"/>',
    "right": '<path d="M13.8 8L3 14V2Z" fill="currentColor"/>',
    "plus": '<path d="M8 2.5V13.5M2.5 8H13.5" fill="none" stroke="currentColor" stroke-width="3"/>',
    "cross": '<path d="M3.5 3.5L12.5 12.5M12.5 3.5L3.5 12.5" fill="none" stroke="currentColor" stroke-width="3"/>',
}

Key = tuple[Callable[[Canvas, float, float], None], str]
"""One entry of a legend: draws its symbol centred on a point (24 wide, 16 high); words."""


@attrs.frozen
class Frame:
    """
    What stands around a picture besides title and legend.

    Attributes:
        subtitle: A line under the title: what is shown, of how much.
        notes: Small lines at the foot: limitations, sources.
    """

    subtitle: str = ""
    notes: tuple[str, ...] = ()


NO_FRAME = Frame()


class Page(Canvas):
    """
    A canvas with title, legend and margins around a content of known size.

    Attributes:
        x: Left edge of the content.
        y: Top edge of the content.
        width: Width of the content: as asked for, or more where title or legend need it.
    """

    def __init__(
        self, title: str, width: float, height: float, *, keys: Sequence[Key] = (),
        frame: Frame = NO_FRAME, lang: Language = "zh",
    ) -> None:  # fmt: skip
        super().__init__()
        self.title, self.subtitle, self.lang = short(title), clean(frame.subtitle), lang
        words = [short(key[1]) for key in keys]
        self.width = max(width, 420.0, *(34 + em(w) * 12 for w in words), 0)
        self.x, self.content = MARGIN, height
        # Long lines are hard to read: notes take no more than some 90 wide characters.
        measure = min(self.width, 1080.0)
        heading = balanced(self.title, self.width / 18 / 1.06)
        y = MARGIN + 14
        self.text(self.x, y, heading, 18, bold=True)
        y += (len(heading) - 1) * 18 * LEADING + 12
        if self.subtitle:
            lines = wrap(self.subtitle, measure / 12)
            self.text(self.x, y + 14, lines, 12, fill=GREY)
            y += len(lines) * 12 * LEADING + 6
        if keys:
            x, y = self.x, y + 20
            for (draw, _), word in zip(keys, words, strict=True):
                if x > self.x and x + 30 + em(word) * 12 > self.x + self.width:
                    x, y = self.x, y + 22
                draw(self, x + 12, y)
                self.middle(x + 30, y, [word], 12)
                x += 30 + em(word) * 12 + 20
            y += 8
        self.y = y + 18
        self.notes = [line for note in frame.notes for line in wrap(clean(note), measure / 11)]

    def chart(self, kind: str, desc: str, options: Mapping[str, Any]) -> Chart:
        """Close the page."""
        width, height = self.width + 2 * MARGIN, self.y + self.content + MARGIN
        if self.notes:
            self.text(self.x, height + 2, self.notes, 11, fill=GREY)
            height += (len(self.notes) - 1) * 11 * LEADING + MARGIN
        body = "".join(self.parts)
        defs = "".join(
            f'<symbol id="{name}" viewBox="0 0 16 16">{MARKS[name]}</symbol>'
            for name in self.symbols
        )
        # Ids of this picture alone: several may stand in one page.
        own = f"c{zlib.crc32((kind + self.title + body).encode()):08x}"
        body, defs = (
            re.sub(r'(xlink:href="#|symbol id=")(?=[a-z])', rf"\1{own}-", part)
            for part in (body, defs)
        )
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{number(width)}" height="{number(height)}" '
            f'viewBox="0 0 {number(width)} {number(height)}" role="img" xml:lang="{self.lang}" '
            f'aria-labelledby="{own}-title {own}-desc" font-family="{FONTS}" font-size="12" fill="{INK}">'
            f'<title id="{own}-title">{escape(self.title)}</title>'
            f'<desc id="{own}-desc">{escape(clean(desc))}</desc>'
            + (f"<defs>{defs}</defs>" if defs else "")
            + f'<rect x="0" y="0" width="{number(width)}" height="{number(height)}" fill="{PAPER}"/>'
            f"{body}</svg>\n"
        )
        common: dict[str, Any] = {
            "title": {"text": self.title, "subtext": self.subtitle, "left": "left"},
            "aria": {"enabled": True},
            "backgroundColor": PAPER,
            "textStyle": {"fontFamily": FONTS.replace("'", "")},
            "color": list(PALETTE),
            "tooltip": {"trigger": "item"},
        }
        return Chart(
            kind=kind, title=self.title, svg=svg, lang=self.lang, options={**common, **options}
        )


@attrs.frozen(kw_only=True)
class Chart:
    """
    A finished picture.

    Attributes:
        kind: Name of the function that drew it, such as `heat_map`.
        title: Its heading.
        svg: The picture as SVG 1.1 text, to be put into a page; needs nothing from outside but
            a font (`to_svg` brings that).
        lang: Language of its own words.
    """

    kind: str
    title: str
    svg: str = attrs.field(repr=False)
    lang: Language = "zh"
    options: Mapping[str, Any] = attrs.field(repr=False, hash=False, factory=dict)

    def _repr_svg_(self) -> str:
        return self.svg

    def to_echarts(self) -> dict[str, Any]:
        """Give the options for Apache ECharts 5: plain values, a fresh copy."""
        return copy.deepcopy(dict(self.options))

    def to_json(self) -> str:
        """Give the ECharts options as JSON text."""
        import json

        return json.dumps(self.options, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def to_svg(self) -> str:
        """
        Give the picture as an SVG file for any reader.

        As `svg`, but with the glyphs of its Chinese text, for systems without a Chinese font
        (about 20 KB, and 10 more for each hundred different characters).
        """
        style = self._face()
        return (
            self.svg.replace("</desc>", f"</desc><style>{style}</style>", 1) if style else self.svg
        )

    def _face(self) -> str:
        """Give the style with the glyphs, where a system without a Chinese font needs them."""
        text = _drawn(self.svg)
        return typeface.embedded(text) if any(map(_chinese, text)) else ""

    def to_html(self) -> str:
        """Give the picture as one HTML page without outside parts, with the glyphs it needs."""
        return (
            f'<!doctype html>\n<html lang="{self.lang}"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "font-src data:; style-src 'unsafe-inline'\">"
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(self.title)}</title>"
            "<style>html{background:#fff}body{margin:0;overflow:auto}svg{display:block;margin:0 auto}"
            f"@media print{{svg{{max-width:100%;height:auto}}}}{self._face()}</style></head>"
            f"<body>{self.svg}</body></html>\n"
        )

    def to_png(
        self, *, scale: float = 2, fonts: Sequence[str | Path] = (), family: str | None = None
    ) -> bytes:
        """
        Give the picture as PNG, in the face that comes with the library.

        Characters that it lacks are taken from the fonts of the system.

        Args:
            scale: Pixels for each unit of the SVG; less where the image would have more than
                64 million pixels.
            fonts: Font files to use besides.
            family: Name of the font family to prefer.

        Raises:
            MissingExtra: The renderer is not installed.
            FutureIndustryError: No font has one of the Chinese characters of the picture.
        """
        try:
            from resvg_py import svg_to_bytes
        except ImportError:
            raise MissingExtra("PNG pictures", "charts") from None
        text = _drawn(self.svg)
        own = not (fonts or family) and typeface.covered(text)
        # One face for all where the system has a larger one: a renderer mixes them line by line.
        names = (*((family,) if family else ()), *(() if own else _SYSTEM_FACES), typeface.FAMILY)
        families = ",".join(f"'{name}'" for name in names)

        def render(svg: str, zoom: float) -> bytes:
            named = svg.replace(f'"{FONTS}"', f'"{escape(families, quote=False)}"', 1)
            return bytes(
                svg_to_bytes(
                    svg_string=named,
                    zoom=zoom,
                    font_files=[str(typeface.PATH), *map(str, fonts)],
                    skip_system_fonts=own,
                )
            )

        if (
            rare := []
            if own
            else [c for c in sorted(set(text)) if _chinese(c) and not typeface.covered(c)]
        ):
            # A renderer without the font leaves a hole, or draws the same box for each of them.
            blanks = {render(_PROBE.format(FONTS, c), 1) for c in ("", "\U0010fffd")}
            lost = "".join(c for c in rare if render(_PROBE.format(FONTS, c), 1) in blanks)
            if lost:
                raise FutureIndustryError(
                    f"no font with the characters {lost} was found for the PNG picture; install "
                    "one, such as Noto Sans CJK SC, or save as .svg or .html, which take the "
                    "reader's fonts"
                )
        width, height = (float(n) for n in re.findall(r'(?:width|height)="([\d.]+)"', self.svg)[:2])
        svg = _BOLD.sub(_embolden, self.svg) if own else self.svg
        return render(svg, min(scale, math.sqrt(PIXELS / (width * height))))

    def save(self, path: str | Path) -> Path:
        """
        Write the picture to a file, in the format that the ending names.

        Args:
            path: `.svg`, `.html`, `.png` (needs the extra `charts`) or `.json` (the options
                for ECharts).

        Returns:
            The path.

        Raises:
            UnknownFormat: Another ending.
            MissingExtra: The renderer for PNG is not installed.
            OSError: The folder is missing or not writable.
        """
        import os
        from pathlib import Path

        target, ending = Path(path), ending_of(path)
        writers: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.to_svg,
            ".html": self.to_html,
            ".png": self.to_png,
            ".json": self.to_json,
        }
        content = writers[ending]()
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        return target


_SYSTEM_FACES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Hiragino Sans GB", "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei",
)  # fmt: skip
ENDINGS = (".svg", ".html", ".png", ".json")


def ending_of(path: str | Path) -> str:
    """
    Give the ending that says how a picture is written.

    Raises:
        UnknownFormat: Pictures are not written that way.
    """
    from pathlib import Path

    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        hint = nearest(ending, ENDINGS)
        more = (
            f'; did you mean "{hint[0]}"?' if hint else f"; end the name with {', '.join(ENDINGS)}"
        )
        raise UnknownFormat(f'pictures are not written as "{ending or target.name}"{more}')
    return ending


# The face has one weight; a thin line around the letters gives the other.
_BOLD = re.compile(r'<text ([^>]*?font-size="([\d.]+)"[^>]*?font-weight="700")')


def _embolden(found: re.Match[str]) -> str:
    fill = re.search(r'fill="([^"]+)"', found[1])
    colour, width = fill[1] if fill else INK, number(float(found[2]) * 0.035)
    return f'<text {found[1]} stroke="{colour}" stroke-width="{width}"'


def _drawn(svg: str) -> str:
    """Give the text that a picture shows: tool tips and descriptions are not drawn."""
    shown = re.sub(r"<(title|desc|style)\b[^>]*>[^<]*</\1>", "", svg)
    return unescape("".join(re.findall(r">([^<]+)<", shown)).replace("\n", ""))


def _chinese(char: str) -> bool:
    return char >= "\u2e80" and unicodedata.east_asian_width(char) in "WF" and char.isalpha()


_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="{}">'
    '<text x="2" y="16" font-size="16">{}</text></svg>'
)


def need(ok: object, message: str) -> None:
    """Refuse what cannot be drawn."""
    if not ok:
        raise UnreadableData(message)


def finite(value: float, what: str) -> float:
    """Give a number that can be drawn."""
    found = float(value)
    if not math.isfinite(found):
        raise UnreadableData(f"{what} is {value}, which cannot be drawn; leave it out or give None")
    return found


def chip(colour: str, mark: str) -> Callable[[Canvas, float, float], None]:
    """Give the legend symbol of a category: its mark on its colour."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.rect(x - 10, y - 8, 20, 16, fill=colour, radius=2)
        canvas.mark(mark, x, y, 14, ink_on(colour))

    return draw
