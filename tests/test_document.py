"""Reports that people read: one document in four formats, with what each number rests on."""

import io
import re
import zipfile

import attrs
import polars as pl
import pytest

from futureindustry import memo
from futureindustry.changes import CHANGES
from futureindustry.document import CELL, Document, Entry, Evidence, Section, Table
from futureindustry.errors import FutureIndustryError

NASTY = '=<b>x|y\\</b>&"z'


def proof():
    return (Evidence("a is part of b [taxonomy/x.tsv:7]", "taxonomy/x.tsv", 7),)


def document(*tables, lang="zh", lines=("一句话。",)):
    return Document("标题", (Section("要点", lines, tuple(tables)),), ("说明",), lang)


def table(name="表", rows=(("甲", 1),), **more):
    return Table(name, ("名称", "数量"), rows, **more)


def sheets(found):
    """Read a workbook back: rows of texts and numbers by sheet, heads included."""
    read = pl.read_excel(
        io.BytesIO(found.to_excel()),
        sheet_id=0,
        read_options={"header_row": None},
        drop_empty_rows=False,
        raise_if_empty=False,
    )
    return {name: [tuple(row) for row in frame.iter_rows()] for name, frame in read.items()}


def part(found, name):
    with zipfile.ZipFile(io.BytesIO(found.to_excel())) as book:
        return book.read(name).decode()


def test_text_aligns_chinese_and_says_what_it_leaves_out():
    rows = (("甲", 1), ("乙乙", 20), ("丙", 3))
    text = document(table(rows=rows, shown=2, note="注。")).to_text()
    assert "  名称  数量\n  甲    1\n  乙乙  20\n  ……另有 1 行" in text
    assert "丙" not in text
    assert text.endswith("注。\n\n说明\n")
    assert "1 more rows" in document(table(rows=rows, shown=2), lang="en").to_text()


def test_a_cell_of_a_text_stays_in_one_line():
    text = document(table(rows=(("长" * 100 + "\n尾", 1),))).to_text()
    assert "长…  1\n" in text
    assert "尾" not in text


def test_a_table_that_is_not_shown_is_not_made():
    def made():
        raise AssertionError

    hidden = table(rows=made, shown=0, paged=0)
    found = document(hidden)
    assert "名称" not in found.to_text() + found.to_markdown() + found.to_html()


def test_markdown_and_html_keep_markup_out():
    found = document(table(rows=((NASTY, 1), (Entry(NASTY, proof=proof), 2))), lines=(NASTY,))
    markdown, html = found.to_markdown(), found.to_html()
    assert "<b>" not in markdown + html
    assert r"x\|y" in markdown
    assert html.count("&lt;b&gt;x|y") == 3


def test_html_unfolds_what_a_cell_rests_on():
    html = document(table(rows=((Entry("甲", "equals", proof), 1),))).to_html()
    said = re.search(r"<th scope=row class=\"k-equals\"><details>.*?</details></th>", html)[0]
    assert "a is part of b [taxonomy/x.tsv:7]" in said
    assert ".k-equals{" in html


def test_a_workbook_has_a_summary_a_sheet_for_each_table_and_the_evidence():
    found = sheets(document(table(rows=((Entry("甲", "equals", proof), 1), ("乙", 2.5)))))
    assert list(found) == ["摘要", "表", "依据"]
    assert found["表"] == [("名称", "数量"), ("甲", "1"), ("乙", "2.5")]
    assert found["依据"][1] == (
        "表",
        "甲",
        "名称",
        "a is part of b [taxonomy/x.tsv:7]",
        "taxonomy/x.tsv",
        "7",
    )
    said = [row[0] for row in found["摘要"]]
    assert said[0] == "标题"
    assert {"要点", "一句话。", "说明"} <= set(said)


def test_a_cell_links_to_its_evidence_and_heads_stay_in_sight():
    found = document(table(rows=(("甲", Entry(3, proof=proof)), ("乙", Entry("x", proof=proof)))))
    sheet = part(found, "xl/worksheets/sheet2.xml")
    links = re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', sheet)
    assert links == [("B2", "'依据'!A2"), ("B3", "'依据'!A3")]
    assert '<c r="B2" s="1"><v>3</v></c>' in sheet  # still a number
    assert 'topLeftCell="B2" activePane="bottomRight" state="frozen"' in sheet


def test_no_cell_of_a_workbook_is_a_formula():
    found = document(table(name="=1+1", rows=(("=1+1", "@x"), ("+2", "-3"))), lines=("=1+1",))
    with zipfile.ZipFile(io.BytesIO(found.to_excel())) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    assert sheets(found)["=1+1"][1:] == [("'=1+1", "'@x"), ("'+2", "'-3")]


def test_chinese_columns_are_wide_enough_and_long_ones_end():
    sheet = part(
        document(table(rows=(("量" * 10, 1), ("量" * 500, 2)))), "xl/worksheets/sheet2.xml"
    )
    widths = [
        float(width) for width in re.findall(r'<col min="\d" max="\d" width="([\d.]+)"', sheet)
    ]
    assert widths[0] >= 60
    assert widths[1] < 15


@pytest.mark.parametrize("name", ["a/b:c*[d]?", "很" * 40, "摘要", "依据", "'x'"])
def test_names_of_sheets_are_such_as_excel_takes(name):
    long = "字" * (CELL + 5)
    found = sheets(document(table(name), table(name.upper()), table(name, rows=((long, 1),))))
    assert len(found) == 4
    assert all(len(sheet) <= 31 and not re.search(r"[\[\]:*?/\\]", sheet) for sheet in found)
    assert len({sheet.lower() for sheet in found}) == 4


def test_the_same_document_gives_the_same_bytes():
    found = document(table(rows=((Entry("甲", "equals", proof), 1),)))
    assert found.to_excel() == found.to_excel()


def test_a_workbook_that_cannot_be_written_is_an_error_in_words(tmp_path):
    found = document(table())
    assert found.to_excel(tmp_path / "x.xlsx") == (tmp_path / "x.xlsx").read_bytes()
    with pytest.raises(FutureIndustryError, match="cannot be written"):
        found.to_excel(tmp_path / "none" / "x.xlsx")


def test_the_words_of_reports_are_there_in_both_languages():
    assert memo._SAYS["en"].keys() == memo._SAYS["zh"].keys()
    assert set(memo.CHANGES_ZH) == set(CHANGES)


def test_a_section_left_to_html_and_excel_says_so():
    found = Document("标题", (Section("覆盖", (), (table(shown=0),)),), (), "zh")
    assert "见 HTML 或 Excel" in found.to_text()
    assert "见 HTML 或 Excel" in found.to_markdown()
    assert "见 HTML" not in document(table(), table(shown=0)).to_text()


def test_a_numbered_page_writes_each_statement_once_and_links_to_it():
    rows = (("甲", Entry("x", proof=proof)), ("乙", Entry("y", proof=proof)))
    page = Document("标题", (Section("要点", (), (table(rows=rows),)),), numbered=True).to_html()
    assert page.count(proof()[0].text) == 1
    assert page.count("<a href=#e1>1</a>") == 2
    assert page.count("<li id=e1>") == 1
    named = tuple(attrs.evolve(e, of=of) for of in ("丙", "丁") for e in proof())
    rows = (*rows, ("戊", Entry("z", proof=lambda: named)))
    page = Document("标题", (Section("要点", (), (table(rows=rows),)),), numbered=True).to_html()
    assert page.count(proof()[0].text) == 1
    assert "<p>丙: <a href=#e1>1</a></p><p>丁: <a href=#e1>1</a></p>" in page
    assert f"丁: {proof()[0].text}" in document(table(rows=rows)).to_html()
    rows = rows[:2]
    plain = document(table(rows=rows)).to_html()
    assert plain.count(proof()[0].text) == 2
    assert "href=#e" not in plain
