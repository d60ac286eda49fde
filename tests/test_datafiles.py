"""Data files: what is recognised, what is refused and where, and that files are whole."""

import contextlib
import os
import signal
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry import datafiles
from futureindustry.datafiles import read_table, steady, watching, write_table
from futureindustry.errors import ColumnNotFound, UnreadableData

HEFEI = "hefei-htz/future-industries"
CSV = "行业,数值\n量子信息,1\n量子通迅,2\n"


@pytest.fixture(params=["small", "large"])
def size(request, monkeypatch):
    """Read as a file that fits into memory, and as one that does not."""
    if request.param == "large":
        monkeypatch.setattr(datafiles, "_SMALL", 0)
    return request.param


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path, **options):
    frame, findings = read_table(path, **options)
    return frame.lazy().collect(), findings


# CSV


@pytest.mark.parametrize(
    ("content", "repaired"),
    [
        (CSV.encode(), None),
        (b"\xef\xbb\xbf" + CSV.encode(), None),
        (CSV.encode("gb18030"), "GB18030"),
        (CSV.encode("utf-16"), "UTF-16"),
        (CSV.replace("\n", "\r\n").encode(), None),
        (CSV.replace("\n", "\r").encode(), None),
        (CSV.replace("\n", "\r\n").encode("gb18030"), "GB18030"),
        (CSV.replace(",", "\t").encode("utf-16-le").join([b"\xff\xfe", b""]), "UTF-16"),
        (b"\n\n" + CSV.encode(), None),
        (b"sep=;\r\n" + CSV.replace(",", ";").encode(), None),
        (CSV.replace(",", "|").encode(), None),
        (CSV.encode().rstrip(b"\n"), None),
    ],
    ids=[
        "utf-8", "bom", "gb18030", "utf-16", "crlf", "cr", "gb18030-crlf", "utf-16-tab", "blank", "sep",
        "bar", "no-newline",
    ],
)  # fmt: skip
def test_encoding_delimiter_and_line_ends_are_recognised(tmp_path, size, content, repaired):
    frame, findings = read(write(tmp_path / "data.csv", content))
    assert frame.columns == ["行业", "数值"]
    assert frame.rows() == [("量子信息", "1"), ("量子通迅", "2")]
    assert [f.rule for f in findings] == (["FI116"] if repaired else [])
    assert all(repaired in f.say(lang) for f in findings for lang in ("zh", "en"))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)] * 2)
        | st.tuples(st.just("a,b;c"), st.just('say "x"\nand y')),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "gb18030"]),
    st.integers(1, 9),
)
def test_what_a_spreadsheet_writes_is_read_whatever_the_blocks(rows, delimiter, encoding, block):
    import csv
    import io
    import tempfile
    from pathlib import Path

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([("行业", "数值"), *rows])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = write(Path(folder) / "data.csv", out.getvalue().encode(encoding))
        whole, _ = read(path, encoding=encoding)
        assert [tuple(cell or "" for cell in row) for row in whole.rows()] == rows
        patch.setattr(datafiles, "_SMALL", 0)
        scanned, _ = read(path, encoding=encoding)
        assert scanned.equals(whole)
        text = "".join(datafiles._decoded(path, encoding))
        patch.setattr(datafiles, "_BLOCK", block)
        assert "".join(datafiles._decoded(path, encoding)) == text


def test_a_quotation_mark_inside_a_bare_cell_is_a_character(tmp_path):
    frame, _ = read(write(tmp_path / "data.csv", '行业,数值\n6" 晶圆,1\n量子信息,2\n'))
    assert frame["行业"].to_list() == ['6" 晶圆', "量子信息"]


def test_cells_left_out_at_the_end_of_a_row_are_missing(tmp_path, size):
    frame, _ = read(write(tmp_path / "data.csv", "行业,数值,注\n量子信息,1\n电机,2,x\n"))
    assert frame.rows() == [("量子信息", "1", None), ("电机", "2", "x")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("行业,数值\n量子信息,1\n量子信息,1,2\n", r":3: 3 cells, but the header has 2"),
        ("\n行业,数值\n量子信息,1,2\n", r":3: 3 cells"),
        ('行业,数值\n量子信息,1\n"电机,2\n量子信息,1\n', r":3: a quotation mark"),
        ('行业,数值\n"电机"厂,2\n量子信息,1\n', r":2: a quotation mark"),
        ("行业,数值,行业\n电机,2,x\n", r":1: two columns are called \"行业\" \(the 1st and the 3rd\)"),
        (CSV.encode()[:-1] + "量".encode()[:2], "middle of a character"),
        ((CSV * 20).encode() + "量子信息,1\n".encode("gb18030"), "damaged there"),
        ("行业,数值\n".encode() + b"\x81\xff,1\n", "neither UTF-8"),
    ],
)  # fmt: skip
def test_a_damaged_csv_is_refused_with_its_line(tmp_path, size, content, says):
    path = write(tmp_path / "data.csv", content)
    with pytest.raises(UnreadableData, match=says):
        fi.validate(path, scheme=HEFEI)


def test_an_encoding_that_is_given_is_taken_at_its_word(tmp_path):
    path = write(tmp_path / "data.csv", CSV.encode("gbk"))
    assert fi.validate(path, scheme=HEFEI, encoding="gbk").rows == 2
    with pytest.raises(UnreadableData, match="is not utf-8"):
        fi.validate(path, scheme=HEFEI, encoding="utf-8")
    with pytest.raises(UnreadableData, match="no encoding"):
        fi.validate(path, scheme=HEFEI, encoding="gb999")


def test_a_large_csv_gives_the_same_report_and_the_same_frame(tmp_path, monkeypatch):
    path = write(tmp_path / "data.csv", (CSV * 1).encode("gb18030"))
    small = fi.validate(path, scheme=HEFEI, value="数值", key="数值")
    coded = fi.recode(path, scheme=HEFEI)
    monkeypatch.setattr(datafiles, "_SMALL", 0)
    assert fi.validate(path, scheme=HEFEI, value="数值", key="数值").to_dict() == small.to_dict()
    assert fi.recode(path, scheme=HEFEI).equals(coded)


def test_ten_thousand_columns(tmp_path):
    names = [f"c{n}" for n in range(9_999)] + ["行业"]
    path = write(
        tmp_path / "data.csv", ",".join(names) + "\n" + ",".join(["1"] * 9_999 + ["电机"]) + "\n"
    )
    assert [f.rule for f in fi.validate(path, scheme=HEFEI).findings] == ["FI103"]


def test_the_copy_of_a_large_csv_lives_as_long_as_its_frame(tmp_path, monkeypatch):
    import gc
    import tempfile

    monkeypatch.setattr(datafiles, "_SMALL", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = write(tmp_path / "data.csv", CSV.encode("gb18030"))
    with watching(lambda *_: None):
        frame, _ = read_table(path)
        gc.collect()
        assert frame.collect().height == 2
        assert fi.validate(path, scheme=HEFEI).rows == 2
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del frame
    gc.collect()
    assert not list((tmp_path / "temporary").iterdir())


# Parquet


def test_a_folder_for_each_value_of_a_column(tmp_path):
    for year, label in ((2023, "量子信息"), (2024, "电机")):
        (tmp_path / f"年份={year}").mkdir()
        pl.DataFrame({"行业": [label]}).write_parquet(tmp_path / f"年份={year}" / "0.parquet")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    report = fi.validate(tmp_path, scheme=HEFEI, date="年份")
    assert [(f.rule, f.value) for f in report.findings] == [("FI103", "电机"), ("FI110", "2023")]
    assert fi.validate(f"{tmp_path}/*/*.parquet", scheme=HEFEI, date="年份").rows == 2


def test_a_glob_of_parquet_files(tmp_path):
    for n in range(3):
        pl.DataFrame({"行业": ["量子信息"]}).write_parquet(tmp_path / f"{n}.parquet")
    assert fi.validate(f"{tmp_path}/[01].parquet", scheme=HEFEI).rows == 2
    with pytest.raises(UnreadableData, match="no file matches"):
        fi.validate(f"{tmp_path}/x*.parquet", scheme=HEFEI)
    pl.DataFrame({"行业": ["量子信息"] * 5}).write_parquet(tmp_path / "a[01].parquet")
    assert fi.validate(f"{tmp_path}/a[01].parquet", scheme=HEFEI).rows == 5


@pytest.mark.parametrize("cut", [7, 200])
def test_a_parquet_file_that_is_cut_off_is_refused(tmp_path, cut):
    for name in ("0.parquet", "1.parquet"):
        pl.DataFrame({"行业": ["量子信息"] * 999}).write_parquet(tmp_path / name)
    path = tmp_path / "1.parquet"
    path.write_bytes(path.read_bytes()[:-cut])
    for data in (path, tmp_path):
        with pytest.raises(UnreadableData, match="cannot be read"):
            fi.validate(data, scheme=HEFEI)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = write(tmp_path / "data.csv", CSV)

    def grow():
        with steady(path), path.open("a", encoding="utf-8") as file:
            file.write("电机,3\n")

    with pytest.raises(UnreadableData, match="changed while it was read"):
        grow()


def test_who_watches_is_told_all_rows(tmp_path, size):
    pl.DataFrame({"行业": ["量子信息"] * 1000}).write_parquet(tmp_path / "data.parquet")
    told = []
    with watching(lambda rows, total: told.append((rows, total))):
        fi.validate(tmp_path / "data.parquet", scheme=HEFEI)
    assert {total for _, total in told} == {1000}
    assert sum(rows for rows, _ in told) == 1000


# Excel


def workbook(path, *sheets):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


def test_a_sheet_is_chosen_by_name(tmp_path):
    path = workbook(
        tmp_path / "data.xlsx",
        ("说明", [["行业"], ["电机"]]),
        ("数据", [["行业", "数值"], ["量子信息", 1]]),
    )
    assert fi.validate(path, scheme=HEFEI, sheet="数据").ok
    assert not fi.validate(path, scheme=HEFEI).ok
    with pytest.raises(UnreadableData, match="说明, 数据"):
        fi.validate(path, scheme=HEFEI, sheet="数居")
    with pytest.raises(ColumnNotFound, match="说明, 数据"):
        fi.validate(path, scheme=HEFEI, value="数值")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["行业", "数值", "行业"], ["电机", 1, "x"]], 'two columns are called "行业"'),
        ([["行业"]], "no rows"),
        ([], "no rows"),
        (
            [["表1 未来产业"], ["行业", "数值"], ["电机", 1]],
            "column B has no name in the first row",
        ),
        ([["行业"], ["电机", *range(27)]], "columns B, C, D, E, F, … have no name"),
        ([["行业", *map(str, range(26))], ["电机", *range(27)]], "column AB has no name"),
    ],
)
def test_sheets_that_are_no_table_are_refused(tmp_path, rows, says):
    path = workbook(tmp_path / "data.xlsx", ("数据", rows))
    with pytest.raises(UnreadableData, match=says):
        fi.validate(path, scheme=HEFEI)


# Writing


def test_a_lazy_frame_is_written_in_its_order(tmp_path):
    rows = 300_000
    labels = ["量子科技", "电机", None] * (rows // 3)
    pl.DataFrame({"行业": labels, "n": range(rows)}).write_parquet(tmp_path / "in.parquet")
    coded = fi.recode(tmp_path / "in.parquet", scheme=HEFEI)
    assert isinstance(coded, pl.LazyFrame)
    for suffix in (".parquet", ".csv"):
        path = write_table(coded, tmp_path / f"out{suffix}")
        found, _ = read(path)
        assert found["n"].cast(pl.Int64).equals(pl.Series("n", range(rows)))
        assert found["sector_code"].to_list() == ["quantum-information", None, None] * (rows // 3)
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "out.parquet").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("nameless", [True, False])
def test_what_fails_on_the_way_leaves_the_old_file(tmp_path, monkeypatch, nameless):
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = write(tmp_path / "out.csv", "old")
    broken = pl.LazyFrame({"n": ["1", "x"]}).with_columns(pl.col("n").cast(pl.Int64))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        write_table(broken, path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    write_table(pl.LazyFrame({"n": ["1"]}), path)
    assert path.read_text(encoding="utf-8-sig") == "n\n1\n"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(datafiles, "_EXCEL_ROWS", 3)
    with pytest.raises(UnreadableData, match="a sheet holds 3 rows"):
        write_table(pl.DataFrame({"n": range(4)}), tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are of Linux")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_recode_that_is_interrupted_leaves_nothing(tmp_path, sent):
    """Stopped in the middle of writing, when the first rows are on their way."""
    code = (
        "import sys, time, polars as pl\n"
        "from futureindustry.datafiles import write_table\n"
        "def wait(batch):\n"
        "    print('writing', flush=True); time.sleep(60); return batch\n"
        "frame = pl.LazyFrame({'n': range(9)}).map_batches(wait, streamable=True)\n"
        f"write_table(frame, {str(tmp_path / 'out.parquet')!r})\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    with process, contextlib.ExitStack() as stack:
        stack.callback(process.kill)
        assert process.stdout.read(7) == b"writing"
        process.send_signal(getattr(signal, sent))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_it_wrote(tmp_path):
    pl.DataFrame({"行业": ["量子科技", "电机", None]}).write_parquet(tmp_path / "in.parquet")
    done = subprocess.run(
        [sys.executable, "-m", "futureindustry", "recode", str(tmp_path / "in.parquet"), "--scheme", HEFEI,
         "-o", str(tmp_path / "out.csv"), "--format", "json"],
        check=True, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert '"rows": 3' in done.stdout
    assert '"missing": 1' in done.stdout
