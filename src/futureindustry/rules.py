"""
The rules: what `validate` and `check` look for, in both languages, with an example each.

Rules of datasets start with FI1, of schemes with FI2, of mappings with FI3. What was found is
a matter of `report`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Severity = Literal["error", "warning", "info"]

__all__ = ["RULES", "SEVERITIES", "Rule", "rule_head", "rule_page", "rule_pages", "rules_page"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@attrs.frozen
class Rule:
    """
    What a check looks for.

    Attributes:
        code: Such as `FI101`.
        severity: `error`, `warning` or `info`.
        title: By language.
        message: Sentence with the facts of a finding in braces, by language.
        mend: What to do, by language.
        why: What goes wrong if nothing is done, by language; empty where the title says it.
        examples: What triggers it, and what does not, by language.
        fixable: Whether `mend` settles it, where that is certain.
    """

    code: str
    severity: Severity
    title: Mapping[str, str]
    message: Mapping[str, str]
    mend: Mapping[str, str]
    why: Mapping[str, str]
    examples: Mapping[str, tuple[str, str]]
    fixable: bool = False

    @property
    def example(self) -> tuple[str, str]:
        """What triggers it, and what does not."""
        return self.examples["en"]


_EXAMPLES: Mapping[str, tuple[str, str]] = {
    "FI101": ("量子通迅", "量子通信"),
    "FI102": ("航空, in a scheme where two tiers hold it", "航空, with the column of tiers"),
    "FI103": ("电机, asked of a scheme without it", "the scheme that has 电机, or another label"),
    "FI104": ("量子科技", "量子信息"),
    "FI105": (
        "量子计算, where the scheme has 量子信息",
        "the same, with sector_relation = part_of beside it",
    ),
    "FI106": ("元宇宙, named under X", "the same, said to belong to X"),
    "FI107": ("低空经济与空天 on 2023-01-01, in Shenzhen", "the same on 2024-06-30"),
    "FI108": ("量子信息 under tier 3", "量子信息 under tier 2"),
    "FI109": ("合肥高新", "合肥高新区"),
    "FI110": ("a row of 2019, where the first version is of 2022-06", "a row of 2023"),
    "FI111": ("two rows with 编号 = 17", "编号 17 and 18"),
    "FI112": ("空天技术 = 120 and 无人机 = 30", "空天技术 = 120"),
    "FI113": ("很多", "120余家"),
    "FI114": ("an empty cell", "量子信息"),
    "FI115": ("元宇宙 with U+200B between two characters", "元宇宙"),
    "FI116": ("a CSV file saved by Excel as GBK", "the same saved as UTF-8"),
    "FI117": ("fusion-energy beside 量子信息", "quantum-information beside 量子信息"),
    "FI118": ("120家 and 3亿元 in one column", "the same, with a column that says what each is"),
    "FI200": ("a YAML file with a tab for indentation", "two spaces"),
    "FI201": ("label: … twice in one item", "label: … once"),
    "FI202": ("lable: {zh: 量子信息}", "label: {zh: 量子信息}"),
    "FI203": ("code: 0111", 'code: "0111"'),
    "FI204": ('published: "May 2024"', 'published: "2024-05"'),
    "FI205": ('valid: {from: "2024-05", to: "2022-06"}', 'valid: {from: "2022-06", to: "2024-05"}'),
    "FI206": ("an item without a code", "code: quantum-information"),
    "FI207": ("two items with the code fusion-energy", "fusion-energy and fission-energy"),
    "FI208": ("sources: [s3], where only s1 and s2 are listed", "sources: [s2]"),
    "FI209": ("a row with parent 0111 above the row 0111", "the parent first"),
    "FI210": ("formula: 2++3", "formula: 2+3"),
    "FI211": (
        "formula: 2+3+X with three items in the tier of slot 2",
        "two items, or the right formula",
    ),
    "FI212": ("incomplete: true", "the whole list, and no such key"),
    "FI213": ("also: {zh: [空天]} under two items", "under one of them"),
    "FI214": ("an item without sources", "sources: [s1]"),
    "FI215": ("label: {zh: 量子信息}", "label: {zh: 量子信息, en: quantum information}"),
    "FI216": (
        'valid: {from: "2022-06", to: null} beside a version from 2024-03',
        'valid: {from: "2022-06", to: "2024-03"}',
    ),
    "FI217": ("issuer: hefei-hzt", "issuer: hefei-htz"),
    "FI218": ('version: "2024-06" in 2024-05.yaml', 'version: "2024-05"'),
    "FI219": ("a list of 1,380 classes under levels: count: 1381", "the list of the edition"),
    "FI220": ("a parent that ends 2024-03 and a child without an end", "both end 2024-03"),
    "FI221": ('supersedes: "2021-06", where the series has 2022-06', 'supersedes: "2022-06"'),
    "FI222": ("航空 in the tiers 12 and 6", "the same; give the tier where it matters"),
    "FI223": ("successors: [robot], where the series has robots", "successors: [robots]"),
    "FI301": (
        "hefei:quantum-information without a line in curie_map",
        "hefei-htz.future-industries:quantum-information, declared",
    ),
    "FI302": ("skos:exactmatch", "skos:exactMatch"),
    "FI303": ("confidence 90", "confidence 0.9"),
    "FI304": (
        "hefei-htz.future-industries:quantum",
        "hefei-htz.future-industries:quantum-information",
    ),
    "FI305": ("the same pair in lines 12 and 30", "one of the two"),
    "FI306": ("A part of B, B disjoint with C, A equals C", "A part of C, or B overlaps C"),
    "FI307": ("an item that no line of the mapping file names", "a line for it"),
    "FI308": ("an empty mapping_justification", "semapv:ManualMappingCuration"),
}


_EXAMPLES_ZH: Mapping[str, tuple[str, str]] = {
    "FI102": ("航空,而方案的两个层级都有它", "航空,并给出层级列"),
    "FI103": ("电机,而所问方案没有它", "改问有电机的方案,或改用别的名称"),
    "FI105": ("量子计算,而方案中是量子信息", "同上,并保留 sector_relation = part_of"),
    "FI106": ("元宇宙,列在 X 之下", "同上,并在分析中说明属于 X"),
    "FI107": ("深圳,2023-01-01 的低空经济与空天", "同一名称,日期为 2024-06-30"),
    "FI108": ("量子信息列在层级 3 之下", "量子信息列在层级 2 之下"),
    "FI110": ("2019 年的一行,而首个版本发布于 2022-06", "2023 年的一行"),
    "FI111": ("两行的编号都是 17", "编号 17 与 18"),
    "FI112": ("空天技术 = 120,另有无人机 = 30", "只有空天技术 = 120"),
    "FI114": ("空单元格", "量子信息"),
    "FI115": ("元宇宙,两字之间有 U+200B", "元宇宙"),
    "FI116": ("Excel 存成 GBK 的 CSV 文件", "同一文件存为 UTF-8"),
    "FI117": ("fusion-energy 与量子信息并列", "quantum-information 与量子信息并列"),
    "FI118": ("一列中既有 120家 又有 3亿元", "同样的数值,另有一列写明各是什么"),
}

_WHY: Mapping[str, Mapping[str, str]] = {
    "FI101": {
        "en": "A row without an item is in no sum. A name that nobody knows is as often a slip of the pen as something new; only the writer can tell, so nothing is guessed.",
        "zh": "没有类目的行不会计入任何合计。无人知晓的名称可能是笔误,也可能是新事物;只有填写者知道,因此不作猜测。",
    },
    "FI102": {
        "en": "Two items carry the name. Taking the first would put rows into the wrong tier in silence.",
        "zh": "两个类目同名。取第一个会在不知不觉中把行归入错误的层级。",
    },
    "FI103": {
        "en": "The name is right and the scheme is wrong, or the park counts what its scheme does not list. Mapped to the nearest item it would look as if the scheme covered it.",
        "zh": "名称没有错,错的是方案;或者园区统计了方案没有列出的内容。若归入最相近的类目,会显得方案涵盖了它。",
    },
    "FI104": {
        "en": "Grouping by what was typed counts one industry under several names.",
        "zh": "按填写的文字分组,会把同一产业算成几个。",
    },
    "FI105": {
        "en": "What belongs to a part is not all of the whole, and what is said of a whole is not all in the part. The code alone hides that.",
        "zh": "部分不等于整体,说整体的也不都在部分之内。只看代码看不出这一点。",
    },
    "FI106": {
        "en": "An open tier (X, N) lists no closed set. That the label belongs to it follows from the tier being open, not from the issuer naming it.",
        "zh": "开放层级(X、N)没有封闭清单。名称属于它,是因为层级开放,而不是发布机构点了名。",
    },
    "FI107": {
        "en": "The label was coined later. Either the date is wrong or somebody renamed old rows; a series over time would break there.",
        "zh": "该名称后来才有。要么日期有误,要么旧数据被改过名;时间序列会在此断开。",
    },
    "FI108": {
        "en": "Tier and label contradict each other; sums by tier and sums by item will not agree.",
        "zh": "层级与名称相互矛盾,按层级与按类目的合计将对不上。",
    },
    "FI109": {
        "en": "The park picks the scheme. Without it nothing of the row can be judged.",
        "zh": "方案由园区决定。园区不明,整行都无法判断。",
    },
    "FI110": {
        "en": "A label can only be judged by the scheme of its time; another version would give an answer that was never true.",
        "zh": "名称只能按当时的方案判断;换用别的版本会得出从未成立的结论。",
    },
    "FI111": {
        "en": "A row that is there twice is counted twice.",
        "zh": "重复的行会被重复统计。",
    },
    "FI112": {
        "en": "The value of the whole already holds that of the part.",
        "zh": "整体的数值已含部分的数值。",
    },
    "FI113": {
        "en": "120余家 is a bound and 很多 is nothing; a figure made of either would claim what the source does not say. What is not understood is refused, not rounded.",
        "zh": "“120余家”是界限,“很多”什么也没说;由此造出的数字都超出来源。看不懂的就拒绝,而不是凑整。",
    },
    "FI114": {
        "en": "Missing rows drop out of sums by item but not out of the total.",
        "zh": "缺失的行不在分类合计中,却在总计中。",
    },
    "FI115": {
        "en": "The two texts look alike and are different: filters, joins and pivot tables part them, and nobody sees why.",
        "zh": "两段文字看起来一样,实则不同:筛选、关联、透视表会把它们分开,而谁也看不出原因。",
    },
    "FI116": {
        "en": "The next program may guess another encoding.",
        "zh": "换一个程序可能猜成别的编码。",
    },
    "FI117": {
        "en": "In public data a third of the hand-typed pairs of code and name disagree. Which of the two is right only the writer knows; taking either silently is wrong half of the time.",
        "zh": "公开数据中手工填写的代码与名称有三分之一不一致。哪个对只有填写者知道;悄悄取其一,一半会错。",
    },
    "FI118": {
        "en": "A sum over 家 and 亿元 is a number without meaning, and 美元 is not 元. Most files put several indicators into one column; say which column names them.",
        "zh": "把“家”与“亿元”相加没有意义,美元也不是元。多数文件把几个指标放在一列,请写明由哪一列区分。",
    },
}


def _rule(
    code: str,
    severity: Severity,
    en: tuple[str, str, str],
    zh: tuple[str, str, str],
    *,
    fixable: bool = False,
) -> tuple[str, Rule]:
    def pair(n: int) -> dict[str, str]:
        return {"en": en[n], "zh": zh[n]}

    examples = {"en": _EXAMPLES[code], "zh": _EXAMPLES_ZH.get(code, _EXAMPLES[code])}
    return code, Rule(
        code, severity, pair(0), pair(1), pair(2), _WHY.get(code, {}), examples, fixable
    )


_TEXT = "{text}"

_FILE_RULES: tuple[tuple[str, Severity, str, str, str, str], ...] = (
    ("FI200", "error", "file cannot be read", "文件无法读取",
     "Mend the place named; the message says how.", "按提示修改所指位置。"),
    ("FI201", "error", "duplicate key", "键重复",
     "Keep one of the two.", "只保留其一。"),
    ("FI202", "error", "unknown key", "未知的键",
     "Use a key of the format (futureindustry.json_schema).", "使用格式规定的键。"),
    ("FI203", "error", "code needs quotes", "代码需要引号",
     "Put the code in double quotes.", "给代码加上双引号。"),
    ("FI204", "error", "not a date", "日期无效",
     "Write YYYY, YYYY-MM or YYYY-MM-DD.", "写作 YYYY、YYYY-MM 或 YYYY-MM-DD。"),
    ("FI205", "error", "validity ends before it starts", "有效期颠倒",
     "Correct one of the two dates; `to` is the first day on which it no longer holds.",
     "更正日期;to 为失效首日。"),
    ("FI206", "error", "required key missing", "缺少必需的键",
     "Add the key.", "补充该键。"),
    ("FI207", "error", "code used twice", "代码重复",
     "Give one of the two another code.", "更换其中一个代码。"),
    ("FI208", "error", "source not listed", "来源未列出",
     "Add the source under `sources`, or correct the key.", "在 sources 中补充,或更正。"),
    ("FI209", "error", "parent missing or cyclic", "上级缺失或循环",
     "List parents before their children.", "上级须列在下级之前。"),
    ("FI210", "error", "formula cannot be read", "公式无法解读",
     "Correct the formula, or declare its parts.", "更正公式,或声明各部分。"),
    ("FI211", "error", "formula and items disagree", "公式与类目不符",
     "Add or remove items, correct the slots, or mark the tier incomplete.",
     "增减类目、更正层级标记,或标明不完整。"),
    ("FI212", "warning", "incomplete list", "清单不完整",
     "Find the missing items, or keep the limitation visible.", "补全类目,或保留限制说明。"),
    ("FI213", "error", "one name leads to two items", "一名两义",
     "Take the name from one of the two.", "从其一中删去该名称。"),
    ("FI214", "error", "item without a source", "类目无来源",
     "Name the source that shows the item.", "写明来源。"),
    ("FI215", "error", "label missing in a language", "缺少某语言名称",
     "Add the label.", "补充名称。"),
    ("FI216", "error", "overlapping validity", "有效期重叠",
     "End the old version where the new one starts.", "旧版本应在新版本生效时终止。"),
    ("FI217", "error", "unknown issuer", "未知发布机构",
     "Add the issuer to issuers.yaml.", "在 issuers.yaml 中补充。"),
    ("FI218", "error", "path and identity disagree", "路径与标识不符",
     "Move the file, or correct series and version.", "移动文件,或更正标识。"),
    ("FI219", "error", "edition counts differ", "版本数量不符",
     "The list is not the edition that it says it is; compare with the source.",
     "清单与所称版本不符,请核对来源。"),
    ("FI220", "error", "child outlives its parent", "下级晚于上级失效",
     "End the child with its parent.", "下级应与上级同时终止。"),
    ("FI221", "error", "superseded version missing", "被取代版本缺失",
     "Correct `supersedes`.", "更正 supersedes。"),
    ("FI222", "info", "same name in several tiers", "同名见于多个层级",
     "Nothing to mend; the label is reported as ambiguous unless a tier is given.",
     "无需修改;未给出层级时报告为歧义。"),
    ("FI223", "error", "successor missing", "后继类目缺失",
     "Correct `successors`.", "更正 successors。"),
    ("FI301", "error", "prefix not declared", "前缀未声明",
     "Add the prefix to curie_map.", "在 curie_map 中补充。"),
    ("FI302", "error", "relation not understood", "关系无法识别",
     "Use a SKOS predicate or a set of base relations.", "使用 SKOS 谓词或基本关系集合。"),
    ("FI303", "error", "confidence not within 0 and 1", "置信度超出 0–1",
     "Write a number from 0 to 1.", "写 0 到 1 之间的数。"),
    ("FI304", "error", "end of a map does not exist", "映射端点不存在",
     "Correct the code.", "更正代码。"),
    ("FI305", "error", "pair mapped twice", "映射重复",
     "Keep one map for a pair.", "每对只保留一条。"),
    ("FI306", "error", "contradictory maps", "映射相互矛盾",
     "Correct one of the premises named.", "更正所列前提之一。"),
    ("FI307", "error", "item without a map", "类目没有映射",
     "Map the item to the hub.", "补充到概念库的映射。"),
    ("FI308", "warning", "map without a justification", "映射没有依据",
     "Say how the map was made (semapv).", "写明映射依据。"),
)  # fmt: skip
RULES: Mapping[str, Rule] = dict(
    (
        _rule("FI101", "error",
            ("unknown label", "“{label}” is no name in {scheme} or the hub{nearest}",
             "Correct the label, or add it as an index entry of the item it means."),
            ("未知名称", "“{label}”不是{scheme}或概念库中的名称{nearest}",
             "更正名称;若确为别名,请在数据中登记为索引词。")),
        _rule("FI102", "error",
            ("ambiguous label", "“{label}” may mean several items of {scheme}: {candidates}",
             "Write the name of the item meant, or pass the column of tiers."),
            ("名称有歧义", "“{label}”在{scheme}中可能指多个类目:{candidates}",
             "写明所指类目,或提供层级列。")),
        _rule("FI103", "error",
            ("known concept outside the scheme", "“{label}” is known ({concept}) but outside {scheme}",
             "Check that the row belongs to this scheme; no item of it covers the concept."),
            ("已知概念不在方案内", "“{label}”是已知概念({concept}),但不在{scheme}内",
             "请核对该行是否适用此方案;方案中没有类目涵盖该概念。")),
        _rule("FI104", "info",
            ("other name than the item's own", "“{label}” is another name of {item}",
             "Nothing is wrong; write the official name where names are compared."),
            ("非正式名称", "“{label}”是{item}的别名",
             "无需更正;需要比较名称时请写正式名称。"), fixable=True),
        _rule("FI105", "warning",
            ("broader or narrower than the item", "{said}",
             "Counting it as the whole item over- or understates; keep the relation beside it."),
            ("与类目范围不同", "{said}",
             "若按整个类目统计会高估或低估;请保留关系列。")),
        _rule("FI106", "info",
            ("belongs to the open tier", "“{label}” belongs to the open tier {tier} of {scheme}",
             "The tier has no closed list; say in the analysis that it is open."),
            ("属于开放层级", "“{label}”属于{scheme}的开放层级{tier}",
             "该层级没有封闭清单,分析时请说明。")),
        _rule("FI107", "error",
            ("not in the version valid at the row's date",
             "“{label}” is not in {scheme}, valid on {date}, but in {other}",
             "Correct the date, or use the name of that time."),
            ("不在该日期有效的版本中", "“{label}”不在{date}有效的{scheme}中,而在{other}中",
             "更正日期,或使用当时的名称。")),
        _rule("FI108", "error",
            ("tier does not hold that item", "“{label}” is {item}, which does not stand under “{tier}”",
             "Correct the tier or the label."),
            ("层级与类目不符", "“{label}”为{item},不属于“{tier}”",
             "更正层级或名称。")),
        _rule("FI109", "error",
            ("unknown park", "“{park}” is no issuer in the catalogue{nearest}",
             "Correct the name, or add the issuer and its scheme."),
            ("未知园区", "“{park}”不是目录中的发布机构{nearest}",
             "更正名称,或补充该机构及其方案。")),
        _rule("FI110", "error",
            ("no scheme version valid at the date", "{reason}",
             "Correct the date, or add the version of that time."),
            ("该日期没有有效版本", "{reason}",
             "更正日期,或补充当时的版本。")),
        _rule("FI111", "warning",
            ("duplicate row key", "the key {key} occurs {count} times",
             "Keep one row, or add the column that tells them apart to the key."),
            ("主键重复", "主键 {key} 出现 {count} 次",
             "只保留一行,或在主键中加入区分列。")),
        _rule("FI112", "warning",
            ("parent and part both counted", "{part} and its parent {whole} both carry values{where}",
             "Adding the two counts the part twice; keep one of them."),
            ("整体与部分重复统计", "{part}与其上级{whole}都有数值{where}",
             "相加会重复统计,请只保留其一。")),
        _rule("FI113", "error",
            ("value not a number or unit not understood", "“{text}” cannot be read as an amount: {reason}",
             "Write a number, with a unit such as 家, 万元, 亿元 or %."),
            ("数值或单位无法识别", "“{text}”不是可识别的数量:{reason}",
             "请写数字,可带单位,如家、万元、亿元、%。")),
        _rule("FI114", "warning",
            ("missing", "the cell is empty",
             "Fill it in, or drop the row. Of merged cells in Excel only the first holds the value: "
             "unmerge them and fill it down."),
            ("缺失", "单元格为空",
             "补全,或删除该行。Excel 合并单元格只有第一格有值:请取消合并并向下填充。")),
        _rule("FI115", "warning",
            ("invisible or look-alike characters", "“{label}” has {characters}",
             "Type the name again."),
            ("含不可见或形似字符", "“{label}”含有{characters}",
             "请重新输入。"), fixable=True),
        _rule("FI116", "info",
            ("encoding repaired", "{text}",
             "Save the file as UTF-8."),
            ("编码已修复", "{text}",
             "请将文件另存为 UTF-8。"), fixable=True),
        _rule("FI117", "error",
            ("code and name beside it disagree", "code “{code}” is {coded}, but “{label}” is {item}",
             "Correct one of the two."),
            ("代码与名称不符", "代码“{code}”为{coded},而“{label}”为{item}",
             "更正其中之一。")),
        _rule("FI118", "warning",
            ("amounts in different units", "amounts {unit} stand beside amounts in other units{where}",
             "They cannot be added up. Say in the specification which column tells them apart (by) or what unit the column has."),
            ("数值单位不一", "{unit}的数值与其他单位的数值同列{where}",
             "不同单位不能相加;请在规格文件中写明区分列(by)或该列单位。")),
        *(
            _rule(code, severity, (en, _TEXT, mend_en), (zh, _TEXT, mend_zh))
            for code, severity, en, zh, mend_en, mend_zh in _FILE_RULES
        ),
    )
)  # fmt: skip


_PARTS = (
    ("FI1", "Datasets", "`futureindustry validate`, `futureindustry.validate`"),
    ("FI2", "Schemes", "`futureindustry check`, `futureindustry.check`"),
    ("FI3", "Mappings", "`futureindustry check`, `futureindustry.check`"),
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "error": "error", "warning": "warning", "info": "info",
        "what": "What", "why": "Why", "example": "Example", "right": "Right", "mend": "How to mend",
        "fixable": "`futureindustry validate --fix` mends it where that is certain.",
    },
    "zh": {
        "error": "错误", "warning": "警告", "info": "提示",
        "what": "是什么", "why": "为什么", "example": "例", "right": "改为", "mend": "怎么改",
        "fixable": "`futureindustry validate --fix` 会在有把握时改正。",
    },
}  # fmt: skip


def rule_head(code: str, lang: Literal["zh", "en"]) -> str:
    """Give code, title and severity of a rule in one line."""
    rule = RULES[code]
    severity = _WORDS[lang][rule.severity]
    return f"{code} {rule.title[lang]}" + (f"({severity})" if lang == "zh" else f" ({severity})")


def rule_page(code: str, lang: Literal["zh", "en"]) -> str:
    """Give what there is to know of a rule as Markdown: what, why, an example, how to mend."""
    rule, words = RULES[code], _WORDS[lang]
    colon, stop = (":", "。") if lang == "zh" else (": ", ". ")
    message = re.sub(r"\{(nearest|where)\}", "", rule.message[lang])
    what = rule.title[lang]
    if not re.fullmatch(_PLACE, message):
        what += colon + re.sub(_PLACE, "…", message)
    wrong, right = rule.examples[lang]
    mend = rule.mend[lang]
    if rule.fixable:
        mend += (" " if lang == "en" else "") + words["fixable"]
    said = {
        "what": what,
        "why": rule.why.get(lang, ""),
        "example": f"{wrong}{stop}{words['right']}{colon}{right}{stop.strip()}",
        "mend": mend,
    }
    return "".join(f"- {words[key]}{colon}{text}\n" for key, text in said.items() if text)


_PLACE = r"\{\w+\}"


def rule_pages() -> dict[str, str]:
    """Give the page of each rule as Markdown, in both languages, by the name of its file."""
    return {
        f"{code}.md": f"# {rule_head(code, 'en')} · {rule.title['zh']}\n\n"
        f"{rule_page(code, 'en')}\n{rule_page(code, 'zh')}"
        for code, rule in RULES.items()
    }


def rules_page() -> str:
    """Give the list of all rules as Markdown; each leads to its page."""
    lines = ["# Rules 规则", ""]
    lines.append(
        "`futureindustry rule FI105` prints one of these pages. Exit status 1 means that a rule of severity error was broken."
    )
    for start, title, where in _PARTS:
        lines += ["", f"## {title}", "", f"Reported by {where}.", ""]
        lines += ["| Rule | | | Severity |", "|---|---|---|---|"]
        lines += [
            f"| [{rule.code}](rules/{rule.code}.md) | {rule.title['en']} | {rule.title['zh']} "
            f"| {rule.severity}{', mended by `--fix`' if rule.fixable else ''} |"
            for rule in RULES.values()
            if rule.code.startswith(start)
        ]
    return "\n".join(lines) + "\n"


def _write(docs: str) -> None:
    """Write the pages of the documentation."""
    from pathlib import Path

    folder = Path(docs) / "rules"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for name, text in rule_pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    (Path(docs) / "rules.md").write_text(rules_page(), encoding="utf-8")


if __name__ == "__main__":
    import sys

    _write(sys.argv[1])
