"""
Text to records and back: scheme files as YAML with places, and CSV.

Strict in: files are read from YAML nodes, so every scalar stays the text that was written and
every value has a line; all problems of a file are reported in one go. Canonical out: one
spelling for one record, written beside and renamed, so that an interruption leaves the old
file. One table of fields drives reading, writing and the JSON Schema.

Decided here, for want of a standard: text is read as Unicode NFC and without white space
around it; names, labels, titles and codes are one line; no text has control characters;
anchors, aliases and tags are refused; comments are allowed and belong to nobody.

Standards: YAML 1.1 (the parts used mean the same in 1.2), RFC 4180 for CSV, JSON Schema 2020-12.
"""

# os.path and open: importing pathlib costs a tenth of the import budget.
# ruff: noqa: PTH110, PTH119, PTH122, PTH123

from __future__ import annotations

import os
import re
import unicodedata

import yaml

from .errors import InvalidDate, InvalidFile, InvalidFormula, Place, Problem, nearest
from .formula import Formula
from .model import (
    ALWAYS,
    LANGUAGES,
    NO_TEXT,
    URI_BASE,
    IndexEntry,
    Issuer,
    Item,
    Level,
    Scheme,
    Sentence,
    Source,
    Text,
    Validity,
    _fixed,
    _put,
    first_day,
    last_day,
    split_id,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

__all__ = [
    "format_scheme",
    "json_schema",
    "read_issuers",
    "read_scheme_file",
    "read_scheme_head",
    "write_bytes",
    "write_text",
]

MAX_BYTES = 5_000_000
_MAX_DEPTH = 60

KINDS_OF_NAME = ("former", "short", "trade", "translation", "spelling")
KINDS_OF_LABEL = ("official", "media", "ours", "back-translated")
KINDS_OF_SOURCE = ("primary", "secondary", "tertiary")
KINDS_OF_ISSUER = ("park", "district", "city", "province", "ministry", "nation", "organisation")
CONFIDENCE = ("high", "medium", "low")

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_SERIES = re.compile(rf"{_SLUG.pattern}/{_SLUG.pattern}", re.ASCII)
_CODE_FORBIDDEN = re.compile(r"[\s#]")
_CODE_ODD = 'the code "{}" has a space or "#" in it; take them out'
# Controls (C0, C1, DEL), line and paragraph separators, lone surrogates, non-characters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_CONTROL_BUT_LINES = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)


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
    from pathlib import Path

    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def invalid(file: str, message: str, line: int | None = None, rule: str = "FI200") -> InvalidFile:
    return InvalidFile([Problem(Place(file, line), message, rule)])


def in_order(problems: Iterable[Problem]) -> InvalidFile:
    return InvalidFile(
        sorted(problems, key=lambda p: (p.place.file, p.place.line or 0, p.place.column or 0))
    )


def hint_for(name: str, known: Collection[str]) -> str:
    found = nearest(name, known)
    return f'did you mean "{found[0]}"?' if found else f"known: {', '.join(known)}"


def read_text(path: Path | str, shown: str | None = None, *, most: int = MAX_BYTES) -> str:
    """
    Read a UTF-8 text file of bounded size, in Unicode NFC.

    Raises:
        InvalidFile: Missing, a folder, too large, not UTF-8, or binary.
    """
    name = shown or str(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(most + 1)
    except IsADirectoryError:
        raise invalid(name, "is a folder; name the file in it") from None
    except FileNotFoundError:
        raise invalid(name, "no such file; correct the path") from None
    except OSError as error:
        raise invalid(name, f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise invalid(name, "cannot be read: the path has a null character in it") from None
    if len(content) > most:
        todo = "put the items into a CSV" if most == MAX_BYTES else "make several files of it"
        raise invalid(name, f"larger than {most:,} bytes; {todo}")
    if b"\0" in content and not content.startswith(_UTF_16):
        raise invalid(name, "a binary file; YAML, CSV and TSV are text in UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 (byte {error.start}){_other_encoding(content)}; save it as UTF-8"
        raise invalid(name, message, line) from None
    # Two spellings of one text must not become two names (UAX #15).
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _other_encoding(content: bytes) -> str:
    if content.startswith(_UTF_16):
        return "; it reads as UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "; it reads as GB18030"


# YAML nodes: every scalar stays the text that was written, and nothing looks for its type.


class _Untyped:
    """Stands in for PyYAML's resolver; only an explicit tag is left on a node."""

    def resolve(self, *_: object) -> str:
        return ""

    def descend_resolver(self, *_: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _PlainLoader(
    yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer, _Untyped
):
    """Where PyYAML was built without libyaml."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        yaml.composer.Composer.__init__(self)

    resolve = _Untyped.resolve
    descend_resolver = _Untyped.descend_resolver
    ascend_resolver = _Untyped.ascend_resolver


_Loader: Any = _PlainLoader
if yaml.__with_libyaml__:

    class _FastLoader(yaml.cyaml.CParser, _Untyped):  # type: ignore[misc,name-defined]  # no stubs
        """Libyaml's parser."""

    _Loader = _FastLoader

_RESOLVER = yaml.resolver.Resolver()
# The first characters of what a YAML 1.1 or 1.2 reader may take for something else than text.
_TYPED_START = frozenset("0123456789+-.~yYnNtTfFoO=<")
_NUMBER_1_2 = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+"
_ANCHOR = r"(?m)(?:^|[\s\[{,:])&[^\s&]"
_BRACKETS = re.compile(r"[\[\]{}]")
_NESTED_LINE = r"[-?:][ \t]+[-?:][ \t]"
_DEEP_LINE = rf"(?:[-?:][ \t]+){{{_MAX_DEPTH}}}"
_DEEP_INDENT = " " * (8 * _MAX_DEPTH)


def _is_typed(text: str) -> bool:
    """Say whether some YAML reader takes the plain scalar for a number, a date, a truth value."""
    if text[0] not in _TYPED_START:
        return False
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # no stubs
    return tag != "tag:yaml.org,2002:str" or re.fullmatch(_NUMBER_1_2, text) is not None


def _becomes(text: str) -> str:
    """Say what a YAML reader makes of a plain scalar."""
    try:
        value = yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return "something else"
    if isinstance(value, str):
        try:
            value = float(text)
        except ValueError:
            return "a number"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {value:.15g}" if isinstance(value, float) else f"the number {value}"
    return "null" if value is None else f"the {type(value).__name__} {value}"


def _too_deep(text: str) -> int | None:
    """
    Give the line in which the nesting gets out of hand, if it may.

    Before the text is parsed: libyaml's composer calls itself for every level, and a
    hundred thousand brackets end the process.
    """
    if _DEEP_INDENT in text:
        return text.count("\n", 0, text.index(_DEEP_INDENT)) + 1
    if re.search(_NESTED_LINE, text) and (found := re.search(_DEEP_LINE, text)):
        return text.count("\n", 0, found.start()) + 1
    if text.count("[") + text.count("{") <= 4 * _MAX_DEPTH:
        return None
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        # Brackets in quoted text count as well; no honest file has so many left open.
        if depth > 4 * _MAX_DEPTH:
            return text.count("\n", 0, bracket.start()) + 1
        depth = max(depth, 0)
    return None


class Reader:
    """Walks the nodes of one YAML file and collects its problems."""

    def __init__(self, file: str, *, indent: int = 0) -> None:
        self.file = file
        self.indent = indent
        self.problems: list[Problem] = []
        self.sources: Collection[str] | None = None

    def place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1 + self.indent)

    def report(self, node: yaml.Node | None, message: str, rule: str = "FI200") -> None:
        place = Place(self.file) if node is None else self.place(node)
        self.problems.append(Problem(place, message, rule))

    def compose(self, text: str) -> yaml.Node | None:
        """Give the root node; None, with the problem noted, where there is none."""
        if line := _too_deep(text):
            message = f"nested too deeply; at most {_MAX_DEPTH} levels are read"
            self.problems.append(Problem(Place(self.file, line), message))
            return None
        try:
            loader = _Loader(text)
            try:
                root: yaml.Node | None = loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            self.problems.append(self._syntax(error, text))
            return None
        except RecursionError:
            self.report(None, f"nested too deeply; at most {_MAX_DEPTH} levels are read")
            return None
        if root is None:
            self.report(None, "the file is empty")
            return None
        if "&" in text and re.search(_ANCHOR, text) and not self._is_tree(root):
            return None
        return root

    def _syntax(self, error: yaml.YAMLError, text: str) -> Problem:
        if not isinstance(error, yaml.MarkedYAMLError):
            # A character that YAML forbids; its place is a count of characters or bytes.
            return Problem(Place(self.file), f"not valid YAML: {str(error).splitlines()[0]}")
        mark = error.problem_mark or error.context_mark
        unfinished_key = error.problem == "could not find expected ':'"
        if unfinished_key and error.context_mark is not None:
            mark = error.context_mark
        if mark is None:
            return Problem(Place(self.file), f"not valid YAML: {error.problem}")
        lines = text.split("\n")
        line = lines[mark.line] if mark.line < len(lines) else ""
        what = error.problem or "something is wrong here"
        if "\t" in line[: len(line) - len(line.lstrip())]:
            what = "a tab in the indentation; indent with spaces"
        elif unfinished_key:
            what = "a line without key and colon; write key: value"
        elif "undefined alias" in what:
            what = "an alias to nothing; put a text that starts with * in quotes"
        elif error.context == "expected a single document in the stream":
            what = "a second document starts here; one scheme per file"
        place = Place(self.file, mark.line + 1, mark.column + 1 + self.indent)
        return Problem(place, f"not valid YAML: {what}")

    def _is_tree(self, root: yaml.Node) -> bool:
        """Refuse aliases: a value written once and used twice hides where a fact comes from."""
        seen: set[int] = set()
        todo = [root]
        while todo:
            node = todo.pop()
            if id(node) in seen:
                self.report(node, "anchors and aliases are not used here; write the value out")
                return False
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                todo += [child for pair in node.value for child in pair]
            elif isinstance(node, yaml.SequenceNode):
                todo += node.value
        return True

    def mapping(
        self, node: yaml.Node, known: Collection[str] | None, what: str
    ) -> dict[str, yaml.Node]:
        """Give the values by key; `known` None allows every key."""
        if not isinstance(node, yaml.MappingNode):
            self.report(node, f"{what} should be a mapping (key: value)")
            return {}
        if node.tag:
            self._tagged(node)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value
            if not isinstance(name, str):
                self.report(key, f"a key of {what} should be a word")
            elif name in found:
                line = found[name].start_mark.line + 1
                self.report(key, f'duplicate key "{name}"; its value is in line {line}', "FI201")
            elif known is None or name in known:
                found[name] = value
            else:
                self.report(key, f'unknown key "{name}"; {hint_for(name, known)}', "FI202")
        return found

    def _tagged(self, node: yaml.Node) -> None:
        self.report(node, f"the tag {node.tag} is not used here; take it out")

    def is_null(self, node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULLS

    def text(self, node: yaml.Node, what: str) -> str | None:
        """Read one line of text; None for null."""
        return self._text(node, what, _CONTROL)

    def prose(self, node: yaml.Node, what: str) -> str | None:
        """Read text of one or several lines; None for null."""
        return self._text(node, what, _CONTROL_BUT_LINES)

    def _text(self, node: yaml.Node, what: str, forbidden: re.Pattern[str]) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self.report(node, f"{what} should be a text")
            return None
        if node.tag:
            self._tagged(node)
        value: str = node.value
        # libyaml's parser gives "" as the style of a plain scalar, the pure-Python one None.
        if not node.style and value in _NULLS:
            return None
        value = value.strip()
        if not value:
            self.report(node, f"{what} is empty; leave the key out if it is not known")
            return None
        if not value.isprintable() and (found := forbidden.search(value)):
            odd = found[0]
            sign = "a line break" if odd == "\n" else f"the character U+{ord(odd):04X}"
            self.report(node, f"{what} has {sign} in it; take it out")
            return None
        return value

    def code(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        if value is None or not isinstance(node, yaml.ScalarNode):
            return None
        if not node.style and _is_typed(value):
            self.report(
                node,
                f"the {what} {value} needs quotes: YAML would read it as {_becomes(value)}; "
                f'write "{value}"',
                "FI203",
            )
            return None
        if _CODE_FORBIDDEN.search(value):
            self.report(node, _CODE_ODD.format(value))
            return None
        return value

    def flag(self, node: yaml.Node, what: str) -> bool:
        value = node.value
        if value not in ("true", "false"):
            said = f', not "{value}"' if isinstance(value, str) else ""
            self.report(node, f"{what} should be true or false{said}")
        return bool(value == "true")

    def number(self, node: yaml.Node, what: str) -> int | None:
        value = self.text(node, what)
        if value is not None and not (value.isascii() and value.isdecimal() and len(value) < 10):
            self.report(node, f'{what} should be a whole number, not "{value}"')
            return None
        return None if value is None else int(value)

    def date(self, node: yaml.Node, what: str) -> str | None:
        value = self.text(node, what)
        if value is None:
            return None
        try:
            last_day(value)
        except InvalidDate as error:
            self.report(node, f"{what}: {error}", "FI204")
            return None
        return value

    def choice(self, node: yaml.Node, what: str, values: Sequence[str]) -> str | None:
        value = self.text(node, what)
        if value is not None and value not in values:
            self.report(node, f'{what} "{value}" is not known; {hint_for(value, values)}')
            return None
        return value

    def listed(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            if node.tag:
                self._tagged(node)
            return list(node.value)
        if not self.is_null(node):
            self.report(node, f"{what} should be a list")
        return []

    def _entries(
        self,
        node: yaml.Node,
        what: str,
        read: Callable[[yaml.Node, str], str | None],
    ) -> Iterator[tuple[yaml.Node, str]]:
        for child in self.listed(node, what):
            count = len(self.problems)
            value = read(child, f"an entry of {what}")
            if value is not None:
                yield child, value
            elif count == len(self.problems):
                self.report(child, f"an entry of {what} is null; take it out")

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        return tuple(value for _, value in self._entries(node, what, self.text))

    def sentences(self, node: yaml.Node, what: str) -> tuple[Sentence, ...]:
        return tuple(Sentence(value) for _, value in self._entries(node, what, self.sentence))

    def sentence(self, node: yaml.Node, what: str) -> str | None:
        """Read a sentence: a text, or texts by language."""
        if not isinstance(node, yaml.MappingNode):
            return self.prose(node, what)
        text = self.prose_by_lang(node, what)
        return Sentence(text) if text else None

    def source_ids(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        found = []
        for child, value in self._entries(node, what, self.text):
            found.append(value)
            if self.sources is not None and value not in self.sources:
                hint = nearest(value, self.sources)
                more = f'did you mean "{hint[0]}"?' if hint else "add it under sources"
                self.report(child, f'unknown source "{value}"; {more}', "FI208")
        return tuple(found)

    def by_lang(self, node: yaml.Node, what: str) -> Text:
        return self._by_lang(node, what, self.text)

    def prose_by_lang(self, node: yaml.Node, what: str) -> Text:
        return self._by_lang(node, what, self.prose)

    def _by_lang(
        self, node: yaml.Node, what: str, read: Callable[[yaml.Node, str], str | None]
    ) -> Text:
        if isinstance(node, yaml.ScalarNode):
            if not self.is_null(node):
                todo = f"write {what}: {{zh: …}} or {{en: …}}"
                self.report(node, f"{what} should say its language; {todo}")
            return NO_TEXT
        found = self.mapping(node, LANGUAGES, what)
        texts = {}
        for lang, child in found.items():
            if value := read(child, f"{what} in {lang}"):
                texts[lang] = value
        return Text(texts)

    def kinds(self, node: yaml.Node, what: str) -> dict[str, str]:
        found = self.mapping(node, LANGUAGES, what)
        kinds = {lang: self.choice(found[lang], what, KINDS_OF_LABEL) for lang in found}
        return {lang: kind for lang in LANGUAGES if (kind := kinds.get(lang))}

    def validity(self, node: yaml.Node, what: str) -> Validity:
        if self.is_null(node):
            return ALWAYS
        found = self.mapping(node, ("from", "to"), what)
        start = self.date(found["from"], f"{what}.from") if "from" in found else None
        end = self.date(found["to"], f"{what}.to") if "to" in found else None
        if start and end and first_day(end) <= first_day(start):
            self.report(
                found["to"],
                f'{what} ends ("{end}") before it starts ("{start}"); `to` is the first day, month '
                "or year in which it no longer holds",
                "FI205",
            )
        return Validity(start, end)

    def names(self, node: yaml.Node, what: str) -> dict[str, tuple[IndexEntry, ...]]:
        found = self.mapping(node, LANGUAGES, what)
        names = {
            lang: tuple(
                entry
                for child in self.listed(found[lang], f"{what} in {lang}")
                if (entry := self._name(child, lang))
            )
            for lang in LANGUAGES
            if lang in found
        }
        return {lang: entries for lang, entries in names.items() if entries}

    def _name(self, node: yaml.Node, lang: str) -> IndexEntry | None:
        if isinstance(node, yaml.ScalarNode):
            count = len(self.problems)
            name = self.text(node, "a name")
            if name is None and count == len(self.problems):
                self.report(node, "a name is null; take it out")
            return None if name is None else IndexEntry(name, lang)
        values = _read_fields(self, node, _NAME, "a name")
        if not values.get("name"):
            return None
        return IndexEntry(
            values["name"],
            lang,
            kind=values.get("kind"),
            sources=values.get("sources", ()),
            valid=values.get("valid", ALWAYS),
        )

    def source_list(self, node: yaml.Node, what: str) -> tuple[Source, ...]:
        found: dict[str, Source] = {}
        for child in self.listed(node, what):
            values = _read_fields(self, child, _SOURCE, "a source")
            if not (values.get("id") and values.get("title")):
                continue
            if values["id"] in found:
                self.report(
                    child, f'the source "{values["id"]}" is already there; ids are unique', "FI207"
                )
            found[values["id"]] = Source(**values)
        return tuple(found.values())

    def level_list(self, node: yaml.Node, what: str) -> tuple[Level, ...]:
        found = []
        for depth, child in enumerate(self.listed(node, what), 1):
            values = _read_fields(self, child, _LEVEL, "a level")
            if values.get("code") and values.get("label"):
                found.append(Level(values["code"], values["label"], depth, values.get("count")))
        return tuple(found)

    def sentinels(self, node: yaml.Node, what: str) -> dict[str, str]:
        found = self.mapping(node, None, what)
        return {code: label for code in found if (label := self.text(found[code], what))}

    def place_of_issuer(self, node: yaml.Node, what: str) -> tuple[Text, str | None]:
        found = self.mapping(node, (*LANGUAGES, "code"), what)
        texts = {key: self.text(child, f"{what}.{key}") or "" for key, child in found.items()}
        code = texts.pop("code", None)
        return Text(texts), code or None

    def formula(self, node: yaml.Node, slots: tuple[str, ...]) -> Formula | None:
        try:
            if isinstance(node, yaml.ScalarNode):
                text = self.text(node, "formula")
                return Formula.parse(text, slots=slots) if text else None
            keys = self.mapping(node, ("text", "parts"), "formula")
            if "text" not in keys or "parts" not in keys:
                self.report(node, 'a formula in parts needs "text" and "parts"', "FI206")
                return None
            parts: list[str | dict[str, str]] = []
            for child in self.listed(keys["parts"], "parts"):
                if isinstance(child, yaml.ScalarNode):
                    parts.append(self.text(child, "a part") or "")
                else:
                    found = self.mapping(child, ("part", "counts", "names"), "a part")
                    parts.append({key: self.text(v, key) or "" for key, v in found.items()})
            return Formula.parse(self.text(keys["text"], "text") or "", parts=parts)
        except InvalidFormula as error:
            self.report(node, str(error), "FI210")
            return None

    def raise_problems(self) -> None:
        if self.problems:
            raise in_order(self.problems)


class _Field:
    """One key of the file format: how it is read, how the JSON Schema says it, what it means."""

    __slots__ = ("default", "doc", "read", "required", "schema")

    def __init__(
        self,
        read: Callable[[Reader, yaml.Node, str], Any],
        schema: Mapping[str, Any],
        doc: str,
        *,
        required: bool = False,
        default: Any = None,
    ) -> None:
        self.read = read
        self.schema = schema
        self.doc = doc
        self.required = required
        self.default = default


_STR = {"type": "string", "minLength": 1}
_ANY_STR = {"type": ["string", "null"], "minLength": 1}
_DATES = {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_BOOL = {"type": "boolean"}
_STRS = {"type": "array", "items": _STR}
_SENTENCE_LIST = {"type": "array", "items": {"anyOf": [_STR, {"$ref": "#/$defs/prose"}]}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(values: Sequence[str]) -> dict[str, Any]:
    return {"enum": list(values)}


def _choice(values: Sequence[str]) -> Callable[[Reader, yaml.Node, str], str | None]:
    return lambda reader, node, key: reader.choice(node, key, values)


_NAME = {
    "name": _Field(Reader.text, _STR, "The name.", required=True),
    "kind": _Field(_choice(KINDS_OF_NAME), _one_of(KINDS_OF_NAME), "What kind of name it is."),
    "sources": _Field(Reader.source_ids, _STRS, "Ids of sources that use it.", default=()),
    "valid": _Field(Reader.validity, _ref("validity"), "When it is in use.", default=ALWAYS),
}

_SOURCE = {
    "id": _Field(Reader.text, _STR, "Key by which items refer to the source.", required=True),
    "title": _Field(Reader.text, _STR, "Title of the document or page.", required=True),
    "publisher": _Field(Reader.text, _ANY_STR, "Who published it."),
    "date": _Field(Reader.date, _DATES, "Date of publication, reduced as far as known."),
    "kind": _Field(
        _choice(KINDS_OF_SOURCE),
        _one_of(KINDS_OF_SOURCE),
        "primary: the issuer's own document; secondary: a report on it; tertiary: the rest.",
    ),
    "url": _Field(Reader.text, _ANY_STR, "Permanent address."),
    "document": _Field(Reader.text, _ANY_STR, "Document number, such as 工信部联科〔2024〕12号."),
    "note": _Field(Reader.prose, _ANY_STR, "What of it was seen."),
}

_LEVEL = {
    "code": _Field(Reader.text, _STR, "Short name, such as division.", required=True),
    "label": _Field(Reader.by_lang, _ref("text"), "What the issuer calls it.", required=True),
    "count": _Field(Reader.number, {"type": "integer", "minimum": 0}, "How many items it has."),
}

_ITEM = {
    "code": _Field(Reader.code, _STR, "Unique in the scheme; never reused.", required=True),
    "slot": _Field(Reader.text, _STR, 'Part of the formula that this tier fills: "2", "X".'),
    "label": _Field(Reader.by_lang, _ref("text"), "Official name by language.", required=True),
    "label_kind": _Field(
        Reader.kinds,
        _ref("labelKind"),
        "Provenance of the label, where not the scheme's.",
        default={},
    ),
    "also": _Field(Reader.names, _ref("names"), "Other names that lead here.", default={}),
    "note": _Field(Reader.prose_by_lang, _ref("prose"), "Scope or reading.", default=NO_TEXT),
    "open": _Field(Reader.flag, _BOOL, "The issuer lists no closed set here.", default=False),
    "incomplete": _Field(
        Reader.flag, _BOOL, "The list is closed, but only a part of it was seen.", default=False
    ),
    "exclusive": _Field(Reader.flag, _BOOL, "Children do not overlap.", default=False),
    "exhaustive": _Field(Reader.flag, _BOOL, "Children make up the item.", default=False),
    "sources": _Field(Reader.source_ids, _STRS, "Ids of sources that show it.", default=()),
    "valid": _Field(Reader.validity, _ref("validity"), "If not the scheme's.", default=ALWAYS),
    "successors": _Field(Reader.texts, _STRS, "Codes that take over.", default=()),
    "broader": _Field(Reader.texts, _STRS, "Codes of further broader items.", default=()),
    "items": _Field(
        Reader.listed, {"type": "array", "items": _ref("item")}, "Children.", default=()
    ),
}

_SCHEME = {
    "series": _Field(
        Reader.text,
        {"type": "string", "pattern": f"^{_SERIES.pattern}$"},
        "issuer/series, as in the path.",
        required=True,
    ),
    "version": _Field(
        Reader.text,
        {"type": "string", "pattern": f"^{_SLUG.pattern}$"},
        "The issuer's edition name, else the date of publication.",
        required=True,
    ),
    "title": _Field(Reader.by_lang, _ref("text"), "Title by language.", required=True),
    "short": _Field(
        Reader.by_lang,
        _ref("text"),
        "Name of a few words that stands alone, where the title is a sentence.",
        default=NO_TEXT,
    ),
    "issuer": _Field(Reader.text, _STR, "Id in issuers.yaml.", required=True),
    # Read last: the slots of the items settle it.
    "formula": _Field(lambda _, node, __: node, _ref("formula"), "As announced, such as 2+3+X."),
    "published": _Field(Reader.date, _DATES, "Date of publication; null: shown nowhere."),
    "valid": _Field(
        Reader.validity,
        _ref("validity"),
        "In force from `from` up to, not with, `to`.",
        default=ALWAYS,
    ),
    "supersedes": _Field(Reader.text, _ANY_STR, "Version of the same series that it replaces."),
    "confirmed": _Field(Reader.date, _DATES, "Day on which someone last saw it in force."),
    "confidence": _Field(_choice(CONFIDENCE), _one_of(CONFIDENCE), "How sure the data is."),
    "label_kind": _Field(
        Reader.kinds, _ref("labelKind"), "Provenance of the labels by language.", default={}
    ),
    "exclusive": _Field(Reader.flag, _BOOL, "No children overlap anywhere.", default=False),
    "exhaustive": _Field(Reader.flag, _BOOL, "All children make up parents.", default=False),
    "levels": _Field(
        Reader.level_list,
        {"type": "array", "items": _ref("level")},
        "Declared levels, top first.",
        default=(),
    ),
    "sentinels": _Field(
        Reader.sentinels,
        {"type": "object", "additionalProperties": _STR},
        "Code and label of items by which the edition is recognised.",
        default={},
    ),
    "limitations": _Field(
        Reader.sentences, _SENTENCE_LIST, "What is missing; shown to users.", default=()
    ),
    "conflicts": _Field(Reader.sentences, _SENTENCE_LIST, "Where sources disagree.", default=()),
    "notes": _Field(Reader.sentences, _SENTENCE_LIST, "Anything else.", default=()),
    "sources": _Field(
        Reader.source_list,
        {"type": "array", "items": _ref("source")},
        "Where the facts were seen.",
        default=(),
    ),
    "items": _Field(
        Reader.listed, {"type": "array", "items": _ref("item")}, "The tree, in order.", default=()
    ),
}

_ISSUER = {
    "id": _Field(Reader.text, _STR, "ASCII kebab case.", required=True),
    "name": _Field(Reader.by_lang, _ref("text"), "Full name by language.", required=True),
    "also": _Field(Reader.names, _ref("names"), "Other names.", default={}),
    "kind": _Field(
        _choice(KINDS_OF_ISSUER), _one_of(KINDS_OF_ISSUER), "What it is.", required=True
    ),
    "place": _Field(Reader.place_of_issuer, {"type": "object"}, "zh, en and ISO 3166-2 code."),
    "main": _Field(Reader.text, _STR, "Series meant when only the issuer is named."),
}


def _table_schema(fields: Mapping[str, _Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key: {**field.schema, "description": field.doc} for key, field in fields.items()
        },
        "required": [key for key, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def _languages_schema(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict.fromkeys(LANGUAGES, value),
        "additionalProperties": False,
    }


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of scheme files, for editors to complete and check."""
    part = {
        "type": "object",
        "properties": {"part": _STR, "counts": _STR, "names": _STR},
        "required": ["part"],
        "additionalProperties": False,
    }
    formula_in_parts = {
        "type": "object",
        "properties": {"text": _STR, "parts": {"type": "array", "items": {"anyOf": [_STR, part]}}},
        "required": ["text", "parts"],
        "additionalProperties": False,
    }
    names = {"type": "array", "items": {"anyOf": [_STR, _table_schema(_NAME)]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{URI_BASE}schema/scheme.json",
        "title": "A scheme of future industries, one version",
        **_table_schema(_SCHEME),
        "$defs": {
            "text": {
                **_languages_schema({**_ANY_STR, "pattern": r"^[^\n]*$"}),
                "minProperties": 1,
            },
            "prose": _languages_schema(_ANY_STR),
            "labelKind": _languages_schema(_one_of(KINDS_OF_LABEL)),
            "names": _languages_schema(names),
            "validity": {
                "type": ["object", "null"],
                "properties": {"from": _DATES, "to": _DATES},
                "additionalProperties": False,
            },
            "formula": {"anyOf": [_STR, formula_in_parts]},
            "level": _table_schema(_LEVEL),
            "source": _table_schema(_SOURCE),
            "item": _table_schema(_ITEM),
        },
    }


def _slots(nodes: Sequence[yaml.Node]) -> tuple[str, ...]:
    """Give the slots of the tiers in document order; a tier made of tiers counts as them."""
    found: list[str] = []
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            continue
        keys = {k.value: v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
        if isinstance(slot := keys.get("slot"), yaml.ScalarNode):
            found.append(slot.value)
        elif isinstance(items := keys.get("items"), yaml.SequenceNode):
            found += _slots(items.value)
    return tuple(found)


def _read_fields(
    reader: Reader, node: yaml.Node, fields: Mapping[str, _Field], what: str
) -> dict[str, Any]:
    """Give what is there and not null, by key."""
    count = len(reader.problems)
    found = reader.mapping(node, fields, what)
    values = {}
    for key, child in found.items():
        value = fields[key].read(reader, child, key)
        if value is not None:
            values[key] = value
    if isinstance(node, yaml.MappingNode):
        for key, field in fields.items():
            if not field.required or values.get(key):
                continue
            if key not in found:
                new = reader.problems[count:]
                if any(p.message.endswith(f'did you mean "{key}"?') for p in new):
                    continue
                reader.report(node, f'{what} needs "{key}"', "FI206")
            elif count == len(reader.problems):
                reader.report(found[key], f'"{key}" says nothing; {what} needs one', "FI206")
    return values


def _read_items(
    reader: Reader,
    nodes: Sequence[yaml.Node],
    parent: str | None,
    used: dict[str, Place],
    depth: int = 1,
) -> Iterator[Item]:
    if depth > _MAX_DEPTH and nodes:
        reader.report(nodes[0], f"nested too deeply; at most {_MAX_DEPTH} levels are read")
        return
    for node in nodes:
        values = _read_fields(reader, node, _ITEM, "an item")
        code = values.get("code")
        children = values.pop("items", ())
        if code in used:
            reader.report(
                node,
                f'the code "{code}" is already used in line {used[code].line}; '
                "codes are unique in a scheme",
                "FI207",
            )
        elif code is not None:
            place = used[code] = reader.place(node)
            if "label" in values:
                yield Item(**values, parent_code=parent, place=place)
        if children:
            yield from _read_items(reader, children, code, used, depth + 1)


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
    path = os.fspath(path)
    file = shown or path
    return _scheme(read_text(path, file), path, file, origin)


def read_scheme_head(path: Path | str, *, shown: str | None = None) -> Scheme:
    """
    Read a scheme without its items: for listings and dates.

    A formula that only the slots of its tiers would settle is left unsettled.

    Raises:
        InvalidFile: With all problems of what was read.
    """
    path = os.fspath(path)
    file = shown or path
    text = read_text(path, file)
    head, items, rest = text.partition("\nitems:")
    if items and re.fullmatch(_ITEMS_TO_THE_END, rest):
        text = f"{head}\n"
    return _scheme(text, None, file, None)


_ITEMS_TO_THE_END = r"[^\n]*(?:\n(?:[ \-#\r][^\n]*)?)*"


def _scheme(text: str, path: str | None, file: str, origin: Any) -> Scheme:
    """Read the text of a scheme file; without a path, nothing of its items is read."""
    reader = Reader(file)
    root = reader.compose(text)
    if root is None:
        raise in_order(reader.problems)
    values = _read_fields(reader, root, _SCHEME, "a scheme")
    reader.sources = [source.id for source in values.get("sources", ())]
    nodes = values.pop("items", ()) if path is not None else ()
    values.pop("items", None)
    items = list(_read_items(reader, nodes, None, {}))
    formula = values.pop("formula", None)
    if formula is not None:
        formula = reader.formula(formula, _slots(nodes))
    if isinstance(root, yaml.MappingNode):
        _check_ids(reader, {k.value: v for k, v in root.value if isinstance(k.value, str)})
    reader.raise_problems()
    stem = os.path.splitext(path)[0] if path is not None else ""
    if stem and os.path.exists(f"{stem}.csv") and path != f"{stem}.csv":
        shown = os.path.splitext(file)[0]
        if not items:
            items = _read_item_csv(stem, shown, reader.sources)
        elif read_text(f"{stem}.csv", f"{shown}.csv").startswith("code,parent"):
            # Another table of that name may be the user's data, and is none of ours.
            beside = os.path.basename(f"{shown}.csv")
            raise invalid(file, f"has items, and {beside} beside it too; keep them in one place")
    return Scheme(**values, items_=tuple(items), formula=formula, origin=origin, place=Place(file))


def _check_ids(reader: Reader, nodes: Mapping[str, yaml.Node]) -> None:
    """Report identifiers that no path could have."""

    def said(key: str) -> str | None:
        node = nodes.get(key)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    series, version, issuer = said("series"), said("version"), said("issuer")
    if series and not _SERIES.fullmatch(series):
        message = f'series "{series}" should be issuer/series in lower-case ASCII with hyphens'
        reader.report(nodes["series"], message)
    elif series and issuer and issuer != series.partition("/")[0]:
        message = f'issuer "{issuer}" is not the first part of the series "{series}"'
        reader.report(nodes["issuer"], message, "FI218")
    if version and not _SLUG.fullmatch(version):
        message = f'version "{version}" should be lower-case ASCII with hyphens, such as 2024-05'
        reader.report(nodes["version"], message)


# Tables


class Table:
    """The rows of a CSV or TSV file, with the problems found on the way."""

    def __init__(
        self,
        text: str,
        file: str,
        known: Collection[str],
        required: Sequence[str],
        *,
        delimiter: str = ",",
        above: int = 0,
    ) -> None:
        import csv
        from io import StringIO

        self.file = file
        self.problems: list[Problem] = []
        self._above = above
        self._found: tuple[Sequence[int], list[list[str]]] | None = None
        # With newline="" only real line ends end a line, so that lines can be counted.
        self._rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._error = csv.Error
        try:
            self.header = next(self._rows, [])
        except csv.Error as error:
            raise invalid(file, f"not valid CSV: {error}", above + 1) from None
        for name in self.header:
            if name not in known:
                self.report(1, f'unknown column "{name}"; {hint_for(name, known)}', "FI202")
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        for name in twice:
            self.report(1, f'the column "{name}" is there twice; keep one', "FI201")
        meant = [problem.message for problem in self.problems]
        for name in required:
            if name not in self.header and not any(f'mean "{name}"?' in m for m in meant):
                self.report(1, f'no column "{name}"; the first line names the columns', "FI206")
        if self.problems:
            raise InvalidFile(self.problems)

    def report(self, line: int, message: str, rule: str = "FI200") -> None:
        self.problems.append(Problem(Place(self.file, line + self._above), message, rule))

    def select(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Give line and cells of each row; empty cells for columns that are not there."""
        if self._found is None:
            self._found = self._read()
        lines, rows = self._found
        columns = list(zip(*rows, strict=True))
        empty = ("",) * len(rows)
        found = (
            columns[self.header.index(name)] if rows and name in self.header else empty
            for name in names
        )
        return zip(lines, *found, strict=True)

    def _read(self) -> tuple[Sequence[int], list[list[str]]]:
        """Give the rows that have as many cells as the header, and the lines they start in."""
        rows: list[list[str]] = []
        lines: list[int] = []
        width = len(self.header)
        while True:
            line = self._rows.line_num + 1
            try:
                row = next(self._rows)
            except StopIteration:
                break
            except self._error as error:
                self.report(line, f"not valid CSV: {error}")
                break
            if len(row) == width:
                rows.append(row)
                lines.append(line)
            elif row:
                todo = "quote cells with commas" if len(row) > width else "fill the row up"
                self.report(line, f"{len(row)} cells where the header has {width}; {todo}")
        return lines, rows


_ITEM_COLUMNS = (
    "code", "parent", "level", "broader", "label_zh", "label_en", "label_en_kind",
    "note", "note_zh", "note_en",
)  # fmt: skip
_INDEX_COLUMNS = ("code", "lang", "name", "kind", "source")


def odd_character(text: str) -> str | None:
    """Name the first character of a table that no name may have, if there is one."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return None
    found = _CONTROL_BUT_LINES.search(text.replace("\r\n", "\n"))
    return f"U+{ord(found[0]):04X}" if found else None


def _read_item_csv(stem: str, shown: str, sources: Collection[str]) -> list[Item]:
    file = f"{shown}.csv"
    text = read_text(f"{stem}.csv", file)
    if odd := odd_character(text):
        raise invalid(file, f"the character {odd} is in it; take it out")
    table = Table(text, file, _ITEM_COLUMNS, ("code", "parent"))
    entries, first_lines, problems = _read_index_csv(stem, shown, sources)
    kinds = {kind: _fixed({"en": kind}) for kind in KINDS_OF_LABEL}
    make_text, make_item = Text._bilingual, Item._row  # noqa: SLF001 - made for this loop
    places: dict[str, Place] = {}
    items: list[Item] = []
    broader: list[tuple[int, str]] = []
    # A thousand rows a few milliseconds: what is rare is looked at behind the loop, or once.
    for line, code, parent, zh, en, kind, others, note, note_en, note_zh, level in table.select(
        "code", "parent", "label_zh", "label_en", "label_en_kind",
        "broader", "note", "note_en", "note_zh", "level",
    ):  # fmt: skip
        if not code or code in places:
            _bad_code(table, line, code, places)
            continue
        if parent and parent not in places:
            table.report(
                line,
                f'the parent "{parent}" of "{code}" does not stand above it; parents come before '
                "their children, so that there is no cycle",
                "FI209",
            )
        if not (zh or en):
            table.report(line, f'"{code}" has no label', "FI206")
        place = places[code] = Place(file, line)
        item = make_item(code, make_text(zh, en), parent or None, place)
        items.append(item)
        if kind:
            if kind not in kinds:
                hint = hint_for(kind, KINDS_OF_LABEL)
                table.report(line, f'label_en_kind "{kind}" is not known; {hint}')
                continue
            _put(item, "label_kind", kinds[kind])
        if note or note_en or note_zh:
            _put(item, "note", make_text(note_zh, note_en or note))
        if level:
            if level.isdecimal() and level.isascii() and int(level):
                _put(item, "declared_level", int(level))
            else:
                table.report(line, f'level "{level}" is no number of a level; write 1, 2, 3 …')
        if others:
            _put(item, "broader", tuple(others.split()))
            broader += ((line, other) for other in item.broader)
        if code in entries:
            _put(item, "also", _fixed(entries.pop(code)))
    if _CODE_FORBIDDEN.search(",".join(places)):
        for code in filter(_CODE_FORBIDDEN.search, places):
            table.report(places[code].line or 0, _CODE_ODD.format(code))
    if len(places) < text.count("\n") - 1:
        # Some rows span lines: notes may, labels may not.
        for item in items:
            if "\n" in "".join(item.label.values()):
                message = f'the label of "{item.code}" has a line break in it; take it out'
                table.report(places[item.code].line or 0, message)
    for line, code in broader:
        if code not in places:
            table.report(line, f'broader "{code}" is no code of this file', "FI209")
    index, name = f"{shown}.index.csv", os.path.basename(file)
    problems += (
        Problem(Place(index, first_lines[code]), f'"{code}" is no item of {name}', "FI209")
        for code in entries
    )
    problems += table.problems
    if problems:
        raise in_order(problems)
    if not items:
        raise invalid(file, "no items")
    return items


def _bad_code(table: Table, line: int, code: str, places: Mapping[str, Place]) -> None:
    if code:
        table.report(
            line,
            f'the code "{code}" is already used in line {places[code].line}; '
            "codes are unique in a scheme",
            "FI207",
        )
    else:
        table.report(line, "a row without a code", "FI206")


def _read_index_csv(
    stem: str, shown: str, sources: Collection[str]
) -> tuple[dict[str, dict[str, tuple[IndexEntry, ...]]], dict[str, int], list[Problem]]:
    """Give the names by code and language, the first line of each code, and the problems."""
    if not os.path.exists(f"{stem}.index.csv"):
        return {}, {}, []
    entries: dict[str, dict[str, list[IndexEntry]]] = {}
    lines: dict[str, int] = {}
    file = f"{shown}.index.csv"
    text = read_text(f"{stem}.index.csv", file)
    if odd := odd_character(text):
        raise invalid(file, f"the character {odd} is in it; take it out")
    table = Table(text, file, _INDEX_COLUMNS, ("code", "lang", "name"))
    for line, code, lang, name, kind, source in table.select(*_INDEX_COLUMNS):
        if lang not in LANGUAGES:
            table.report(line, f'lang "{lang}" is not known; known: {", ".join(LANGUAGES)}')
        elif kind and kind not in KINDS_OF_NAME:
            table.report(line, f'kind "{kind}" is not known; {hint_for(kind, KINDS_OF_NAME)}')
        elif not name or "\n" in name:
            table.report(line, "a name is one line of text", "FI206")
        elif source and source not in sources:
            table.report(line, f'unknown source "{source}"; add it under sources', "FI208")
        else:
            lines.setdefault(code, line)
            names = entries.setdefault(code, {}).setdefault(lang, [])
            names.append(
                IndexEntry(name, lang, kind=kind or None, sources=(source,) if source else ())
            )
    by_lang = {
        code: {lang: tuple(names[lang]) for lang in LANGUAGES if lang in names}
        for code, names in entries.items()
    }
    return by_lang, lines, table.problems


def read_issuers(path: Path | str) -> dict[str, Issuer]:
    """
    Read `issuers.yaml`.

    Raises:
        InvalidFile: With all problems, in file order.
    """
    reader = Reader(str(path))
    root = reader.compose(read_text(path))
    found: dict[str, Issuer] = {}
    for node in reader.listed(root, "issuers.yaml") if root is not None else ():
        values = _read_fields(reader, node, _ISSUER, "an issuer")
        if "place" in values:
            values["place"], values["place_code"] = values["place"]
        id_ = values.get("id")
        if id_ in found:
            reader.report(node, f'the issuer "{id_}" is already there; ids are unique', "FI207")
        elif id_ and values.get("name") and values.get("kind"):
            found[id_] = Issuer(**values)
    reader.raise_problems()
    return found


# Writing


_PLAIN = r"[^\W\d_][^\x00-\x1f:#\[\]{},&*!|>'\"%@`\\=?]*"
_PLAIN_FORMULA = r"[\w+×]*[+×][\w+×]*"
_PLAIN_URL = r"(?a)https?://[\w.~/?&=%+:@-]*[\w/]"
_WIDTH = 100


def _scalar(text: str) -> str:
    """Write a scalar plain where no YAML reader can take it for something else."""
    plain = (
        text.isprintable()
        and (re.fullmatch(_PLAIN, text) or re.fullmatch(_PLAIN_FORMULA, text))
        and text == text.strip()
        and not _is_typed(text)
        and text not in _NULLS
    )
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    # JSON is YAML, but for what YAML does not allow to be printed.
    import json

    return "".join(
        c if c == " " or c.isprintable() else f"\\U{ord(c):08x}"
        for c in json.dumps(text, ensure_ascii=False)
    )


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _scalar(value)


_SENTENCES = ("limitations", "conflicts", "notes")


def block(value: Mapping[str, Any], pad: str) -> Iterator[str]:
    """Write the lines of a mapping: flow style up to a line, block style beyond."""
    for key, child in value.items():
        name = _scalar(key)
        if key in _SENTENCES:
            yield f"{pad}{name}:"
            for sentence in child:
                yield from _sentence_lines(sentence, f"{pad}  ")
            continue
        # Within braces the signs of an address would mean something.
        plain = isinstance(child, str) and re.fullmatch(_PLAIN_URL, child)
        line = f"{pad}{name}: {child if plain else _flow(child)}"
        if not child or not isinstance(child, (list, tuple, dict)):
            yield line
        elif len(line) <= _WIDTH and not (key == "sources" and _holds_mappings(child)):
            yield line if key != "items" else f"{pad}{name}:"
            if key == "items":
                yield from _list(child, f"{pad}  ")
        else:
            yield f"{pad}{name}:"
            if isinstance(child, dict):
                yield from block(child, f"{pad}  ")
            else:
                yield from _list(child, f"{pad}  ")


def _sentence_lines(sentence: str | Mapping[str, str], pad: str) -> Iterator[str]:
    if isinstance(sentence, str):
        yield f"{pad}- {_quoted(sentence)}"
        return
    signs = ("- ", *["  "] * len(sentence))
    for sign, (lang, text) in zip(signs, sentence.items(), strict=False):
        yield f"{pad}{sign}{lang}: {_quoted(text)}"


def _list(values: Sequence[Any], pad: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            first, *rest = block(value, f"{pad}  ")
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_flow(value)}"


def _holds_mappings(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(v, dict) for v in value)


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

    return {lang: [one(entry) for entry in also[lang]] for lang in LANGUAGES if also.get(lang)}


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
        elif key in _SENTENCES:
            value = tuple(dict(said.by_lang) or str(said) for said in value)
        elif isinstance(value, Text):
            value = dict(value)
        elif key == "label_kind":
            value = {lang: value[lang] for lang in LANGUAGES if lang in value}
        elif isinstance(value, dict):
            value = dict(value)
        if value not in (None, (), {}, False, field.default):
            data[key] = list(value) if isinstance(value, tuple) else value
    return data


def scheme_data(scheme: Scheme, *, items: bool = True) -> dict[str, Any]:
    """Give what the YAML file of a scheme says, as plain values in canonical order."""

    def item_data(item: Item) -> dict[str, Any]:
        data = _record_data(item, _ITEM)
        if children := item.children:
            data["items"] = [item_data(child) for child in children]
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
    text = "\n".join(block(scheme_data(scheme), ""))
    return unicodedata.normalize("NFC", text) + "\n"


_TEMPLATE = """\
# yaml-language-server: $schema=../../scheme.schema.json
# One version of one scheme. The path is its identity; put down only what a source shows.
# Delete these comments when you are done; `futureindustry check FILE` says what is missing.
series: {series}
version: "{version}"          # the issuer's own edition name, else the date of publication
title: {{zh: {series} 的名称, en: Title of {series}}}
issuer: {issuer}              # must stand in issuers.yaml
formula: 2+X                  # as announced; take the line out if there is none
published: "{published}"       # ISO 8601, reduced as far as known; null if shown nowhere
valid: {{from: "{published}", to: null}}   # in force from `from` up to, not with, `to`
# supersedes: "2022-06"       # the version of this series that it replaces
confidence: low               # high: the issuer's document, or two independent reports; medium; low
label_kind: {{en: ours}}       # official, media, ours or back-translated, by language
# limitations:                # what you did not see; shown to every user; a text, or {{zh: …, en: …}}
#   - The third group was not seen.
# conflicts:                  # where sources disagree
#   - One report writes 量子科技, another 量子信息.
sources:
  - id: s1
    title: Title of the document or page
    publisher: Who published it
    date: "{published}"
    kind: secondary           # primary: the issuer's document; secondary: a report; tertiary
    # url: https://…
    # document: 工信部联科〔2024〕12号
items:
  - code: first-group         # lower-case ASCII, unique here, kept in later versions
    slot: "2"                 # the part of the formula that this tier fills
    label: {{zh: 第一组产业, en: first group}}
    sources: [s1]
    # incomplete: true        # the list is closed, but you saw only a part of it
    items:
      - code: quantum-information
        label: {{zh: 量子信息, en: quantum information}}
        also: {{zh: [量子科技]}}   # other names that lead here
        sources: [s1]
      - code: aerospace-technology
        label: {{zh: 空天技术, en: aerospace technology}}
        sources: [s1]
  - code: frontier
    slot: X
    label: {{zh: 前沿技术, en: frontier technologies}}
    open: true                # the issuer lists no closed set here
    sources: [s1]
"""


def scheme_template(series: str, version: str) -> str:
    """
    Give a commented scheme file to fill in.

    Args:
        series: `issuer/series`.
        version: Edition name or date of publication.

    Raises:
        InvalidId: The two are no identifier.
    """
    split_id(f"{series}@{version}")
    try:
        last_day(version)
        published = version
    except ValueError:
        published = "2024-01"
    issuer = series.partition("/")[0]
    return _TEMPLATE.format(series=series, version=version, issuer=issuer, published=published)
