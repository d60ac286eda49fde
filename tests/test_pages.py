"""The generated pages: complete, linked, escaped, the same on every run."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import attrs
import pytest

import futureindustry as fi
from futureindustry.errors import InvalidId, UnknownFormat, UnknownScheme
from futureindustry.mapping import hub_maps
from futureindustry.pages import build_docs
from futureindustry.store import HUB

HEFEI = "hefei-htz/future-industries"
SHENZHEN = ("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
VOID = {"br", "input", "meta"}


class Page(HTMLParser):
    """What a browser would see: ids, links, elements, text; nesting is checked on the way."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.policy = ""
        self.raw = {"style": "", "script": ""}
        self.text = ""
        self.inside: dict[str, list[str]] = {}
        self._open: list[tuple[str, str | None]] = []
        self.feed(path.read_text("utf-8"))
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(found)
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.append(found["href"])
            for _, anchor in self._open:
                if anchor:
                    self.inside.setdefault(anchor, []).append(found["href"])
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]
        if tag not in VOID:
            self._open.append((tag, found.get("id")))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        if self._open and self._open[-1][0] in self.raw:
            self.raw[self._open[-1][0]] += data
        else:
            self.text += data


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    build_docs(folder, [HEFEI, *SHENZHEN])
    return folder


@pytest.fixture(scope="module")
def pages(out):
    return {path: Page(path) for path in sorted(out.rglob("*.html"))}


@pytest.fixture(scope="module")
def schemes():
    return [fi.load(HEFEI), *map(fi.load, SHENZHEN), fi.load(HUB)]


def page_of(folder, scheme, kind="html"):
    return folder / f"{scheme.series}/{scheme.version}.{kind}"


def anchors_of(text):
    return re.findall(r'<a id="([^"]*)"></a>', text)


def test_there_is_a_page_for_each_version_the_hub_and_the_index(out, schemes):
    wanted = {out / f"index.{kind}" for kind in ("html", "md")}
    wanted |= {page_of(out, scheme, kind) for scheme in schemes for kind in ("html", "md")}
    assert {path for path in out.rglob("*") if path.is_file()} == wanted


def test_the_written_files_are_returned_index_first(tmp_path):
    written = build_docs(tmp_path / "new" / "folder", HEFEI, formats=["html"])
    assert written[0].name == "index.html"
    assert set(written) == {p for p in tmp_path.rglob("*") if p.is_file()}


def test_every_link_between_html_pages_leads_to_a_place_that_exists(pages):
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target in pages, (path, link)
            assert not anchor or unquote(anchor) in pages[target].ids, (path, link)


def test_every_link_between_markdown_pages_leads_to_a_place_that_exists(out):
    texts = {path: path.read_text("utf-8") for path in out.rglob("*.md")}
    for path, text in texts.items():
        for link in re.findall(r"(?<!\\)\]\(([^)<]+)\)", text):
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target in texts, (path, link)
            assert not anchor or unquote(anchor) in anchors_of(texts[target]), (path, link)


def test_no_place_is_named_twice_in_a_page(out, pages):
    for page in pages.values():
        assert len(page.ids) == len(set(page.ids))
    for path in out.rglob("*.md"):
        found = anchors_of(path.read_text("utf-8"))
        assert len(found) == len(set(found))


def test_each_item_has_an_anchor_and_all_its_names(out, pages, schemes):
    for scheme in schemes:
        page = pages[page_of(out, scheme)]
        text = page_of(out, scheme, "md").read_text("utf-8").replace("\\", "")
        assert set(scheme) <= set(page.ids)
        assert set(scheme) <= set(anchors_of(text))
        for item in scheme.values():
            for name in item.names:
                assert name in page.text
                assert name in text


def test_limitations_conflicts_and_notes_are_shown(out, pages, schemes):
    for scheme in schemes:
        page = pages[page_of(out, scheme)]
        text = page_of(out, scheme, "md").read_text("utf-8").replace("\\", "")
        for said in (*scheme.limitations, *scheme.conflicts, *scheme.notes):
            zh, en = said.show("zh"), said.show("en")
            assert zh in page.text
            assert en in page.text
            assert f"> - {zh}" + (f"<br>{en}" if zh != en else "") in text
    assert any(said.by_lang for scheme in schemes for said in scheme.limitations)
    assert any(scheme.limitations for scheme in schemes)
    assert any(scheme.conflicts for scheme in schemes)


def test_sources_are_listed_and_cited(out, pages, schemes):
    for scheme in schemes:
        page = pages[page_of(out, scheme)]
        for number, source in enumerate(scheme.sources, 1):
            assert source.title in page.text
            assert f"_source-{number}" in page.ids
        for item in scheme.values():
            names = (name for names in item.also.values() for name in names)
            for id_ in (*item.sources, *(id_ for name in names for id_ in name.sources)):
                number = [source.id for source in scheme.sources].index(id_) + 1
                assert f"#_source-{number}" in page.inside[item.code]


def test_a_concept_leads_to_the_items_mapped_to_it_and_back(out, pages, schemes):
    *listed, hub = schemes
    concepts = pages[page_of(out, hub)]
    for scheme in listed:
        page = pages[page_of(out, scheme)]
        assert hub_maps(scheme)
        for m in hub_maps(scheme):
            path = f"../../{scheme.series}/{scheme.version}.html#{m.source}"
            assert path in concepts.inside[m.target]
            assert f"../../{hub.series}/{hub.version}.html#{m.target}" in page.links


def test_maps_are_sentences_that_name_both_ends(out):
    text = (out / "hefei-htz/future-industries/2024-05.md").read_text("utf-8")
    link = r"\[{}\]\([^)]*#{}\)"
    source, target = (link.format("quantum information", "quantum-information"),) * 2
    assert re.search(rf"{source} equals {target} \(hub\)", text)
    assert re.search(r"\[量子信息\]\([^)]*\) 与 \[量子信息\]\([^)]*\) \(概念库\) 等同", text)


def test_versions_lead_to_each_other_and_the_old_one_says_so(out, pages):
    old, new = (
        pages[out / f"shenzhen/20-plus-8/{version}.html"] for version in ("2022-06", "2024-03")
    )
    assert "There is a newer version" in old.text
    assert "There is a newer version" not in new.text
    assert "../../shenzhen/20-plus-8/2024-03.html" in old.links
    assert "../../shenzhen/20-plus-8/2022-06.html" in new.links


def test_a_version_that_is_not_printed_is_named_without_a_link(tmp_path):
    build_docs(tmp_path, [SHENZHEN[1]], formats=["html"])
    page = Page(tmp_path / "shenzhen/20-plus-8/2024-03.html")
    assert "取代 Supersedes2022-06" in page.text
    assert not any("2022-06" in link for link in page.links)


def test_nothing_is_loaded_from_elsewhere_and_the_policy_allows_what_is_there(pages):
    for page in pages.values():
        assert not {"src", "style", "onclick", "onload", "srcset"} & page.attributes
        assert not {"link", "img", "iframe", "object", "form"} & set(page.tags)
        assert page.policy.startswith("default-src 'none'")
        for kind, text in page.raw.items():
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in page.policy
        assert "url(" not in page.raw["style"]
        assert "@import" not in page.raw["style"]


def test_two_runs_give_the_same_bytes_whatever_the_order(out, tmp_path):
    build_docs(tmp_path, [fi.load(SHENZHEN[1]), HEFEI, SHENZHEN[0], HEFEI])
    for path in out.rglob("*.*"):
        assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes()


def test_the_id_of_a_series_is_its_newest_version(tmp_path):
    build_docs(tmp_path, ["shenzhen/20-plus-8"], formats=["md"])
    assert [p.name for p in (tmp_path / "shenzhen/20-plus-8").iterdir()] == ["2024-03.md"]


def test_an_unknown_scheme_or_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UnknownScheme, match="did you mean"):
        build_docs(tmp_path / "new", [HEFEI, "hefei-htz/future-industry"])
    with pytest.raises(UnknownFormat, match='did you mean "html"'):
        build_docs(tmp_path / "new", [HEFEI], formats=["htm"])
    assert not (tmp_path / "new").exists()


def test_a_path_never_leaves_the_folder(tmp_path):
    stray = attrs.evolve(fi.load(HEFEI), series="../elsewhere")
    with pytest.raises(InvalidId):
        build_docs(tmp_path / "new", [stray])
    assert list(tmp_path.iterdir()) == []


HOSTILE = """\
series: nobody/hostile
version: "2024"
title: {zh: "<script>alert(1)</script>题", en: "a | b </title><img src=x onerror=alert(2)>"}
issuer: nobody
formula: 1+X
published: "2024"
confidence: low
limitations: ["</style><script>alert(3)</script> | `x` *y*"]
conflicts: ["&lt;b&gt; is not <b>"]
notes: ["# no heading", "- no list", "1. no number"]
sources:
  - {id: s1, title: "<b>\\"quoted\\"</b>", kind: primary, url: "javascript:alert(4)"}
  - {id: s2, title: "fine [link](x)", kind: primary, url: "https://example.org/a?b=1&c=(2)|<x>"}
items:
  - code: "a\\"|<b>&"
    slot: "1"
    label: {zh: "<script>", en: "x</td></tr></table> | y"}
    also: {zh: ["' onmouseover='alert(5)", "\\" autofocus onfocus=alert(6)"]}
    note: {zh: "<!-- 注", en: "]]> $x$ ~~y~~"}
    sources: [s1, s2]
    items:
      - {code: one, label: {zh: "1. 一", en: "- one"}, sources: [s1]}
  - {code: x, slot: X, open: true, label: {zh: "{{7*7}}${x}", en: "%s {0}"}, sources: [s1]}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "2024.yaml"
    file.write_text(HOSTILE, "utf-8")
    scheme = fi.read_scheme(file)
    build_docs(folder / "out", [scheme])
    return scheme, folder / "out"


def test_text_never_becomes_html(hostile):
    scheme, out = hostile
    for path in out.rglob("*.html"):
        page = Page(path)
        assert page.tags.count("script") == 1
        assert not {"img"} & set(page.tags)
        assert not {a for a in page.attributes if a.startswith("on")} | (
            {"autofocus"} & page.attributes
        )
        assert not any(link.startswith("javascript:") for link in page.links)
    page = Page(page_of(out, scheme))
    for said in (*scheme.title.values(), *scheme.limitations, *scheme.conflicts, *scheme.notes):
        assert said in page.text
    for item in scheme.values():
        assert item.code in page.ids
        for name in (*item.names, *item.note.values()):
            assert name in page.text
    assert "javascript:alert(4)" in page.text
    assert scheme.sources[1].url in page.links


def test_text_never_becomes_markdown(hostile):
    scheme, out = hostile
    text = page_of(out, scheme, "md").read_text("utf-8")
    assert set(re.findall(r"(?<!\\)</?([a-z]+)", text)) <= {"a", "code", "br"} | {"https"}
    assert not re.search(r"^[>\s]*- (?:# |- |1\. )", text, re.MULTILINE)
    assert "](javascript:" not in text
    assert "](<https://example.org/a?b=1&c=(2)%7C%3Cx%3E>)" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1
    for file in out.rglob("index.md"):
        assert "a \\| b \\</title\\>" in file.read_text("utf-8")


def test_a_version_draws_what_became_of_the_one_before(tmp_path):
    old, new = (fi.load(f"shenzhen/20-plus-8@{version}") for version in ("2022-06", "2024-03"))
    build_docs(tmp_path, [old, new], formats=["html"])
    first, second = (page_of(tmp_path, s).read_text("utf-8") for s in (old, new))
    assert 'id="_changes"' not in first
    assert second.count("<svg") == 2
    drawn = second[second.index('id="_changes"') : second.index('id="_maps"')]
    assert "智能机器人 (20)" in drawn
    assert "intelligent robots (8)" in drawn
    assert "<style" not in drawn  # the policy of the page allows its own alone
    ids = re.findall(r' id="([^"]+)"', second)
    assert len(ids) == len(set(ids))


LARGE = """\
series: nobody/large
version: first
title: {zh: 大分类}
issuer: nobody
levels:
  - {code: section, label: {zh: 门类, en: section}, count: 2}
  - {code: division, label: {zh: 大类, en: division}, count: 2}
exclusive: true
sources:
  - {id: s1, title: 某标准, kind: primary}
items:
  - code: A
    label: {zh: 农业, en: agriculture}
    sources: [s1]
    items:
      - {code: "01", label: {zh: 种植, en: crops}, note: {en: without hunting}, sources: [s1]}
  - code: B
    label: {zh: 采矿业, en: mining}
    sources: [s1]
    items:
      - {code: "06", label: {zh: 煤炭, en: coal}, sources: [s1]}
"""


def test_a_classification_with_levels_is_folded_but_complete(tmp_path):
    file = tmp_path / "first.yaml"
    file.write_text(LARGE, "utf-8")
    scheme = fi.read_scheme(file)
    build_docs(tmp_path / "out", [scheme])
    page = Page(page_of(tmp_path / "out", scheme))
    text = page_of(tmp_path / "out", scheme, "md").read_text("utf-8")
    assert page.tags.count("details") == text.count("<details>") == 2
    assert set(scheme) <= set(page.ids)
    assert set(scheme) <= set(anchors_of(text))
    assert "without hunting" in page.text
    assert "without hunting" in text
    assert "children do not overlap" in page.text


def test_the_index_can_be_searched_for_titles_issuers_ids_and_items(out):
    text = (out / "index.html").read_text("utf-8")
    names = re.search(r'data-names="(合肥高新区未来产业[^"]*)"', text)
    assert names
    found = names[1].split("\n")
    for wanted in (HEFEI, "合肥国家高新区", "Hefei High-tech Zone", "聚变能源", "可控核聚变"):
        assert wanted in found
    assert len(found) == len(set(found))
