"""SSSOM/TSV by the standard: what others write is read, what we write is what they expect."""

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
    from futureindustry.files import read_maps

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
