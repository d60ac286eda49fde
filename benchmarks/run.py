"""
Measure the goals, each as a ratio against a named peer or floor in the same run.

    python benchmarks/run.py [--rows 10000000] [--labels 1000000] [--only NAME] [-o docs/benchmarks.md]

All takes about a quarter of an hour on a quiet machine, `--rows 1000000 --labels 10000` two
minutes. Of the page that -o names, all from "How to read this" on is kept.

Medians of interleaved runs, with the smallest and largest; whole processes are measured from
outside, functions inside one process after a warm-up.
"""

import argparse
import csv
import difflib
import io
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import futureindustry as fi

HEFEI = "hefei-htz/future-industries"
Row = tuple[str, str, str, str, str]


def times(function: Callable[[], object], n: int) -> list[float]:
    found = []
    for _ in range(n):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return found


def process(code: str) -> Callable[[], object]:
    # Compiled modules are kept, as on any machine where the library is installed.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, env=env)


def paired(
    a: Callable[[], object], b: Callable[[], object], n: int
) -> tuple[list[float], list[float]]:
    """Run the two in turn, so that a drift of the machine meets both."""
    a(), b()
    first, second = [], []
    for _ in range(n):
        first += times(a, 1)
        second += times(b, 1)
    return first, second


def shown(seconds: list[float]) -> str:
    def one(value: float) -> str:
        return f"{value * 1000:.1f}" if value < 10 else f"{value * 1000:,.0f}"

    return f"{one(statistics.median(seconds))} ms ({one(min(seconds))}–{one(max(seconds))})"


def ratio(a: list[float], b: list[float]) -> str:
    return f"{statistics.median(x / y for x, y in zip(a, b, strict=True)):.2f}×"


def row_import() -> Row:
    ours, floor = paired(process("import futureindustry"), process("pass"), 15)
    extra = (statistics.median(ours) - statistics.median(floor)) * 1000
    return (
        "import futureindustry",
        "+10 ms over bare Python",
        shown(ours),
        shown(floor),
        f"+{extra:.1f} ms",
    )


def row_process() -> Row:
    code = f"import futureindustry as fi; fi.load({HEFEI!r}).resolve('可控核聚变')"
    ours, floor = paired(process(code), process("import attrs, yaml"), 15)
    return (
        "import, load, resolve (process)",
        "< 1.5× import attrs, yaml",
        shown(ours),
        shown(floor),
        ratio(ours, floor),
    )


def row_process_hub() -> Row:
    code = f"import futureindustry as fi; fi.load({HEFEI!r}).resolve('量子计算')"
    ours, floor = paired(process(code), process("import attrs, yaml"), 9)
    return (
        "the same, a label that needs the hub",
        "–",
        shown(ours),
        shown(floor),
        ratio(ours, floor),
    )


def row_gbt() -> Row:
    from futureindustry.files import read_scheme_file
    from futureindustry.store import catalog

    path = catalog().folders[0] / "nbs" / "gbt-4754" / "2017.yaml"
    text = path.with_suffix(".csv").read_text(encoding="utf-8")
    ours, floor = paired(
        lambda: read_scheme_file(path), lambda: list(csv.reader(io.StringIO(text))), 15
    )
    return (
        "load GB/T 4754-2017 (1,971 items)",
        "< 10 ms",
        shown(ours),
        f"csv alone {shown(floor)}",
        ratio(ours, floor),
    )


def _everything() -> None:
    from futureindustry.store import Catalog

    catalog = Catalog()
    for series in catalog:
        for name in series.versions:
            catalog.load(f"{series.id}@{name}")
    list(catalog.map_files())


def row_catalogue() -> Row:
    found = times(_everything, 5)
    return ("whole catalogue, schemes and mappings", "< 500 ms", shown(found), "–", "–")


def row_contradictions() -> Row:
    from futureindustry.lint import contradictions
    from futureindustry.store import Catalog

    def run() -> None:
        catalog = Catalog()
        for series in catalog:
            for name in series.versions:
                catalog.load(f"{series.id}@{name}")
        list(catalog.map_files())
        found.append(times(lambda: list(contradictions(catalog)), 1)[0])

    found: list[float] = []
    for _ in range(5):
        run()
    return ("contradiction check of the catalogue", "< 1 s", shown(found), "–", "–")


def row_resolve_known() -> Row:
    scheme = fi.load(HEFEI)
    names = [name for item in scheme.values() for name in item.names]
    names += [name for item in fi.catalog().hub().values() for name in item.names]
    scheme.resolve_many(names)
    distinct = len(set(names))
    found = times(lambda: scheme.resolve_many(names), 15)
    rate = distinct / statistics.median(found) / 1e6
    return (
        f"resolve {distinct:,} known labels",
        "> 1 million/s",
        shown(found),
        "–",
        f"{rate:.2f} million/s",
    )


def row_resolve_unknown() -> Row:
    from futureindustry.names import Resolver

    scheme = fi.load(HEFEI)
    names = [n for item in fi.catalog().hub().values() for n in item.names if not n.isascii()]
    draw = random.Random(7)
    letters = "".join(names)
    wrong = []
    for name in draw.choices(names, k=4000):
        place = draw.randrange(len(name))
        wrong.append(name[:place] + draw.choice(letters) + name[place + 1 :] + "甲")
    wrong = [w for w in dict.fromkeys(wrong) if scheme.resolve(w).outcome == "unknown"]

    fresh = Resolver(scheme)
    fresh.resolve("某某某某")

    def ours() -> None:
        fresh.forget()
        for label in wrong:
            fresh.resolve(label)

    few = wrong[:40]
    mine = times(ours, 5)
    peer = times(lambda: [difflib.get_close_matches(w, names, 3) for w in few], 1)
    rate, theirs = len(wrong) / statistics.median(mine), len(few) / statistics.median(peer)
    return (
        f"unknown labels with suggestions, {len(names):,} names", "> 20,000/s", shown(mine),
        f"difflib {theirs:,.0f}/s", f"{rate:,.0f}/s",
    )  # fmt: skip


def _labels(count: int) -> list[str]:
    scheme, draw = fi.load(HEFEI), random.Random(3)
    names = [n for item in fi.catalog().hub().values() for n in item.names]
    names += [n for item in scheme.values() for n in item.names]
    known = len(names)
    for n in range(max(0, count - known) * 2):
        names.append(
            f"{names[draw.randrange(known)]}{draw.choice('甲乙丙丁戊己庚辛')}{n % 97}{n // 97 or ''}"
        )
    return list(dict.fromkeys(names))[:count]


def _parquet(folder: Path, rows: int, labels: list[str]) -> Path:
    import numpy as np
    import polars as pl

    path = folder / f"{rows}-{len(labels)}.parquet"
    picks = np.random.default_rng(1).integers(0, len(labels), rows)
    pl.DataFrame(
        {"行业": pl.Series(labels).gather(picks), "数值": np.arange(rows) % 1000}
    ).write_parquet(path)
    return path


# What getrusage says of a child begins with what its parent had.
PEAK = (
    "print(next(int(x.split()[1]) // 1024 for x in open('/proc/self/status') if x[:5] == 'VmHWM'))"
)


def _peak(code: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{PEAK}"], check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1])


def _counted(path: Path | str) -> Callable[[], object]:
    import polars as pl

    return lambda: pl.scan_parquet(path).group_by("行业").agg(pl.len()).collect()


def rows_data(rows: int) -> list[Row]:
    import pandas as pd
    import polars as pl

    found: list[Row] = []

    def add(
        what: str, goal: str, ours: Callable[[], object], floor: Callable[[], object], n: int = 5
    ) -> None:
        mine, theirs = paired(ours, floor, n)
        found.append((what, goal, shown(mine), shown(theirs), ratio(mine, theirs)))

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labels = _labels(5000)
        path = _parquet(folder, rows, labels)
        goal = "≤ 1.3× scan + group_by"
        add(f"validate {rows:,} rows of Parquet, 5,000 labels, nearly all with findings", goal,
            lambda: fi.validate(path, scheme=HEFEI), _counted(path))  # fmt: skip
        scheme = fi.load("nbs/gbt-4754@2017")
        clean = [i.label["zh"] for i in scheme.values() if scheme.resolve(i.label["zh"]).item]
        tidy = _parquet(folder, rows, [*dict.fromkeys(clean), *labels[-20:]])
        add("the same, labels of GB/T 4754 and 20 wrong ones", goal,
            lambda: fi.validate(tidy, scheme=scheme), _counted(tidy))  # fmt: skip
        ours = _peak(f"import futureindustry as fi; fi.validate({str(path)!r}, scheme={HEFEI!r})")
        floor = _peak(
            f"import polars as pl; pl.scan_parquet({str(path)!r}).group_by('行业').agg(pl.len()).collect()"
        )
        found.append(("the first, peak memory of the process", "≤ 1.3×", f"{ours:,} MiB", f"{floor:,} MiB",
                      f"{ours / floor:.2f}×"))  # fmt: skip
        coded = fi.recode(pl.DataFrame({"行业": labels}), scheme=HEFEI)
        table = coded.lazy()

        def join() -> pl.LazyFrame:
            return pl.scan_parquet(path).join(table, on="行业", how="left")

        add(f"recode {rows:,} rows, four columns, in their order", "≤ 1.3× scan + join (any order)",
            lambda: fi.recode(path, scheme=HEFEI).collect(), lambda: join().collect())  # fmt: skip
        out = folder / "out.parquet"
        add("the same, written to Parquet", "≤ 1.3× scan + join",
            lambda: fi.recode(path, scheme=HEFEI).sink_parquet(out), lambda: join().sink_parquet(out), 3)  # fmt: skip
        small = min(rows, 2_000_000)
        frame = pd.read_parquet(path).head(small)
        added = coded.columns[1:]
        maps = [dict(zip(labels, coded[column].to_list(), strict=True)) for column in added]
        eager = pl.from_pandas(frame)
        add(f"recode {small:,} rows in memory, four columns", "≤ 0.2× pandas map of four columns",
            lambda: fi.recode(eager, scheme=HEFEI), lambda: [frame["行业"].map(m) for m in maps], 3)  # fmt: skip
        add("the same", "pandas map of one column", lambda: fi.recode(eager, scheme=HEFEI),
            lambda: frame["行业"].map(maps[0]), 3)  # fmt: skip
    return found


def rows_growth(rows: int, most: int) -> list[Row]:
    """How cost grows: with rows, with distinct labels, with the size of the scheme."""
    found: list[Row] = []

    def add(what: str, path: Path | str, scheme: str, n: int) -> None:
        fi.validate(path, scheme=scheme)
        mine, theirs = paired(lambda: fi.validate(path, scheme=scheme), _counted(path), n)
        found.append((what, "grows with the scan", shown(mine), shown(theirs), ratio(mine, theirs)))

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        part = _parquet(folder, rows // 10, _labels(1000))
        for times_ in (1, 10, 100):
            lake = folder / f"lake{times_}"
            lake.mkdir()
            for n in range(times_):
                (lake / f"{n}.parquet").hardlink_to(part)
            add(f"{times_ * rows // 10:,} rows, 1,000 labels", f"{lake}/*.parquet", HEFEI, 3)
        least: list[float] = []
        for count in (10, 100, 1_000, 10_000, 100_000, 1_000_000):
            if count <= most:
                path = _parquet(folder, max(rows // 10, count), _labels(count))
                # Fresh labels each time: what was resolved once is remembered.
                start = time.perf_counter()
                process(
                    f"import futureindustry as fi; fi.validate({str(path)!r}, scheme={HEFEI!r})"
                )()
                whole = [time.perf_counter() - start]
                floor = times(_counted(path), 3)
                least = least or whole
                each = (whole[0] - least[0]) / count * 1e6
                found.append((f"{max(rows // 10, count):,} rows, {count:,} labels, whole process", "–",
                              shown(whole), shown(floor), f"{each:,.0f} µs a label" if count > 100 else "–"))  # fmt: skip
        for scheme in (
            HEFEI,
            "shenzhen/20-plus-8",
            "nbs/strategic-emerging-industries@2018",
            "nbs/gbt-4754@2017",
        ):
            add(
                f"{rows // 10:,} rows, 1,000 labels, scheme of {len(fi.load(scheme)):,} items",
                part,
                scheme,
                3,
            )
    return found


def rows_spark(rows: int) -> list[Row]:
    """The same validation on Spark, in local mode, beside Spark's own count of the column."""
    import shutil

    if shutil.which("java") is None:
        return [("validate on Spark", "–", "not measured: no Java", "–", "–")]
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    spark = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2").config("spark.log.level", "ERROR").getOrCreate()
    )  # fmt: skip
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        for count in (rows // 10, rows):
            path = str(_parquet(Path(name), count, _labels(1000)))
            frame = spark.read.parquet(path)
            same = (
                [f.to_dict() | {"rows": []} for f in fi.validate(frame, scheme=HEFEI).findings]
                == [f.to_dict() | {"rows": []} for f in fi.validate(path, scheme=HEFEI).findings]
            )  # fmt: skip
            mine, floor = paired(
                lambda frame=frame: fi.validate(frame, scheme=HEFEI),
                lambda frame=frame: frame.groupBy("行业").count().collect(), 3,
            )  # fmt: skip
            what = f"validate {count:,} rows on Spark (local, 1,000 labels)"
            said = "the findings of polars" if same else "OTHER FINDINGS THAN POLARS"
            found.append(
                (
                    what,
                    said,
                    shown(mine),
                    f"its own groupBy + count {shown(floor)}",
                    ratio(mine, floor),
                )
            )
            mine, theirs = paired(
                lambda frame=frame: fi.validate(frame, scheme=HEFEI),
                lambda path=path: fi.validate(path, scheme=HEFEI), 3,
            )  # fmt: skip
            found.append(
                (what, "–", shown(mine), f"on polars {shown(theirs)}", ratio(mine, theirs))
            )
    spark.stop()
    return found


SPOKEN_OF = "公司主要从事{}的研发、生产与销售，报告期内在{}领域完成了多个项目的交付，并与多所高校共建了{}实验室。"
DENIED = "公司目前尚未开展{}相关业务，主要客户为{}企业。"
PLAIN = (
    "为提高服务质量和运营效率，我们与多家单位共同建设示范基地，进一步完善管理制度。全年营业收入同比增长百分之十二，"
    "净利润保持稳定。董事会认为，上述情况符合公司的长期发展规划，不存在损害中小股东利益的情形。\n"
)
"""Sentences as in annual reports; a denial and a customer in every fourth paragraph."""


def row_annotate() -> Row:
    import re

    hub = fi.catalog().hub()
    names = sorted({str(n) for item in hub.values() for n in item.names if len(n) > 1})
    draw = random.Random(11)
    han = [name for name in names if not name.isascii()]
    text = "".join(
        SPOKEN_OF.format(*draw.choices(han, k=3))
        + (DENIED.format(*draw.choices(han, k=2)) if n % 4 == 0 else "")
        + PLAIN
        for n in range(25_000)
    )
    size = len(text.encode()) / 1e6
    fi.annotate(text)  # past the length from which the fast automaton pays
    few = text[: len(text) // 40]
    try:
        from flashtext import KeywordProcessor
    except ImportError:
        peer = "regex of alternatives"
        pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        theirs = times(lambda: pattern.findall(few), 3)
    else:
        peer = "flashtext"
        finder = KeywordProcessor()
        finder.non_word_boundaries = set()
        finder.add_keywords_from_list(names)
        theirs = times(lambda: finder.extract_keywords(few), 3)
    mine = times(lambda: fi.annotate(text), 5)
    rate = size / statistics.median(mine)
    rate_theirs = size / 40 / statistics.median(theirs)
    return (
        f"annotate {size:.0f} MB of Chinese text, {len(names):,} names", "> 50 MB/s", shown(mine),
        f"{peer} {rate_theirs:.1f} MB/s", f"{rate:.0f} MB/s, {rate / rate_theirs:.0f}×",
    )  # fmt: skip


def rows_compose() -> list[Row]:
    import polars as pl

    from futureindustry import Correspondence, Map, Relation

    draw, count = random.Random(5), 100_000
    relations = [Relation.EQ, Relation.PP, Relation.PPi, Relation.PO]

    def table(left: str, right: str) -> list[Map]:
        return [
            Map(f"{left}{n}", f"{right}{draw.randrange(count)}", draw.choice(relations), 0.9)
            for n in range(count)
        ]

    first, second = table("a", "b"), table("b", "c")
    a, b = Correspondence("x/a", "x/b", tuple(first)), Correspondence("x/b", "x/c", tuple(second))

    def plain() -> dict[tuple[str, str], Relation]:
        by_source: dict[str, list[Map]] = {}
        for m in second:
            by_source.setdefault(m.source, []).append(m)
        found: dict[tuple[str, str], Relation] = {}
        for m in first:
            for n in by_source.get(m.target, ()):
                relation = m.relation.then(n.relation)
                old = found.get((m.source, n.target))
                found[m.source, n.target] = (
                    relation if old is None else old.meet(relation) or relation
                )
        return found

    def fresh(records: bool) -> Callable[[], object]:
        def run() -> object:
            # Each run indexes anew, as the plain join does.
            left = Correspondence("x/a", "x/b", a.maps)
            made = left.compose(Correspondence("x/b", "x/c", b.maps))
            return made.maps if records else made

        return run

    frames = [
        pl.DataFrame(
            {end: [getattr(m, end) for m in maps] for end in ("source", "target")}
        ).with_columns(relation=pl.Series([m.relation.mask for m in maps], dtype=pl.UInt8))
        for maps in (first, second)
    ]

    def joined() -> object:
        return frames[0].join(frames[1], left_on="target", right_on="source")

    what = "compose 100,000 by 100,000 maps"
    found = []
    for name, run in ((what, fresh(False)), (f"{what}, all records made", fresh(True))):
        mine, theirs = paired(run, plain, 3)
        row = (
            name,
            "< 1× dict join with relations",
            shown(mine),
            shown(theirs),
            ratio(mine, theirs),
        )
        found.append(row)
    mine, theirs = paired(fresh(False), joined, 3)
    name = f"{what}, beside the join alone"
    found.append((name, "–", shown(mine), f"polars {shown(theirs)}", ratio(mine, theirs)))
    return found


def rows_sssom() -> list[Row]:
    """Read a large file; the peer is the reference implementation, where it is installed."""
    import importlib.util
    import logging
    import warnings

    count = 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.sssom.tsv"
        rows = "".join(
            f"a:{n}\tlabel {n}\tskos:{kind}\tb:{n * 7 % count}\tsemapv:ManualMappingCuration\t0.9\n"
            for n in range(count)
            for kind in (("exactMatch", "broadMatch", "narrowMatch", "closeMatch")[n % 4],)
        )
        path.write_text(
            "#curie_map:\n#  a: https://example.org/a/\n#  b: https://example.org/b/\n"
            "#mapping_set_id: https://example.org/large\n#license: https://example.org/none\n"
            "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
            + rows,
            encoding="utf-8",
        )
        what, goal = f"read {count:,} SSSOM maps", "faster than sssom-py"
        if importlib.util.find_spec("sssom") is None:
            return [(what, goal, shown(times(lambda: fi.read_sssom(path), 3)), "–", "–")]
        warnings.simplefilter("ignore")
        logging.disable()
        from sssom.parsers import parse_sssom_table

        mine, theirs = paired(lambda: fi.read_sssom(path), lambda: parse_sssom_table(str(path)), 2)
        return [(what, goal, shown(mine), f"sssom-py {shown(theirs)}", ratio(mine, theirs))]


def row_compare() -> Row:
    """Compare 200 schemes: concepts, similarity of all pairs, groups; nothing is kept between runs."""
    import attrs

    from futureindustry.mapping import hub_maps
    from futureindustry.model import Scheme
    from futureindustry.store import Catalog

    ids = [s.id for s in fi.compare().schemes]
    ids += [f"{s.id}@{v}" for s in fi.catalog() for v in s.versions[:-1] if s.issuer != "nbs"]
    ids = ids[:200]

    def loaded() -> list[Scheme]:
        store = Catalog()
        found = [store.load(id_) for id_ in ids]
        # The catalogue has fewer; the first ones are there twice.
        return found + [attrs.evolve(s, version="copy") for s in found[: 200 - len(found)]]

    def ours() -> object:
        found = fi.compare(loaded())
        return found.similarity(), found.shared(), found.clusters()

    def floor() -> object:
        sets = [{m.target for m in hub_maps(scheme)} for scheme in loaded()]
        return [len(a & b) / len(a | b or {0}) for n, a in enumerate(sets) for b in sets[n + 1 :]]

    mine, theirs = paired(ours, floor, 5)
    return (
        "compare 200 schemes, files read anew",
        "< 2 s",
        shown(mine),
        f"the same files, Jaccard of bare sets {shown(theirs)}",
        ratio(mine, theirs),
    )


HEAD = "# Benchmarks\n\n`make bench` measures these; no test asserts a speed.\n\n"
PROSE = "## How to read this"


def _table(rows: list[Row]) -> str:
    lines = ["| what | goal | measured | floor or peer | ratio |", "|---|---|---|---|---|"]
    return "\n".join((*lines, *("| " + " | ".join(row) + " |" for row in rows)))


def write_page(path: Path, text: str) -> None:
    """Write what was measured, and keep what people wrote below it."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    _, found, prose = old.partition(f"\n{PROSE}")
    path.write_text(f"{HEAD}{text}{found}{prose}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--labels", type=int, default=1_000_000, help="most distinct labels")
    parser.add_argument("--only", default="", help="part of the name of a function: data, growth")
    parser.add_argument("-o", "--out", type=Path)
    args = parser.parse_args()
    single = [
        row_import, row_process, row_process_hub, row_gbt, row_catalogue, row_contradictions,
        row_resolve_known, row_resolve_unknown, row_annotate,
        row_compare,
    ]  # fmt: skip
    rows = [function() for function in single if args.only in function.__name__]
    for function in (rows_compose, rows_sssom):
        rows += function() if args.only in function.__name__ else []
    if args.only in "rows_data":
        rows += rows_data(args.rows)
    text = _table(rows) + "\n" if rows else ""
    if args.only in "rows_growth":
        text += f"\n## How cost grows\n\n{_table(rows_growth(args.rows, args.labels))}\n"
    if args.only in "rows_spark":
        text += f"\n## On Spark\n\n{_table(rows_spark(args.rows // 10))}\n"
    where = (
        f"{platform.machine()}, {platform.system()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}"
            for name in ("attrs", "PyYAML", "narwhals", "polars", "pandas", "pyspark")
        )
    )
    load = os.getloadavg()[1]
    text += f"\nMedian (smallest–largest). {where}. Load of the machine: {load:.1f}.\n"
    print(text)
    if args.out:
        write_page(args.out, text)


if __name__ == "__main__":
    main()
