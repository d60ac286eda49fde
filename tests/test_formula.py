import copy
import pickle
from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futureindustry.errors import InvalidFormula
from futureindustry.formula import Formula, Mismatch, Part, slots_of


class Item:
    """As little of an item as `check` asks for."""

    def __init__(self, code, slot=None, children=(), *, open=False, incomplete=False):  # noqa: A002
        self.code = code
        self.slot = slot
        self.open = open
        self.incomplete = incomplete
        if isinstance(children, int):
            children = [Item(f"{code}-{i}") for i in range(children)]
        self.children = tuple(children)


class Scheme:
    def __init__(self, *roots):
        self.roots = roots

    def __contains__(self, code):
        def among(items):
            return any(item.code == code or among(item.children) for item in items)

        return among(self.roots)


def messages(formula, *roots):
    return [mismatch.message for mismatch in formula.check(Scheme(*roots))]


# Reading


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("2+3+X", ("2", "3", "X")),
        ("20+8", ("20", "8")),
        ("1+3+N", ("1", "3", "N")),
        ("6+2+X", ("6", "2", "X")),
        ("1+X+1", ("1", "X", "1")),
        ("(2+2)+(3+6)+(4+5)", ("2", "2", "3", "6", "4", "5")),
        ("4×4", ("4", "4", "4", "4")),
        ("2×(3+X)", ("3", "X", "3", "X")),
        ("2×X+1", ("X", "X", "1")),
        ("六新六特六优", ("六新", "六特", "六优")),
        ("六新六特六优+N", ("六新", "六特", "六优", "N")),
        ("十二+一〇", ("十二", "一〇")),
        ("20", ("20",)),
        ("5", ("5",)),
        ("X", ("X",)),
    ],
)
def test_formulas_that_speak_for_themselves(text, slots):
    formula = Formula.parse(text)
    assert formula.settled
    assert formula.slots == slots
    assert str(formula) == formula.text == text
    assert formula.as_data() == text
    assert formula.parts == ()


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("２＋３＋Ｘ", "2+3+X"),
        (" 2 + 3　+ x ", "2+3+X"),
        ("4x4", "4×4"),
        ("4 * 4", "4×4"),
        ("4✕4", "4×4"),
        ("４ｘ４", "4×4"),
        ("（2+2）+（3+6）", "(2+2)+(3+6)"),
        ("2x(3+n)", "2×(3+N)"),
        ("2﹢3", "2+3"),
        ("四x四", "四×四"),
    ],
)
def test_forms_are_normalised_and_the_issuers_text_is_kept(written, canonical):
    formula = Formula.parse(written)
    assert str(formula) == canonical
    assert formula.text == written
    assert formula == Formula.parse(canonical)
    assert hash(formula) == hash(Formula.parse(canonical))


def test_groups_keep_the_parentheses():
    assert Formula.parse("(2+2)+(3+6)+X").groups == (("2", "2"), ("3", "6"), "X")
    assert Formula.parse("2×(3+X)").groups == (("3", "X"), ("3", "X"))
    assert Formula.parse("4×4").groups == ("4", "4", "4", "4")
    assert Formula.parse("((2+3)+1)").groups == ((("2", "3"), "1"),)


@pytest.mark.parametrize(
    ("slot", "count"),
    [
        ("2", 2),
        ("18", 18),
        ("２０", 20),
        ("六新", 6),
        ("一〇", 10),
        ("十", 10),
        ("十二", 12),
        ("一十", 10),
        ("二十", 20),
        ("二十一", 21),
        ("一百零五", 105),
        ("一百", 100),
        ("一百一十五", 115),
        ("两百二十", 220),
        ("三十新兴", 30),
        ("一二〇", 120),
        ("两翼", 2),
        ("X", None),
        ("n", None),
        ("Y", None),
        ("M", None),
    ],
)
def test_count(slot, count):
    assert Formula.count(slot) == count


@pytest.mark.parametrize(
    "slot",
    [
        "",
        "0",
        "02",
        "1000",
        "新",
        "I",
        "2+3",
        "零",
        "十十",
        "²",
        "٣",
        "一百二",
        "百",
        "一千",
        "十〇",
        "零五",
        "1十",
    ],
)
def test_what_is_no_slot_has_no_count(slot):
    with pytest.raises(InvalidFormula, match="is no number from 1 to 999"):
        Formula.count(slot)


def test_open():
    assert Formula.parse("2+3+X").open
    assert not Formula.parse("2+3").open
    assert Formula.parse("415X").open
    assert not Formula.parse("1269").open


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("2+", "is missing at the end"),
        ("+2", 'character 1: a number or an open letter is missing before "\\+"'),
        ("2++3", 'character 3: .* missing before "\\+"'),
        ("(2+3", 'character 1: "\\(" is never closed'),
        ("2+3)", 'character 4: "\\)" without its opening'),
        ("2(3+4)", 'character 2: no sign before "\\("'),
        ("(3+4)2", 'character 6: no sign after "\\)"'),
        ("X×4", "character 1: a product starts with the number of tiers"),
        ("(2+3)×4", "a product starts with the number of tiers"),
        ("4×发", 'character 3: "发" is no single number'),
        ("4×", "is missing at the end"),
        ("0+3", 'character 1: "0" does not start'),
        ("2 + 03", 'character 5: "03" does not start'),
        ("2+3+Q", 'character 5: "Q" does not start'),
        ("发储送用", 'character 1: "发储送用" does not start .* declare the parts'),
        ("IAB", "declare the parts"),
        ("2-3", 'character 2: "-3" does not start'),
        ("(" * 20 + "2" + ")" * 20, "too deep"),
        ("2×" * 20 + "2", "too deep"),
        ("99×9×9", "more than 200 slots"),
        ("999×999×999×999", "more than 200 slots"),
        ("1" * 101, "has 101 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, message):
    with pytest.raises(InvalidFormula, match=message):
        Formula.parse(text)


# Formulas without signs


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("33618", ("3", "3", "6", "18")),
        ("415X", ("4", "15", "X")),
        ("1028", ("10", "28")),
        ("五一〇", ("五", "一〇")),
        ("465", ("4", "6", "5")),
        ("12", ("12",)),
        ("12", ("1", "2")),
        ("五十二", ("五十", "二")),
        ("4X4", ("4", "X", "4")),
        ("4X4", ("4", "4", "4", "4")),
        ("33618+N", ("3", "3", "6", "18", "N")),
    ],
)
def test_ambiguous_formulas_are_settled_by_the_slots_of_the_tiers(text, slots):
    alone = Formula.parse(text)
    assert not alone.settled
    assert alone.slots == alone.groups == ()
    assert slots in set(alone.readings())
    settled = Formula.parse(text, slots=slots)
    assert settled.settled
    assert settled.slots == settled.groups == slots
    assert settled != alone
    assert str(settled) == text
    assert eval(repr(settled)) == settled  # noqa: S307 our own text


def test_numbers_settle_chinese_numerals():
    assert Formula.parse("五一〇", slots=("5", "10")).slots == ("五", "一〇")


@pytest.mark.parametrize(
    "slots", [("3", "3", "6", "81"), ("33", "618", "X"), ("18", "6", "3", "3"), ("3", "3", "6")]
)
def test_slots_that_are_no_reading_are_refused(slots):
    with pytest.raises(InvalidFormula, match=r"cannot be read as .* expected one of its readings"):
        Formula.parse("33618", slots=slots)


def test_a_refusal_shows_readings_of_the_same_length():
    with pytest.raises(InvalidFormula, match="such as 10, 28; 102, 8"):
        Formula.parse("1028", slots=("10", "8"))


def test_slots_do_not_change_what_is_clear():
    assert Formula.parse("2+3+X", slots=("7",)) == Formula.parse("2+3+X")


def test_readings():
    assert list(Formula.parse("465").readings()) == [
        ("4", "6", "5"),
        ("4", "65"),
        ("46", "5"),
        ("465",),
    ]
    assert list(Formula.parse("1028").readings()) == [
        ("10", "2", "8"),
        ("10", "28"),
        ("102", "8"),
    ]
    assert list(Formula.parse("2+3+X").readings()) == [("2", "3", "X")]


def test_a_long_text_is_read_without_delay():
    with pytest.raises(InvalidFormula):
        Formula.parse("1" * 60 + "0" * 40)
    long = Formula.parse("1" * 100)
    assert len(list(islice(long.readings(), 10))) == 10
    assert Formula.parse("1" * 100, slots=["1"] * 100).count("1") == 1


# Parts


def test_a_part_may_count_something_else():
    parts = ["12", "6", {"part": "9", "counts": "average yearly growth in percent"}]
    formula = Formula.parse("1269", parts=parts)
    assert formula.settled
    assert formula.slots == ("12", "6")
    assert formula.parts[2] == Part("9", counts="average yearly growth in percent")
    assert [part.fills for part in formula.parts] == [True, True, False]
    assert formula.as_data() == {"text": "1269", "parts": parts}
    assert eval(repr(formula)) == formula  # noqa: S307 our own text


def test_parts_may_name_items():
    parts = [{"part": c, "names": n} for c, n in zip("发储送用", "abcd", strict=True)]
    formula = Formula.parse("发储送用", parts=parts)
    assert formula.settled
    assert formula.slots == ()
    assert [part.names for part in formula.parts] == list("abcd")
    assert formula.as_data()["parts"] == parts


def test_parts_follow_the_signs():
    formula = Formula.parse("10 + 1", parts=["10", {"part": "1", "counts": "batches"}])
    assert formula.slots == ("10",)
    grouped = Formula.parse("(2+2)+3", parts=["2", "2", {"part": "3", "counts": "steps"}])
    assert grouped.groups == (("2", "2"),)


@pytest.mark.parametrize(
    ("text", "parts", "message"),
    [
        ("1269", ["12", "6"], "do not add up"),
        ("1269", ["12", "96"], "do not add up"),
        ("1269", ["12", "6", "9", "9"], 'ends before its part "9"'),
        ("10+1", ["1", "01"], "do not add up"),
        ("10+1", ["101"], "do not add up"),
        ("发储", ["发", "储"], 'the part "发" is no number'),
        ("1269", ["126", {"part": "9", "count": "x"}], 'did you mean "counts"'),
        ("1269", ["126", {"part": "9", "counts": "x", "names": "y"}], "keep one"),
        ("1269", ["126", {"counts": "x"}], "a part is empty"),
        ("1269", ["1269", ""], "a part is empty"),
        ("4×4", ["4", "4"], "needs no parts"),
        ("1269", ["1269"], "is no number from 1 to 999"),
    ],
)
def test_parts_that_do_not_make_up_the_text_are_refused(text, parts, message):
    with pytest.raises(InvalidFormula, match=message):
        Formula.parse(text, parts=parts)


# Values


@pytest.mark.parametrize(
    "formula",
    [
        Formula.parse("２＋３＋Ｘ"),
        Formula.parse("33618"),
        Formula.parse("33618", slots=("3", "3", "6", "18")),
        Formula.parse("4X4", slots=("4",) * 4),
        Formula.parse("1269", parts=["12", "6", {"part": "9", "counts": "growth"}]),
    ],
    ids=repr,
)
def test_formulas_are_values(formula):
    for twin in (pickle.loads(pickle.dumps(formula)), copy.deepcopy(formula)):  # noqa: S301
        assert twin == formula
        assert hash(twin) == hash(formula)
        assert twin.text == formula.text
        assert twin.as_data() == formula.as_data()
    assert formula != str(formula)
    with pytest.raises(AttributeError, match="cannot be changed"):
        formula.text = "2"
    with pytest.raises(AttributeError, match="cannot be changed"):
        del formula.text


# Laws

numbers = st.integers(1, 999).map(str)
atoms = numbers | st.sampled_from(["X", "N", "Y", "M", "六新", "一〇", "十二"])


def grouped(children):
    sums = st.lists(children, min_size=1, max_size=4).map("+".join)
    products = st.tuples(st.integers(1, 4), children).map(lambda p: f"{p[0]}×{p[1]}")
    return sums.map(lambda s: f"({s})") | products


formulas = st.lists(st.recursive(atoms, grouped, max_leaves=5), min_size=2, max_size=5).map(
    "+".join
)
WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "0123456789+()XNYM"})


@given(formulas)
def test_text_comes_back(text):
    formula = Formula.parse(text)
    assert str(formula) == text
    assert formula.settled
    assert list(formula.readings()) == [formula.slots]
    assert Formula.parse(str(formula)) == formula
    assert Formula.parse(f" {text} ".translate(WIDE)) == formula


@given(st.text("0123456789+×x*XN()（＋Ｘ 六新一〇十百两发", max_size=12))
def test_normalising_twice_changes_nothing(text):
    try:
        formula = Formula.parse(text)
    except InvalidFormula:
        return
    again = Formula.parse(str(formula))
    assert str(again) == str(formula)
    assert again == formula


@given(st.text(max_size=8), st.lists(st.text(max_size=3), max_size=3))
def test_any_text_is_read_or_refused(text, slots):
    with suppress(InvalidFormula):
        Formula.parse(text, slots=slots)


@given(st.lists(numbers | st.sampled_from("XN"), min_size=1, max_size=4))
def test_readings_hold_the_real_one_and_are_all_readings(slots):
    text = "".join(slots)
    formula = Formula.parse(text)
    readings = list(formula.readings())
    assert tuple(slots) in readings
    assert len(set(readings)) == len(readings)
    assert formula.settled == (len(readings) == 1)
    for reading in readings:
        assert reading == formula._product or "".join(reading) == text
        assert all(not slot.startswith("0") and len(slot) <= 3 for slot in reading)
    settled = Formula.parse(text, slots=slots)
    assert settled.slots == tuple(slots)
    declared = Formula.parse(text, parts=slots)
    assert declared.slots == tuple(slots)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.booleans())
def test_items_that_keep_the_promise_fit(counts, compact):
    text = ("" if compact else "+").join(map(str, counts))
    tiers = [Item(f"t{i}", str(n), n) for i, n in enumerate(counts)]
    formula = Formula.parse(text, slots=slots_of(tiers))
    assert formula.check(Scheme(*tiers)) == []
    assert Formula.parse(text).check(Scheme(*tiers)) == []
    fewer = [*tiers[:-1], Item("short", str(counts[-1]), counts[-1] - 1)]
    assert [m.found for m in formula.check(Scheme(*fewer))] == [counts[-1] - 1]


# Checking a scheme

F23X = Formula.parse("2+3+X")
OPEN = Item("frontier", "X", open=True)


def test_a_scheme_that_fits():
    assert messages(F23X, Item("first", "2", 2), Item("future", "3", 3), OPEN) == []


def test_slots_are_compared_normalised():
    assert messages(F23X, Item("first", "２", 2), Item("future", "三", 3), OPEN) == []


def test_a_container_without_a_slot_is_looked_through():
    box = Item("all", None, [Item("first", "2", 2), Item("future", "3", 3)])
    assert messages(F23X, box, OPEN) == []
    assert slots_of([box, OPEN]) == ("2", "3", "X")


def test_too_many_and_too_few_items():
    first = Item("first", "2", 3)
    future = Item("future", "3", 1)
    result = F23X.check(Scheme(first, future, OPEN))
    assert [(m.slot, m.expected, m.found, m.item) for m in result] == [
        ("2", 2, 3, first),
        ("3", 3, 1, future),
    ]
    assert [str(m) for m in result] == [
        'tier "first" fills slot "2" of 2+3+X but lists 3 items; remove items, or correct the slot',
        'tier "future" fills slot "3" of 2+3+X but lists 1 item; add the missing items, or mark '
        "the tier incomplete",
    ]


def test_an_incomplete_tier_may_list_less_but_not_more():
    future = Item("future", "3", 3)
    assert messages(F23X, Item("first", "2", 0, incomplete=True), future, OPEN) == []
    [message] = messages(F23X, Item("first", "2", 3, incomplete=True), future, OPEN)
    assert "may only list less" in message


def test_an_open_slot_needs_an_open_item():
    tiers = [Item("first", "2", 2), Item("future", "3", 3)]
    [message] = messages(F23X, *tiers, Item("frontier", "X", 4))
    assert message == (
        'tier "frontier" fills slot "X" of 2+3+X, which is open, but the tier is not; mark it '
        "open, or give it a number"
    )


def test_an_open_item_on_a_number_is_not_counted():
    assert messages(Formula.parse("10+1"), Item("a", "10", 10), Item("b", "1", 5, open=True)) == []


def test_missing_and_additional_tiers():
    first, future = Item("first", "2", 2), Item("future", "3", 3)
    [missing] = F23X.check(Scheme(first, OPEN))
    assert (missing.slot, missing.found, missing.item) == ("3", None, None)
    assert missing.message.startswith('no tier fills slot 2 of 3, "3", of 2+3+X; add the tier')
    [extra] = F23X.check(Scheme(first, future, Item("more", "7", 1), OPEN))
    assert extra.item.code == "more"
    assert 'tier "more" fills slot "7", which 2+3+X does not have at this place' in extra.message


def test_a_tier_without_partner_does_not_hide_a_wrong_count():
    result = F23X.check(Scheme(Item("first", "2", 1), OPEN))
    assert [m.slot for m in result] == ["3", "2"]


def test_tiers_in_another_order():
    [message] = messages(F23X, Item("future", "3", 3), Item("first", "2", 2), OPEN)
    assert "put the tiers in the order of the formula" in message


def test_a_scheme_without_slots():
    assert messages(F23X, Item("a", None, 2)) == [
        "no item fills a slot of 2+3+X; give its tiers the slots 2, 3, X"
    ]
    [message] = messages(Formula.parse("33618"), Item("a", None, 2))
    assert "can be read in several ways and no item fills a slot" in message


def test_an_ambiguous_formula_is_settled_by_the_items():
    fits = [Item("a", "4", 4), Item("b", "15", 15), Item("c", "X", open=True)]
    assert messages(Formula.parse("415X"), *fits) == []
    [message] = messages(Formula.parse("415X"), Item("a", "4", 4))
    assert "cannot be read as 4" in message


def test_chinese_numerals_count():
    formula = Formula.parse("五一〇", slots=("五", "一〇"))
    assert messages(formula, Item("a", "五", 5), Item("b", "一〇", 10)) == []
    assert messages(formula, Item("a", "5", 5), Item("b", "10", 10)) == []
    [message] = messages(formula, Item("a", "五", 5), Item("b", "一〇", 9))
    assert 'fills slot "一〇" of 五一〇 but lists 9 items' in message


def test_a_tier_made_of_tiers_counts_what_they_promise():
    formula = Formula.parse("10+1")
    one = Item("one", "1", 1)
    ten = [Item("a", "2", 2), Item("b", "5", 5), Item("c", "3", 3)]
    assert messages(formula, Item("ten", "10", ten), one) == []
    [message] = messages(formula, Item("ten", "10", ten[:2]), one)
    assert 'tier "ten" fills slot "10" of 10+1 but lists 7 items in its tiers (2, 5)' in message
    short = [Item("a", "2", 1), *ten[1:]]
    [message] = messages(formula, Item("ten", "10", short), one)
    assert message.startswith('tier "a" fills slot "2" of 10+1 but lists 1 item;')
    short = [Item("a", "2", 1, incomplete=True), *ten[1:]]
    assert messages(formula, Item("ten", "10", short), one) == []
    mixed = [*ten[:2], *(Item(f"leaf{i}") for i in range(3))]
    assert messages(formula, Item("ten", "10", mixed), one) == []
    unknown = [*ten[:2], Item("rest", "X", open=True)]
    assert messages(formula, Item("ten", "10", unknown), one) == []


def test_parentheses_may_be_tiers_or_not():
    formula = Formula.parse("(2+2)+(3+6)")
    parts = [Item("a", "2", 2), Item("b", "2", 2), Item("c", "3", 3), Item("d", "6", 6)]
    assert messages(formula, *parts) == []
    boxes = [Item("p", None, parts[:2]), Item("q", None, parts[2:])]
    assert messages(formula, *boxes) == []
    sums = [Item("p", "2+2", parts[:2]), Item("q", "9", parts[2:])]
    assert messages(formula, *sums) == []
    misleading = [Item("p", "2", [Item("a", "2", 2), Item("b", "2", 2)]), Item("q", "9", parts[2:])]
    assert messages(formula, *misleading) == []
    [message] = messages(formula, sums[0], Item("q", "9", [Item("c", "3", 3), Item("d", "6", 5)]))
    assert 'tier "d" fills slot "6"' in message


def test_a_product_has_one_tier_for_each_time():
    tiers = [Item(f"t{i}", "4", 4) for i in range(4)]
    assert messages(Formula.parse("4×4"), *tiers) == []
    [message] = messages(Formula.parse("4×4"), *tiers[:3])
    assert 'no tier fills slot 4 of 4, "4", of 4×4' in message


def test_a_slot_that_is_no_slot():
    result = messages(Formula.parse("2+3"), Item("a", "2", 2), Item("b", "3", [Item("c", "?", 3)]))
    assert any('slot "?" of 2+3, which is no number' in message for message in result)


def test_parts_must_name_items_of_the_scheme():
    parts = [{"part": "发", "names": "power-generation"}, {"part": "储", "names": "storage"}]
    formula = Formula.parse("发储", parts=parts)
    generation, storage = Item("power-generation"), Item("storage")
    assert messages(formula, Item("links", None, [generation, storage])) == []
    [mismatch] = formula.check(Scheme(Item("power-generatio"), storage))
    assert (mismatch.slot, mismatch.expected, mismatch.found) == ("发", "power-generation", None)
    assert 'did you mean "power-generatio"?' in mismatch.message
    [message] = messages(formula, generation)
    assert message.endswith("add it or correct the code")


def test_parts_that_count_something_else_need_no_tier():
    formula = Formula.parse("1269", parts=["12", "6", {"part": "9", "counts": "growth"}])
    assert messages(formula, Item("chains", "12", 12), Item("clusters", "6", 6)) == []
    [message] = messages(
        formula, Item("chains", "12", 12), Item("clusters", "6", 6), Item("more", "9", 9)
    )
    assert 'tier "more" fills slot "9"' in message


def test_a_mismatch_is_a_value():
    one = Mismatch("2", 2, 3, "message")
    assert one == Mismatch("2", 2, 3, "message")
    assert one != Mismatch("2", 2, 4, "message")
    assert hash(one) == hash(Mismatch("2", 2, 3, "message"))
    assert repr(one) == "Mismatch(slot='2', expected=2, found=3, message='message', item=None)"
    assert copy.copy(one) == one
