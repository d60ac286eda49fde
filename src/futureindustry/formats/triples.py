"""
A graph and its two texts: RDF 1.1 Turtle and JSON-LD 1.1.

Knows nothing of schemes. Statements stay in the order in which they were added, so that the same
facts give the same bytes.

Source:
    W3C, "RDF 1.1 Turtle", 2014, section 6.5; "JSON-LD 1.1", 2020, section 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import attrs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Term: TypeAlias = "Iri | Literal | tuple[Iri, ...]"

__all__ = ["Graph", "Iri", "Literal"]

RDF_TYPE = "rdf:type"
# The names that may stand behind a prefix without escapes; others are written as whole IRIs.
_LOCAL = re.compile(r"(?a:\w|%[0-9A-F]{2})(?:(?a:[\w.-]|%[0-9A-F]{2})*(?a:[\w-]|%[0-9A-F]{2}))?")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class Iri(str):
    """An absolute IRI, or a name behind one of the prefixes of the graph."""

    __slots__ = ()


@attrs.frozen
class Literal:
    """A text with a language tag, or a datatype such as `xsd:date`, or neither."""

    text: str
    lang: str | None = None
    datatype: str | None = None


@attrs.frozen
class Graph:
    """
    Statements by subject and predicate; a tuple of names is an rdf:List.

    Attributes:
        prefixes: What stands behind each prefix.
        nodes: The values are keys of a dict, so that each is there once.
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
                f"{'a' if predicate == RDF_TYPE else predicate} {', '.join(map(self._term, values))}"
                for predicate, values in node.items()
            )
            lines.append(f"\n{self._term(subject)} " + " ;\n    ".join(said) + " .")
        return "\n".join(lines) + "\n"

    def _term(self, value: Term) -> str:
        if isinstance(value, Iri):
            prefix, _, local = value.partition(":")
            if prefix not in self.prefixes:
                return f"<{value}>"
            return value if _LOCAL.fullmatch(local) else f"<{self.prefixes[prefix]}{local}>"
        if isinstance(value, tuple):
            return f"( {' '.join(map(self._term, value))} )"
        text = f'"{value.text.translate(_ESCAPES)}"'
        if value.lang:
            return f"{text}@{value.lang}"
        return f"{text}^^{value.datatype}" if value.datatype else text

    def json_ld(self) -> str:
        """
        Write the graph as JSON-LD.

        A predicate whose values all have a language is an object by language; one whose values
        are all names has them as strings. The context says so.
        """
        kinds: dict[str, set[str]] = {}
        for node in self.nodes.values():
            for predicate, values in node.items():
                kinds.setdefault(predicate, set()).update(map(_kind, values))
        context: dict[str, Any] = dict(self.prefixes)
        for predicate in sorted(kinds):
            if kinds[predicate] == {"@language"}:
                context[predicate] = {"@id": predicate, "@container": "@language"}
            elif kinds[predicate] == {"@id"} and predicate != RDF_TYPE:
                context[predicate] = {"@id": predicate, "@type": "@id"}
        graph = []
        for subject, node in self.nodes.items():
            said: dict[str, Any] = {"@id": subject}
            for predicate, values in node.items():
                found = [_object(value) for value in values]
                if kinds[predicate] == {"@language"}:
                    by_lang: dict[str, list[str]] = {}
                    for one in found:
                        by_lang.setdefault(one["@language"], []).append(one["@value"])
                    said[predicate] = {lang: _one(texts) for lang, texts in by_lang.items()}
                elif kinds[predicate] == {"@id"}:
                    key = "@type" if predicate == RDF_TYPE else predicate
                    said[key] = _one([one["@id"] for one in found])
                else:
                    said[predicate] = _one(found)
            graph.append(said)
        return (
            json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
        )


def _kind(value: Term) -> str:
    if isinstance(value, Iri):
        return "@id"
    return "@language" if isinstance(value, Literal) and value.lang else "@value"


def _object(value: Term) -> Any:
    if isinstance(value, Iri):
        return {"@id": value}
    if isinstance(value, tuple):
        return {"@list": [{"@id": name} for name in value]}
    if value.lang:
        return {"@value": value.text, "@language": value.lang}
    return {"@value": value.text, "@type": value.datatype} if value.datatype else value.text


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
