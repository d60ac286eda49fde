"""The shipped data tests itself: every name finds its own item, and no other."""

import csv
from functools import cache
from pathlib import Path

import pytest

import futureindustry as fi
from futureindustry.mapping import hub_maps
from futureindustry.model import Item, Scheme, Text, first_day
from futureindustry.store import HUB
from futureindustry.text import fold

STORE = fi.catalog()
ALL = [f"{series.id}@{version}" for series in STORE for version in series.versions]
# Large classifications repeat names from level to level: they have tests of their own elsewhere.
LISTS = [id_ for id_ in ALL if not STORE.load(id_).levels]


def cases(name):
    """Read a table of cases; lines that start with # explain it."""
    text = (Path(__file__).parent / "cases" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


LOOKALIKES = cases("lookalikes.csv")
CHANGES = cases("changes.csv")
MAPS = cases("maps.csv")
RELATIONS = {
    "equals": "EQ",
    "part of": "PP",
    "contains": "PPi",
    "overlaps": "PO",
    "equals or contains": "EQ|PPi",
    "contains or overlaps": "PPi|PO",
    "something in common": "EQ|PP|PPi|PO",
    "in common, not the same": "PP|PPi|PO",
}


@cache
def names_of(id_):
    """Give the codes of the items that carry each name, by folded name."""
    found = {}
    for item in STORE.load(id_).values():
        for name in item.names:
            found.setdefault(fold(name), {}).setdefault(item.code)
    return found


def test_there_is_something_to_test():
    assert HUB in {series.id for series in STORE}
    assert len(LISTS) > 50
    assert len(ALL) > len(LISTS)


@pytest.mark.parametrize("id_", LISTS)
def test_every_name_finds_the_item_that_carries_it_and_no_other(id_):
    scheme = STORE.load(id_)
    carriers = names_of(id_)
    for item in scheme.values():
        for name in item.names:
            found, codes = scheme.resolve(str(name)), carriers[fold(name)]
            if len(codes) == 1:
                assert (found.code, found.relation) == (item.code, "equals"), name
                assert found.outcome == ("open" if item.in_open_tier else "resolved"), name
            else:
                assert found.outcome == "ambiguous", name
                assert [c.item.code for c in found.candidates] == list(codes), name


def test_every_name_of_the_hub_leads_to_one_concept(hub):
    assert {name: list(codes) for name, codes in names_of(HUB).items() if len(codes) > 1} == {}
    for concept in hub.values():
        for name in concept.names:
            assert hub.resolve(str(name)).code == concept.code, name


@pytest.mark.parametrize("id_", ALL)
def test_every_item_has_names_and_a_source(id_):
    scheme = STORE.load(id_)
    in_chinese = any("zh" in item.label for item in scheme.values())
    in_table = scheme.items_[0].place.file.endswith(".csv")
    for item in scheme.values():
        assert set(item.label) >= ({"zh", "en"} if in_chinese else {"en"}), item.id
        # Items of a table have the sources of its header.
        assert item.sources or (in_table and scheme.sources), item.id
        assert {source for source in item.sources if scheme.source(source) is None} == set()


@pytest.mark.parametrize("id_", [id_ for id_ in LISTS if not id_.startswith(HUB)])
def test_every_item_has_a_map_to_the_hub_that_somebody_made(id_, hub):
    scheme = STORE.load(id_)
    maps = [m for m in hub_maps(scheme) if m.place is not None]
    assert {m.source for m in maps} == set(scheme)
    assert {m.target for m in maps} <= set(hub)
    assert all(m.justification for m in maps)


@pytest.mark.parametrize("id_", [id_ for id_ in ALL if STORE.load(id_).formula])
def test_a_formula_is_what_its_items_are(id_):
    scheme = STORE.load(id_)
    assert [str(mismatch) for mismatch in scheme.formula.check(scheme)] == []


@pytest.mark.parametrize("series", [s.id for s in STORE if len(s.versions) > 1])
def test_versions_of_a_series_follow_each_other(series):
    versions = [STORE.load(f"{series}@{v}") for v in STORE.series(series).versions]
    dated = [scheme for scheme in versions if scheme.valid.start]
    for n, scheme in enumerate(dated):
        assert not any(scheme.valid.overlaps(other.valid) for other in dated[:n]), scheme.id
    starts = [first_day(scheme.valid.start) for scheme in dated]
    assert starts == sorted(starts)
    assert all(
        s.supersedes is None or s.supersedes in STORE.series(series).versions for s in versions
    )


@pytest.mark.parametrize(("old", "new"), sorted({(case["old"], case["new"]) for case in CHANGES}))
def test_versions_differ_as_a_reader_of_both_documents_says(old, new):
    """Whatever the table of cases does not name goes on as it was."""
    a, b = STORE.load(old), STORE.load(new)
    expected = [
        (case["change"], case["from"], case["to"])
        for case in CHANGES
        if (case["old"], case["new"]) == (old, new)
    ]
    found = [
        (
            change.change,
            "; ".join(a[code].label["zh"] for code in change.old),
            "; ".join(b[code].label["zh"] for code in change.new),
        )
        for change in fi.diff(a, b)
        if change.change != "unchanged"
    ]
    assert sorted(found) == sorted(expected)


def _item(scheme, label):
    """Give the item of a case: by code, by code and label, or by a label that is there once."""
    code = label.partition(" ")[0]
    if code in scheme:
        assert label in (code, f"{code} {scheme[code].label['zh']}")
        return scheme[code]
    (found,) = (item for item in scheme.values() if item.label["zh"] == label)
    return found


@pytest.mark.parametrize(
    "case",
    MAPS,
    ids=lambda c: f"{c['source_scheme']}:{c['source']}-{c['target_scheme']}:{c['target']}",
)
def test_two_items_relate_as_an_expert_reads_them(case):
    a, b = STORE.load(case["source_scheme"]), STORE.load(case["target_scheme"])
    x, y = _item(a, case["source"]), _item(b, case["target"])
    found = fi.relation_between(x.id, y.id)
    if case["relation"] == "nothing follows":
        assert "DR" in str(found.relation).split("|"), found.explain("en")
    else:
        assert str(found.relation) == RELATIONS[case["relation"]], found.explain("en")
        # Every relation can be explained, each premise by where it is from.
        assert found.derivation
        assert all(premise.place or premise.reason != "map" for premise in found.derivation)


@pytest.mark.parametrize(
    ("source", "target"),
    sorted({(case["source_scheme"], case["target_scheme"]) for case in MAPS}),
)
def test_what_does_not_follow_is_never_shown_as_a_map(source, target):
    a, b = STORE.load(source), STORE.load(target)
    shown = {(m.source, m.target) for m in fi.correspondence(a, b).maps}
    silent = {
        (_item(a, case["source"]).code, _item(b, case["target"]).code)
        for case in MAPS
        if (case["source_scheme"], case["target_scheme"]) == (source, target)
        and case["relation"] == "nothing follows"
    }
    assert not shown & silent


def test_there_are_enough_expected_maps_with_reasons():
    assert len(MAPS) >= 100
    assert all(case["why"] for case in MAPS)
    silent = [case for case in MAPS if case["relation"] == "nothing follows"]
    assert len(silent) >= 15


def test_the_changes_of_ten_series_are_told():
    pairs = {(case["old"], case["new"]) for case in CHANGES}
    assert len({old.partition("@")[0] for old, _ in pairs}) >= 10
    assert all(case["why"] for case in CHANGES)


def test_every_issuer_has_names_and_no_name_leads_to_two():
    issuers = STORE.issuers
    leads = {}
    for issuer in issuers.values():
        assert set(issuer.name) == {"zh", "en"}, issuer.id
        for name in issuer.names:
            leads.setdefault(fold(name), set()).add(issuer.id)
            assert issuers.named(name) is issuer
    assert {name: ids for name, ids in leads.items() if len(ids) > 1} == {}
    assert {STORE.load(id_).issuer for id_ in ALL} <= set(issuers)
    for issuer in issuers.values():
        if issuer.main:
            assert STORE.principal(issuer.id) == f"{issuer.id}/{issuer.main}"


def test_no_pair_of_look_alikes_is_listed_twice():
    pairs = [(case["name"], case["unlike"]) for case in LOOKALIKES]
    assert len(set(pairs)) == len(pairs) >= 40
    assert all(case["name"] != case["unlike"] and case["why"] for case in LOOKALIKES)


@pytest.mark.parametrize("case", LOOKALIKES, ids=lambda c: f"{c['name']}-{c['unlike']}")
def test_what_looks_alike_is_not_the_same(case):
    """In a scheme that has nothing but the second, and in every shipped one without the first."""
    name, unlike = case["name"], case["unlike"]
    alone = Scheme("p/s", "1", Text(zh="p"), "p", items_=(Item("it", Text(zh=unlike)),))
    assert alone.resolve(unlike).relation == "equals"
    assert alone.resolve(name).relation != "equals"
    for id_ in LISTS:
        scheme = STORE.load(id_)
        carriers = names_of(id_)
        if fold(unlike) in carriers and fold(name) not in carriers:
            found = scheme.resolve(name)
            wrong = found.relation == "equals" and found.code in carriers[fold(unlike)]
            assert not wrong, f"{id_}: {found.explain('en')}"
