"""
What happened between two versions of a scheme.

Item changes in the typology of GSIM's Statistical Classification Model: virtual changes (code
change, name change) and real ones (creation, deletion, merger, take-over, breakdown,
split-off, transfer). They follow from the identity of items (an item that keeps its code
continues) and from the relations between those that do not, derived through the hub. An
item that only moves to another tier is a transfer: its parents exchange a part.
"""

from __future__ import annotations

from .mapping import EQ, PART, WHOLE, Network, Premise, is_tier
from .model import Item, ItemChange, Scheme
from .store import as_scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHANGES", "diff"]

CHANGES = (
    "unchanged", "name change", "code change", "creation", "deletion", "merger", "take-over",
    "breakdown", "split-off", "transfer",
)  # fmt: skip


def diff(old: Scheme | str, new: Scheme | str) -> list[ItemChange]:
    """
    Say what happened to each item between two versions.

    Args:
        old: The earlier version, or its id.
        new: The later version, or its id.

    Returns:
        Changes in the document order of the old version, what is new at the end. Every item
        of either version is in at least one; an item may be in two (renamed and moved).

    Raises:
        UnknownScheme: No such scheme.

    Source:
        UNECE, "Generic Statistical Information Model: Statistical Classifications Model",
        version 1.2, typology of item changes.

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.diff("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
        >>> [c.new for c in found if c.change == "transfer"]
        [('intelligent-robots',)]
    """
    return list(_Diff(as_scheme(old), as_scheme(new)).changes())


class _Diff:
    def __init__(self, old: Scheme, new: Scheme) -> None:
        self.old, self.new = old, new
        self.expiring = [c for c in old if c not in new]
        self.emerging = [c for c in new if c not in old]
        self.links: dict[tuple[str, str], int] = {}
        if self.expiring or self.emerging:
            self.network = Network(old, new)
            for x in old:
                for y in new if x in self.expiring else self.emerging:
                    if is_tier(old[x]) != is_tier(new[y]):
                        continue
                    mask = self.network.mask(x, y)
                    if not mask & 16 and mask:
                        self.links[x, y] = mask

    def changes(self) -> Iterator[ItemChange]:
        done_new: set[str] = set()
        for x in self.old:
            if x in self.new:
                yield from self._continuing(self.old[x], self.new[x])
                continue
            change = self._expiring(x, done_new)
            if change is not None:
                done_new.update(change.new)
                yield change
        for y in self.emerging:
            if y not in done_new:
                yield self._emerging(y)

    def _continuing(self, before: Item, after: Item) -> Iterator[ItemChange]:
        code = (before.code,)
        changed = False
        if before.label.get("zh") != after.label.get("zh"):
            changed = True
            evidence = (f"the label was {before.label} and is {after.label}",)
            yield ItemChange("name change", code, code, evidence)
        if before.parent_code != after.parent_code:
            changed = True
            places = [_place(before), _place(after)]
            evidence = (f"{after.label} moves from {places[0]} to {places[1]}",)
            yield ItemChange("transfer", code, code, evidence)
        if not changed:
            yield ItemChange("unchanged", code, code, (f"code and label {after.label} continue",))

    def _expiring(self, x: str, done: set[str]) -> ItemChange | None:
        """Classify what becomes of an item that ends; None where a merger before has told it."""
        item = self.old[x]
        if successors := tuple(c for c in item.successors if c in self.new):
            kind = "breakdown" if len(successors) > 1 else "take-over"
            return ItemChange(kind, (x,), successors, (f"declared successors of {item.label}",))
        targets = {y: mask for (a, y), mask in self.links.items() if a == x}
        equal = [y for y, mask in targets.items() if mask == EQ]
        wholes = [y for y, mask in targets.items() if not mask & ~PART and mask != EQ]
        parts = [y for y, mask in targets.items() if not mask & ~WHOLE and mask != EQ]
        if equal:
            y = next((y for y in equal if y not in self.old), equal[0])
            if y in self.old:
                return ItemChange("take-over", (x,), (y,), self._evidence((x, y)))
            same = item.label.get("zh") == self.new[y].label.get("zh")
            return ItemChange(
                "code change" if same else "name change", (x,), (y,), self._evidence((x, y))
            )
        if parts and not wholes:
            return ItemChange(
                "breakdown", (x,), tuple(parts), self._evidence(*((x, y) for y in parts))
            )
        if wholes:
            y = next((y for y in wholes if y not in self.old), wholes[0])
            others = [
                a
                for a in self.expiring
                if a != x and not self.links.get((a, y), 31) & ~PART and not self.old[a].successors
            ]
            if y in self.emerging and others:
                merged = tuple(a for a in self.old if a == x or a in others)
                if merged[0] != x:
                    return None
                return ItemChange("merger", merged, (y,), self._evidence(*((a, y) for a in merged)))
            return ItemChange("take-over", (x,), (y,), self._evidence((x, y)))
        weak = tuple(y for y in targets if y not in done)
        evidence = self._evidence(*((x, y) for y in weak)) or (
            f"nothing in {self.new.id} continues {item.label}",
        )
        return ItemChange("deletion", (x,), (), evidence)

    def _emerging(self, y: str) -> ItemChange:
        item = self.new[y]
        sources = {x: mask for (x, b), mask in self.links.items() if b == y}
        wholes = [x for x, mask in sources.items() if not mask & ~WHOLE and x in self.new]
        if wholes:
            x = wholes[0]
            return ItemChange("split-off", (x,), (x, y), self._evidence((x, y)))
        evidence = self._evidence(*((x, y) for x in sources)) or (
            f"nothing in {self.old.id} was {item.label}",
        )
        return ItemChange("creation", (), (y,), evidence)

    def _evidence(self, *pairs: tuple[str, str]) -> tuple[str, ...]:
        said: dict[str, None] = {}
        for x, y in pairs:
            premises: tuple[Premise, ...] = self.network.premises(x, y)
            said.update(dict.fromkeys(p.sentence("en") for p in premises))
        return tuple(said)


def _place(item: Item) -> str:
    parent = item.parent
    if parent is None:
        return "the top"
    return f"{parent.slot or parent.code} ({parent.label})"
