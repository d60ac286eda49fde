"""From a label to an item: outcomes, relations, methods, lists, suggestions."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.mapping import Network
from futureindustry.names import Resolver, resolver
from futureindustry.relation import Relation
from futureindustry.text import fold, stems

HEFEI = "hefei-htz/future-industries"
CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "cases" / "labels.csv").read_text(encoding="utf-8").splitlines()
    )
)
hefei = fi.load(HEFEI)
hefei.resolve("没有这个名称")  # makes the indexes, for which a single case has no time
NAMES = [(item.code, name) for item in hefei.values() for name in item.names]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['scheme']}:{c['label']}")
def test_labels_resolve_as_an_analyst_expects(case):
    found = fi.load(case["scheme"]).resolve(case["label"])
    expected = (case["outcome"], case["code"] or None, case["relation"] or None)
    assert (found.outcome, found.code, found.relation) == expected


@pytest.mark.parametrize(
    ("label", "method"),
    [("fusion-energy", "code"), ("聚变能源", "label"), ("可控核聚变", "index"), ("核聚变", "hub")],
)
def test_the_method_says_how_the_item_was_found(label, method):
    assert hefei.resolve(label).method == method


def test_via_names_the_hub_concept_and_the_steps_lead_to_the_item():
    found = hefei.resolve("量子计算")
    assert found.via == "futureindustry/concepts#quantum-computing"
    assert [step.kind for step in found.steps] == ["concept", "map"]
    assert all(p.relation.certain for p in found.steps[1].premises)


def test_an_unknown_label_has_suggestions_and_never_an_item():
    found = hefei.resolve("量子通迅")
    assert found.outcome == "unknown"
    assert found.item is None
    assert found.candidates[0].name == "量子通信"


def test_a_list_is_taken_apart_and_has_the_worst_outcome_of_its_parts():
    found = hefei.resolve("量子信息、空天信息与新型显示")
    assert [part.label for part in found.parts] == ["量子信息", "空天信息", "新型显示"]
    assert found.outcome == "outside"
    assert found.item is None


@pytest.mark.parametrize("whole", ["半导体与集成电路", "低空经济与空天", "脑科学与脑机工程"])
def test_a_name_with_a_conjunction_is_not_taken_apart(whole):
    found = fi.load("shenzhen/20-plus-8").resolve(whole)
    assert found.parts == ()
    assert found.relation == "equals"


def test_a_conjunction_splits_only_known_names():
    assert hefei.resolve("和谐与发展").outcome == "unknown"
    assert hefei.resolve("和谐与发展").parts == ()


@pytest.mark.parametrize("label", ["量子信息等", "量子信息相关产业", "量子科技等领域"])
def test_words_that_widen_a_name_take_the_equality_back(label):
    found = hefei.resolve(label)
    assert (found.code, found.relation) == ("quantum-information", "contains")


def test_brackets_narrow_a_name():
    assert hefei.resolve("空天技术(空天信息)").relation == "equals"
    assert hefei.resolve("空天技术(无人机)").code == "unmanned-aerial-vehicles"
    assert hefei.resolve("量子信息(某某平台)").relation == "part_of"


def test_text_read_in_the_wrong_encoding_is_repaired_and_said():
    broken = "量子信息".encode().decode("gb18030")
    found = hefei.resolve(broken)
    assert found.code == "quantum-information"
    assert found.steps[0].kind == "repair"


def test_a_name_in_two_tiers_is_ambiguous_until_a_tier_is_given():
    jiangxi = fi.load("jiangxi/1269")
    found = jiangxi.resolve("航空")
    assert found.outcome == "ambiguous"
    assert {c.item.label["zh"] for c in found.candidates} == {"航空"}
    settled = jiangxi.resolve("航空", tier="6")
    assert settled.outcome == "resolved"
    assert settled.item.parent.slot == "6"


def test_as_of_picks_the_version_in_force():
    shenzhen = fi.load("shenzhen/20-plus-8")
    assert shenzhen.resolve("区块链").outcome == "outside"
    assert shenzhen.resolve("区块链", as_of="2023-01-01").code == "blockchain"


def test_the_explanation_names_label_item_and_reason_in_both_languages():
    found = hefei.resolve("量子计算")
    for lang, words in (
        ("zh", ("量子计算", "一部分", "量子信息")),
        ("en", ("part of", "quantum information")),
    ):
        assert all(word in found.explain(lang) for word in words)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("scheme", "label", "outcome"),
    [
        ("jiangxi/1269", "航空", "ambiguous"),
        ("miit/future-industries", "新能源", "ambiguous"),
        (HEFEI, "电机", "outside"),
        (HEFEI, "量子通迅", "unknown"),
        (HEFEI, "元宇宙", "open"),
        (HEFEI, "量子信息、电机、量子通迅", "unknown"),
    ],
)
def test_every_outcome_is_explained_with_the_label(scheme, label, outcome, lang):
    found = fi.load(scheme).resolve(label)
    assert found.outcome == outcome
    assert label in found.explain(lang)
    for candidate in found.candidates:
        assert candidate.name in found.explain(lang) or candidate.item.code in found.explain(lang)


def test_the_dictionary_has_the_fields_of_the_contract():
    data = hefei.resolve("量子信息、元宇宙").to_dict()
    keys = {
        "label", "scheme", "outcome", "code", "item", "relation", "method", "via", "candidates",
        "parts", "explanation",
    }  # fmt: skip
    assert set(data) == keys
    assert all(set(part) == keys for part in data["parts"])
    assert json.loads(json.dumps(data)) == data


def test_resolve_many_gives_one_answer_per_distinct_label_in_order():
    found = hefei.resolve_many(["元宇宙", "量子信息", "元宇宙"])
    assert [r.label for r in found] == ["元宇宙", "量子信息"]


def test_an_answer_without_suggestions_is_not_taken_for_one_with_them():
    asked = Resolver(hefei)
    for label in ("量子通迅", "量子信息、量子通迅", "量子信息"):
        without, whole = asked.resolve(label, suggest=False), asked.resolve(label)
        assert whole == Resolver(hefei).resolve(label)
        assert (without == whole) == (label == "量子信息")


@given(
    st.lists(st.sampled_from([name for _, name in NAMES[:40]]), max_size=4),
    st.sampled_from("、和与 "),
)
def test_an_answer_does_not_depend_on_what_was_asked_before(names, sign):
    label = sign.join([*names, "没有这个名称"])
    used = resolver(hefei)
    for name in (*names, label):
        assert used.resolve(name, suggest=False) == Resolver(hefei).resolve(name, suggest=False)


def test_a_scheme_of_ones_own_reaches_the_hub_by_its_names(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        'series: me/mine\nversion: "2026"\ntitle: {zh: 我的}\nissuer: me\n'
        "items:\n  - {code: q, label: {zh: 量子科技}}\n",
        encoding="utf-8",
    )
    found = fi.read_scheme(path).resolve("量子计算")
    assert (found.code, found.relation, found.method) == ("q", "part_of", "hub")


@given(st.sampled_from(NAMES))
def test_every_name_finds_its_own_item(pair):
    code, name = pair
    found = hefei.resolve(name)
    assert found.code == code
    assert found.relation == "equals"


@given(
    st.sampled_from(NAMES),
    st.sampled_from([" {}", "{} ", "\u200b{}", "{}\ufeff", "“{}”", "\u3000{}\n", "{}产业"]),
)
def test_dirt_around_a_name_changes_nothing(pair, dirt):
    code, name = pair
    assert hefei.resolve(dirt.format(name)).code == code


@given(st.text(max_size=30))
def test_any_text_gives_an_answer(label):
    found = hefei.resolve(label)
    assert found.outcome in {"resolved", "open", "outside", "ambiguous", "unknown"}
    assert (found.item is not None) == (found.outcome in {"resolved", "open"} and not found.parts)
    assert found.explain("zh")
    assert found.explain("en")


@given(st.text(alphabet="量子信息空天技术人工智能聚变能源合成生物元宇宙前沿、与", max_size=12))
def test_no_label_resolves_to_an_item_while_another_carries_exactly_that_name(label):
    found = hefei.resolve(label)
    carriers = {code for code, name in NAMES if fold(name) == fold(label)}
    if carriers and fold(label):
        assert found.code in carriers


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("新型储能氢能", ["新型储能", "氢能"]),
        ("新能源新材料产业", ["新能源", "新材料"]),
        ("深海深地空天", ["深海", "深地", "空天"]),
        ("集成电路生物医药人工智能", ["集成电路", "生物医药", "人工智能"]),
        ("量子信息聚变能源", ["量子信息", "聚变能源"]),
        ("新能源产业新材料产业", ["新能源产业", "新材料产业"]),
        ("新型儲能 氫能", ["新型儲能", "氫能"]),
        ("重点发展新能源新材料", ["新能源", "新材料"]),
        ("新能源新材料等产业", ["新能源", "新材料"]),
        ("量子信息聚变能源、元宇宙", ["量子信息", "聚变能源", "元宇宙"]),
    ],
)
def test_a_list_without_separators_is_taken_apart_as_one_with_them(label, parts):
    found = hefei.resolve(label)
    assert [part.label for part in found.parts] == parts
    assert found.item is None
    assert [(p.outcome, p.code) for p in found.parts] == [
        (p.outcome, p.code) for p in map(hefei.resolve, parts)
    ]
    assert "run" in [step.kind for step in found.steps]
    assert "未加分隔" in found.explain("zh")
    assert "without separators" in found.explain("en")


COMPOUNDS = [
    row["label"]
    for row in csv.DictReader(
        (Path(__file__).parent / "cases" / "compounds.csv").read_text(encoding="utf-8").splitlines()
    )
]


@pytest.mark.parametrize("scheme", [HEFEI, "shenzhen/20-plus-8", "futureindustry/concepts"])
@pytest.mark.parametrize("label", COMPOUNDS)
def test_one_term_of_two_names_is_not_taken_apart(label, scheme):
    found = fi.load(scheme).resolve(label)
    assert found.parts == ()
    assert "run" not in [step.kind for step in found.steps]


@given(st.data())
def test_no_class_of_an_official_classification_is_taken_apart_as_a_list(data):
    """Their labels are single classes, written with separators where they list."""
    name = data.draw(st.sampled_from(["nbs/gbt-4754@2017", "nbs/strategic-emerging-industries"]))
    item = data.draw(st.sampled_from(list(fi.load(name).values())))
    assert "run" not in [step.kind for step in hefei.resolve(item.label["zh"]).steps]


@given(st.lists(st.sampled_from([n for _, n in NAMES]), min_size=2, max_size=3))
def test_what_is_taken_apart_is_known_in_every_part_and_unknown_as_a_whole(names):
    found = hefei.resolve("".join(names))
    if any(step.kind == "run" for step in found.steps):
        assert all(part.outcome != "unknown" and part.method for part in found.parts)
        whole = "".join(names)
        parts = "".join(part.label for part in found.parts)
        assert parts in (whole, *stems(whole))
        assert found.label not in {fold(n) for _, n in NAMES}


@pytest.fixture
def own(tmp_path):
    """Make a scheme of one's own from labels."""

    def make(*labels):
        path = tmp_path / "mine.yaml"
        items = "".join(
            f"  - {{code: c{n}, label: {{zh: {name}}}}}\n" for n, name in enumerate(labels)
        )
        head = 'series: me/mine\nversion: "2026"\ntitle: {zh: 我的}\nissuer: me\nitems:\n'
        path.write_text(head + items, encoding="utf-8")
        return fi.read_scheme(path)

    return make


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_that_can_be_divided_in_two_ways_is_ambiguous(own, lang):
    found = own("甲能", "甲能乙能", "乙能丙能", "丙能").resolve("甲能乙能丙能")
    assert (found.outcome, found.parts) == ("ambiguous", ())
    assert [c.name for c in found.candidates] == ["甲能", "乙能丙能", "甲能乙能", "丙能"]
    assert "甲能、乙能丙能 / 甲能乙能、丙能" in found.explain(lang)
    assert [p.label for p in own("甲能", "乙能丙能").resolve("甲能乙能丙能").parts] == [
        "甲能",
        "乙能丙能",
    ]


def test_a_whole_and_its_part_in_a_row_are_no_list(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        'series: me/mine\nversion: "2026"\ntitle: {zh: 我的}\nissuer: me\n'
        "items:\n  - {code: a, label: {zh: 甲乙能}, items: [{code: b, label: {zh: 丙丁能}}]}\n"
        "  - {code: c, label: {zh: 戊己能}}\n",
        encoding="utf-8",
    )
    mine = fi.read_scheme(path)
    assert mine.resolve("甲乙能丙丁能").outcome == "unknown"
    assert [p.code for p in mine.resolve("甲乙能戊己能").parts] == ["a", "c"]


def _grams(key):
    pairs = {key[n : n + 2] for n in range(len(key) - 1)}
    return pairs, pairs | (set() if key.isascii() else set(key))


KNOWN = {
    key: _grams(key)
    for scheme in (hefei, fi.catalog().hub())
    for item in scheme.values()
    for key in map(fold, item.names)
}


@given(
    st.sampled_from([n for item in fi.catalog().hub().values() for n in item.names]),
    st.text(alphabet="量子信息通讯新型储能氢显示quantumenergy ", max_size=4),
    st.integers(0, 12),
)
def test_suggestions_are_the_names_most_alike_by_the_count_of_common_pairs(name, dirt, place):
    label = name[:place] + dirt + name[place:]
    pairs, grams = _grams(fold(label))
    some = any(known_pairs & pairs for known_pairs, _ in KNOWN.values())
    best = {
        key: 2 * len(grams & known) / (len(grams) + len(known))
        for key, (known_pairs, known) in KNOWN.items()
        if grams & known and (not some or known_pairs & pairs)
    }
    found = resolver(hefei).suggest(label)
    scores = sorted((s for s in best.values() if s >= 0.3), reverse=True)
    assert [c.score for c in found][:1] == pytest.approx(scores[:1])
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(c.score == pytest.approx(best[fold(c.name)]) for c in found)


@pytest.mark.parametrize(
    ("label", "code", "relation", "kind"),
    [
        ("国产芯片", "integrated-circuits", "part_of", "kind"),
        ("民用无人机企业", "uav", "part_of", "kind"),
        ("人工智慧", "artificial-intelligence", "equals", "wording"),
        ("MiniLED", "mini-led", "equals", "fold"),
        ("Battery", "batteries", "equals", "stem"),
        ("氢能及其应用", "hydrogen", "contains", "stem"),
        ("机器人概念股", "robots", "equals", "stem"),
    ],
)
def test_forms_that_the_language_makes_of_a_name(label, code, relation, kind):
    found = fi.catalog().hub().resolve(label)
    assert (found.code, found.relation) == (code, relation)
    assert kind in [step.kind for step in found.steps]
    assert label in found.explain("en")


def test_a_kind_of_what_only_contains_an_item_is_in_no_item():
    assert hefei.resolve("新能源").relation == "contains"
    assert hefei.resolve("国产新能源").item is None


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("量子通信与计算", ["quantum-communication", "quantum-computing"]),
        ("工业、服务机器人", ["industrial-robots", "service-robots"]),
        ("cloud and edge computing", ["cloud-computing", "edge-computing"]),
        ("汽车、船舶", ["automobiles", "shipbuilding"]),  # complete without the other
    ],
)
def test_members_of_a_list_that_share_a_word_are_completed(label, parts):
    assert [p.code for p in fi.catalog().hub().resolve(label).parts] == parts


@pytest.mark.parametrize("label", ["人工智能和安全", "新及新材料", "量子通信与美食"])
def test_what_makes_no_known_name_is_not_completed(label):
    assert fi.catalog().hub().resolve(label).outcome == "unknown"


@pytest.mark.parametrize("label", ["深海深地" * 15, "新能源汽车" * 12, "氢能核能氢能" * 10])
def test_a_name_repeated_without_end_is_no_list(label):
    assert hefei.resolve(label).outcome == "unknown"


@pytest.mark.parametrize(
    ("label", "outcome", "code", "relation"),
    [
        ("核力发电", "resolved", "new-energy", "part_of"),
        ("集成电路设计", "resolved", "semiconductors-and-integrated-circuits", "part_of"),
        ("镁矿采选", "outside", None, None),
        # A class that an item only overlaps does not mean it.
        ("其他食品制造", "unknown", None, None),
    ],
)
def test_classes_of_official_classifications_are_known(
    shenzhen_2024, label, outcome, code, relation
):
    r = shenzhen_2024.resolve(label)
    assert (r.outcome, r.code, r.relation) == (outcome, code, relation)
    if r.via and r.via.startswith("nbs/"):
        assert r.steps[0].kind == "class"
        assert all(fi.load(r.via.partition("#")[0])[c] for c in [r.via.partition("#")[2]])


def test_an_answer_by_a_class_is_what_the_premises_say(shenzhen_2024):
    """For each class of GB/T 4754, the light way says no more than the whole derivation."""
    gbt = fi.load("nbs/gbt-4754")
    network = Network(gbt, shenzhen_2024)
    reached = 0
    for item in list(gbt.values())[::7]:
        r = shenzhen_2024.resolve(item.label["zh"])
        if r.via == item.id and r.item is not None:
            reached += 1
            assert not network.mask(item.code, r.code) & ~Relation.from_word(r.relation).mask
    assert reached


@pytest.mark.parametrize(
    ("label", "outcome", "code", "relation"),
    [
        ("金属制品业", "resolved", "metal-products", "equals"),
        ("Manufacture of metal products", "resolved", "metal-products", "equals"),
        ("石油和天然气开采业", "resolved", "oil-gas", "part_of"),
        ("黑色金属冶炼和压延加工业", "resolved", "steel", "part_of"),
        # What follows from the section above alone, manufacturing, answers nothing.
        ("非金属矿物制品业", "unknown", None, None),
        # One class, however it is written: no list of 皮革, 毛皮, 羽毛 and 制鞋业.
        ("皮革、毛皮、羽毛及其制品和制鞋业", "unknown", None, None),
    ],
)
def test_on_the_hub_a_class_is_what_the_maps_say_of_it(label, outcome, code, relation):
    r = fi.catalog().hub().resolve(label)
    assert (r.outcome, r.code, r.relation, r.parts) == (outcome, code, relation, ())
    if r.code:
        assert r.via is None or r.via.startswith("nbs/")


def test_what_contains_one_item_and_reaches_into_others_means_none_of_them(shenzhen_2024):
    r = shenzhen_2024.resolve("制造业")
    assert r.outcome == "ambiguous"
    assert {"contains", "overlaps"} <= {c.relation for c in r.candidates}
