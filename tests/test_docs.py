"""The README and the pages of docs/ run as they stand; docstring examples as well.

A page in Chinese is not run a second time: its examples are those of the page in English.
"""

import ast
import doctest
import importlib
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import futureindustry
from engines import spark_session
from futureindustry.cli import program

ROOT = Path(__file__).parent.parent
CHINESE = sorted((ROOT / "docs").glob("*.zh.md"))
PAGES = [
    *sorted(ROOT.glob("README*.md")),
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page not in CHINESE),
]
BLOCK = re.compile(r"```(python|sh)\n(.*?)```", re.DOTALL)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = [
    pytest.param(lang, code, id=f"{page.name}-{n}")
    for page in PAGES
    for n, (lang, code) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
]
MODULES = sorted(
    {home.partition(".")[0] for home in futureindustry._HOMES.values()} | {"text", "formula"}
)


@pytest.mark.parametrize(("lang", "code"), BLOCKS)
def test_the_examples_of_the_pages_run(lang, code, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    if lang == "python":
        import polars as pl

        frame = pl.DataFrame({"行业": ["量子信息", "可控核聚变"], "企业编号": ["a", "b"]})
        names = {"frame": frame, "fi": futureindustry}
        if "SparkSession" in code:
            spark_session()
            frame.rename({"企业编号": "统一社会信用代码"}).write_parquet(tmp_path / "firms")
            code = code.replace("s3a://lake", str(tmp_path))
        exec(compile(code, "example", "exec"), names)  # noqa: S102 - our own pages
        return
    for line in code.splitlines():
        command = shlex.split(line, comments=True)
        if command[:1] != ["futureindustry"] or {"<", ">"} & set(command):
            continue
        args = [
            str(tmp_path / a)
            if before == "-o" or a.startswith(("picture.", "out/", "parks."))
            else a
            for before, a in pairwise(command)
        ]
        result = CliRunner().invoke(program, args)
        assert result.exit_code in {0, 1}, result.output


def _without_language(lang, code):
    """An example without its comments and without the language that it asks for."""
    if lang == "python":
        return ast.dump(ast.parse(code.replace('"en"', '"zh"')))
    if lang != "sh":
        return len(code.splitlines())
    lines = []
    for line in code.splitlines():
        words = shlex.split(line, comments=True)
        while "--lang" in words:
            at = words.index("--lang")
            del words[at : at + 2]
        lines.append(words)
    return lines


def _shape(text):
    """Levels of the headings, and how many cells each row of a table has."""
    prose = FENCED.sub("", text)
    return [
        len(line.partition(" ")[0]) if line.startswith("#") else (line.count("|"),)
        for line in prose.splitlines()
        if line.startswith(("#", "|"))
    ]


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_a_page_in_chinese_has_the_examples_and_the_structure_of_the_one_in_english(page):
    english = page.with_name(page.name.replace(".zh.md", ".md"))
    ours, theirs = (p.read_text(encoding="utf-8") for p in (page, english))
    assert f"]({english.name})" in ours and f"]({page.name})" in theirs  # noqa: PT018
    assert _shape(ours) == _shape(theirs)
    for mine, other in zip(FENCED.findall(ours), FENCED.findall(theirs), strict=True):
        assert mine[0] == other[0]
        assert _without_language(*mine) == _without_language(*other)
    for _, code in FENCED.findall(ours):
        assert '"en"' not in code
        for line in code.splitlines():
            name, asked = re.match(r"futureindustry (\w+)", line), re.search(r"--lang (\w+)", line)
            if name and asked:
                assert asked[1] == "zh"
                assert any("--lang" in p.opts for p in program.commands[name[1]].params), line


@pytest.mark.parametrize("page", [*PAGES, *CHINESE], ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", prose):
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads]
            assert anchor in slugs, f"{target}#{anchor}"


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_run(name):
    module = importlib.import_module(f"futureindustry.{name}")
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
