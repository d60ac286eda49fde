"""
Amounts as reports write them: a number, a unit, and how sure the writer was.

`120余家`, `近90万元`, `三千二百亿元`, `10—20亿元` and `不足5%` are no exact figures, or not only: each
is an interval, open or closed, in a unit. What is not understood is refused with a reason;
nothing is guessed. Which interval a qualifier stands for is one table (`QUALIFIERS`), with its
source; where no source fixes it, the table says that the reading is ours.

Standards: numerals and ranges as in GB/T 15835-2011, rounding as in GB/T 8170-2008, 以上 and the
like as in the Civil Code of 2020, article 1259, intervals as in ISO 80000-2, 2-7.7 to 2-7.10.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import attrs

from .errors import ValueNotUnderstood, nearest
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    Ends = tuple[Fraction | None, Fraction | None, bool, bool]

__all__ = [
    "PLAIN_NUMBER",
    "QUALIFIERS",
    "UNITS",
    "Amount",
    "Qualifier",
    "Unit",
    "amounts_page",
    "check_unit",
    "parse_amount",
]

PLAIN_NUMBER = r"^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?$"
"""A number that needs no reading: what engines look for before anything else."""


# Units


@attrs.frozen
class Unit:
    """
    A unit.

    Attributes:
        name: As it is written here.
        measure: What it measures; units of one measure convert into each other.
        factor: In the first unit of the measure.
        spellings: Other ways to write it, in lower case.
        counts: Whether it counts whole things.
        signed: Whether amounts below zero make sense.
    """

    name: str
    measure: str
    factor: Fraction = Fraction(1)
    spellings: tuple[str, ...] = ()
    counts: bool = False
    signed: bool = False


def _counted(name: str, *spellings: str) -> Unit:
    return Unit(name, name, spellings=spellings, counts=True)


def _money(name: str, *spellings: str) -> Unit:
    return Unit(name, name, spellings=spellings, signed=True)


UNITS: tuple[Unit, ...] = (
    _money("元", "人民币", "元人民币", "人民币元", "rmb", "cny", "块"),
    _money("美元", "美金", "usd", "us$", "$"),
    _money("港元", "港币", "hkd", "hk$"),
    _money("欧元", "eur", "€"),
    _money("日元", "jpy"),
    _money("英镑", "gbp", "£"),
    _money("新台币", "台币", "twd", "nt$"),
    _money("韩元", "krw"),
    _money("新加坡元", "新元", "sgd", "s$"),
    _money("澳元", "aud"),
    _money("加元", "cad"),
    _money("瑞士法郎", "chf"),
    Unit("%", "%", spellings=("％", "percent", "pct"), signed=True),
    Unit("‰", "%", Fraction(1, 10), signed=True),
    Unit("成", "%", Fraction(10), signed=True),
    Unit("个百分点", "个百分点", spellings=("百分点", "pp"), signed=True),
    Unit("倍", "倍", signed=True),
    _counted("家", "家企业", "家公司", "家单位", "家机构", "户企业"),
    _counted("个", "个项目"),
    _counted("项"),
    _counted("件"),
    _counted("人", "名", "位", "名员工", "名人才"),
    _counted("人次"),
    _counted("户"),
    _counted("台"),
    _counted("套"),
    _counted("辆"),
    _counted("架"),
    _counted("架次"),
    _counted("座"),
    _counted("条"),
    _counted("颗"),
    _counted("枚"),
    _counted("只"),
    _counted("支"),
    _counted("艘"),
    _counted("次"),
    _counted("所"),
    _counted("种"),
    _counted("款"),
    _counted("篇"),
    _counted("部"),
    _counted("床", "张床"),
    Unit("平方米", "area", spellings=("m2", "m²", "平米", "平方公尺")),
    Unit("亩", "area", Fraction(2000, 3)),
    Unit("公顷", "area", Fraction(10_000), ("ha",)),
    Unit("平方公里", "area", Fraction(1_000_000), ("km2", "km²", "平方千米")),
    Unit("米", "length", spellings=("m",)),
    Unit("公里", "length", Fraction(1000), ("千米", "km")),
    Unit("千克", "mass", spellings=("公斤", "kg")),
    Unit("吨", "mass", Fraction(1000), ("t",)),
    Unit("千瓦时", "energy", spellings=("度", "kwh")),
    Unit("千瓦", "power", spellings=("kw",), signed=True),
    Unit("兆瓦", "power", Fraction(1000), ("mw",), signed=True),
    Unit("吉瓦", "power", Fraction(1_000_000), ("gw",), signed=True),
)
_BY_SPELLING: Mapping[str, Unit] = {
    spelling: unit for unit in UNITS for spelling in (unit.name, *unit.spellings)
}
_PREFIXED = (
    "人民币",
    "rmb",
    "cny",
    "¥",
    "usd",
    "us$",
    "$",
    "hkd",
    "hk$",
    "eur",
    "€",
    "gbp",
    "£",
    "jpy",
)
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_PERS = (
    "年", "月", "日", "天", "季度", "小时", "亩", "平方米", "平方公里", "公顷", "人", "家", "户", "个",
    "台", "套", "吨", "公里", "千瓦时", "度", "次",
)  # fmt: skip


@attrs.frozen
class _Scaled:
    """A unit with what stands before and behind it: 万元/年."""

    unit: Unit | None
    times: Fraction = Fraction(1)
    per: str | None = None

    @property
    def factor(self) -> Fraction:
        return self.times * (self.unit.factor if self.unit else 1)

    @property
    def measure(self) -> tuple[str | None, str | None]:
        return (self.unit.measure if self.unit else None, self.per)


def _split_per(text: str) -> tuple[str, str | None]:
    found = re.fullmatch(rf"(.*?)(?:/|每)({'|'.join(_PERS)})", text)
    return (found[1], found[2]) if found else (text, None)


@lru_cache(maxsize=512)
def _scaled(text: str) -> _Scaled | None:
    """Read a unit, such as 万元, 亿元/年, 家, %; None if it is none."""
    head, per = _split_per(text)
    times = Fraction(1)
    while head and head not in _BY_SPELLING and head[0] in _TIMES:
        times *= _TIMES[head[0]]
        head = head[1:]
    unit = _BY_SPELLING.get(head)
    return None if unit is None else _Scaled(unit, times, per)


def check_unit(text: str) -> None:
    """
    Refuse what is no unit.

    Raises:
        ValueNotUnderstood: With the nearest unit.
    """
    if _scaled(_plain(text)) is None:
        hint = nearest(text, (*_BY_SPELLING, "万元", "亿元", "万人", "万亩"))
        raise _refusal(
            text, "no_unit", unit=text, hint=hint[0] if hint else "家、元、万元、亿元、%"
        )


# Amounts


@attrs.frozen
class Amount:
    """
    An amount: the interval that it lies in, and its unit.

    Attributes:
        low: Lower end; minus infinity where it is open below.
        high: Upper end; infinity where it is open above.
        unit: Such as 元, 美元, 家, %; None where none was given.
        per: What it is counted for: 年, 亩.
        low_in: Whether `low` itself is possible.
        high_in: Whether `high` itself is possible.

    Examples:
        >>> print(parse_amount("120余家"))
        (120, 130) 家
        >>> print(parse_amount("近90万元").to("万元"))
        [85, 90) 万元
        >>> parse_amount("三千二百亿元").exact
        True
    """

    low: float
    high: float
    unit: str | None = None
    per: str | None = None
    low_in: bool = True
    high_in: bool = True

    @property
    def exact(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high

    def __contains__(self, value: float) -> bool:
        """Say whether a figure in the same unit may be meant."""
        above = value >= self.low if self.low_in else value > self.low
        below = value <= self.high if self.high_in else value < self.high
        return above and below

    @property
    def measure(self) -> tuple[str | None, str | None]:
        """What amounts must share to be added up: a measure, and what it is per."""
        scaled = _scaled(self._unit_text()) if self.unit else None
        return scaled.measure if scaled else (None, self.per)

    @property
    def measure_text(self) -> str | None:
        """The measure as a text: the unit that all amounts of it convert into; None for none."""
        name, per = self.measure
        first = next((unit.name for unit in UNITS if unit.measure == name), None)
        return None if first is None else first + (f"/{per}" if per else "")

    def _unit_text(self) -> str:
        return (self.unit or "") + (f"/{self.per}" if self.per else "")

    def to(self, unit: str) -> Amount:
        """
        Give the same amount in another unit of the same measure.

        Raises:
            ValueNotUnderstood: No such unit, or of another measure.
        """
        check_unit(unit)
        target, own = _scaled(_plain(unit)), _scaled(self._unit_text())
        if target is None or own is None or own.measure != target.measure:
            said = self._unit_text() or "–"
            raise _refusal(str(self), "measure", unit=said, other=unit)
        factor = own.factor / target.factor
        head, per = _split_per(_plain(unit))

        # An end is taken for the shortest decimal that it prints as.
        low, high = (
            end if math.isinf(end) else float(Fraction(repr(end)) * factor)
            for end in (self.low, self.high)
        )
        return attrs.evolve(self, low=low, high=high, unit=head, per=per)

    def __str__(self) -> str:
        """Write it as a figure, or as an interval (ISO 80000-2); `parse_amount` reads it back."""
        unit = f" {self._unit_text()}" if self.unit or self.per else ""
        if self.exact:
            return f"{_said(self.low)}{unit}"
        left, right = "[" if self.low_in else "(", "]" if self.high_in else ")"
        return f"{left}{_said(self.low)}, {_said(self.high)}{right}{unit}"


def _said(end: float) -> str:
    if math.isinf(end):
        return "∞" if end > 0 else "-∞"
    text = format(Decimal(repr(end)), "f")
    return text.removesuffix(".0")


# Qualifiers


@attrs.frozen
class Qualifier:
    """
    Words that make a figure an interval.

    Attributes:
        code: Name of the reading.
        before: Words before the number.
        behind: Words behind the number or its unit.
        interval: What N becomes; p is the place of the last digit of N that is not 0.
        reason: Why, by language: a source, or that it is ours.
    """

    code: str
    before: tuple[str, ...]
    behind: tuple[str, ...]
    interval: str
    reason: Mapping[str, str]


def _by_law(word: str, *, included: bool, more: tuple[str, str] = ("", "")) -> dict[str, str]:
    says = ("includes", "包括") if included else ("does not include", "不包括")
    return {
        "en": f"Civil Code, article 1259: {word} {says[0]} the number; the other words alike{more[0]}",
        "zh": f"《民法典》第一千二百五十九条:“{word}”{says[1]}本数;余同{more[1]}",
    }


QUALIFIERS: tuple[Qualifier, ...] = (
    Qualifier(
        "odd", (), ("余", "多"), "(N, N + p)",
        {"en": "Xiandai Hanyu Cidian, 余: what is left over beyond the round number; that it is less than "
               "the last place is ours",
         "zh": "《现代汉语词典》“余”:整数后的零头;零头不足末位一个单位,为本库约定"},
    ),
    Qualifier(
        "near", ("接近", "将近", "近"), (), "[N - p/2, N)",
        {"en": "ours: below N and rounded to N (GB/T 8170-2008, rounding)",
         "zh": "本库约定:小于 N,且按 GB/T 8170-2008 修约后为 N"},
    ),
    Qualifier(
        "about", ("大约", "约为", "约", "大概", "≈", "~"), ("左右", "上下"), "[N - p/2, N + p/2]",
        {"en": "ours: what is rounded to N (GB/T 8170-2008, rounding)",
         "zh": "本库约定:按 GB/T 8170-2008 修约后为 N"},
    ),
    Qualifier(
        "more", ("超过了", "超过", "超出", "超", "逾", "突破", "高于", "大于", "多于", ">"), (), "(N, ∞)",
        _by_law("超过", included=False),
    ),
    Qualifier(
        "least", ("至少", "最少", "最低", "不少于", "不低于", "不小于", "上", "≥", ">="), ("及以上", "以上", "起"),
        "[N, ∞)",
        _by_law("以上", included=True),
    ),
    Qualifier(
        "short", ("不足", "不到", "不满", "未满"), (), "[0, N)",
        _by_law("不满", included=False, more=("; that it is not below 0 is ours", ";不小于 0,为本库约定")),
    ),
    Qualifier(
        "less", ("少于", "低于", "小于", "<"), (), "(-∞, N)",
        {"en": "the words compare; N itself is not included", "zh": "字面为比较,不包括本数"},
    ),
    Qualifier(
        "most", ("至多", "最多", "最高", "不超过", "不多于", "不高于", "不大于", "≤", "<="),
        ("及以下", "以下", "以内"), "(-∞, N]",
        _by_law("以下", included=True),
    ),
    Qualifier(
        "none", ("达到", "达", "共计", "合计", "总计", "累计", "共", "仅", "为"), ("整",), "[N, N]",
        {"en": "the words say nothing about how exact N is", "zh": "这些词不表示精确程度"},
    ),
)  # fmt: skip
_BEFORE = sorted(
    ((word, q.code) for q in QUALIFIERS for word in q.before), key=lambda p: -len(p[0])
)
_BEHIND = sorted(
    ((word, q.code) for q in QUALIFIERS if q.code != "odd" for word in q.behind),
    key=lambda p: -len(p[0]),
)


def _interval(code: str, number: Fraction, place: Fraction) -> Ends:
    """Give the interval of a qualifier: ends (None: infinite) and whether they belong to it."""
    half = place / 2
    table: dict[str, Ends] = {
        "odd": (number, number + place, False, False),
        "near": (number - half, number, True, False),
        "about": (number - half, number + half, True, True),
        "more": (number, None, False, False),
        "least": (number, None, True, False),
        "short": (Fraction(0), number, True, False),
        "less": (None, number, False, False),
        "most": (None, number, False, True),
        "none": (number, number, True, True),
    }
    return table[code]


# Numerals


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_MULTIPLIERS = {**_TIMES, "拾": 10, "佰": 100, "仟": 1000}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3}(?!\d))?"
_HAN = "".join((*_DIGITS, *_MULTIPLIERS))
_NUMERAL = rf"(?:{_ARABIC}|[{_HAN}点几数])(?:{_ARABIC}|[{_HAN}点几])*"
_TOKEN = re.compile(rf"{_ARABIC}|.")
_SIGN = r"[-+\u2212负]"


@attrs.frozen
class _Number:
    """A number as written: from low to high, the place of its last digit that is not 0."""

    low: Fraction
    high: Fraction
    place: Fraction
    low_in: bool = True
    high_in: bool = True
    bare: bool = False

    def scaled(self, factor: Fraction) -> _Number:
        low, high, place = (value * factor for value in (self.low, self.high, self.place))
        return attrs.evolve(self, low=low, high=high, place=place)


class _NoNumeral(ValueError):
    pass


def _evaluate(text: str) -> tuple[Fraction, Fraction]:
    """
    Give the value of a numeral and the place of its last digit that is not 0.

    Raises:
        _NoNumeral: It is none.
    """
    tokens = _TOKEN.findall(text)
    high = middle = section = Fraction(0)
    current: Fraction | None = None
    place = Fraction(1)
    smallest = 10_000  # multipliers fall within a section
    last, zero, decimal = "", False, False
    for n, part in enumerate(tokens):
        if part == "点":
            if current is None and not section:
                raise _NoNumeral
            digits = tokens[n + 1 :]
            tail = [t for t in digits if t in _DIGITS]
            rest = digits[len(tail) :]
            if not tail or digits[: len(tail)] != tail or any(t not in "百千万亿" for t in rest):
                raise _NoNumeral
            whole, _ = _evaluate("".join(tokens[:n]))
            number = "".join(str(_DIGITS[t]) for t in tail)
            value = whole + Fraction(int(number), 10 ** len(number))
            times = math.prod(_TIMES[t] for t in rest)
            return value * times, _last_place(value) * times
        if part[0].isdigit() and part[0].isascii():
            # 1亿2000万 goes on, 3万5 does not: see the end.
            if current is not None or section or last in ("零", "〇"):
                raise _NoNumeral
            current, place = _decimal(part)
            decimal = True
        elif part in _DIGITS:
            digit = _DIGITS[part]
            if digit == 0 and len(tokens) > 1:
                if current is not None or not last:
                    raise _NoNumeral
                zero = True
            elif current is not None:
                raise _NoNumeral
            else:
                current, place = Fraction(digit), Fraction(1)
        elif part not in _MULTIPLIERS:
            raise _NoNumeral
        elif (times := _MULTIPLIERS[part]) < 10_000:
            if current is None and (section or zero or last):
                raise _NoNumeral
            if times >= smallest:
                raise _NoNumeral
            section += (1 if current is None else current) * times
            place = (Fraction(1) if current is None else place) * times
            current, smallest, zero = None, times, False
        else:
            value_ = section + (current or 0)
            if current is None and not section:
                if last and times == 100_000_000 and middle and not high:
                    value_ = Fraction(0)  # 万亿
                elif last:
                    raise _NoNumeral
                else:
                    value_ = Fraction(1)
            if times == 10_000:
                if middle:
                    raise _NoNumeral
                middle = value_ * times
            else:
                if high:
                    raise _NoNumeral
                high, middle = (middle + value_) * times, Fraction(0)
            place *= times
            section, current, smallest, zero, decimal = Fraction(0), None, 10_000, False, False
        last = part
    if last in ("零", "〇") and len(tokens) > 1:
        raise _NoNumeral
    if current is not None and (before := tokens[-2] if len(tokens) > 1 else ""):
        if decimal and not (section or high or middle):
            pass
        elif decimal:
            raise _NoNumeral
        elif not zero and (above := _MULTIPLIERS.get(before, 0)) > 10:
            # 三千二 is 3200: the last digit counts for the next place.
            current *= above // 10
            place = Fraction(above // 10)
    return high + middle + section + (current or 0), place


def _decimal(text: str) -> tuple[Fraction, Fraction]:
    value = Fraction(text.replace(",", ""))
    return value, _last_place(value)


def _last_place(value: Fraction) -> Fraction:
    """Give the place of the last digit that is not 0: 100 for 1200, 1/10 for 3.5."""
    if not value:
        return Fraction(1)
    place = Fraction(1)
    while (value / place).denominator != 1:
        place /= 10
    while (value / (place * 10)).denominator == 1:
        place *= 10
    return place


_PAIR = re.compile(r"一[两二]|[两二]三|三四|四五|五六|六七|七八|八九")


def _number(text: str) -> _Number:
    """Read a numeral, also one that is vague: 两三百, 十几, 几十."""
    if pair := _PAIR.search(text):
        ends = [text[: pair.start()] + digit + text[pair.end() :] for digit in pair[0]]
        (low, _), (high, place) = _evaluate(ends[0]), _evaluate(ends[1])
        return _Number(low, high, place)
    if any(word in text for word in "几数"):
        if text.count("几") + text.count("数") > 1:
            raise _NoNumeral
        one, two = (_evaluate(re.sub("[几数]", digit, text))[0] for digit in "一二")
        step = two - one
        # More than one and less than ten (Xiandai Hanyu Cidian, 几); behind a ten, any digit.
        start = one if text[0] in "几数" else one - step
        return _Number(start, one + 9 * step, step, low_in=False, high_in=False)
    value, place = _evaluate(text)
    bare = text[0] in _MULTIPLIERS and text[0] not in "十拾"
    return _Number(value, value, max(place, _last_place(value)), bare=bare)


# Reading


_REFUSALS: Mapping[str, Mapping[str, str]] = {
    "empty": {"en": "nothing is there", "zh": "内容为空"},
    "number": {"en": "it gives no readable number", "zh": "没有可识别的数字"},
    "unit": {"en": "“{unit}” is no unit that is known", "zh": "“{unit}”不是已知单位"},
    "no_unit": {"en": "“{unit}” is no unit; such as {hint}", "zh": "“{unit}”不是单位;可用如{hint}"},
    "order": {"en": "the range falls", "zh": "区间前大后小"},
    "ends": {"en": "the two ends have different units", "zh": "区间两端单位不同"},
    "clash": {"en": "the qualifiers contradict each other", "zh": "限定词相互矛盾"},
    "vague": {"en": "a qualifier does not go with this number", "zh": "限定词与数字不相配"},
    "sign": {"en": "there are no {unit} below zero", "zh": "以“{unit}”计的数量不能为负"},
    "whole": {"en": "no whole number lies between its bounds", "zh": "界限之间没有整数"},
    "measure": {"en": "it is in {unit}, not in {other}", "zh": "单位为{unit},而非{other}"},
}


def _refusal(text: str, why: str, **facts: str) -> ValueNotUnderstood:
    reason = {lang: said.format(**facts) for lang, said in _REFUSALS[why].items()}
    return ValueNotUnderstood(text, reason)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", clean(text)).replace("\u2212", "-")
    # A space between two digits may be a separator or part two numbers; nobody knows.
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", folded).lower()


def parse_amount(text: str, unit: str | None = None) -> Amount:
    """
    Read an amount.

    Args:
        text: As in a cell: digits or Chinese numerals, multipliers (万, 亿), a unit, qualifiers,
            a range, or an interval such as `[10, 20) 亿元`.
        unit: Unit of numbers that give none, such as 亿元; the result is in this unit.

    Returns:
        The interval; in 元, 家, … without multipliers, or in `unit`.

    Raises:
        ValueNotUnderstood: With the reason: an unknown unit, an amount of another measure
            than `unit`, a range that falls, qualifiers that contradict each other.

    Source:
        GB/T 15835-2011, "General rules for writing numerals in publications": numerals,
        ranges, approximate numbers of two adjacent digits; the qualifiers as in `QUALIFIERS`.

    Examples:
        >>> print(parse_amount("1.2万余家"), parse_amount("10—20亿元"), parse_amount("超三成"))
        (12000, 13000) 家 [1000000000, 2000000000] 元 (30, ∞) %
        >>> print(parse_amount("3200", "亿元"), parse_amount("500万元", "亿元"))
        3200 亿元 0.05 亿元
    """
    if unit is not None:
        check_unit(unit)
    plain = _plain(text)
    if not plain:
        raise _refusal(text, "empty")
    found = _read(text, plain, _scaled(_plain(unit)) if unit else None)
    return found.to(unit) if unit is not None else found


def _read(text: str, plain: str, default: _Scaled | None) -> Amount:
    if plain[0] in "[(":
        return _read_interval(text, plain, default)
    before, core = _qualifiers_before(plain)
    behind, core = _qualifiers_behind(core)
    codes = [code for code in (*before, *behind) if code != "none"]
    core, currency = _currency_before(core)
    ranged = _split_range(core)
    if ranged is not None:
        if core.endswith(("之间", "不等")):
            ranged = (ranged[0], ranged[1][:-2])
        if any(code != "about" for code in codes):
            raise _refusal(text, "vague")
        low, high = _read_range(text, *ranged, default, currency)
        if low.number.low > high.number.low:
            raise _refusal(text, "order")
        if codes:
            half = low.number.place / 2, high.number.place / 2
            ends: Ends = (low.number.low - half[0], high.number.high + half[1], True, True)
        else:
            ends = (low.number.low, high.number.high, True, True)
        return _amount(text, ends, high.scaled)
    one = _quantity(text, core, default, currency)
    codes += one.codes
    number = one.number
    if number.low != number.high and [code for code in codes if code != "about"]:
        raise _refusal(text, "vague")
    if number.bare and not codes:
        raise _refusal(text, "number")
    if number.low <= 0 and {"odd", "near", "about", "short"}.intersection(codes):
        raise _refusal(text, "vague")
    if number.low != number.high:
        return _amount(text, (number.low, number.high, number.low_in, number.high_in), one.scaled)
    found: Ends = (number.low, number.low, True, True)
    for n, code in enumerate(codes):
        more = _interval(code, number.low, number.place)
        found = more if n == 0 else _hull(text, found, more)
    return _amount(text, found, one.scaled)


def _hull(text: str, a: Ends, b: Ends) -> Ends:
    """Give the least interval around two that meet."""

    def below(x: Ends, y: Ends) -> bool:
        if x[1] is None or y[0] is None:
            return False
        return x[1] < y[0] or (x[1] == y[0] and not (x[3] and y[2]))

    if below(a, b) or below(b, a):
        raise _refusal(text, "clash")
    low, low_in = min(
        ((e[0], e[2]) for e in (a, b)), key=lambda p: (p[0] is not None, p[0] or 0, not p[1])
    )
    high, high_in = max(
        ((e[1], e[3]) for e in (a, b)), key=lambda p: (p[0] is None, p[0] or 0, p[1])
    )
    return low, high, low_in, high_in


def _qualifiers_before(text: str) -> tuple[list[str], str]:
    codes: list[str] = []
    while True:
        for word, code in _BEFORE:
            if text.startswith(word) and len(text) > len(word):
                if word == "上" and text[1] not in "百千万亿":
                    continue
                codes.append(code)
                text = text[len(word) :]
                break
        else:
            return codes, text


def _qualifiers_behind(text: str) -> tuple[list[str], str]:
    codes: list[str] = []
    while True:
        for word, code in _BEHIND:
            if text.endswith(word) and len(text) > len(word):
                codes.append(code)
                text = text[: -len(word)]
                break
        else:
            return codes, text


def _currency_before(text: str) -> tuple[str, Unit | None]:
    for word in sorted(_PREFIXED, key=len, reverse=True):
        if text.startswith(word) and len(text) > len(word):
            return text[len(word) :], _BY_SPELLING["元" if word == "¥" else word]
    return text, None


@attrs.frozen
class _Quantity:
    """A number with its unit."""

    number: _Number
    scaled: _Scaled
    codes: tuple[str, ...] = ()
    given: bool = False
    trailing: Fraction = Fraction(1)


_QUANTITY = re.compile(
    rf"(?P<sign>{_SIGN})?(?P<of>[百千万]分之)?(?P<number>{_NUMERAL})(?P<odd>[余多])?"
    r"(?P<times>[十百千万亿]*)(?P<odd2>[余多])?(?P<unit>.*?)(?P<odd3>[余多])?"
)


def _quantity(
    text: str, core: str, default: _Scaled | None, currency: Unit | None, *, bound: bool = False
) -> _Quantity:
    found = _QUANTITY.fullmatch(core)
    if found is None:
        raise _refusal(text, "number")
    numeral, said = found["number"], found["unit"]
    # The multiplier may belong to the unit: 5千瓦时, 2.1百分点.
    while said and _scaled(said) is None and numeral[1:] and numeral[-1] in _TIMES:
        numeral, said = numeral[:-1], numeral[-1] + said
    odd = [name for name in ("odd", "odd2", "odd3") if found[name]]
    if len(odd) > 1 or (found["times"] and not found["odd"]):
        raise _refusal(text, "number")
    try:
        number = _number(numeral)
    except _NoNumeral:
        raise _refusal(text, "number") from None
    times = Fraction(math.prod(_TIMES[c] for c in found["times"]))
    scaled = _unit_of(text, said, currency)
    given = scaled is not None
    if found["of"]:
        if given:
            raise _refusal(text, "unit", unit=said)
        scaled, given = _scaled("%"), True
        times *= Fraction(100, _TIMES[found["of"][0]])
    if scaled is None:
        # The number of a column in 亿元 is in 亿元; one with 万 of its own is in 元.
        own = re.search("[万亿]", numeral + found["times"]) is not None
        scaled = default or _Scaled(None)
        if own and default is not None and default.times != 1:
            scaled = attrs.evolve(default, times=Fraction(1))
    sign = -1 if found["sign"] in ("-", "\u2212", "负") else 1
    low, high = sorted((number.low * times * sign, number.high * times * sign))
    number = attrs.evolve(
        number, low=low, high=high, place=number.place * times,
        bare=number.bare and not found["of"],
    )  # fmt: skip
    trailing = Fraction(1)
    if tail := re.search("[万亿]+$", numeral):
        trailing = Fraction(math.prod(_TIMES[c] for c in tail[0]))
    if bound and odd:
        raise _refusal(text, "vague")
    return _Quantity(number, scaled, ("odd",) if odd else (), given, trailing)


def _unit_of(text: str, said: str, currency: Unit | None) -> _Scaled | None:
    if not said:
        return None if currency is None else _Scaled(currency)
    if said.startswith(("/", "每")) and currency is not None:
        scaled = _scaled(f"{currency.name}{said}")
    else:
        scaled = _scaled(said)
    if scaled is None:
        raise _refusal(text, "unit", unit=said.lstrip("".join(_TIMES)) or said)
    if currency is not None and scaled.unit is not currency:
        raise _refusal(text, "ends")
    return scaled


_DASH = r"(?<!\de)(?:-{1,2}|[\u2010-\u2015]{1,2}|~|至|到)"
_RANGE = re.compile(rf"(?P<low>.*?[^-\u2010-\u2015~至到]){_DASH}(?P<high>[^\u2010-\u2015~至到]+)")


def _split_range(core: str) -> tuple[str, str] | None:
    found = _RANGE.fullmatch(core)
    return (found["low"], found["high"]) if found else None


def _read_range(
    text: str, low_text: str, high_text: str, default: _Scaled | None, currency: Unit | None
) -> tuple[_Quantity, _Quantity]:
    high_text, other = _currency_before(high_text)
    low = _quantity(text, low_text, default, currency, bound=True)
    high = _quantity(text, high_text, default, other or currency, bound=True)
    if low.number.low != low.number.high or high.number.low != high.number.high:
        raise _refusal(text, "vague")
    if low.given and not high.given:
        raise _refusal(text, "ends")
    if not low.given:
        shared = attrs.evolve(low, scaled=high.scaled)
        # 10—20亿元 is 10亿 to 20亿. So 500—1万家 falls, and is not understood.
        if low.trailing == 1 and high.trailing != 1:
            shared = attrs.evolve(shared, number=low.number.scaled(high.trailing))
        low = shared
    if low.scaled.measure != high.scaled.measure:
        raise _refusal(text, "ends")
    if low.scaled != high.scaled:
        factor = low.scaled.factor / high.scaled.factor
        low = attrs.evolve(low, number=low.number.scaled(factor), scaled=high.scaled)
    return low, high


def _read_interval(text: str, plain: str, default: _Scaled | None) -> Amount:
    number = rf"-?(?:{_ARABIC})"
    found = re.fullmatch(rf"([\[(])({number}|-∞),({number}|∞)([\])])(.*)", plain)
    if found is None:
        raise _refusal(text, "number")
    scaled = _unit_of(text, found[5], None) or default or _Scaled(None)
    low = None if "∞" in found[2] else Fraction(found[2].replace(",", ""))
    high = None if "∞" in found[3] else Fraction(found[3].replace(",", ""))
    ends = (low, high, found[1] == "[" and low is not None, found[4] == "]" and high is not None)
    if low is not None and high is not None and (low > high or (low == high and not all(ends[2:]))):
        raise _refusal(text, "order")
    return _amount(text, ends, scaled, floor=False)


def _amount(text: str, ends: Ends, scaled: _Scaled, *, floor: bool = True) -> Amount:
    low, high, low_in, high_in = ends
    unit = scaled.unit
    factor = scaled.times
    name = unit.name if unit else None
    if unit is not None and unit.measure == "%":
        factor, name = scaled.factor, "%"
    if unit is not None and not unit.signed:
        if (low is not None and low < 0) or (
            high is not None and (high < 0 or not (high or high_in))
        ):
            raise _refusal(text, "sign", unit=unit.name)
        if low is None and floor:
            low, low_in = Fraction(0), True
    if unit is not None and unit.counts and low is not None and high is not None:
        least = math.ceil(low * factor)
        if not low_in and least == low * factor:
            least += 1
        if least > high * factor or (least == high * factor and not high_in):
            raise _refusal(text, "whole")
    try:
        start = -math.inf if low is None else float(low * factor)
        end = math.inf if high is None else float(high * factor)
    except OverflowError:
        raise _refusal(text, "number") from None
    return Amount(
        start, end, name, scaled.per, low_in and low is not None, high_in and high is not None
    )


# The page of the documentation


def amounts_page() -> str:
    """Give the page about amounts as Markdown: qualifiers with their source, units."""
    lines = [
        "# Amounts 数值",
        "",
        "How `futureindustry.parse_amount`, and with it `validate`, reads the cells of a column of values.",
        "A qualifier makes a figure an interval. N is the figure, p the place of its last digit that is",
        "not 0: 10 for 120, 1,000 for 1.2万. What is not in these tables is refused (FI113).",
        "",
        "| Before 前 | Behind 后 | Interval 区间 | Why | 依据 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {' '.join(q.before).replace('|', chr(92) + '|')} | {' '.join(q.behind)} | {q.interval} | {q.reason['en']} | {q.reason['zh']} |"
        for q in QUALIFIERS
    ]
    lines += [
        "",
        "Two qualifiers on one figure give the least interval around both, if they can both hold",
        "(约200余家), and are refused if not (近200余家). Amounts of what cannot be negative start at 0.",
        "",
        "| Written | Read | |",
        "|---|---|---|",
    ]
    lines += [f"| {text} | {parse_amount(text)} | {why} |" for text, why in _EXAMPLES]
    lines += [
        "",
        "## Units 单位",
        "",
        "千, 万, 亿 may stand before a unit (万元, 亿元, 万亩), `/` or 每 and a period or a unit behind it",
        "(万元/年, 万元/亩). Amounts of one measure convert into each other; nothing else does: 美元 is not",
        "元, 家 is not 个, and a percentage point is not a percent.",
        "",
        "| Measure | Units |",
        "|---|---|",
    ]
    measures: dict[str, list[str]] = {}
    for unit in UNITS:
        others = f" ({', '.join(unit.spellings)})" if unit.spellings else ""
        measures.setdefault(unit.measure, []).append(unit.name + others)
    lines += [f"| {name} | {'; '.join(units)} |" for name, units in measures.items()]
    return "\n".join(lines) + "\n"


_EXAMPLES = (
    ("120余家", "qualifier 余"),
    ("1.2万余家", "余 behind a multiplier: the last place is 千"),
    ("近90万元", ""),
    ("约7万美元", "another currency"),
    ("三千二百亿元", "Chinese numerals"),
    ("两三百家", "two adjacent digits (GB/T 15835-2011)"),
    ("十几亿元", "几 behind a ten: any digit"),
    ("数百家", "几 and 数: more than one, less than ten (Xiandai Hanyu Cidian)"),
    ("10—20亿元", "the multiplier holds for both ends"),
    ("3—30%", "so does the unit"),
    ("最高200万元/年", ""),
    ("百分之三十", ""),
    ("30亩以上", "以上 includes the number"),
)
