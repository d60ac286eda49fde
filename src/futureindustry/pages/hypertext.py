"""
The pages as HTML: one file each, without outside parts.

Text becomes markup in one place (`el`), which escapes whatever is not markup already. A
content security policy allows the page's own style and script by their hashes and nothing
else, so that a page can neither load nor send anything.

Follows the HTML Living Standard; colours are told apart by the colour-blind and never the
only sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from futureindustry._hanzi import SIMPLIFIED, TRADITIONAL
from futureindustry.changes import transition
from futureindustry.model import Item, Map, Scheme, Sentence, Source, Text

from . import book as b
from .book import WORDS, Book, Card, Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from .book import Piece

__all__ = ["hub", "index", "scheme"]

_VOID = frozenset({"br", "input", "link", "meta"})
_SIGNS = {"limitations": "⚠", "conflicts": "⇄", "notes": "ⓘ"}
_DOTS = {"high": "●●●", "medium": "●●○", "low": "●○○"}
_SHOWN_NAMERS = 6
_MANY_MAPS = 80


class Html(str):
    """Markup. Any other text is escaped where it is put into an element."""

    __slots__ = ()


_text = lru_cache(1 << 16)(escape)


@cache
def _name(keyword: str) -> str:
    return keyword.rstrip("_").replace("_", "-")


def el(name: str, /, *inside: str, **attributes: str | int | bool | None) -> Html:
    """Give an element; `class_` is written class, `data_names` data-names."""
    said = name
    for key, value in attributes.items():
        if value is True:
            said += f" {_name(key)}"
        elif value is not None and value is not False:
            said += f' {_name(key)}="{_text(str(value))}"'
    return Html(f"<{said}>" if name in _VOID else f"<{said}>{join(inside)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Put parts together, escaping those that are text."""
    return Html(between.join([p if isinstance(p, Html) else _text(p) for p in parts]))


def both(text: Text, tag: str = "span") -> Html:
    """Give a text in both languages side by side, each marked with its language."""
    found = [el(tag, text[lang], lang=lang, class_=None if lang == "zh" else "en") for lang in text]
    if len(found) == 2 and text["zh"] == text["en"]:
        found = found[:1]
    return join(found, " ")


@cache
def word(key: str) -> Html:
    """Give a word of the pages in both languages."""
    return both(WORDS[key])


def plain(text: str) -> Html:
    """Give a text whose language is not declared."""
    return el("span", text, lang=b.lang_of(text))


def address(scheme: Scheme | None, target: str, code: str | None = None) -> str:
    """Give the address of a scheme's page as seen from a page (None: from the index)."""
    anchor = f"#{quote(code, safe='')}" if code is not None else ""
    if scheme is not None and scheme.id == target and anchor:
        return anchor
    path = target.replace("@", "/")
    return f"{'../../' if scheme else ''}{path}.html{anchor}"


def piece(book: Book, here: Scheme | None, part: Piece) -> Html:
    """Give a part of a fact."""
    if isinstance(part, Link):
        text = both(part.text) if isinstance(part.text, Text) else el("span", part.text)
        if part.scheme not in book.schemes:
            return text
        return el("a", text, href=address(here, part.scheme, part.code))
    return both(part) if isinstance(part, Text) else el("span", part)


def badge(key: str, kind: str = "") -> Html:
    """Give a word as a badge."""
    return el("span", word(key), class_=f"badge {kind or key}")


def confidence(level: str | None, *before: str) -> Html:
    """Give a confidence as a badge; the number of full dots says it without colour."""
    if level is None:
        return Html()
    dots = el("span", _DOTS[level], class_="dots", aria_hidden="true")
    return el("span", *before, dots, " ", word(level), class_=f"badge confidence {level}")


def document(title: str, body: Iterable[str], *, home: str | None) -> str:
    """Give a whole page."""
    import base64
    import hashlib

    folder = Path(__file__).parent
    style, script = ((folder / name).read_text("utf-8") for name in ("page.css", "page.js"))

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    top = el("nav", el("a", word("catalogue"), href=home), class_="top") if home else Html()
    page = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=policy),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="referrer", content="no-referrer"),
            el("meta", name="color-scheme", content="light dark"),
            el("title", title),
            el("style", Html(style)),
        ),
        el(
            "body",
            top,
            el("main", *body),
            el("footer", word("footer")),
            el("script", Html(script)),
        ),
        lang="zh-CN",
    )
    return f"<!doctype html>\n{page}\n"


def search_box(key: str, names: Iterable[str]) -> Html:
    """Give a search box, hidden until the script shows it, with the characters it must unify."""
    needed = {ch for name in names for ch in name}
    pairs = [(old, new) for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True) if new in needed]
    label = " · ".join(WORDS[key].values())
    return el(
        "div",
        el(
            "input",
            type="search",
            id="_search",
            placeholder=label,
            aria_label=label,
            autocomplete="off",
            spellcheck="false",
            data_old="".join(old for old, _ in pairs),
            data_new="".join(new for _, new in pairs),
        ),
        el("output", for_="_search", id="_found"),
        class_="search",
        role="search",
        hidden=True,
    )


def heading(scheme: Scheme, *more: str) -> Html:
    """Give the title in both languages, with badges behind."""
    title = scheme.title
    return el(
        "header",
        el("h1", both(title)),
        el("p", *more, class_="badges"),
        class_="title",
    )


def remark(text: Sentence) -> Iterator[Html]:
    """Give a sentence in Chinese, and in English below it where both are there."""
    zh, en = text.show("zh"), text.show("en")
    yield plain(zh)
    if zh != en:
        yield el("div", plain(en), class_="en")


def notices(scheme: Scheme, *keys: str) -> Iterator[Html]:
    """Give what a reader must know before using the list."""
    for key in keys:
        if texts := getattr(scheme, key):
            head = el(
                "h2", el("span", _SIGNS[key], class_="sign", aria_hidden="true"), " ", word(key)
            )
            listed = el("ul", *(el("li", *remark(text)) for text in texts))
            yield el("section", head, listed, class_=f"notice {key}")


def fact_list(book: Book, scheme: Scheme) -> Html:
    """Give the facts about a version, with its sisters."""
    rows = [
        (word(key), join((piece(book, scheme, part) for part in parts), Html(" · ")))
        for key, parts in b.facts(book, scheme)
    ]
    sisters = book.series[scheme.series]
    if len(sisters) > 1:
        links = (
            el("b", sister.version)
            if sister.id == scheme.id
            else el("a", sister.version, href=address(scheme, sister.id))
            for sister in sisters
        )
        rows.append((word("versions"), join(links, Html(" · "))))
    return el("dl", *(el("div", el("dt", dt), el("dd", dd)) for dt, dd in rows), class_="facts")


def formula_row(scheme: Scheme) -> Html:
    """Give the formula with a card for each of its parts."""
    if scheme.formula is None:
        return Html()
    cards = b.formula_cards(scheme)
    return el(
        "section",
        el("h2", word("formula"), " ", el("span", str(scheme.formula), class_="formula")),
        el("div", *map(_card, cards), class_="cards") if cards else Html(),
    )


def _card(card: Card) -> Html:
    slot = el("span", card.slot, class_="slot")
    if card.counts is not None:
        told = (word("counts-other"), ": ", plain(card.counts))
        return el("div", slot, el("span", *told, class_="small"), class_="card other")
    if card.item is None:
        return el("div", slot, el("span", word("not-listed"), class_="small"), class_="card other")
    signs = [badge(key) for key in ("open", "incomplete") if getattr(card.item, key)]
    if card.listed or card.promised:
        signs.insert(0, el("span", both(b.listed(card.listed, card.promised)), class_="small"))
    return el(
        "a",
        slot,
        el("span", both(card.item.label), class_="label"),
        join(signs, " "),
        href=f"#{quote(card.item.code, safe='')}",
        class_="card open" if card.item.open else "card",
    )


def side(item: Item, lang: str, before: str = "", behind: str = "", tag: str = "span") -> Html:
    """Give what an item has in one language: label, other names, note."""
    label = el(tag, item.label.get(lang, ""), class_="label", lang=lang)
    note = el("p", item.note[lang], class_="note", lang=lang) if lang in item.note else Html()
    return join((before, label, behind, names_of(item, lang), note))


def names_of(item: Item, lang: str) -> Html:
    """Give the other names in a language as a line below the label."""
    entries = b.also(item, lang)
    if not entries:
        return Html()
    said = join(
        (
            join((name, el("i", f" {WORDS[kind][lang]}") if kind else Html()))
            for name, kind in entries
        ),
        "、" if lang == "zh" else "; ",
    )
    return el("span", el("i", WORDS["also"][lang]), " ", said, class_="also", lang=lang)


def further(book: Book, item: Item) -> Iterator[Html]:
    """Give validity, provenance, other parents and successors of an item."""
    for key, parts in b.item_facts(item):
        said = join((piece(book, item.scheme, part) for part in parts), Html(" · "))
        yield el("p", el("i", word(key)), " ", said, class_="note")


def footnotes(scheme: Scheme, ids: Sequence[str]) -> Html:
    """Give links to the list of sources."""
    numbers = {source.id: n for n, source in enumerate(scheme.sources, 1)}
    return join(
        (
            el(
                "a",
                str(numbers[i]),
                href=f"#_source-{numbers[i]}",
                title=scheme.sources[numbers[i] - 1].title,
            )
            if i in numbers
            else el("span", i)
            for i in ids
        ),
        " ",
    )


def tree(book: Book, scheme: Scheme) -> Html:
    """Give all items of a scheme as one table, indented by level."""
    rows = []
    for item in scheme.values():
        level = min(item.level, 6)
        slot = join((el("span", item.slot, class_="slot"), " ")) if item.slot else Html()
        signs = [badge(key) for key in ("open", "incomplete") if getattr(item, key)]
        if item.slot:
            count = b.listed(b.industries(item), b.promised(item.slot))
            signs.insert(0, el("span", both(count), class_="small"))
        behind = join(("", *signs), " ")
        rows.append(
            el(
                "tr",
                el(
                    "td",
                    side(item, "zh", slot, behind),
                    *further(book, item),
                    class_="first",
                ),
                el("td", side(item, "en")),
                el("td", el("a", item.code, href=f"#{quote(item.code, safe='')}"), class_="code"),
                el("td", footnotes(scheme, b.cited(item)), class_="refs"),
                id=item.code,
                class_=f"d{level}"
                + (" tier" if item.slot or (level == 1 and item.children) else ""),
            )
        )
    heads = (el("th", word(key), scope="col") for key in ("chinese", "english", "code", "sources"))
    return el("table", el("thead", el("tr", *heads)), el("tbody", *rows), class_="tree")


def large_tree(book: Book, scheme: Scheme) -> Html:
    """Give a classification of hundreds or thousands of items: a folded table for each top item."""
    folded = []
    langs = b.languages(scheme)
    heads = [el("th", word(key), scope="col") for key in ("code", "level", *langs.values())]
    for root in scheme.roots:
        rows = [_compact(book, item, *langs) for item in (root, *root.descendants)]
        head = (
            el("span", root.code, class_="code"),
            " ",
            both(root.label),
            " ",
            el("span", f"{len(rows):,}", class_="small"),
        )
        folded.append(
            el(
                "details",
                el("summary", *head),
                el("table", el("thead", el("tr", *heads)), el("tbody", *rows), class_="large"),
                data_group=True,
            )
        )
    box = search_box("search-items", (name for item in scheme.values() for name in item.names))
    opener = el("button", word("open-all"), type="button", id="_open", hidden=True)
    return join((box, opener, *folded))


def _compact(book: Book, item: Item, first: str, *more: str) -> Html:
    labels = {level.depth: level.label for level in item.scheme.levels}
    level = labels.get(item.level)
    refs = footnotes(item.scheme, b.cited(item))
    cited = join((" ", el("span", refs, class_="refs"))) if refs else Html()
    return el(
        "tr",
        el("td", item.code, class_="code"),
        el("td", level.show("zh") if level else str(item.level), class_="small"),
        el("td", side(item, first), *further(book, item), cited, class_="first"),
        *(el("td", side(item, lang)) for lang in more),
        id=item.code,
        class_=f"d{min(item.level, 6)}",
        data_names="",
    )


def source_list(scheme: Scheme) -> Html:
    """Give the sources, numbered as the footnotes are."""
    if not scheme.sources:
        return Html()
    entries = (_source(n, source) for n, source in enumerate(scheme.sources, 1))
    return el(
        "section", el("h2", word("sources"), id="_sources"), el("ol", *entries, class_="sources")
    )


def _source(number: int, source: Source) -> Html:
    url = b.web_address(source)
    title = el("cite", source.title, lang=b.lang_of(source.title))
    if url:
        title = el("a", title, href=url, rel="noreferrer noopener external")
    said = [plain(part) for part in (source.publisher, source.date, source.document) if part]
    if source.url and not url:
        said.append(el("code", source.url))
    kind = badge(source.kind, "kind") if source.kind else Html()
    note = el("p", plain(source.note), class_="note") if source.note else Html()
    return el("li", join((title, *said), Html(" · ")), " ", kind, note, id=f"_source-{number}")


def sentence(book: Book, scheme: Scheme, m: Map, lang: Literal["zh", "en"]) -> Html:
    """Say a map, so that it cannot be read the wrong way round."""
    ends = []
    for owner, code, tail in ((scheme, m.source, ""), (book.hub, m.target, WORDS["hub"][lang])):
        label = owner[code].label.show(lang)
        link = el("a", label, href=address(scheme, owner.id, code))
        ends.append(join((link, el("span", tail, class_="badge hub"))) if tail else link)
    return el("span", Html(m.relation.sentence(ends[0], ends[1], lang)), lang=lang)


def map_table(book: Book, scheme: Scheme) -> Html:
    """Give the maps to the hub as sentences, then what is not mapped."""
    maps = book.maps(scheme)
    if not maps:
        return Html()
    rows = []
    for m in maps:
        why = [both(b.basis(m))]
        if m.confidence is not None:
            why.insert(0, el("span", f"{m.confidence:g}", class_="number"))
        if m.weight is not None:
            why.append(join((word("weight"), f" {m.weight:g}")))
        comment = el("p", plain(m.comment), class_="note") if m.comment else Html()
        rows.append(
            el(
                "tr",
                el("td", sentence(book, scheme, m, "zh")),
                el("td", sentence(book, scheme, m, "en")),
                el("td", join(why, Html(" · ")), comment, class_="why"),
            )
        )
    keys = (("chinese",), ("english",), ("confidence", "justification"))
    heads = (el("th", join(map(word, key), " · "), scope="col") for key in keys)
    table: Html = el("table", el("thead", el("tr", *heads)), el("tbody", *rows), class_="maps")
    if len(maps) > _MANY_MAPS:
        table = el("details", el("summary", f"{len(maps):,}"), table)
    missing = book.unmapped(scheme)
    rest = Html()
    if missing:
        links = (el("a", both(i.label), href=f"#{quote(i.code, safe='')}") for i in missing)
        rest = el(
            "p", el("b", word("unmapped")), Html(": "), join(links, Html(" · ")), class_="small"
        )
    return el("section", el("h2", word("maps"), id="_maps"), table, rest)


def changes(book: Book, scheme: Scheme) -> Html:
    """Draw what became of the items of the version before."""
    older = book.older(scheme)
    # Of thousands of classes a handful changes, and to find them takes as long as all the pages.
    if older is None or scheme.levels:
        return Html()
    step = transition(older, scheme)
    zh, en = Html(step.chart(lang="zh").svg), Html(step.chart(lang="en").svg)
    return el(
        "section",
        el("h2", word("changes"), id="_changes"),
        el("figure", zh),
        el("details", el("summary", word("in-english")), el("figure", en)),
    )


def scheme(book: Book, scheme: Scheme) -> str:
    """Give the page of one version."""
    newer = book.newer(scheme)
    hint = Html()
    if newer:
        link = el("a", newer.version, href=address(scheme, newer.id))
        hint = el("p", el("b", word("newer")), Html(": "), link, class_="notice newer")
    version = el("span", scheme.version, class_="badge version")
    body = (
        heading(scheme, version, " ", confidence(scheme.confidence, word("confidence"), " ")),
        hint,
        *notices(scheme, "limitations", "conflicts"),
        formula_row(scheme),
        fact_list(book, scheme),
        *notices(scheme, "notes"),
        el(
            "section",
            el("h2", word("tree"), id="_items"),
            large_tree(book, scheme) if scheme.levels else tree(book, scheme),
        ),
        changes(book, scheme),
        map_table(book, scheme),
        source_list(scheme),
    )
    return document(f"{scheme.title} · {scheme.version}", body, home="../../index.html")


def hub(book: Book, scheme: Scheme) -> str:
    """Give the page of the hub: the tree of concepts, and who names each."""
    namings = book.namings if scheme.id == book.hub.id else {}
    jump = el(
        "nav",
        *(
            el(
                "a",
                both(root.label),
                " ",
                el("span", str(1 + len(root.descendants)), class_="small"),
                href=f"#{quote(root.code, safe='')}",
            )
            for root in scheme.roots
        ),
        class_="jump",
        aria_label=" ".join(WORDS["contents"].values()),
    )
    names = [name for item in scheme.values() for name in item.names]
    body = (
        heading(scheme, el("span", scheme.version, class_="badge version")),
        el("p", both(WORDS["hub-lead"]), class_="lead"),
        *notices(scheme, "limitations", "conflicts", "notes"),
        fact_list(book, scheme),
        search_box("search-items", names),
        jump,
        *(
            el(
                "section",
                el("ul", _concept(book, root, namings), class_="concepts"),
                data_group=True,
            )
            for root in scheme.roots
        ),
        source_list(scheme),
    )
    return document(f"{scheme.title} · {scheme.version}", body, home="../../index.html")


def _concept(book: Book, item: Item, namings: dict[str, list[b.Naming]]) -> Html:
    own = el("a", item.code, href=f"#{quote(item.code, safe='')}", class_="code")
    tag = "h2" if item.parent_code is None else "span"
    refs = el("span", footnotes(item.scheme, b.cited(item)), class_="refs")
    children = [_concept(book, child, namings) for child in item.children]
    return el(
        "li",
        el(
            "div",
            el("div", side(item, "zh", tag=tag)),
            el("div", side(item, "en", behind=join(("", own, refs), " "))),
            el(
                "div",
                *further(book, item),
                _named_by(book, namings.get(item.code, [])),
                class_="below",
            ),
            class_="concept branch" if item.parent_code is None else "concept",
        ),
        el("ul", *children) if children else Html(),
        id=item.code,
        data_names="\n".join(map(str, (item.code, *item.names))),
    )


def _named_by(book: Book, namings: Sequence[b.Naming]) -> Html:
    if not namings:
        return Html()
    issuers = {n.schemes[0].issuer: book.short_name(n.schemes[0]) for n in namings}
    some = "、".join(name.show("zh") for name in list(issuers.values())[:_SHOWN_NAMERS])
    more = "…" if len(issuers) > _SHOWN_NAMERS else ""
    count = el("b", str(len(issuers)), " ", word("namer" if len(issuers) == 1 else "named-by"))
    groups: list[Html] = []
    for relation in dict.fromkeys(n.relation for n in namings):
        groups.append(el("p", both(b.relation_of_item(relation)), class_="relation"))
        groups.append(
            el("ul", *(_namer(book, n) for n in namings if n.relation is relation), class_="namers")
        )
    return el(
        "details",
        el("summary", count, " ", el("span", some + more, class_="some", lang="zh")),
        *groups,
        class_="named",
    )


def _namer(book: Book, naming: b.Naming) -> Html:
    newest, item = naming.schemes[0], naming.item
    versions = (el("a", s.version, href=address(book.hub, s.id, item.code)) for s in naming.schemes)
    return el(
        "li",
        el("a", both(item.label), href=address(book.hub, newest.id, item.code)),
        el("span", both(book.short_name(newest)), class_="who"),
        el("span", join(versions, Html(" · ")), class_="number"),
    )


def index(book: Book) -> str:
    """Give the index: series by kind of issuer, with a search over all names."""
    groups = book.by_kind()
    listed = [versions for found in groups.values() for versions in found]
    number = sum(map(len, listed))
    counts = (
        b.counted(len(listed), "series"),
        b.counted(number, "of-versions"),
    )
    names = [name for versions in listed for name in book.search_names(versions)]
    names += [name for item in book.hub.values() for name in item.names]
    jump = el(
        "nav",
        *(
            el(
                "a",
                both(b.KINDS[kind]),
                " ",
                el("span", str(len(found)), class_="small"),
                href=f"#_{kind}",
            )
            for kind, found in groups.items()
        ),
        class_="jump",
        aria_label=" ".join(WORDS["contents"].values()),
    )
    hub_link = el(
        "a",
        el("b", word("hub-title")),
        el("span", both(b.counted(len(book.hub), "concepts")), class_="small"),
        el("span", word("hub-lead"), class_="small"),
        href=address(None, book.hub.id),
        class_="hubcard",
    )
    concepts = (
        el(
            "li",
            el("a", both(item.label), href=address(None, book.hub.id, item.code)),
            data_names="\n".join(map(str, item.names)),
            hidden=True,
        )
        for item in book.hub.values()
    )
    sections = (
        el(
            "section",
            el(
                "h2",
                both(b.KINDS[kind]),
                " ",
                el("span", str(len(found)), class_="small"),
                id=f"_{kind}",
            ),
            *(_series(book, versions) for versions in found),
            data_group=True,
        )
        for kind, found in groups.items()
    )
    body = (
        el("header", el("h1", word("catalogue")), class_="title"),
        el("p", word("index-lead"), class_="lead"),
        el("p", join(map(both, counts), Html(" · ")), class_="small"),
        el("p", word("confidence"), " ", join(map(confidence, _DOTS), " "), class_="small"),
        search_box("search", names),
        hub_link,
        jump,
        el(
            "section",
            el("h2", word("found-concepts")),
            el("ul", *concepts, class_="found"),
            data_group=True,
            data_only_search=True,
            hidden=True,
        ),
        *sections,
    )
    return document(" · ".join(WORDS["catalogue"].values()), body, home=None)


def _series(book: Book, versions: Sequence[Scheme]) -> Html:
    newest = versions[0]
    formula = next((s.formula for s in versions if s.formula), None)
    rows = (
        el(
            "li",
            el("a", s.version, href=address(None, s.id)),
            el("span", b.years(s), class_="small number"),
            el("span", both(b.size(s)[0]), class_="small"),
            confidence(s.confidence),
        )
        for s in versions
    )
    return el(
        "article",
        el(
            "div",
            el("h3", el("a", both(newest.title), href=address(None, newest.id))),
            el("span", str(formula), class_="formula") if formula else Html(),
            el("span", both(book.issuer(newest).name), class_="small"),
            el("p", class_="hits", hidden=True),
        ),
        el("ul", *rows, class_="versions"),
        class_="series",
        data_names="\n".join(book.search_names(versions)),
    )
