"""
From values by item of one scheme to values by item of another.

A correspondence with weights is a row-stochastic matrix: each source item hands out shares of
its value. Shares that are not known are not made up unless the caller names a policy that does,
and the result says how much of it rests on weights, on relations, or on a default.

Decided here: an item that is equal to one target, or part of it, goes there whole and needs no
weight. Where this is said of several targets it is to be counted once, and not known where.

Method: the law of total probability to move values, Bayes' theorem to turn weights round (the
totals of the source are the prior).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isfinite

import attrs

from .errors import NotAllocated, nearest
from .relation import Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .model import Map

    Policy = Literal["weights", "equal", "whole", "reject"]
    Basis = Literal["weight", "relation", "default"]
    Rows = Mapping[str, Sequence[Map]]

__all__ = ["POLICIES", "Allocation", "Flow", "allocate", "shares", "turned_weights"]

POLICIES = ("weights", "equal", "whole", "reject")
# Weights come from files with few digits; a sum that is off by more is no rounding.
ROUNDING = 1e-6


@attrs.frozen
class Flow:
    """
    What one source item hands to one target.

    Attributes:
        source: Code in the source scheme.
        target: Code in the target scheme.
        share: Of the value of the source, 0 to 1.
        value: In the unit of the values given.
        basis: `weight` (of the map), `relation` (the source equals the target or is part of
            it) or `default` (nothing but the policy says so).
    """

    source: str
    target: str
    share: float
    value: float
    basis: Basis


@attrs.frozen
class Allocation:
    """
    Values moved from one scheme to another, and what they rest on.

    `total` is `fsum` of what was given; `allocated + unallocated` is the same again up to
    rounding. Shares of a total of 0 are None.

    Attributes:
        source: Id of the source scheme.
        target: Id of the target scheme.
        policy: As asked for.
        values: By target code, in the order of the target scheme where it is at hand.
        low: By target code, the least it can be, whatever the unknown shares are. Weights are
            taken at their word; what policy `whole` moves against them may be out of bounds.
        high: By target code, the most it can be.
        flows: What each item handed to each target, in the order of the values given.
        unmapped: By source code: value of items that have no target.
        undetermined: By source code: value that has targets but no known shares, and what the
            weights of an item leave over.
    """

    source: str
    target: str
    policy: Policy
    values: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]
    flows: tuple[Flow, ...] = attrs.field(repr=False)
    unmapped: Mapping[str, float]
    undetermined: Mapping[str, float]

    @property
    def allocated(self) -> float:
        """The sum of the values that reached a target."""
        return fsum(flow.value for flow in self.flows)

    @property
    def unallocated(self) -> float:
        """The sum of the values that did not."""
        return fsum((*self.unmapped.values(), *self.undetermined.values()))

    @property
    def total(self) -> float:
        """The sum of the values, conserved: allocated and unallocated."""
        return fsum(
            (
                *(flow.value for flow in self.flows),
                *self.unmapped.values(),
                *self.undetermined.values(),
            )
        )

    @property
    def coverage(self) -> float | None:
        """Share of the total that reached a target."""
        return self._share(self.allocated)

    @property
    def unmapped_share(self) -> float | None:
        """Share of the total that belongs to items without a target."""
        return self._share(fsum(self.unmapped.values()))

    @property
    def undetermined_share(self) -> float | None:
        """Share of the total that has targets, but not known in which parts."""
        return self._share(fsum(self.undetermined.values()))

    @property
    def default_share(self) -> float | None:
        """Share of the total that was placed by the policy alone, not by weight or relation."""
        return self._share(fsum(flow.value for flow in self.flows if flow.basis == "default"))

    def _share(self, part: float) -> float | None:
        total = self.total
        return part / total if total else None

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values, for JSON."""
        return {
            "source": self.source,
            "target": self.target,
            "policy": self.policy,
            "total": self.total,
            "allocated": self.allocated,
            "coverage": self.coverage,
            "unmapped_share": self.unmapped_share,
            "undetermined_share": self.undetermined_share,
            "default_share": self.default_share,
            "values": [
                {"target": code, "value": value, "low": self.low[code], "high": self.high[code]}
                for code, value in self.values.items()
            ],
            "flows": [attrs.asdict(flow) for flow in self.flows],
            "unmapped": dict(self.unmapped),
            "undetermined": dict(self.undetermined),
        }


def _candidates(maps: Sequence[Map]) -> list[Map]:
    """Give the maps that may carry a value: not those known to be disjoint, or known for nothing."""
    return [
        m for m in maps if m.weight or (m.weight is None and not m.relation.mask & Relation.DR.mask)
    ]


def shares(maps: Sequence[Map]) -> tuple[dict[str, tuple[float, Basis]], list[Map], float]:
    """
    Give what is known of how one item is divided.

    Args:
        maps: All maps of the item.

    Returns:
        Known shares by target with what they rest on; the maps to targets whose share is not
        known; the share that is left for these, or for nobody if there are none.

    Raises:
        ValueError: The weights add up to more than 1.
    """
    known: dict[str, tuple[float, Basis]] = {}
    maps = _candidates(maps)
    weighted = [m for m in maps if m.weight is not None]
    if not weighted:
        inside = [m for m in maps if m.relation <= Relation.PART]
        if len(inside) == 1:
            return {inside[0].target: (1.0, "relation")}, [], 0.0
        return known, maps, 1.0
    total = fsum(m.weight or 0.0 for m in weighted)
    if total > 1 + ROUNDING:
        raise ValueError(
            f'the weights of "{maps[0].source}" add up to {total:.6g}; shares of one item add up to 1'
        )
    for m in weighted:
        before = known.get(m.target, (0.0, "weight"))[0]
        known[m.target] = (before + (m.weight or 0.0), "weight")
    rest = 1 - total
    if abs(rest) <= ROUNDING:
        # What is missing or too much by rounding goes to all in proportion.
        known = {code: (share / total, basis) for code, (share, basis) in known.items()}
        rest = 0.0
    return known, [m for m in maps if m.weight is None] if rest else [], rest


def _by_policy(
    known: dict[str, tuple[float, Basis]], open_: Sequence[Map], rest: float, policy: Policy
) -> dict[str, tuple[float, Basis]]:
    """Add what the policy says about the shares that are not known."""
    if policy == "whole":
        if known and not open_:
            code, (share, basis) = max(known.items(), key=lambda pair: pair[1][0])
            return {code: (1.0, basis if share == 1 else "default")}
        code = max(known, key=lambda code: known[code][0]) if known else open_[0].target
        return {code: (1.0, "default")}
    if policy == "equal" and open_:
        targets = list(dict.fromkeys(m.target for m in open_))
        known = dict(known)
        for code in targets:
            known[code] = (rest / len(targets), "default")
    return known


def allocate(
    source: str,
    target: str,
    rows: Rows,
    values: Mapping[str, float],
    policy: Policy,
    *,
    order: Sequence[str] = (),
) -> Allocation:
    """
    Move values; see `Correspondence.allocate`.

    Args:
        source: Id of the source scheme.
        target: Id of the target scheme.
        rows: Maps by source code; for each item the closest target first.
        values: By source code.
        policy: See `Correspondence.allocate`.
        order: Codes of the target in document order.

    Returns:
        The values by target, with what they rest on.
    """
    if policy not in POLICIES:
        hint = nearest(str(policy), POLICIES)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there is {', '.join(POLICIES)}"
        raise ValueError(f'no policy "{policy}"{more}')
    flows: list[Flow] = []
    unmapped: dict[str, float] = {}
    undetermined: dict[str, float] = {}
    low: dict[str, list[float]] = {}
    high: dict[str, list[float]] = {}
    refused: list[str] = []
    for code, given in values.items():
        value = _amount(code, given)
        maps = _candidates(rows.get(code, ()))
        if not maps:
            unmapped[code] = value
            continue
        known, open_, rest = shares(maps)
        if policy == "reject" and (open_ or rest) and value:
            refused.append(code)
            continue
        for t, (share, _) in known.items():
            # `whole` puts things elsewhere on purpose; its bounds are those of the shares.
            low.setdefault(t, []).append(value * share)
            high.setdefault(t, []).append(value * share)
        for t in dict.fromkeys(m.target for m in open_):
            low.setdefault(t, [])
            high.setdefault(t, []).append(value * rest)
        placed = _by_policy(known, open_, rest, policy)
        flows += (
            Flow(code, t, share, value * share, basis) for t, (share, basis) in placed.items()
        )
        left = value - fsum(value * share for share, _ in placed.values())
        if rest and value and (policy == "weights" or (policy == "equal" and not open_)):
            undetermined[code] = left
    if refused:
        shown = ", ".join(refused[:5]) + (", …" if len(refused) > 5 else "")
        raise NotAllocated(
            f"{len(refused)} items have no shares that are known ({shown}); "
            "add weights, or choose policy weights, equal or whole"
        )
    got: dict[str, list[float]] = {}
    for flow in flows:
        got.setdefault(flow.target, []).append(flow.value)
    ranks = {code: n for n, code in enumerate(order)}
    codes = sorted({**got, **high}, key=lambda code: ranks.get(code, len(ranks)))
    return Allocation(
        source,
        target,
        policy,
        {code: fsum(got.get(code, ())) for code in codes},
        {code: fsum(low.get(code, ())) for code in codes},
        {code: fsum(high.get(code, ())) for code in codes},
        tuple(flows),
        unmapped,
        undetermined,
    )


def _amount(code: str, given: float) -> float:
    value = float(given)
    if not isfinite(value) or value < 0:
        raise ValueError(
            f'the value of "{code}" is {given}; values are finite and not negative (allocate '
            "what is gained and what is lost apart)"
        )
    return value


def turned_weights(rows: Rows, totals: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """
    Give the weights of the way back: which share of a target comes from which source.

    Args:
        rows: Maps by source code.
        totals: Value of each source item.

    Returns:
        By (target, source): w(x, y) T(x) divided by the sum of this over all x. Left out is a
        target that receives nothing (0/0), and one to which something unknown may come: a
        share, or the total of a source, is not known.

    Source:
        Bayes' theorem, with the totals as prior.
    """
    arriving: dict[str, dict[str, float]] = {}
    unknown: set[str] = set()
    for x, maps in rows.items():
        known, open_, _ = shares(maps)
        if x in totals:
            value = _amount(x, totals[x])
            unknown |= {m.target for m in open_ if value}
            for y, (share, _) in known.items():
                arriving.setdefault(y, {})[x] = share * value
        else:
            unknown |= {*known, *(m.target for m in open_)}
    found = {}
    for y, amounts in arriving.items():
        received = fsum(amounts.values())
        if received and y not in unknown:
            found.update({(y, x): amount / received for x, amount in amounts.items()})
    return found
