"""
Make the font of the pictures: what the data and our own words need of Noto Sans CJK SC.

    make font [FONT=/path/to/NotoSansCJK-Regular.ttc]

Debian and Ubuntu have the source in the package fonts-noto-cjk. The same source and the same
characters give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "futureindustry" / "charts" / "sans-sc.otf"
FAMILY = "Futureindustry Sans SC"
# What labels are made of beside words: Latin with accents, Greek, punctuation, signs, forms of
# full width. Of these ranges comes what the source has.
SIGNS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x2010, 0x2044), (0x2070, 0x209F), (0x20AC, 0x20AC),
    (0x2103, 0x2122), (0x2160, 0x217B), (0x2190, 0x2199), (0x2200, 0x22A5), (0x2460, 0x2473),
    (0x25A0, 0x25CF), (0x3000, 0x301F), (0xFF01, 0xFF5E), (0xFFFD, 0xFFFD),
)  # fmt: skip


def needed() -> set[int]:
    """Give the characters of taxonomy/, of our sources and documents, and the signs."""
    files = [
        *(ROOT / "taxonomy").rglob("*.*"),
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").glob("*.*"),
    ]
    texts = (file.read_text("utf-8") for file in files if file.suffix != ".pyc")
    # The table of traditional characters is no text that a picture shows.
    found = {
        ord(char)
        for file, text in zip(files, texts, strict=True)
        if file.name != "_hanzi.py"
        for char in text
    }
    return found.union(*(range(first, last + 1) for first, last in SIGNS))


def main(source: str) -> None:
    """Write the subset, renamed: it is no complete Noto Sans, and must not stand in for one."""
    font = TTFont(source, fontNumber=2, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        name_IDs=[0, 13, 14],
        drop_tables=["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=needed())
    cutter.subset(font)
    names = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} subset", 4: FAMILY, 6: FAMILY.replace(" ", "")}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [names[6]]
    for key, text in (("FullName", FAMILY), ("FamilyName", FAMILY)):
        setattr(cff.topDictIndex[0], key, text)
    font.save(TARGET)
    print(
        f"{TARGET.relative_to(ROOT)}: {len(font.getBestCmap()):,} characters, {TARGET.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main(sys.argv[1])
