"""The command line as a user sees it: results on stdout, one line for an error, exit statuses."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

import futureindustry as fi
from futureindustry import __version__
from futureindustry.cli import program

HEFEI = "hefei-htz/future-industries"
SHENZHEN = "shenzhen/20-plus-8"
MIIT = "miit/future-industries"
NEUTRAL = {"LC_ALL": "C", "LANG": None, "LC_MESSAGES": None, "FUTUREINDUSTRY_CATALOG": None}
SCHEME = """\
series: test-park/fields
version: "2030"
title: {zh: 试验园区产业, en: Industries of a test park}
issuer: test-park
published: "2030"
confidence: low
sources:
  - {id: s1, title: 试验, kind: primary}
items:
  - code: quantum
    label: {zh: 量子信息, en: quantum information}
    sources: [s1]
"""


def run(*args: str, stdin: str | bytes | None = None, env: dict | None = None) -> Result:
    result = CliRunner().invoke(
        program, args, input=stdin, env={**NEUTRAL, **(env or {})}, prog_name="futureindustry"
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def good(*args: str, status: int = 0, **more) -> str:
    result = run(*args, **more)
    assert result.exit_code == status, result.output
    return result.stdout


def data(*args: str, status: int = 0, **more):
    return json.loads(good(*args, "--format", "json", status=status, **more))


def wrong(*args: str, **more) -> str:
    """Run what must fail: status 2, nothing on stdout, one line on stderr."""
    result = run(*args, **more)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("futureindustry: ")
    return line


def process(*args: str, env: dict | None = None, **more) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT")}
    return subprocess.run(
        [sys.executable, "-m", "futureindustry", *args],
        check=False,
        env={**kept, **(env or {})},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("行业,数值\n量子信息,3\n量子科技,4\n电机,5\n", encoding="utf-8")
    return path


@pytest.fixture
def clean_table(tmp_path: Path) -> Path:
    path = tmp_path / "clean.csv"
    path.write_text("行业\n量子信息\n量子科技\n", encoding="utf-8")
    return path


@pytest.fixture
def own_catalog(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    (folder / "test-park" / "fields").mkdir(parents=True)
    (folder / "test-park" / "fields" / "2030.yaml").write_text(SCHEME, encoding="utf-8")
    return folder


# The group


def test_without_a_command_the_help_is_shown():
    said = good()
    assert said == good("--help") == good("-h")
    assert said.index("  list ") < said.index("  resolve ") < said.index("  schema ")


@pytest.mark.parametrize("name", program.commands)
def test_each_help_has_a_summary_an_example_and_the_common_options(name):
    said = good(name, "--help")
    assert f"futureindustry {name}" in said.partition("Example")[2]
    for option in ("--format", "--lang", "--catalog", "--quiet"):
        assert option in said
    assert program.commands[name].get_short_help_str(62).rstrip(".")[-3:] != "..."


def test_version():
    assert good("--version") == f"futureindustry {__version__}\n"


# Looking things up


def test_list_aligns_columns_in_the_terminal():
    lines = good("list", "shenzhen/", "--lang", "zh").splitlines()
    assert lines[0].split() == ["系列", "公式", "版本", "可信度", "局限", "名称"]
    [row] = [line for line in lines if line.startswith(SHENZHEN)]
    assert row.split()[1:4] == ["20+8", "2022-06,", "2024-03"]
    # A Chinese character takes two columns of the terminal.
    assert lines[0].index("公式") + 2 == row.index("20+8")


def test_list_gives_all_series():
    ids = [series["id"] for series in data("list")]
    assert HEFEI in ids
    assert ids == sorted(ids)
    assert len(good("list").splitlines()) == len(ids) + 1


def test_list_without_a_match_says_so_and_is_no_error():
    result = run("list", "qqqq")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "qqqq" in result.stderr
    assert run("list", "qqqq", "--quiet").stderr == ""
    assert data("list", "qqqq") == []


def test_show_draws_the_tree_and_says_what_is_not_known():
    said = good("show", HEFEI, "--lang", "zh")
    for part in (
        "2+3+X",
        "├─ 量子信息 [quantum-information]",
        "开放清单",
        "局限",
        "来源分歧",
        "科技日报",
    ):
        assert part in said


def test_show_cuts_large_classifications_and_says_so():
    said = good("show", "nbs/gbt-4754@2017")
    assert "117 of 1,971 items shown" in said
    assert "--depth 4" in said
    assert len(good("show", "nbs/gbt-4754@2017", "--depth", "4").splitlines()) > 1972


def test_show_in_other_formats():
    found = data("show", HEFEI)
    assert found["id"] == f"{HEFEI}@2024-05"
    assert found["items"][0]["items"][0]["code"] == "quantum-information"
    rows = list(csv.DictReader(io.StringIO(good("show", HEFEI, "--format", "csv"))))
    assert [row["code"] for row in rows if row["slot"] == "X"] == ["frontier"]
    assert good("show", HEFEI, "--format", "md").startswith("# ")


def test_show_the_version_of_a_date():
    assert data("show", SHENZHEN, "--as-of", "2023")["version"] == "2022-06"
    assert "no version valid on 1999" in wrong("show", SHENZHEN, "--as-of", "1999")


def test_a_scheme_may_be_a_file(own_catalog):
    path = str(own_catalog / "test-park" / "fields" / "2030.yaml")
    assert "试验园区产业" in good("show", path)
    assert data("resolve", path, "量子信息")[0]["code"] == "quantum"


def test_all_problems_of_a_file_are_said_line_by_line(tmp_path):
    path = tmp_path / "2030.yaml"
    path.write_text(
        SCHEME.replace("label:", "lable:").replace("title:", "tilte:"), encoding="utf-8"
    )
    result = run("show", str(path))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) >= 2
    assert all(line.startswith("futureindustry: ") for line in result.stderr.splitlines())
    assert f"{path}:" in result.stderr


# resolve


def test_resolve_gives_the_contracts_fields_in_the_order_given():
    found = data("resolve", HEFEI, "可控核聚变", "量子信息与空天信息")
    fields = {
        "label", "scheme", "outcome", "code", "item", "relation", "method", "via", "candidates",
        "parts", "explanation",
    }  # fmt: skip
    assert [set(r) for r in found] == [fields, fields]
    assert found[0]["code"] == "fusion-energy"
    assert [part["code"] for part in found[1]["parts"]] == [
        "quantum-information",
        "aerospace-technology",
    ]


def test_resolve_explains_each_label_in_one_line():
    lines = good("resolve", HEFEI, "可控核聚变", "元宇宙", "--lang", "en").splitlines()
    assert len(lines) == 2
    assert "equals fusion energy" in lines[0]
    assert "open tier X" in lines[1]


@pytest.mark.parametrize(
    ("label", "outcome", "status"),
    [
        ("量子科技", "resolved", 0),
        ("元宇宙", "open", 0),
        ("电机", "outside", 1),
        ("不存在的东西", "unknown", 1),
    ],
)
def test_resolve_exits_with_1_where_a_label_has_no_item(label, outcome, status):
    [found] = data("resolve", HEFEI, label, status=status)
    assert found["outcome"] == outcome


def test_resolve_reads_labels_from_stdin():
    text = "\ufeff量子信息\r\n\r\n 量子科技 \n"
    assert [r["label"] for r in data("resolve", HEFEI, "-", stdin=text)] == ["量子信息", "量子科技"]
    assert [r["label"] for r in data("resolve", HEFEI, "空天技术", "-", stdin="量子信息")] == [
        "空天技术",
        "量子信息",
    ]


def test_resolve_of_no_lines_is_empty():
    assert data("resolve", HEFEI, "-", stdin="") == []
    assert good("resolve", HEFEI, "-", stdin="\n") == ""


def test_resolve_reads_stdin_in_gb18030_and_says_so():
    result = run("resolve", HEFEI, "-", "--format", "json", stdin="量子信息".encode("gb18030"))
    assert [r["label"] for r in json.loads(result.stdout)] == ["量子信息"]
    assert "read as GB18030" in result.stderr
    assert "neither UTF-8 (byte 0) nor GB18030" in wrong("resolve", HEFEI, "-", stdin=b"\xff\xff")


def test_validate_says_that_no_table_comes_from_stdin():
    assert "not read from standard input" in wrong("validate", "-", "--scheme", HEFEI)


def test_csv_escapes_what_a_spreadsheet_would_run():
    said = good("resolve", HEFEI, "=1+1", "--format", "csv", status=1)
    assert "\n'=1+1," in said


# validate and recode


def test_validate_exits_with_1_on_errors_only(table, clean_table):
    assert "FI103" in good("validate", str(table), "--scheme", HEFEI, status=1)
    assert "FI104" in good("validate", str(clean_table), "--scheme", HEFEI)


def test_validate_gives_the_contracts_fields(table):
    found = data("validate", str(table), "--scheme", HEFEI, "--value", "数值", status=1)
    assert list(found) == ["ok", "rows", "scheme", "summary", "findings"]
    assert (found["ok"], found["rows"], found["scheme"]) == (False, 3, f"{HEFEI}@2024-05")
    fields = {"rule", "severity", "message", "column", "value", "count", "rows", "suggestion"}
    assert all(set(f) == fields for f in found["findings"])
    assert [(f["rule"], f["value"], f["rows"]) for f in found["findings"]] == [
        ("FI103", "电机", [3]),
        ("FI104", "量子科技", [2]),
    ]


def test_validate_takes_the_scheme_from_a_column(tmp_path):
    path = tmp_path / "parks.csv"
    path.write_text(
        "园区,行业,号\n合肥高新区,量子信息,1\n合肥高新区,量子信息,1\n", encoding="utf-8"
    )
    found = data("validate", str(path), "--park", "园区", "--key", "号", "--key", "行业")
    assert found["scheme"] == f"{HEFEI}@2024-05"
    assert [f["rule"] for f in found["findings"]] == ["FI111"]


def test_quiet_validate_says_errors_only(table, clean_table):
    assert run("validate", str(clean_table), "--scheme", HEFEI, "--quiet").output == ""
    said = good("validate", str(table), "--scheme", HEFEI, "--quiet", status=1)
    assert "FI103" in said
    assert "FI104" not in said


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("report.html", "<!doctype html>"),
        ("report.json", "{"),
        ("report.csv", "\ufeffrule,"),
        ("report.md", "3 rows"),
        ("report.txt", "FI103"),
        ("report.sarif", "{"),
        ("report.xml", "<?xml"),
    ],
)
def test_validate_writes_a_file_in_the_format_of_its_ending(table, name, begins):
    out = table.with_name(name)
    result = run("validate", str(table), "--scheme", HEFEI, "-o", str(out))
    assert (result.exit_code, result.stdout) == (1, "")
    assert out.read_text(encoding="utf-8").startswith(begins)
    assert f"{out} written" in result.stderr


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "data.spec.yaml"
    path.write_text(f"scheme: {HEFEI}\nsectors:\n  - column: 行业\n", encoding="utf-8")
    return path


def test_validate_writes_a_workbook(table):
    out = table.with_name("report.xlsx")
    good("validate", str(table), "--scheme", HEFEI, "-o", str(out), status=1)
    assert "FI103" in pl.read_excel(out)["Rule"].to_list()
    assert "a workbook is no text" in wrong(
        "validate", str(table), "--scheme", HEFEI, "--format", "xlsx"
    )


def test_a_specification_stands_for_the_options(table, spec):
    assert data("validate", str(table), "--spec", str(spec), status=1) == data(
        "validate", str(table), "--scheme", HEFEI, status=1
    )
    assert 'no column of labels "行页"; it has 行业' in wrong(
        "validate", str(table), "--spec", str(spec), "--sector", "行页"
    )
    out = table.with_name("coded.csv")
    good("recode", str(table), "--spec", str(spec), "-o", str(out))
    assert "sector_code" in pl.read_csv(out).columns


def test_a_wrong_specification_is_told_line_by_line(table, spec):
    spec.write_text("schem: x\npark: a\nsectors: [{colum: b}]\n", encoding="utf-8")
    result = run("validate", str(table), "--spec", str(spec))
    assert result.exit_code == 2
    assert [line.split(": ", 2)[2] for line in result.stderr.splitlines()] == [
        'unknown key "schem"; did you mean "scheme"?',
        'unknown key "colum"; did you mean "column"?',
    ]


def test_a_baseline_makes_the_check_pass_until_something_is_new(table, spec):
    baseline = table.with_name("baseline.yaml")
    options = ("validate", str(table), "--spec", str(spec))
    good(*options, "--write-baseline", str(baseline))
    assert data(*options, "--baseline", str(baseline))["findings"] == []
    with table.open("a", encoding="utf-8") as file:
        file.write("量子通迅,9\n")
    (found,) = data(*options, "--baseline", str(baseline), status=1)["findings"]
    assert (found["rule"], found["value"]) == ("FI101", "量子通迅")
    assert "input" in wrong(
        *options, "--baseline", str(baseline), "-o", str(baseline), "--format", "text"
    )
    assert "cannot be written" in wrong(
        *options, "--write-baseline", str(table.with_name("no") / "x.yaml")
    )


def test_what_is_certain_is_shown_and_written_elsewhere(table):
    before = table.read_bytes()
    options = ("validate", str(table), "--scheme", HEFEI)
    assert good(*options, "--diff").startswith("@@ 行业 @@\n- 量子科技\n+ 量子信息    FI104")
    assert data(*options, "--diff")[0]["new"] == "量子信息"
    out = table.with_name("mended.csv")
    result = run(*options, "--fix", str(out))
    assert "FI104" not in result.stdout
    assert "+ 量子信息" in result.stderr
    assert "量子信息" in out.read_text(encoding="utf-8")
    assert "is the input" in wrong(*options, "--fix", str(table))
    assert "end it in" in wrong(*options, "--fix", str(table.with_name("x.doc")))
    assert "text, json or csv" in wrong(*options, "--diff", "--format", "html")
    assert table.read_bytes() == before


def test_limit_says_what_is_left_out(table):
    said = data("validate", str(table), "--scheme", HEFEI, "--limit", "0", status=1)
    assert said["findings"] == []
    assert [left["rule"] for left in said["summary"]["left_out"]] == ["FI103", "FI104"]


def test_new_writes_a_specification_and_its_schema(tmp_path):
    path = tmp_path / "my.spec.yaml"
    good("new", "--spec", str(path))
    assert fi.read_specification(path).sectors[0].column == "行业"
    assert (
        "sectors" in json.loads((tmp_path / "dataset.schema.json").read_text("utf-8"))["properties"]
    )
    assert "already there" in wrong("new", "--spec", str(path))
    assert "name the scheme" in wrong("new")
    assert "sectors" in json.loads(good("schema", "--dataset"))["properties"]


def test_an_unknown_ending_needs_a_format(table):
    out = table.with_name("report.xyz")
    assert "add --format" in wrong("validate", str(table), "--scheme", HEFEI, "-o", str(out))
    assert not out.exists()
    run("validate", str(table), "--scheme", HEFEI, "-o", str(out), "--format", "json")
    assert json.loads(out.read_text(encoding="utf-8"))["rows"] == 3


def test_an_output_that_cannot_be_written_is_one_line(table):
    out = str(table.parent / "none" / "report.html")
    assert f"{out} cannot be written" in wrong("validate", str(table), "--scheme", HEFEI, "-o", out)


def test_an_output_through_a_link_keeps_the_link(table):
    out, link = table.with_name("report.json"), table.with_name("link.json")
    link.symlink_to(out)
    run("validate", str(table), "--scheme", HEFEI, "-o", str(link))
    assert link.is_symlink()
    assert json.loads(out.read_text(encoding="utf-8"))["rows"] == 3


def test_validate_reads_gb18030_and_says_so(tmp_path):
    path = tmp_path / "gbk.csv"
    path.write_text("行业\n量子信息\n", encoding="gb18030")
    assert [f["rule"] for f in data("validate", str(path), "--scheme", HEFEI)["findings"]] == [
        "FI116"
    ]
    assert data("validate", str(path), "--scheme", HEFEI, "--encoding", "gb18030")["findings"] == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("empty.xlsx", b"", "is empty"),
        ("empty.parquet", b"", "is empty"),
        ("binary.csv", b"\x00\x01\x02", "binary"),
        ("text.parquet", b"no parquet at all", "read"),
        ("text.xlsx", b"no workbook at all", "read: it is no Excel workbook"),
        ("data.doc", b"x", "no CSV, Parquet or Excel"),
    ],
)
def test_unreadable_data_is_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    assert said in wrong("validate", str(path), "--scheme", HEFEI)
    assert said in wrong("recode", str(path), "--scheme", HEFEI, "-o", str(tmp_path / "out.csv"))


def test_a_table_without_rows(tmp_path):
    path, out = tmp_path / "head.csv", str(tmp_path / "out.csv")
    path.write_text("行业\n", encoding="utf-8")
    assert "no rows" in wrong("validate", str(path), "--scheme", HEFEI)
    assert data("recode", str(path), "--scheme", HEFEI, "-o", out) == {
        "out": out,
        "rows": 0,
        "outcomes": {},
    }


def test_a_missing_file_gives_the_nearest(table):
    missing = str(table.with_name("dat.csv"))
    assert 'did you mean "data.csv"?' in wrong("validate", missing, "--scheme", HEFEI)


def test_a_folder_without_tables_is_refused(tmp_path):
    assert "folder" in wrong("validate", str(tmp_path), "--scheme", HEFEI)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_without_permission_is_one_line(table):
    table.chmod(0)
    assert "cannot be read" in wrong("validate", str(table), "--scheme", HEFEI)


def test_a_wrong_column_gives_the_nearest(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("行业名称,value\n量子信息,1\n", encoding="utf-8")
    assert 'did you mean "value"?' in wrong(
        "validate", str(path), "--scheme", HEFEI, "--sector", "行业名称", "--value", "valeu"
    )
    assert "行业名称" in wrong("validate", str(path), "--scheme", HEFEI)


def test_the_scheme_or_the_park_is_needed(table):
    assert "--park" in wrong("validate", str(table))
    assert "--park" in wrong("recode", str(table), "-o", "out.csv")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_recode_writes_what_validate_reads(clean_table, ending):
    out = clean_table.with_name(f"out{ending}")
    said = data("recode", str(clean_table), "--scheme", HEFEI, "-o", str(out))
    assert said == {"out": str(out), "rows": 2, "outcomes": {"resolved": 2}}
    assert data("validate", str(out), "--scheme", HEFEI, "--code", "sector_code")["rows"] == 2
    assert "sector_code" in wrong(
        "recode", str(out), "--scheme", HEFEI, "-o", str(out.with_name("x.csv"))
    )


def test_recode_counts_outcomes_and_overwrites_an_older_output(table):
    out = table.with_name("out.csv")
    out.write_text("old", encoding="utf-8")
    assert "resolved 2, outside 1" in good("recode", str(table), "--scheme", HEFEI, "-o", str(out))
    assert "量子科技,4,quantum-information,量子信息,equals,resolved" in out.read_text(
        encoding="utf-8"
    )
    assert run("recode", str(table), "--scheme", HEFEI, "-o", str(out), "--quiet").output == ""


def test_recode_mends_first_where_asked_and_shows_it(table):
    out = table.with_name("out.csv")
    result = run("recode", str(table), "--scheme", HEFEI, "--fix", "-o", str(out))
    assert result.exit_code == 0
    assert "- 量子科技\n+ 量子信息    FI104" in result.stderr
    assert "量子信息,4,quantum-information,量子信息,equals,resolved" in out.read_text(
        encoding="utf-8"
    )


def test_recode_to_another_scheme(clean_table):
    out = clean_table.with_name("out.csv")
    good("recode", str(clean_table), "--scheme", HEFEI, "--to", MIIT, "-o", str(out))
    assert "future-information" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", ["itself", "link", "hard link", "relative"])
def test_the_input_is_never_written_over(table, make, monkeypatch):
    before = table.read_bytes()
    out = table.with_name("out.csv")
    if make == "itself":
        out = table
    elif make == "link":
        out.symlink_to(table)
    elif make == "hard link":
        out.hardlink_to(table)
    else:
        monkeypatch.chdir(table.parent)
        out = Path("data.csv")
    assert "is the input" in wrong("recode", str(table), "--scheme", HEFEI, "-o", str(out))
    assert "is the input" in wrong(
        "validate", str(table), "--scheme", HEFEI, "-o", str(out), "--format", "csv"
    )
    assert table.read_bytes() == before


def test_an_output_within_the_folder_read_is_refused(clean_table):
    parts = clean_table.parent / "parts"
    parts.mkdir()
    good("recode", str(clean_table), "--scheme", HEFEI, "-o", str(parts / "a.parquet"))
    assert "is the input" in wrong(
        "recode", str(parts), "--scheme", HEFEI, "-o", str(parts / "b.parquet")
    )
    assert "is the input" in wrong(
        "validate",
        str(parts / "*.parquet"),
        "--scheme",
        HEFEI,
        "-o",
        str(parts / "a.parquet"),
        "--format",
        "json",
    )


def test_recode_refuses_other_endings_and_policies(table):
    assert ".parquet" in wrong("recode", str(table), "--scheme", HEFEI, "-o", "out.doc")
    out = str(table.with_name("out.csv"))
    assert '"explode"' in wrong(
        "recode", str(table), "--scheme", HEFEI, "-o", out, "--policy", "explod"
    )


# Between schemes


def test_map_gives_the_contracts_fields():
    found = data("map", HEFEI, SHENZHEN)
    assert list(found) == ["source", "target", "maps"]
    maps = {m["source"]: m for m in found["maps"]}
    assert set(maps["quantum-information"]) == {
        "source", "target", "relation", "word", "predicate", "weight", "confidence", "justification",
        "cardinality", "bundle", "derivation", "place",
    }  # fmt: skip
    assert maps["quantum-information"]["relation"] == "EQ"
    assert maps["quantum-information"]["predicate"] == "skos:exactMatch"
    assert maps["fusion-energy"]["word"] == "part_of"
    assert maps["fusion-energy"]["derivation"]


def test_map_says_sentences_and_what_is_left():
    said = good("map", HEFEI, SHENZHEN, "--lang", "zh")
    assert "聚变能源 是 新能源 [new-energy] 的一部分  (skos:broadMatch)" in said
    assert said.partition("没有对应类目")[2].strip().splitlines()[1].strip() == "元宇宙 [metaverse]"


def test_map_writes_sssom(tmp_path):
    from futureindustry import read_sssom

    out = tmp_path / "maps.sssom.tsv"
    good("map", HEFEI, SHENZHEN, "-o", str(out))
    assert len(read_sssom(out).maps) == len(data("map", HEFEI, SHENZHEN)["maps"])


def test_map_explains_each_map_in_sentences():
    plain, said = (
        good("map", HEFEI, SHENZHEN, *more, "--lang", "en") for more in ((), ("--explain",))
    )
    line = (
        "fusion energy (hefei-htz/future-industries) equals fusion energy (futureindustry/concepts)"
    )
    assert line not in plain
    assert line in said
    assert "Why: futureindustry relation" in plain
    assert "Cardinality of maps: 1:1" in said
    table = good("map", HEFEI, SHENZHEN, "--explain", "--format", "csv")
    assert table.partition("\n")[0].endswith("share_of,score,cardinality,justification,premises")
    assert table.count(".sssom.tsv:") >= len(data("map", HEFEI, SHENZHEN)["maps"])
    zh = data("map", HEFEI, SHENZHEN, "--lang", "zh")["maps"][0]["derivation"]
    assert "等同" in zh[0]


def test_map_says_weights_cardinality_and_bundles(tmp_path):
    folder = tmp_path / "mine"
    for name, codes in (("a", "xy"), ("b", "pq")):
        path = folder / "me" / name / "1.yaml"
        path.parent.mkdir(parents=True)
        items = "".join(f'  - {{code: {c}, label: {{zh: "{c}", en: "{c}"}}}}\n' for c in codes)
        path.write_text(
            f'series: me/{name}\nversion: "1"\ntitle: {{zh: "{name}"}}\nissuer: me\nitems:\n{items}'
        )
    rows = ["me.a:x\tskos:closeMatch\tme.b:p\tsemapv:ManualMappingCuration\t0.75",
            "me.a:x\tskos:closeMatch\tme.b:q\tsemapv:ManualMappingCuration\t0.25"]  # fmt: skip
    base = "https://w3id.org/futureindustry/"
    (folder / "mappings").mkdir()
    (folder / "mappings" / "me.a--me.b.sssom.tsv").write_text(
        f"#curie_map:\n#  me.a: {base}me/a/\n#  me.b: {base}me/b/\n#  fi: {base}\n"
        "#extension_definitions:\n#  - slot_name: ext_weight\n#    property: fi:ext/weight\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\text_weight\n"
        + "\n".join(rows) + "\n"
    )  # fmt: skip
    ends = ("map", "me/a", "me/b", "--catalog", str(folder))
    maps = data(*ends)["maps"]
    assert [(m["weight"], m["cardinality"], m["bundle"]) for m in maps] == [
        (0.75, "1:n", 1),
        (0.25, "1:n", 1),
    ]
    assert maps[0]["place"].endswith("me.a--me.b.sssom.tsv:9")
    assert "0.75 of it goes there" in good(*ends, "--lang", "en")
    assert ",0.75,," in good(*ends, "--format", "csv")
    assert "me.a--me.b.sssom.tsv:10" in good(*ends, "--explain")


@pytest.mark.parametrize("form", ["csv", "md", "html"])
def test_a_relation_is_a_table_of_its_premises(form):
    said = good("relation", f"{HEFEI}#fusion-energy", f"{SHENZHEN}#new-energy", "--format", form)
    assert "hefei-htz.future-industries--futureindustry.concepts.sssom.tsv:" in said
    assert "semapv:LogicalReasoning" in said
    if form == "csv":
        assert said.splitlines()[0] == "part,source,target,relation,word,reason,place,score"


def test_an_asserted_map_says_that_it_is():
    assert "as asserted in a file" in good("map", "eurostat/nace", "un/isic").splitlines()[0]


def test_relation_says_why():
    ends = f"{HEFEI}#fusion-energy", f"{SHENZHEN}#new-energy"
    said = good("relation", *ends, "--lang", "zh").splitlines()
    assert "的一部分" in said[0]
    assert len(said) > 2
    assert data("relation", *ends)["relation"] == "PP"


def test_relation_of_wrong_items_is_one_line():
    assert "add #code" in wrong("relation", HEFEI, f"{SHENZHEN}#new-energy")
    assert 'did you mean "fusion-energy"?' in wrong(
        "relation", f"{HEFEI}#fusion-enrgy", f"{SHENZHEN}#new-energy"
    )


def test_diff_leaves_out_what_is_unchanged():
    versions = f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03"
    found = data("diff", *versions)
    assert all(list(change) == ["change", "old", "new", "evidence"] for change in found)
    unchanged = sum(change["change"] == "unchanged" for change in found)
    said = good("diff", *versions)
    assert f"{unchanged} unchanged not shown" in said
    assert "intelligent robots [intelligent-robots]" in said
    assert "unchanged not shown" not in good("diff", *versions, "--all")
    assert "调整层级" in good("diff", *versions, "--lang", "zh")


def test_diff_of_the_same_version_says_that_nothing_has_changed():
    assert "nothing has changed" in good("diff", HEFEI, HEFEI)


def test_compare_gives_the_contracts_fields(tmp_path):
    found = data("compare", HEFEI, MIIT)
    assert list(found) == ["schemes", "concepts", "shared", "distinct", "similarity"]
    assert "quantum-information" in found["shared"]
    out = tmp_path / "both.html"
    good("compare", HEFEI, MIIT, "-o", str(out), "--lang", "zh")
    assert "方案比较" in out.read_text(encoding="utf-8")
    assert "共有" in good("compare", HEFEI, MIIT, "--lang", "zh")


def test_compare_needs_two_different_schemes():
    assert "two schemes" in wrong("compare", HEFEI)
    assert "two schemes" in wrong("compare", HEFEI, HEFEI)


# Keeping the catalogue


def test_check_of_a_good_file_and_of_a_broken_one(tmp_path):
    from futureindustry import catalog

    own = catalog().folders[0] / "hefei-htz"
    assert data("check", str(own))["ok"]
    broken = tmp_path / "2030.yaml"
    broken.write_text(SCHEME.replace("title:", "tilte:"), encoding="utf-8")
    said = good("check", str(broken), status=1)
    assert f"{broken}:3:1: FI202" in said
    findings = data("check", str(broken), status=1)["findings"]
    assert ("FI202", 3) in [(f["rule"], f["line"]) for f in findings]


def test_check_of_a_path_that_does_not_exist_is_one_line():
    assert "none.yaml" in wrong("check", "none.yaml")


def test_docs_writes_pages(tmp_path):
    result = run("docs", str(tmp_path / "site"), "--scheme", HEFEI, "--format", "md")
    assert result.exit_code == 0
    assert (tmp_path / "site" / "index.md").is_file()
    assert not (tmp_path / "site" / "index.html").exists()
    assert str(tmp_path / "site" / "index.md") in result.stderr


def test_docs_into_a_file_is_refused(table):
    assert "is a file" in wrong("docs", str(table))


def test_rule_explains_and_lists():
    assert good("rule", "fi101").startswith("FI101 unknown label (error)\n")
    assert good("rule", "FI101", "--lang", "zh").startswith("FI101 未知名称(错误)\n")
    assert len(good("rule").splitlines()) == len(data("rule")) + 1
    assert "did you mean" in wrong("rule", "FI999")


def test_schema_is_the_json_schema_of_scheme_files():
    assert "items" in json.loads(good("schema"))["properties"]


# Common options


@pytest.mark.parametrize("place", ["before", "after"])
def test_catalog_adds_schemes_for_one_run(own_catalog, place):
    args = ["show", "test-park/fields", "--format", "json"]
    args[(0 if place == "before" else len(args)) : 0] = ["--catalog", str(own_catalog)]
    assert json.loads(good(*args))["series"] == "test-park/fields"
    assert "test-park/fields" in wrong("show", "test-park/fields")


def test_catalog_comes_on_top_of_the_environment(own_catalog, tmp_path):
    (tmp_path / "other").mkdir()
    env = {"FUTUREINDUSTRY_CATALOG": str(own_catalog)}
    assert good("show", "test-park/fields", "--catalog", str(tmp_path / "other"), env=env)


@pytest.mark.parametrize("folder", ["", "no-such-folder", f"a{os.pathsep}b"])
def test_a_wrong_catalog_is_one_line(folder):
    assert "folder" in wrong("list", "--catalog", folder)


def test_lang_before_and_after_the_command():
    assert good("--lang", "zh", "list", "合肥") == good("list", "合肥", "--lang", "zh")
    assert "合肥高新区" in good("list", "合肥", "--lang", "zh")
    assert "合肥" not in good("list", "合肥", "--lang", "en")


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"LC_ALL": None}, "en"),
        ({"LC_ALL": None, "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": None, "LC_MESSAGES": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW", "LANG": "en_GB"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_locale_decides_the_language(env, lang):
    assert good("rule", "FI101", env=env) == good("rule", "FI101", "--lang", lang)


@pytest.mark.parametrize("name", ["list", "rule"])
@pytest.mark.parametrize("kind", ["text", "json", "csv", "html", "md"])
def test_tables_come_in_every_format(name, kind):
    said = good(name, "--format", kind)
    starts = {"json": "[", "html": "<!doctype html>", "md": "| "}
    assert said.startswith(starts.get(kind, ""))
    assert said.endswith("\n")


def test_a_format_that_a_command_does_not_offer_names_those_it_does():
    assert "text, json, csv, md" in wrong("show", HEFEI, "--format", "html")
    assert "there is json" in wrong("--format", "html", "schema")
    assert 'did you mean "json"?' in wrong("list", "--format", "jsn")


# Wrong use


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["shw", HEFEI], 'did you mean "show"?'),
        (["zzz"], "there are list, show"),
        (["show"], "missing argument 'SCHEME'"),
        (["show", HEFEI, "--dpth", "1"], "did you mean --depth?"),
        (["show", HEFEI, "--depth", "0"], "depth"),
        (["--lagn", "zh", "list"], "did you mean --lang?"),
        (["list", "a", "b"], "unexpected extra argument"),
        (["list", "--lang", "fr"], "'fr' is not one of"),
        (["show", "hefei-htz/future-industry"], f'did you mean "{HEFEI}"?'),
        (["show", f"{HEFEI}@2024-06"], 'did you mean "2024-05"?'),
        (["show", "no id at all"], "issuer/series"),
        (["map", HEFEI, "nowhere/nothing"], 'no scheme "nowhere/nothing"'),
        (["diff", HEFEI], "missing argument 'B'"),
        (["recode", "data.csv", "--scheme", HEFEI], "-o"),
    ],
)
def test_wrong_use_is_one_line_with_a_hint(args, said):
    assert said in wrong(*args)


# The process itself


def test_the_process_writes_utf8_in_the_c_locale():
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = process("resolve", HEFEI, "可控核聚变", "--lang", "zh", env=env)
    assert done.returncode == 0
    assert "聚变能源" in done.stdout.decode("utf-8")
    done = process("show", "没有", env=env)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode("utf-8").startswith('futureindustry: "没有"')


def test_a_closed_pipe_is_quiet():
    read, write = os.pipe()
    os.close(read)
    done = process("rule", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("wb") as full:
        done = process("rule", stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith(b"futureindustry: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_result_that_does_not_fit_is_an_error(tmp_path, unbuffered):
    command = f"ulimit -f 8; exec {sys.executable} -B -m futureindustry schema > out"
    done = subprocess.run(
        ["sh", "-c", command],
        stderr=subprocess.PIPE,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert done.returncode == 2
    assert done.stderr == b"futureindustry: File too large\n"


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_how_to_get_it(tmp_path, missing):
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        f"u.find_spec = lambda name, package=None: None if name == {missing!r} else found(name, package)\n",
        encoding="utf-8",
    )
    done = process("list", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert done.stderr.decode() == (
        'the command line needs an extra: pip install "futureindustry[cli]"\n'
    )


def test_the_start_imports_nothing_heavy():
    code = (
        "import sys, futureindustry.cli\n"
        "heavy = {'attrs', 'yaml', 'narwhals', 'polars', 'rich', 'difflib', 'json', 'csv'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"[]"]


def test_new_writes_a_file_that_only_lacks_facts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("new", "yantai/future-industries@2025-03")
    assert result.exit_code == 0
    path = Path(result.stdout.strip())
    assert path.parts[-3:] == ("yantai", "future-industries", "2025-03.yaml")
    assert run("resolve", str(path), "量子科技").exit_code == 0
    before = path.read_bytes()
    again = run("new", "yantai/future-industries@2025-03")
    assert again.exit_code == 2
    assert path.read_bytes() == before


def test_new_refuses_what_is_no_identifier(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("new", "../outside").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_format_changes_the_writing_and_no_fact(tmp_path, monkeypatch):
    from futureindustry.files import read_scheme_file

    monkeypatch.chdir(tmp_path)
    path = Path(run("new", "yantai/future-industries@2025-03").stdout.strip())
    facts = read_scheme_file(path)
    assert run("format", str(path)).exit_code == 0
    once = path.read_bytes()
    assert read_scheme_file(path) == facts
    run("format", str(path))
    assert path.read_bytes() == once


def test_history_of_a_series_and_of_a_concept():
    assert "split-off" in good("history", SHENZHEN) or "merger" in good("history", SHENZHEN)
    first = json.loads(good("history", "low-altitude-economy", "--format", "json"))[0]
    assert first["scheme"] == "nanjing/125@2021-01"
    assert "one version" in run("history", HEFEI).stderr


def test_compare_against_a_reference():
    args = ("compare", HEFEI, SHENZHEN, "--reference", "npc/five-year-plan-future-industries")
    data = json.loads(good(*args, "--format", "json"))
    cells = {row["item"]["zh"]: row["cells"] for row in data["items"]}
    assert len(cells["量子科技"]) == 2
    assert "covered by nobody" in good(*args) or all(row["cells"] for row in data["items"])


def test_annotate_finds_mentions_and_flags_them():
    text = "园区布局量子科技,不涉及合成生物。"
    found = json.loads(good("annotate", "-", "--scheme", HEFEI, "--format", "json", stdin=text))
    assert [m["text"] for m in found] == ["量子科技", "合成生物"]
    assert [m["negated"] for m in found] == [False, True]
    assert found[0]["items"]["hefei-htz/future-industries@2024-05"]["code"] == "quantum-information"


def test_annotate_keeps_the_offsets_of_what_it_reads(tmp_path):
    text = "  园区布局6G。\r\n\r\n  从事量子计算"
    path = tmp_path / "t.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    for where, given in (("-", text), (str(path), None)):
        found = json.loads(good("annotate", where, "--format", "json", stdin=given))
        assert [text[m["start"] : m["end"]] for m in found] == ["6G", "量子计算"]


def test_annotate_reads_gb18030_and_says_so(tmp_path):
    path = tmp_path / "gbk.txt"
    path.write_bytes("从事量子计算".encode("gb18030"))
    result = run("annotate", str(path), "--format", "csv")
    assert result.exit_code == 0
    assert "量子计算" in result.stdout
    assert "GB18030" in result.stderr


@pytest.mark.parametrize("name", ["a folder", "nothing", "binary"])
def test_annotate_refuses_what_is_no_text_in_one_line(tmp_path, name):
    path = tmp_path / name
    if name == "a folder":
        path.mkdir()
    if name == "binary":
        path.write_bytes(b"\x7fELF\x00\x01")
    result = run("annotate", str(path))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert name in result.stderr


@pytest.mark.parametrize("form", ["text", "json", "csv", "md", "html"])
def test_annotate_takes_a_column_of_a_table(tmp_path, form):
    path = tmp_path / "t.csv"
    path.write_text("代码,业务\na,从事量子计算\nb,\nc,不涉及6G\n", encoding="utf-8")
    out = good("annotate", str(path), "--column", "业务", "--key", "代码", "--format", form)
    assert "量子计算" in out
    assert ("concepts#6g" if form in ("json", "csv") else "quantum computing") in out
    if form == "json":
        found = json.loads(out)
        assert [(m["代码"], m["text"], m["negated"]) for m in found] == [
            ("a", "量子计算", False), ("c", "6G", True),
        ]  # fmt: skip


def test_annotate_says_of_a_column_what_it_says_of_a_text(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("业务\n不涉及量子计算\n", encoding="utf-8")
    options = ("--scheme", HEFEI, "--lang", "zh")
    of_a_text = good("annotate", "-", *options, stdin="不涉及量子计算").splitlines()
    of_a_column = good("annotate", str(path), "--column", "业务", *options).splitlines()
    assert of_a_text[1].split()[1:] == of_a_column[1].split()[2:]
    assert of_a_text[0].split()[1:] == of_a_column[0].split()[2:]
    assert of_a_text[1].split()[-1] == "否定"


def test_annotate_takes_the_version_in_force_on_a_date():
    options = ("--scheme", SHENZHEN.partition("@")[0], "--format", "json")
    for day, version in (("2023-01", "2022-06"), ("2024-06", "2024-03")):
        found = json.loads(good("annotate", "-", *options, "--as-of", day, stdin="从事量子计算"))
        assert list(found[0]["items"]) == [f"shenzhen/20-plus-8@{version}"]
    assert "no version valid on 2010" in wrong(
        "annotate", "-", *options, "--as-of", "2010", stdin="a"
    )


def test_annotate_names_the_nearest_column_and_wants_one_for_a_key(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("代码,主营业务\na,从事量子计算\n", encoding="utf-8")
    assert "主营业务" in run("annotate", str(path), "--column", "主营").stderr
    assert "--column" in run("annotate", str(path), "--key", "代码").stderr


def test_specialisation_gives_location_quotients(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("园区,行业,产值\nA,量子信息,30\nA,电机,10\nB,电机,60\n", encoding="utf-8")
    args = ("specialisation", str(path), "--park", "园区", "--sector", "行业", "--value", "产值")
    cells = json.loads(good(*args, "--format", "json"))["cells"]
    assert {(c["park"], c["sector"]): c["lq"] for c in cells}["A", "量子信息"] == 2.5


@pytest.mark.parametrize("ending", ["svg", "html", "json"])
def test_compare_draws_a_chart(tmp_path, ending):
    path = tmp_path / f"heat.{ending}"
    good("compare", HEFEI, SHENZHEN, "--chart", str(path), "--lang", "zh")
    assert "量子信息" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "args",
    [
        ("show", HEFEI),
        ("show", HEFEI, "--kind", "sunburst"),
        ("diff", f"{SHENZHEN}@2022-06", SHENZHEN),
        ("history", SHENZHEN),
        ("history", "quantum-information"),
        ("compare", HEFEI, SHENZHEN, "--kind", "similarity"),
    ],
)
def test_what_has_a_picture_is_drawn_into_a_file(tmp_path, args):
    path = tmp_path / "picture.svg"
    result = run(*args, "--chart", str(path), "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{path} written\n"
    assert path.read_text(encoding="utf-8").startswith("<svg")


def test_specialisation_is_drawn_into_a_file(tmp_path):
    data_, path = tmp_path / "s.csv", tmp_path / "lq.json"
    data_.write_text("园区,行业,产值\nA,量子信息,30\nA,电机,10\nB,电机,60\n", encoding="utf-8")
    args = ("specialisation", str(data_), "--park", "园区", "--sector", "行业", "--value", "产值")
    for kind, series in (("heatmap", "heatmap"), ("bars", "bar"), ("lorenz", "line")):
        good(*args, "--chart", str(path), "--kind", kind)
        assert json.loads(path.read_text("utf-8"))["series"][0]["type"] == series


@pytest.mark.parametrize(
    "command", [("show", HEFEI), ("history", SHENZHEN), ("compare", HEFEI, SHENZHEN)]
)
def test_a_picture_with_another_ending_is_one_clear_line(tmp_path, command):
    said = wrong(*command, "--chart", str(tmp_path / "a.jpg"))
    assert 'pictures are not written as ".jpg"' in said
    assert "--chart" in said
    assert 'did you mean ".html"' in wrong(*command, "--chart", str(tmp_path / "a.htm"))
    assert list(tmp_path.iterdir()) == []
    assert "a.svg" in wrong(*command, "--chart", str(tmp_path / "nowhere" / "a.svg"))


def test_a_picture_does_not_swallow_another_option(tmp_path):
    args = ("compare", HEFEI, SHENZHEN, "--chart", str(tmp_path / "a.svg"))
    assert "leave out --out or --chart" in wrong(*args, "-o", str(tmp_path / "a.html"))
    said = wrong(*args, "--reference", "npc/five-year-plan-future-industries")
    assert "leave out --reference or --chart" in said
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_picture_is_one_clear_line(tmp_path):
    assert "sunburst" in wrong("show", HEFEI, "--chart", str(tmp_path / "a.svg"), "--kind", "pie")


# Reports of comparisons and changes


def test_a_workbook_needs_a_file(tmp_path):
    for args in (
        ("compare", HEFEI, MIIT),
        ("diff", f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03"),
        ("history", "quantum-information"),
        ("compare", HEFEI, SHENZHEN, "--reference", MIIT),
    ):
        assert "name a file" in wrong(*args, "--format", "xlsx")
        path = tmp_path / "report.xlsx"
        good(*args, "-o", str(path), "--lang", "zh")
        assert path.read_bytes()[:2] == b"PK"
        path.unlink()


def test_compare_takes_the_whole_catalogue_by_kind_and_date():
    found = data("compare", "--of", "park", "--as-of", "2024-05")
    assert {s["kind"] for s in found["schemes"]} == {"park"}
    assert all((s["valid"]["from"] or s["published"] or "") < "2024-06" for s in found["schemes"])
    assert "name them, or give --all or --of" in wrong("compare")
    assert "name them, or give --all or --of" in wrong("compare", HEFEI, "--all")
    assert 'did you mean "park"' in wrong("compare", "--of", "parks")


def test_coverage_is_written_as_a_page_too(tmp_path):
    out = tmp_path / "coverage.html"
    good("compare", HEFEI, SHENZHEN, "--reference", MIIT, "-o", str(out), "--lang", "zh")
    assert "无方案覆盖" in out.read_text(encoding="utf-8")


def test_diff_compares_a_series_with_itself_at_a_date():
    found = data("diff", SHENZHEN, "--from", "2023")
    assert found == data("diff", f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03")
    assert "missing argument 'B'" in wrong("diff", SHENZHEN)
    same = data("diff", SHENZHEN, "--from", "2023", "--to", "2023")
    assert {c["change"] for c in same} == {"unchanged"}


def test_evidence_is_in_the_language_asked_for():
    args = ("diff", f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03")
    assert "中没有延续区块链的类目" in good(*args, "--lang", "zh")
    assert "continues blockchain" in good(*args, "--lang", "en")


def test_history_up_to_a_date(tmp_path):
    everything = data("history", "low-altitude-economy")
    early = data("history", "low-altitude-economy", "--as-of", "2023")
    assert 0 < len(early) < len(everything)
    assert "sssom.tsv:" in early[0]["evidence"]
    out = tmp_path / "history.html"
    good("history", SHENZHEN, "-o", str(out))
    assert "breakdown" in out.read_text(encoding="utf-8")


def test_dates_pick_the_versions_of_maps_relations_and_recoding(tmp_path):
    assert data("map", SHENZHEN, HEFEI, "--as-of", "2024-06")["source"].endswith("@2024-03")
    old = data("map", f"{SHENZHEN}@2022-06", HEFEI, "--as-of", "2024-06")
    assert old["source"].endswith("@2022-06")
    said = data(
        "relation", f"{SHENZHEN}#blockchain", f"{SHENZHEN}@2022-06#blockchain", "--as-of", "2023"
    )
    assert said["relation"] == "EQ"
    path, out = tmp_path / "x.csv", tmp_path / "y.csv"
    path.write_text("行业\n区块链\n新材料\n", encoding="utf-8")
    args = (
        "recode",
        str(path),
        "--scheme",
        f"{SHENZHEN}@2022-06",
        "--to",
        SHENZHEN,
        "-o",
        str(out),
    )
    good(*args, "--reason", "--lang", "zh")
    assert "拆分:" in out.read_text(encoding="utf-8-sig")
    assert "删除:" in out.read_text(encoding="utf-8-sig")


def test_specialisation_as_a_workbook_over_a_correspondence(tmp_path):
    path, out = tmp_path / "x.csv", tmp_path / "lq.xlsx"
    path.write_text("园区,行业,产值\nA,量子科技,1\nB,可控核聚变,2\n", encoding="utf-8")
    args = ("specialisation", str(path), "--park", "园区", "--sector", "行业", "--value", "产值")
    good(*args, "--scheme", HEFEI, "--to", MIIT, "-o", str(out))
    assert out.read_bytes()[:2] == b"PK"


def test_versions_of_two_series_are_called_so():
    found = run("diff", "hefei-htz/future-industries", "shenzhen/20-plus-8", "--lang", "en")
    assert "are of two series" in found.stderr
    same = run("diff", "shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8", "--lang", "en")
    assert same.stderr == ""


def test_what_is_left_out_of_a_date_is_said_beside_the_result():
    found = run("compare", "--of", "park", "--as-of", "2024-05", "--format", "csv", "--lang", "en")
    assert "wuhan-donghu-htz/5-plus-2@undated" in found.stderr
    assert "@undated" not in found.stdout


def test_map_puts_small_overlaps_last_and_says_how_small():
    text = good("map", SHENZHEN, "guangdong/20-strategic-clusters", "--lang", "en")
    block = text.split("[low-altitude-economy-and-aerospace]\n", 1)[1].split("\n\n", 1)[0]
    assert block.splitlines()[-1].endswith(
        "hub concepts in common: 1, 2% of the first, 3% of the second)"
    )
    assert "in common" not in good("map", HEFEI, "nbs/gbt-4754@2017", "--lang", "en")
    asked = data("map", SHENZHEN, "guangdong/20-strategic-clusters")["maps"]
    assert len(asked) == sum("skos:" in line for line in text.splitlines())
