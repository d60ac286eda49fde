"""
Mentions of concepts in running text: which names stand where, what they mean, and of whom.

The names are those of the hub and of the schemes asked for. From left to right, the longest
name that can stand at a place is taken, and nothing inside it: 量子点 is no mention of 量子.
A name cannot stand where it would cut a word in two: Latin names keep to word boundaries
(no AI in AIM, no 6G in 16GB), short Chinese names are not seen in ordinary words that they
cross (光电 in 阳光电源, 化工 in 数字化工厂; tables below), single characters never.
Words of everyday use (汽车, 能源, "energy") count only where industries are spoken of: before
a word such as 产业, after a verb such as 从事, or in a list with a mention that counts.

Offsets are code points of the text as given. Case, full width, traditional characters,
hyphens and underscores in Latin names, and a space between Latin and Chinese make no
difference; nor does a line break inside a name, if the line before it is long enough to have
been wrapped. A space between Chinese characters separates words. Look-alikes, invisible
characters and quotes inside a name are not seen through: for that, `resolve` a label.

Negation and other parties are flags, not removals: they come from the words of the same
clause, and a reader decides. The tables of cues and ordinary words are ours, from the wording
of company reports and questions to their boards.

The extra `text` finds names by an automaton in compiled code; without it the same is found
in Python, more slowly.

Source:
    Aho and Corasick, "Efficient string matching: an aid to bibliographic search",
    Communications of the ACM 18(6), 1975; leftmost-longest as in POSIX.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, pairwise
from typing import NamedTuple

from ._hanzi import SIMPLIFIED, TRADITIONAL
from .errors import ColumnExists, UnreadableData
from .model import Item, Scheme, Text, _fixed
from .names import GROUPS, Resolution, resolver
from .store import HUB, as_scheme, catalog
from .tables import columns_of, frame_of, in_its_connection, need
from .text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    Engine = Literal["compiled", "python"]
    _Rest: TypeAlias = tuple[str | None, Text, Mapping[str, Resolution]]

__all__ = ["Mention", "annotate", "annotate_table"]

WRAPPED = 12
FEW = 16
LONG = 10_000
WORTHWHILE = 5_000_000
"""Characters after which the automaton that is slow to build has paid."""
VOCABULARIES = 8

# What stands where

# Ordinary words that a short name would cross: by its first character, the characters that
# make a word with it. 国家|电网 is no 家电.
BEFORE = {
    "储": "存仓", "核": "审考复稽", "算": "计预概清结估测运", "通": "交流普沟联贯畅融互",
    "低": "降减", "深": "深纵资", "海": "上珠威青北临定宁镇东南", "工": "职员", "网": "联互上",
    "中": "其集当心空高初", "种": "各这那某两多一几此该何三每品", "时": "同届暂当此那平有随及",
    "化": "文字能息动代色业准体络场际转优强深变消净氧进美量老孵固简细催异绿教碳型样性模产专区城"
          "镇市网数统构级元融淡风热汽液气",
    "金": "资基现", "家": "国专厂商独这那该多几数每各两一二三四五百余", "发": "开研触首批颁",
    "光": "阳曝观目时月眼风", "生": "学医考先", "有": "没含具拥", "新": "创最更刷翻", "建": "构搭",
    "轻": "减年", "会": "社机协", "信": "诚自通", "脑": "电", "民": "人居农", "输": "运",
    "大": "扩最重巨强壮庞做放加增一二三两四五六七八九十各几多", "机": "司",
}  # fmt: skip
# By name: what cannot follow. 智能体|验.
AFTER = {
    "储能": ("力",), "核能": ("力",), "氢能": ("力",), "电网": ("络", "站", "点"),
    "网安": ("全", "装", "排", "徽", "置"), "种业": ("务", "态", "绩"),
    "时尚": ("未", "不", "无", "有", "需"), "有色": ("彩", "差", "素"), "会展": ("示", "现", "开", "望"),
    "信创": ("新", "造", "立", "始"), "水电": ("费", "气", "煤"),
    "农业": ("农村", "银行", "大学", "部"), "智能体": ("验", "育", "检", "制", "现", "征", "积"),
    "数字人": ("民", "才", "口", "力", "文"), "虚拟人": ("物", "民", "力"), "通信": ("赖", "任", "念"),
    "超导": ("向", "师", "游"), "光热": ("情",), "低空": ("气", "间"),
}  # fmt: skip
SHORT = 3

# Words of everyday use: a mention only where industries are spoken of.
_EVERYDAY = (
    "汽车 建筑 能源 化工 材料 生物 机械 装备 健康 环保 节能 文化 教育 体育 旅游 金融 贸易 食品 密码 "
    "游戏 手机 电脑 海洋 纳米 养老 种子 眼镜 手表 黄金 时尚 牛奶 印刷 电力 家居 供应链 自动化 "
    "计算机 数字化 智能化 绿色化 数智化 银行 保险 酒店 餐饮 医院 药品 快递 广告 零售 批发 出版 影视 "
    "传媒 景区 港口 水果 蔬菜 花卉 棉花 茶叶 啤酒 白酒 饮料 零食 玩具 家具 珠宝 首饰 服装 服饰 箱包 "
    "面料 钟表 烟草 卷烟 电梯 轮胎 玻璃 陶瓷 塑料 橡胶 水泥 石材 照明 灯具 肥料 农药 饲料 "
    "energy materials software services education culture sports sport food sugar milk wine dairy gold "
    "coal steel copper cotton trade travel transport finance property construction compute internet "
    "fashion printing leather furniture clothing garments toys shoes seeds drugs chips ships rockets "
    "solar wellness wellbeing commerce computers servers biology medicines chemicals machinery "
    "agriculture farming fabrics shipping spectacles cigarettes communications railways "
    "exhibitions recycling avatars optics games feed media glass insurance retail wholesale flowers fruit "
    "vegetables beer tobacco silk jewellery jewelry luggage lighting cables hotels restaurants hospitals "
    "catering accommodation advertising publishing snacks poultry tires tyres cement ceramics plastics "
    "rubber paints dyes elevators securities utilities banking defence defense"
)
EVERYDAY = frozenset(_EVERYDAY.split())
_INDUSTRY_AFTER = re.compile(
    r"(?:等|类|相关|主导|特色|优势|新兴|传统|高端|先进|重点|支柱|核心|未来|[\d一二三四五六七八九十两大个]){0,6}"
    r"(?:产业|行业|领域|工业|制造|赛道|集群|板块|企业|厂商|业务|客户|供应商|市场|生产|研发|设备|业(?![已余主界绩态内]))"
    r"| (?:industr(?:y|ies)|sectors?|manufacturing|technolog(?:y|ies)|markets?|business(?:es)?|companies"
    r"|firms|makers|clusters?|value chains?|customers|suppliers)(?![a-z])"
)
_INDUSTRY_BEFORE = (
    "从事", "主营", "经营", "涉足", "涉及", "布局", "发展", "进军", "聚焦", "专注", "专注于", "深耕", "投资",
    "培育", "壮大", "做强", "来自", "应用于",
)  # fmt: skip
_LIST_GAP = re.compile(
    r"(?:[、/／&\s]|以及|[和与及或暨]|(?<=[a-z\d)]),\s|\b(?:and|or|nor)\b){1,4}", re.IGNORECASE
)

# Of whom

_NOT = ("不", "未", "尚未", "暂未", "并未", "并不", "暂不", "从未", "没有", "不再", "均未", "均不", "未曾",
        "还未", "还没有", "不直接", "未直接", "无需", "并没有", "未有", "不可", "不能", "未能", "无法")  # fmt: skip
_INVOLVE = ("涉及", "从事", "开展", "布局", "参与", "生产", "应用", "用于", "进入", "涉足", "投资", "研发",
            "销售", "经营", "拥有", "持有", "设立", "使用", "采用", "介入", "掌握", "储备", "具备", "切入",
            "推出", "形成", "开发", "供应", "计划", "打算", "考虑", "建立", "签订", "承接")  # fmt: skip
_HOLD = ("包括", "包含", "属于", "覆盖", "涵盖", "纳入", "列入", "归入", "含有", "是")
_NONE = ("暂无", "尚无", "没有", "并无", "均无", "目前无", "未有", "无任何")
_THING = (
    "布局",
    "业务",
    "相关业务",
    "相关布局",
    "涉及",
    "产品",
    "相关产品",
    "相关技术",
    "计划",
    "投资",
)
NEGATION = {  # cue: whether what stands before it in the clause may be what is denied
    **{n + verb: True for n in _NOT for verb in _INVOLVE},
    **{n + verb: False for n in _NOT for verb in _HOLD if n + verb != "未是"},
    **{none + thing: True for none in _NONE for thing in _THING},
    **dict.fromkeys((*_NONE, "不含", "未含", "剔除", "并非", "不是"), False),
    **{n + joint: False for n in ("未", "尚未", "并未", "暂未", "从未", "未曾") for joint in ("与", "同", "向")},
    **dict.fromkeys(("否认", "澄清不"), False),
    "不存在": True, "无关": True, "除外": True, "无涉": True, "无相关": True, "无直接": False, "非从事": False,
    **dict.fromkeys(("not", "no", "without", "excluding", "except", "neither", "nor", "never",
                     "cannot", "don't", "doesn't", "didn't", "isn't", "aren't", "hasn't", "haven't",
                     "don’t", "doesn’t", "didn’t", "isn’t", "aren’t", "hasn’t", "haven’t",
                     "no longer"), False),
}  # fmt: skip
# Bare ones deny what follows unless that is only described: 尚未盈利的人工智能企业 is one.
BARE = frozenset(("尚未", "暂未", "并未", "没有", "暂无", "尚无", "并无", "均无", "未有", "还没有"))
POINTING = ("相关", "任何", "上述", "直接", "所述", "此类", "这", "该", "您", "投资者")
ADJACENT = "无非"
"""Characters that deny the name right behind them, and the list that it begins."""

CLIENTS = ("客户", "用户", "采购方", "买方", "customer", "customers", "client", "clients")
SUPPLIERS = ("供应商", "供货商", "supplier", "suppliers", "vendor", "vendors")
OTHERS = ("竞争对手", "竞争者", "同行", "同行业公司", "同行业企业", "可比公司", "友商", "竞品", "交易对方",
          "合作伙伴", "合作方", "参股公司", "参股企业", "参投", "被投资企业", "被投企业", "联营企业", "联营公司",
          "合营企业", "合营公司", "标的公司", "交易标的", "后者", "competitor", "competitors", "rival", "rivals", "peers")  # fmt: skip
# What begins like a cue and is none.
NO_CUES = (
    *("客户端", "客户需求", "客户要求", "客户关系", "客户服务", "客户体验", "客户经理", "客户中心",
      "客户满意", "客户订单", "客户认证", "客户验证", "客户粘性", "用户端", "用户体验", "用户需求", "用户侧",
      "用户界面", "供应商管理", "同行评议", "同行者", "不含税", "不是问题", "没有放弃", "没有停止", "没有改变",
      "没有影响", "不仅", "不仅涉及", "不仅是", "不仅从事", "不只是", "不可或缺", "是不是", "无不", "无关紧要",
      "not only", "not just", "not merely", "no doubt", "是否涉及"),
)  # fmt: skip
_NOT_SUBJECT = re.compile(
    r"(?:[为向给对与和跟同及比于将使让替]|帮助|助力|服务|面向|满足|协助|支持|通过|领先|超过|包括|作为|成为)"
    r"[^，。；！？：,;!?\n]{0,6}$"
    r"|\b(?:for|to|with|from|by|of|help|helps|helping|serve|serves|serving|provides?|offers?|enables?|give|gives|as)"
    r"\b[\w ]{0,14}$"
)
_SUBJECT = re.compile(
    r"[为是有的以系在将拟已均也]|主要|包括|涵盖|覆盖|来自|分布|集中|属于|布局|采用|涉及|从事|使用|生产|研发"
    r"|推出|应用|拥有|例如|经营|投资|转型|开展|[a-z]"
)
_SERVED = re.compile(r"[^的]{0,4}(?:提供|开发|定制|打造|交付|销售|供应|推出|研制|输送|配套)(?!的)")
_OF_CLIENTS = re.compile(
    r"(?:等|类|行业|领域|产业|企业|厂商|公司|相关|下游|终端|头部|知名|大型|龙头|industry|sector|[、\s]){0,5}"
)
# 给光通信、半导体企业供应气体: what somebody is who is given something.
_WHO = frozenset(
    [
        "企业",
        "厂商",
        "厂家",
        "公司",
        "机构",
        "院所",
        "用户",
        "客户",
        "领域",
        "行业",
        "产业",
        "类企",
        "类客",
        "类用",
    ]
)
_GIVEN = re.compile(
    r"(?:领域|行业|产业|类)?(?:企业|厂商|厂家|公司|机构|院所|用户|客户)[^，。；！？,;!?\n]{0,14}?"
    r"(?:提供|供应|供货|销售|配套|交付|输送|开发|定制)"
)
_RECEIVER = re.compile(r"(?<![因成认作即称视转分])[给向为对](?![了此])[^，。；！？,;!?\n]*$")
_ABOUT_IT = re.compile(
    r"(?:相关|该|上述|此类?|这|任何|直接|具体|的|等|业务|领域|产品|技术|布局|应用|研发|生产|销售|合作|订单|收入"
    r"|计划|投入|投资|方面|情况|内容|工作|项目|及|和|与|、|了|过|或)*(?=[，。；！？：,;!?…\n)）”\"]|$)"
)
_CLAUSE = re.compile(
    r"[，。；！？：;!?…\n]|[,:](?!\d)|\.(?=\s|$)|[（(]|[）)]|而(?!且)|但|然而|不过|反而|却|"
    r"\b(?:but|rather|instead|however|although|while|whereas)\b"
)


class Mention(NamedTuple):
    """
    One name in a text. A tuple, so that making a million of them is cheap.

    Attributes:
        start: Offset of its first character in the text, in code points, from 0.
        end: Offset after its last character.
        text: What stands there.
        concept: Id of the hub concept that it names (`futureindustry/concepts#...`); None
            for a name that only the schemes asked for have.
        label: Label of the concept, or of the scheme's item.
        items: For each scheme asked for in which the name leads to an item, by the scheme's
            id: the `Resolution`, with `code`, `relation` (of the name to the item), `outcome`
            (resolved, open or ambiguous) and `explain`.
        negated: Whether the clause seems to deny it (不涉及…).
        other_party: Whether the clause seems to be about a customer, supplier or competitor.
    """

    start: int
    end: int
    text: str
    concept: str | None
    label: Text
    items: Mapping[str, Resolution]
    negated: bool
    other_party: bool

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as plain values; each item as code, relation and outcome."""
        found: dict[str, Any] = self._asdict()
        found["label"] = dict(self.label)
        found["items"] = {
            scheme: {"code": r.code, "relation": r.relation, "outcome": r.outcome}
            for scheme, r in self.items.items()
        }
        return found


# Folding that keeps every offset

_WIDE = "＋－０１２３４５６７８９" + "".join(
    chr(n + 0xFEE0) for n in (*range(65, 91), *range(97, 123))
)
_DASHES = "‐‑‒–−\u00a0\u2009\u202f"
_FROM = TRADITIONAL + _WIDE + _DASHES
_TO = SIMPLIFIED + "".join(chr(ord(ch) - 0xFEE0) for ch in _WIDE) + " " * len(_DASHES)
_ODD = re.compile(f"[{_FROM}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_\n\t", b"abcdefghijklmnopqrstuvwxyz    ")
_HAN = "[\u3400-\u9fff]"
_BORDER = re.compile(rf"(?<={_HAN}) ?(?=[a-z0-9])|(?<=[a-z0-9]) ?(?={_HAN})")
_SAME = {ord(old): new for old, new in zip(_FROM, _TO, strict=True)}
_table: dict[int, int | str] = {}


def _plain(text: str) -> str:
    """Fold what spellings differ in, one character to one, so that every offset stays."""
    odd = set(_ODD.findall(text))
    if len(odd) > FEW:
        if not _table:
            # With all of the plane in it: a character that is missing costs an exception.
            _table.update((code, code) for code in range(0x10000))
            _table.update(_SAME)
        text = text.translate(_table)
    else:
        for ch in odd:
            text = text.replace(ch, _SAME[ord(ch)])
    folded = text.encode("utf-8", "surrogatepass").translate(_LOWER)
    return folded.decode("utf-8", "surrogatepass")


def _is_han(ch: str) -> bool:
    return "\u3400" <= ch <= "\u9fff"


def _is_word(ch: str) -> bool:
    return ("a" <= ch <= "z") or ("0" <= ch <= "9") or ("\u00c0" <= ch <= "\u024f")


_BREAK = re.compile(
    r"\n(?<=[\u3400-\u9fff \t\r\u3000]\n)[ \t\u3000]*(?=[\u3400-\u9fff])"  # the break first: found fast
)


def _unwrapped(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Take out line breaks inside wrapped Chinese lines; give where, and how much in all so far."""
    cuts: list[tuple[int, int]] = []
    parts: list[str] = []
    kept = removed = 0
    for found in _BREAK.finditer(text):
        place, after = found.span()
        first = text.rfind("\n", 0, place) + 1
        before = first + len(text[first:place].rstrip(" \t\r\u3000"))
        if before - first >= WRAPPED and _is_han(text[before - 1]):
            parts.append(text[kept:before])
            removed += after - before
            cuts.append((after - removed, removed))
            kept = after
    return ("".join([*parts, text[kept:]]) if cuts else text), cuts


# Words to look for


class Word:
    """
    One spelling to look for: a name, a cue, or what must not be taken for one.

    Attributes:
        key: The spelling, folded.
        meaning: Of a name; None for other words.
        kind: `name`, `everyday`, `group`, `negation`, `party` or `none`.
        free: Whether it can stand anywhere.
        number: Its place in the vocabulary.
    """

    __slots__ = (
        "_acronym", "_after", "_before", "_left", "_right", "free", "key", "kind", "meaning", "number",
    )  # fmt: skip

    def __init__(self, key: str, kind: str, meaning: _Meaning | None = None) -> None:
        self.key = key
        self.kind = kind
        self.meaning = meaning
        self._left, self._right = _is_word(key[0]), _is_word(key[-1])
        short = meaning is not None and len(key) <= SHORT and _is_han(key[0])
        self._before = BEFORE.get(key[0], "") if short else ""
        self._after = AFTER.get(key, ()) if meaning is not None else ()
        self._acronym = meaning is not None and key.isascii() and key.isalpha() and len(key) <= 3
        self.free = not (self._left or self._right or self._before or self._after)
        self.number = -1

    @property
    def rest(self) -> _Rest | None:
        """What is behind the text in a mention, once looked up; of plain names only."""
        return self.meaning.rest if self.meaning is not None and self.kind == "name" else None

    def fits(self, hay: str, text: str, start: int, end: int) -> bool:
        """Say whether the word can stand there: it cuts no other word in two."""
        if start:
            ch = hay[start - 1]
            if ch in self._before:
                return False
            if self._left and (
                _is_word(ch) or (ch in ".@" and start > 1 and _is_word(hay[start - 2]))
            ):
                return False
        if self._after and hay.startswith(self._after, end):
            return False
        if self._right and end < len(hay):
            ch = hay[end]
            if _is_word(ch) or (ch in ".@" and _is_word(hay[end + 1 : end + 2])):
                return False
        return not self._acronym or self._as_acronym(hay, text, start, end)

    def _as_acronym(self, hay: str, text: str, start: int, end: int) -> bool:
        """Take AR and IoT for ones, "ar" only inside Chinese: ar眼镜, not "5 ml"."""
        found = text[start:end]
        if found.upper() == found or (self.meaning is not None and found == self.meaning.name):
            return True
        around = hay[start - 1 : start] if start else "", hay[end : end + 1]
        return found.islower() and any(map(_is_han, around)) and " " not in around


class _Meaning:
    """What a name means; the items are looked up when it is first met."""

    __slots__ = ("_schemes", "concept", "label", "name", "rest")

    def __init__(
        self, name: str, concept: str | None, label: Text, schemes: tuple[Scheme, ...]
    ) -> None:
        self.name = name
        self.concept = concept
        self.label = label
        self._schemes = schemes
        self.rest: _Rest | None = None

    def look_up(self) -> _Rest:
        """Give the fields of a mention behind the text, and keep them."""
        concept, label = self.concept, self.label
        if concept is None:
            known = resolver(catalog().hub()).resolve(self.name)
            if known.item is not None and known.relation == "equals":
                concept, label = f"{HUB}#{known.code}", known.item.label
        found = {scheme.id: resolver(scheme).resolve(self.name) for scheme in self._schemes}
        met = ("resolved", "open", "ambiguous")
        items = _fixed({k: r for k, r in found.items() if r.outcome in met})
        self.rest = (concept, label, items)
        return self.rest


def _spellings(name: str) -> Iterator[str]:
    """Give the folded forms in which a name is looked for; none for what is no word."""
    for form in dict.fromkeys((_plain(name), _plain(fold(name)))):
        for joint in ("", " "):
            key = _BORDER.sub(joint, form)
            yield key
            if any(ch in key for ch in "(),"):
                yield key.translate(str.maketrans("(),", "（）、"))


class Vocabulary:
    """
    All words to look for in the hub and some schemes, and where they stand in a text.

    Args:
        hub: The hub.
        schemes: Schemes whose names are looked for as well.
        engine: `compiled` needs the extra `text`; chosen by what is installed if None.
    """

    def __init__(
        self, hub: Scheme, schemes: tuple[Scheme, ...] = (), engine: Engine | None = None
    ) -> None:
        self.hub, self.schemes = hub, schemes
        words: dict[str, Word] = {}
        for key in NO_CUES:
            words[key] = Word(key, "none")
        for key in NEGATION:
            words.setdefault(key, Word(key, "negation"))
        for key in (*CLIENTS, *SUPPLIERS, *OTHERS):
            words.setdefault(key, Word(key, "party"))
        cues = set(words)
        for scheme in (hub, *schemes):
            for item in scheme.values():
                for name in item.names:
                    self._add(words, cues, scheme is hub, item, name)
        self._set(list(words.values()), engine)

    @classmethod
    def of_words(cls, words: Iterable[Word], engine: Engine | None = None) -> Vocabulary:
        """Make one from words."""
        made = cls.__new__(cls)
        made._set(list(words), engine)  # noqa: SLF001 - its own
        return made

    def _add(
        self, words: dict[str, Word], cues: set[str], of_hub: bool, item: Item, name: str
    ) -> None:
        meaning: _Meaning | None = None
        for key in _spellings(name):
            if len(key) < 2 or key in cues or not any(map(str.isalpha, key)) or max(key) > "\uffff":
                continue
            if key in words:
                continue
            if meaning is None:
                concept = f"{HUB}#{item.code}" if of_hub else None
                meaning = _Meaning(str(name), concept, item.label, self.schemes)
            group = item.slot is not None or (
                of_hub and GROUPS in (item.code, *(above.code for above in item.ancestors))
            )
            kind = "group" if group else "everyday" if key in EVERYDAY else "name"
            words[key] = Word(key, kind, meaning)

    def _set(self, words: list[Word], engine: Engine | None) -> None:
        self.words = words
        self.checks = [None if word.free else word.fits for word in words]
        # What is behind the text in a mention of a name; filled in as names are met.
        self.rests: list[_Rest | None] = [None] * len(words)
        for number, word in enumerate(words):
            word.number = number
        self._begin: dict[str, list[Word]] = {}
        for word in sorted(words, key=lambda word: (-len(word.key), word.key)):
            self._begin.setdefault(word.key[:2], []).append(word)
        self._pairs = {(pair[0], pair[1]) for pair in self._begin}
        self._find: Any = None
        self._slowly = WORTHWHILE
        if engine != "python":
            self._find = _compiled(words, required=engine == "compiled")

    def longest(self, hay: str, text: str, place: int) -> Word | None:
        """Give the longest word that can stand at a place."""
        for word in self._begin.get(hay[place : place + 2], ()):
            key = word.key
            if hay.startswith(key, place) and (
                word.free or word.fits(hay, text, place, place + len(key))
            ):
                return word
        return None

    def matches(self, hay: str, text: str) -> Iterable[tuple[int, int, int]]:
        """
        Give number, start and end of the words in a text, leftmost and longest.

        Offsets are doubled, as they are in UTF-16, on which the automaton works: counting
        characters in UTF-8 would cost more than the search. From the automaton also come
        matches that cannot stand there, or that begin in the middle of a character.
        """
        if self._find is None:
            return self._matches_in_python(hay, text)
        data = hay.encode("utf-16-le", "surrogatepass")
        if len(data) != 2 * len(hay):
            data = _ASTRAL.sub("\ufffd", hay).encode("utf-16-le", "surrogatepass")
        if self._slowly > 0:
            self._slowly -= len(hay)
            if self._slowly <= 0:
                self._find = _compiled(self.words, fast=True)
        found: list[tuple[int, int, int]] = self._find(data)
        return found

    def _matches_in_python(self, hay: str, text: str) -> Iterator[tuple[int, int, int]]:
        done = 0
        for place in compress(range(len(hay)), map(self._pairs.__contains__, pairwise(hay))):
            if place >= done and (word := self.longest(hay, text, place)):
                done = place + len(word.key)
                yield word.number, place << 1, done << 1


def _compiled(words: Sequence[Word], *, required: bool = False, fast: bool = False) -> Any:
    """Build the automaton; the fast one takes a quarter of a second, the other a tenth of that."""
    try:
        import ahocorasick_rs as engine
    except ImportError:
        if required:
            raise
        return None
    kinds = engine.Implementation
    return engine.BytesAhoCorasick(
        [word.key.encode("utf-16-le") for word in words],
        matchkind=engine.MatchKind.LeftmostLongest,
        implementation=kinds.DFA if fast else kinds.ContiguousNFA,
    ).find_matches_as_indexes


# Whose, and whether


class _Scope:
    """How far a cue reaches to the right: to the end of its clause."""

    __slots__ = ("_depth", "_place", "alive", "begin", "cue")

    def __init__(self, cue: str, begin: int) -> None:
        self.cue = cue
        self.begin = self._place = begin
        self.alive = True
        self._depth = 0

    def reaches(self, text: str, start: int, last: int) -> bool:
        """Say whether it still holds at `start`; `last` is the end of the mention before."""
        for stop in _CLAUSE.finditer(text, self._place, start) if self.alive else ():
            if stop[0] in "（(":
                self._depth += 1
            elif stop[0] in "）)" and self._depth:
                self._depth -= 1
            elif stop[0] != "," or not _lists(text, max(last, self.begin), start):
                self.alive = False
                break
        self._place = start
        return self.alive


def _lists(text: str, end: int, start: int) -> bool:
    """Say whether what lies between two mentions only joins them to a list."""
    return 0 < start - end <= 8 and _LIST_GAP.fullmatch(text, end, start) is not None


def _denies(scope: _Scope, text: str, start: int, last: int) -> bool:
    if not scope.reaches(text, start, last):
        return False
    if scope.cue not in BARE:
        return True
    gap = text[scope.begin : start]
    return "的" not in gap or gap.startswith(POINTING)


def _acts(scope: _Scope, text: str, start: int, last: int) -> bool:
    if not scope.reaches(text, start, last):
        return False
    return scope.cue in OTHERS or _SUBJECT.search(text, scope.begin, start) is not None


def _look_back(found: list[Mention], text: str, place: int) -> Iterator[int]:
    """Give the mentions before a place in its clause, the last first."""
    for n in range(len(found) - 1, -1, -1):
        if _CLAUSE.search(text, found[n].end, place):
            return
        yield n
        place = found[n].start


def _whose(found: list[Mention], text: str, start: int, end: int, cue: str) -> _Scope | None:
    """Note the customers that mentions before the cue describe; give what it says of those behind."""
    if cue in CLIENTS:
        place = start
        for n in range(len(found) - 1, -1, -1):
            gap = text[found[n].end : place]
            if not (len(gap) <= 12 and _OF_CLIENTS.fullmatch(gap)):
                break
            found[n] = found[n]._replace(other_party=True)
            place = found[n].start
        if _SERVED.match(text, end):
            return None
    if _NOT_SUBJECT.search(text[max(0, start - 24) : start].lower()):
        return None
    return _Scope(cue, end)


def _places(hay: str, ch: str) -> Iterator[int]:
    place = hay.find(ch)
    while place >= 0:
        yield place
        place = hay.find(ch, place + 1)


class _Reader:
    """Turns words into mentions, with what the cues between them say."""

    __slots__ = ("_beside", "_groups", "_negation", "_party", "_text", "doubtful", "found", "near")

    def __init__(self, hay: str, text: str, *, groups: bool) -> None:
        self.found: list[Mention] = []
        self.doubtful: list[int] = []
        self._text, self._groups = text, groups
        self._beside = 0  # end of the last name that `near` denies, or its list
        self._negation: _Scope | None = None
        self._party: _Scope | None = None
        # Where a name would stand right behind a character that denies it.
        self.near = {
            place + 1
            for ch in ADJACENT
            for place in _places(hay, ch)
            if hay[place - 1 : place + 1] != "除非"
        }

    def take(self, start: int, end: int, word: Word) -> bool:
        """Take the next word; say whether no cue is at work behind it."""
        if word.kind == "negation":
            self._deny(start, end, word.key)
        elif word.kind == "party":
            self._party = _whose(self.found, self._text, start, end, word.key) or self._party
        elif word.meaning is not None and (word.kind != "group" or self._groups):
            if word.kind == "everyday":
                self.doubtful.append(len(self.found))
            rest = word.meaning.rest or word.meaning.look_up()
            denied, other = self._flags(start, end)
            self.found.append(Mention(start, end, self._text[start:end], *rest, denied, other))
        return self._negation is None and self._party is None and not self._beside

    def _flags(self, start: int, end: int) -> tuple[bool, bool]:
        """Say whether a name is denied, and whether it is about another party."""
        text, last = self._text, self.found[-1].end if self.found else 0
        denied = self._negation is not None and _denies(self._negation, text, start, last)
        other = self._party is not None and _acts(self._party, text, start, last)
        if self._negation is not None and not self._negation.alive:
            self._negation = None
        if self._party is not None and not self._party.alive:
            self._party = None
        beside = start in self.near or (0 < self._beside == last and _lists(text, last, start))
        self._beside = end if beside else 0
        return denied or beside, other

    def _deny(self, start: int, end: int, cue: str) -> None:
        self._negation = _Scope(cue, end)
        if NEGATION[cue] and _ABOUT_IT.match(self._text, end):
            for n in _look_back(self.found, self._text, start):
                self.found[n] = self.found[n]._replace(negated=True)


def _read(vocabulary: Vocabulary, hay: str, text: str, *, groups: bool) -> list[Mention]:
    """
    Make mentions of the words that can stand where they were found, and look again where not.

    Behind a match that cannot stand the automaton has gone on at its end, and from there its
    matches hold, but for one that a word found by hand reaches into.
    """
    reader = _Reader(hay, text, groups=groups)
    take, near, add, new = reader.take, reader.near, reader.found.append, tuple.__new__
    words, rests, checks = vocabulary.words, vocabulary.rests, vocabulary.checks
    done = 0  # all before is settled; doubled, as are first and last
    quiet = True
    for number, first, last in vocabulary.matches(hay, text):
        start, end = first >> 1, last >> 1
        check = checks[number]
        if first >= done and not first & 1 and (not check or check(hay, text, start, end)):
            rest = rests[number]
            if rest is not None and quiet and start not in near:
                concept, label, items = rest
                add(
                    new(Mention, (start, end, text[start:end], concept, label, items, False, False))
                )
            elif groups or words[number].kind != "group":
                quiet = take(start, end, words[number])
                rests[number] = words[number].rest
            continue
        place = max(done, first + 1) >> 1
        while place << 1 < last:
            if again := vocabulary.longest(hay, text, place):
                quiet = take(place, place + len(again.key), again)
                place += len(again.key)
            else:
                place += 1
        done = place << 1
    found, doubtful = reader.found, reader.doubtful
    _note_the_given(found, text)
    return _without_everyday(found, doubtful, hay, text) if doubtful else found


def _note_the_given(found: list[Mention], text: str) -> None:
    """Flag what describes those who are given something: 为新能源汽车厂商提供零部件."""
    for n, mention in enumerate(found):
        start, end = mention[:2]
        if text[end : end + 2] not in _WHO or not _GIVEN.match(text, end):
            continue
        if not _RECEIVER.search(text, max(0, start - 40), start):
            continue
        place = end
        for m in range(n, -1, -1):
            if m < n and not _lists(text, found[m].end, place):
                break
            found[m] = found[m]._replace(other_party=True)
            place = found[m].start


def _without_everyday(
    found: list[Mention], doubtful: list[int], hay: str, text: str
) -> list[Mention]:
    """Leave out the words of everyday use where nothing says that industries are meant."""
    unsure = set(doubtful)
    drop: set[int] = set()
    done = -1
    for n in doubtful:
        if n <= done:
            continue
        first = done = n
        while first and _lists(text, found[first - 1].end, found[first].start):
            first -= 1
        while done + 1 < len(found) and _lists(text, found[done].end, found[done + 1].start):
            done += 1
        if not any(
            m not in unsure or _of_industry(hay, found[m].start, found[m].end)
            for m in range(first, done + 1)
        ):
            drop.update(range(first, done + 1))
    return [mention for n, mention in enumerate(found) if n not in drop]


def _of_industry(hay: str, start: int, end: int) -> bool:
    return _INDUSTRY_AFTER.match(hay, end) is not None or hay.endswith(_INDUSTRY_BEFORE, 0, start)


# The way in


def annotate(
    text: str,
    schemes: Scheme | str | Iterable[Scheme | str] | None = None,
    *,
    as_of: str | None = None,
    groups: bool = False,
) -> list[Mention]:
    """
    Find the concepts that a running text mentions.

    Args:
        text: Chinese or English, of any length.
        schemes: Schemes, or their ids, whose items the mentions are led to; their own names
            are looked for as well as those of the hub.
        as_of: Date; the versions in force then, of schemes named without one.
        groups: Whether to give names of groups (未来产业, 支柱产业, the tiers of a scheme), too.

    Returns:
        Mentions in the order of the text, none overlapping another.

    Raises:
        UnknownScheme: With the nearest scheme, or none in force then.

    Examples:
        >>> import futureindustry as fi
        >>> for m in fi.annotate("公司从事量子计算，不涉及6G。", "hefei-htz/future-industries"):
        ...     print(m.start, m.text, m.concept, [r.code for r in m.items.values()], m.negated)
        4 量子计算 futureindustry/concepts#quantum-computing ['quantum-information'] False
        12 6G futureindustry/concepts#6g [] True

    Source:
        Leftmost-longest as in POSIX; the tables of cues and of ordinary words are ours.
    """
    if not isinstance(text, str):
        raise TypeError(f"a text is needed, not {type(text).__name__}")
    return _annotate(_vocabulary(schemes, as_of), text, groups=groups)


def _annotate(vocabulary: Vocabulary, text: str, *, groups: bool) -> list[Mention]:
    flat, cuts = _unwrapped(text) if "\n" in text else (text, [])
    hay = _plain(flat)
    if len(hay) < LONG or not gc.isenabled():
        found = _read(vocabulary, hay, flat, groups=groups)
    else:
        # No cycle is made here; the collector would look through all tuples in vain, which
        # takes as long as making them.
        gc.disable()
        try:
            found = _read(vocabulary, hay, flat, groups=groups)
        finally:
            gc.enable()
    return _moved(found, text, cuts) if cuts else found


def _moved(found: list[Mention], text: str, cuts: list[tuple[int, int]]) -> list[Mention]:
    """Give the places in the text as given, from those without the line breaks."""
    moved: list[Mention] = []
    at = shift = 0
    for mention in found:
        while at < len(cuts) and cuts[at][0] <= mention.start:
            shift = cuts[at][1]
            at += 1
        start, stop = mention.start + shift, mention.end + shift
        inside = at
        while inside < len(cuts) and cuts[inside][0] < mention.end:
            stop = mention.end + cuts[inside][1]
            inside += 1
        moved.append(mention._replace(start=start, end=stop, text=text[start:stop]))
    return moved


_vocabularies: dict[tuple[object, ...], Vocabulary] = {}


def _vocabulary(
    schemes: Scheme | str | Iterable[Scheme | str] | None, as_of: str | None = None
) -> Vocabulary:
    """Give the vocabulary of the hub and some schemes, built once."""
    if schemes is None:
        wanted: tuple[Scheme | str, ...] = ()
    else:
        wanted = (schemes,) if isinstance(schemes, (Scheme, str)) else tuple(schemes)
    store = catalog()
    # Schemes by address: comparing two takes time. The vocabulary keeps them from being freed.
    key = (id(store), as_of, *(s if isinstance(s, str) else id(s) for s in wanted))
    found = _vocabularies.get(key)
    if found is None:
        known = {scheme.id: scheme for scheme in (as_scheme(s, as_of=as_of) for s in wanted)}
        found = Vocabulary(store.hub(), tuple(known.values()))
        while len(_vocabularies) >= VOCABULARIES:
            del _vocabularies[next(iter(_vocabularies))]
        _vocabularies[key] = found
    return found


def decoded(content: bytes, name: str) -> tuple[str, bool]:
    """
    Give the text of a file, and whether it was read as GB 18030.

    Args:
        content: Its bytes: UTF-8, with or without a byte order mark, UTF-16 with one, or
            GB 18030, as Windows saves in China.
        name: Of the file, for messages.

    Raises:
        UnreadableData: Binary, or in no encoding known here.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), False
        except UnicodeDecodeError as error:
            raise UnreadableData(f"{name} breaks off in UTF-16 (byte {error.start})") from None
    if b"\0" in content:
        raise UnreadableData(
            f"{name} is a binary file, no text; save it as text, or name a column of a table"
        )
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError as error:
        try:
            return content.decode("gb18030"), True
        except UnicodeDecodeError:
            raise UnreadableData(
                f"{name} is neither UTF-8 (byte {error.start}) nor GB18030; save it as UTF-8"
            ) from None


# Tables

_ROW, _TEXT = "row", "__text"


def annotate_table(
    data: Any,
    column: str,
    schemes: Scheme | str | Iterable[Scheme | str] | None = None,
    *,
    key: str | Sequence[str] | None = None,
    as_of: str | None = None,
    groups: bool = False,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Any:
    """
    Find the concepts that a text column mentions.

    Each distinct text is read once; the rows stay in the engine of the data.

    Args:
        data: A frame of polars (eager or lazy), pandas, pyarrow, DuckDB, Spark or Dask; or the
            path of a CSV, Parquet or Excel file.
        column: Column with the text.
        schemes: As for `annotate`.
        key: Column or columns that stand for a row in the result; needed on an engine without
            an order.
        as_of: As for `annotate`.
        groups: As for `annotate`.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        A frame of the same engine, one row for each mention, in the order of the rows (of the
        key, where one is given) and of the text: `row` (counted from 1) or the key, `start`,
        `end`, `text`, `concept`, `label` (Chinese where there is one), `negated`,
        `other_party`, and for each scheme `<id> code` and `<id> relation`, missing where the
        name leads to no single item.

    Raises:
        ColumnNotFound: With the nearest column.
        ColumnExists: A key has the name of a column of the result.
        UnreadableData: No frame or file of data; or an engine without an order, and no key.
    """
    import narwhals as nw

    frame, _ = frame_of(data, encoding, sheet)
    keys = (key,) if isinstance(key, str) else tuple(key or ())
    need(columns_of(frame), column, *keys)
    vocabulary = _vocabulary(schemes, as_of)
    schema = _schema_of(vocabulary, nw)
    if taken := [name for name in keys if name in schema]:
        raise ColumnExists(
            f'the key "{taken[0]}" has the name of a column of the result; rename it'
        )
    texts = _rows_with_text(frame, column, keys, nw)
    distinct = texts.select(_TEXT).unique()
    if isinstance(distinct, nw.LazyFrame):
        distinct = distinct.collect()
    table: dict[str, list[Any]] = {name: [] for name in (_TEXT, *schema)}
    for text in sorted(distinct[_TEXT].to_list()):
        for mention in _annotate(vocabulary, text, groups=groups):
            for name, value in zip(table, (text, *_cells(mention, vocabulary)), strict=True):
                table[name].append(value)
    answers = _brought(frame, table, {_TEXT: nw.String, **schema}, nw)
    order = keys or (_ROW,)
    joined = texts.join(answers, on=_TEXT, how="inner").sort(*order, "start")
    return joined.select(*order, *schema).to_native()


def _schema_of(vocabulary: Vocabulary, nw: Any) -> dict[str, Any]:
    schema = {"start": nw.Int64, "end": nw.Int64, "text": nw.String, "concept": nw.String,
              "label": nw.String, "negated": nw.Boolean, "other_party": nw.Boolean}  # fmt: skip
    for scheme in vocabulary.schemes:
        schema |= {f"{scheme.id} code": nw.String, f"{scheme.id} relation": nw.String}
    return schema


def _cells(mention: Mention, vocabulary: Vocabulary) -> Iterator[Any]:
    yield from (mention.start, mention.end, mention.text, mention.concept)
    yield from (mention.label.show("zh"), mention.negated, mention.other_party)
    for scheme in vocabulary.schemes:
        found = mention.items.get(scheme.id)
        yield from (found.code, found.relation) if found and found.item else (None, None)


def _rows_with_text(frame: Any, column: str, keys: tuple[str, ...], nw: Any) -> Any:
    """Give number or key, and text, of the rows that have one."""
    if not keys:
        if not isinstance(frame, nw.LazyFrame):
            frame = frame.with_row_index("__row")
        elif frame.implementation.is_polars():
            frame = nw.from_native(frame.to_native().with_row_index("__row"))
        else:
            raise UnreadableData(
                f"rows of {frame.implementation} have no order and so no number; pass key="
            )
        frame = frame.with_columns((nw.col("__row").cast(nw.Int64) + 1).alias(_ROW))
        keys = (_ROW,)
    text = nw.col(column).cast(nw.String).alias(_TEXT)
    return frame.select(*keys, text).filter(~nw.col(_TEXT).is_null())


def _brought(frame: Any, table: dict[str, list[Any]], schema: Mapping[str, Any], nw: Any) -> Any:
    """Bring the table of mentions into the engine of the data."""
    engine = frame.implementation
    if not isinstance(frame, nw.LazyFrame):
        return nw.from_dict(table, schema, backend=engine)
    if engine.is_dask():
        return nw.from_dict(table, schema, backend="pandas").lazy(engine)
    eager = nw.from_dict(table, schema, backend="polars" if engine.is_polars() else "pyarrow")
    if engine.is_pyspark() or engine.is_pyspark_connect():
        return eager.lazy(engine, session=frame.to_native().sparkSession)
    if engine.is_duckdb():
        return in_its_connection(frame, eager.to_native())
    return eager.lazy(engine)
