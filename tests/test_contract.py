"""The public interface: names, arguments and output fields that other people's code rests on."""

import inspect
import json

import polars as pl
import pytest
from click.testing import CliRunner

import futureindustry as fi
from futureindustry.cli import program

HEFEI = "hefei-htz/future-industries"
SHENZHEN = "shenzhen/20-plus-8"
DATA = pl.DataFrame(
    {"行业": ["量子信息", "量子科技", "电机", "量子通迅", ""], "编号": [1, 2, 3, 4, 4]}
)
# Arguments by name, in order; what follows "*" in the design is keyword-only here or not.
ARGUMENTS = {
    "load": ("id", "as_of"),
    "read_scheme": ("path",),
    "annotate": ("text", "schemes"),
    "validate": (
        "data", "scheme", "sector", "code", "park", "date", "tier", "value", "key", "spec",
    ),
    "recode": ("data", "scheme", "sector", "to", "policy"),
    "correspondence": ("a", "b"),
    "read_sssom": ("path",),
    "relation_between": ("a", "b"),
    "diff": ("old", "new"),
    "compare": ("schemes",),
    "specialisation": ("data", "park", "sector", "value"),
    "check": ("paths",),
    "export": ("scheme", "format"),
    "build_docs": ("out", "schemes"),
    "catalog": (),
}  # fmt: skip
COMMANDS = (
    "list", "show", "resolve", "annotate", "validate", "recode", "map", "diff", "compare",
    "specialisation", "check", "export", "docs", "relation", "rule",
)  # fmt: skip
OPTIONS = {
    "validate": ("--scheme", "--sector", "--code", "--key", "--park", "--date", "--tier", "--value", "--spec", "-o"),
    "recode": ("--scheme", "--sector", "--to", "--policy", "-o"),
    "export": ("--format", "-o"),
}  # fmt: skip


@pytest.mark.parametrize("name", ARGUMENTS)
def test_functions_take_the_arguments_by_these_names(name):
    found = list(inspect.signature(getattr(fi, name)).parameters)
    wanted = [argument for argument in ARGUMENTS[name] if argument != "id"]
    assert [argument for argument in found if argument in wanted] == wanted


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_there_with_the_common_options(name):
    options = {option for param in program.commands[name].params for option in param.opts}
    assert options >= {"--format", "--lang", "--catalog", "--quiet", *OPTIONS.get(name, ())}


def test_a_scheme_is_a_mapping_of_items(hefei):
    assert hefei.id == f"{HEFEI}@2024-05"
    assert (hefei.series, hefei.version, hefei.issuer) == (HEFEI, "2024-05", "hefei-htz")
    assert hefei.title["zh"] == "合肥高新区未来产业"
    assert hefei.sources
    assert hefei.formula.slots == ("2", "3", "X")
    assert not list(hefei.formula.check(hefei))
    item = hefei["quantum-information"]
    assert (item.code, item.label["zh"], item.label["en"]) == (
        "quantum-information",
        "量子信息",
        "quantum information",
    )
    assert "量子科技" in item.also["zh"]
    assert item.parent.slot == "2"
    assert item in item.parent.children
    assert hefei["frontier"].open
    assert item.level == item.parent.level + 1
    assert [i.code for i in hefei.values()] == list(hefei)
    assert len(hefei) == len(list(hefei))


def test_versions_are_chosen_by_name_or_date():
    assert fi.load(f"{SHENZHEN}@2022-06").version == "2022-06"
    assert fi.load(SHENZHEN, as_of="2023-01-01").version == "2022-06"
    assert fi.load(SHENZHEN).version == fi.catalog().series(SHENZHEN).versions[-1]
    assert any(series.id == HEFEI for series in fi.catalog())
    assert any(series.id == HEFEI for series in fi.catalog().search("合肥"))
    assert "hefei-htz" in fi.catalog().issuers


@pytest.mark.parametrize(
    ("label", "outcome", "code", "relation"),
    [
        ("可控核聚变", "resolved", "fusion-energy", "equals"),
        ("量子计算", "resolved", "quantum-information", "part_of"),
        ("元宇宙", "open", "metaverse", "equals"),
        ("新型显示", "outside", None, None),
        ("量子通迅", "unknown", None, None),
    ],
)
def test_a_resolution_has_these_fields(hefei, label, outcome, code, relation):
    r = hefei.resolve(label, as_of=None)
    assert (r.outcome, r.item and r.item.code, r.relation) == (outcome, code, relation)
    assert r.method in ("code", "label", "index", "hub", None)
    assert r.explain(lang="zh") != r.explain(lang="en")
    assert isinstance(r.candidates, tuple)
    assert isinstance(r.steps, tuple)
    assert r.parts == ()
    assert [x.label for x in hefei.resolve_many([label, label])] == [label]


def test_a_list_is_taken_apart(hefei):
    assert [p.code for p in hefei.resolve("量子信息与合成生物").parts] == [
        "quantum-information",
        "synthetic-biology",
    ]


def test_a_report_has_these_members():
    report = fi.validate(DATA, scheme=HEFEI, sector="行业", key="编号")
    assert not report.ok
    assert set(json.loads(report.to_json())) >= {"ok", "rows", "scheme", "summary", "findings"}
    assert set(report.to_dict()["findings"][0]) >= {
        "rule", "severity", "message", "column", "value", "count", "rows", "suggestion",
    }  # fmt: skip
    assert {f.rule for f in report.findings} == {"FI101", "FI103", "FI104", "FI111", "FI114"}
    assert report.to_frame().height == len(report.findings)
    assert "<html" in report.to_html()
    assert json.loads(report.to_sarif())["version"] == "2.1.0"
    assert report.merge(report).rows == 2 * report.rows
    assert report.summary["rows"] == DATA.height


def test_recode_adds_four_columns():
    coded = fi.recode(DATA, scheme=HEFEI, sector="行业", policy="keep")
    assert coded.columns == [
        *DATA.columns, "sector_code", "sector_label", "sector_relation", "sector_outcome",
    ]  # fmt: skip


def test_a_correspondence_has_these_members(tmp_path):
    c = fi.correspondence(HEFEI, SHENZHEN)
    m = c.translate("quantum-information")[0]
    assert (m.target, m.relation) == ("quantum-information", fi.Relation.EQ)
    assert c.invert().invert().maps == c.maps
    assert c.compose(c.invert()).target == c.source
    assert c.check() == []
    assert c.cardinality().per_map
    c.to_sssom(tmp_path / "a.sssom.tsv")
    assert len(fi.read_sssom(tmp_path / "a.sssom.tsv").maps) == len(c.maps)
    found = fi.relation_between(f"{HEFEI}#fusion-energy", f"{SHENZHEN}#new-energy")
    assert found == fi.Relation.PP
    assert found.derivation


def test_a_comparison_has_these_members():
    found = fi.compare([HEFEI, SHENZHEN, "miit/future-industries"])
    assert set(found.to_dict()) == {"schemes", "concepts", "shared", "distinct", "similarity"}
    assert set(found.shared()) <= set(found.matrix())
    assert not set(found.distinct(HEFEI)) & set(found.shared())
    assert found.to_frame().height == len(found.matrix())
    assert "<html" in found.to_html()
    assert found.chart() is not None
    assert len(found.similarity()) == 3


def _json(*arguments):
    done = CliRunner().invoke(program, [*arguments, "--format", "json"], standalone_mode=False)
    return json.loads(done.output)


def test_json_of_the_commands():
    labels = ["可控核聚变", "量子信息与合成生物", "可控核聚变"]
    found = _json("resolve", HEFEI, *labels)
    assert [entry["label"] for entry in found] == labels
    keys = {
        "label", "scheme", "outcome", "code", "item", "relation", "method", "via", "candidates",
        "parts", "explanation",
    }  # fmt: skip
    assert all(set(entry) == keys for entry in (*found, *found[1]["parts"]))
    maps = _json("map", HEFEI, SHENZHEN)
    assert set(maps) >= {"source", "target", "maps"}
    assert set(maps["maps"][0]) >= {
        "source", "target", "relation", "predicate", "confidence", "justification", "derivation",
    }  # fmt: skip
    changes = _json("diff", f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03")
    assert set(changes[0]) == {"change", "old", "new", "evidence"}
    compared = _json("compare", HEFEI, SHENZHEN)
    assert set(compared) == {"schemes", "concepts", "shared", "distinct", "similarity"}
