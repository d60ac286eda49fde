"""
What a dataset is: its columns of labels and values, its keys, and what is accepted in it.

A specification is a YAML file beside the data, so that a check is the same for everybody who
runs it: which columns hold labels of which scheme, where a cell holds several, what unit and
kind the values have, what identifies a row. A baseline is the list of findings that a team has
accepted: with it the check can be adopted in a dataset that is not clean yet, and fails only
on what is new. Both are read strictly, with file, line and column of what is wrong.

Standards: the fields are those that a table schema has in common with Frictionless Table
Schema v1 and the W3C's Tabular Data Model (separator, key, missing cells), named as the
arguments of `validate`; kinds of values as in SDMX: what can be added up and what cannot.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import attrs

from .amounts import check_unit
from .errors import FutureIndustryError, InvalidFile, ValueNotUnderstood, nearest
from .files import (
    _STR,
    _STRS,
    Reader,
    _choice,
    _Field,
    _flow,
    _languages_schema,
    _one_of,
    _read_fields,
    _ref,
    _table_schema,
    read_text,
)
from .model import NO_TEXT, URI_BASE, Scheme, Text
from .report import Acceptance
from .rules import RULES
from .store import load, read_scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal

    import yaml

    Kind = Literal["total", "rate"]

__all__ = [
    "SectorColumn",
    "Specification",
    "ValueColumn",
    "as_specification",
    "dataset_schema",
    "format_baseline",
    "read_baseline",
    "read_specification",
    "specification_template",
]

KINDS = ("total", "rate")
PREFIX = "sector"
_NAMES = re.compile(r"[^\W\d]\w*")


@attrs.frozen
class SectorColumn:
    """
    A column of labels.

    Attributes:
        column: Its name.
        scheme: Scheme of its labels; None for that of the specification, or of the park.
        code: Column with a code beside the label.
        tier: Column that names the tier.
        separators: What parts the labels of one cell, and nothing else does; None to have
            lists found as in any label, empty if a cell never holds several.
        to: Scheme to recode to.
        prefix: Of the columns that `recode` adds; None for `sector`, or the column's own name
            where there are several.
    """

    column: str
    scheme: Scheme | str | None = None
    code: str | None = None
    tier: str | None = None
    separators: tuple[str, ...] | None = None
    to: Scheme | str | None = None
    prefix: str | None = None


@attrs.frozen
class ValueColumn:
    """
    A column of amounts.

    Attributes:
        column: Its name.
        unit: Unit of numbers that give none; amounts of another measure are findings. None if
            cells say their unit.
        kind: `total`, what can be added up over sectors; `rate`, what cannot (shares, growth,
            averages).
        by: Column that says what the amount is (企业数, 产值): only amounts of one kind need a
            common unit.
    """

    column: str
    unit: str | None = None
    kind: Kind = "total"
    by: str | None = None

    @property
    def rate(self) -> bool:
        """Whether its amounts cannot be added up over sectors."""
        return self.kind == "rate" or (self.unit or "").endswith(("%", "‰", "百分点", "倍"))


@attrs.frozen
class Specification:
    """
    The columns of a dataset, and what is accepted in it.

    Attributes:
        sectors: Columns of labels, one or more.
        scheme: Scheme of columns that name none.
        park: Column whose value names the issuer and so picks its principal scheme.
        date: Column with the date; picks the version in force then.
        values: Columns of amounts.
        key: Columns that identify a row.
        accepted: Findings that are accepted.
        baseline: Path of the file with more of them.
        title: By language.
    """

    sectors: tuple[SectorColumn, ...]
    scheme: Scheme | str | None = None
    park: str | None = None
    date: str | None = None
    values: tuple[ValueColumn, ...] = ()
    key: tuple[str, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    baseline: str | None = None
    title: Text = NO_TEXT

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are named, each once."""
        found: list[str | None] = [self.park, self.date, *self.key]
        for sector in self.sectors:
            found += [sector.column, sector.code, sector.tier]
        for value in self.values:
            found += [value.column, value.by]
        return tuple(dict.fromkeys(name for name in found if name))

    def prefix(self, sector: SectorColumn) -> str:
        """Give the prefix of the columns that `recode` adds for a column of labels."""
        return sector.prefix or (PREFIX if len(self.sectors) == 1 else sector.column)

    def only(self, column: str) -> Specification:
        """
        Give the specification with one of its columns of labels.

        Raises:
            FutureIndustryError: There is no such column of labels.
        """
        found = [sector for sector in self.sectors if sector.column == column]
        if not found:
            there = ", ".join(sector.column for sector in self.sectors)
            raise FutureIndustryError(
                f'the specification has no column of labels "{column}"; it has {there}'
            )
        return attrs.evolve(self, sectors=tuple(found))

    def replace(
        self,
        *,
        scheme: Scheme | str | None = None,
        code: str | None = None,
        park: str | None = None,
        date: str | None = None,
        tier: str | None = None,
        value: str | None = None,
        key: Sequence[str] = (),
    ) -> Specification:
        """
        Give the specification with what was asked for in a call; that wins.

        Raises:
            FutureIndustryError: It is not clear what an argument would replace.
        """
        one = len(self.sectors) == 1
        for name, given in (("code", code), ("tier", tier)):
            if given is not None and not one:
                raise FutureIndustryError(
                    f"the specification has {len(self.sectors)} columns of labels: "
                    f"say {name} there, or pick one of them with sector"
                )
        if scheme is not None and (own := [s for s in self.sectors if s.scheme is not None]):
            if not one:
                raise FutureIndustryError(
                    f'the specification gives the column "{own[0].column}" a scheme of its own: '
                    "leave scheme out, or pick one column with sector"
                )
            own_sectors = tuple(attrs.evolve(s, scheme=None) for s in self.sectors)
        else:
            own_sectors = self.sectors
        sectors = tuple(
            attrs.evolve(s, code=code or s.code, tier=tier or s.tier) for s in own_sectors
        )
        values = self.values
        if value is not None:
            values = tuple(v for v in values if v.column == value) or (ValueColumn(value),)
        return attrs.evolve(
            self,
            sectors=sectors,
            scheme=self.scheme if scheme is None else scheme,
            park=park or self.park,
            date=date or self.date,
            values=values,
            key=tuple(key) or self.key,
        )


def as_specification(
    spec: Specification | Path | str | None,
    *,
    sector: str,
    default: str,
    scheme: Scheme | str | None = None,
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    value: str | None = None,
    key: str | Sequence[str] | None = None,
) -> Specification:
    """
    Make one specification of a file or none and the arguments of a call.

    Args:
        spec: A specification, or its path; None if there is none.
        sector: Column of labels; picks one of the specification's, unless it is the default.
        default: The column of labels if nobody says one.
        scheme: As in `validate`, and so on; an argument wins over the specification.
        code: Of the column of labels.
        park: Of all columns.
        date: Of all columns.
        tier: Of the column of labels.
        value: Picks one of the specification's columns of values, or names another.
        key: Replaces that of the specification.

    Raises:
        InvalidFile: The file is wrong; with all problems.
        FutureIndustryError: An argument and the specification conflict.
    """
    keys = (key,) if isinstance(key, str) else tuple(key or ())
    for name, given in (("code", code), ("tier", tier)):
        if given is not None and given == sector:
            raise FutureIndustryError(f'{name} names the column of labels "{sector}" itself')
    if spec is None:
        values = (ValueColumn(value),) if value else ()
        sectors = (SectorColumn(sector, code=code, tier=tier),)
        return Specification(sectors, scheme, park, date, values, keys)
    found = spec if isinstance(spec, Specification) else read_specification(spec)
    if sector != default:
        found = found.only(sector)
    return found.replace(
        scheme=scheme, code=code, park=park, date=date, tier=tier, value=value, key=keys
    )


# Reading


class _SpecificationReader(Reader):
    """Reads what only specifications and baselines have."""

    def __init__(self, file: str, folder: str) -> None:
        super().__init__(file)
        self.folder = folder

    def scheme(self, node: yaml.Node, what: str) -> Scheme | str | None:
        value = self.text(node, what)
        if value is None:
            return None
        try:
            if value.endswith((".yaml", ".yml")):
                return read_scheme(os.path.join(self.folder, value))  # noqa: PTH118 - as in files
            load(value)
        except InvalidFile as error:
            self.problems += error.problems
        except FutureIndustryError as error:
            self.report(node, str(error))
        return value

    def unit(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        if value is not None:
            try:
                check_unit(value)
            except ValueNotUnderstood as error:
                self.report(node, error.reason["en"])
        return value

    def rule(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        known = [code for code in RULES if code.startswith("FI1")]
        if value is not None and value not in known:
            hint = nearest(value, known)
            more = f'did you mean "{hint[0]}"?' if hint else "those of datasets start with FI1"
            self.report(node, f'no rule "{value}"; {more}')
            return None
        return value

    def prefix(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        if value is not None and not _NAMES.fullmatch(value):
            self.report(node, f'{what} "{value}" should be a name of letters, digits and _')
        return value

    def separators(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        found = []
        for child in self.listed(node, what):
            value = child.value
            # White space may part labels, so it is not taken off here.
            if not isinstance(value, str) or not value:
                self.report(child, f"an entry of {what} should be a text such as ; or 、")
            elif any(ch.isalnum() for ch in value):
                self.report(child, f'"{value}" is part of names; {what} are signs such as ; or 、')
            else:
                found.append(value)
        return tuple(found)

    def sectors(self, node: yaml.Node, what: str) -> tuple[SectorColumn, ...]:
        found: dict[str, SectorColumn] = {}
        prefixes: dict[str, str] = {}
        for child in self.listed(node, what):
            values = _read_fields(self, child, _SECTOR, "a column of labels")
            if not (column := values.get("column")):
                continue
            if column in found:
                self.report(child, f'the column "{column}" is already there')
            for other in ("code", "tier"):
                if values.get(other) == column:
                    self.report(child, f'{other} names the column of labels "{column}" itself')
            if (prefix := values.get("prefix")) and prefixes.setdefault(prefix, column) != column:
                self.report(child, f'the prefix "{prefix}" is already that of "{prefixes[prefix]}"')
            found[column] = SectorColumn(**values)
        return tuple(found.values())

    def values(self, node: yaml.Node, what: str) -> tuple[ValueColumn, ...]:
        found: dict[str, ValueColumn] = {}
        for child in self.listed(node, what):
            values = _read_fields(self, child, _VALUE, "a column of values")
            if not (column := values.get("column")):
                continue
            if column in found:
                self.report(child, f'the column "{column}" is already there')
            found[column] = ValueColumn(**values)
        return tuple(found.values())

    def columns(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        # One column needs no list.
        if isinstance(node.value, str) and not self.is_null(node):
            value = self.text(node, what)
            return (value,) if value else ()
        return self.texts(node, what)

    def accepted(self, node: yaml.Node, what: str) -> tuple[Acceptance, ...]:
        return self._acceptances(node, what, _ACCEPTED)

    def baseline_entries(self, node: yaml.Node) -> tuple[Acceptance, ...]:
        found: dict[tuple[object, ...], int] = {}
        entries = self._acceptances(node, "a baseline", _BASELINE)
        for child, entry in zip(node.value, entries, strict=False):
            line = child.start_mark.line + 1
            if found.setdefault(entry.key, line) != line:
                self.report(child, f"the finding is already accepted in line {found[entry.key]}")
        return entries

    def _acceptances(
        self, node: yaml.Node, what: str, fields: Mapping[str, _Field]
    ) -> tuple[Acceptance, ...]:
        found = []
        for child in self.listed(node, what):
            values = _read_fields(self, child, fields, "an accepted finding")
            if values.get("rule"):
                found.append(Acceptance(**values))
        return tuple(found)

    def verbatim(self, node: yaml.Node, what: str) -> str | None:
        """Read a cell as it is: spaces and invisible characters may be what is wrong with it."""
        value = node.value
        if not isinstance(value, str):
            self.report(node, f"{what} should be a text")
            return None
        return None if self.is_null(node) else value


_ACCEPTED = {
    "rule": _Field(
        _SpecificationReader.rule,  # type: ignore[arg-type]  # the reader of these fields
        {"type": "string", "pattern": "^FI1[0-9]{2}$"},
        "Code of the rule.",
        required=True,
    ),
    "column": _Field(Reader.text, _STR, "Column of the finding; any if left out."),
    "value": _Field(
        _SpecificationReader.verbatim,  # type: ignore[arg-type]
        _STR,
        "Value of the finding; any if left out.",
    ),
    "reason": _Field(Reader.prose, _STR, "Why it is accepted.", required=True),
}
_BASELINE = {
    **{key: field for key, field in _ACCEPTED.items() if key != "reason"},
    "series": _Field(Reader.text, _STR, "Series of the scheme that the finding is about."),
    "others": _Field(
        Reader.number, {"type": "integer", "minimum": 0}, "Findings that are not listed."
    ),
    "rows": _Field(
        Reader.number, {"type": "integer", "minimum": 0}, "Up to how many rows.", required=True
    ),
    "reason": _Field(Reader.prose, _STR, "Why it is accepted."),
}
_SECTOR = {
    "column": _Field(Reader.text, _STR, "Column with the labels.", required=True),
    "scheme": _Field(
        _SpecificationReader.scheme,  # type: ignore[arg-type]
        _STR,
        "Scheme of the labels, or a file ending in .yaml; if not that of the dataset.",
    ),
    "code": _Field(Reader.text, _STR, "Column with a code, checked against the label."),
    "tier": _Field(Reader.text, _STR, "Column that names the tier."),
    "separators": _Field(
        _SpecificationReader.separators,  # type: ignore[arg-type]
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        "Signs that part the labels of one cell, and nothing else does; [] for none.",
    ),
    "to": _Field(
        _SpecificationReader.scheme,  # type: ignore[arg-type]
        _STR,
        "Scheme that recode gives the codes of.",
    ),
    "prefix": _Field(
        _SpecificationReader.prefix,  # type: ignore[arg-type]
        {"type": "string", "pattern": r"^[^\W\d]\w*$"},
        "Prefix of the columns that recode adds.",
    ),
}
_VALUE = {
    "column": _Field(Reader.text, _STR, "Column with the amounts.", required=True),
    "unit": _Field(
        _SpecificationReader.unit,  # type: ignore[arg-type]
        _STR,
        "Unit of numbers that give none, such as 亿元, 家, %; amounts of another are findings.",
    ),
    "kind": _Field(
        _choice(KINDS),
        _one_of(KINDS),
        "total: can be added up over sectors; rate: cannot (shares, growth, averages).",
        default="total",
    ),
    "by": _Field(Reader.text, _STR, "Column that says what the amount is, such as 指标."),
}
_SPECIFICATION = {
    "title": _Field(Reader.by_lang, _ref("text"), "Title by language.", default=NO_TEXT),
    "scheme": _Field(
        _SpecificationReader.scheme,  # type: ignore[arg-type]
        _STR,
        "Scheme of columns that name none, or a file ending in .yaml.",
    ),
    "park": _Field(Reader.text, _STR, "Column that names the issuer; picks its main scheme."),
    "date": _Field(Reader.text, _STR, "Column with the date; picks the version in force then."),
    "sectors": _Field(
        _SpecificationReader.sectors,  # type: ignore[arg-type]
        {"type": "array", "items": _ref("sector"), "minItems": 1},
        "Columns of labels.",
        required=True,
    ),
    "values": _Field(
        _SpecificationReader.values,  # type: ignore[arg-type]
        {"type": "array", "items": _ref("value")},
        "Columns of amounts.",
        default=(),
    ),
    "key": _Field(
        _SpecificationReader.columns,  # type: ignore[arg-type]
        {"anyOf": [_STR, _STRS]},
        "Column or columns that identify a row.",
        default=(),
    ),
    "accepted": _Field(
        _SpecificationReader.accepted,  # type: ignore[arg-type]
        {"type": "array", "items": _ref("accepted")},
        "Findings that are accepted, with the reason.",
        default=(),
    ),
    "baseline": _Field(Reader.text, _STR, "File with accepted findings, beside this one."),
}


def read_specification(path: Path | str) -> Specification:
    """
    Read the specification of a dataset.

    Args:
        path: The YAML file; schemes and baseline given as files are looked for beside it.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    file = os.fspath(path)
    folder = os.path.dirname(file)  # noqa: PTH120 - as in files
    reader = _SpecificationReader(file, folder)
    root = reader.compose(read_text(file))
    values = {}
    if root is not None:
        values = _read_fields(reader, root, _SPECIFICATION, "a specification")
        sectors = values.get("sectors", ())
        without = [s.column for s in sectors if s.scheme is None]
        if without and not reader.problems and not (values.get("scheme") or values.get("park")):
            reader.report(
                root,
                f'no scheme for the labels of "{without[0]}"; add scheme, or park for a file of several',
            )
    reader.raise_problems()
    if "baseline" in values:
        values["baseline"] = os.path.join(folder, values["baseline"])  # noqa: PTH118
    return Specification(**values)


def read_baseline(path: Path | str) -> tuple[Acceptance, ...]:
    """
    Read a baseline, as `format_baseline` writes it.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    file = os.fspath(path)
    reader = _SpecificationReader(file, "")
    text = read_text(file)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return ()
    root = reader.compose(text)
    found = () if root is None else reader.baseline_entries(root)
    reader.raise_problems()
    return found


_BASELINE_HEAD = """\
# Findings that are accepted as they are. One with more rows, or one that is not here, fails.
# Write it again: futureindustry validate DATA … --write-baseline FILE
"""


def format_baseline(entries: Iterable[Acceptance]) -> str:
    """Write a baseline: sorted, a line for each finding, so that a change is a line of a diff."""
    lines = []
    for entry in sorted(entries, key=Acceptance.sort_key):
        data = {
            key: value
            for key in ("rule", "column", "value", "series", "others", "rows", "reason")
            if (value := getattr(entry, key)) is not None
        }
        line = _flow(data)
        if not unicodedata.is_normalized("NFC", line):
            # Files are read in NFC; a cell that is not is kept by the numbers of its characters.
            line = _flow({**data, "value": "@"})
            line = line.replace('value: "@"', f"value: {_by_number(entry.value)}", 1)
        lines.append(f"- {line}\n")
    return _BASELINE_HEAD + "".join(lines)


def _by_number(value: str | None) -> str:
    return '"' + "".join(f"\\U{ord(ch):08x}" for ch in value or "") + '"'


def dataset_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of specifications, for editors to complete and check."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{URI_BASE}schema/dataset.json",
        "title": "The specification of a dataset",
        **_table_schema(_SPECIFICATION),
        "$defs": {
            "text": {**_languages_schema(_STR), "minProperties": 1},
            "sector": _table_schema(_SECTOR),
            "value": _table_schema(_VALUE),
            "accepted": _table_schema(_ACCEPTED),
        },
    }


_TEMPLATE = """\
# yaml-language-server: $schema=dataset.schema.json
# What the columns of a dataset are: futureindustry validate DATA --spec FILE
# Take out what does not apply; the comments may go as well.
scheme: hefei-htz/future-industries   # of the labels; or leave it out and name the park
# park: 园区                           # column that names the issuer, row by row
# date: 时期                           # column with the date; picks the version in force then
sectors:                              # the columns of labels
  - column: 行业
    # scheme: nbs/gbt-4754            # if it is another scheme than above
    # code: 行业代码                   # column with a code, checked against the label
    # tier: 层级                       # column that names the tier
    # separators: [";", "、"]          # what parts several labels in a cell; [] if nothing does
    # to: miit/future-industries      # what recode gives the codes of
    # prefix: sector                  # of the columns that recode adds
values:                               # the columns of amounts
  - column: 数值
    # unit: 亿元                       # of numbers that give none
    # kind: total                     # total can be added up; rate cannot (shares, growth)
    # by: 指标                         # column that says what the amount is
# key: [序号]                          # what identifies a row
# accepted:                           # findings that you live with, and why
#   - {rule: FI103, column: 行业, value: 电机, reason: kept as the park wrote it}
# baseline: baseline.yaml             # a file of them, from --write-baseline
"""


def specification_template() -> str:
    """Give a commented specification to fill in."""
    return _TEMPLATE
