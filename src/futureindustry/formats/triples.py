"""
A graph and its two texts: RDF 1.1 Turtle and JSON-LD 1.1.

Knows nothing of schemes. Blocks, predicates and values stay in the order in which they were
added, so that the same facts give the same bytes; no blank nodes are needed but for lists.

Source:
    W3C, "RDF 1.1 Turtle", 2014, section 6.5; "JSON-LD 1.1", 2020, sections 4.2 and 4.3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import attrs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Term: TypeAlias = "Iri | Literal | tuple[Iri, ...]"

__all__ = ["Graph", "Iri", "Literal"]

RDF_TYPE = "rdf:type"
# A part of the names that may stand behind a prefix: the rest needs escapes, and is written out.
_LOCAL = re.compile(r"(?a:\w|%[0-9A-F]{2})(?:(?a:[\w.-]|%[0-9A-F]{2})*(?a:[\w-]|%[0-9A-F]{2}))?")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class Iri(str):
    """An absolute IRI, or a name behind one of the prefixes of the graph."""

    __slots__ = ()


@attrs.frozen
class Literal:
    """
    A text, with a language or a datatype (a name behind a prefix); a plain one has neither.

    Attributes:
        text: The lexical form.
        lang: Language tag.
        datatype: Such as `xsd:date`.
    """

    text: str
    lang: str | None = None
    datatype: str | None = None


@attrs.frozen
class Graph:
    """
    Statements, grouped by subject and predicate; a tuple of names is an rdf:List.

    Attributes:
        prefixes: What stands behind each prefix.
        nodes: By subject, by predicate, the values: keys of a dict, so that each is there once.
    """

    prefixes: Mapping[str, str]
    nodes: dict[Iri, dict[str, dict[Term, None]]] = attrs.field(factory=dict)

    def add(self, subject: Iri, predicate: str, *values: Term | str | bool | None) -> None:
        """Add a statement for each value; None adds none, a str is a plain literal."""
        for value in values:
            if isinstance(value, bool):
                value = Literal(str(value).lower(), datatype="xsd:boolean")  # noqa: PLW2901
            elif isinstance(value, str) and not isinstance(value, Iri):
                value = Literal(str(value))  # noqa: PLW2901
            if value is not None:
                self.nodes.setdefault(subject, {}).setdefault(predicate, {})[value] = None

    def turtle(self) -> str:
        """Write the graph as Turtle."""
        lines = [f"@prefix {name}: <{iri}> ." for name, iri in self.prefixes.items()]
        for subject, node in self.nodes.items():
            said = (
                f"{'a' if predicate == RDF_TYPE else predicate} "
                + ", ".join(self._turtle(value) for value in values)
                for predicate, values in node.items()
            )
            lines.append(f"\n{self._turtle(subject)} " + " ;\n    ".join(said) + " .")
        return "\n".join(lines) + "\n"

    def _turtle(self, value: Term) -> str:
        if isinstance(value, Iri):
            prefix, _, local = value.partition(":")
            if prefix not in self.prefixes:
                return f"<{value}>"
            return value if _LOCAL.fullmatch(local) else f"<{self.prefixes[prefix]}{local}>"
        if isinstance(value, Literal):
            text = f'"{value.text.translate(_ESCAPES)}"'
            if value.lang:
                return f"{text}@{value.lang}"
            if value.datatype == "xsd:boolean":
                return value.text
            return f"{text}^^{value.datatype}" if value.datatype else text
        return f"( {' '.join(map(self._turtle, value))} )"

    def json_ld(self) -> str:
        """
        Write the graph as JSON-LD.

        A predicate whose values all have a language is an object by language, one whose values
        are all names holds them as strings; the context says so.
        """
        kinds: dict[str, set[str]] = {}
        for node in self.nodes.values():
            for predicate, values in node.items():
                kinds.setdefault(predicate, set()).update(map(_kind, values))
        context: dict[str, Any] = dict(self.prefixes)
        for predicate in sorted(kinds):
            if predicate != RDF_TYPE and len(kinds[predicate]) == 1:
                context |= _COERCED.get((*kinds[predicate],)[0], lambda _: {})(predicate)
        graph = [
            {"@id": subject}
            | dict(_property(name, values, name in context) for name, values in node.items())
            for subject, node in self.nodes.items()
        ]
        return (
            json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
        )


def _kind(value: Term) -> str:
    if isinstance(value, Iri):
        return "iri"
    if isinstance(value, Literal):
        return "tagged" if value.lang else "plain"
    return "list"


_COERCED = {
    "iri": lambda name: {name: {"@id": name, "@type": "@id"}},
    "tagged": lambda name: {name: {"@id": name, "@container": "@language"}},
}


def _property(name: str, values: Iterable[Term], coerced: bool) -> tuple[str, Any]:
    """Give key and value of one predicate of a node object."""
    if name == RDF_TYPE:
        return "@type", _one_or_many([*values])
    if not coerced:
        return name, _one_or_many([_value_object(value) for value in values])
    by_lang: dict[str, list[str]] = {}
    names: list[str] = []
    for value in values:
        if isinstance(value, Literal):
            by_lang.setdefault(value.lang or "@none", []).append(value.text)
        else:
            names.append(str(value))
    if names:
        return name, _one_or_many(names)
    return name, {lang: _one_or_many(texts) for lang, texts in by_lang.items()}


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _value_object(value: Term) -> Any:
    if isinstance(value, Iri):
        return {"@id": value}
    if isinstance(value, Literal):
        if value.lang:
            return {"@value": value.text, "@language": value.lang}
        if value.datatype == "xsd:boolean":
            return value.text == "true"
        return {"@value": value.text, "@type": value.datatype} if value.datatype else value.text
    return {"@list": [{"@id": name} for name in value]}
