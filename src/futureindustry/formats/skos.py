"""
A scheme as linked data: SKOS, and XKOS on top of it.

The plain graph has what any SKOS tool reads: scheme, concepts, labels, hierarchy, notes,
provenance (Dublin Core), and the SKOS mapping properties to the hub. The extended graph adds
the terms of XKOS – levels, coverage, the versions before, the correspondence with the hub.
Names that the standards lack (open lists, formula, confidence, the true relation of a map)
stand under `ext/` of the project's URI base and are defined in the output itself.

An item of a version is `<base><scheme id>/<code>`; what all versions of it have in common is
`<base><series>/<code>`, as in the SSSOM files. Kind, sources and validity of an index entry
have no place in SKOS without SKOS-XL; the tables (xlsx, sql) keep them.

Source:
    W3C, "SKOS Reference", 2009; DDI Alliance, "XKOS", 1.2, 2019, and "XKOS Best Practices";
    DCMI, "DCMI Metadata Terms", 2020, and "DCMI Period Encoding Scheme", 2006.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from futureindustry.errors import FutureIndustryError
from futureindustry.mapping import Correspondence, hub_maps, hub_of
from futureindustry.model import URI_BASE, Item, Map, Scheme, Source, Text, Validity, first_day
from futureindustry.sssom import RELATION_SLOT, WEIGHT_SLOT, curie, prefix_of
from futureindustry.store import HUB, catalog_of

from .facts import is_web
from .triples import RDF_TYPE, Graph, Iri, Literal

__all__ = ["json_ld", "skos", "sssom", "xkos"]

_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/", "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/", "fi": f"{URI_BASE}ext/",
    "foaf": "http://xmlns.com/foaf/0.1/", "schema": "http://schema.org/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/", "sssom": "https://w3id.org/sssom/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
# What no standard has a term for: range, super-property, label and meaning in Chinese, meaning.
_EXTENSIONS = {
    "formula": ("xsd:string", None, "公式", "发布机构公布方案所用的公式，如 2+3+X。", "The formula by which the issuer announced the scheme, such as 2+3+X."),
    "formulaPart": ("xsd:string", None, "公式的组成", "公式中声明的一部分；不对应层级者注明所计或所指。", "A declared part of the formula, with what it counts or names where it is no slot."),
    "slot": ("xsd:string", None, "公式的一位", "本层级对应公式的哪一部分，如 2 或 X。", "The part of the formula that this tier fills, such as 2 or X."),
    "open": ("xsd:boolean", None, "开放清单", "发布机构有意不在其下列出封闭的类目。", "The issuer lists no closed set of items below, on purpose."),
    "incomplete": ("xsd:boolean", None, "清单不全", "发布机构的清单是封闭的，此处只见到其中一部分。", "The issuer's list is closed, but only a part of it has been seen."),
    "exclusive": ("xsd:boolean", None, "互斥", "其下类目互不重叠；用于方案时指每一层。", "The items below do not overlap; of a scheme, at every level."),
    "exhaustive": ("xsd:boolean", None, "穷尽", "其下类目合为整体；用于方案时指每一层，开放或不全者除外。", "The items below make up the whole; of a scheme, at every level, open and incomplete items left out."),
    "confidence": ("xsd:string", None, "可信度", "编者对方案整体的把握：high、medium 或 low。", "How sure the editors are of the scheme as a whole: high, medium or low."),
    "confirmed": (None, None, "最近确认有效", "最近一次见到方案有效的日期。", "The day on which the scheme was last seen in force."),
    "labelKind": ("xsd:string", None, "名称出处", "某语言名称的出处：official（官方）、media（媒体）、ours（编者所译）、back-translated（回译）。", "Where the labels of a language are from: official, media, ours (by the editors) or back-translated."),
    "limitation": (None, "skos:scopeNote", "局限", "缺失或推断之处。", "What is missing or inferred."),
    "conflict": (None, "skos:editorialNote", "来源分歧", "来源之间不一致之处。", "Where sources disagree."),
    "count": ("xsd:nonNegativeInteger", None, "公布的类目数", "该版本公布的本层类目数。", "How many items the edition has at this level, as announced."),
    "relation": ("xsd:string", None, "实际关系", "源概念对目标概念的 RCC-5 基本关系，用于 SKOS 谓词弱于实际关系之处；重叠（PO）没有对应谓词，写作 closeMatch。", "The relation of the source concept to the target concept as base relations of RCC-5, where the SKOS predicate says less; PO (overlap) has no predicate and is written as closeMatch."),
    "weight": ("xsd:double", None, "权重", "源概念归入目标概念的份额。", "The share of the source concept that goes to the target concept."),
}  # fmt: skip
OPENNESS = {
    key: Text(zh=f"{label}：{zh}", en=f"{words}: {en}")
    for key, words in (("open", "Open list"), ("incomplete", "Incomplete list"))
    for _, _, label, zh, en in (_EXTENSIONS[key],)
}
"""What a reader is told of an item whose list is open or incomplete."""
_WEAKENED = Text(
    zh="谓词弱于实际关系的映射（如重叠写作 closeMatch）：{} 条；实际关系见 xkos 或 sssom 格式。",
    en="Maps whose predicate says less than the relation (an overlap is written as closeMatch): {}; "
    "the formats xkos and sssom have the relation itself.",
)


def skos(scheme: Scheme) -> str:
    """Write plain SKOS as Turtle."""
    return graph_of(scheme, extended=False).turtle()


def xkos(scheme: Scheme) -> str:
    """Write SKOS with XKOS as Turtle."""
    return graph_of(scheme, extended=True).turtle()


def json_ld(scheme: Scheme) -> str:
    """Write SKOS with XKOS as JSON-LD."""
    return graph_of(scheme, extended=True).json_ld()


def sssom(scheme: Scheme) -> str:
    """
    Write the maps of a scheme to the hub as SSSOM/TSV.

    Raises:
        FutureIndustryError: There are none.
    """
    maps, hub = _maps(scheme), hub_of(scheme)
    if not maps:
        raise FutureIndustryError(
            f"{scheme.id} has no maps to the hub {hub.id}; for the maps between two schemes use "
            "Correspondence.to_sssom"
        )
    return Correspondence(scheme.id, hub.id, tuple(maps), schemes=(scheme, hub)).to_sssom()


def graph_of(scheme: Scheme, *, extended: bool) -> Graph:
    """Give a scheme as a graph; the extended one has the terms of XKOS as well."""
    prefixes = dict(_PREFIXES)
    if not extended:
        del prefixes["xkos"], prefixes["sssom"], prefixes["semapv"], prefixes["schema"]
    prefixes |= {
        "this": f"{URI_BASE}{scheme.id}#",
        "item": f"{URI_BASE}{scheme.id}/",
        "series": f"{URI_BASE}{scheme.series}/",
    }
    maps, hub = _maps(scheme), hub_of(scheme)
    mapping_set = f"{URI_BASE}mappings/{prefix_of(scheme.id)}--{prefix_of(hub.id)}"
    prefixes |= {"hub": f"{URI_BASE}{hub.id}/", "map": f"{mapping_set}#"} if maps else {}
    graph = Graph(prefixes)
    _add_scheme(graph, scheme)
    if extended:
        _add_classification(graph, scheme)
    below: dict[str, list[str]] = {}
    for item in scheme.values():
        for code in item.broader:
            below.setdefault(code, []).append(item.code)
    for item in scheme.values():
        _add_item(graph, scheme, item, below.get(item.code, ()))
    for m in maps:
        graph.add(_item(m.source), m.relation.predicate()[0], _hub_concept(m))
    weakened = sum(not m.relation.predicate()[1] for m in maps)
    if weakened and not extended:
        said = (Literal(text.format(weakened), lang) for lang, text in _WEAKENED.items())
        graph.add(Iri(f"{URI_BASE}{scheme.id}"), "skos:editorialNote", *said)
    for source in scheme.sources:
        _add_source(graph, source)
    if extended and maps:
        _add_correspondence(graph, Iri(mapping_set), scheme, hub, maps)
    _define_extensions(graph)
    return graph


def _local(code: str) -> str:
    return curie("", code)[1:]


def _item(code: str) -> Iri:
    return Iri(f"item:{_local(code)}")


def _hub_concept(m: Map) -> Iri:
    return Iri(f"hub:{_local(m.target)}")


def _source_name(id_: str) -> Iri:
    return Iri(f"this:source-{quote(id_, safe='')}")


def _tagged(text: Text) -> Iterator[Literal]:
    return (Literal(value, lang) for lang, value in text.items())


def _date(date: str | None) -> Literal | None:
    """Give a date, reduced as far as known."""
    return None if date is None else Literal(date, datatype=_DATE_TYPES[len(date)])


def _last(valid: Validity) -> str | None:
    """Give the last day in force: our validity ends before `end`, that of Dublin Core with it."""
    if valid.end is None:
        return None
    import datetime

    day = datetime.date.fromisoformat(first_day(valid.end)).toordinal()
    return datetime.date.fromordinal(max(1, day - 1)).isoformat()


def _period(valid: Validity) -> Literal | None:
    """Give a validity as a DCMI Period."""
    said = [("start", valid.start), ("end", _last(valid))]
    text = "; ".join(f"{name}={date}" for name, date in said if date)
    return Literal(f"{text}; scheme=W3C-DTF;", datatype="dct:Period") if text else None


def _kinds(kinds: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{lang}: {kind}" for lang, kind in sorted(kinds, reverse=True))


def _add_scheme(graph: Graph, scheme: Scheme) -> None:
    node = Iri(f"{URI_BASE}{scheme.id}")
    issuer = Iri(f"{URI_BASE}{scheme.issuer}")
    known = catalog_of(scheme).issuers.get(scheme.issuer)
    add = graph.add
    add(node, RDF_TYPE, Iri("skos:ConceptScheme"))
    add(node, "skos:prefLabel", *_tagged(scheme.title))
    add(node, "dct:title", *_tagged(scheme.title))
    add(node, "dct:identifier", scheme.id)
    add(node, "dct:isVersionOf", Iri(f"{URI_BASE}{scheme.series}"))
    add(node, "owl:versionInfo", scheme.version)
    add(node, "dcat:version", scheme.version)
    add(node, "dct:publisher", issuer)
    add(node, "dct:issued", _date(scheme.published))
    add(node, "dct:valid", _period(scheme.valid))
    if scheme.supersedes:
        add(node, "dct:replaces", Iri(f"{URI_BASE}{scheme.series}@{scheme.supersedes}"))
    add(node, "fi:confirmed", _date(scheme.confirmed))
    add(node, "fi:confidence", scheme.confidence)
    if scheme.formula is not None:
        add(node, "fi:formula", str(scheme.formula))
        for part in scheme.formula.parts:
            known_as = (("counts", part.counts), ("names", part.names))
            said = "".join(f" ({key} {value})" for key, value in known_as if value is not None)
            add(node, "fi:formulaPart", part.text + said)
    add(node, "fi:exclusive", scheme.exclusive or None)
    add(node, "fi:exhaustive", scheme.exhaustive or None)
    add(node, "fi:labelKind", *_kinds(scheme.label_kind.items()))
    add(node, "fi:limitation", *scheme.limitations)
    add(node, "fi:conflict", *scheme.conflicts)
    add(node, "skos:note", *scheme.notes)
    add(node, "dct:source", *(_source_name(source.id) for source in scheme.sources))
    add(node, "skos:hasTopConcept", *(_item(item.code) for item in scheme.roots))
    add(issuer, RDF_TYPE, Iri("foaf:Organization"))
    if known is not None:
        add(issuer, "foaf:name", *_tagged(known.name))


def _add_classification(graph: Graph, scheme: Scheme) -> None:
    """Add what XKOS says of a scheme: its levels, what it covers, the versions before it."""
    node, series = Iri(f"{URI_BASE}{scheme.id}"), Iri(f"{URI_BASE}{scheme.series}")
    add = graph.add
    add(node, "skos:notation", scheme.id)
    add(node, "schema:startDate", _date(scheme.valid.start))
    add(node, "schema:endDate", _date(_last(scheme.valid)))
    add(node, "xkos:belongsTo", series)
    add(series, RDF_TYPE, Iri("skos:Concept"))
    add(series, "skos:prefLabel", *_tagged(scheme.title))
    if scheme.supersedes:
        add(node, "xkos:supersedes", Iri(f"{series}@{scheme.supersedes}"))
    elif before := _version_before(scheme):
        add(node, "xkos:follows", Iri(f"{series}@{before}"))
    if scheme.exclusive or scheme.exhaustive:
        domain = Iri("this:domain")
        add(node, "xkos:coversExhaustively", domain if scheme.exhaustive else None)
        add(node, "xkos:coversMutuallyExclusively", domain if scheme.exclusive else None)
        add(domain, RDF_TYPE, Iri("skos:Concept"))
        add(domain, "skos:prefLabel", *_tagged(scheme.title))
    members: dict[int, list[Item]] = {}
    for item in scheme.values():
        members.setdefault(item.level, []).append(item)
    declared = {level.depth: level for level in scheme.levels}
    depths = range(1, max((*members, *declared), default=0) + 1)
    add(node, "xkos:numberOfLevels", _positive(len(depths)) if depths else None)
    names = tuple(Iri(f"this:level-{depth}") for depth in depths)
    add(node, "xkos:levels", names or None)
    for depth, name in zip(depths, names, strict=True):
        level, items = declared.get(depth), members.get(depth, [])
        add(name, RDF_TYPE, Iri("xkos:ClassificationLevel"))
        add(name, "xkos:depth", _positive(depth))
        if level is not None:
            kind = Iri(f"series:level-{quote(level.code, safe='')}")
            add(name, "skos:prefLabel", *_tagged(level.label))
            add(name, "dct:identifier", level.code)
            add(name, "xkos:organizedBy", kind)
            add(kind, RDF_TYPE, Iri("skos:Concept"))
            add(kind, "skos:prefLabel", *_tagged(level.label))
            add(name, "xkos:notationPattern", notation_pattern([item.code for item in items]))
            if level.count is not None:
                add(name, "fi:count", Literal(str(level.count), datatype="xsd:nonNegativeInteger"))
        add(name, "skos:member", *(_item(item.code) for item in items))


def _positive(number: int) -> Literal:
    return Literal(str(number), datatype="xsd:positiveInteger")


def _double(number: float | None) -> Literal | None:
    return None if number is None else Literal(f"{number:.15g}", datatype="xsd:double")


def _version_before(scheme: Scheme) -> str | None:
    """Give the version of the series before this one, where the dates of both are known."""
    if scheme.origin is None or not scheme.published:
        return None
    versions: tuple[str, ...] = scheme.origin.series(scheme.series).versions
    heads = [scheme.origin.head(f"{scheme.series}@{version}") for version in versions]
    days = {h.version: first_day(h.published) for h in heads if h.published}
    before = [v for v, day in days.items() if day < first_day(scheme.published)]
    return max(before, key=days.__getitem__, default=None)


def notation_pattern(codes: Iterable[str]) -> str | None:
    """Give a regular expression for the codes of a level, if all have one shape; else None."""
    shapes = {re.sub(r"[A-Z]", "A", re.sub(r"[0-9]", "0", code)) for code in codes}
    if len(shapes) != 1:
        return None
    [shape] = shapes
    classes = {"0": "[0-9]", "A": "[A-Z]"}
    pattern = ""
    for run in re.finditer(r"0+|A+|[^0A]", shape):
        times = f"{{{len(run[0])}}}" if len(run[0]) > 1 else ""
        pattern += (classes.get(run[0][0]) or re.escape(run[0])) + times
    return pattern


def _add_item(graph: Graph, scheme: Scheme, item: Item, below: Iterable[str]) -> None:
    node = _item(item.code)
    add = graph.add
    add(node, RDF_TYPE, Iri("skos:Concept"))
    add(node, "skos:inScheme", Iri(f"{URI_BASE}{scheme.id}"))
    add(node, "skos:notation", item.code)
    add(node, "skos:prefLabel", *_tagged(item.label))
    for lang, entries in item.also.items():
        # S13: no name is both prefLabel and altLabel, or both altLabel and hiddenLabel.
        label = item.label.get(lang)
        names = {str(entry) for entry in entries if entry.kind != "spelling"} - {label}
        for entry in entries:
            if entry in names:
                add(node, "skos:altLabel", Literal(str(entry), lang))
            elif entry != label:
                add(node, "skos:hiddenLabel", Literal(str(entry), lang))
    if item.parent_code is None:
        add(node, "skos:topConceptOf", Iri(f"{URI_BASE}{scheme.id}"))
    else:
        add(node, "skos:broader", _item(item.parent_code))
    add(node, "skos:broader", *map(_item, item.broader))
    add(node, "skos:narrower", *(_item(child.code) for child in item.children), *map(_item, below))
    add(node, "skos:scopeNote", *_tagged(item.note))
    add(node, "fi:slot", item.slot)
    for name in ("open", "incomplete", "exclusive", "exhaustive"):
        if getattr(item, name):
            add(node, f"fi:{name}", True)
            add(node, "skos:scopeNote", *_tagged(OPENNESS.get(name, Text())))
    add(node, "fi:labelKind", *_kinds(item.label_kind.items()))
    add(node, "dct:source", *map(_source_name, item.sources))
    add(node, "dct:valid", _period(item.valid))
    add(node, "dct:isVersionOf", Iri(f"series:{_local(item.code)}"))
    add(node, "dct:isReplacedBy", *(Iri(f"series:{_local(code)}") for code in item.successors))


def _add_source(graph: Graph, source: Source) -> None:
    node = _source_name(source.id)
    add = graph.add
    add(node, RDF_TYPE, Iri("dct:BibliographicResource"))
    add(node, "dct:title", source.title)
    add(node, "dc:publisher", source.publisher)
    add(node, "dct:issued", _date(source.date))
    add(node, "dc:type", source.kind)
    add(node, "dct:identifier", source.document)
    if is_web(source.url):
        add(node, "foaf:page", Iri(source.url))
    else:
        add(node, "dct:identifier", source.url)
    add(node, "dct:description", source.note)


def _maps(scheme: Scheme) -> list[Map]:
    """Give the maps to the hub in the order of the items; none for the hub itself."""
    if scheme.series == HUB:
        return []
    order = {code: n for n, code in enumerate(scheme)}
    return sorted(hub_maps(scheme), key=lambda m: (order[m.source], m.relation.mask, m.target))


def _add_correspondence(
    graph: Graph, table: Iri, scheme: Scheme, hub: Scheme, maps: list[Map]
) -> None:
    """Add the maps as concept associations, with what the mapping properties cannot say."""
    names = [Iri(f"map:{_local(m.source)}--{_local(m.target)}") for m in maps]
    add = graph.add
    add(table, RDF_TYPE, Iri("xkos:Correspondence"))
    title = f"{scheme.title.show('en')} – {hub.title.show('en')}"
    add(table, "skos:prefLabel", Literal(title, "en"))
    add(table, "xkos:compares", Iri(f"{URI_BASE}{scheme.id}"), Iri(f"{URI_BASE}{hub.id}"))
    add(table, "xkos:madeOf", *names)
    for name, m in zip(names, maps, strict=True):
        predicate, exact = m.relation.predicate()
        add(name, RDF_TYPE, Iri("xkos:ConceptAssociation"))
        add(name, "xkos:sourceConcept", _item(m.source))
        add(name, "xkos:targetConcept", _hub_concept(m))
        add(name, "sssom:predicate_id", Iri(predicate))
        add(name, "sssom:mapping_justification", Iri(m.justification) if m.justification else None)
        add(name, "sssom:confidence", _double(m.confidence))
        add(name, f"fi:{RELATION_SLOT.removeprefix('ext_')}", None if exact else str(m.relation))
        add(name, f"fi:{WEIGHT_SLOT.removeprefix('ext_')}", _double(m.weight))
        add(name, "rdfs:comment", m.comment)


def _define_extensions(graph: Graph) -> None:
    """Define the terms under `ext/` that the graph uses."""
    used = {predicate for node in graph.nodes.values() for predicate in node}
    for name, (range_, above, label, zh, en) in _EXTENSIONS.items():
        if f"fi:{name}" in used:
            node = Iri(f"fi:{name}")
            graph.add(node, RDF_TYPE, Iri("rdf:Property"))
            words = re.sub(r"([A-Z])", r" \1", name).lower()
            graph.add(node, "rdfs:label", Literal(label, "zh"), Literal(words, "en"))
            graph.add(node, "rdfs:comment", Literal(zh, "zh"), Literal(en, "en"))
            graph.add(node, "rdfs:range", Iri(range_) if range_ else None)
            graph.add(node, "rdfs:subPropertyOf", Iri(above) if above else None)
