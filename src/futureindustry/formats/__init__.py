"""
A scheme in the formats of others: linked data, statistics, schemas, tables, diagrams.

One module for each family, one function for each format, looked up by name. Every export has
both languages; all but the bare CSV and SSSOM say how sure the scheme is, what is missing
and where its sources disagree. Names are escaped as the format asks, codes never changed in
silence, and the same scheme gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Literal, overload

from futureindustry.errors import FutureIndustryError, UnknownFormat, nearest
from futureindustry.files import write_bytes
from futureindustry.model import Scheme
from futureindustry.store import as_scheme

__all__ = ["FORMATS", "export"]

FORMATS: Mapping[str, tuple[str, str]] = {
    "skos": ("skos", "skos"), "xkos": ("skos", "xkos"), "jsonld": ("skos", "json_ld"),
    "sssom": ("skos", "sssom"), "sdmx": ("sdmx", "sdmx"), "jsonschema": ("schema", "json_schema"),
    "frictionless": ("schema", "data_package"), "csv": ("tables", "csv_text"),
    "xlsx": ("tables", "xlsx"), "sql": ("tables", "sql"), "mermaid": ("diagrams", "mermaid"),
    "markdown": ("diagrams", "markdown"),
}  # fmt: skip
"""By name: module and writer."""

_TextFormat = Literal[
    "skos", "xkos", "jsonld", "sssom", "sdmx", "jsonschema", "frictionless", "csv", "sql",
    "mermaid", "markdown",
]  # fmt: skip


@overload
def export(scheme: Scheme | str, format: _TextFormat, *, path: Path | str | None = None) -> str: ...
@overload
def export(scheme: Scheme | str, format: str, *, path: Path | str | None = None) -> str | bytes: ...
def export(
    scheme: Scheme | str,
    format: str,  # noqa: A002 - as the option
    *,
    path: Path | str | None = None,
) -> str | bytes:
    """
    Write a scheme in another format.

    Args:
        scheme: A scheme or its id.
        format: `skos` (plain SKOS, Turtle), `xkos` (with levels, coverage, versions and the
            correspondence with the hub, Turtle), `jsonld` (the same graph as JSON-LD), `sssom`
            (the maps to the hub), `sdmx` (a codelist, SDMX-JSON 2.0), `jsonschema` (JSON Schema
            2020-12 of a code or label), `frictionless` (a Data Package with its data), `csv`,
            `xlsx`, `sql`, `mermaid` or `markdown`.
        path: Where to write as well, as a whole or not at all; None to give the content only.

    Returns:
        The text; bytes for `xlsx`.

    Raises:
        UnknownFormat: There is no such format; the nearest is named.
        UnknownScheme: No such scheme.
        MissingExtra: `xlsx` without the extra `tables`.
        FutureIndustryError: There is nothing to export: no items, or no maps to the hub.
        OSError: The file cannot be written.

    Examples:
        >>> import futureindustry as fi
        >>> print(fi.export("hefei-htz/future-industries", "csv").splitlines()[1][:38])
        first-mover,,1,2,false,false,具有先发优势的产业
    """
    if format not in FORMATS:
        hint = nearest(str(format), FORMATS)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(FORMATS)}"
        raise UnknownFormat(f'no format "{format}" to export to{more}')
    module, name = FORMATS[format]
    writer: Callable[[Scheme], str | bytes] = getattr(import_module(f"{__name__}.{module}"), name)
    found = as_scheme(scheme)
    if not found:
        raise FutureIndustryError(f"{found.id} has no items; there is nothing to export")
    content = writer(found)
    if path is not None:
        # The mark lets Excel see that a CSV is UTF-8.
        encoding = "utf-8-sig" if format == "csv" else "utf-8"
        write_bytes(path, content if isinstance(content, bytes) else content.encode(encoding))
    return content
