"""
Measure the goals, each as a ratio against a named peer or floor in the same run.

    python benchmarks/run.py [--rows 10000000] [--only NAME] [-o docs/benchmarks.md]

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
    while len(names) < count:
        names.append(draw.choice(names) + draw.choice("甲乙丙丁戊己庚辛") + str(len(names) % 97))
    return list(dict.fromkeys(names))[:count]


def _parquet(folder: Path, rows: int) -> Path:
    import numpy as np
    import polars as pl

    labels = _labels(5000)
    path = folder / "data.parquet"
    picks = np.random.default_rng(1).integers(0, len(labels), rows)
    pl.DataFrame(
        {"行业": pl.Series(labels).gather(picks), "数值": np.arange(rows) % 1000}
    ).write_parquet(path)
    return path


PEAK = "import resource as r, sys; print(r.getrusage(r.RUSAGE_SELF).ru_maxrss // 1024)"


def _peak(code: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{PEAK}"], check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1])


def rows_data(rows: int) -> list[Row]:
    import pandas as pd
    import polars as pl

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = _parquet(folder, rows)
        fi.validate(path, scheme=HEFEI)

        def floor() -> object:
            return pl.scan_parquet(path).group_by("行业").agg(pl.len()).collect()

        mine, theirs = paired(lambda: fi.validate(path, scheme=HEFEI), floor, 5)
        found: list[Row] = [
            (
                f"validate {rows:,} rows of Parquet, 5,000 labels",
                "≤ 1.3× scan + group_by",
                shown(mine),
                shown(theirs),
                ratio(mine, theirs),
            )
        ]
        ours_peak = _peak(
            f"import futureindustry as fi; fi.validate({str(path)!r}, scheme={HEFEI!r})"
        )
        floor_peak = _peak(
            f"import polars as pl; pl.scan_parquet({str(path)!r}).group_by('行业').agg(pl.len()).collect()"
        )
        found.append(
            (
                "the same, peak memory of the process",
                "≤ 1.3×",
                f"{ours_peak:,} MiB",
                f"{floor_peak:,} MiB",
                f"{ours_peak / floor_peak:.2f}×",
            )
        )
        table = fi.recode(pl.DataFrame({"行业": _labels(5000)}), scheme=HEFEI).lazy()

        def join() -> object:
            return pl.scan_parquet(path).join(table, on="行业", how="left").collect()

        mine, theirs = paired(lambda: fi.recode(path, scheme=HEFEI).collect(), join, 3)
        found.append(
            (
                f"recode {rows:,} rows",
                "≤ 1.3× scan + join",
                shown(mine),
                shown(theirs),
                ratio(mine, theirs),
            )
        )
        small = min(rows, 2_000_000)
        frame = pd.read_parquet(path).head(small)
        codes = dict(
            zip(*(table.collect()[c].to_list() for c in ("行业", "sector_code")), strict=True)
        )
        eager = pl.from_pandas(frame)
        mine, theirs = paired(
            lambda: fi.recode(eager, scheme=HEFEI), lambda: frame["行业"].map(codes), 3
        )
        found.append(
            (
                f"recode {small:,} rows in memory (four columns)",
                "pandas map of one column",
                shown(mine),
                shown(theirs),
                ratio(mine, theirs),
            )
        )
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


def row_compose() -> Row:
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

    mine, theirs = paired(lambda: a.compose(b), plain, 3)
    return (
        "compose 100,000 by 100,000 maps",
        "< 1× dict join with relations",
        shown(mine),
        shown(theirs),
        ratio(mine, theirs),
    )


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("-o", "--out", type=Path)
    args = parser.parse_args()
    single = [
        row_import, row_process, row_process_hub, row_gbt, row_catalogue, row_contradictions,
        row_resolve_known, row_resolve_unknown, row_annotate, row_compose,
        row_compare,
    ]  # fmt: skip
    rows = [function() for function in single if args.only in function.__name__]
    if args.only in "rows_data":
        rows += rows_data(args.rows)
    lines = ["| what | goal | measured | floor or peer | ratio |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    where = (
        f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}"
            for name in ("attrs", "PyYAML", "narwhals", "polars", "pandas")
        )
    )
    text = "\n".join(lines) + f"\n\nMedian (smallest–largest). {where}.\n"
    print(text)
    if args.out:
        head = "# Benchmarks\n\n`make bench` measures these; no test asserts a speed.\n\n"
        args.out.write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
