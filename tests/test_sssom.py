"""SSSOM/TSV by the standard: what others write is read, what we write is what they expect."""

import warnings
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import futureindustry as fi
import strategies as fi_st
from futureindustry.errors import InvalidFile
from futureindustry.mapping import Correspondence, correspondence, read_sssom, resolutions_to_sssom
from futureindustry.model import Map
from futureindustry.relation import Relation

SAMPLES = Path(__file__).parent / "sssom"
CURATED = "semapv:ManualMappingCuration"


def sample(name):
    return read_sssom(SAMPLES / f"{name}.sssom.tsv")


def said(c):
    return [(m.source, str(m.relation), m.target) for m in c.maps]


def test_foreign_prefixes_name_the_two_sides_and_codes_stay_as_they_are():
    found = sample("foreign-prefixes")
    assert (found.source, found.target) == ("FRUIT", "FOOD")
    assert said(found) == [("0001", "EQ", "a/1"), ("0002", "PP", "b%20c")]
    assert [m.confidence for m in found.maps] == [0.95, 0.5]


def test_not_is_the_complement():
    assert said(sample("not")) == [
        ("1", "PP|PPi|PO|DR", "1"), ("1", "DR", "2"), ("2", "EQ|PP|PPi|PO", "2"),
    ]  # fmt: skip


def test_a_term_that_was_not_found_is_no_map():
    found = sample("no-term-found")
    assert said(found) == [("1", "EQ", "1")]
    assert found.absent == (("2",), ("3",))
    assert found.invert().absent == (("3",), ("2",))


def test_the_type_of_the_header_holds_for_all_rows():
    found = sample("literal-subjects-by-header")
    assert (found.source, found.target) == ("https://example.org/fruit/labels", "FOOD")
    assert found.literals == ({"Golden Delicious", "苹果"}, frozenset())
    assert [m.relation for m in found.translate("苹果")] == [Relation.EQ]


def test_literals_and_items_may_stand_side_by_side():
    found = sample("literal-subjects-by-row")
    assert said(found) == [("apple pie", str(Relation.ANY), "1"), ("1", "EQ", "1")]
    assert found.literals[0] == {"apple pie"}
    assert found.source == "FRUIT"


def test_with_several_prefixes_on_a_side_codes_are_whole_curies():
    found = sample("several-prefixes")
    assert (found.source, found.target) == ("FRUIT|NUT", "FOOD")
    assert said(found) == [("FRUIT:1", "EQ", "1"), ("NUT:1", "EQ", "2")]


def test_extension_slots_are_known_by_their_property():
    """A weight under another name is one; another relation under our name is none."""
    found = sample("extensions")
    assert [m.weight for m in found.maps] == [0.25, 0.75]
    assert {m.relation for m in found.maps} == {Relation.PPi}
    assert found.notes == ('the column "undeclared" is not kept',)


def test_a_predicate_of_another_kind_claims_nothing_and_is_noted():
    found = sample("other-predicates")
    assert said(found) == [("1", str(Relation.ANY), "1"), ("2", "EQ", "2")]
    assert found.notes == ("oio:hasDbXref (1 rows) is read as: nothing follows",)


def test_commas_may_stand_for_tabs():
    assert said(read_sssom(SAMPLES / "commas.sssom.csv")) == [("1", "PP", "1")]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.tsv")), ids=lambda path: path.name)
def test_what_was_read_can_be_written_and_read_again(path, tmp_path):
    found = read_sssom(path)
    out = tmp_path / "again.sssom.tsv"
    found.to_sssom(out)
    again = read_sssom(out)
    assert (again.maps, again.absent, again.literals) == (
        found.maps,
        found.absent,
        found.literals,
    )
    if found.source.count("/") == 0:
        assert (again.source, again.target) == (found.source, found.target)


HEAD = "#curie_map:\n#  a: https://example.org/a/\n"
COLUMNS = (
    "subject_id\tsubject_label\tsubject_type\tpredicate_id\tobject_id\tmapping_justification\n"
)


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        ("b:1\t\t\tskos:exactMatch\ta:2\tsemapv:X", 4, 'the prefix "b" is not in curie_map'),
        ("a:1\t\t\tskos:exactMatch\tc:2\tsemapv:X", 4, 'the prefix "c" is not in curie_map'),
        ("a:1\t\t\tdc:x\ta:2\tsemapv:X", 4, 'the prefix "dc" is not in curie_map'),
        ("a:1\t\t\texact\ta:2\tsemapv:X", 4, 'no mapping predicate "exact"'),
        ("one\t\t\tskos:exactMatch\ta:2\tsemapv:X", 4, '"one" is no CURIE'),
        ("\t\trdfs literal\tskos:exactMatch\ta:2\tsemapv:X", 4, 'type "rdfs literal" needs its text'),
    ],
)  # fmt: skip
def test_a_defect_is_refused_with_its_line(row, place, message, tmp_path):
    path = tmp_path / "broken.sssom.tsv"
    path.write_text(f"{HEAD}{COLUMNS}{row}\n", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        read_sssom(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:{place}: {message}")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("sssom") / "maps.sssom.tsv"


@given(
    maps=st.lists(fi_st.maps(), max_size=5),
    absent=st.tuples(*[st.lists(fi_st.codes(), max_size=2).map(tuple)] * 2),
    ends=st.sampled_from([("a/a", "b/b@1"), ("nbs/gbt-4754@2017", "a/a@2024-05")]),
)
def test_what_is_written_is_read_back_equal(maps, absent, ends, scratch):
    given_ = Correspondence(*ends, tuple(maps), absent=absent)
    given_.to_sssom(scratch)
    assert read_sssom(scratch) == given_


@given(
    maps=st.lists(fi_st.maps(), min_size=1, max_size=4),
    more=st.lists(fi_st.lines(), max_size=2),
)
def test_literals_are_written_and_read_back_equal(maps, more, scratch):
    texts = frozenset({*(m.source for m in maps), *more})
    absent = tuple(dict.fromkeys(more))
    given_ = Correspondence(
        "literal", "b/b@1", tuple(maps), absent=(absent, ()), literals=(texts, frozenset())
    )
    given_.to_sssom(scratch)
    assert read_sssom(scratch) == given_


def test_shipped_mappings_are_read_as_the_catalogue_reads_them():
    from futureindustry.sssom import read_maps

    for path in sorted((fi.catalog().folders[0] / "mappings").glob("n*.sssom.tsv")):
        ours, any_ = read_maps(path), read_sssom(path)
        assert (ours.source, ours.target, ours.maps) == (any_.source, any_.target, any_.maps)


def test_resolutions_are_written_with_literal_subjects(hefei, tmp_path):
    labels = ["可控核聚变", "量子计算", "新型显示", "没有的名称", "量子信息与元宇宙", "可控核聚变"]
    text = resolutions_to_sssom(
        [hefei.resolve(label) for label in labels], tmp_path / "r.sssom.tsv"
    )
    found = read_sssom(tmp_path / "r.sssom.tsv")
    assert "\trdfs literal" in text
    assert (found.source, found.target) == ("literal", hefei.id)
    assert said(found) == [
        ("可控核聚变", "EQ", "fusion-energy"),
        ("量子计算", "PP", "quantum-information"),
        ("量子信息", "EQ", "quantum-information"),
        ("元宇宙", "EQ", "metaverse"),
    ]
    assert found.absent == (("新型显示", "没有的名称"), ())
    assert found.maps[1].justification == "semapv:MappingChaining"


def test_labels_of_several_schemes_make_no_one_file(hefei, shenzhen_2024):
    with pytest.raises(ValueError, match="there are 2"):
        resolutions_to_sssom([s.resolve("量子信息") for s in (hefei, shenzhen_2024)])
    with pytest.raises(ValueError, match="no labels"):
        resolutions_to_sssom([])


def test_a_derived_correspondence_comes_back_without_its_derivation(hefei, shenzhen_2024, tmp_path):
    found = correspondence(hefei, shenzhen_2024)
    found.to_sssom(tmp_path / "m.sssom.tsv")
    again = read_sssom(tmp_path / "m.sssom.tsv")
    assert again.maps == tuple(attrs.evolve(m, derivation=()) for m in found.maps)


def test_weights_and_weakened_relations_survive(tmp_path):
    c = Correspondence(
        "a/a", "b/b", (Map("x", "y", Relation.PO, weight=0.5, justification="semapv:T"),)
    )
    c.to_sssom(tmp_path / "m.sssom.tsv")
    assert read_sssom(tmp_path / "m.sssom.tsv") == c


def test_the_command_line_writes_resolutions_as_sssom(tmp_path):
    from click.testing import CliRunner

    from futureindustry.cli import program

    labels = ["resolve", "hefei-htz/future-industries", "量子计算", "--format", "sssom"]
    done = CliRunner().invoke(program, labels)
    assert done.exit_code == 0, done.output
    path = tmp_path / "r.sssom.tsv"
    path.write_text(done.stdout, encoding="utf-8")
    assert said(read_sssom(path)) == [("量子计算", "PP", "quantum-information")]


# Metadata


def test_metadata_may_stand_in_a_file_of_its_own(tmp_path):
    found = sample("apart")
    assert found.metadata["mapping_set_version"] == "7"
    assert said(found) == [("1", "EQ", "1"), ("2", "EQ|PP", "2")]
    table, header = (SAMPLES / f"apart.sssom.{ending}" for ending in ("tsv", "yml"))
    (tmp_path / "x.tsv").write_bytes(table.read_bytes())
    with pytest.raises(InvalidFile, match=r"x\.sssom\.yml"):
        read_sssom(tmp_path / "x.tsv")
    assert read_sssom(tmp_path / "x.tsv", header).maps == found.maps
    (tmp_path / "x.sssom.yml").write_bytes(header.read_bytes())
    assert read_sssom(tmp_path / "x.tsv").metadata == found.metadata
    with pytest.raises(InvalidFile, match="the metadata is here and in"):
        read_sssom(SAMPLES / "not.sssom.tsv", header)


def test_a_defect_in_a_metadata_file_is_shown_there(tmp_path):
    (tmp_path / "x.sssom.tsv").write_bytes((SAMPLES / "apart.sssom.tsv").read_bytes())
    path = tmp_path / "x.sssom.yml"
    path.write_text("curie_map:\n  FRUIT: a\n  FRUIT: b\n", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        read_sssom(tmp_path / "x.sssom.tsv")
    assert str(caught.value.problems[0]).startswith(f"{path}:3:")


def test_further_slots_are_kept_with_the_map():
    first, second = sample("apart").maps
    assert first.metadata["author_id"].split("|") == [
        "orcid:0000-0000-0000-0001",
        "orcid:0000-0000-0000-0002",
    ]
    assert first.metadata["other"] == "seen"
    assert first.metadata["mapping_date"] == "2024-05-01"
    assert "mapping_date" not in second.metadata, (
        "a row has one, so that of the header is the set's"
    )
    assert {m.metadata["mapping_tool"] for m in (first, second)} == {"a ruler"}
    assert "mapping_tool" not in sample("apart").metadata


def test_what_all_maps_say_alike_goes_into_the_header_and_comes_back(tmp_path):
    found = sample("apart")
    text = found.to_sssom(tmp_path / "m.sssom.tsv")
    head = text.partition("\nsubject_id")[0]
    assert "#mapping_tool: a ruler" in head
    assert text.count("a ruler") == 1
    again = read_sssom(tmp_path / "m.sssom.tsv")
    assert again.maps == found.maps
    assert again.labels == found.labels
    assert again.metadata == {**found.metadata, "mapping_set_title": "FRUIT to FOOD"}
    assert again.to_sssom() == text
    one = attrs.evolve(found.maps[1], metadata={**found.maps[1].metadata, "mapping_tool": "eyes"})
    other = attrs.evolve(found, maps=(found.maps[0], one)).to_sssom()
    assert "#mapping_tool" not in other
    assert "\teyes" in other


def test_a_predicate_is_written_as_it_was_read_while_the_relation_is_the_same():
    found = sample("other-predicates")
    assert "oio:hasDbXref" in found.to_sssom()
    assert "owl:equivalentClass" in found.to_sssom()
    changed = attrs.evolve(found.maps[0], relation=Relation.PP)
    assert "oio:hasDbXref" not in attrs.evolve(found, maps=(changed,)).to_sssom()
    back = found.invert().to_sssom()
    assert "oio:hasDbXref" not in back, "nobody said that it holds the other way round"


def test_the_slots_of_the_two_sides_change_places_with_them():
    turned = sample("apart").invert()
    assert turned.maps[0].metadata["object_type"] == "owl class"
    assert turned.labels == ({"1": "apple, raw"}, {"1": "apple", "2": "pear"})
    assert {m.justification for m in turned.maps} == {"semapv:MappingInversion"}
    assert turned.invert().maps == sample("apart").maps


def test_slots_of_others_are_kept_under_their_definition(tmp_path):
    found = sample("extensions")
    assert [m.metadata["ext_mood"] for m in found.maps] == ["good", "bad"]
    assert [m.metadata["ext_relation"] for m in found.maps] == ["friend", "foe"]
    partly = attrs.evolve(found.maps[0], relation=Relation.PO)
    text = attrs.evolve(found, maps=(partly,)).to_sssom(tmp_path / "m.sssom.tsv")
    assert "ext_relation_here" in text, "their slot has our name"
    again = read_sssom(tmp_path / "m.sssom.tsv")
    assert again.maps == (partly,)


def test_the_header_says_what_was_weakened():
    maps = (
        Map("x", "y", Relation.PO), Map("x", "z", Relation.DR), Map("w", "z", Relation.DR),
        Map("x", "v", Relation.EQ),
    )  # fmt: skip
    text = Correspondence("a/a", "b/b", maps).to_sssom()
    said = "DR as skos:relatedMatch (2), PO as skos:closeMatch (1)"
    assert f'#comment: "Weaker here than in ext_relation: {said}"' in text
    assert "Weaker" not in Correspondence("a/a", "b/b", maps[3:]).to_sssom()


def test_no_licence_is_claimed_for_the_maps_of_others(hefei, shenzhen_2024):
    licence = "#license: https://w3id.org/sssom/license/unspecified"
    assert licence in Correspondence("a/a", "b/b", ()).to_sssom()
    assert licence in resolutions_to_sssom([hefei.resolve("量子计算")])
    assert licence not in correspondence(hefei, shenzhen_2024).to_sssom()
    assert "publicdomain" in sample("apart").to_sssom()


# The reference implementation


@pytest.fixture(scope="module")
def reference():
    """sssom-py: parse a file as its command line does, validate it, write it again."""
    pytest.importorskip("sssom", reason="sssom-py is in the dependency group conformance")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sssom.constants import DEFAULT_VALIDATION_TYPES
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate
        from sssom.writers import write_table

    def run(path, out):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parse_sssom_table(str(path))
            reports = validate(parsed, DEFAULT_VALIDATION_TYPES, fail_on_error=False)
            with out.open("w", encoding="utf-8") as stream:
                write_table(parsed, stream)
        problems = [result.message for report in reports.values() for result in report.results]
        return problems, len(parsed.df)

    return run


def passes(reference, path, tmp_path):
    """Check that sssom-py accepts a file, and that what it writes is to us what we wrote."""
    ours = read_sssom(path)
    problems, rows = reference(path, tmp_path / "out.sssom.tsv")
    assert problems == []
    assert rows == len(ours.maps) + sum(map(len, ours.absent))
    theirs = read_sssom(tmp_path / "out.sssom.tsv")
    assert [set(side) for side in theirs.absent] == [set(side) for side in ours.absent]
    assert theirs.literals == ours.literals
    known = {(m.source, m.target): m for m in ours.maps}
    for m in theirs.maps:
        own = known.pop((m.source, m.target))
        # Extension slots are not written by sssom-py: the weaker predicate is what is left.
        assert own.relation <= m.relation
        assert own.relation is m.relation or not own.relation.predicate()[1]
        assert (own.confidence, own.justification, own.comment) == (
            m.confidence,
            m.justification,
            m.comment,
        )
    assert not known


def test_the_reference_finds_a_fault_where_there_is_one(reference, tmp_path):
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(
        "#curie_map:\n#  a: https://example.org/a/\n#mapping_set_id: https://example.org/s\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
        "a:1\tskos:exactMatch\ta:2\tsemapv:ManualMappingCuration\t7\n",
        encoding="utf-8",
    )
    problems, _ = reference(path, tmp_path / "out.sssom.tsv")
    assert problems


@pytest.mark.parametrize("ends", [
    ("hefei-htz/future-industries", "shenzhen/20-plus-8"),
    ("miit/future-industries", "nbs/strategic-emerging-industries@2018"),
    ("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03"),
    ("nbs/gbt-4754@2017-amd1", "nbs/high-technology-services@2018"),
])  # fmt: skip
def test_correspondences_pass_the_reference(ends, reference, tmp_path):
    correspondence(*ends).to_sssom(tmp_path / "m.sssom.tsv")
    passes(reference, tmp_path / "m.sssom.tsv", tmp_path)


def test_weakened_relations_weights_and_absent_terms_pass_the_reference(reference, tmp_path):
    maps = [
        Map(f"x{mask}", "量子 #1", Relation(mask), 0.5, CURATED, 'a "b"\tc', mask / 32)
        for mask in range(1, 32)
    ]
    given_ = Correspondence("a/a", "b/b@1", tuple(maps), absent=(("k",), ("m", "n")))
    given_.to_sssom(tmp_path / "m.sssom.tsv")
    passes(reference, tmp_path / "m.sssom.tsv", tmp_path)


def test_literals_pass_the_reference(hefei, reference, tmp_path):
    labels = ["可控核聚变", "量子计算", "新型显示", "没有的名称", "元宇宙"]
    resolutions_to_sssom(hefei.resolve_many(labels), tmp_path / "m.sssom.tsv")
    passes(reference, tmp_path / "m.sssom.tsv", tmp_path)


@pytest.mark.parametrize("name", ["foreign-prefixes", "not", "extensions", "other-predicates"])
def test_what_others_wrote_passes_the_reference_when_written_again(name, reference, tmp_path):
    sample(name).to_sssom(tmp_path / "m.sssom.tsv")
    passes(reference, tmp_path / "m.sssom.tsv", tmp_path)


SHIPPED = sorted((fi.catalog().folders[0] / "mappings").glob("*.sssom.tsv"))


def _shapes():
    """Give one shipped file for each set of columns and header slots."""
    found = {}
    for path in SHIPPED:
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line.partition(":")[0] for line in lines if line.startswith("#") and line[1] != " "]
        columns = next(line for line in lines if not line.startswith("#"))
        found.setdefault((*head, columns), path)
    return list(found.values())


@pytest.mark.parametrize("path", _shapes(), ids=lambda path: path.name)
def test_shipped_mappings_pass_the_reference(path, reference, tmp_path):
    passes(reference, path, tmp_path)
