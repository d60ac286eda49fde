"""
How well labels that nobody tuned to are resolved: the measure, on the cases of `cases/evaluation.csv`.

A label has a meaning on the hub (a concept, `a+b` for a list, `-` for none, `?a|b` where a
concept is only near to it, so that both this and no answer are right) and in four schemes (an
item, none, or `?a|b`), put down by hand before anything was run on it.
Each lot of cases comes from public material that no name and no rule was made from. Lot 1 was
drawn from the same material as the development lot, lots 2 to 6 are from other sources. What
each showed when it was first run, once, stands in docs/benchmarks.md; after that it serves, as
the development lot does, to better rules and names, and the next lot measures.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

import attrs

import futureindustry as fi
from futureindustry.text import fold, is_han

SCHEMES = {
    "hefei": "hefei-htz/future-industries@2024-05",
    "shenzhen": "shenzhen/20-plus-8@2024-03",
    "miit": "miit/future-industries@2024-01",
    "shanghai": "shanghai/future-industries@2022-09",
}
CASES = Path(__file__).parent / "cases" / "evaluation.csv"


@attrs.define
class Quality:
    """Counts of answers, with those that were wrong or missing."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    wrong: list[str] = attrs.field(factory=list)
    missed: list[str] = attrs.field(factory=list)

    @property
    def precision(self) -> float:
        """Right ones among the labels that were resolved."""
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """Those found among the labels that mean something."""
        return self.found / self.wanted

    def note(self, case: str, wanted: str | None, got: str | None, *, right: bool) -> None:
        """Count one answer."""
        self.wanted += wanted is not None
        if got is not None:
            self.right += right
            if not right:
                self.wrong.append(f"{case}: {got}, not {wanted}")
        if wanted is not None:
            self.found += right
            if got is None:
                self.missed.append(f"{case}: {wanted}")


def measure(lot: str | None = None) -> Quality:
    """Measure one lot: `development`, or `1` to `6`; all if None."""
    quality = Quality()
    hub = fi.catalog().hub()
    schemes = {name: fi.load(id_) for name, id_ in SCHEMES.items()}
    with CASES.open(encoding="utf-8") as file:
        cases = [row for row in csv.DictReader(file) if lot in (None, row["lot"])]
    for row in cases:
        if row["concept"].startswith("?"):
            _maybe(quality, row["label"], row["concept"][1:].split("|"), hub.resolve(row["label"]))
            continue
        meant = row["concept"].split("+")
        _on_hub(quality, row["label"], meant, hub.resolve(row["label"]))
        if len(meant) == 1:
            for name, scheme in schemes.items():
                _in_scheme(quality, name, row, scheme.resolve(row["label"]))
    return quality


def _maybe(quality: Quality, label: str, meant: list[str], found: fi.Resolution) -> None:
    for part in found.parts or (found,):
        quality.note(label, None, part.code, right=part.code in meant)


def _on_hub(quality: Quality, label: str, meant: list[str], found: fi.Resolution) -> None:
    got = [part.code for part in found.parts or (found,) if part.code is not None]
    for concept in meant:
        if concept != "-":
            hit = concept if concept in got else None
            quality.note(label, concept, hit, right=hit is not None)
    for code in got:
        if code not in meant:
            quality.note(label, None, code, right=False)


def _in_scheme(quality: Quality, name: str, row: dict[str, str], found: fi.Resolution) -> None:
    case = f"{row['label']} ({name})"
    cell = row[name]
    got = found.code
    if found.parts:
        got = next((part.code for part in found.parts if part.code), None)
    wider = found.relation in ("contains", "overlaps")
    if cell.startswith("?") and not wider:
        quality.note(case, None, got, right=got in cell[1:].split("|"))
    elif cell and not cell.startswith((">", "?")):
        quality.note(case, cell, got, right=got == cell)
    elif wider:
        # What is wider than an item holds several; that it is the concept meant is what counts.
        via = (found.via or "").partition("#")[2]
        quality.note(case, None, got, right=via == row["concept"])
    else:
        quality.note(case, None, got, right=cell == f">{got}")


def look_alikes(seed: int = 20261125) -> list[tuple[str, str]]:
    """
    Give wrong spellings of known Chinese names, with the name: one character put for another.

    The character put in comes from the names themselves. What happens to be a known name of its
    own is left out, as is a spelling that folds to the name.
    """
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    hub = fi.catalog().hub()
    names = [str(n) for item in hub.values() for n in item.names if is_han(n) and len(n) > 1]
    known = {fold(n) for item in hub.values() for n in item.names}
    characters = "".join(names)
    found = []
    for name in names:
        for place in range(len(name)):
            wrong = name[:place] + draw.choice(characters) + name[place + 1 :]
            if fold(wrong) not in known:
                found.append((wrong, name))
    return found
