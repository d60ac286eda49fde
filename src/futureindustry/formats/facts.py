"""What several formats say of a scheme and its items, as plain pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from futureindustry.model import IndexEntry, Item, Scheme, Source, Text
from futureindustry.store import catalog_of

__all__ = ["cited", "facts", "is_web", "names_of"]


def facts(scheme: Scheme) -> Iterator[tuple[str, str | Text]]:
    """Give what is known of a scheme as a whole, in a fixed order; a list as several pairs."""
    yield "id", scheme.id
    yield "series", scheme.series
    yield "version", scheme.version
    yield "title", scheme.title
    issuer = catalog_of(scheme).issuers.get(scheme.issuer)
    yield "issuer", scheme.issuer
    if issuer is not None:
        yield "issuerName", issuer.name
    known = (
        ("formula", scheme.formula and str(scheme.formula)),
        ("published", scheme.published),
        ("validFrom", scheme.valid.start),
        ("validUntil", scheme.valid.end),
        ("supersedes", scheme.supersedes),
        ("confirmed", scheme.confirmed),
        ("confidence", scheme.confidence),
        ("exclusive", "true" if scheme.exclusive else None),
        ("exhaustive", "true" if scheme.exhaustive else None),
        *((f"labelKind.{lang}", kind) for lang, kind in scheme.label_kind.items()),
    )
    yield from ((key, value) for key, value in known if value)
    for key in ("limitation", "conflict", "note"):
        yield from ((key, text) for text in getattr(scheme, f"{key}s"))
    for source in scheme.sources:
        yield "source", cited(source)


def cited(source: Source) -> str:
    """Give a source in one line."""
    parts = (source.title, source.publisher, source.date, source.document, source.url)
    return f"[{source.id}] {', '.join(part for part in parts if part)}"


def is_web(url: str | None) -> bool:
    """Say whether a source's address can be followed as it is."""
    return url is not None and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", url) is not None


def names_of(item: Item) -> Iterator[IndexEntry]:
    """Give the index entries of an item, Chinese first."""
    for lang in ("zh", "en"):
        yield from item.also.get(lang, ())
