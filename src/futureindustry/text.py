"""
Names as people type them: Chinese and Latin, with the dirt of real spreadsheets.

The module decides when two spellings are the same name (`fold`), what somebody should
have typed (`clean`), what is odd in a cell (`oddities`), how text that was read in the
wrong encoding is put right (`repair`), and where a cell holds several names (`split`).
It knows no name: whether a candidate of `stems` or a part of `split` means anything is
for the caller to look up. `fold` corrects no wording: 资讯 and 信息 stay different, until `mainland` is asked.

It follows Unicode: normalisation (UAX #15), default ignorable code points (UAX #44),
look-alikes (UTS #39), widths (UAX #11). Which punctuation carries no meaning in a name,
and the lists of suffixes and conjunctions, are ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from futureindustry._hanzi import SIMPLIFIED, TRADITIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Separators = Literal["strong", "medium", "weak"]

__all__ = [
    "SUSPICIOUS",
    "clean",
    "describe_character",
    "display_width",
    "fold",
    "in_parallel",
    "is_han",
    "is_number_like",
    "kind_of",
    "mainland",
    "odd_characters",
    "oddities",
    "pad",
    "repair",
    "split",
    "stems",
    "undivided",
]

SUSPICIOUS = frozenset({"invisible", "look-alike"})
"""The words of `oddities` that rule FI115 is about."""

# Default_Ignorable_Code_Point (UAX #44), the characters of interlinear annotation, and the
# place holder for an object. Controls are added by category.
_IGNORABLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip

_QUOTES = frozenset("\"'`´“”„‟‘’‚‛′″‵‶«»‹›「」『』《》〈〉〝〞〟﹁﹂﹃﹄")
_DOTS = frozenset("·•‧∙⋅・･ㆍ᛫●◦")
_DASHES = frozenset("-_‐‑‒–—―⁃−─━﹘﹣－")
_SAME = str.maketrans(
    "【】〔〕〖〗〘〙〚〛［］[]｛｝{}、，﹑､。｡〜⁄∕", "()()()()()()()()(),,,,..~//"
)

_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІЅЈаеорсухіѕј", "ABEKMHOPCTYXISJaeopcyxisj")
_GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo")
_KANA = str.maketrans("エカタトニハロー", "工力夕卜二八口一")
_CASED = _CYRILLIC | _GREEK  # their case is looked at, so it must not be folded before

_LOOKS_LATIN = (("CYRILLIC", _CYRILLIC), ("GREEK", _GREEK))
_MASKS = frozenset(map(chr, _CASED | _KANA))

_PLAIN: set[str] = set("abcdefghijklmnopqrstuvwxyz0123456789")
"""Characters that `fold` keeps whatever stands beside them; grows as they are met."""


def _invisible(ch: str) -> bool:
    code = ord(ch)
    if any(first <= code <= last for first, last in _IGNORABLE):
        return True
    return unicodedata.category(ch) == "Cc" and not ch.isspace()


def _blank(ch: str) -> bool:
    return ch.isspace() or ch == "\u2800"  # the empty Braille cell is no white space to Unicode


def _compatible_ideograph(code: int) -> bool:
    """Tell whether it looks like an ideograph and is another character: 2F00 is not 4E00."""
    return 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F


class _Fold(dict[int, "int | str | None"]):
    """What `fold` makes of one character, found when first met: a miss in a dict is dear."""

    def __missing__(self, code: int) -> int | str | None:
        value = self[code] = self._find(code)
        return value

    def _find(self, code: int) -> int | str | None:
        ch = chr(code)
        if 0x4E00 <= code <= 0x9FFF:  # what is below finds nothing to do for these, slowly
            _PLAIN.add(ch)
            return code
        if _invisible(ch) or ch in _QUOTES or ch in _DOTS:
            return None
        if _blank(ch):
            return " "
        if ch in _DASHES:
            return "-"
        if code in _SAME:
            return _SAME[code]
        if code in _CASED or code in _KANA or unicodedata.combining(ch):
            return code
        compatible = unicodedata.normalize("NFKC", ch)
        if compatible == ch:
            compatible = unicodedata.normalize("NFKC", ch.casefold())
        if compatible != ch:
            return compatible.translate(self)
        if 0x3400 <= code <= 0x9FFF:
            _PLAIN.add(ch)
        return code


class _Clean(dict[int, "int | str | None"]):
    """What `clean` makes of one character."""

    def __missing__(self, code: int) -> int | str | None:
        ch = chr(code)
        value: int | str | None = code
        if _invisible(ch):
            value = None
        elif _blank(ch):
            value = " "
        elif _full_width(ch) or _compatible_ideograph(code):
            value = unicodedata.normalize("NFKC", ch)
        self[code] = value
        return value


def _full_width(ch: str) -> bool:
    return "\uff01" <= ch <= "\uff5e" and (ch.isalnum() or ch in "＋－％＆＠＃")


_FOLD = _Fold(str.maketrans(TRADITIONAL, SIMPLIFIED))
_CLEAN = _Clean()

_GAP = "[ -]+"
_GAP_BETWEEN_WORDS = "(?<=[a-z0-9])[ -]+(?=[a-z0-9])"
_GAP_ELSEWHERE = "(?<![a-z0-9])[ -]+|[ -]+(?![a-z0-9])"
_AMPERSAND = "(?<=[a-z0-9\u00df-\u024f]) *& *(?=[a-z0-9\u00df-\u024f])"


def fold(name: str) -> str:
    """
    Give the key under which spellings of one name meet.

    Alike become: compatibility forms and their originals (Ａ and A, ⼈ and 人, ① and 1),
    upper and lower case, traditional and simplified characters, full-width and half-width
    punctuation, all dashes, all brackets, the separators 、 and ， and the comma; between
    Latin words also space, hyphen and underscore, and "&" and "and". White space beside
    Chinese, invisible characters, quotes and middle dots vanish, as do separators at the
    ends. Cyrillic, Greek and kana letters that look like Latin ones (like ideographs, for
    kana) are taken for these if the name has Latin letters or ideographs and no other
    letter of their own script: β stays β.

    Args:
        name: A name in any language, as found in a cell or file.

    Returns:
        The key: for comparing, not for showing. Empty if nothing but punctuation was
        there. Folding a key again changes nothing.

    Source:
        Unicode Standard Annex #15, NFKC; the Unicode Standard, section 3.13, caseless
        matching; Unicode Technical Standard #39, section 4, confusable detection. The
        treatment of punctuation is ours.
    """
    if _PLAIN.issuperset(name):
        return name
    if name.isascii() and (words := name.split(" ")) and all(map(str.isalnum, words)):
        return name.lower()  # what the rest would give for words with single spaces, soon
    text = unicodedata.normalize("NFC", name).translate(_FOLD)
    if _PLAIN.issuperset(text):
        return text
    if text.isascii():
        return _space_out(text)
    # What is removed may bring together what composes, and what is composed may fold again.
    while True:
        before = text
        text = _unmask(unicodedata.normalize("NFKC", text))
        text = unicodedata.normalize("NFKC", text.casefold()).translate(_FOLD)
        text = _space_out(text)
        if text == before or _PLAIN.issuperset(text):
            return text


def _space_out(text: str) -> str:
    """Keep spaces where Latin words need them, as single ones, and dashes elsewhere."""
    text = re.sub(_AMPERSAND, " and ", text) if "&" in text else text
    if text.isascii():  # the same as below, without a call for every space
        text = re.sub(_GAP_BETWEEN_WORDS, " ", text)
        text = re.sub(_GAP_ELSEWHERE, _gap, text)
    elif "-" in text or " " in text:
        text = re.sub(_GAP, _gap, text)
    return text.lstrip("-,;:").rstrip("-,;:.")


def _gap(match: re.Match[str]) -> str:
    """Say what becomes of a run of spaces and dashes, given what stands beside it."""
    text, (start, end) = match.string, match.span()
    if _spaced(text[start - 1 : start]) and _spaced(text[end : end + 1]):
        return " "
    return "-" if "-" in match[0] else ""


def _spaced(ch: str) -> bool:
    """Tell whether it belongs to a script that puts spaces between its words."""
    return ch.isalnum() and (ch < "\u2e80" or not _east(ch))


def _east(ch: str) -> bool:
    """Tell whether it is an ideograph, kana, or punctuation that goes with them."""
    return (
        "\u2e80" <= ch <= "\u9fff"
        or "\uf900" <= ch <= "\ufaff"
        or "\uff01" <= ch <= "\uffef"
        or "\U00020000" <= ch <= "\U0003ffff"
    )


def is_han(text: str) -> bool:
    """Tell whether a text is nothing but Chinese characters."""
    return not text or (min(text) >= "\u3400" and max(text) <= "\u9fff")


def _han(text: str) -> bool:
    return any("\u3400" <= ch <= "\u9fff" for ch in text)


def _unmask(text: str) -> str:
    """Put Latin letters, and ideographs, for the letters of other scripts that look alike."""
    if _MASKS.isdisjoint(text):
        return text
    # The micro sign is a Greek letter, too, whatever its name.
    names = [(unicodedata.name(ch, ""), ord(ch)) for ch in text.replace("\u00b5", "\u03bc")]
    han = _han(text)
    if han or any(name.startswith("LATIN") for name, _ in names):
        for script, table in _LOOKS_LATIN:
            if all(code in table for name, code in names if name.startswith(script)):
                text = text.translate(table)
    if han and all(ord(ch) in _KANA for ch in text if "\u3040" <= ch <= "\u30ff"):
        text = text.translate(_KANA)
    return text


def clean(name: str) -> str:
    """
    Give what somebody should have typed: the same name, without the dirt.

    Unlike `fold` it keeps case, traditional characters, quotes and Chinese punctuation,
    so that the result can be shown and written back.

    Args:
        name: A name as found in a cell.

    Returns:
        The name in normal form C, with full-width letters, digits and + - % & @ # made
        half-width, radicals and compatibility ideographs made ordinary ones, look-alike
        letters put right, invisible characters removed, white space trimmed, collapsed to
        one space and removed between Chinese characters. Cleaning again changes nothing.

    Source:
        Unicode Standard Annex #15, NFC; Annex #44, Default_Ignorable_Code_Point.
    """
    if _PLAIN.issuperset(name):
        return name
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    text = name
    while True:
        before = text
        text = unicodedata.normalize("NFC", text).translate(_CLEAN)
        text = _squeeze(_unmask(text))
        if text == before:
            return text


def _squeeze(text: str) -> str:
    """Leave single spaces, and none between Chinese characters."""
    first, *rest = text.split() or [""]
    parts = [first]
    for word in rest:
        if not (_east(parts[-1][-1]) and _east(word[0])):
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


def oddities(name: str) -> tuple[str, ...]:
    """
    Name what is odd in a cell, in a fixed order.

    Args:
        name: The cell as it is.

    Returns:
        Some of these words, none if nothing is odd; those in `SUSPICIOUS` are findings:

        - "invisible": characters that show nothing, such as U+200B ZERO WIDTH SPACE;
        - "look-alike": letters of another script, or radicals and compatibility
          ideographs, that look like the ones meant;
        - "full-width": Latin letters, digits or signs in full width;
        - "space": white space that is doubled, unusual, at an end, or between Chinese
          characters;
        - "unreadable": replacement characters, private use or halves of surrogate pairs,
          the traces of a broken encoding that `repair` cannot mend.

    Source:
        Unicode Technical Standard #39, section 4, for the look-alikes.
    """
    if _PLAIN.issuperset(name):
        return ()
    if name.isascii() and name.isprintable():
        return () if name == " ".join(name.split()) else ("space",)
    found = []
    visible = _visible(name)
    if visible != name:
        found.append("invisible")
    if _unmask(visible) != visible or any(_compatible_ideograph(ord(ch)) for ch in visible):
        found.append("look-alike")
    if any(_full_width(ch) for ch in visible):
        found.append("full-width")
    if _squeeze(visible.replace("\u2800", " ")) != visible:
        found.append("space")
    if any(ch == "\ufffd" or unicodedata.category(ch) in {"Co", "Cs"} for ch in visible):
        found.append("unreadable")
    return tuple(found)


def _visible(name: str) -> str:
    return "".join([ch for ch in name if _CLEAN[ord(ch)] is not None])


def odd_characters(name: str) -> tuple[str, ...]:
    """
    Give the characters that make a name suspicious (rule FI115), each once, in order.

    Args:
        name: The cell as it is.

    Returns:
        The invisible and the look-alike characters; show them with `describe_character`.
    """
    if _PLAIN.issuperset(name):
        return ()
    visible = _visible(name)
    masked = {old for old, new in zip(visible, _unmask(visible), strict=True) if old != new}
    return tuple(
        dict.fromkeys(
            ch
            for ch in name
            if ch in masked or _CLEAN[ord(ch)] is None or _compatible_ideograph(ord(ch))
        )
    )


def describe_character(ch: str) -> str:
    """
    Give code point and name of a character, as Unicode writes them.

    Args:
        ch: One character.

    Examples:
        >>> describe_character(chr(0x200B))
        'U+200B ZERO WIDTH SPACE'
    """
    kinds = {"Cc": "(control)", "Co": "(private use)", "Cs": "(surrogate)"}
    name = unicodedata.name(ch, "") or kinds.get(unicodedata.category(ch), "(unassigned)")
    return f"U+{ord(ch):04X} {name}"


def repair(text: str) -> str | None:
    """
    Mend text whose bytes were read in the wrong encoding, if that is certain.

    Three accidents are known: UTF-8 read as GB 18030 (閲忓瓙淇℃伅), UTF-8 read as Latin-1
    or Windows-1252, and GB 18030 read as one of these; each also twice.

    Args:
        text: A cell as it was read.

    Returns:
        The mended text, without a byte order mark; None if there is nothing to mend, if
        bytes were lost (then no guess is made), or if the result is not clearly better:
        it must consist of ordinary Chinese characters of GB/T 2312, ASCII and common
        punctuation (or, for Latin text, of Latin-1), and hold fewer rare ones than before.

    Source:
        GB 18030-2022; GB/T 2312-1980, level 1 being the 3,755 common characters; WHATWG
        Encoding Standard for Windows-1252 with its five controls.
    """
    if text.isascii():
        return None
    if max(text) <= "\u2122":  # the sign ™, the last character of Windows-1252
        return _repair_western(text)
    mended = _repair_chinese(text)
    return (repair(mended) or mended) if mended else None


def _repair_western(text: str) -> str | None:
    data = bytearray()
    for ch in text:
        try:
            data += ch.encode("cp1252")
        except UnicodeEncodeError:
            if ch > "\xff":
                return None
            data += ch.encode("latin-1")  # the five bytes that Windows-1252 leaves undefined
    return _utf8_read_as_western(text, bytes(data)) or _gb_read_as_western(text, bytes(data))


def _utf8_read_as_western(text: str, data: bytes) -> str | None:
    try:
        mended = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
    again = repair(mended)
    if again or mended.isascii():
        return again or mended
    if not mended.replace("\n", "").isprintable():
        return None
    if _han(mended):
        return mended
    if not all(_common(ch) or "\xa0" <= ch <= "\xff" for ch in mended):
        return None
    # É before a closing quote or a dash is Western text as it should be, not two bytes.
    pairs = pairwise(text)
    return None if any(a in "ÂÃ" and b in "’”—–™•…" for a, b in pairs) else mended


def _gb_read_as_western(text: str, data: bytes) -> str | None:
    # Two accented letters side by side are one ideograph to GB 18030, so one is no evidence,
    # and neither is the same sign many times: ×××× would be two.
    if len({ch for ch in text if not ch.isascii()}) < 3:
        return None
    try:
        mended = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    ranks = [_common(ch) for ch in mended]
    return mended if 0 not in ranks and ranks.count(2) >= 2 else None


def _repair_chinese(text: str) -> str | None:
    try:
        # Windows shows the byte 80 as the euro sign; GB 18030 has another place for it.
        data = b"\x80".join(part.encode("gb18030") for part in text.split("€"))
        mended = data.decode("utf-8")
    except UnicodeError:
        return None
    marked = mended.startswith("\ufeff")
    mended = mended.removeprefix("\ufeff")
    ranks = [_common(ch) for ch in mended]
    if 0 in ranks or not (marked or {2, 3} & set(ranks)):
        return None
    odd = sum(_common(ch) in {0, 3} for ch in text) / len(text)
    return mended if marked or ranks.count(3) / len(ranks) < odd else None


def _common(ch: str) -> int:
    """Rank a character: 1 ASCII or punctuation, 2 common ideograph, 3 less common, 0 the rest."""
    if ch.isascii():
        return int(ch.isprintable() or ch in "\t\n\r")
    if ch in "·—–‘’“”…×℃" or "\u3000" <= ch <= "\u3015" or "\uff01" <= ch <= "\uff5e":
        return 1
    try:
        first = ch.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0
    return 2 if 0xB0 <= first <= 0xD7 else 3 if first >= 0xD8 else 0


# fmt: off
_SUFFIXES = (
    "产业集群", "创新型产业集群", "特色产业集群", "先进制造业集群", "产业创新集群", "产业链", "全产业链", "产业", "行业", "领域", "赛道", "方向", "板块", "集群", "业", "类", "等",
    "技术", "科技", "未来产业", "战略性新兴产业", "新兴产业",
    "相关产业", "相关行业", "相关领域", "相关技术", "产业体系", "产业生态", "细分领域", "企业", "公司", "厂商",
    "概念", "概念股", "题材", "及应用", "及其应用", "与应用", "技术应用", "先导区", "产业园", "产业园区", "产业基地", "制造", "生产", "系统",
    " industry", " industries", " technology", " technologies", " sector", " sectors",
    " field", " fields", " cluster", " clusters",
)
# fmt: on
_PREFIXES = (
    "重点发展",
    "大力发展",
    "加快发展",
    "积极发展",
    "重点培育",
    "重点布局",
    "前瞻布局",
    "培育发展",
    "培育壮大",
    "做大做强",
    "发展",
    "培育",
    "布局",
    "重点",
    "the ",
)  # fmt: skip
# What is made is meant where somebody makes it, and where it is a system: 电机制造, 无人机系统.
_OF_A_PRODUCT = frozenset({"制造", "生产", "系统"})
_PRODUCTS = (
    "材料", "芯片", "电路", "器件", "元件", "部件", "电池", "电机", "装备", "设备", "机械", "仪器", "仪表", "机床",
    "机器人", "汽车", "船舶", "飞机", "飞行器", "无人机", "发动机", "卫星", "火箭", "雷达", "终端", "药",
    "药物", "药品", "疫苗", "试剂", "器械", "传感器", "计算机", "服务器", "接口", "光纤", "电缆", "光缆",
    "纤维", "制品", "产品", "食品", "服装", "家具", "塑料", "橡胶", "玻璃", "陶瓷", "合金", "化学品", "用品", "玩具",
    "饮料", "家电", "电器", "手机", "眼镜", "电子",
)  # fmt: skip
_KINDS = frozenset((
    "国产", "民用", "军用", "商用", "车用", "船用", "医用", "家用", "大型", "小型", "微型", "特种", "专用",
    "高端", "中高端", "高性能", "高品质", "优质", "先进", "现代", "传统", "特色", "新型", "新一代", "下一代",
))  # fmt: skip
_BY_END: dict[str, tuple[str, ...]] = {
    last: tuple(suffix for suffix in _SUFFIXES if suffix[-1] == last)
    for last in {suffix[-1] for suffix in _SUFFIXES}
}
_OF_A_TRADE = frozenset({"技术", "科技", "相关技术", " technology", " technologies"})


@lru_cache(maxsize=256)  # one look-up asks several times
def stems(name: str) -> tuple[str, ...]:
    """
    Give what may be left of a name without its generic words.

    These are candidates and no more: use one only if it is itself a known name. 类, 等,
    相关 and 及应用 also widen what is meant. 制造, 生产 and 系统 go where a product is left:
    纳米制造 is not 纳米. An English plural loses its s. 技术, 科技 and "technology" stay where two ideographs or
    one Latin word would remain, for those name a trade or a science, whose technology is
    something else: 金融科技 is not 金融, nor is "space technology" "space".

    Args:
        name: A name as `fold` returns it.

    Returns:
        Candidates, longest first, ties in order of code points; each shorter than the
        name, at least two characters long, with up to two generic words removed. The name
        itself is not among them.

    Examples:
        >>> stems("人工智能产业集群")
        ('人工智能产业', '人工智能')

    Source:
        The list is ours, from the wording of Chinese plans for industries.
    """
    special = name.endswith("ii") or (name.endswith("s") and name.isascii())
    if not special and not name.endswith(_SUFFIXES) and not name.startswith(_PREFIXES):
        return ()
    found: set[str] = set()
    fresh = {name}
    for _ in range(2):
        fresh = {stem for longer in fresh for stem in _stems_once(longer)} - found
        found |= fresh
    return tuple(sorted(found, key=lambda stem: (-len(stem), stem)))


def _stems_once(name: str) -> set[str]:
    found = set()
    for suffix in _BY_END.get(name[-1:], ()):
        if name.endswith(suffix):
            stem = name[: -len(suffix)]
            if suffix == "业" and name.endswith(("产业", "行业")):
                continue
            if suffix in _OF_A_TRADE and _a_trade(stem):
                continue
            if suffix in _OF_A_PRODUCT and not stem.endswith(_PRODUCTS):
                continue
            found.add(stem)
    if name.isascii() and (singular := _singular(name)):
        found.add(singular)
    if name.endswith("ii") and _east(name.rstrip("i")[-1:] or "i"):
        found.add(name.rstrip("i"))  # 半导体Ⅲ: the third level of a broker's classification
    found.update(name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix))
    return {stem for stem in found if len(stem) >= 2}


def _singular(name: str) -> str | None:
    """Give the singular of an English plural; electronics, glass and analysis are none."""
    if not name.endswith("s") or name.endswith(("ss", "ics", "is", "us")) or len(name) < 4:
        return None
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1]


def kind_of(name: str) -> str | None:
    """
    Give what a name says that something is a kind of: of 国产芯片, 芯片.

    Only words that leave a proper part of what they qualify: 民用, 高端, 新一代. 智能, 数字 and
    合成 make something else of it.

    Args:
        name: A name as `fold` returns it.

    Returns:
        A candidate, of use only if it is itself a known name; None without such a word.

    Source:
        The list is ours; such words are the 区别词 (non-predicate adjectives) of Lü and Rao,
        "试论非谓形容词", 中国语文 1981(2).
    """
    size = 3 if name[:3] in _KINDS else 2 if name[:2] in _KINDS else 0
    return name[size:] if size and len(name) >= size + 2 else None


_TAIWAN = {
    "人工智慧": "人工智能", "积体电路": "集成电路", "资讯安全": "信息安全", "资安": "信息安全",
    "资通讯": "信息通信", "资讯": "信息", "软体": "软件", "硬体": "硬件", "韧体": "固件", "网路": "网络",
    "数位": "数字", "智慧": "智能", "晶片": "芯片", "矽": "硅", "雷射": "激光", "奈米": "纳米", "生医": "生物医药",
    "生技": "生物技术", "通讯": "通信", "感测器": "传感器", "感测": "传感", "云端运算": "云计算", "边缘运算": "边缘计算",
    "运算": "计算", "演算法": "算法", "伺服器": "服务器", "扩增实境": "增强现实", "虚拟实境": "虚拟现实", "实境": "现实",
    "行动": "移动", "离岸": "海上", "医材": "医疗器械", "文创": "文化创意", "绿能": "绿色能源",
    "次世代": "下一代", "机械人": "机器人", "核融合": "核聚变", "电动车": "电动汽车", "网际网路": "互联网",
    "太空": "航天", "人机界面": "人机交互", "脑机介面": "脑机接口", "介面": "接口",
    "卫星通讯": "卫星通信", "量子电脑": "量子计算机", "电脑": "计算机", "记忆体": "存储器",
}  # fmt: skip

_TAIWAN_BEGINNINGS = frozenset(word[0] for word in _TAIWAN)


def mainland(name: str) -> str | None:
    """
    Give a name in the words of the mainland for one in those of Taiwan or Hong Kong.

    The characters are converted by `fold` already; here it is the words: 人工智慧 is 人工智能.

    Args:
        name: A name as `fold` returns it.

    Returns:
        A candidate, of use only if it is itself a known name; None if no such word is in it.

    Source:
        Ours, from Taiwan's programmes for industries (六大核心戰略產業, 五大信賴產業) beside the
        mainland's.
    """
    if _TAIWAN_BEGINNINGS.isdisjoint(name):
        return None
    changed = _taiwan_words().sub(lambda found: _TAIWAN[found[0]], name)
    return changed if changed != name else None


@cache
def _taiwan_words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_TAIWAN, key=len, reverse=True)))


def _a_trade(stem: str) -> bool:
    if stem.isascii():
        return stem.isalpha() and len(stem) > 3  # ai and 6g are no trades
    return len(stem) < 3


# What a name before it qualifies: products and means (量子计算|芯片), doings (光伏|储能), and what
# is applied to anything (生物医药|人工智能).
_HEADS = (
    "材料", "芯片", "电路", "半导体", "器件", "元件", "部件", "零部件", "传感器", "电池", "电机", "电子",
    "装备", "设备", "机械", "仪器", "仪表", "机床", "机器人", "汽车", "车", "船舶", "船", "飞机", "飞行器",
    "无人机", "卫星", "火箭", "终端", "软件", "系统", "平台", "网络", "互联网", "物联网", "数据", "模型",
    "算法", "算力", "计算机", "智能", "服务", "技术", "科技", "工程", "食品", "新药", "药物", "试剂",
    "制造", "加工", "生产", "通信", "计算", "储能", "蓄能", "发电", "显示", "存储", "检测", "测量", "传感",
    "导航", "遥感", "育种", "设计", "封测", "研发", "开发", "应用", "领域", "方向", "运营", "维修", "物流", "贸易", "金融", "教育",
    "安全", "环保", "节能", "产业", "经济", "燃料", "化工",
)  # fmt: skip
_FIELDS = frozenset({"人工智能", "集成电路"})
_QUALITIES = ("新型", "新", "深", "高端", "先进", "未来")


def in_parallel(parts: Sequence[str]) -> bool:
    """
    Tell whether Chinese names that follow each other without a separator look like a list.

    Mostly they do not: the first qualifies the second, and both are one term (量子计算芯片,
    海洋生物医药, 氢能储能). They do if

    - each begins with the same word of quality and is as long (新能源 新材料, 深海 深地);
    - they end alike (新型储能 氢能), or are of one length of at least four characters
      (量子信息 聚变能源), and the later one is no product, means or doing, which an
      earlier one could qualify;
    - there are three or more, all of one length, and the later ones are nothing that an
      earlier one could qualify, or 人工智能 or 集成电路 (深海 深地 空天);
    - each ends in 产业.

    Args:
        parts: Two or more names, each known as such, folded.

    Returns:
        False where in doubt.

    Source:
        The rules are ours. For the rhythm of Chinese compounds and lists: Feng, "Prosodic
        Morphology in Mandarin Chinese", 2018.
    """
    lengths = {len(part) for part in parts}
    even, size = len(lengths) == 1, min(lengths)
    if all(part.endswith("产业") for part in parts):
        return True
    if even and any(all(part.startswith(word) for part in parts) for word in _QUALITIES):
        return True
    later = [part.removesuffix("产业") for part in parts[1:]]
    heads = [part for part in later if part.endswith(_HEADS)]
    if len(parts) > 2 and even and all(part in _FIELDS for part in heads):
        return True
    if heads:
        return False
    return (even and size > 3) or len({part[-1] for part in parts}) == 1


_CONJUNCTION = r"以及|及|与|與|(?<![A-Za-z0-9-])and(?![A-Za-z0-9-])"
_NUMERAL = "[一二三四五六七八九十]"
_FREE_NUMBER = rf"[①-⑳㈠-㈩❶-❿⑴-⒇⒈-⒛]|[(（](?:\d{{1,2}}|{_NUMERAL}{{1,3}})[)）][、.．]?"
_BOUND_NUMBER = (
    rf"\d{{1,2}}(?:[、.．](?!\d)|[)）]、?)|{_NUMERAL}{{1,3}}[)）]、?|"
    rf"{_NUMERAL}{{1,3}}[、.．](?!{_NUMERAL})|{_NUMERAL}{{1,2}}是|第{_NUMERAL}{{1,2}}[，,、]"
)
_BEFORE_NUMBER = r"(?<![^\s、，,;；。|｜：:(（“])"
_SEPARATORS = {
    "strong": rf"{_FREE_NUMBER}|{_BEFORE_NUMBER}(?:{_BOUND_NUMBER})"
    r"|[、，;；。\n\r\t|｜﹑､]|,(?!\d)|(?<!\d),",
    "medium": r"[/／&＆]|(?<![+＋])[+＋](?![+＋])",
    "weak": rf"{_CONJUNCTION}|和",
}
_AND_SO_ON = (
    r"(?<![高初中同平优对均何])等{1,2}"
    r"(?:[\d一二两三四五六七八九十百几若干多]+余?(?:大|个|类|项|种|条|家)*)?"
    r"(?:未来|新兴|前沿|战略性|重点|优势|主导|支柱|细分|高端|先进|相关|关键|核心|特色)*"
    r"(?:产业集群|产业链|产业|行业|领域|方向|赛道|技术|板块|集群|门类)?$"
    r"|[,;\s]*(?<![A-Za-z])(?:etc|and (?:others|so on)|et al)\.?$"
    r"|\.{2,}$"
)
# Letters and digits to Python that are, or begin, a separator, a number of a list, or "and so on".
_DIVIDING = frozenset(
    "与與及和等是"
    + "".join(map(chr, (*range(0x2460, 0x24A0), *range(0x2776, 0x2780), *range(0x3220, 0x322A))))
)
_OPENING = "(（[［{｛【〔《〈「『“‘"
_CLOSING = ")）]］}｝】〕》〉」』”’"
_EDGE = " \t\r\n\u3000\xa0\u200b\ufeff、，,;；。…：:|｜-–—•●■◆▪*"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile when first needed: all of them together take as long as the import may."""
    return re.compile(pattern, re.IGNORECASE)


def split(text: str, separators: Separators = "strong") -> tuple[tuple[str, int, int], ...]:
    """
    Take a cell apart that may hold several names.

    It splits wherever a separator of the given kind stands outside brackets and quotes,
    also inside a word (和谐, 共和国): the caller looks up whether the parts are names, and
    tries the whole first, then strong, medium and weak separators on what is unknown.

    Args:
        text: A cell, not folded.
        separators: "strong": 、 ， , ; ； 。 | line break, tab, and numbering; a comma between
            digits is none. "medium": / & +, but not ++ and not a + with nothing after it.
            "weak": 与 和 及 以及 and the word "and". Each kind stands for itself.

    Returns:
        (part, start, end) for every part, in order, with `part == text[start:end]`. Parts
        come without white space and stray punctuation at the ends, without numbering (1.
        ① (1) 一是), without brackets or quotes around the whole cell, and the last without a
        dangling 等, 等三大产业 or "etc.". One part if nothing splits, none if nothing but
        punctuation is there.

    Source:
        Ours; GB/T 15834-2011 for what 、 ， and ； separate.
    """
    if undivided(text):
        return ((text, 0, len(text)),)
    start, end = _trim(text, 0, len(text))
    inside, start, end = _brackets(text, start, end)
    pieces: list[tuple[int, int]] = []
    begin = start
    for match in _compiled(_SEPARATORS[separators]).finditer(text, start, end):
        cut, after = match.span()
        if inside[cut] or (
            separators != "strong"
            and not (_has_word(text, begin, cut) and _has_word(text, after, end))
        ):
            continue
        pieces.append((begin, cut))
        begin = after
    pieces.append((begin, end))
    return _parts(text, pieces)


def undivided(text: str) -> bool:
    """
    Tell of a text at a glance that `split` gives it back whole, whatever the separators.

    Args:
        text: A cell, not folded.

    Returns:
        True for letters and digits, with spaces and hyphens among them, in which nothing
        begins a separator, a number of a list or "and so on". False says nothing.
    """
    if not _DIVIDING.isdisjoint(text):
        return False
    if not text.isalnum() and not (
        text.replace(" ", "").replace("-", "").isalnum()
        and text[0].isalnum()
        and text[-1].isalnum()
    ):
        return False
    lower = text.casefold()
    return "and" not in lower and "etc" not in lower and "et al" not in lower


def _parts(text: str, pieces: list[tuple[int, int]]) -> tuple[tuple[str, int, int], ...]:
    spans: list[tuple[int, int]] = []
    for begin, end in pieces:
        start, stop = _trim(text, begin, end)
        number = _compiled(f"{_FREE_NUMBER}|{_BOUND_NUMBER}").match(text, start, stop)
        if number and _has_word(text, number.end(), stop):
            start, stop = _trim(text, number.end(), stop)
        conjunction = (
            _compiled(rf"(?:{_CONJUNCTION})\s*(?=\S)").match(text, start, stop) if spans else None
        )
        if conjunction:
            start = conjunction.end()
        if _has_word(text, start, stop):
            spans.append((start, stop))
    if spans:
        start, stop = spans.pop()
        rest = _compiled(_AND_SO_ON).search(text, start, stop)
        if rest and (rest.start() == start) and spans:
            start = stop
        elif rest and rest.start() - start >= 2:
            start, stop = _trim(text, start, rest.start())
        if start < stop:
            spans.append((start, stop))
    return tuple((text[start:stop], start, stop) for start, stop in spans)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start] in _EDGE or text[start].isspace()):
        start += 1
    while start < end and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    return start, end


def _has_word(text: str, start: int, end: int) -> bool:
    return any(ch.isalnum() for ch in text[start:end])


def _brackets(text: str, start: int, end: int) -> tuple[bytearray, int, int]:
    """Mark what matching brackets enclose; step inside those around the whole."""
    closes: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    for place in range(start, end):
        ch = text[place]
        if ch in _OPENING:
            opened.append((_CLOSING[_OPENING.index(ch) // 2 * 2 :][:2], place))
        elif ch in _CLOSING:
            # A bracket that was never closed is a slip of the pen: forget it.
            for depth in range(len(opened) - 1, -1, -1):
                if ch in opened[depth][0]:
                    closes[opened[depth][1]] = place
                    del opened[depth:]
                    break
    while start < end and closes.get(start) == end - 1:
        del closes[start]
        start, end = _trim(text, start + 1, end - 1)
    inside = bytearray(len(text) + 1)
    for first, last in closes.items():
        if last > first:
            inside[first + 1 : last] = b"\x01" * (last - first - 1)
    return inside, start, end


def display_width(text: str) -> int:
    """
    Count the columns of a terminal that a text takes.

    Args:
        text: One line.

    Returns:
        Two for each wide or full-width character, none for combining and invisible ones,
        one for the rest, ambiguous ones included.

    Source:
        Unicode Standard Annex #11, East Asian Width.
    """
    if text.isascii():
        return len(text)
    width = 0
    for ch in text:
        if unicodedata.east_asian_width(ch) in "WF":
            width += 2
        elif unicodedata.category(ch) not in {"Mn", "Me", "Cf"}:
            width += 1
    return width


def pad(text: str, width: int) -> str:
    """
    Fill a text with spaces on the right up to a number of columns.

    Args:
        text: One line.
        width: Columns; a text that takes more is returned as it is.
    """
    return text + " " * (width - display_width(text))


_NUMBER_SIGNS = frozenset(".,，．+±-−－–~/:%％‰()（）¥￥$€")


def is_number_like(text: str) -> bool:
    """
    Tell whether a cell is only a number, so that a column of them holds no names.

    Args:
        text: A cell.

    Returns:
        True for digits with signs, separators, currency or percent (12,000.5, -3%, 2024-05,
        1e6), in half or full width. Codes of digits alone, such as 0111, look like numbers
        as well. False for blank cells and wherever a letter or ideograph stands.
    """
    if not any(ch.isdecimal() for ch in text):
        return False
    if all(ch.isdecimal() or ch.isspace() or ch in _NUMBER_SIGNS for ch in text):
        return True
    try:
        float(text)  # 1e6
    except ValueError:
        return False
    return True
