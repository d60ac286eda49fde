"""
The catalogue as pages to read: HTML that works from a folder, and Markdown for GitHub.

One index, one page for each version of a scheme, one for the hub, where each concept lists
who names it. Chinese and English stand side by side; nothing is loaded from the network,
and the same data gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from futureindustry.errors import UnknownFormat, nearest
from futureindustry.files import write_text
from futureindustry.model import Scheme
from futureindustry.store import HUB, as_scheme, catalog

from .book import Book

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

__all__ = ["build_docs"]

FORMATS: tuple[Literal["html", "md"], ...] = ("html", "md")


def build_docs(
    out: Path | str,
    schemes: Iterable[Scheme | str] | Scheme | str | None = None,
    *,
    formats: Iterable[Literal["html", "md"]] = FORMATS,
) -> list[Path]:
    """
    Write the pages of schemes and of the hub into a folder.

    `index.html` lists the series by kind of issuer; the page of a version is
    `<issuer>/<series>/<version>.html`, with an anchor for each item, `#<code>`. Every file
    is written as a whole or not at all; files of earlier runs are replaced, others left.

    Args:
        out: The folder; made if missing.
        schemes: Schemes or ids (the id of a series is its newest version); None for every
            version in the catalogue. The hub that they are mapped to is always added,
            since their maps lead there.
        formats: `html`, `md` or both.

    Returns:
        The files, the index first, then by id, versions newest first.

    Raises:
        UnknownScheme: An id is not in the catalogue; nothing has been written then.
        UnknownFormat: A format is neither of the two.
        InvalidFile: A scheme or mapping file is wrong.
        OSError: The folder cannot be made or written to.

    Examples:
        >>> import futureindustry as fi
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as out:
        ...     pages = fi.build_docs(out, ["hefei-htz/future-industries"], formats=["md"])
        >>> pages[0].name
        'index.md'
    """
    wanted = dict.fromkeys((formats,) if isinstance(formats, str) else formats)
    for format_ in wanted:
        if format_ not in FORMATS:
            hint = nearest(format_, FORMATS)
            more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(FORMATS)}"
            raise UnknownFormat(f'no format "{format_}" of pages{more}')
    if schemes is None:
        store = catalog()
        chosen = [store.load(f"{s.id}@{v}") for s in store for v in s.versions]
    elif isinstance(schemes, (Scheme, str)):
        chosen = [as_scheme(schemes)]
    else:
        chosen = [as_scheme(scheme) for scheme in schemes]
    from . import hypertext, markdown

    writers = {
        "html": (hypertext.index, hypertext.scheme, hypertext.hub),
        "md": (markdown.index, markdown.scheme, markdown.hub),
    }
    book = Book(chosen)
    folder = Path(out)
    written = []
    for format_, (index, one_scheme, hub) in writers.items():
        if format_ not in wanted:
            continue
        texts = {f"index.{format_}": index(book)}
        for scheme in book.schemes.values():
            page = hub if scheme.series == HUB else one_scheme
            texts[f"{scheme.series}/{scheme.version}.{format_}"] = page(book, scheme)
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(write_text(path, text))
    return written
