"""The README and the pages of docs/ run as they stand; docstring examples as well."""

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
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```(python|sh)\n(.*?)```", re.DOTALL)
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


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_run(name):
    module = importlib.import_module(f"futureindustry.{name}")
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
