"""Validate, explain, recode and compare: what six parks said of their industries in May 2024."""

import csv
import sys
from pathlib import Path

import futureindustry as fi
from futureindustry.datafiles import write_table
from futureindustry.files import write_text
from futureindustry.text import pad

HERE = Path(__file__).parent
DATA = HERE / "parks-2024-05.csv"
SPEC = HERE / "parks-2024-05.spec.yaml"
OUT = HERE.parent / "out" / "demo"
HEFEI = "hefei-htz/future-industries"
MIIT = "miit/future-industries"


def heading(number: int, title: str) -> None:
    print(f"\n{number}. {title}\n")


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a plain text stream here
    OUT.mkdir(parents=True, exist_ok=True)
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def scheme_of(park: str) -> fi.Scheme:
        issuer = fi.catalog().issuers.named(park)
        return fi.load(fi.catalog().principal(issuer.id), as_of="2024-05")

    heading(1, f"What the labels in {DATA.name} mean, each in the scheme of its park")
    for park, label in dict.fromkeys((row["园区"], row["行业"]) for row in rows if row["行业"]):
        scheme = scheme_of(park)
        print(f"  {pad(park, 16)} {scheme.resolve(label).explain('zh')}")

    heading(2, f"The same page's words asked of {HEFEI} alone")
    for label in ("量子科技", "可控核聚变", "新型显示", "元宇宙", "电机", "新型储能", "量子通迅"):
        print(f"  {fi.load(HEFEI).resolve(label).explain('zh')}")

    heading(3, f"The report: validate(data, spec='{SPEC.name}')")
    report = fi.validate(DATA, spec=SPEC)
    print(report.to_text("zh"))

    heading(4, f"Recoded to {MIIT}")
    coded = fi.recode(DATA, spec=SPEC, to=MIIT)
    for row in (
        coded.select("园区", "行业", "sector_label", "sector_relation", "sector_outcome")
        .unique(maintain_order=True)
        .iter_rows()
    ):
        if row[1]:
            park, label, found, relation, outcome = (cell or "–" for cell in row)
            print(
                f"  {pad(park, 16)} {pad(label[:24], 30)} {pad(found, 30)} {pad(relation, 10)} {outcome}"
            )
    coded_path = write_table(coded, OUT / "parks-2024-05.miit.csv")

    heading(5, "The parks compared on the hub")
    parks = dict.fromkeys(row["园区"] for row in rows)
    comparison = fi.compare([scheme_of(park) for park in parks])
    print(comparison.to_text("zh"))

    report_path = write_text(
        OUT / "report.html", report.to_html("zh", title="校验报告:2024年5月六个园区")
    )
    comparison_path = write_text(OUT / "comparison.html", comparison.to_html("zh"))
    print(
        f"Recoded data: {coded_path}\nComparison:   {comparison_path}\nReport:       {report_path}"
    )


if __name__ == "__main__":
    main()
