"""
All possible worlds of a few statements about extents, by brute force.

A world is a set of activities; all that matters of an activity is in which extents it is. Once
each pair that is spoken of has one base relation, the richest world has one activity of each
kind that nothing forbids, and it is a world if what has to be there is there. So the answer is
exact, whatever the number of activities.
"""

from itertools import product

from futureindustry.relation import Relation


def possible(names, said, exclusive=(), exhaustive=()):
    """
    Say whether the statements can hold together.

    Args:
        names: Of the extents.
        said: Pairs of extents with the mask of their relation.
        exclusive: Groups of extents that do not overlap.
        exhaustive: An extent, and those that make it up.
    """
    at = {name: n for n, name in enumerate(names)}
    masks = {}
    for a, b, mask in said:
        masks[a, b] = masks.get((a, b), 31) & mask
    if not all(masks.values()):
        return False
    pairs = [(at[a], at[b]) for a, b in masks]
    kinds = [
        kind
        for kind in range(1, 1 << len(at))
        if all(sum(kind >> at[c] & 1 for c in group) <= 1 for group in exclusive)
        and all(
            not kind >> at[whole] & 1 or any(kind >> at[c] & 1 for c in parts)
            for whole, parts in exhaustive
        )
    ]
    choices = [[n for n in range(5) if mask >> n & 1] for mask in masks.values()]
    return any(_is_world(len(at), kinds, pairs, bases) for bases in product(*choices))


# For each base relation, whether there is something in A alone, in B alone, and in both.
_THERE = ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (1, 1, 0))
_PLACES = ((1, 0), (0, 1), (1, 1))


def _is_world(count, kinds, pairs, bases):
    for (a, b), base in zip(pairs, bases, strict=True):
        empty = {place for place, there in zip(_PLACES, _THERE[base], strict=True) if not there}
        kinds = [kind for kind in kinds if (kind >> a & 1, kind >> b & 1) not in empty]
    if not all(any(kind >> n & 1 for kind in kinds) for n in range(count)):
        return False
    for (a, b), base in zip(pairs, bases, strict=True):
        found = {(kind >> a & 1, kind >> b & 1) for kind in kinds}
        needed = {place for place, there in zip(_PLACES, _THERE[base], strict=True) if there}
        if not needed <= found:
            return False
    return True


def relation(names, said, a, b, exclusive=(), exhaustive=()):
    """Give the relation of a to b that follows: all base relations of which there is a world."""
    mask = sum(
        1 << n for n in range(5) if possible(names, [*said, (a, b, 1 << n)], exclusive, exhaustive)
    )
    return Relation(mask) if mask else None
