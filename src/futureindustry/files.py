"""
Text to records and back: YAML with places, CSV, SSSOM/TSV.

Strict in: files are read from YAML nodes, so every scalar stays the text that was written and
every value has a line; all problems of a file are reported in one go. Canonical out: one
spelling for one record, written beside and renamed, so that an interruption leaves the old
file. One table of fields drives reading, writing and the JSON Schema.

Standards: YAML 1.1 (the parts used mean the same in 1.2), RFC 4180 for CSV, SSSOM/TSV
(https://mapping-commons.github.io/sssom/spec-formats-tsv/), JSON Schema 2020-12.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import yaml

from .errors import InvalidFile, InvalidFormula, Place, Problem, nearest
from .formula import Formula
from .model import (
    ALWAYS,
    LANGUAGES,
    URI_BASE,
    IndexEntry,
    Issuer,
    Item,
    Level,
    Map,
    Scheme,
    Source,
    Text,
    Validity,
    last_day,
)
from .relation import Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "MapFile",
    "curie",
    "format_scheme",
    "json_schema",
    "read_issuers",
    "read_maps",
    "read_scheme_file",
    "read_scheme_head",
    "write_maps",
    "write_text",
]

MAX_BYTES = 5_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_CODE_FORBIDDEN = re.compile(r"[\s#]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)

KINDS_OF_NAME = ("former", "short", "trade", "translation", "spelling")
KINDS_OF_LABEL = ("official", "media", "ours", "back-translated")
KINDS_OF_SOURCE = ("primary", "secondary", "tertiary")
KINDS_OF_ISSUER = ("park", "district", "city", "province", "ministry", "nation", "organisation")
CONFIDENCE = ("high", "medium", "low")


def write_text(path: Path | str, text: str) -> Path:
    """
    Write a text file as a whole or not at all.

    The text is written beside the target and renamed over it.

    Raises:
        OSError: The folder is missing or not writable.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write a file as a whole or not at all; see `write_text`."""
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def read_text(path: Path | str, shown: str | None = None) -> str:
    """
    Read a UTF-8 text file of bounded size.

    Raises:
        InvalidFile: Missing, too large, not UTF-8, or binary.
    """
    path = Path(path)
    name = shown or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidFile(
                [Problem(Place(name), f"larger than {MAX_BYTES:,} bytes; put items into a CSV")]
            )
        content = path.read_bytes()
    except OSError as error:
        raise InvalidFile([Problem(Place(name), f"cannot be read: {error.strerror}")]) from None
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidFile(
            [Problem(Place(name, line), f"not UTF-8 (byte {error.start}); save the file as UTF-8")]
        ) from None
    if "\0" in text:
        raise InvalidFile([Problem(Place(name), "a binary file; YAML, CSV or TSV is text")])
    return text


def _quoted(node: yaml.ScalarNode) -> bool:
    # libyaml's parser gives "" for a plain scalar, the pure-Python one None.
    return node.style in ("'", '"', "|", ">")


class _Reader:
    """Walks the nodes of one YAML file and collects its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.offset = 0

    def place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self.file, mark.line + 1 + self.offset, mark.column + 1)

    def report(self, node: yaml.Node, message: str, rule: str = "FI200") -> None:
        self.problems.append(Problem(self.place(node), message, rule))

    def compose(self, text: str) -> yaml.Node | None:
        try:
            root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (
                Place(self.file, mark.line + 1 + self.offset, mark.column + 1)
                if mark
                else Place(self.file)
            )
            what = error.problem or "not valid YAML"
            self.problems.append(Problem(place, f"not valid YAML: {what}"))
            return None
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            self.problems.append(Problem(Place(self.file), f"not valid YAML: {reason}"))
            return None
        except RecursionError:
            self.problems.append(Problem(Place(self.file), "nested too deeply to be a scheme"))
            return None
        if root is None:
            self.problems.append(Problem(Place(self.file), "the file is empty"))
            return None
        return root if self._is_tree(root, set(), 0) else None

    def _is_tree(self, node: yaml.Node, seen: set[int], depth: int) -> bool:
        """Refuse aliases: a value written once and used twice hides where a fact comes from."""
        if id(node) in seen:
            self.report(node, "anchors and aliases are not used here; write the value out")
            return False
        if depth > 60:
            self.report(node, "nested too deeply to be a scheme")
            return False
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return all(
                self._is_tree(child, seen, depth + 1) for pair in node.value for child in pair
            )
        if isinstance(node, yaml.SequenceNode):
            return all(self._is_tree(child, seen, depth + 1) for child in node.value)
        return True

    def mapping(
        self, node: yaml.Node, known: Sequence[str], what: str
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.report(node, f"{what} should be a mapping (key: value)")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                line = found[name].start_mark.line + 1 + self.offset
                self.report(key, f'duplicate key "{name}"; it already stands in line {line}', "FI201")
            elif known and name not in known:
                hint = nearest(name, known)
                more = f'did you mean "{hint[0]}"?' if hint else f"known: {', '.join(known)}"
                self.report(key, f'unknown key "{name}"; {more}', "FI202")
            else:
                found[name] = value
        return found

    def is_null(self, node: yaml.Node) -> bool:
        return (
            isinstance(node, yaml.ScalarNode)
            and not _quoted(node)
            and node.value in ("", "~", "null", "Null", "NULL")
        )

    def text(self, node: yaml.Node, what: str) -> str | None:
        if self.is_null(node):
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.report(node, f"{what} should be a text")
            return None
        value: str = node.value
        if not value.strip():
            self.report(node, f"{what} is empty; leave the key out if it is not known")
            return None
        return value

    def code(self, node: yaml.Node, what: str = "the code") -> str | None:
        value = self.text(node, what)
        if value is None or not isinstance(node, yaml.ScalarNode):
            return value
        if not _quoted(node):
            # Other readers would turn a bare 0111, 1e3 or no into something else.
            tag = _RESOLVER.resolve(yaml.ScalarNode, value, (True, False))
            if tag != "tag:yaml.org,2002:str":
                became = yaml.safe_load(value)
                kind = {bool: "truth value", int: "number", float: "number"}.get(
                    type(became), type(became).__name__
                )
                self.report(
                    node,
                    f"{what} {value} needs quotes: YAML would read it as the {kind} {became}; "
                    f'write "{value}"',
                    "FI203",
                )
                return None
        if _CODE_FORBIDDEN.search(value):
            self.report(node, f'{what} "{value}" has a space or "#" in it; take them out')
            return None
        return value

    def flag(self, node: yaml.Node, what: str) -> bool:
        value = self.text(node, what)
        if value not in ("true", "false"):
            self.report(node, f'{what} should be true or false, not "{value}"')
        return value == "true"

    def number(self, node: yaml.Node, what: str) -> int | None:
        value = self.text(node, what)
        if value is not None and not value.isdecimal():
            self.report(node, f'{what} should be a whole number, not "{value}"')
            return None
        return None if value is None else int(value)

    def date(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        if value is None:
            return None
        try:
            last_day(value)
        except ValueError as error:
            self.report(node, f"{what}: {error}", "FI204")
            return None
        return value

    def choice(self, node: yaml.Node, what: str, values: Sequence[str]) -> str | None:
        value = self.text(node, what)
        if value is not None and value not in values:
            hint = nearest(value, values)
            more = f'did you mean "{hint[0]}"?' if hint else f"known: {', '.join(values)}"
            self.report(node, f'{what} "{value}" is not known; {more}')
            return None
        return value

    def listed(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if self.is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.report(node, f"{what} should be a list")
            return []
        return list(node.value)

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        found = (self.text(child, f"an entry of {what}") for child in self.listed(node, what))
        return tuple(value for value in found if value is not None)

    def by_lang(self, node: yaml.Node, what: str) -> Text:
        found = self.mapping(node, LANGUAGES, what)
        return Text({k: v for k in found if (v := self.text(found[k], f"{what} in {k}"))})

    def kinds(self, node: yaml.Node, what: str) -> dict[str, str]:
        found = self.mapping(node, LANGUAGES, what)
        return {k: v for k in found if (v := self.choice(found[k], what, KINDS_OF_LABEL))}

    def validity(self, node: yaml.Node, what: str) -> Validity:
        if self.is_null(node):
            return ALWAYS
        found = self.mapping(node, ("from", "to"), what)
        start = self.date(found["from"], f"{what}.from") if "from" in found else None
        end = self.date(found["to"], f"{what}.to") if "to" in found else None
        if start and end and not Validity(None, end).overlaps(Validity(start)):
            self.report(node, f"{what} ends ({end}) before it starts ({start})", "FI205")
        return Validity(start, end)

    def names(self, node: yaml.Node, what: str) -> dict[str, tuple[IndexEntry, ...]]:
        found = {}
        for lang, child in self.mapping(node, LANGUAGES, what).items():
            found[lang] = tuple(
                entry
                for entry_node in self.listed(child, f"{what} in {lang}")
                if (entry := self._name(entry_node, lang))
            )
        return {lang: names for lang, names in found.items() if names}

    def _name(self, node: yaml.Node, lang: str) -> IndexEntry | None:
        if isinstance(node, yaml.ScalarNode):
            name = self.text(node, "a name")
            return IndexEntry(name, lang) if name else None
        keys = self.mapping(node, ("name", "kind", "sources", "valid"), "a name")
        name = self.text(keys["name"], "name") if "name" in keys else None
        if not name:
            self.report(node, "an index entry needs a name")
            return None
        return IndexEntry(
            name,
            lang,
            kind=self.choice(keys["kind"], "kind", KINDS_OF_NAME) if "kind" in keys else None,
            sources=self.texts(keys["sources"], "sources") if "sources" in keys else (),
            valid=self.validity(keys["valid"], "valid") if "valid" in keys else ALWAYS,
        )

    def source(self, node: yaml.Node) -> Source | None:
        keys = self.mapping(node, tuple(_SOURCE), "a source")
        for key in ("id", "title"):
            if key not in keys:
                self.report(node, f'a source needs "{key}"')
                return None
        values = {k: _SOURCE[k].read(self, keys[k], k) for k in keys}
        return Source(**values) if values["id"] and values["title"] else None

    def level(self, node: yaml.Node, depth: int) -> Level | None:
        keys = self.mapping(node, ("code", "label", "count"), "a level")
        if "code" not in keys or "label" not in keys:
            self.report(node, 'a level needs "code" and "label"')
            return None
        return Level(
            self.text(keys["code"], "code") or "",
            self.by_lang(keys["label"], "label"),
            depth,
            self.number(keys["count"], "count") if "count" in keys else None,
        )

    def formula(self, node: yaml.Node, slots: tuple[str, ...]) -> Formula | None:
        try:
            if isinstance(node, yaml.ScalarNode):
                text = self.text(node, "formula")
                return Formula.parse(text, slots=slots) if text else None
            keys = self.mapping(node, ("text", "parts"), "formula")
            if "text" not in keys or "parts" not in keys:
                self.report(node, 'a formula in parts needs "text" and "parts"')
                return None
            parts: list[Any] = []
            for child in self.listed(keys["parts"], "parts"):
                if isinstance(child, yaml.ScalarNode):
                    parts.append(self.text(child, "a part") or "")
                else:
                    found = self.mapping(child, ("part", "counts", "names"), "a part")
                    parts.append({k: self.text(v, k) for k, v in found.items()})
            return Formula.parse(self.text(keys["text"], "text") or "", parts=parts)
        except InvalidFormula as error:
            self.report(node, str(error), "FI210")
            return None

    def raise_problems(self) -> None:
        if self.problems:
            found = sorted(
                self.problems, key=lambda p: (p.place.line or 0, p.place.column or 0)
            )
            raise InvalidFile(found)


@attrs.frozen
class _Field:
    """One key of the file format: how it is read, how the JSON Schema says it, what it means."""

    read: Callable[[_Reader, yaml.Node, str], Any]
    schema: Mapping[str, Any]
    doc: str
    required: bool = False
    default: Any = None


_STR = {"type": "string", "minLength": 1}
_ANY_STR = {"type": ["string", "null"]}
_DATES = {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_BOOL = {"type": "boolean"}
_STRS = {"type": "array", "items": _STR}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(values: Sequence[str]) -> dict[str, Any]:
    return {"enum": list(values)}


def _choice(values: Sequence[str]) -> Callable[[_Reader, yaml.Node, str], str | None]:
    return lambda reader, node, key: reader.choice(node, key, values)


_SOURCE = {
    "id": _Field(_Reader.code, _STR, "Key by which items refer to the source.", required=True),
    "title": _Field(_Reader.text, _STR, "Title of the document or page.", required=True),
    "publisher": _Field(_Reader.text, _ANY_STR, "Who published it."),
    "date": _Field(_Reader.date, _DATES, "Date of publication, reduced as far as known."),
    "kind": _Field(
        _choice(KINDS_OF_SOURCE),
        _one_of(KINDS_OF_SOURCE),
        "primary: the issuer's own document; secondary: a report on it; tertiary: the rest.",
    ),
    "url": _Field(_Reader.text, _ANY_STR, "Permanent address."),
    "document": _Field(_Reader.text, _ANY_STR, "Document number, such as 工信部联科〔2024〕12号."),
    "note": _Field(_Reader.text, _ANY_STR, "What of it was seen."),
}

_ITEM = {
    "code": _Field(_Reader.code, _STR, "Unique in the scheme; never reused.", required=True),
    "slot": _Field(_Reader.text, _STR, 'Part of the formula that this tier fills: "2", "X".'),
    "label": _Field(_Reader.by_lang, _ref("text"), "Official name by language.", required=True),
    "label_kind": _Field(
        _Reader.kinds, _ref("labelKind"), "Provenance of the label, where not the scheme's.", default={}
    ),
    "also": _Field(_Reader.names, _ref("names"), "Other names that lead here.", default={}),
    "note": _Field(_Reader.by_lang, _ref("text"), "Scope or reading.", default=Text()),
    "open": _Field(_Reader.flag, _BOOL, "The issuer lists no closed set here.", default=False),
    "incomplete": _Field(
        _Reader.flag, _BOOL, "The list is closed, but only a part of it was seen.", default=False
    ),
    "exclusive": _Field(_Reader.flag, _BOOL, "Children do not overlap.", default=False),
    "exhaustive": _Field(_Reader.flag, _BOOL, "Children make up the item.", default=False),
    "sources": _Field(_Reader.texts, _STRS, "Ids of sources that show the item.", default=()),
    "valid": _Field(_Reader.validity, _ref("validity"), "If not the scheme's.", default=ALWAYS),
    "successors": _Field(_Reader.texts, _STRS, "Codes that take over.", default=()),
    "items": _Field(
        _Reader.listed, {"type": "array", "items": _ref("item")}, "Children.", default=()
    ),
}

_SCHEME = {
    "series": _Field(
        _Reader.text,
        {"type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$"},
        "issuer/series, as in the path.",
        required=True,
    ),
    "version": _Field(
        _Reader.text, _STR, "The issuer's edition name, else the date of publication.", required=True
    ),
    "title": _Field(_Reader.by_lang, _ref("text"), "Title by language.", required=True),
    "issuer": _Field(_Reader.text, _STR, "Id in issuers.yaml.", required=True),
    "formula": _Field(lambda *_: None, _ref("formula"), "As announced, such as 2+3+X."),
    "published": _Field(_Reader.date, _DATES, "Date of publication; null: shown nowhere."),
    "valid": _Field(
        _Reader.validity, _ref("validity"), "In force from `from` up to, not with, `to`.", default=ALWAYS
    ),
    "supersedes": _Field(_Reader.text, _STR, "Version of the same series that it replaces."),
    "confirmed": _Field(_Reader.date, _DATES, "Day on which someone last saw it in force."),
    "confidence": _Field(_choice(CONFIDENCE), _one_of(CONFIDENCE), "How sure the data is."),
    "label_kind": _Field(
        _Reader.kinds, _ref("labelKind"), "Provenance of the labels by language.", default={}
    ),
    "exclusive": _Field(_Reader.flag, _BOOL, "No children overlap anywhere.", default=False),
    "exhaustive": _Field(_Reader.flag, _BOOL, "All children make up parents.", default=False),
    "levels": _Field(
        lambda r, n, k: tuple(
            found for d, c in enumerate(r.listed(n, k), 1) if (found := r.level(c, d))
        ),
        {"type": "array", "items": _ref("level")},
        "Declared levels, top first.",
        default=(),
    ),
    "sentinels": _Field(
        lambda r, n, k: {c: v for c, x in r.mapping(n, (), k).items() if (v := r.text(x, k))},
        {"type": "object", "additionalProperties": _STR},
        "Code and label of items by which the edition is recognised.",
        default={},
    ),
    "limitations": _Field(_Reader.texts, _STRS, "What is missing; shown to users.", default=()),
    "conflicts": _Field(_Reader.texts, _STRS, "Where sources disagree.", default=()),
    "notes": _Field(_Reader.texts, _STRS, "Anything else.", default=()),
    "sources": _Field(
        lambda r, n, k: tuple(s for c in r.listed(n, k) if (s := r.source(c))),
        {"type": "array", "items": _ref("source")},
        "Where the facts were seen.",
        default=(),
    ),
    "items": _Field(
        _Reader.listed, {"type": "array", "items": _ref("item")}, "The tree, in order.", default=()
    ),
}

_ISSUER = {
    "id": _Field(_Reader.text, _STR, "ASCII kebab case.", required=True),
    "name": _Field(_Reader.by_lang, _ref("text"), "Full name by language.", required=True),
    "also": _Field(_Reader.names, _ref("names"), "Other names.", default={}),
    "kind": _Field(_choice(KINDS_OF_ISSUER), _one_of(KINDS_OF_ISSUER), "What it is.", required=True),
    "place": _Field(lambda *_: None, {"type": "object"}, "zh, en and ISO 3166-2 code."),
    "main": _Field(_Reader.text, _STR, "Series meant when only the issuer is named."),
}


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of scheme files, for editors to complete and check."""

    def table(fields: Mapping[str, _Field]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                key: {**field.schema, "description": field.doc} for key, field in fields.items()
            },
            "required": [key for key, field in fields.items() if field.required],
            "additionalProperties": False,
        }

    entry = {
        "type": "object",
        "properties": {
            "name": _STR,
            "kind": _one_of(KINDS_OF_NAME),
            "sources": _STRS,
            "valid": _ref("validity"),
        },
        "required": ["name"],
        "additionalProperties": False,
    }

    def languages(value: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": dict.fromkeys(LANGUAGES, value),
            "additionalProperties": False,
        }

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{URI_BASE}schema/scheme.json",
        "title": "A scheme of future industries, one version",
        **table(_SCHEME),
        "$defs": {
            "text": {**languages(_STR), "minProperties": 1},
            "labelKind": languages(_one_of(KINDS_OF_LABEL)),
            "names": languages({"type": "array", "items": {"anyOf": [_STR, entry]}}),
            "validity": {
                "type": ["object", "null"],
                "properties": {"from": _DATES, "to": _DATES},
                "additionalProperties": False,
            },
            "formula": {
                "anyOf": [
                    _STR,
                    {
                        "type": "object",
                        "properties": {
                            "text": _STR,
                            "parts": {
                                "type": "array",
                                "items": {
                                    "anyOf": [
                                        _STR,
                                        {
                                            "type": "object",
                                            "properties": {
                                                "part": _STR,
                                                "counts": _STR,
                                                "names": _STR,
                                            },
                                            "required": ["part"],
                                            "additionalProperties": False,
                                        },
                                    ]
                                },
                            },
                        },
                        "required": ["text", "parts"],
                        "additionalProperties": False,
                    },
                ]
            },
            "level": {
                "type": "object",
                "properties": {"code": _STR, "label": _ref("text"), "count": {"type": "integer"}},
                "required": ["code", "label"],
                "additionalProperties": False,
            },
            "source": table(_SOURCE),
            "item": table(_ITEM),
        },
    }


def _slots(reader: _Reader, nodes: Sequence[yaml.Node]) -> tuple[str, ...]:
    """Give the slots of the tiers in document order; a tier made of tiers counts as them."""
    found: list[str] = []
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            continue
        keys = {k.value: v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
        if isinstance(slot := keys.get("slot"), yaml.ScalarNode):
            found.append(slot.value)
        elif isinstance(items := keys.get("items"), yaml.SequenceNode):
            found += _slots(reader, items.value)
    return tuple(found)


def _read_fields(
    reader: _Reader, node: yaml.Node, fields: Mapping[str, _Field], what: str
) -> dict[str, Any]:
    keys = reader.mapping(node, tuple(fields), what)
    for key, field in fields.items():
        if field.required and key not in keys and isinstance(node, yaml.MappingNode):
            reader.report(node, f'{what} needs "{key}"', "FI206")
    return {
        key: fields[key].read(reader, child, key) if key != "formula" else child
        for key, child in keys.items()
    }


def _read_items(
    reader: _Reader,
    nodes: Sequence[yaml.Node],
    parent: str | None,
    used: dict[str, Place],
    sources: frozenset[str],
) -> Iterator[Item]:
    for node in nodes:
        values = _read_fields(reader, node, _ITEM, "an item")
        code, label = values.get("code"), values.get("label")
        children = values.pop("items", ())
        place = reader.place(node)
        if code and code in used:
            reader.report(
                node,
                f'the code "{code}" is already used in line {used[code].line}; '
                "codes are unique in a scheme",
                "FI207",
            )
            continue
        for key in values.get("sources", ()):
            if key not in sources:
                hint = nearest(key, sources)
                more = f'; did you mean "{hint[0]}"?' if hint else "; add it under sources"
                reader.report(node, f'item "{code}" names no source "{key}"{more}', "FI208")
        if code:
            used[code] = place
        if code and label:
            known = {k: v for k, v in values.items() if v is not None}
            yield Item(**known, parent_code=parent, place=place)
        yield from _read_items(reader, children, code, used, sources)


def read_scheme_file(path: Path | str, *, shown: str | None = None, origin: Any = None) -> Scheme:
    """
    Read one scheme version from a YAML file, with the CSV beside it if there is one.

    Args:
        path: The YAML file. Items may stand in `<stem>.csv` beside it, index entries in
            `<stem>.index.csv`.
        shown: How messages name the file.
        origin: Catalogue to remember.

    Returns:
        The scheme.

    Raises:
        InvalidFile: With all problems of the file, in file order.
    """
    path = Path(path)
    return _read_scheme(path, shown or str(path), origin, with_items=True)


def read_scheme_head(path: Path | str, *, shown: str | None = None) -> Scheme:
    """Read a scheme without the items of the CSV beside it: for listings and dates."""
    path = Path(path)
    return _read_scheme(path, shown or str(path), None, with_items=False)


def _read_scheme(path: Path, file: str, origin: Any, *, with_items: bool) -> Scheme:
    text = read_text(path, file)
    reader = _Reader(file)
    root = reader.compose(text)
    if root is None:
        reader.raise_problems()
        raise AssertionError
    values = _read_fields(reader, root, _SCHEME, "a scheme")
    nodes = values.pop("items", ())
    sources = values.get("sources") or ()
    ids = frozenset(source.id for source in sources)
    used: dict[str, Place] = {}
    items = list(_read_items(reader, nodes, None, used, ids))
    formula = None
    if isinstance(node := values.pop("formula", None), yaml.Node):
        formula = reader.formula(node, _slots(reader, nodes))
    _check_ids(reader, root, values)
    reader.raise_problems()
    beside = path.with_suffix(".csv")
    if with_items and beside.exists():
        if items:
            raise InvalidFile(
                [Problem(Place(file), f"has items and {beside.name} beside it; keep them in one")]
            )
        items = _read_item_csv(beside, str(Path(file).with_suffix(".csv")), path, file)
    known = {k: v for k, v in values.items() if v is not None}
    return Scheme(
        **known, items_=tuple(items), formula=formula, origin=origin, place=Place(file)
    )


def _check_ids(reader: _Reader, root: yaml.Node, values: Mapping[str, Any]) -> None:
    version, series = values.get("version"), values.get("series")
    if version and not _SLUG.fullmatch(version):
        reader.report(
            root, f'version "{version}" should be lower-case ASCII with hyphens, such as 2024-05'
        )
    if series and not all(_SLUG.fullmatch(part) for part in series.split("/")):
        reader.report(root, f'series "{series}" should be issuer/series in lower-case ASCII')


def _rows(text: str, file: str, columns: Sequence[str], delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, row) for each row; the header must have `columns`, further ones are refused."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        if unknown := [name for name in header if name not in columns]:
            hint = nearest(unknown[0], columns)
            more = f'did you mean "{hint[0]}"?' if hint else f"known: {', '.join(columns)}"
            raise InvalidFile([Problem(Place(file, 1), f'unknown column "{unknown[0]}"; {more}')])
        width = len(header)
        for row in reader:
            if len(row) != width:
                raise InvalidFile(
                    [
                        Problem(
                            Place(file, reader.line_num),
                            f"{len(row)} cells where the header has {width}; quote cells with commas",
                        )
                    ]
                )
            yield reader.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise InvalidFile([Problem(Place(file, reader.line_num), f"not valid CSV: {error}")]) from None


_ITEM_COLUMNS = (
    "code", "parent", "broader", "label_zh", "label_en", "label_en_kind",
    "note", "note_zh", "note_en",
)  # fmt: skip


def _read_item_csv(path: Path, shown: str, yaml_path: Path, yaml_shown: str) -> list[Item]:
    problems: list[Problem] = []
    entries = _read_index_csv(yaml_path, yaml_shown, problems)
    items: list[Item] = []
    lines: dict[str, int] = {}
    for line, row in _rows(read_text(path, shown), shown, _ITEM_COLUMNS):
        code, parent = row["code"], row.get("parent") or None
        if not code:
            problems.append(Problem(Place(shown, line), "a row without a code"))
            continue
        if code in lines:
            message = f'the code "{code}" is already used in line {lines[code]}'
            problems.append(Problem(Place(shown, line), message, "FI207"))
            continue
        if parent is not None and parent not in lines:
            problems.append(
                Problem(
                    Place(shown, line),
                    f'the parent "{parent}" of "{code}" does not stand above it; '
                    "parents come before their children, so that there is no cycle",
                    "FI209",
                )
            )
        lines[code] = line
        note = row.get("note_en") or row.get("note") or ""
        kind = row.get("label_en_kind")
        items.append(
            Item(
                code,
                Text(zh=row.get("label_zh", ""), en=row.get("label_en", "")),
                parent_code=parent,
                also=entries.pop(code, {}),
                broader=tuple((row.get("broader") or "").split()),
                note=Text(zh=row.get("note_zh", ""), en=note) if note or row.get("note_zh") else _NO_TEXT,
                label_kind={"en": kind} if kind else _NO_KINDS,
                place=Place(shown, line),
            )
        )
    problems += (
        Problem(Place(shown, lines[item.code]), f'"{code}" is no code of this file', "FI209")
        for item in items
        for code in item.broader
        if code not in lines
    )
    problems += (
        Problem(Place(yaml_shown), f'index entries for "{code}", which is no item', "FI209")
        for code in entries
    )
    if problems:
        raise InvalidFile(problems)
    return items


_NO_TEXT = Text()
_NO_KINDS: dict[str, str] = {}


def _read_index_csv(
    path: Path, shown: str, problems: list[Problem]
) -> dict[str, dict[str, tuple[IndexEntry, ...]]]:
    beside = path.with_suffix(".index.csv")
    if not beside.exists():
        return {}
    file = str(Path(shown).with_suffix(".index.csv"))
    entries: dict[str, dict[str, tuple[IndexEntry, ...]]] = {}
    for line, row in _rows(read_text(beside, file), file, ("code", "lang", "name", "kind", "source")):
        kind = row.get("kind") or None
        if row["lang"] not in LANGUAGES or (kind and kind not in KINDS_OF_NAME) or not row["name"]:
            problems.append(Problem(Place(file, line), "needs a name, lang zh or en, a known kind"))
            continue
        source = (row["source"],) if row.get("source") else ()
        entry = IndexEntry(row["name"], row["lang"], kind=kind, sources=source)
        of_code = entries.setdefault(row["code"], {})
        of_code[row["lang"]] = (*of_code.get(row["lang"], ()), entry)
    return entries


def read_issuers(path: Path | str) -> dict[str, Issuer]:
    """
    Read `issuers.yaml`.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    path = Path(path)
    reader = _Reader(str(path))
    root = reader.compose(read_text(path))
    found: dict[str, Issuer] = {}
    for node in reader.listed(root, "issuers.yaml") if root is not None else ():
        values = _read_fields(reader, node, _ISSUER, "an issuer")
        keys = {k.value: v for k, v in node.value} if isinstance(node, yaml.MappingNode) else {}
        if place := keys.get("place"):
            parts = reader.mapping(place, (*LANGUAGES, "code"), "place")
            texts = {k: reader.text(v, k) or "" for k, v in parts.items()}
            values["place_code"] = texts.pop("code", None)
            values["place"] = Text(texts)
        if values.get("id") in found:
            reader.report(node, f'the issuer "{values["id"]}" is already there', "FI207")
        elif values.get("id") and values.get("name") and values.get("kind"):
            found[values["id"]] = Issuer(**{k: v for k, v in values.items() if v is not None})
    reader.raise_problems()
    return found


# Writing


_PLAIN = re.compile(r"[^\W_][^\x00-\x1f:#\[\]{},&*!|>'\"%@`\\]*", re.UNICODE)


def _scalar(text: str) -> str:
    """Write a scalar plain where no YAML reader can take it for something else."""
    import json

    plain = (
        _PLAIN.fullmatch(text)
        and text == text.strip()
        and _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
        and not text[0].isdigit()
    )
    return text if plain else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _scalar(value)


def _block(value: Any, indent: int) -> Iterator[str]:
    pad = "  " * indent
    if isinstance(value, Mapping):
        for key, child in value.items():
            name = _scalar(key)
            flow = _flow(child)
            nested = isinstance(child, (list, tuple, Mapping)) and bool(child)
            if nested and (key in ("items", "sources", "parts") and _holds_mappings(child)):
                yield f"{pad}{name}:"
                yield from _block(child, indent + (isinstance(child, Mapping)))
            elif nested and len(flow) + len(pad) + len(name) > 96:
                yield f"{pad}{name}:"
                yield from _block(child, indent + 1)
            else:
                yield f"{pad}{name}: {flow}"
    else:
        for child in value:
            if isinstance(child, Mapping):
                lines = list(_block(child, indent + 2))
                yield f"{pad}  - {lines[0].lstrip()}"
                yield from lines[1:]
            else:
                yield f"{pad}  - {_flow(child)}"


def _holds_mappings(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(v, Mapping) for v in value)


def _validity_data(valid: Validity) -> dict[str, str | None]:
    return {"from": valid.start, "to": valid.end} if valid != ALWAYS else {}


def _names_data(also: Mapping[str, tuple[IndexEntry, ...]]) -> dict[str, list[Any]]:
    def one(entry: IndexEntry) -> Any:
        more = {
            "kind": entry.kind,
            "sources": list(entry.sources),
            "valid": _validity_data(entry.valid),
        }
        kept = {k: v for k, v in more.items() if v}
        return {"name": str(entry), **kept} if kept else str(entry)

    return {lang: [one(entry) for entry in names] for lang, names in also.items() if names}


def _record_data(record: Any, fields: Mapping[str, _Field]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, field in fields.items():
        if key in ("items", "formula"):
            continue
        value = getattr(record, key)
        if isinstance(value, Validity):
            value = _validity_data(value)
        elif key == "also":
            value = _names_data(value)
        elif isinstance(value, Text):
            value = dict(value)
        if value not in (None, (), {}, False, field.default):
            data[key] = list(value) if isinstance(value, tuple) else value
    return data


def scheme_data(scheme: Scheme, *, items: bool = True) -> dict[str, Any]:
    """Give what the YAML file of a scheme says, as plain values in canonical order."""

    def item_data(item: Item) -> dict[str, Any]:
        data = _record_data(item, _ITEM)
        if item.children:
            data["items"] = [item_data(child) for child in item.children]
        return data

    flat = _record_data(scheme, _SCHEME)
    if scheme.levels:
        flat["levels"] = [
            {"code": level.code, "label": dict(level.label)}
            | ({} if level.count is None else {"count": level.count})
            for level in scheme.levels
        ]
    if scheme.sources:
        flat["sources"] = [_record_data(source, _SOURCE) for source in scheme.sources]
    if scheme.formula is not None:
        flat["formula"] = scheme.formula.as_data()
    data = {key: flat[key] for key in _SCHEME if key in flat}
    if items and scheme.roots:
        data["items"] = [item_data(item) for item in scheme.roots]
    return data


def format_scheme(scheme: Scheme) -> str:
    """Write a scheme as the canonical YAML text of its file."""
    return "\n".join(_block(scheme_data(scheme), 0)) + "\n"


# SSSOM


RELATION_SLOT = "ext_relation"
_MAP_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "confidence", "mapping_date", "comment",
    RELATION_SLOT,
)  # fmt: skip


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
    """

    source: str
    target: str
    maps: tuple[Map, ...]
    metadata: Mapping[str, Any] = attrs.field(factory=dict, eq=False)
    place: Place | None = attrs.field(default=None, eq=False)


def prefix_of(scheme_id: str) -> str:
    """Give the CURIE prefix of a series or scheme: `nbs.gbt-4754_2017-amd1`."""
    return scheme_id.replace("/", ".").replace("@", "_")


def scheme_of(prefix: str) -> str:
    """Give back the series or scheme id of a CURIE prefix of ours."""
    series, _, version = prefix.partition("_")
    return series.replace(".", "/", 1) + (f"@{version}" if version else "")


def curie(scheme_id: str, code: str) -> str:
    """Give the CURIE of an item: `hefei-htz.future-industries:quantum-information`."""
    from urllib.parse import quote

    return f"{prefix_of(scheme_id)}:{quote(code, safe='')}"


def _uncurie(text: str) -> tuple[str, str]:
    prefix, _, local = text.partition(":")
    if "%" in local:
        from urllib.parse import unquote

        local = unquote(local)
    return prefix, local


def read_maps(path: Path | str, *, shown: str | None = None) -> MapFile:
    """
    Read an SSSOM/TSV file whose subjects and objects each belong to one scheme of ours.

    The relation comes from `ext_relation` where that is filled, else from the predicate:
    skos:exactMatch EQ, broadMatch PP (the object is broader), narrowMatch PPi,
    closeMatch EQ PP PPi PO, relatedMatch any; `Not` is the complement.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    path = Path(path)
    file = shown or str(path)
    text = read_text(path, file)
    head, body, start = _split_head(text)
    metadata = _read_head(head, file)
    prefixes = set(metadata.get("curie_map", {}))
    problems: list[Problem] = []
    sides: tuple[set[str], set[str]] = (set(), set())
    maps: list[Map] = []
    relations: dict[tuple[str, str, str], Relation | None] = {}
    for line, row in _rows(body, file, _MAP_COLUMNS, "\t"):
        place = Place(file, start + line)
        ends = []
        for side, key in enumerate(("subject_id", "object_id")):
            prefix, local = _uncurie(row[key])
            if prefix not in prefixes:
                problems.append(
                    Problem(place, f'the prefix "{prefix}" is not in curie_map; declare it', "FI301")
                )
            sides[side].add(prefix)
            ends.append(local)
        said = (row["predicate_id"], row.get("predicate_modifier", ""), row.get(RELATION_SLOT, ""))
        if said not in relations:
            try:
                relations[said] = (
                    Relation.parse(said[2])
                    if said[2]
                    else Relation.from_predicate(said[0], said[1] or None)
                )
            except ValueError as error:
                problems.append(Problem(place, str(error), "FI302"))
                relations[said] = None
        relation = relations[said]
        confidence = row.get("confidence")
        try:
            number = float(confidence) if confidence else None
        except ValueError:
            problems.append(Problem(place, f'confidence "{confidence}" is no number', "FI303"))
            continue
        if number is not None and not 0 <= number <= 1:
            problems.append(Problem(place, f"confidence {number} is not within 0 and 1", "FI303"))
        if relation is not None:
            maps.append(
                Map(
                    ends[0],
                    ends[1],
                    relation,
                    number,
                    row.get("mapping_justification") or None,
                    row.get("comment") or None,
                    place=place,
                )
            )
    for side, word in zip(sides, ("subjects", "objects"), strict=True):
        if len(side) > 1:
            names = ", ".join(sorted(side))
            problems.append(Problem(Place(file), f"{word} of several schemes ({names}); one per file"))
    if problems:
        raise InvalidFile(problems)
    source, target = (
        scheme_of(next(iter(side))) if side else metadata.get(key, "")
        for side, key in zip(sides, ("subject_source", "object_source"), strict=True)
    )
    return MapFile(source, target, tuple(maps), metadata, Place(file))


def _split_head(text: str) -> tuple[str, str, int]:
    """Give header (without its marks), table, and the number of header lines."""
    lines = text.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    # Some writers put a space after every mark; it is no indentation then.
    mark = "# " if all(line.startswith("# ") for line in lines[:count]) else "#"
    head = "".join(line.removeprefix(mark) for line in lines[:count])
    return head, "".join(lines[count:]), count


def _read_head(head: str, file: str) -> dict[str, Any]:
    reader = _Reader(file)
    # Header lines are read as plain YAML; dates stay text.
    node = reader.compose(head) if head.strip() else None
    reader.raise_problems()
    return _plain(node) if node is not None else {}


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value


def write_maps(
    source: str,
    target: str,
    maps: Sequence[Map],
    *,
    title: str,
    description: str | None = None,
    version: str | None = None,
    labels: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> str:
    """
    Write maps as SSSOM/TSV.

    A relation that no SKOS predicate says exactly is written with the next weaker predicate
    and kept whole in the extension slot `ext_relation`.

    Args:
        source: Series or scheme id of the subjects.
        target: Series or scheme id of the objects.
        maps: Codes of the two sides.
        title: Title of the mapping set.
        description: What a reader should know.
        version: Version of the mapping set.
        labels: Labels by code, for each side.

    Returns:
        The text of the file.
    """
    import io

    # SSSOM asks for CURIEs where an entity is named; the spec advises curie_map to come first.
    head: dict[str, Any] = {
        "curie_map": {
            **{prefix_of(id_): f"{URI_BASE}{id_}/" for id_ in (source, target)},
            "futureindustry": URI_BASE,
        },
        "mapping_set_id": f"{URI_BASE}mappings/{prefix_of(source)}--{prefix_of(target)}",
        "mapping_set_title": title,
        "mapping_set_description": description,
        "mapping_set_version": version,
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "subject_source": f"futureindustry:{source}",
        "object_source": f"futureindustry:{target}",
    }
    exact = {id(m): m.relation.predicate() for m in maps}
    if not all(sure for _, sure in exact.values()):
        head["extension_definitions"] = [
            {
                "slot_name": RELATION_SLOT,
                "property": "futureindustry:ext/relation",
                "type_hint": "xsd:string",
            }
        ]
    out = io.StringIO()
    for line in _block({k: v for k, v in head.items() if v}, 0):
        out.write(f"#{line}\n")
    rows = []
    for m in maps:
        predicate, sure = exact[id(m)]
        rows.append(
            (
                curie(source, m.source),
                labels[0].get(m.source, ""),
                predicate,
                "",
                curie(target, m.target),
                labels[1].get(m.target, ""),
                m.justification or "semapv:UnspecifiedMatching",
                "" if m.confidence is None else format(m.confidence, ".4g"),
                "",
                m.comment or "",
                "" if sure else str(m.relation),
            )
        )
    used = [n for n, name in enumerate(_MAP_COLUMNS) if n in (0, 2, 4, 6) or any(r[n] for r in rows)]
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([_MAP_COLUMNS[n] for n in used])
    writer.writerows([row[n] for n in used] for row in rows)
    return out.getvalue()
