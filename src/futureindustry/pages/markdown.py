"""
The pages as Markdown that GitHub shows: the same content as the HTML, without the search.

Follows CommonMark 0.31 and the tables, alerts and inline HTML of GitHub Flavored Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from urllib.parse import quote

from futureindustry.model import Item, Map, Scheme, Source, Text

from . import book as b
from .book import WORDS, Book, Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from .book import Piece

__all__ = ["hub", "index", "scheme"]

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$]")
_AT_START = re.compile(r"^(?:([#+=-])|(\d+)([.)]))")


def md(text: str) -> str:
    """Escape a text, so that it stays one line and none of it is markup."""
    line = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def both(text: Text) -> str:
    """Give a text in both languages."""
    return " ".join(dict.fromkeys(md(text[lang]) for lang in text))


def word(key: str) -> str:
    """Give a word of the pages in both languages."""
    return both(WORDS[key])


def code(text: str) -> str:
    """Give a text as code, also inside a table."""
    inside = escape(text).replace("|", "&#124;")
    return f"<code>{inside}</code>" if re.search(r"[`|\\<>&]", text) else f"`{text}`"


def anchor(name: str) -> str:
    """Give a place that links can lead to."""
    return f'<a id="{escape(name).replace("|", "&#124;")}"></a>'


def link(text: str, target: str) -> str:
    """Give a link; both are markup already."""
    return f"[{text}]({target})"


def address(scheme: Scheme | None, target: str, item: str | None = None) -> str:
    """Give the address of a scheme's page as seen from a page (None: from the index)."""
    place = f"#{quote(item, safe='')}" if item is not None else ""
    if scheme is not None and scheme.id == target and place:
        return place
    return f"{'../../' if scheme else ''}{target.replace('@', '/')}.md{place}"


def piece(book: Book, here: Scheme, part: Piece) -> str:
    """Give a part of a fact."""
    if isinstance(part, Link):
        text = both(part.text) if isinstance(part.text, Text) else md(part.text)
        known = part.scheme in book.schemes
        return link(text, address(here, part.scheme, part.code)) if known else text
    return both(part) if isinstance(part, Text) else md(part)


def confidence(scheme: Scheme) -> str:
    """Give the confidence in words."""
    return word(scheme.confidence) if scheme.confidence else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give a table; the cells are markup already."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def top(scheme: Scheme) -> Iterator[str]:
    """Give the way back, the title and its English."""
    yield link(word("catalogue"), "../../index.md")
    yield ""
    yield f"# {md(scheme.title.show('zh'))}"
    yield ""
    if scheme.title.get("en") and scheme.title.get("zh"):
        yield f"**{md(scheme.title['en'])}**"
        yield ""


def notices(scheme: Scheme) -> Iterator[str]:
    """Give what a reader must know before using the list."""
    for key, kind in (("limitations", "WARNING"), ("conflicts", "IMPORTANT"), ("notes", "NOTE")):
        if texts := getattr(scheme, key):
            yield f"> [!{kind}]"
            yield f"> **{word(key)}**"
            yield ">"
            for text in texts:
                zh, en = text.show("zh"), text.show("en")
                yield f"> - {md(zh)}" + (f"<br>{md(en)}" if zh != en else "")
            yield ""


def fact_table(book: Book, scheme: Scheme) -> Iterator[str]:
    """Give the facts about a version, with its sisters."""
    rows = [
        (word(key), " · ".join(piece(book, scheme, part) for part in parts))
        for key, parts in b.facts(book, scheme)
    ]
    if scheme.confidence:
        rows.insert(1, (word("confidence"), confidence(scheme)))
    sisters = book.series[scheme.series]
    if len(sisters) > 1:
        links = (
            f"**{md(sister.version)}**"
            if sister.id == scheme.id
            else link(md(sister.version), address(scheme, sister.id))
            for sister in sisters
        )
        rows.append((word("versions"), " · ".join(links)))
    yield from table(("", ""), rows)


def formula_lines(scheme: Scheme) -> Iterator[str]:
    """Give the formula with what stands for each of its parts."""
    if scheme.formula is None:
        return
    yield f"## {word('formula')} {md(str(scheme.formula))}"
    yield ""
    for card in b.formula_cards(scheme):
        if card.counts is not None:
            said = f"{word('counts-other')}: {md(card.counts)}"
        elif card.item is None:
            said = word("not-listed")
        else:
            said = link(both(card.item.label), f"#{quote(card.item.code, safe='')}")
            if card.listed or card.promised:
                said += f", {both(b.listed(card.listed, card.promised))}"
        yield f"- **{md(card.slot)}** {said}"
    yield ""


def names_of(item: Item) -> str:
    """Give the other names in both languages."""
    said = []
    for lang, between in (("zh", "、"), ("en", "; ")):
        names = [
            md(name) + (f" ({WORDS[kind][lang]})" if kind else "")
            for name, kind in b.also(item, lang)
        ]
        if names:
            said.append(f"{WORDS['also'][lang]} {between.join(names)}")
    return " · ".join(said)


def remarks(book: Book, item: Item) -> Iterator[str]:
    """Give other names, note, validity, provenance and successors of an item."""
    if names := names_of(item):
        yield names
    if item.note:
        yield both(item.note)
    for key, parts in b.item_facts(item):
        yield f"{word(key)}: {' · '.join(piece(book, item.scheme, part) for part in parts)}"


def item_line(item: Item) -> str:
    """Give an item with its signs and footnotes."""
    zh, en = item.label.get("zh"), item.label.get("en")
    label = " ".join(
        ([f"**{md(zh)}**"] if zh else []) + ([md(en) if zh else f"**{md(en)}**"] if en else [])
    )
    signs = [
        f"[{word(key)}]".replace("[", "\\[") for key in ("open", "incomplete") if getattr(item, key)
    ]
    if item.slot:
        label = f"**{md(item.slot)}** {label}"
        signs.insert(0, f"({both(b.listed(b.industries(item), b.promised(item.slot)))})")
    numbers = {source.id: n for n, source in enumerate(item.scheme.sources, 1)}
    notes = [
        f"[\\[{numbers[i]}\\]](#_source-{numbers[i]})" if i in numbers else md(i)
        for i in b.cited(item)
    ]
    return " ".join((anchor(item.code) + label, code(item.code), *signs, *notes))


def tree(book: Book, items: Sequence[Item], depth: int = 0) -> Iterator[str]:
    """Give items and what is below them as nested lists."""
    for item in items:
        yield f"{'  ' * depth}- {item_line(item)}"
        yield from (f"{'  ' * (depth + 1)}- {remark}" for remark in remarks(book, item))
        yield from tree(book, item.children, depth + 1)


def large_tree(book: Book, scheme: Scheme) -> Iterator[str]:
    """Give a classification of hundreds or thousands of items: a folded table for each top item."""
    labels = {level.depth: both(level.label) for level in scheme.levels}
    heads = [word(key) for key in ("code", "level", "chinese", "english")]
    for root in scheme.roots:
        items = (root, *root.descendants)
        label = " ".join(dict.fromkeys(root.label.values()))
        yield f"<details><summary>{escape(f'{root.code} {label} ({len(items):,})')}</summary>"
        yield ""
        yield from table(
            heads,
            (
                (
                    anchor(item.code) + code(item.code),
                    labels.get(item.level, str(item.level)),
                    "<br>".join((md(item.label.get("zh", "")), *remarks(book, item))),
                    md(item.label.get("en", "")),
                )
                for item in items
            ),
        )
        yield "</details>"
        yield ""


def source_list(scheme: Scheme) -> Iterator[str]:
    """Give the sources, numbered as the footnotes are."""
    if scheme.sources:
        yield f"## {word('sources')}"
        yield ""
        yield from (f"{n}. {_source(n, source)}" for n, source in enumerate(scheme.sources, 1))
        yield ""


def _source(number: int, source: Source) -> str:
    url = b.web_address(source)
    title = md(source.title)
    if url:
        title = link(title, f"<{quote(url, safe=':/?#[]@!$&()*+,;=%~')}>")
    said = [md(part) for part in (source.publisher, source.date, source.document) if part]
    if source.url and not url:
        said.append(code(source.url))
    if source.kind:
        said.append(word(source.kind))
    if source.note:
        said.append(md(source.note))
    return anchor(f"_source-{number}") + " · ".join((title, *said))


def sentence(book: Book, scheme: Scheme, m: Map, lang: Literal["zh", "en"]) -> str:
    """Say a map, so that it cannot be read the wrong way round."""
    source = link(md(scheme[m.source].label.show(lang)), address(scheme, scheme.id, m.source))
    target = link(md(book.hub[m.target].label.show(lang)), address(scheme, book.hub.id, m.target))
    return m.relation.sentence(source, f"{target} ({WORDS['hub'][lang]})", lang)


def map_lines(book: Book, scheme: Scheme) -> Iterator[str]:
    """Give the maps to the hub as sentences, then what is not mapped."""
    maps = book.maps(scheme)
    if not maps:
        return
    yield f"## {word('maps')}"
    yield ""
    rows = []
    for m in maps:
        why = [both(b.basis(m))]
        if m.confidence is not None:
            why.insert(0, f"{m.confidence:g}")
        if m.weight is not None:
            why.append(f"{word('weight')} {m.weight:g}")
        if m.comment:
            why.append(md(m.comment))
        rows.append(
            (sentence(book, scheme, m, "zh"), sentence(book, scheme, m, "en"), " · ".join(why))
        )
    heads = (word("chinese"), word("english"), f"{word('confidence')} · {word('justification')}")
    yield from table(heads, rows)
    if missing := book.unmapped(scheme):
        yield f"**{word('unmapped')}**: " + " · ".join(both(item.label) for item in missing)
        yield ""


def scheme(book: Book, scheme: Scheme) -> str:
    """Give the page of one version."""
    lines = [*top(scheme)]
    if newer := book.newer(scheme):
        place = link(md(newer.version), address(scheme, newer.id))
        lines += (f"> [!TIP]\n> {word('newer')}: {place}", "")
    lines += (*notices(scheme), *formula_lines(scheme), *fact_table(book, scheme))
    lines += (f"## {word('tree')}", "")
    lines += large_tree(book, scheme) if scheme.levels else (*tree(book, scheme.roots), "")
    lines += (*map_lines(book, scheme), *source_list(scheme))
    return "\n".join(lines).rstrip("\n") + "\n"


def hub(book: Book, scheme: Scheme) -> str:
    """Give the page of the hub: the tree of concepts, and who names each."""
    namings = book.namings if scheme.id == book.hub.id else {}
    lines = [*top(scheme), both(WORDS["hub-lead"]), "", *notices(scheme), *fact_table(book, scheme)]
    for root in scheme.roots:
        lines += (f"## {both(root.label)}", "", *_concepts(book, root, namings, 0), "")
    lines += source_list(scheme)
    return "\n".join(lines).rstrip("\n") + "\n"


def _concepts(
    book: Book, item: Item, namings: dict[str, list[b.Naming]], depth: int
) -> Iterator[str]:
    inner = "  " * (depth + 1)
    yield f"{'  ' * depth}- {item_line(item)}"
    yield from (f"{inner}- {remark}" for remark in remarks(book, item))
    found = namings.get(item.code, [])
    for relation in dict.fromkeys(n.relation for n in found):
        yield f"{inner}- {both(b.relation_of_item(relation))}:"
        yield from (f"{inner}  - {_namer(book, n)}" for n in found if n.relation is relation)
    for child in item.children:
        yield from _concepts(book, child, namings, depth + 1)


def _namer(book: Book, naming: b.Naming) -> str:
    versions = (
        link(md(s.version), address(book.hub, s.id, naming.item.code)) for s in naming.schemes
    )
    who = md(book.short_name(naming.schemes[0]).show("zh"))
    return f"{who}: {both(naming.item.label)} ({', '.join(versions)})"


def index(book: Book) -> str:
    """Give the index: series by kind of issuer."""
    title = " · ".join(WORDS["catalogue"].values())
    place = link(word("hub-title"), address(None, book.hub.id))
    lines = [f"# {title}", "", both(WORDS["index-lead"]), ""]
    lines += (f"**{place}** {both(WORDS['hub-lead'])}", "")
    heads = [word(key) for key in ("scheme", "issuer", "formula", "versions")]
    for kind, found in book.by_kind().items():
        lines += (f"## {both(b.KINDS[kind])}", "", *table(heads, (_series(book, v) for v in found)))
    return "\n".join(lines).rstrip("\n") + "\n"


def _series(book: Book, versions: Sequence[Scheme]) -> tuple[str, ...]:
    newest = versions[0]
    formula = next((s.formula for s in versions if s.formula), None)
    listed = []
    for s in versions:
        said = [md(dates)] if (dates := b.years(s)) else []
        said += [confidence(s)] if s.confidence else []
        said += (both(text) for text in b.size(s))
        listed.append(f"{link(md(s.version), address(None, s.id))} {' · '.join(said)}")
    return (
        both(newest.title),
        both(book.issuer(newest).name),
        md(str(formula)) if formula else "",
        "<br>".join(listed),
    )
