"""Checking taxonomy and mapping files: each rule has what triggers it, and what nearly does."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import futureindustry as fi
from futureindustry.errors import InvalidFile
from futureindustry.lint import check, contradictions
from futureindustry.rules import RULES
from futureindustry.store import HUB, Catalog

SHIPPED = Path(__file__).parents[1] / "taxonomy"

# A small catalogue without a fault. Every case below changes one of its files.
ISSUERS = "issuers.yaml"
SCHEME = "test-park/future/2024-05.yaml"
LATER = "test-park/future/2025-05.yaml"
TABLE = "test-park/table/2024.yaml"
ROWS = "test-park/table/2024.csv"
MAPS = "mappings/test-park.future--futureindustry.concepts.sssom.tsv"
DIRECT = "mappings/test-park.future@2024-05--test-park.table@2024.sssom.tsv"
FILES = {
    ISSUERS: """\
- id: test-park
  name: {zh: 试验园区, en: Test Park}
  kind: park
""",
    SCHEME: """\
series: test-park/future
version: "2024-05"
title: {zh: 试验园区未来产业, en: Future industries of the test park}
issuer: test-park
formula: 2+X
published: "2024-05"
valid: {from: "2024-05", to: null}
sources:
  - {id: s1, title: 公报, kind: primary}
items:
  - code: focus
    slot: "2"
    label: {zh: 重点, en: focus}
    sources: [s1]
    items:
      - code: quantum
        label: {zh: 量子信息, en: quantum information}
        also: {zh: [量子]}
        sources: [s1]
        items:
          - code: computing
            label: {zh: 量子计算, en: quantum computing}
            sources: [s1]
      - code: fusion
        label: {zh: 聚变能源, en: fusion energy}
        sources: [s1]
  - code: frontier
    slot: "X"
    label: {zh: 前沿, en: frontier}
    open: true
    sources: [s1]
""",
    TABLE: """\
series: test-park/table
version: "2024"
title: {zh: 目录, en: Table}
issuer: test-park
exclusive: true
levels:
  - {code: division, label: {zh: 大类, en: division}, count: 2}
  - {code: class, label: {zh: 小类, en: class}, count: 2}
sentinels: {"01": 甲}
sources:
  - {id: s1, title: 公报, kind: primary}
""",
    ROWS: "code,parent,label_zh,label_en\n01,,甲,first\n011,01,丙,third\n02,,乙,second\n021,02,丁,fourth\n",
    MAPS: """\
#curie_map:
#  test-park.future: "https://w3id.org/futureindustry/test-park/future/"
#  futureindustry.concepts: "https://w3id.org/futureindustry/futureindustry/concepts/"
subject_id	predicate_id	object_id	ext_relation	confidence	mapping_justification
test-park.future:focus	skos:broadMatch	futureindustry.concepts:future-industries		0.9	semapv:ManualMappingCuration
test-park.future:quantum	skos:exactMatch	futureindustry.concepts:quantum-information		0.9	semapv:ManualMappingCuration
test-park.future:computing	skos:exactMatch	futureindustry.concepts:quantum-computing		0.9	semapv:ManualMappingCuration
test-park.future:fusion	skos:exactMatch	futureindustry.concepts:fusion-energy		0.9	semapv:ManualMappingCuration
test-park.future:frontier	skos:broadMatch	futureindustry.concepts:future-industries		0.9	semapv:ManualMappingCuration
""",
    DIRECT: """\
#curie_map:
#  test-park.future_2024-05: "https://w3id.org/futureindustry/test-park/future@2024-05/"
#  test-park.table_2024: "https://w3id.org/futureindustry/test-park/table@2024/"
subject_id	predicate_id	object_id	ext_relation	mapping_justification
test-park.future_2024-05:quantum	skos:broadMatch	test-park.table_2024:01		semapv:ManualMappingCuration
test-park.future_2024-05:fusion	skos:closeMatch	test-park.table_2024:02		semapv:ManualMappingCuration
""",
}  # fmt: skip
QUANTUM = "label: {zh: 量子信息, en: quantum information}\n        also: {zh: [量子]}\n"


COMPUTING = next(line for line in FILES[MAPS].splitlines(keepends=True) if ":computing" in line)


def _later(start, **more):
    extra = "".join(f'{key}: "{value}"\n' for key, value in more.items())
    return (
        FILES[SCHEME]
        .replace('version: "2024-05"', 'version: "2025-05"')
        .replace(
            'valid: {from: "2024-05", to: null}', f'valid: {{from: "{start}", to: null}}\n{extra}'
        )
    )


def _row(source, relation, target):
    return (
        f"test-park.future_2024-05:{source}\tskos:closeMatch\ttest-park.table_2024:{target}\t"
        f"{relation}\tsemapv:ManualMappingCuration\n"
    )


# Rule: changes that trigger it, the file and line of the finding; changes that nearly do.
# A change is file, old text, new text; an old text of None writes the whole file.
CASES = {
    "FI200": ([(SCHEME, "formula: 2+X", "formula:\t- [")], (SCHEME, 5), []),
    "FI201": ([(SCHEME, "formula: 2+X", "formula: 2+X\nformula: 2+X")], (SCHEME, 6), []),
    "FI202": ([(SCHEME, "title: {", "titel: {")], (SCHEME, 3), []),
    "FI203": (
        [(SCHEME, "code: quantum", "code: 0111")], (SCHEME, 16),
        [(SCHEME, "code: quantum", 'code: "0111"'), (MAPS, ":quantum\t", ":0111\t"), (DIRECT, ":quantum\t", ":0111\t")],
    ),
    "FI204": (
        [(SCHEME, 'published: "2024-05"', 'published: "2023-02-29"')], (SCHEME, 6),
        [(SCHEME, 'published: "2024-05"', 'published: "2024-02-29"')],
    ),
    "FI205": (
        [(SCHEME, "to: null", 'to: "2024-05"')], (SCHEME, 7), [(SCHEME, "to: null", 'to: "2024-06"')],
    ),
    "FI206": ([(SCHEME, "issuer: test-park\n", "")], (SCHEME, 1), []),
    "FI207": ([(SCHEME, "code: fusion", "code: quantum")], (SCHEME, 24), []),
    "FI208": (
        [(SCHEME, "fusion energy}\n        sources: [s1]", "fusion energy}\n        sources: [s2]")],
        (SCHEME, 26), [],
    ),
    "FI209": ([(ROWS, "011,01", "011,02")], (ROWS, 3), [(ROWS, "021,02", "021,01")]),
    "FI210": ([(SCHEME, "2+X", "2++X")], (SCHEME, 5), [(SCHEME, "2+X", "2 + X")]),
    "FI211": ([(SCHEME, "2+X", "3+X"), (SCHEME, 'slot: "2"', 'slot: "3"')], (SCHEME, 11), []),
    "FI212": (
        [(SCHEME, 'slot: "2"', 'slot: "2"\n    incomplete: true')], (SCHEME, 11),
        [(SCHEME, 'slot: "X"\n', 'slot: "X"\n')],
    ),
    "FI213": (
        [(SCHEME, "fusion energy}", "fusion energy}\n        also: {zh: [量子]}")], (SCHEME, 24),
        [(SCHEME, "fusion energy}", "fusion energy}\n        also: {zh: [聚变]}")],
    ),
    "FI214": (
        [(SCHEME, "fusion energy}\n        sources: [s1]", "fusion energy}")], (SCHEME, 24), [],
    ),
    "FI215": ([(SCHEME, "{zh: 聚变能源, en: fusion energy}", "{zh: 聚变能源}")], (SCHEME, 24), []),
    "FI216": (
        [(LATER, None, _later("2025-05"))], (LATER, None),
        [(LATER, None, _later("2025-05")), (SCHEME, "to: null", 'to: "2025-05"')],
    ),
    "FI217": ([(ISSUERS, "id: test-park", "id: test-parc"), (TABLE, None, "")], (SCHEME, None), []),
    "FI218": (
        [(SCHEME, 'version: "2024-05"', 'version: "2024-06"')], (SCHEME, None),
        [(SCHEME, 'published: "2024-05"', 'published: "2024-06"')],
    ),
    "FI219": ([(ROWS, "021,02,丁,fourth\n", "")], (TABLE, None), [(ROWS, "丁,fourth", "戊,fifth")]),
    "FI220": (
        [(SCHEME, QUANTUM, f'{QUANTUM}        valid: {{from: "2024-05", to: "2024-12"}}\n')],
        (SCHEME, 22),
        [
            (SCHEME, QUANTUM, f'{QUANTUM}        valid: {{from: "2024-05", to: "2024-12"}}\n'),
            (SCHEME, "quantum computing}\n", 'quantum computing}\n            valid: {from: "2024-05", to: "2024-12-01"}\n'),
        ],
    ),
    "FI221": (
        [(SCHEME, "valid:", 'supersedes: "2023"\nvalid:')], (SCHEME, None),
        [
            (LATER, None, _later("2025-05", supersedes="2024-05")),
            (SCHEME, "to: null", 'to: "2025-05"'),
        ],
    ),
    "FI222": (
        [(SCHEME, "聚变能源, en: fusion energy", "前沿, en: fusion energy")], (SCHEME, 27), [],
    ),
    "FI223": (
        [(SCHEME, QUANTUM, f"{QUANTUM}        successors: [quantums]\n")], (SCHEME, 16),
        [(SCHEME, QUANTUM, f"{QUANTUM}        successors: [fusion]\n")],
    ),
    "FI301": ([(MAPS, "test-park.future:fusion", "test-parc:fusion")], (MAPS, 8), []),
    "FI302": ([(MAPS, "fusion\tskos:exactMatch", "fusion\tskos:exactmatch")], (MAPS, 8), []),
    "FI303": (
        [(MAPS, "fusion-energy\t\t0.9", "fusion-energy\t\t90%")], (MAPS, 8),
        [(MAPS, "fusion-energy\t\t0.9", "fusion-energy\t\t1")],
    ),
    "FI304": (
        [(MAPS, "concepts:fusion-energy", "concepts:confusion-energy")], (MAPS, 8), [],
    ),
    "FI305": (
        [(DIRECT, "", _row("fusion", "PO", "02"))], (DIRECT, 7),
        [(DIRECT, "", _row("fusion", "PO", "021"))],
    ),
    "FI306": (
        [(DIRECT, "", _row("quantum", "PO", "021"))], (DIRECT, 5),
        [(DIRECT, "", _row("quantum", "PO", "011"))],
    ),
    "FI307": ([(MAPS, COMPUTING, "")], (SCHEME, 21), []),
    "FI308": (
        [(DIRECT, "02\t\tsemapv:ManualMappingCuration", "02\t\t")], (DIRECT, 6), [],
    ),
}  # fmt: skip


def catalogue(folder, changes=()):
    """Write the small catalogue with changes; an empty old text appends."""
    files = dict(FILES)
    for name, old, new in changes:
        if old is None:
            files[name] = new
        elif old:
            assert old in files[name], (name, old)
            files[name] = files[name].replace(old, new)
        else:
            files[name] += new
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def _one_hub():
    """Read the shipped hub once: each small catalogue would read it again."""
    load, shipped = Catalog.load, fi.catalog()

    def shared(self, id_, **more):
        return load(shipped if id_.startswith(HUB) else self, id_, **more)

    patch = pytest.MonkeyPatch()
    patch.setattr(Catalog, "load", shared)
    yield
    patch.undo()


def test_every_rule_of_files_has_a_case():
    assert set(CASES) == {code for code in RULES if code.startswith(("FI2", "FI3"))}


def test_the_small_catalogue_is_clean(tmp_path):
    report = check(catalogue(tmp_path))
    assert report.findings == ()
    assert report.ok
    assert report.rows == len(FILES) - 1  # a table goes with its YAML


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_it_is_for(rule, tmp_path):
    changes, (file, line), _ = CASES[rule]
    report = check(catalogue(tmp_path, changes))
    places = {(f.place.file, f.place.line) for f in report.findings if f.rule == rule}
    assert places == {(str(tmp_path / file), line)}
    assert report.ok is (RULES[rule].severity != "error")


@pytest.mark.parametrize("rule", [rule for rule, case in CASES.items() if case[2]])
def test_a_rule_leaves_alone_what_only_looks_like_it(rule, tmp_path):
    report = check(catalogue(tmp_path, CASES[rule][2]))
    assert rule not in {f.rule for f in report.findings}


def test_a_contradiction_names_its_premises_with_file_and_line(tmp_path):
    (found,) = check(catalogue(tmp_path, CASES["FI306"][0])).findings
    maps = tmp_path / DIRECT
    assert {int(n) for n in re.findall(re.escape(f"{maps}:") + r"(\d+)", found.message)} == {5, 7}
    for label in ("quantum information", "first", "fourth"):
        assert label in found.message


def test_maps_to_the_hub_are_checked_against_its_hierarchy(tmp_path):
    quantum = COMPUTING.replace("quantum-computing", "quantum-information")
    near = quantum.replace("exactMatch", "broadMatch")
    wrong = quantum.replace("exactMatch", "narrowMatch")
    assert check(catalogue(tmp_path / "near", [(MAPS, "", near)])).ok
    report = check(catalogue(tmp_path / "wrong", [(MAPS, "", wrong)]))
    assert {f.rule for f in report.findings} == {"FI306"}


def test_a_contradiction_of_two_versions_is_said_once(tmp_path):
    """The hierarchy and the maps are the same in both; so is the sentence."""
    later = [(LATER, None, _later("2025-05")), (SCHEME, "to: null", 'to: "2025-05"')]
    row = COMPUTING.replace("exactMatch", "narrowMatch")
    report = check(catalogue(tmp_path, [*later, (MAPS, "", row)]))
    assert [f.rule for f in report.findings].count("FI306") == 1


def test_a_single_file_is_checked_with_what_the_catalogue_knows_of_it(tmp_path):
    shipped = SHIPPED / "hefei-htz" / "future-industries" / "2024-05.yaml"
    report = check(shipped)
    assert (report.rows, report.ok) == (1, True)
    copy = tmp_path / "mine.yaml"
    copy.write_text(shipped.read_text(encoding="utf-8").replace("formula: 2+3+X", "formula: 2+4+X"))
    assert {f.place.file for f in check([copy]).findings} == {str(copy)}
    assert not check([copy, shipped]).ok


def test_a_folder_is_checked_file_by_file_and_each_file_once(tmp_path):
    folder = catalogue(tmp_path, [(SCHEME, "title: {", "titel: {")])
    assert check(folder).findings == check([folder, folder / SCHEME]).findings
    assert check(folder / "mappings").rows == 2
    assert check(str(folder / "test-park")).rows == 2
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.yaml").write_text("nothing: {", encoding="utf-8")
    assert check(folder).rows == len(FILES) - 1


@pytest.mark.parametrize("name", ["none.yaml", "none", "empty", "table.csv", "notes.txt"])
def test_what_is_no_file_to_check_is_an_error(name, tmp_path):
    (tmp_path / "empty").mkdir()
    for there in ("table.csv", "notes.txt"):
        (tmp_path / there).write_text("a\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match=re.escape(name)):
        check(tmp_path / name)


def test_all_paths_that_are_none_are_named_at_once(tmp_path):
    with pytest.raises(InvalidFile) as error:
        check([tmp_path / "a.yaml", SHIPPED / "issuers.yaml", tmp_path / "b.yaml"])
    assert len(error.value.problems) == 2


def test_text_and_sarif_say_file_line_and_column(tmp_path):
    report = check(catalogue(tmp_path, [(SCHEME, "title: {", "titel: {")]))
    assert report.to_text().startswith(f"{tmp_path / SCHEME}:3:1: FI202")
    assert f"{len(FILES) - 1} files" in report.to_text()
    log = json.loads(report.to_sarif())
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    result = run["results"][0]
    assert result["level"] == "error"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith(SCHEME)
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (3, 1)


def test_findings_are_in_the_order_of_the_files(tmp_path):
    names = ("FI202", "FI212", "FI308")
    changes = [change for name in names for change in CASES[name][0]][1:]
    report = check(catalogue(tmp_path, changes))
    places = [(f.place.file, f.place.line or 0) for f in report.findings]
    assert len(set(places)) > 1
    assert places == sorted(places)


# The shipped catalogue


@pytest.fixture(scope="module")
def shipped():
    return check()


def test_the_shipped_catalogue_has_no_error(shipped):
    assert [
        f"{f.place}: {f.rule} {f.message}" for f in shipped.findings if f.severity == "error"
    ] == []
    assert shipped.rows > 100


def test_the_shipped_catalogue_does_not_contradict_itself():
    assert [f.message for f in contradictions(fi.catalog())] == []


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_order_of_findings_does_not_depend_on_hashes(seed, tmp_path):
    changes = [*CASES["FI212"][0], *CASES["FI213"][0], *CASES["FI306"][0], *CASES["FI307"][0]]
    folder = catalogue(tmp_path, changes)
    code = "import sys, futureindustry as fi; print(fi.check(sys.argv[1]).to_json())"
    said = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    assert json.loads(said) == json.loads(check(folder).to_json())
