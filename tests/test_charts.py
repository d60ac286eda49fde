"""Pictures: nothing lost, nothing cut off, nothing on top of other text, safe and the same each time."""

import json
import math
import re
import struct
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode
from html import escape
from html.parser import HTMLParser
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from futureindustry import charts
from futureindustry.charts import Bar, Node, typeface
from futureindustry.charts.canvas import LEADING, balanced, clean, em, ink_on, wrap
from futureindustry.errors import (
    FutureIndustryError,
    MissingExtra,
    UnknownFormat,
    UnreadableData,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<script>alert("1")</script>',
    "\"'&]]>--><b onload='x'>&amp;",
    "量子\x00信息\ud800\x0b",
    "\u202egnp.exe\u2066",
    "{b}{a|x}${c}",
    "a\nb\tc",
    "👩‍👩‍👧 e\u0301",
    "=1+1",
    "长" * 400,
    "x" * 400,
    "",
)
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
words = st.one_of(
    st.text(alphabet="量子信息产业与空天技术、，（）", max_size=50),
    st.text(alphabet="abc defg hij-klm/WM 123", max_size=80),
    st.text(max_size=30),
    st.sampled_from(HOSTILE),
)


def labels(least=1, most=12):
    return st.lists(words, min_size=least, max_size=most)


TREE = Node(
    "合肥高新区未来产业",
    "2+3+X",
    (
        Node("先发优势", "first-mover", (Node("量子信息"), Node("空天技术")), badge="2"),
        Node("基础优势", "", (Node("人工智能"), Node("聚变能源"), Node("合成生物")), badge="3"),
        Node("前沿技术", "", (Node("元宇宙"),), "open", "X"),
    ),
)
ROWS = ["量子信息", "聚变能源 & co", "合成生物"]
CELLS = {
    (0, 0): ("equals", "量子科技"),
    (1, 0): ("contains", "能源"),
    (1, 1): ("part_of", "托卡马克"),
    (2, 1): ("overlaps", "生物制造"),
}


def heat(**more):
    return charts.heat_map(ROWS, ["合肥", "深圳"], CELLS, title="比较", **more)


PICTURES = {
    "heat_map": heat,
    "tree": lambda **more: charts.tree(TREE, title="树", **more),
    "sunburst": lambda **more: charts.sunburst(TREE, title="环", **more),
    "alluvial": lambda **more: charts.alluvial(
        ["甲", "乙", "丙"],
        ["丁", "戊"],
        [(0, 0, "merger"), (1, 0, "merger"), (2, None, "deletion"), (None, 1, "creation")],
        title="变化",
        **more,
    ),
    "timeline": lambda **more: charts.timeline(
        [("深圳", [Bar("2022-06", "2024-03", "20+8"), Bar("2024-03", None, "20+8 (2.0)")])],
        title="时间",
        **more,
    ),
    "similarity_map": lambda **more: charts.similarity_map(
        ["甲", "乙", "丙"],
        [[1, 0.4, 0], [0.4, 1, 0.5], [0, 0.5, 1]],
        bounds=[
            [(1, 1), (0.1, 0.6), (0, 0)],
            [(0.1, 0.6), (1, 1), (0, 1)],
            [(0, 0), (0, 1), (1, 1)],
        ],
        title="似",
        **more,
    ),
    "value_map": lambda **more: charts.value_map(
        ["量子", "聚变"],
        ["合肥", "深圳", "苏州"],
        {(0, 0): (2.5, "2.5", "区位商"), (0, 1): (0, "0", ""), (1, 2): (None, "0.5–3", "")},
        title="区位商",
        **more,
    ),
    "lorenz": lambda **more: charts.lorenz(
        {"合肥": [1, 2, 9], "深圳": [3, 3, 3]}, title="集", **more
    ),
    "bars": lambda **more: charts.bars(
        ["量子", "聚变", "合成"],
        [2.5, None, -1],
        low=[2, None, -2],
        high=[3, None, 0],
        title="区位商",
        **more,
    ),
}
SERIES = {
    "heat_map": "heatmap", "tree": "tree", "sunburst": "sunburst", "alluvial": "sankey",
    "timeline": "line", "similarity_map": "heatmap", "value_map": "heatmap", "lorenz": "line", "bars": "bar",
}  # fmt: skip


def squeezed(text):
    return "".join(clean(text).split())


def texts(root):
    """Give each text of a picture as one string, lines joined, without spaces."""
    found = []
    for element in root.iter(f"{SVG}text"):
        inner = "".join((part.text or "") for part in (element, *element.iter(f"{SVG}tspan")))
        found.append(squeezed(inner))
    return found


def frames(root):
    """Give for each text its words, size, turn and the corners of the room it takes."""
    for element in root.iter(f"{SVG}text"):
        spans = list(element.iter(f"{SVG}tspan"))
        lines = [span.text or "" for span in spans] or [
            "".join(filter(None, (element.text, *(child.tail for child in element))))
        ]
        size, x, y = (float(element.get(name)) for name in ("font-size", "x", "y"))
        width = max(map(em, lines)) * size
        left = (
            x - width * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        )
        top, bottom = y - size * 0.88, y + (len(lines) - 1) * size * LEADING + size * 0.2
        corners = [(left, top), (left + width, top), (left + width, bottom), (left, bottom)]
        turn = re.match(r"rotate\(([-\d.]+) ", element.get("transform", ""))
        angle = math.radians(float(turn[1])) if turn else 0.0
        cos, sin = math.cos(angle), math.sin(angle)
        turned = [
            (x + (a - x) * cos - (b - y) * sin, y + (a - x) * sin + (b - y) * cos)
            for a, b in corners
        ]
        yield "".join(lines), bool(angle), turned


def points(root):
    """Give all corners and path points; relative commands are short and left out."""
    skipped = {id(child) for symbol in root.iter(f"{SVG}symbol") for child in symbol.iter()}
    for element in root.iter():
        if id(element) in skipped:
            continue
        if element.tag in (f"{SVG}rect", f"{SVG}use"):
            x, y, w, h = (float(element.get(name)) for name in ("x", "y", "width", "height"))
            assert w >= 0
            assert h >= 0
            yield from ((x, y), (x + w, y + h))
        elif element.tag == f"{SVG}path":
            x = y = 0.0
            for command, given_ in re.findall(r"([MLHVCAZhv])([^A-Za-z]*)", element.get("d")):
                numbers = [float(n) for n in given_.split()]
                if command == "H":
                    x = numbers[0]
                elif command == "V":
                    y = numbers[0]
                elif command == "h":
                    x += numbers[0]
                elif command == "v":
                    y += numbers[0]
                elif command != "Z":
                    x, y = numbers[-2:]
                yield x, y


def sound(chart):
    """Check what holds for every picture; give its root."""
    root = ET.fromstring(chart.svg)  # noqa: S314 - our own
    width, height = map(float, root.get("viewBox").split()[2:])
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("role") == "img"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(root.get("aria-labelledby").split()) <= set(ids)
    links = [e.get("{http://www.w3.org/1999/xlink}href") for e in root.iter(f"{SVG}use")]
    assert {link[1:] for link in links} <= set(ids)
    for x, y in points(root):
        assert -0.05 <= x <= width + 0.05
        assert -0.05 <= y <= height + 0.05
    flat = []
    for said, turned, corners in frames(root):
        for x, y in corners:
            assert -0.5 <= x <= width + 0.5, said
            assert -0.5 <= y <= height + 0.5, said
        if not turned and said:
            (left, top), _, (right, bottom), _ = corners
            flat.append((top, bottom, left, right, said))
    flat.sort()
    for n, a in enumerate(flat):
        for b in flat[n + 1 :]:
            if b[0] >= a[1] - 0.5:
                break
            assert b[3] <= a[2] + 0.5 or b[2] >= a[3] - 0.5, (a, b)
    assert {float(e.get("font-size")) for e in root.iter(f"{SVG}text")} <= {
        10.5, 11, 11.5, 12, 12.5, 13, 14, 18,
    }  # fmt: skip
    options = chart.to_echarts()
    assert json.loads(chart.to_json()) == json.loads(json.dumps(options, allow_nan=False))
    assert {series["type"] for series in options["series"]} == {SERIES[chart.kind]}
    return root


# What holds for all of them


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_sound_in_both_languages(kind, lang):
    chart = PICTURES[kind](lang=lang)
    root = sound(chart)
    assert chart.kind == kind
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    own = clean(root[1].text)
    assert any(unicodedata.east_asian_width(c) == "W" for c in own) == (
        lang == "zh" or kind == "lorenz"
    )


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_the_same_each_time_and_to_echarts_is_a_copy(kind):
    one, two = PICTURES[kind](), PICTURES[kind]()
    assert one.svg == two.svg
    assert one == two
    assert one.to_json() == two.to_json()
    one.to_echarts()["series"].clear()
    assert one.to_json() == two.to_json()


def test_a_picture_does_not_depend_on_the_hash_seed():
    code = "import sys; sys.path.insert(0, 'tests'); import test_charts as t; print([p().svg for p in t.PICTURES.values()])"
    said = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(said) == 1


@pytest.mark.parametrize("kind", PICTURES)
def test_html_is_one_page_without_anything_from_outside(kind):
    page = PICTURES[kind]().to_html()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            assert tag not in ("script", "link", "img", "iframe")
            for name, value in attributes:
                assert name not in ("src", "srcset")
                assert "href" not in name or value.startswith("#")
                assert not name.startswith("on")

    Reader().feed(page)
    assert re.findall(r"https?://[^\"' <]+", page) == [
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    ]
    assert PICTURES[kind]().svg in page


def test_two_pictures_in_one_page_do_not_share_ids():
    one, two = heat(), heat(lang="en")
    ids = [set(re.findall(r' id="([^"]+)"', chart.svg)) for chart in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_the_font_stack_names_chinese_faces_of_each_system():
    root = ET.fromstring(heat().svg)  # noqa: S314 - our own
    for name in ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"):
        assert name in root.get("font-family")


def test_save_writes_by_the_ending(tmp_path):
    chart = heat()
    assert chart.save(tmp_path / "a.svg").read_text(encoding="utf-8") == chart.to_svg()
    assert chart.save(tmp_path / "a.HTML").read_text(encoding="utf-8") == chart.to_html()
    assert (
        json.loads(chart.save(str(tmp_path / "a.json")).read_text(encoding="utf-8"))
        == chart.to_echarts()
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.HTML", "a.json", "a.svg"]


def test_save_refuses_another_ending_and_leaves_nothing(tmp_path):
    with pytest.raises(UnknownFormat, match=r'did you mean "\.html"'):
        heat().save(tmp_path / "a.htm")
    with pytest.raises(UnknownFormat, match=r"\.svg, \.html, \.png, \.json"):
        heat().save(tmp_path / "a")
    with pytest.raises(OSError, match="nowhere"):
        heat().save(tmp_path / "nowhere" / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_png_without_the_renderer_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtra, match=re.escape('pip install "futureindustry[charts]"')):
        heat().save(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def renderer(monkeypatch):
    """A renderer that keeps what it was asked for, and has a font or not."""

    class Fake:
        def __init__(self):
            self.asked, self.has_font = [], True

        def svg_to_bytes(self, **options):
            self.asked.append(options)
            return options["svg_string"].encode() if self.has_font else b"boxes"

    fake = Fake()
    monkeypatch.setitem(sys.modules, "resvg_py", fake)
    return fake


def test_png_is_scaled_but_never_without_bounds(renderer):
    chart = heat()
    chart.to_png(family="霞鹜")
    assert "'霞鹜','Noto Sans CJK SC'," in renderer.asked[-1]["svg_string"]
    assert not renderer.asked[-1]["skip_system_fonts"]
    assert renderer.asked[-1]["zoom"] == 2
    chart.to_png(scale=1000)
    width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)"', chart.svg)[:2])
    assert renderer.asked[-1]["zoom"] ** 2 * width * height == pytest.approx(64e6)


def test_png_is_drawn_with_our_own_face_alone_where_it_has_all_characters(renderer):
    heat().to_png()
    assert [asked["skip_system_fonts"] for asked in renderer.asked] == [True]
    assert renderer.asked[0]["font_files"] == [str(typeface.PATH)]


def test_a_character_that_no_font_has_is_an_error_not_a_box(renderer):
    rare = charts.bars(["龘量"], [1], title="t")
    assert "龘" in rare.to_png().decode()
    assert not any(asked["skip_system_fonts"] for asked in renderer.asked)
    renderer.has_font = False
    with pytest.raises(FutureIndustryError, match="no font with the characters 龘 was found"):
        rare.to_png()
    assert heat().to_png() == b"boxes"


def test_png_of_the_real_renderer_is_one():
    pytest.importorskip("resvg_py")
    chart = charts.bars(["a"], [1], title="t", lang="en")
    assert chart.to_png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: charts.heat_map([], ["a"], {}, title="t"), "a row and a column"),
        (lambda: charts.heat_map(["a"], [], {}, title="t"), "a row and a column"),
        (
            lambda: charts.heat_map(["a"], ["b"], {(0, 1): ("equals", "")}, title="t"),
            r"\(0, 1\) is outside",
        ),
        (
            lambda: charts.heat_map(["a"], ["b"], {(0, 0): ("exact", "")}, title="t"),
            '"exact" is no category',
        ),
        (lambda: charts.heat_map(["a"], ["b"], {}, groups=[], title="t"), "one group for each row"),
        (lambda: charts.value_map([], ["a"], {}, title="t"), "a row and a column"),
        (lambda: charts.value_map(["a"], ["b"], {}, middle=0, title="t"), "above 0, not 0"),
        (
            lambda: charts.value_map(["a"], ["b"], {(0, 0): (-1, "", "")}, title="t"),
            r"cell \(0, 0\) is -1, below 0",
        ),
        (
            lambda: charts.value_map(["a"], ["b"], {(1, 0): (1, "", "")}, title="t"),
            r"\(1, 0\) is outside",
        ),
        (lambda: charts.tree(Node("a", style="odd"), title="t"), '"odd" is no style'),
        (lambda: charts.tree(Node("a"), depth=0, title="t"), "depth of 1 or more"),
        (lambda: charts.sunburst(Node("a"), title="t"), "a node below its root"),
        (lambda: charts.alluvial([], [], [], title="t"), "an item at least"),
        (
            lambda: charts.alluvial(["a"], [], [(None, None, "creation")], title="t"),
            "leads to none",
        ),
        (lambda: charts.alluvial(["a"], ["b"], [(0, 1, "merger")], title="t"), "leads to none"),
        (
            lambda: charts.alluvial(["a"], ["b"], [(0, 0, "gone")], title="t"),
            '"gone" is no kind of change',
        ),
        (lambda: charts.timeline([], title="t"), "a row at least"),
        (lambda: charts.timeline([("a", [])], title="t"), "a date at least"),
        (
            lambda: charts.timeline([("a", [Bar("2024-13", None)])], title="t"),
            '"2024-13" is no date',
        ),
        (
            lambda: charts.timeline([("a", [Bar("2024", "2023", "x")])], title="t"),
            "x ends .* before it starts",
        ),
        (lambda: charts.similarity_map(["a"], [[1]], title="t"), "two names"),
        (lambda: charts.similarity_map(["a", "b"], [[1, 0]], title="t"), "2 rows of 2 values"),
        (
            lambda: charts.similarity_map(["a", "b"], [[1, 0], [0.5, 1]], title="t"),
            "not the same both ways",
        ),
        (
            lambda: charts.similarity_map(["a", "b"], [[1, 2], [2, 1]], title="t"),
            "goes from 0 to 1",
        ),
        (
            lambda: charts.similarity_map(
                ["a", "b"], [[1, 0], [0, 1]], bounds=[[(1, 1), (1, 0)], [(1, 0), (1, 1)]], title="t"
            ),
            "low before high",
        ),
        (lambda: charts.lorenz([], title="t"), "amounts"),
        (lambda: charts.lorenz({"a": []}, title="t"), "has no amounts"),
        (lambda: charts.lorenz([1, -1], title="t"), "below 0"),
        (lambda: charts.lorenz([0, 0], title="t"), "all 0"),
        (lambda: charts.bars([], [], title="t"), "a bar at least"),
        (lambda: charts.bars(["a"], [1, 2], title="t"), "as many values"),
        (lambda: charts.bars(["a"], [math.nan], title="t"), "the value of a is nan"),
        (lambda: charts.bars(["a"], [1], low=[2], high=[1], title="t"), "ends before it starts"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(call, said):
    with pytest.raises(UnreadableData, match=said):
        call()


# The face


def unpacked(rule):
    """Give the tables of the font of a CSS rule, by name."""
    data = b64decode(re.search(r"base64,([^)]+)\)", rule)[1])
    assert data[:8] == b"wOFFOTTO"
    count = int.from_bytes(data[12:14], "big")
    tables = {}
    for n in range(count):
        tag, at, packed, size, total = struct.unpack_from(">4sLLLL", data, 44 + 20 * n)
        table = data[at : at + packed]
        if packed < size:
            table = zlib.decompress(table)
        assert len(table) == size
        words_ = struct.unpack(f">{(size + 3) // 4}L", table + bytes(-size % 4))
        assert sum(words_) % 2**32 == total
        tables[tag.decode()] = table
    assert int.from_bytes(data[8:12], "big") == len(data)
    return tables


def test_an_embedded_face_has_the_glyphs_of_the_text_and_no_others():
    rule = typeface.embedded("量子")
    whole, small = typeface._tables(), unpacked(rule)
    assert small.keys() == whole.keys()
    assert {tag for tag in whole if whole[tag] != small[tag]} == {"CFF "}
    names, _ = typeface._index(whole["CFF "], whole["CFF "][2])
    _, tops = typeface._index(whole["CFF "], names)
    at = typeface._charstrings(whole["CFF "][slice(*tops[0])])
    places = typeface._index(whole["CFF "], at)[1]
    kept = {n for n, (a, b) in enumerate(places) if small["CFF "][a:b] == whole["CFF "][a:b]}
    empty = {n for n, (a, b) in enumerate(places) if whole["CFF "][a : a + 1] == b"\x0e"}
    assert {typeface._glyphs()[c] for c in "量子"} <= kept
    assert kept - empty - {0} == {typeface._glyphs()[c] for c in "量子"}
    assert "U+5B50,U+91CF" in rule
    assert len(rule) < 40_000


def test_the_face_has_its_licence_beside_it_and_no_reserved_name():
    licence = typeface.PATH.with_suffix(".OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name 'Source'" in licence
    assert "Source" not in typeface.FAMILY
    assert typeface.FAMILY.encode("utf-16-be") in typeface._tables()["name"]
    assert typeface.PATH.stat().st_size < 600_000


def test_a_text_that_the_face_has_nothing_of_has_no_rule():
    assert typeface.embedded("\U0002a6d6") == ""
    assert not typeface.covered("\U0002a6d6量")
    assert typeface.covered("量子 (2+3+X)")


def test_files_bring_the_glyphs_along_where_there_is_chinese():
    chart = heat()
    assert "@font-face" not in chart.svg
    assert chart.to_svg().count("@font-face") == chart.to_html().count("@font-face") == 1
    ET.fromstring(chart.to_svg())  # noqa: S314 - our own
    assert "font-src data:" in chart.to_html()
    plain = charts.bars(["a"], [1], title="t", lang="en")
    assert plain.to_svg() == plain.svg
    assert "@font-face" not in plain.to_html()


def test_tool_tips_need_no_glyphs():
    chart = charts.heat_map(
        ["a"], [str(n) for n in range(9)], {(0, 3): ("equals", "量")}, title="t", lang="en"
    )
    assert "量" in chart.svg
    assert chart.to_svg() == chart.svg


def test_the_png_shows_chinese_without_any_font_of_the_system():
    """Two characters look different, and neither looks like one that no font has."""
    pytest.importorskip("resvg_py")
    drawn = {charts.bars([text], [1], title="t").to_png(scale=1) for text in "量子"}
    assert len(drawn) == 2


# Text


@given(words)
def test_clean_text_is_one_line_of_xml_and_stays_so(text):
    found = clean(text)
    assert clean(found) == found
    ET.fromstring(f"<a>{escape(found)}</a>")  # noqa: S314


@given(words, st.floats(1, 40))
def test_lines_hold_the_whole_text_and_not_more_than_their_width(text, limit):
    text = clean(text)
    for lines in (wrap(text, limit), balanced(text, limit)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert max(map(em, lines)) <= max(limit, 2) + 0.4
    assert len(balanced(text, limit)) <= len(wrap(text, limit))


def test_lines_break_at_words_and_never_begin_with_a_stop():
    assert wrap("satellite communication terminals", 10) == [
        "satellite",
        "communication",
        "terminals",
    ]
    assert balanced("satellite communication terminals", 11) == [
        "satellite",
        "communication",
        "terminals",
    ]
    assert wrap("量子信息、空天技术", 4) == ["量子信", "息、空天", "技术"]
    assert wrap("前沿（颠覆）技术", 3) == ["前沿", "（颠", "覆）技", "术"]


def test_wide_characters_are_an_em_and_marks_nothing():
    assert em("量子") == 2
    assert em("e\u0301") == em("e")
    assert em("MW") > em("ij")


@given(st.integers(0, 0xFFFFFF))
def test_text_on_a_colour_has_contrast(colour):
    """WCAG asks 4.5 to 1 of text of any size."""
    fill = f"#{colour:06x}"

    def light(hue):
        parts = (int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(fill), light(ink_on(fill))))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# Heat maps


def test_every_label_of_a_heat_map_appears_once():
    found = texts(sound(heat()))
    for label in (*ROWS, "合肥", "深圳", *(text for _, text in CELLS.values())):
        assert found.count(squeezed(label)) == 1


def test_a_category_has_a_symbol_besides_its_colour():
    root = sound(heat())
    used = [e.get("{http://www.w3.org/1999/xlink}href") for e in root.iter(f"{SVG}use")]
    assert {link.partition("-")[2] for link in used} == {
        "equals",
        "contains",
        "part_of",
        "overlaps",
        "none",
    }


def test_the_legend_explains_what_is_there_and_only_that():
    found = texts(sound(charts.heat_map(["a"], ["b"], {(0, 0): ("equals", "c")}, title="t")))
    assert "等同" in found
    assert "部分重叠" not in found
    found = texts(sound(heat(legend={"equals": "就是它"})))
    assert "就是它" in found
    assert "等同" not in found


@pytest.mark.parametrize("columns", [2, 8, 9, 40, 200])
def test_a_heat_map_grows_with_its_columns(columns):
    heads = [f"第{n}个高新技术产业开发区未来产业培育行动方案" for n in range(columns)]
    cells = {(i, j): ("equals", f"词{i}") for i in range(30) for j in range(0, columns, 3)}
    chart = charts.heat_map(
        [f"概念{i}" for i in range(30)], heads, cells, title="t", groups=["甲"] * 15 + ["乙"] * 15
    )
    root = sound(chart)
    assert float(root.get("width")) >= 26 * columns
    found = texts(root)
    assert all(found.count(head) == 1 for head in heads)
    assert found.count("甲") == found.count("乙") == 1


def test_cells_too_narrow_for_words_have_them_as_tool_tips():
    chart = charts.heat_map(
        ["a"], [str(n) for n in range(9)], {(0, 3): ("equals", "量子科技")}, title="t"
    )
    tips = [e.text for e in sound(chart).iter(f"{SVG}title")]
    assert "a × 3: 等同 量子科技" in tips


def test_turned_labels_do_not_touch():
    """Each is a strip of 45 degrees; strips of neighbours are apart."""
    heads = ["很长的名称" * n for n in range(1, 12)]
    root = sound(charts.heat_map(["a"], heads, {}, title="t"))
    strips = []
    for _, turned, corners in frames(root):
        if turned:
            across = [(x + y) / math.sqrt(2) for x, y in corners]
            strips.append((min(across), max(across)))
    strips.sort()
    assert len(strips) == len(heads)
    assert all(a[1] <= b[0] + 0.5 for a, b in pairwise(strips))


@slow
@given(st.data())
def test_any_heat_map_is_sound(data):
    rows, columns = data.draw(labels()), data.draw(labels())
    place = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(columns) - 1))
    kind = st.sampled_from(["equals", "contains", "part_of", "overlaps", "unknown", "none"])
    cells = data.draw(st.dictionaries(place, st.tuples(kind, words), max_size=20))
    groups = data.draw(st.none() | st.lists(words, min_size=len(rows), max_size=len(rows)))
    sound(charts.heat_map(rows, columns, cells, title=data.draw(words), groups=groups))


# Value maps


def test_a_value_stands_in_its_cell_and_an_uncertain_one_is_not_coloured():
    root = sound(PICTURES["value_map"]())
    assert {"2.5", "0", "0.5–3", "取决于分配：区间"} <= set(texts(root))
    framed = [e for e in root.iter(f"{SVG}rect") if e.get("stroke-dasharray")]
    assert {e.get("fill") for e in framed} == {"#ffffff"}
    assert len(framed) == 2  # the cell and the legend


def test_above_and_below_the_middle_have_two_hues_and_the_legend_says_the_steps():
    cells = {(0, n): (value, str(value), "") for n, value in enumerate((0.1, 1, 9))}
    root = sound(charts.value_map(["a"], ["b", "c", "d"], cells, middle=1, title="t"))
    fills = [e.get("fill") for g in root.iter(f"{SVG}g") for e in g.iter(f"{SVG}rect")]
    assert fills == ["#a65200", "#f7f7f5", "#0b4a80"]
    assert {"≤0.25", "1", "≥4"} <= set(texts(root))


@pytest.mark.parametrize("columns", [1, 8, 9, 60])
def test_a_value_map_grows_with_its_columns(columns):
    heads = [f"第{n}个未来产业领域（{n}）" for n in range(columns)]
    cells = {(i, j): (float(i * j), f"{i * j}", "") for i in range(50) for j in range(columns)}
    chart = charts.value_map([f"方案{i}" for i in range(50)], heads, cells, title="t")
    assert all(texts(sound(chart)).count(head) == 1 for head in heads)
    assert ("dataZoom" in chart.to_echarts()) is True


@slow
@given(st.data())
def test_any_value_map_is_sound(data):
    rows, columns = data.draw(labels()), data.draw(labels())
    place = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(columns) - 1))
    value = st.none() | st.floats(0, 1e9, allow_subnormal=False)
    cells = data.draw(st.dictionaries(place, st.tuples(value, words, words), max_size=20))
    middle = data.draw(st.sampled_from([None, 1.0, 250.0]))
    sound(charts.value_map(rows, columns, cells, title=data.draw(words), middle=middle))


# Trees


nodes = st.recursive(
    st.builds(
        Node, words, words, st.just(()), st.sampled_from(["", "open", "incomplete"]), st.just("")
    ),
    lambda below: st.builds(
        Node,
        words,
        words,
        st.lists(below, max_size=4).map(tuple),
        st.sampled_from(["", "open"]),
        st.sampled_from(["", "20", "X"]),
    ),
    max_leaves=25,
)


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


@pytest.mark.parametrize("kind", ["tree", "sunburst"])
def test_every_node_appears_once(kind):
    found = "|".join(texts(sound(PICTURES[kind]())))
    for node in walk(TREE):
        assert found.count(squeezed(node.label)) == 1


def test_an_open_tier_is_dashed_and_explained_and_slots_are_badges():
    root = sound(PICTURES["tree"]())
    dashed = [e for e in root.iter(f"{SVG}rect") if e.get("stroke-dasharray")]
    assert len(dashed) == 2  # the tier and the legend
    assert {"2", "3", "X", "开放：不设封闭清单"} <= set(texts(root))
    assert "stroke-dasharray" not in charts.tree(Node("a", "", (Node("b"),)), title="t").svg


def test_a_depth_counts_what_it_hides():
    found = texts(sound(charts.tree(TREE, title="t", depth=1, lang="en")))
    assert "量子信息" not in found
    assert "first-mover·2more" in found


def test_children_stand_beside_their_parent_in_order():
    root = sound(PICTURES["tree"]())
    place = {said: corners[0] for said, _, corners in frames(root)}
    assert place["量子信息"][1] < place["空天技术"][1] < place["人工智能"][1]
    assert place["合肥高新区未来产业"][0] < place["先发优势"][0] < place["量子信息"][0]


@slow
@given(nodes)
def test_any_tree_is_sound(root):
    sound(charts.tree(root, title="t"))


@slow
@given(nodes.filter(lambda node: node.children))
def test_any_sunburst_is_sound(root):
    sound(charts.sunburst(root, title="t"))


def test_a_ring_of_one_is_a_whole_ring():
    sound(charts.sunburst(Node("a", "", (Node("b", "", (Node("c"),)),)), title="t"))


# Flows and times


def test_a_change_has_a_symbol_and_an_explanation():
    root = sound(PICTURES["alluvial"]())
    assert {"合并", "删除", "新增", "甲", "乙", "丙", "丁", "戊"} <= set(texts(root))
    used = {
        e.get("{http://www.w3.org/1999/xlink}href").partition("-")[2]
        for e in root.iter(f"{SVG}use")
    }
    assert used == {"down", "cross", "plus"}


def test_names_that_are_on_both_sides_are_two_nodes_of_the_sankey():
    chart = charts.alluvial(["a", "a"], ["a"], [(0, 0, "unchanged"), (1, 0, "merger")], title="t")
    series = chart.to_echarts()["series"][0]
    names = [node["name"] for node in series["data"]]
    assert len(set(names)) == 3
    assert {end for link in series["links"] for end in (link["source"], link["target"])} == set(
        names
    )


@slow
@given(st.data())
def test_any_alluvial_diagram_is_sound(data):
    left, right = data.draw(labels()), data.draw(labels())
    kinds = st.sampled_from(
        ["unchanged", "merger", "breakdown", "name change", "split-off", "transfer"]
    )
    link = st.tuples(st.integers(0, len(left) - 1), st.integers(0, len(right) - 1), kinds)
    links = data.draw(st.lists(link, max_size=30))
    links += [(0, None, "deletion"), (None, 0, "creation")]
    heads = data.draw(st.tuples(words, words))
    sound(charts.alluvial(left, right, links, title="t", heads=heads))


def test_an_open_end_is_explained_and_an_unknown_start_is_dashed():
    chart = charts.timeline(
        [("a", [Bar(None, "2020", "x"), Bar("2020", None, "y")])], title="t", lang="en"
    )
    assert {"x", "y", "noendknown", "datenotknown"} <= set(texts(sound(chart)))
    assert "stroke-dasharray" in chart.svg


dates = st.builds(
    lambda y, m, d: f"{y:04}-{m:02}-{d:02}"[: 4 + 3 * (d % 3)],
    st.integers(1990, 2040),
    st.integers(1, 12),
    st.integers(1, 28),
)


@slow
@given(
    st.lists(
        st.tuples(words, st.lists(st.tuples(dates, dates, words), max_size=5)),
        min_size=1,
        max_size=6,
    )
)
def test_any_timeline_is_sound(rows):
    given_ = [
        (
            label,
            [
                Bar(*sorted((a[:4], b[:4])), said) if len(a) > 4 else Bar(a, None, said)
                for a, b, said in bars
            ],
        )
        for label, bars in rows
    ]
    given_.append(("", [Bar("2020", None)]))
    sound(charts.timeline(given_, title="t", until="2030"))


@pytest.mark.parametrize(
    ("first", "last"), [("0001", "9999"), ("1949", "2026"), ("2024-01-01", "2024-01-02")]
)
def test_a_timeline_takes_days_and_millennia(first, last):
    sound(charts.timeline([("a", [Bar(first, last, "x")])], title="t"))


# Similarities


@given(
    st.integers(0, 25).flatmap(
        lambda n: st.lists(
            st.lists(st.floats(0, 1), min_size=n, max_size=n), min_size=n, max_size=n
        )
    )
)
def test_seriation_is_a_permutation(values):
    count = len(values)
    matrix = [[values[max(i, j)][min(i, j)] for j in range(count)] for i in range(count)]
    assert sorted(charts.seriation(matrix)) == list(range(count))


def test_seriation_puts_what_is_alike_together():
    alike = {(0, 3), (1, 4), (2, 5)}
    matrix = [[0.9 if (min(i, j), max(i, j)) in alike else 0.1 for j in range(6)] for i in range(6)]
    order = charts.seriation(matrix)
    assert all(abs(order.index(a) - order.index(b)) == 1 for a, b in alike)


def test_seriation_finds_a_line_again():
    place = [5, 0, 3, 1, 4, 2]
    matrix = [[1 - abs(a - b) / 6 for b in place] for a in place]
    order = [place[n] for n in charts.seriation(matrix)]
    jumps = sum(abs(a - b) for a, b in pairwise(order))
    assert jumps <= 7


@pytest.mark.parametrize("count", [2, 10, 30, 120])
def test_a_similarity_map_is_sound(count):
    names = [f"第{n}个园区的未来产业方案" for n in range(count)]
    matrix = [[1.0] * count for _ in names]
    for i, j in combinations(range(count), 2):
        low = (i * 7 + j * 13) % 50 / 100
        matrix[i][j] = matrix[j][i] = None if (i + j) % 6 == 0 else low
    bounds = [[(0.25, 0.75)] * count for _ in names]
    found = texts(sound(charts.similarity_map(names, matrix, bounds=bounds, title="t")))
    assert ("0.25–0.75" in found) == (count <= 16)
    if count <= 16:
        assert all(found.count(name) == 2 for name in names)
    else:  # the columns are headed by the numbers of the rows
        assert {label.rstrip("0123456789") for label in found} >= set(names)
        rows = {label.rpartition("方案")[2] for label in found if "方案" in label}
        assert rows == {str(n + 1) for n in range(count)}


# Numbers


def test_a_lorenz_curve_says_its_gini():
    found = texts(sound(charts.lorenz({"平均": [2, 2, 2, 2], "一家": [0, 0, 0, 1]}, title="t")))
    assert "平均基尼系数0.000" in found
    assert "一家基尼系数0.750" in found


@slow
@given(
    st.dictionaries(
        words,
        st.lists(st.floats(0, 1e300), min_size=1, max_size=20).filter(any),
        min_size=1,
        max_size=20,
    )
)
def test_any_lorenz_curve_is_sound_and_below_the_diagonal(shares):
    if len({clean(name)[:150] for name in shares}) < len(shares):
        return
    chart = charts.lorenz(shares, title="t")
    sound(chart)
    for series in chart.to_echarts()["series"]:
        assert all(b <= a + 1e-6 for a, b in series["data"])


def test_missing_is_not_nought():
    root = sound(charts.bars(["量子", "聚变"], [None, 0], title="t"))
    assert {"缺失", "0"} <= set(texts(root))
    assert charts.bars(["a"], [None], title="t").to_echarts()["series"][0]["data"] == [None]


def test_intervals_and_a_reference_are_drawn_and_explained():
    chart = charts.bars(
        ["a", "b"], [2, 0.5], low=[1, None], high=[3, None], reference=1, title="t", lang="en"
    )
    assert {"interval", "reference1"} <= set(texts(sound(chart)))
    assert len(chart.to_echarts()["series"][0]["markLine"]["data"]) == 2


def test_a_value_that_is_not_certain_shows_its_bounds():
    chart = charts.bars(
        ["a", "b", "c", "d"],
        [None, None, None, 2],
        low=[1, 3, None, 2],
        high=[2, None, 4, 2],
        title="t",
        lang="en",
    )
    found = texts(sound(chart))
    assert {"1–2", "≥3", "≤4", "2"} <= set(found)
    assert (
        len(chart.to_echarts()["series"][0]["markLine"]["data"]) == 3
    )  # an exact one has no whisker


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.floats(-20, 20)


@slow
@given(st.lists(st.tuples(words, numbers, numbers, numbers), min_size=1, max_size=15))
def test_any_bars_are_sound(rows):
    low = [a if a is None or b is None else min(a, b) for _, _, a, b in rows]
    high = [b if a is None or b is None else max(a, b) for _, _, a, b in rows]
    names, values = [row[0] for row in rows], [row[1] for row in rows]
    sound(charts.bars(names, values, low=low, high=high, title="t", reference=1.0))


# Hostile text in every place


def test_hostile_text_is_only_text():
    bad = list(HOSTILE)
    pictures = [
        charts.heat_map(
            bad,
            bad,
            {(0, 0): ("equals", bad[0]), (1, 1): ("overlaps", bad[1])},
            title=bad[0],
            groups=bad,
        ),
        charts.heat_map(
            bad[:3], bad[:3], {(i, i): ("equals", bad[i]) for i in range(3)}, title=bad[1]
        ),
        charts.tree(
            Node(bad[0], bad[1], tuple(Node(b, b, (), "open", b[:5]) for b in bad)), title=bad[2]
        ),
        charts.sunburst(
            Node(bad[0], bad[1], tuple(Node(b, b, (), "open", b[:5]) for b in bad)), title=bad[3]
        ),
        charts.alluvial(
            bad,
            bad,
            [(n, n, "transfer") for n in range(len(bad))],
            title=bad[4],
            heads=(bad[0], bad[1]),
        ),
        charts.timeline([(b, [Bar("2024", None, b)]) for b in bad], title=bad[5]),
        charts.similarity_map(bad, [[0.5] * len(bad) for _ in bad], title=bad[6]),
        charts.lorenz({name: [1, 2] for name in bad}, title=bad[7]),
        charts.bars(bad, [1] * len(bad), title=bad[8]),
    ]
    for chart in pictures:
        root = sound(chart)
        page = chart.to_html()
        page.encode("utf-8")
        assert {e.tag for e in root.iter()} <= {
            SVG + tag
            for tag in (
                "svg",
                "title",
                "desc",
                "defs",
                "symbol",
                "rect",
                "path",
                "text",
                "tspan",
                "use",
                "g",
                "circle",
            )
        }
        assert "<script" not in page
        assert "\u202e" not in page
