"""Labels from public material and wrong spellings, measured against the goals of the design."""

import csv
from pathlib import Path

import pytest

import futureindustry as fi
from quality import CASES, look_alikes, measure

LOTS = ["development", "1", "2", "3", "4", "5", "6"]


def test_what_is_resolved_is_right_and_what_is_known_is_resolved():
    quality = measure()
    assert quality.precision >= 0.99, quality.wrong
    assert quality.recall >= 0.90, quality.missed


@pytest.mark.parametrize("seed", [1, 2])
def test_a_name_with_one_wrong_character_is_not_taken_for_it(seed):
    cases = look_alikes(seed)
    hub = fi.catalog().hub()
    taken = [
        (wrong, name)
        for wrong, name in cases
        if (found := hub.resolve(wrong)).code is not None and found.code == hub.resolve(name).code
    ]
    accepted = [wrong for wrong, _ in cases if hub.resolve(wrong).outcome != "unknown"]
    assert len(taken) <= 0.01 * len(cases), taken
    assert len(accepted) <= 0.01 * len(cases), accepted


@pytest.mark.parametrize(
    ("label", "other"),
    [
        ("新型储能", "新型显示"), ("空天信息", "空天技术"), ("生物制造", "生物医药"), ("氢能", "氨能"),
        ("量子通信", "量子通迅"), ("基因测序", "基因编辑"), ("光伏", "光通信"), ("核能", "核技术应用"),
    ],
)  # fmt: skip
def test_names_that_look_alike_lead_to_different_concepts(label, other):
    hub = fi.catalog().hub()
    assert hub.resolve(label).code is not None
    assert hub.resolve(other).code != hub.resolve(label).code


def test_two_orders_of_one_name_lead_to_one_concept():
    hub = fi.catalog().hub()
    assert hub.resolve("基因与细胞").code == hub.resolve("细胞与基因").code == "cell-and-gene"


def test_every_case_has_a_source_that_is_described():
    rows = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))
    path = Path(CASES).with_name("evaluation-sources.csv")
    sources = {row["source"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    assert {row["source"] for row in rows} == sources
    assert {row["lot"] for row in rows} == set(LOTS)
    assert len({row["label"] for row in rows}) == len(rows)
