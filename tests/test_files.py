import json
import os
import pickle
import re
import stat
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import strategies as fi_st
from futureindustry import files, sssom
from futureindustry.errors import InvalidFile
from futureindustry.files import (
    format_scheme,
    json_schema,
    read_issuers,
    read_scheme_file,
    read_scheme_head,
    write_text,
)
from futureindustry.model import IndexEntry, Item, Map, Scheme, Source, Text, Validity
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile, curie, read_maps, write_maps

TAXONOMY = Path(__file__).parent.parent / "taxonomy"
BROKEN = Path(__file__).parent / "broken"
SCHEMES = sorted(TAXONOMY.glob("*/*/*.yaml"))

HEAD = """\
series: some-park/future-industries
version: "2024-05"
title: {zh: 某园区未来产业}
issuer: some-park
"""
ITEMS = """\
sources:
  - {id: s1, title: 实施方案}
items:
  - code: quantum
    label: {zh: 量子信息, en: quantum information}
    sources: [s1]
"""


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request, monkeypatch):
    """Both parsers of PyYAML; many installations have only the second."""
    if request.param == "libyaml":
        if not yaml.__with_libyaml__:
            pytest.skip("PyYAML without libyaml")
    else:
        monkeypatch.setattr(files, "_Loader", files._PlainLoader)


@pytest.fixture
def write(tmp_path):
    def write(text, name="scheme.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A file for tests that write one per example."""
    return tmp_path_factory.mktemp("scratch") / "scheme.yaml"


def problems(path, read=read_scheme_file):
    with pytest.raises(InvalidFile) as caught:
        read(path)
    return [str(problem).removeprefix(f"{path}").lstrip(": ") for problem in caught.value.problems]


# Round trips


@fi_st.big
@given(made=fi_st.schemes())
def test_a_scheme_comes_back_from_its_file(made, scratch):
    text = format_scheme(made)
    scratch.write_text(text, encoding="utf-8", newline="")
    again = read_scheme_file(scratch)
    assert again == made
    assert [*again.values()] == [*made.values()]
    assert format_scheme(again) == text


@fi_st.big
@given(made=fi_st.schemes())
def test_another_yaml_reader_sees_the_same_texts(made):
    """Codes, dates and names stay strings for readers that guess types."""
    text = format_scheme(made)
    assert unicodedata.is_normalized("NFC", text)
    assert "\t" not in text
    assert _same(yaml.safe_load(text), files.scheme_data(made))
    assert _same(yaml.load(text, Loader=yaml.CSafeLoader), files.scheme_data(made))


def _same(loaded, data):
    """Equal, and of the same types all the way down."""
    if isinstance(data, dict):
        return (
            isinstance(loaded, dict)
            and list(loaded) == list(data)
            and all(_same(loaded[key], data[key]) for key in data)
        )
    if isinstance(data, list):
        return len(loaded) == len(data) and all(map(_same, loaded, data))
    if isinstance(data, str):
        return type(loaded) is str and loaded == data
    return type(loaded) is type(data) and loaded == data


@pytest.mark.parametrize("text", fi_st.ODD)
def test_odd_text_survives_as_code_label_and_name(text, write, parser):
    text = unicodedata.normalize("NFC", text).strip()
    code = "".join(text.replace("#", "").split())
    made = Scheme(
        "a/b",
        "1",
        Text(zh=text),
        "a",
        items_=(Item(code, Text(en=text), also={"zh": (IndexEntry(text, kind="trade"),)}),),
        sources=(Source(text, text, url=text),),
        sentinels={code: text},
        notes=(text,),
    )
    assert read_scheme_file(write(format_scheme(made))) == made


def test_the_canonical_form_is_what_people_write():
    text = """\
series: some-park/future-industries
version: "2024-05"
title: {zh: 某园区未来产业, en: "Future industries: some park"}
issuer: some-park
formula: 2+X
published: "2024-05"
valid: {from: "2024-05", to: null}
confidence: medium
levels: [{code: tier, label: {zh: 层}, count: 2}]
limitations:
  - "The order is not known."
sources:
  - id: s1
    title: 实施方案
    date: "2024-05"
    url: https://example.org/a?b=1
items:
  - code: first
    slot: "2"
    label: {zh: 先发产业}
    sources: [s1]
    items:
      - code: "0111"
        label: {zh: 量子信息, en: quantum information}
        also: {zh: [量子科技, {name: 量子, kind: short, sources: [s1]}]}
        sources: [s1]
      - code: aerospace
        label: {zh: 空天技术}
        note:
          zh: 含卫星互联网、商业航天、低空经济与空天信息等方向，具体范围以园区后续发布的目录为准，此处从其文件所列
          en: "Satellite internet, commercial space flight and the low-altitude economy, as listed"
        sources: [s1]
  - code: frontier
    slot: X
    label: {zh: 前沿产业}
    open: true
    sources: [s1]
"""
    path = BROKEN.parent / "canonical.yaml"
    made = files._scheme(text, str(path), str(path), None)
    assert format_scheme(made) == text


def test_a_file_with_everything_that_is_allowed_is_read(write, parser):
    text = "\ufeff" + (
        "# yaml-language-server: $schema=../scheme.json\r\n"
        "# Checked against the document on 2024-06-01.\r\n---\r\n"
        + (HEAD + "published: null\nvalid: null\nformula: 33618\n" + ITEMS).replace("\n", "\r\n")
        + "    note:\r\n      zh: |\r\n        第一行\r\n        第二行\r\n      en: >-\r\n"
        "        folded\r\n        line\r\n"
        "    also:\r\n      zh:\r\n      - ' 量子科技 '  # spaces are not part of a name\r\n"
        '      - "量子\\\r\n        技术"\r\n      en: []\r\n'
        "  - {code: '0111', label: {en: cafe\u0301}, sources: []}\r\n"
    )
    made = read_scheme_file(write(text))
    assert made["quantum"].note == {"zh": "第一行\n第二行", "en": "folded line"}
    assert made["quantum"].also == {"zh": ("量子科技", "量子技术")}
    assert made["0111"].label["en"] == "caf\u00e9"
    assert str(made.formula) == "33618"
    assert made.published is None
    assert made.valid == Validity()


def test_places_count_characters_not_bytes(write, parser):
    path = write(HEAD + ITEMS.replace("{zh: 量子信息, en", "{zh: 量子信息, e"))
    assert problems(path) == ['9:23: unknown key "e"; did you mean "en"?']
    made = read_scheme_file(write(HEAD + ITEMS))
    assert str(made["quantum"].place) == f"{path}:8:5"


# Broken files, one per defect


def expected(path):
    text = path.read_bytes().decode("utf-8", "replace")
    found = re.findall(r"^##? expect: (.*?)\r?$", text, re.MULTILINE)
    assert found, f"{path.name} says not what it expects"
    return found


@pytest.mark.parametrize("name", sorted(p.name for p in BROKEN.glob("*.yaml")))
def test_a_broken_file_says_what_is_wrong_where_and_what_to_do(name, monkeypatch):
    monkeypatch.chdir(BROKEN)
    found = problems(name)
    stem = name.removesuffix(".yaml")
    assert [message.removeprefix(f"{stem}.") for message in found] == expected(BROKEN / name)


@pytest.mark.parametrize("name", sorted(p.name for p in BROKEN.glob("*.sssom.tsv")))
def test_a_broken_mapping_file_says_the_same(name, monkeypatch):
    monkeypatch.chdir(BROKEN)
    assert problems(name, read_maps) == expected(BROKEN / name)


def test_the_pure_python_parser_finds_the_same(monkeypatch):
    """Except for the wording and column of what is no YAML at all."""
    monkeypatch.setattr(files, "_Loader", files._PlainLoader)
    monkeypatch.chdir(BROKEN)
    for path in sorted(BROKEN.glob("*.yaml")):
        found = [p.removeprefix(f"{path.stem}.") for p in problems(path.name)]
        wanted = expected(path)
        if "not valid YAML" in wanted[0]:
            assert "not valid YAML" in found[0]
        else:
            assert found == wanted


def test_broken_files_break_one_thing_each():
    """Without its mistake, every file would do: they differ from one that is fine."""
    assert len([*BROKEN.iterdir()]) > 25
    assert len({tuple(expected(p)) for p in BROKEN.glob("*.yaml")}) >= 40


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n \n# nothing\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04\x00\x00", "a binary file; YAML, CSV and TSV are text in UTF-8"),
        (
            HEAD.encode("utf-16"),
            "1: not UTF-8 (byte 0); it reads as UTF-16; save it as UTF-8",
        ),
        (
            HEAD.encode("gbk"),
            "3: not UTF-8 (byte 71); it reads as GB18030; save it as UTF-8",
        ),
        (b"series: \xff\xff", "1: not UTF-8 (byte 8); save it as UTF-8"),
        (b"#" * 5_000_001, "larger than 5,000,000 bytes; put the items into a CSV"),
        (b"- " * 100_000 + b"a", "1: nested too deeply; at most 60 levels are read"),
        (b"[" * 100_000, "1: nested too deeply; at most 60 levels are read"),
        (b"[[]," * 100_000, "1: nested too deeply; at most 60 levels are read"),
        (b"{a: " * 100_000, "1: nested too deeply; at most 60 levels are read"),
        (b"? " * 100_000, "1: nested too deeply; at most 60 levels are read"),
        (
            b"\n".join(b" " * n + b"a:" for n in range(1000)),
            "481: nested too deeply; at most 60 levels are read",
        ),
    ],
    ids=range(14),
)
def test_what_is_no_text_of_a_scheme_is_refused(content, message, write, parser):
    assert problems(write(content)) == [message]


def test_missing_files_and_folders_are_refused(tmp_path):
    assert problems(tmp_path / "none.yaml") == ["no such file; correct the path"]
    assert problems(tmp_path) == ["is a folder; name the file in it"]
    assert problems(tmp_path, read_maps) == ["is a folder; name the file in it"]
    assert problems(tmp_path / "none", read_issuers) == ["no such file; correct the path"]
    assert "null character" in problems("a\0b")[0]
    assert "no such file" in problems("")[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_refused(write):
    path = write(HEAD)
    path.chmod(0)
    assert problems(path) == ["cannot be read: Permission denied"]


@pytest.mark.parametrize("part", ["items", "curie_map"])
def test_brackets_in_text_are_no_nesting(part, write):
    made = read_scheme_file(write(HEAD + "notes:\n  - '" + "[{" * 100 + "'\n" + ITEMS))
    assert len(made.notes[0]) == 200


def test_an_ampersand_in_text_is_no_anchor(write, parser):
    made = read_scheme_file(write(HEAD + "notes: ['R & D', 'R&D', AT&T, \"&a\"]\n" + ITEMS))
    assert made.notes == ("R & D", "R&D", "AT&T", "&a")


EDITED = st.tuples(st.integers(0, len(HEAD + ITEMS)), st.integers(0, 9), st.text(max_size=5)).map(
    lambda cut: (HEAD + ITEMS)[: cut[0]] + cut[2] + (HEAD + ITEMS)[cut[0] + cut[1] :]
)


@given(content=st.one_of(st.text(), st.binary(), EDITED))
@example(content="? [a]\n: b")
@example(content="? {a: b}\n: c")
@example(content="<<: {a: b}")
@example(content="a: &a [*a]")
@example(content="!!binary a: b")
@example(content='"\\ud800": a')
@example(content="items: [[]]")
@example(content="title: \ud800")
@fi_st.big
def test_whatever_the_file_holds_only_invalid_file_is_raised(content, scratch):
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    scratch.write_bytes(content)
    for loader in (files._Loader, files._PlainLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "_Loader", loader)
            for read in (read_scheme_file, read_scheme_head, read_maps, read_issuers):
                try:
                    read(scratch)
                except InvalidFile as error:
                    lines = [str(problem) for problem in error.problems]
                else:
                    lines = ["read"]
                assert lines
                assert "\n" not in "".join(lines)


# Tables beside a header


def with_table(write, table, index=None, head=HEAD + "sources: [{id: s1, title: 方案}]\n"):
    path = write(head)
    write(table, "scheme.csv")
    if index is not None:
        write(index, "scheme.index.csv")
    return read_scheme_file(path)


def test_items_are_read_from_a_table_beside_the_header(write):
    made = with_table(
        write,
        "code,parent,broader,label_zh,label_en,label_en_kind,note_zh,note_en\r\n"
        'A,,,"农、林",Farming,official,,\r\n'
        '01,A,,农业,,,,"a ""note"",\r\nof two lines"\r\n'
        "0111,01,A,,Rice,,稻,\r\n",
        "code,lang,name,kind,source\n0111,zh,水稻,short,s1\n0111,en,paddy,,\n0111,zh,稻谷,,\n",
    )
    assert [*made] == ["A", "01", "0111"]
    assert made["0111"].parent is made["01"]
    assert made["0111"].broader == ("A",)
    assert made["0111"].also == {"zh": ("水稻", "稻谷"), "en": ("paddy",)}
    assert made["0111"].also["zh"][0].kind == "short"
    assert made["0111"].also["zh"][0].sources == ("s1",)
    assert made["0111"].label == {"en": "Rice"}
    assert made["0111"].note == {"zh": "稻"}
    assert made["01"].note == {"en": 'a "note",\r\nof two lines'}
    assert made["A"].label_kind == {"en": "official"}
    assert [item.place.line for item in made.values()] == [2, 3, 5]
    # What a table does not say has the usual value.
    assert made["A"] == Item("A", Text(zh="农、林", en="Farming"), label_kind={"en": "official"})
    assert made["A"].open is False
    assert made["A"].valid == Validity()
    with pytest.raises(AttributeError, match='an Item has no "colour"'):
        _ = made["A"].colour


def test_a_table_of_the_users_own_beside_a_scheme_is_left_alone(write):
    path = write(HEAD + ITEMS)
    write("year,行业,value\n2024,量子信息,1\n", "scheme.csv")
    assert [*read_scheme_file(path)] == ["quantum"]


def test_the_head_is_read_without_items(write):
    path = write(HEAD + "formula: 33618\n" + ITEMS.replace("label", "lable"))
    head = read_scheme_head(path)
    assert (head.id, len(head)) == ("some-park/future-industries@2024-05", 0)
    assert str(head.formula) == "33618"
    assert [source.id for source in head.sources] == ["s1"]


def test_the_head_is_complete_where_keys_stand_behind_the_items(write):
    path = write(HEAD + ITEMS + 'published: "2024-06"\n')
    assert read_scheme_head(path).published == "2024-06"


@pytest.mark.parametrize("path", SCHEMES, ids=lambda p: str(p.relative_to(TAXONOMY)))
def test_the_head_of_a_scheme_says_what_the_scheme_says(path):
    scheme, head = read_scheme_file(path), read_scheme_head(path)
    assert (head.id, head.title, head.valid) == (scheme.id, scheme.title, scheme.valid)
    assert (head.published, head.sources) == (scheme.published, scheme.sources)
    assert str(head.formula) == str(scheme.formula)


# Issuers


def test_issuers_are_read(write):
    path = write(
        "- id: some-park\n  name: {zh: 某园区}\n  also: {zh: [园区]}\n  kind: park\n"
        "  place: {zh: 安徽, code: CN-AH}\n  main: 1028\n",
        "issuers.yaml",
    )
    issuer = read_issuers(path)["some-park"]
    assert (issuer.names, issuer.place["zh"], issuer.place_code) == (
        ("某园区", "园区"),
        "安徽",
        "CN-AH",
    )
    assert issuer.main == "1028"


def test_all_problems_of_issuers_are_reported(write):
    one = "- id: a\n  name: {zh: 甲}\n  kind: parc\n"
    path = write(one + "- id: a\n  name: {zh: 甲}\n  kind: park\n" * 2, "issuers.yaml")
    assert problems(path, read_issuers) == [
        '3:9: kind "parc" is not known; did you mean "park"?',
        '7:3: the issuer "a" is already there; ids are unique',
    ]
    assert problems(write("a: b\n"), read_issuers) == ["1:1: issuers.yaml should be a list"]


# JSON Schema


class _Text(yaml.SafeLoader):
    """Every scalar a string, but true, false and null."""


_Text.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"null|~|", ["n", "~", ""]),
):
    _Text.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))


def as_data(text):
    data = yaml.load(text, Loader=_Text)  # noqa: S506 - safe, with fewer types
    for level in data.get("levels", ()):
        if "count" in level:
            level["count"] = int(level["count"])
    return data


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(json_schema())
    return Draft202012Validator(json_schema())


@pytest.mark.parametrize("path", SCHEMES, ids=lambda p: str(p.relative_to(TAXONOMY)))
def test_every_scheme_of_the_taxonomy_fits_the_json_schema(path, validator):
    found = validator.iter_errors(as_data(path.read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in found] == []


@fi_st.big
@given(made=fi_st.schemes())
def test_every_scheme_that_is_written_fits_the_json_schema(made, validator):
    assert [error.message for error in validator.iter_errors(as_data(format_scheme(made)))] == []


@pytest.mark.parametrize(
    "name",
    ["unknown-key", "missing-label", "missing-series", "bad-confidence", "bad-kind-of-name",
     "label-without-language", "label-of-two-lines", "items-not-a-list", "list", "text",
     "formula-without-parts", "version-not-an-id", "series-not-an-id", "bad-flag", "null-code"],
)  # fmt: skip
def test_the_json_schema_refuses_what_a_schema_can_see(name, validator):
    data = yaml.load((BROKEN / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Text)  # noqa: S506
    assert not validator.is_valid(data)


def test_the_json_schema_explains_every_key():
    schema = json_schema()
    tables = [schema, *(schema["$defs"][name] for name in ("item", "source", "level"))]
    for table in tables:
        for key, field in table["properties"].items():
            assert field["description"].endswith((".", '".', '"X".')), key


# SSSOM

A, B = "hefei-htz/future-industries", "nbs/gbt-4754@2017-amd1"


@fi_st.big
@given(maps=st.lists(fi_st.maps(), max_size=6), title=fi_st.lines())
def test_maps_come_back_from_their_file(maps, title, scratch):
    metadata = {
        "mapping_set_title": title,
        "mapping_set_version": "2026-11",
        "mapping_set_description": "说明: #1",
    }
    text = write_maps(A, B, maps, metadata=metadata)
    scratch.write_text(text, encoding="utf-8", newline="")
    file = read_maps(scratch)
    assert file == MapFile(A, B, tuple(maps))
    assert file.metadata["mapping_set_title"] == title
    assert write_maps(A, B, file.maps, metadata=metadata) == text
    assert write_maps(A, B, file.maps, metadata=file.metadata) == text


@pytest.mark.parametrize("mask", range(1, 32))
def test_every_relation_survives_in_a_mapping_file(mask, write):
    relation = Relation(mask)
    maps = [Map("a", "0111", relation, justification="semapv:Test")]
    text = write_maps(A, B, maps, metadata={})
    assert read_maps(write(text, "m.sssom.tsv")).maps[0].relation is relation
    exact = relation.predicate()[1]
    assert ("ext_relation" not in text) == exact
    assert ("extension_definitions" not in text) == exact


def test_a_mapping_file_reads_as_people_expect():
    maps = [
        Map("量子 #1", "0111", Relation.PP, 0.9, "semapv:ManualMappingCuration", "see\tnote"),
        Map("b", "0112", Relation.PO, weight=0.25),
    ]
    labels = ({"b": "乙"}, {"0111": "稻谷种植"})
    metadata = {
        "mapping_set_title": "Hefei: GB/T",
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
    }
    assert write_maps(A, B, maps, metadata=metadata, labels=labels) == (
        "#curie_map:\n"
        "#  hefei-htz.future-industries: https://w3id.org/futureindustry/hefei-htz/future-industries/\n"
        "#  nbs.gbt-4754_2017-amd1: https://w3id.org/futureindustry/nbs/gbt-4754@2017-amd1/\n"
        "#  futureindustry: https://w3id.org/futureindustry/\n"
        "#mapping_set_id: https://w3id.org/futureindustry/mappings/"
        "hefei-htz.future-industries--nbs.gbt-4754_2017-amd1\n"
        '#mapping_set_title: "Hefei: GB/T"\n'
        "#license: https://www.apache.org/licenses/LICENSE-2.0\n"
        '#subject_source: "futureindustry:hefei-htz/future-industries"\n'
        '#object_source: "futureindustry:nbs/gbt-4754@2017-amd1"\n'
        '#comment: "Weaker here than in ext_relation: PO as skos:closeMatch (1)"\n'
        "#extension_definitions:\n"
        "#  - slot_name: ext_relation\n"
        '#    property: "futureindustry:ext/relation"\n'
        '#    type_hint: "xsd:string"\n'
        "#  - slot_name: ext_weight\n"
        '#    property: "futureindustry:ext/weight"\n'
        '#    type_hint: "xsd:double"\n'
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\t"
        "confidence\tcomment\text_relation\text_weight\n"
        "hefei-htz.future-industries:%E9%87%8F%E5%AD%90%20%231\t\tskos:broadMatch\t"
        "nbs.gbt-4754_2017-amd1:0111\t稻谷种植\tsemapv:ManualMappingCuration\t0.9\t"
        '"see\tnote"\t\t\n'
        "hefei-htz.future-industries:b\t乙\tskos:closeMatch\tnbs.gbt-4754_2017-amd1:0112\t\t"
        "semapv:UnspecifiedMatching\t\t\tPO\t0.25\n"
    )


SSSOM = """\
# curie_map:
#   a.b: https://w3id.org/futureindustry/some-park/future-industries/
#   isic: http://example.org/isic/
#
# mapping_set_id: http://example.org/set
# mapping_set_version: 2024-05-01
# extension_definitions: [{slot_name: ext_mood}]
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tauthor_id\text_mood
a.b:x\tskos:exactMatch\tNot\tisic:01\tsemapv:LexicalMatching\torcid:1\tgood
"""


def test_files_of_others_are_read_by_the_standard(write):
    """Marks with a space, standard slots, declared extensions, prefixes of their own choice."""
    file = read_maps(write(SSSOM, "m.sssom.tsv"))
    assert (file.source, file.target) == ("some-park/future-industries", "isic")
    assert file.maps[0].relation == Relation.parse("PP|PPi|PO|DR")
    assert file.metadata["mapping_set_version"] == "2024-05-01"
    assert str(file.maps[0].place).endswith(":9")


def test_a_file_without_maps_has_the_ends_of_its_header(write):
    for one in (write_maps(A, B, [], metadata={}), ""):
        text = one or (
            "#curie_map:\n#  fi: https://w3id.org/futureindustry/\n"
            f"#subject_source: fi:{A}\n#object_source: fi:{B}\n"
            "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        )
        file = read_maps(write(text, "m.sssom.tsv"))
        assert (file.source, file.target, file.maps) == (A, B, ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the file is empty"),
        ("subject_id\tpredicate_id\n", "1: no header; a mapping file starts with lines such as #curie_map:"),
        (SSSOM.replace("ext_mood}", "ext_mud}"), '8: unknown column "ext_mood"; did you mean "mapping_tool"?'),
        (SSSOM.replace("#   isic: http", "#   isic http"), "3:5: not valid YAML"),
        (SSSOM.replace("# curie_map:", "# curie_map: [a]\n# x:"), "1:14: curie_map should be a mapping"),
        (SSSOM.replace("semapv:L", "semapv:\x07L"), "the character U+0007 is in it; take it out"),
    ],
)  # fmt: skip
def test_the_header_of_a_mapping_file_is_checked(text, found, write):
    first, *_ = problems(write(text, "m.sssom.tsv"), read_maps)
    assert first.startswith(found.split(";")[0])


def test_a_curie_names_an_item():
    assert curie(A, "quantum") == "hefei-htz.future-industries:quantum"
    assert curie(B, "01.1/x") == "nbs.gbt-4754_2017-amd1:01.1%2Fx"


@pytest.mark.parametrize("id_", ["a/b", "nbs/gbt-4754@2017-amd1", "un/isic@rev4"])
def test_a_prefix_leads_back_to_its_scheme(id_):
    assert sssom.scheme_of(sssom.prefix_of(id_)) == id_


# Writing files


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    assert write_text(path, "old\n") == path
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        write_text(path, "new\n")
    assert path.read_bytes() == b"old\n"
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_is_written_with_unix_line_ends(tmp_path):
    path = write_text(str(tmp_path / "a.yaml"), "量子\n")
    assert path.read_bytes() == "量子\n".encode()
    assert stat.S_ISREG(path.stat().st_mode)


def test_the_shipped_json_schema_is_that_of_the_reader():
    shipped = Path(__file__).parent.parent / "taxonomy" / "scheme.schema.json"
    message = "write it again: futureindustry schema > taxonomy/scheme.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == json_schema(), message


TWO_LANGUAGES = """\
series: park/list
version: "2024"
title: {zh: 清单, en: List}
issuer: park
limitations:
  - "Only a part was seen."
  - zh: "只见到一部分。"
    en: "Only a part was seen, too."
conflicts:
  - zh: "两处不同。"
items:
  - code: robots
    label: {zh: 机器人, en: robots}
"""


def test_sentences_for_readers_are_a_text_or_texts_by_language(tmp_path):
    path = tmp_path / "2024.yaml"
    path.write_text(TWO_LANGUAGES, encoding="utf-8")
    scheme = read_scheme_file(path)
    plain, both = scheme.limitations
    assert [plain.show("zh"), plain.show("en")] == ["Only a part was seen."] * 2
    assert [both, both.show("zh")] == ["Only a part was seen, too.", "只见到一部分。"]
    assert {scheme.conflicts[0].show(lang) for lang in ("zh", "en")} == {"两处不同。"}
    assert format_scheme(scheme) == TWO_LANGUAGES
    again = pickle.loads(pickle.dumps(both))  # noqa: S301 - made a moment ago
    assert again.show("zh") == "只见到一部分。"
    with pytest.raises(AttributeError, match="cannot be changed"):
        both.by_lang = {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{fr: Non}", 'unknown key "fr"'),
        ('{zh: ""}', "is empty"),
        ("[a, b]", "should be a text"),
        ("null", "is null"),
    ],
)
def test_a_sentence_in_no_known_language_is_refused(tmp_path, given, said):
    path = tmp_path / "2024.yaml"
    path.write_text(TWO_LANGUAGES.replace('"Only a part was seen."', given, 1), encoding="utf-8")
    with pytest.raises(InvalidFile, match=said):
        read_scheme_file(path)
