import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from futureindustry import files, store
from futureindustry.errors import (
    FutureIndustryError,
    InvalidDate,
    InvalidFile,
    InvalidId,
    UnknownIssuer,
    UnknownScheme,
    UnreadableData,
)
from futureindustry.model import Issuer, Text
from futureindustry.store import Catalog, IssuerTable, as_scheme, catalog, load, read_scheme

TAXONOMY = Path(__file__).parent.parent / "taxonomy"


def scheme_text(series, version, *, published=None, valid=None, code="quantum"):
    lines = [f"series: {series}", f'version: "{version}"', "title: {zh: 未来产业, en: Future}"]
    lines += [f"issuer: {series.partition('/')[0]}"]
    lines += [f'published: "{published}"'] if published else []
    lines += [f"valid: {valid}"] if valid else []
    return "\n".join([*lines, "items:", f"  - code: {code}", "    label: {zh: 量子信息}", ""])


@pytest.fixture
def own(tmp_path):
    """A catalogue of somebody's own, with three versions of one series."""
    folder = tmp_path / "own"
    series = folder / "some-park" / "future-industries"
    series.mkdir(parents=True)
    for version, more in {
        "2020": {"valid": '{from: "2020", to: "2022"}'},
        "2024-05": {"published": "2024-05"},
        "undated": {},
    }.items():
        text = scheme_text("some-park/future-industries", version, **more)
        (series / f"{version}.yaml").write_text(text, encoding="utf-8")
    (folder / "issuers.yaml").write_text(
        "- {id: some-park, name: {zh: 某园区}, also: {zh: [园区]}, kind: park}\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def mine(own):
    return Catalog(own)


# The listing


def test_the_listing_reads_no_file(monkeypatch, own):
    def refuse(*arguments, **_):
        raise AssertionError(f"opened {arguments}")

    monkeypatch.setattr(builtins, "open", refuse)
    for name in ("read_scheme_file", "read_scheme_head", "read_maps", "read_issuers"):
        monkeypatch.setattr(store, name, refuse)
    monkeypatch.setattr(Catalog, "_add_plugins", lambda _: None)
    found = Catalog(own)
    assert len(found) > 70
    assert found.series("shenzhen/20-plus-8").versions == ("2022-06", "2024-03")
    assert repr(found) == f"<Catalog of {len(found)} series>"


def test_series_come_in_the_order_of_their_ids():
    ids = [series.id for series in catalog()]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids)) == len(catalog())
    assert all(series.issuer == series.id.partition("/")[0] for series in catalog())


def test_the_listing_has_every_file_of_the_taxonomy():
    listed = {f"{series.id}/{v}.yaml" for series in catalog() for v in series.versions}
    assert listed == {p.relative_to(TAXONOMY).as_posix() for p in TAXONOMY.glob("*/*/*.yaml")}


@pytest.mark.parametrize(
    "names",
    [
        ["undated-1", "2019", "2024-03", "2024-05", "2024-05-20", "2024-10"],
        ["2017", "2017-amd1", "2022"],
        ["rev1", "rev2", "rev3-1", "rev4", "rev10"],
        ["13th-2016", "2018", "14th-2021", "15th-2026"],
    ],
)
def test_versions_are_listed_oldest_first(names):
    assert sorted(set(names), key=store._age) == names


def test_hidden_files_and_other_names_are_no_schemes(own):
    series = own / "some-park" / "future-industries"
    for name in (".2025.yaml", "Notes.yaml", "2025.yaml.bak", "2025.csv", "2025 copy.yaml"):
        (series / name).write_text("")
    (own / ".git" / "hooks").mkdir(parents=True)
    (own / ".git" / "hooks" / "2025.yaml").write_text("")
    (own / "Some Park" / "x").mkdir(parents=True)
    (own / "Some Park" / "x" / "2025.yaml").write_text("")
    (own / "mappings").write_text("a file")
    found = Catalog(own)
    assert found.series("some-park/future-industries").versions == ("undated", "2020", "2024-05")
    assert len(found) == len(Catalog()) + 1


# Loading


def test_the_newest_version_is_loaded():
    assert load("shenzhen/20-plus-8").id == "shenzhen/20-plus-8@2024-03"
    assert load("shenzhen/20-plus-8@2022-06").version == "2022-06"


@pytest.mark.parametrize(
    ("as_of", "version"),
    [
        ("2022-06", "2022-06"),
        ("2022", "2022-06"),
        ("2023-01-01", "2022-06"),
        ("2024-02-29", "2022-06"),
        ("2024-03", "2024-03"),
        ("2024-06-30", "2024-03"),
        ("2099", "2024-03"),
    ],
)
def test_the_version_in_force_on_a_date_is_loaded(as_of, version):
    assert load("shenzhen/20-plus-8", as_of=as_of).version == version


def test_before_the_first_version_there_is_none():
    with pytest.raises(UnknownScheme) as caught:
        load("shenzhen/20-plus-8", as_of="2019-01-01")
    assert str(caught.value) == (
        "shenzhen/20-plus-8 has no version valid on 2019-01-01; the first is 2022-06"
    )


def test_between_two_versions_there_may_be_none(own):
    (own / "some-park" / "future-industries" / "undated.yaml").unlink()
    with pytest.raises(UnknownScheme) as caught:
        Catalog(own).load("some-park/future-industries", as_of="2023")
    assert str(caught.value) == (
        "some-park/future-industries has no version valid on 2023; "
        "2020 was the last before and ended on 2022"
    )


def test_the_date_of_publication_stands_in_for_the_validity(mine):
    series = "some-park/future-industries"
    assert mine.load(series).version == "2024-05"
    assert mine.load(series, as_of="2024-05").version == "2024-05"
    assert mine.load(series, as_of="2021").version == "2020"
    # An undated version is older than all, and its end is not known.
    assert mine.load(series, as_of="2019").version == "undated"


def test_a_date_beside_a_version_is_refused():
    with pytest.raises(InvalidId, match="names a version already"):
        load("shenzhen/20-plus-8@2022-06", as_of="2023")


def test_what_is_no_date_is_refused():
    with pytest.raises(InvalidDate, match='"June 2024" is no date; write YYYY'):
        load("shenzhen/20-plus-8", as_of="June 2024")


def test_a_scheme_is_loaded_once(mine):
    first = mine.load("some-park/future-industries")
    assert mine.load("some-park/future-industries") is first
    assert mine.load("some-park/future-industries@2024-05") is first
    assert mine.load("some-park/future-industries", as_of="2024-12") is first
    assert first.origin is mine
    assert load("hefei-htz/future-industries") is load("hefei-htz/future-industries@2024-05")


def test_loading_one_scheme_reads_one_file(monkeypatch):
    read = []
    monkeypatch.setattr(
        files, "read_text", lambda path, *_: read.append(path) or Path(path).read_text("utf-8")
    )
    Catalog().load("hefei-htz/future-industries")
    assert [Path(path).name for path in read] == ["2024-05.yaml"]


@pytest.mark.parametrize(
    ("id_", "message"),
    [
        (
            "hefei-htz/future-industry",
            'no scheme "hefei-htz/future-industry"; did you mean "hefei-htz/future-industries"? '
            "(futureindustry list hefei-htz)",
        ),
        ("nobody/zzz", 'no scheme "nobody/zzz" (futureindustry list shows them all)'),
        (
            "shenzhen/20-plus-8@2024",
            'shenzhen/20-plus-8 has no version "2024"; did you mean "2024-03"?',
        ),
        (
            "shenzhen/20-plus-8@rev",
            'shenzhen/20-plus-8 has no version "rev"; there is 2022-06, 2024-03',
        ),
    ],
)
def test_an_unknown_id_is_answered_with_what_there_is(id_, message):
    with pytest.raises(UnknownScheme) as caught:
        load(id_)
    assert str(caught.value) == message


def test_an_unknown_series_of_a_known_issuer_is_answered_with_its_series():
    with pytest.raises(UnknownScheme, match="xiamen-torch has xiamen-torch/six-leading-industries"):
        catalog().series("xiamen-torch/zzz")


@pytest.mark.parametrize(
    "id_",
    ["../x/y", "x/../y", "..", "/etc/passwd", "a/b@../../c", "hefei-htz", "合肥/未来产业", "a/b\0", "",
     "hefei-htz/future-industries@2024-05/../2024-05", "hefei-htz\\future-industries"],
)  # fmt: skip
def test_no_id_leads_out_of_the_folder(id_):
    with pytest.raises(InvalidId, match="is no identifier; write issuer/series"):
        load(id_)


def test_an_item_is_no_scheme():
    with pytest.raises(InvalidId, match='leave out "#quantum-information" to load its scheme'):
        load("hefei-htz/future-industries#quantum-information")


def test_the_path_is_the_identity(own):
    path = own / "some-park" / "future-industries" / "2025.yaml"
    path.write_text(scheme_text("some-park/future-industries", "2026"), encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        Catalog(own).load("some-park/future-industries@2025")
    assert str(caught.value) == (
        f"{path}: it says that it is some-park/future-industries@2026; the path is the identity: "
        "correct one"
    )
    with pytest.raises(InvalidFile):
        Catalog(own).head("some-park/future-industries@2025")


def test_messages_name_shipped_files_by_their_place(monkeypatch, own):
    monkeypatch.setattr(store, "_own_folder", lambda: str(own))
    path = own / "some-park" / "future-industries" / "2024-05.yaml"
    path.write_text("a: b", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        Catalog().load("some-park/future-industries@2024-05")
    assert str(caught.value.problems[0].place) == (
        "taxonomy/some-park/future-industries/2024-05.yaml:1:1"
    )


def test_a_head_has_no_items_and_is_read_once(mine):
    head = mine.head("some-park/future-industries@2020")
    assert (head.title["en"], len(head)) == ("Future", 0)
    assert mine.head("some-park/future-industries@2020") is head
    assert len(mine.load("some-park/future-industries@2020")) == 1
    assert len(mine.head("some-park/future-industries@2020")) == 1
    with pytest.raises(UnknownScheme):
        mine.head("some-park/future-industries")


def test_a_scheme_of_ones_own_is_read_from_its_file(own):
    path = own / "some-park" / "future-industries" / "2020.yaml"
    for given in (path, str(path)):
        scheme = read_scheme(given)
        assert scheme.id == "some-park/future-industries@2020"
        assert scheme.origin is None
    with pytest.raises(InvalidFile, match="is a folder"):
        read_scheme(own)
    with pytest.raises(InvalidFile, match="no such file"):
        read_scheme(own / "none.yaml")


def test_a_scheme_is_taken_by_itself_or_by_id():
    scheme = load("hefei-htz/future-industries")
    assert as_scheme(scheme) is scheme
    assert as_scheme("hefei-htz/future-industries") is scheme
    with pytest.raises(FutureIndustryError, match="a scheme or its id is needed, not int"):
        as_scheme(1269)


def test_every_scheme_of_the_catalogue_loads_and_is_what_its_path_says():
    for series in catalog():
        for version in series.versions:
            scheme = load(f"{series.id}@{version}")
            assert scheme.id == f"{series.id}@{version}"
            assert len(scheme) > 0


# Catalogues of others


def test_a_catalogue_is_added_by_the_environment(monkeypatch, own, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(store.VARIABLE, f"{tmp_path / 'empty'}:{own}")
    assert load("some-park/future-industries").version == "2024-05"
    assert load("hefei-htz/future-industries").version == "2024-05"
    assert catalog() is catalog()
    assert catalog().folders[1:] == (tmp_path / "empty", own)
    assert catalog().issuers["some-park"].name["zh"] == "某园区"
    assert catalog().principal("some-park") == "some-park/future-industries"
    monkeypatch.delenv(store.VARIABLE)
    with pytest.raises(UnknownScheme):
        load("some-park/future-industries")


def test_the_shipped_series_go_before_those_of_others(own):
    series = own / "hefei-htz" / "future-industries"
    series.mkdir(parents=True)
    text = scheme_text("hefei-htz/future-industries", "2025")
    (series / "2025.yaml").write_text(text, encoding="utf-8")
    assert Catalog(own).load("hefei-htz/future-industries").version == "2024-05"


def test_a_missing_catalogue_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(UnreadableData, match=r"no catalogue folder .*none; make it or correct"):
        catalog()


def test_a_catalogue_is_added_by_an_installed_package(monkeypatch, tmp_path, own):
    site = tmp_path / "site"
    (site / "their_data").mkdir(parents=True)
    own.rename(site / "their_data" / "catalogue")
    (site / "their_data" / "catalogue" / "__init__.py").write_text("")
    (site / "their_data" / "__init__.py").write_text("")
    (site / "theirs-1.dist-info").mkdir()
    (site / "theirs-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\n")
    (site / "theirs-1.dist-info" / "entry_points.txt").write_text(
        "[futureindustry.catalogs]\ntheirs = their_data.catalogue\n"
    )
    monkeypatch.syspath_prepend(site)
    found = Catalog()
    assert found.load("some-park/future-industries").version == "2024-05"
    assert "some-park" in found.issuers
    (site / "theirs-1.dist-info" / "entry_points.txt").write_text(
        "[futureindustry.catalogs]\ntheirs = not_there.catalogue\n"
    )
    with pytest.raises(UnreadableData, match=r'the catalogue "theirs" .* not_there.catalogue'):
        len(Catalog())


# Issuers and search


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("光谷", "wuhan-donghu-htz"),
        ("中国光谷", "wuhan-donghu-htz"),
        ("东湖高新区", "wuhan-donghu-htz"),
        ("合肥高新区", "hefei-htz"),
        ("合肥高新技术产业开发区", "hefei-htz"),
        ("Hefei High-tech Zone", "hefei-htz"),
        (" HEFEI high-tech zone", "hefei-htz"),
        ("hefei-htz", "hefei-htz"),
        ("合肥", "hefei"),
        ("苏州工业园区", "suzhou-industrial-park"),
        ("深圳", "shenzhen"),
        ("国家统计局", "nbs"),
    ],
)
def test_an_issuer_is_found_by_its_names(name, id_):
    assert catalog().issuers.named(name).id == id_


def test_every_name_of_an_issuer_leads_to_it():
    issuers = catalog().issuers
    wrong = [
        (issuer.id, name)
        for issuer in issuers.values()
        for name in (issuer.id, *issuer.names)
        if issuers.named(name) is not issuer
    ]
    assert wrong == []


def test_every_series_has_an_issuer():
    assert {series.issuer for series in catalog()} <= set(catalog().issuers)


def test_a_name_that_two_issuers_have_leads_to_neither():
    table = IssuerTable(
        {
            "a": Issuer("a", Text(zh="甲园区"), {"zh": ("高新区", "乙园区")}),
            "b": Issuer("b", Text(zh="乙园区"), {"zh": ("高新区",)}),
        }
    )
    assert table.named("高新区") is None
    assert table.named("乙园区").id == "b"
    assert table.named("丙园区") is None
    assert table.nearest("乙园") == "乙园区"
    assert table.nearest("zzz") is None


def test_an_unknown_issuer_is_answered_with_the_nearest():
    with pytest.raises(UnknownIssuer, match='no issuer "hefei-hzt"; did you mean "hefei-htz"'):
        catalog().issuers["hefei-hzt"]
    assert catalog().issuers.get("nobody") is None
    assert "nobody" not in catalog().issuers
    assert len(catalog().issuers) == len([*catalog().issuers]) > 70


def test_an_issuer_has_a_principal_series():
    assert catalog().principal("hefei-htz") == "hefei-htz/future-industries"
    assert catalog().principal("shenzhen") == "shenzhen/20-plus-8"


def test_without_a_principal_series_the_choice_is_named(own):
    (own / "some-park" / "leading").mkdir()
    text = scheme_text("some-park/leading", "2024")
    (own / "some-park" / "leading" / "2024.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UnknownScheme, match=r"future-industries, some-park/leading.*set .main"):
        Catalog(own).principal("some-park")
    with pytest.raises(UnknownIssuer, match='no issuer "nobody"'):
        Catalog(own).principal("nobody")
    (own / "issuers.yaml").write_text(
        "- {id: poor, name: {zh: 穷}, kind: park}\n", encoding="utf-8"
    )
    with pytest.raises(UnknownScheme, match=r"poor \(穷\) has no scheme in the catalogue"):
        Catalog(own).principal("poor")


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("合肥高新区", "hefei-htz/future-industries"),
        ("光谷", "wuhan-donghu-htz/future-industries"),
        ("HEFEI high-tech", "hefei-htz/future-industries"),
        ("20-plus", "shenzhen/20-plus-8"),
        ("future industries of hefei", "hefei-htz/future-industries"),
        ("国民经济行业分类", "nbs/gbt-4754"),
    ],
)
def test_series_are_found_in_both_languages(text, id_):
    assert id_ in [series.id for series in catalog().search(text)]


def test_a_search_for_nothing_known_finds_nothing():
    assert catalog().search("zzzz") == []


# Mappings


def test_mapping_files_are_found_from_both_ends():
    series = "hefei-htz/future-industries"
    ((file, turned),) = catalog().maps_between(series, store.HUB)
    assert (file.source, file.target, turned) == (series, store.HUB, False)
    assert catalog().maps_between(store.HUB, series) == [(file, True)]
    assert catalog().maps_between(f"{series}@2024-05", f"{store.HUB}@2026-11")[0][0] is file
    assert catalog().maps_between(series, "shenzhen/20-plus-8") == []


def test_a_mapping_of_one_version_is_not_given_for_another():
    ends = ("nbs/gbt-4754@2017", "nbs/gbt-4754@2017-amd1")
    assert len(catalog().maps_between(*ends)) == 1
    assert catalog().maps_between(ends[0], "nbs/gbt-4754@2099") == []


def test_every_mapping_file_is_read_and_named_after_its_ends():
    for file in catalog().map_files():
        name = f"{file.source}--{file.target}.sssom.tsv".replace("/", ".")
        assert str(file.place) == f"taxonomy/mappings/{name}"


# The cost of importing


def test_the_import_brings_nothing_that_loading_does_not_need():
    code = """if True:
        import sys
        import attrs, yaml
        before = set(sys.modules)
        import futureindustry.store as store
        imported = set(sys.modules) - before
        assert not {m for m in imported if m.partition(".")[0] != "futureindustry"}, imported
        store.load("hefei-htz/future-industries")
        heavy = {"json", "difflib", "urllib.parse", "tempfile", "pathlib", "dataclasses", "csv",
                 "importlib.metadata", "importlib.resources", "narwhals", "futureindustry.text"}
        loaded = heavy & (set(sys.modules) - before)
        assert not loaded, loaded
    """
    subprocess.run([sys.executable, "-c", code], check=True)
