"""Amounts: what a cell says, as an interval in a unit; what is not understood is refused."""

import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from futureindustry.amounts import QUALIFIERS, UNITS, Amount, amounts_page, check_unit, parse_amount
from futureindustry.errors import ValueNotUnderstood


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("468亿元", "46800000000 元"),
        ("1,234.5", "1234.5"),
        ("-4", "-4"),
        ("负3%", "-3 %"),
        ("１２０家", "120 家"),
        ("三千二百亿元", "320000000000 元"),
        ("一千零五", "1005"),
        ("三千二", "3200"),
        ("两万五", "25000"),
        ("三点五亿", "350000000"),
        ("十二点五%", "12.5 %"),
        ("1亿2000万元", "120000000 元"),
        ("3.2万亿元", "3200000000000 元"),
        ("百分之三十", "30 %"),
        ("三成", "30 %"),
        ("2.5‰", "0.25 %"),
        ("¥100万", "1000000 元"),
        ("人民币100万元", "1000000 元"),
        ("1亿美元", "100000000 美元"),
        ("200家企业", "200 家"),
        ("30万元/亩", "300000 元/亩"),
        ("30万元每亩", "300000 元/亩"),
        ("〇", "0"),
        ("5千瓦时", "5 千瓦时"),
        ("三千千瓦", "3000 千瓦"),
        ("2.1个百分点", "2.1 个百分点"),
        ("2.1百分点", "2.1 个百分点"),
    ],
)
def test_exact_figures(text, written):
    amount = parse_amount(text)
    assert str(amount) == written
    assert amount.exact


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("120余家", "(120, 130) 家"),
        ("20多万元", "(200000, 300000) 元"),
        ("1.2万余家", "(12000, 13000) 家"),
        ("15公里余", "(15, 16) 公里"),
        ("百余家", "(100, 200) 家"),
        ("近90万元", "[850000, 900000) 元"),
        ("约7万美元", "[65000, 75000] 美元"),
        ("3000亿元左右", "[250000000000, 350000000000] 元"),
        ("逾百亿元", "(10000000000, ∞) 元"),
        ("＞100家", "(100, ∞) 家"),
        ("上千家", "[1000, ∞) 家"),
        ("5%以上", "[5, ∞) %"),
        ("至少3家", "[3, ∞) 家"),
        ("不足5%", "[0, 5) %"),
        ("低于3%", "(-∞, 3) %"),
        ("低于3家", "[0, 3) 家"),
        ("最高200万元/年", "(-∞, 2000000] 元/年"),
        ("50亩以下", "[0, 50] 亩"),
        ("10—20亿元", "[1000000000, 2000000000] 元"),
        ("10亿元至20亿元", "[1000000000, 2000000000] 元"),
        ("1万-20000元", "[10000, 20000] 元"),
        ("3—30%", "[3, 30] %"),
        ("-3%~5%", "[-3, 5] %"),
        ("100到200家不等", "[100, 200] 家"),
        ("约10—20亿元", "[500000000, 2500000000] 元"),
        ("两三百家", "[200, 300] 家"),
        ("三四十人", "[30, 40] 人"),
        ("十七八家", "[17, 18] 家"),
        ("十几亿元", "(1000000000, 2000000000) 元"),
        ("几十家", "(10, 100) 家"),
        ("数百家", "(100, 1000) 家"),
        ("约200余家", "[150, 300) 家"),
        ("超200余家", "(200, ∞) 家"),
    ],
)
def test_qualifiers_and_ranges_are_bounds(text, written):
    amount = parse_amount(text)
    assert str(amount) == written
    assert not amount.exact


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("很多", "no readable number"),
        ("家", "no readable number"),
        ("万元", "no readable number"),  # a unit left behind, not 10,000 元
        ("百亿", "no readable number"),  # 百亿级: what is meant is for the writer to say
        ("N/A", "no readable number"),
        ("", "nothing"),
        ("12个月内", "unit"),
        ("2024年", "unit"),
        ("12,34", "unit"),
        ("3万5", "no readable number"),
        ("二〇二四", "no readable number"),
        ("一千百", "no readable number"),
        ("万万", "no readable number"),
        ("三五家", "no readable number"),
        ("1 234", "unit"),
        ("1e400", "no readable number"),
        ("20—10亿元", "falls"),
        ("500—1万家", "falls"),
        ("3%—30", "units"),
        ("10元—20家", "units"),
        ("$5元", "units"),
        ("近200余家", "contradict"),
        ("超200家以下", "contradict"),
        ("超10—20亿元", "qualifier"),
        ("不足0家", "qualifier"),
        ("123余家", "whole number"),
        ("-1家", "below zero"),
        ("低于0家", "below zero"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_reason(text, reason):
    with pytest.raises(ValueNotUnderstood, match=reason) as caught:
        parse_amount(text)
    assert caught.value.reason["zh"]


def test_a_unit_for_numbers_that_give_none():
    assert parse_amount("3200", "亿元") == Amount(3200, 3200, "亿元")
    assert parse_amount("500万元", "亿元") == Amount(0.05, 0.05, "亿元")
    assert parse_amount("3200万", "亿元") == Amount(0.32, 0.32, "亿元")
    assert parse_amount("约120", "家") == Amount(115, 125, "家")


@pytest.mark.parametrize(
    ("text", "unit"), [("80家", "亿元"), ("7万美元", "元"), ("3万元/年", "元")]
)
def test_another_measure_is_refused(text, unit):
    with pytest.raises(ValueNotUnderstood, match="not in"):
        parse_amount(text, unit)
    assert parse_amount(text).measure != parse_amount("1", unit).measure


def test_a_wrong_unit_names_the_nearest():
    with pytest.raises(ValueNotUnderstood, match="平方公里"):
        check_unit("平方公厘")
    with pytest.raises(ValueNotUnderstood, match="no unit"):
        parse_amount("3", "亿圆整")


def test_units_of_one_measure_convert():
    assert parse_amount("3公顷").to("亩").low == 45
    assert parse_amount("1.5平方公里").to("公顷") == Amount(150, 150, "公顷")
    assert parse_amount("8‰").to("%").low == 0.8
    assert parse_amount("30万元/年").to("万元/年") == Amount(30, 30, "万元", "年")


def test_contains_respects_open_ends():
    amount = parse_amount("120余家")
    assert 121 in amount
    assert 120 not in amount
    assert 130 not in amount
    assert 5 in parse_amount("5%以上")


# Laws


def chinese(n):
    """Write a whole number below 10^12 in Chinese numerals."""
    if n == 0:
        return "零"

    def below_10000(n):
        digits = f"{n:04}"
        out = ""
        for digit, unit in zip(digits, ("千", "百", "十", ""), strict=True):
            if digit != "0":
                out += "零一二三四五六七八九"[int(digit)] + unit
            elif out and not out.endswith("零"):
                out += "零"
        return out.rstrip("零")

    out = ""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, n = divmod(n, size)
        if part:
            gap = "零" if out and part < 1000 else ""
            out += gap + below_10000(part) + unit
    return out


whole = st.integers(0, 10**12 - 1)


@given(whole)
def test_chinese_numerals_are_read_as_they_are_written(n):
    written = chinese(n)
    assert parse_amount(written).low == n
    if n >= 20:
        assert parse_amount(written + "家") == Amount(n, n, "家")


@given(whole)
def test_separators_of_thousands_change_nothing(n):
    assert parse_amount(f"{n:,}") == parse_amount(str(n))


@st.composite
def amounts(draw):
    ends = sorted(
        draw(st.floats(allow_nan=False, allow_infinity=True) | st.integers(-(10**6), 10**6))
        for _ in "ab"
    )
    low, high = (float(end) for end in ends)
    assume(low < math.inf and high > -math.inf)
    unit = draw(st.sampled_from([None, *(u for u in UNITS if u.measure != "%" or u.name == "%")]))
    assume(unit is None or unit.signed or low >= 0 or (low == -math.inf and high > 0))
    if unit and unit.counts:
        assume(math.isinf(high - low) or math.floor(high) - math.ceil(low) > 1)
    per = draw(st.sampled_from([None, "年"])) if unit else None
    name = unit.name if unit else None
    if low == high:
        return Amount(low, high, name, per)
    low_in, high_in = draw(st.booleans()), draw(st.booleans())
    return Amount(low, high, name, per, low_in and low > -math.inf, high_in and high < math.inf)


@given(amounts())
def test_what_is_written_is_read_back(amount):
    assert parse_amount(str(amount)) == amount


@given(
    st.text(alphabet="0123456789.,一二三十百千万亿余近约超不足以上-—%元家年/[]() 几两", max_size=12)
)
def test_any_text_is_read_or_refused(text):
    try:
        amount = parse_amount(text)
    except ValueNotUnderstood:
        return
    assert amount.low <= amount.high
    assert parse_amount(str(amount)) == amount


@given(
    st.integers(1, 10**9), st.sampled_from([q for q in QUALIFIERS if q.code != "odd"]), st.data()
)
def test_every_qualifier_gives_an_interval_that_touches_the_figure(n, qualifier, data):
    words = [(word, "") for word in qualifier.before] + [("", word) for word in qualifier.behind]
    before, behind = data.draw(st.sampled_from([w for w in words if w[0] != "上"]))
    amount = parse_amount(f"{before}{n}亩{behind}")
    assert amount.low <= n <= amount.high
    assert n in (amount.low, amount.high) or qualifier.code == "about"


def test_the_page_of_amounts_is_up_to_date():
    page = Path(__file__).parent.parent / "docs" / "amounts.md"
    message = "write it again: python -c 'from futureindustry.amounts import amounts_page; print(amounts_page(), end=\"\")' > docs/amounts.md"
    assert page.read_text(encoding="utf-8") == amounts_page(), message


def test_spellings_lead_to_one_unit_each():
    spelled = [s for unit in UNITS for s in (unit.name, *unit.spellings)]
    assert len(spelled) == len(set(spelled))
    assert all(s == s.lower() for s in spelled)
