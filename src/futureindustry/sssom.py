"""
Maps to files and back: SSSOM/TSV, and plain tables of maps.

Strict in, canonical out, as `files` does for schemes. Our own files are read on a short way;
any valid SSSOM of other people on the long one, every standard slot kept.

Standard: SSSOM 1.1, https://mapping-commons.github.io/sssom/spec-formats-tsv/.
"""

# os.path and open: importing pathlib costs a tenth of the import budget.
# ruff: noqa: PTH110

from __future__ import annotations

import os
import re

import attrs
import yaml

from .errors import Place, nearest
from .files import (
    MAX_BYTES,
    Reader,
    Table,
    block,
    hint_for,
    in_order,
    invalid,
    odd_character,
    read_text,
)
from .model import URI_BASE, Map, _fixed
from .relation import Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from typing import Any

__all__ = [
    "LITERAL",
    "RELATION_SLOT",
    "WEIGHT_SLOT",
    "MapFile",
    "curie",
    "prefix_of",
    "read_any_maps",
    "read_map_table",
    "read_maps",
    "scheme_of",
    "write_maps",
]

# Tables are read row by row, without YAML; a million maps are about 150 MB.
MAX_BYTES_OF_MAPS = 400_000_000


RELATION_SLOT = "ext_relation"
WEIGHT_SLOT = "ext_weight"
# The slots of a mapping in SSSOM 1.1, in the order of the specification.
_SSSOM_SLOTS = (
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id",
    "predicate_label", "predicate_modifier", "object_id", "object_label", "object_category",
    "mapping_justification", "author_id", "author_label", "reviewer_id", "reviewer_label",
    "creator_id", "creator_label", "license", "subject_type", "subject_source",
    "subject_source_version", "object_type", "object_source", "object_source_version",
    "predicate_type", "mapping_provider", "mapping_source", "mapping_cardinality",
    "cardinality_scope", "mapping_tool", "mapping_tool_id", "mapping_tool_version",
    "mapping_date", "publication_date", "review_date", "confidence", "reviewer_agreement",
    "curation_rule", "curation_rule_text", "subject_match_field", "object_match_field",
    "match_string", "subject_preprocessing", "object_preprocessing", "similarity_score",
    "similarity_measure", "see_also", "issue_tracker_item", "other", "comment",
)  # fmt: skip
# Those of a mapping set, likewise.
_SET_SLOTS = (
    "sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_source",
    "mapping_set_title", "mapping_set_description", "mapping_set_confidence", "creator_id",
    "creator_label", "license", "subject_type", "subject_source", "subject_source_version",
    "object_type", "object_source", "object_source_version", "predicate_type",
    "mapping_provider", "cardinality_scope", "mapping_tool", "mapping_tool_id",
    "mapping_tool_version", "mapping_date", "publication_date", "subject_match_field",
    "object_match_field", "subject_preprocessing", "object_preprocessing",
    "similarity_measure", "curation_rule", "curation_rule_text", "see_also", "issue_tracker",
    "other", "comment", "extension_definitions",
)  # fmt: skip
# What a mapping set may say for all of its mappings at once (the "propagatable" slots), but
# for the two sides and their types, which are read and written with the items.
_SHARED = (
    "subject_source_version", "object_source_version", "predicate_type", "mapping_provider",
    "cardinality_scope", "mapping_tool", "mapping_tool_id", "mapping_tool_version",
    "mapping_date", "subject_match_field", "object_match_field", "subject_preprocessing",
    "object_preprocessing", "similarity_measure", "curation_rule", "curation_rule_text",
)  # fmt: skip
_SEVERAL = frozenset({
    "author_id", "author_label", "cardinality_scope", "creator_id", "creator_label",
    "curation_rule", "curation_rule_text", "mapping_set_source", "match_string",
    "object_match_field", "object_preprocessing", "reviewer_id", "reviewer_label", "see_also",
    "subject_match_field", "subject_preprocessing",
})  # fmt: skip
# Slots that a Map or a Correspondence has by another name.
_READ = frozenset({
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "confidence", "comment",
})  # fmt: skip
# Prefixes that need no entry in curie_map (SSSOM, "Identifiers").
_BUILT_IN = frozenset({"owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd", "linkml"})
_NO_TERM = "sssom:NoTermFound"
_LITERALS = frozenset({"rdfs literal", "composed entity expression"})
LITERAL = "literal"


@attrs.frozen
class MapFile:
    """
    The maps of one SSSOM/TSV file.

    Attributes:
        source: Series or scheme id of the subjects.
        target: Series or scheme id of the objects.
        maps: In file order; codes of the two sides.
        metadata: Header of the mapping set, slot by slot.
        place: The file.
        absent: Codes of either side for which somebody looked and found no counterpart.
        literals: Codes of either side that are no codes but texts.
        labels: Labels by code, of either side, where the file is read as anybody's.
        notes: What of the file is not kept, in sentences.
    """

    source: str
    target: str
    maps: tuple[Map, ...]
    metadata: Mapping[str, Any] = attrs.field(factory=dict, eq=False)
    place: Place | None = attrs.field(default=None, eq=False)
    absent: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    literals: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    labels: tuple[Mapping[str, str], Mapping[str, str]] = attrs.field(default=({}, {}), eq=False)
    notes: tuple[str, ...] = attrs.field(default=(), eq=False)


def prefix_of(scheme_id: str) -> str:
    """Give the CURIE prefix of a series or scheme: `nbs.gbt-4754_2017-amd1`."""
    return scheme_id.replace("/", ".").replace("@", "_")


def scheme_of(prefix: str) -> str:
    """Give back the series or scheme id of a CURIE prefix of ours."""
    series, _, version = prefix.partition("_")
    return series.replace(".", "/", 1) + (f"@{version}" if version else "")


def curie(scheme_id: str, code: str) -> str:
    """Give the CURIE of an item: `hefei-htz.future-industries:quantum-information`."""
    if not re.fullmatch(_CURIE_SAFE, code):
        from urllib.parse import quote

        code = quote(code, safe="")
    return f"{prefix_of(scheme_id)}:{code}"


_CURIE_SAFE = r"(?a)[\w.~-]*"


def _unquoted(local: str) -> str:
    from urllib.parse import unquote

    return unquote(local)


def read_maps(path: Path | str, *, shown: str | None = None) -> MapFile:
    """
    Read an SSSOM/TSV file whose subjects and objects each belong to one scheme of ours.

    The relation comes from `ext_relation` where that is filled, else from the predicate:
    skos:exactMatch EQ, broadMatch PP (the object is broader), narrowMatch PPi,
    closeMatch EQ PP PPi PO, relatedMatch any; `Not` is the complement.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    file = shown or str(path)
    text = read_text(path, file, most=MAX_BYTES_OF_MAPS)
    if not text.strip():
        raise invalid(file, "the file is empty")
    if odd := odd_character(text):
        raise invalid(file, f"the character {odd} is in it; take it out")
    head, body, above = _split_head(text)
    metadata, prefixes, extensions = _read_map_head(head, file)
    table = Table(
        body,
        file,
        (*_SSSOM_SLOTS, RELATION_SLOT, WEIGHT_SLOT, *extensions),
        ("subject_id", "predicate_id", "object_id", "mapping_justification"),
        delimiter="\t",
        above=above,
    )
    sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
    maps: list[Map] = []
    known = {*_READ, "subject_type", "object_type", RELATION_SLOT, WEIGHT_SLOT}
    more = _Further(table, metadata, known, extensions)
    relations: dict[tuple[str, str, str], Relation | str] = {}
    quoted: dict[str, str] = {}
    for line, subject, predicate, object_, modifier, ext, confidence, *others in table.select(
        "subject_id", "predicate_id", "object_id", "predicate_modifier", RELATION_SLOT,
        "confidence", WEIGHT_SLOT, "mapping_justification", "comment", *more.names,
    ):  # fmt: skip
        ends = []
        for cell, seen in ((subject, sides[0]), (object_, sides[1])):
            prefix, _, local = cell.partition(":")
            if prefix not in seen or not local:
                seen[prefix] = line
                _check_prefix(table, line, cell, prefixes, seen)
            if "%" in local:
                if local not in quoted:
                    quoted[local] = _unquoted(local)
                local = quoted[local]
            ends.append(local)
        said = (predicate, modifier, ext)
        relation = relations.get(said) or relations.setdefault(said, _relation(*said))
        if isinstance(relation, str):
            table.report(line, relation, "FI302")
            continue
        weight, justification, comment, *cells = others
        maps.append(
            Map(
                ends[0],
                ends[1],
                relation,
                _share(table, line, "confidence", confidence) if confidence else None,
                justification or None,
                comment or None,
                _share(table, line, WEIGHT_SLOT, weight) if weight else None,
                place=Place(file, line + above),
                metadata=more.of(cells),
            )
        )
    if table.problems:
        raise in_order(table.problems)
    source, target = (
        _end_of(next(iter(seen), None), str(metadata.get(key, "")), prefixes)
        for seen, key in zip(sides, ("subject_source", "object_source"), strict=True)
    )
    return MapFile(source, target, tuple(maps), more.rest, Place(file))


class _Further:
    """
    The slots of a file that a Map keeps as they are, from the rows or from the header for all.

    `names` are the columns to read, `of(cells)` is what they say of one row, and `rest` is
    the header without what it says of the rows.

    Source:
        SSSOM 1.1, "Propagation": what the set says holds for all rows if no row has the slot.
    """

    def __init__(
        self,
        table: Table,
        metadata: dict[str, Any],
        known: Collection[str],
        extensions: Collection[str],
    ) -> None:
        slots = {*_SSSOM_SLOTS, *extensions}.difference(known)
        self.names = [name for name in table.header if name in slots]
        here = {name for name in self.names if name in _SHARED and name in metadata}
        said = {name for name in here if any(cell for _, cell in table.select(name))}
        self._for_all = {
            name: _joined(metadata[name])
            for name in _SHARED
            if name in metadata and (name in here - said or name not in self.names)
        }
        self._fixed = _fixed(self._for_all)
        self.rest = {key: value for key, value in metadata.items() if key not in self._for_all}

    def of(self, cells: Sequence[str]) -> Mapping[str, str]:
        if not any(cells):
            return self._fixed
        said = {name: cell for name, cell in zip(self.names, cells, strict=True) if cell}
        return {**self._for_all, **said} if self._for_all else said


def _joined(value: Any) -> str:
    """Give what a header says of a slot as it would stand in a row."""
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)


def read_any_maps(path: Path | str, metadata_path: Path | str | None = None) -> MapFile:
    """
    Read an SSSOM/TSV file of anybody: other prefixes, literals, terms not found, other slots.

    Its metadata may be in a file beside it (`x.sssom.yml` for `x.sssom.tsv`), or elsewhere if
    that is said.

    Where all items of a side have one prefix, codes are the local names and the side is the
    scheme of the prefix. Where they have several, codes are whole CURIEs and the side is all
    prefixes with `|` between. A literal stands for itself; a side of nothing but literals is
    its declared source, or "literal". A predicate that is none of SKOS, OWL or RDFS says
    nothing that is understood here: its relation is any, and a note tells.

    Raises:
        InvalidFile: With all problems, in file order.

    Source:
        SSSOM 1.1, "The SSSOM/TSV serialisation format" and "The SSSOM data model": propagatable
        slots, literal mappings, `sssom:NoTermFound`, non-standard slots, built-in prefixes.
    """
    file = str(path)
    text = read_text(path, file, most=MAX_BYTES_OF_MAPS)
    if not text.strip():
        raise invalid(file, "the file is empty")
    if odd := odd_character(text):
        raise invalid(file, f"the character {odd} is in it; take it out")
    head, body, above = _split_head(text)
    beside = metadata_path or (None if above else _metadata_beside(file))
    if beside is not None:
        if above:
            todo = f"the metadata is here and in {beside}; name no other file, or take it out here"
            raise invalid(file, todo, 1, "FI301")
        metadata, prefixes, extensions = _read_map_head(read_text(beside), str(beside), apart=True)
    else:
        metadata, prefixes, extensions = _read_map_head(head, file)
    delimiter = "," if "\t" not in (first := body.partition("\n")[0]) and "," in first else "\t"
    columns = [name.strip('"\r') for name in first.split(delimiter)]
    required = ("predicate_id", "mapping_justification")
    table = Table(body, file, columns, required, delimiter=delimiter, above=above)
    defined = _ours(metadata.get("extension_definitions"), prefixes)
    slots = [defined.get("ext/relation", RELATION_SLOT), defined.get("ext/weight", WEIGHT_SLOT)]
    standard = {*_SSSOM_SLOTS, *slots, *extensions}
    notes = [f'the column "{name}" is not kept' for name in columns if name not in standard]
    theirs = [name for name in extensions if name not in slots]
    more = _Further(table, metadata, {*_READ, *slots}, theirs)
    names = [
        "subject_id", "subject_label", "subject_type", "object_id", "object_label", "object_type",
        "predicate_id", "predicate_modifier", "confidence", "mapping_justification", "comment",
        *slots,
    ]  # fmt: skip
    rows = list(table.select(*names, *more.names))
    # A propagatable slot of the header holds for all rows, if no row has it.
    types = [
        "" if any(row[at + 1] for row in rows) else str(metadata.get(names[at], ""))
        for at in (2, 5)
    ]
    found: list[tuple[tuple[str, str] | None, tuple[str, str] | None, dict[str, Any]]] = []
    labels: tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]] = ({}, {})
    unread: dict[str, int] = {}
    relations: dict[tuple[str, str, str], Relation | str] = {}
    ends_of: tuple[dict[tuple[str, str, str], tuple[str, str] | None], ...] = ({}, {})
    for row in rows:
        line, sid, slabel, stype, oid, olabel, otype, predicate, modifier, *others = row
        ends = []
        for side, cell in ((0, (sid, slabel, stype)), (1, (oid, olabel, otype))):
            seen = ends_of[side]
            if cell not in seen:
                kind = cell[2] or types[side]
                seen[cell] = _any_end(table, line, cell[0], cell[1], kind, prefixes)
            end = seen[cell]
            ends.append(end)
            if end and end[0] and cell[1]:
                labels[side].setdefault(end, cell[1])
        confidence, justification, comment, ext, weight, *cells = others
        said = (predicate, modifier, ext)
        relation = relations.get(said) or relations.setdefault(said, _relation(*said))
        more_said = more.of(cells)
        if isinstance(relation, str):
            if ext or modifier not in ("", "Not") or ":" not in predicate:
                table.report(line, relation, "FI302")
            elif (
                prefix := predicate.partition(":")[0]
            ) not in _BUILT_IN and prefix not in prefixes:
                message = f'the prefix "{prefix}" is not in curie_map; {hint_for(prefix, prefixes)}'
                table.report(line, message, "FI301")
            name = f"{modifier} {predicate}".strip()
            unread[name] = unread.get(name, 0) + 1
            relation = Relation.ANY
        if (predicate, modifier) != (relation.predicate()[0], ""):
            more_said = {**more_said, "predicate_id": predicate}
            if modifier:
                more_said["predicate_modifier"] = modifier
        rest = {
            "relation": relation,
            "confidence": _share(table, line, "confidence", confidence) if confidence else None,
            "justification": justification or None,
            "comment": comment or None,
            "weight": _share(table, line, WEIGHT_SLOT, weight) if weight else None,
            "place": Place(file, line + above),
            "metadata": _without_literals(more_said) if stype or otype else more_said,
        }
        found.append((ends[0], ends[1], rest))
    if table.problems:
        raise in_order(table.problems)
    notes += [f"{name} ({n} rows) is read as: nothing follows" for name, n in unread.items()]
    ids: list[str] = []
    for side, key in ((0, "subject_source"), (1, "object_source")):
        used = dict.fromkeys(end[0] for row in found if (end := (row[0], row[1])[side]) and end[0])
        if len(used) > 1:
            ids.append("|".join(used))
        else:
            declared = str(metadata.get(key, ""))
            end_ = _end_of(next(iter(used), None), declared, prefixes) if used or declared else ""
            ids.append(end_ or LITERAL)

    def code(side: int, end: tuple[str, str]) -> str:
        prefix, local = end
        if not prefix:
            return local
        if "|" in ids[side]:
            return f"{prefix}:{local}"
        ours = "%" in local and prefixes.get(prefix, "").startswith(URI_BASE)
        return _unquoted(local) if ours else local

    maps: list[Map] = []
    absent: tuple[list[str], list[str]] = ([], [])
    literals: tuple[set[str], set[str]] = (set(), set())
    for subject, object_, rest in found:
        for side, end in ((0, subject), (1, object_)):
            if end and not end[0]:
                literals[side].add(end[1])
        if subject and object_:
            maps.append(Map(code(0, subject), code(1, object_), **rest))
        elif subject:
            absent[0].append(code(0, subject))
        elif object_:
            absent[1].append(code(1, object_))
    return MapFile(
        ids[0],
        ids[1],
        tuple(maps),
        more.rest,
        Place(file),
        (tuple(absent[0]), tuple(absent[1])),
        (frozenset(literals[0]), frozenset(literals[1])),
        (
            {code(0, end): label for end, label in labels[0].items()},
            {code(1, end): label for end, label in labels[1].items()},
        ),
        tuple(notes),
    )


def _metadata_beside(file: str) -> str | None:
    """Give the file with the metadata of a table that has none: `x.sssom.yml`."""
    stem = file.removesuffix(".tsv").removesuffix(".csv").removesuffix(".sssom")
    names = (f"{stem}{ending}" for ending in (".sssom.yml", ".sssom.yaml", ".yml", ".yaml"))
    return next((name for name in names if os.path.exists(name)), None)


def _without_literals(said: Mapping[str, str]) -> Mapping[str, str]:
    """Leave out the types that the codes of a literal tell anyway."""
    types = ("subject_type", "object_type")
    return {k: v for k, v in said.items() if k not in types or v != "rdfs literal"}


def _any_end(
    table: Table, line: int, cell: str, label: str, kind: str, prefixes: Mapping[str, str]
) -> tuple[str, str] | None:
    """Give prefix and local name; no prefix and the text for a literal; None for no term."""
    if kind in _LITERALS:
        if not label:
            table.report(line, f'type "{kind}" needs its text in the label', "FI301")
        return "", label
    if cell == _NO_TERM:
        return None
    prefix, colon, local = cell.partition(":")
    if not (colon and local):
        table.report(line, f'"{cell}" is no CURIE; write prefix:code', "FI301")
    elif prefix not in prefixes and prefix not in _BUILT_IN:
        message = f'the prefix "{prefix}" is not in curie_map; {hint_for(prefix, prefixes)}'
        table.report(line, message, "FI301")
    return prefix, local


def read_map_table(
    path: Path | str,
    relation: Relation | None = None,
    codes: tuple[Collection[str] | None, Collection[str] | None] = (None, None),
) -> tuple[Map, ...]:
    """
    Read maps from a plain CSV table: `source,target` and perhaps `relation,weight,confidence,comment`.

    Args:
        path: The file; UTF-8, comma-separated, names of columns in the first line.
        relation: Of rows that give none.
        codes: The codes that there are on either side; None if not known.

    Raises:
        InvalidFile: With all problems, in file order: a row without relation where no default
            is given, an unknown code, a pair given twice.
    """
    file = str(path)
    names = ("source", "target", "relation", "weight", "confidence", "comment")
    table = Table(read_text(path, file, most=MAX_BYTES_OF_MAPS), file, names, names[:2])
    maps: list[Map] = []
    seen: dict[tuple[str, str], int] = {}
    for line, *cells in table.select(*names):
        source, target, said, weight, confidence, comment = (cell.strip() for cell in cells)
        for what, code, known in (("source", source, codes[0]), ("target", target, codes[1])):
            if not code:
                table.report(line, f"no {what}; fill in its code", "FI206")
            elif known is not None and code not in known:
                hint = nearest(code, known)
                more = f'; did you mean "{hint[0]}"?' if hint else ""
                table.report(line, f'the {what} scheme has no item "{code}"{more}', "FI301")
        if (source, target) in seen:
            message = f"{source} to {target} is already mapped in line {seen[source, target]}"
            table.report(line, message, "FI301")
        seen.setdefault((source, target), line)
        found: Relation | None = relation
        try:
            if said:
                found = Relation.parse(said) if said[0].isupper() else Relation.from_word(said)
        except ValueError as error:
            table.report(line, str(error), "FI302")
            continue
        if found is None:
            message = (
                "no relation; write equals, part_of, contains, overlaps, disjoint or such as "
                "EQ|PP, or name a relation for all rows"
            )
            table.report(line, message, "FI302")
            continue
        maps.append(
            Map(
                source,
                target,
                found,
                _share(table, line, "confidence", confidence) if confidence else None,
                comment=comment or None,
                weight=_share(table, line, "weight", weight) if weight else None,
                place=Place(file, line),
            )
        )
    if table.problems:
        raise in_order(table.problems)
    return tuple(maps)


def _ours(definitions: Any, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Give the slots that extension definitions give our properties, by the property."""
    found = {}
    for slot in definitions if isinstance(definitions, list) else ():
        if isinstance(slot, dict) and "slot_name" in slot:
            name, property_ = str(slot["slot_name"]), str(slot.get("property", ""))
            prefix, _, local = property_.partition(":")
            uri = prefixes[prefix] + local if prefix in prefixes else property_
            if uri.startswith(URI_BASE):
                found[uri.removeprefix(URI_BASE)] = name
            elif property_ and name in (RELATION_SLOT, WEIGHT_SLOT):
                # Somebody else's slot that has our name: do not read it.
                found[name.replace("_", "/")] = f"not {name}"
    return found


def _check_prefix(
    table: Table, line: int, cell: str, prefixes: Mapping[str, str], seen: Mapping[str, int]
) -> None:
    prefix, colon, local = cell.partition(":")
    if not (colon and local):
        table.report(line, f'"{cell}" is no CURIE; write prefix:code', "FI301")
    elif prefix not in prefixes:
        message = f'the prefix "{prefix}" is not in curie_map; {hint_for(prefix, prefixes)}'
        table.report(line, message, "FI301")
    elif len(seen) > 1:
        first = next(iter(seen))
        message = f'items of "{prefix}" and of "{first}" on one side; make a file for each'
        table.report(line, message, "FI301")


def _relation(predicate: str, modifier: str, relation: str) -> Relation | str:
    """Give the relation, or what is wrong with it."""
    try:
        if relation:
            return Relation.parse(relation)
        return Relation.from_predicate(predicate, modifier or None)
    except ValueError as error:
        return str(error)


def _share(table: Table, line: int, what: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        table.report(line, f'{what} "{cell}" should be a number from 0 to 1', "FI303")
    return number


def _end_of(prefix: str | None, declared: str, prefixes: Mapping[str, str]) -> str:
    """Give the id of the series or scheme on one side of a file."""
    uri = declared
    if prefix is not None:
        uri = prefixes.get(prefix, "")
        if not uri.startswith(URI_BASE):
            return scheme_of(prefix)
    else:
        head, _, rest = declared.partition(":")
        uri = prefixes.get(head, f"{head}:") + rest
    return uri.removeprefix(URI_BASE).strip("/")


def _split_head(text: str) -> tuple[str, str, int]:
    """Give header, table, and the number of header lines."""
    at = lines = 0
    while text.startswith("#", at):
        end = text.find("\n", at) + 1
        at = end or len(text)
        lines += 1
    return text[:at], text[at:], lines


def _read_map_head(
    head: str, file: str, *, apart: bool = False
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Give the header as plain values, its prefixes, and its extension slots."""
    text, indent = head, 0
    if not apart:
        lines = head.split("\n")
        # Some writers put a space after every mark; it is no indentation then.
        mark = "# " if all(line.startswith("# ") for line in lines if line.strip("#\r ")) else "#"
        text, indent = "\n".join(line[1:].removeprefix(mark[1:]) for line in lines), len(mark)
    reader = Reader(file, indent=indent)
    if len(text) > MAX_BYTES:
        raise invalid(file, f"the header is larger than {MAX_BYTES:,} characters; shorten it", 1)
    if not text.strip():
        problem = (
            "no header; a mapping file starts with lines such as #curie_map:, or has them "
            "without the # in a file beside it (x.sssom.yml for x.sssom.tsv)"
        )
        raise invalid(file, problem, 1, "FI301")
    root = reader.compose(text)
    metadata = reader.mapping(root, None, "the header") if root is not None else {}
    plain: dict[str, Any] = {key: _plain(node) for key, node in metadata.items()}
    prefixes: dict[str, str] = {}
    if "curie_map" in metadata:
        nodes = reader.mapping(metadata["curie_map"], None, "curie_map")
        prefixes = {name: uri for name in nodes if (uri := reader.text(nodes[name], name))}
    slots = plain.get("extension_definitions")
    extensions = [
        str(slot["slot_name"])
        for slot in (slots if isinstance(slots, list) else ())
        if isinstance(slot, dict) and "slot_name" in slot
    ]
    reader.raise_problems()
    return plain, prefixes, extensions


def _plain(node: yaml.Node) -> Any:
    # Dates and numbers stay text. The depth is bounded by the check before parsing.
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value


def write_maps(
    source: str,
    target: str,
    maps: Sequence[Map],
    *,
    metadata: Mapping[str, Any],
    labels: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    absent: tuple[Sequence[str], Sequence[str]] = ((), ()),
    literals: tuple[Collection[str], Collection[str]] = ((), ()),
) -> str:
    """
    Write maps as SSSOM/TSV.

    A relation that no SKOS predicate says exactly is written with the next weaker predicate
    and kept whole in the extension slot `ext_relation`; the header says in `comment` what was
    weakened. Weights stand in `ext_weight`. What all maps say alike of a slot that the standard
    lets a set say for all of them is said once, in the header.

    Args:
        source: Series or scheme id of the subjects.
        target: Series or scheme id of the objects.
        maps: Codes of the two sides.
        metadata: Slots of the mapping set. Prefixes of others are used again: a side with one
            of them is written as it was read. What follows from the maps is made anew.
        labels: Labels by code, for each side.
        absent: Codes of either side that have no counterpart (`sssom:NoTermFound`).
        literals: Codes of either side that are texts and no codes.

    Returns:
        The text of the file.

    Source:
        SSSOM 1.1, "The SSSOM/TSV serialisation format": condensation, order of slots and
        columns, non-standard slots.
    """
    import csv
    import io

    prefixes: Mapping[str, str] = metadata.get("curie_map") or {}
    foreign = {name: uri for name, uri in prefixes.items() if not uri.startswith(URI_BASE)}
    # A side of literals only has neither prefix nor scheme.
    items = [m.source for m in maps] + [*absent[0]], [m.target for m in maps] + [*absent[1]]
    texts = [
        bool(codes) and set(codes) <= set(given)
        for codes, given in zip(items, literals, strict=True)
    ]
    ours = [
        None if text or "|" in id_ or prefix_of(id_) in foreign else id_
        for text, id_ in zip(texts, (source, target), strict=True)
    ]

    def ends(side: int, code: str) -> dict[str, str]:
        """Give id, label and type of one end."""
        id_, name = (source, target)[side], ("subject", "object")[side]
        if code in literals[side]:
            return {f"{name}_label": code, f"{name}_type": "rdfs literal"}
        if "|" not in id_:
            code_ = f"{prefix_of(id_)}:{code}" if ours[side] is None else curie(id_, code)
        else:
            code_ = code
        return {f"{name}_id": code_, f"{name}_label": labels[side].get(code, "")}

    theirs = {
        str(slot["slot_name"]): slot
        for slot in metadata.get("extension_definitions") or ()
        if isinstance(slot, dict) and "slot_name" in slot
    }
    used = {name for m in maps for name in m.metadata}
    kept = {name: slot for name, slot in theirs.items() if name in used or name in metadata}
    # A slot of somebody else may have our name.
    relation_slot, weight_slot = (
        f"{name}_here" if name in kept else name for name in (RELATION_SLOT, WEIGHT_SLOT)
    )
    weakened: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    condensed = _said_by_all(maps, metadata)
    for m in maps:
        predicate, exact = m.relation.predicate()
        modifier = ""
        if "predicate_id" in m.metadata:
            before = m.metadata["predicate_id"], m.metadata.get("predicate_modifier", "")
            read = _relation(*before, "")
            # What was read is written again, unless the relation has changed since.
            if read is m.relation or (isinstance(read, str) and m.relation is Relation.ANY):
                predicate, modifier, exact = *before, True
        if not exact:
            said = f"{m.relation} as {predicate}"
            weakened[said] = weakened.get(said, 0) + 1
        rows.append(
            {
                **ends(0, m.source),
                **ends(1, m.target),
                **{k: v for k, v in m.metadata.items() if k not in condensed},
                "predicate_id": predicate,
                "predicate_modifier": modifier,
                "mapping_justification": m.justification or "semapv:UnspecifiedMatching",
                "confidence": "" if m.confidence is None else format(m.confidence, ".15g"),
                "comment": m.comment or "",
                relation_slot: "" if exact else str(m.relation),
                weight_slot: "" if m.weight is None else format(m.weight, ".15g"),
            }
        )
    absence = {
        "predicate_id": "skos:closeMatch",
        "mapping_justification": "semapv:UnspecifiedMatching",
    }
    rows += [{**ends(0, code), "object_id": _NO_TERM, **absence} for code in absent[0]]
    rows += [{**ends(1, code), "subject_id": _NO_TERM, **absence} for code in absent[1]]
    extensions = dict(kept)
    for slot, name, hint in (
        (relation_slot, "ext/relation", "xsd:string"),
        (weight_slot, "ext/weight", "xsd:double"),
    ):
        if any(row.get(slot) for row in rows):
            extensions[slot] = {
                "slot_name": slot, "property": f"futureindustry:{name}", "type_hint": hint,
            }  # fmt: skip
    head: dict[str, Any] = {
        **metadata,
        **condensed,
        # SSSOM asks for CURIEs where an entity is named, and advises curie_map to come first.
        "curie_map": {
            **foreign,
            **{prefix_of(id_): f"{URI_BASE}{id_}/" for id_ in ours if id_},
            **({"futureindustry": URI_BASE} if any(ours) or len(extensions) > len(kept) else {}),
        },
        "mapping_set_id": metadata.get("mapping_set_id")
        or f"{URI_BASE}mappings/{prefix_of(source)}--{prefix_of(target)}",
        "license": metadata.get("license") or _NO_LICENSE,
        "subject_source": f"futureindustry:{source}" if ours[0] else metadata.get("subject_source"),
        "object_source": f"futureindustry:{target}" if ours[1] else metadata.get("object_source"),
        "comment": _comment(metadata.get("comment"), weakened, relation_slot),
        "extension_definitions": list(extensions.values()),
    }
    for name in ("subject_type", "object_type"):
        # A literal says so itself.
        if head.get(name) in _LITERALS:
            del head[name]
    out = io.StringIO()
    order = ["curie_map", *_SET_SLOTS, *(name for name in kept if name in metadata)]
    for line in block({key: head[key] for key in order if head.get(key)}, ""):
        out.write(f"#{line}\n")
    filled = {name for row in rows for name, cell in row.items() if cell}
    always = ("subject_id", "predicate_id", "object_id", "mapping_justification")
    columns = [name for name in _SSSOM_SLOTS if name in filled or name in always]
    columns += [name for name in extensions if name in filled]
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


_NO_LICENSE = "https://w3id.org/sssom/license/unspecified"
_WEAKENED = "Weaker here than in {}: "


def _comment(before: Any, weakened: Mapping[str, int], slot: str) -> str | None:
    """Say which relations are written with a weaker predicate, in place of what was said so before."""
    start = _WEAKENED.format(RELATION_SLOT)[:12]
    rest = str(before or "").partition(start)[0].strip("; ")
    said = ", ".join(f"{name} ({n})" for name, n in sorted(weakened.items()))
    return "; ".join(filter(None, (rest, said and _WEAKENED.format(slot) + said))) or None


def _said_by_all(maps: Sequence[Map], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Give the slots that the header can say for all maps."""
    found: dict[str, Any] = {}
    for name in maps[0].metadata if maps else ():
        value = maps[0].metadata[name]
        if name in _SHARED and all(m.metadata.get(name) == value for m in maps):
            header: Any = value.split("|") if name in _SEVERAL else value
            if metadata.get(name, header) == header:
                found[name] = header
    return found
