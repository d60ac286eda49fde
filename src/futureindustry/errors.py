"""
Errors for people: what is wrong, where, and what to do.

One root, `FutureIndustryError`. Its children are also the built-in error that a
caller expects (`UnknownItem` is a `KeyError`). Facts are attributes; the sentence
is made from them once. `Place` says where in a file or table a problem sits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "ColumnExists",
    "ColumnNotFound",
    "FutureIndustryError",
    "InvalidDate",
    "InvalidFile",
    "InvalidFormula",
    "InvalidId",
    "InvalidScheme",
    "MissingExtra",
    "NotAllocated",
    "Place",
    "Problem",
    "UnknownFormat",
    "UnknownIssuer",
    "UnknownItem",
    "UnknownScheme",
    "UnreadableData",
    "ValueNotUnderstood",
    "nearest",
]


def nearest(name: str, names: Iterable[str], *, count: int = 1) -> list[str]:
    """
    Give the names most like `name`, best first.

    Only for hints in messages; nothing is ever decided by it.

    Source:
        Ratcliff and Metzener, "Pattern matching: the Gestalt approach",
        Dr. Dobb's Journal, July 1988, as implemented by `difflib`.
    """
    from difflib import get_close_matches

    return get_close_matches(name, list(names), n=count, cutoff=0.6)


class Place:
    """
    Where a problem is: `file:line:column`.

    Attributes:
        file: Path as given by the user.
        line: Line, counted from 1; None for the file as a whole.
        column: Column, counted from 1.
    """

    __slots__ = ("column", "file", "line")

    def __init__(self, file: str, line: int | None = None, column: int | None = None) -> None:
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)

    def __repr__(self) -> str:
        return f"Place({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class Problem:
    """
    One thing wrong in a file, with its place.

    Attributes:
        place: Where.
        message: What is wrong and what to do, one sentence.
        rule: Code of the rule that `futureindustry check` reports it under.
    """

    __slots__ = ("message", "place", "rule")

    def __init__(self, place: Place, message: str, rule: str = "FI200") -> None:
        self.place = place
        self.message = message
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def __repr__(self) -> str:
        return f"Problem({str(self)!r})"


class FutureIndustryError(Exception):
    """Root of all errors that this library raises on purpose."""


class InvalidFile(FutureIndustryError, ValueError):
    """
    A file cannot be read as what it should be.

    Attributes:
        problems: All problems found in one pass, in file order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InvalidFormula(FutureIndustryError, ValueError):
    """A formula such as `2+3+X` cannot be read, or its parts do not fit."""


class InvalidId(FutureIndustryError, ValueError):
    """An identifier is not of the form `issuer/series@version#code`."""


class InvalidDate(FutureIndustryError, ValueError):
    """A date is not of the form YYYY, YYYY-MM or YYYY-MM-DD, or there is no such day."""


class InvalidScheme(FutureIndustryError, ValueError):
    """The items of a scheme are no tree: a code twice, or a parent missing or after its child."""


class _Unknown(FutureIndustryError, KeyError):
    def __str__(self) -> str:
        # KeyError shows the repr of its argument.
        return str(self.args[0])


class UnknownScheme(_Unknown):
    """No scheme, series or version of that name is in the catalogue."""


class UnknownIssuer(_Unknown):
    """No issuer of that name is in the catalogue."""


class UnknownItem(_Unknown):
    """
    A scheme has no item with that code.

    Attributes:
        code: The code asked for.
        scheme: Id of the scheme.
    """

    def __init__(self, code: str, scheme: str, codes: Iterable[str]) -> None:
        self.code = code
        self.scheme = scheme
        hint = nearest(str(code), codes)
        super().__init__(
            f'{scheme} has no item "{code}"'
            + (f'; did you mean "{hint[0]}"?' if hint else f" (futureindustry show {scheme})")
        )


class ColumnNotFound(_Unknown):
    """
    A column is missing from the data.

    Attributes:
        column: The name asked for.
        columns: The names that are there.
    """

    def __init__(self, column: str, columns: Sequence[str], *, more: str = "") -> None:
        self.column = column
        self.columns = tuple(columns)
        hint = nearest(column, columns)
        shown = ", ".join(self.columns[:12]) + (", …" if len(self.columns) > 12 else "")
        super().__init__(
            f'no column "{column}"'
            + (f'; did you mean "{hint[0]}"?' if hint else f"; the data has: {shown}")
            + more
        )


class ColumnExists(FutureIndustryError, ValueError):
    """A column that would be added is already there; nothing is overwritten."""


class UnreadableData(FutureIndustryError, ValueError):
    """A data file is missing, empty, binary or not in a format that is read."""


class ValueNotUnderstood(FutureIndustryError, ValueError):
    """
    A text cannot be read as an amount.

    Attributes:
        text: The text.
        reason: Why, by language.
    """

    def __init__(self, text: str, reason: Mapping[str, str]) -> None:
        self.text = text
        self.reason = dict(reason)
        super().__init__(f"“{text}” cannot be read as an amount: {self.reason['en']}")


class NotAllocated(FutureIndustryError, ValueError):
    """Rows lead to several items of the target and the policy does not allow it."""


class UnknownFormat(_Unknown):
    """A format, policy or other option has no such value."""


class MissingExtra(FutureIndustryError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f'{what} needs an extra: pip install "futureindustry[{extra}]"')
