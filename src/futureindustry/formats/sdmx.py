"""
A scheme as an SDMX codelist: a structure message in SDMX-JSON 2.0, the JSON of SDMX 3.0.

A code keeps its id where SDMX allows it. Other characters become `$` and the hexadecimal of
each byte of their UTF-8 (1.2 is `1$2E2`), which no two codes share; the code itself stands in
the annotation `code`. What a codelist has no field for is an annotation as well. The list is
maintained by the agency `futureindustry`, not by the issuer, who is named in an annotation:
agency ids are given by those who own them. Each version of ours is a codelist of its own, as
ISIC4 is; its version is the 1.0 that SDMX takes for granted, since an issuer's edition names are
no version numbers. `prepared` is the newest date that the scheme knows of and not the time of
the export, so that the same scheme gives the same message; without such a date there is no `meta`.

Source:
    SDMX Technical Working Group, "SDMX-JSON structure message", 2.0.0, 2023; SDMX 3.0,
    section 2, "Information Model", 4.3 (codelists) and 3.3 (annotations).
"""

from __future__ import annotations

import json
import re

from futureindustry.model import Item, Scheme, Text, first_day

from .facts import facts, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["sdmx", "sdmx_id"]

_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
_ODD = re.compile(r"[^A-Za-z0-9_@-]")


def sdmx_id(code: str) -> str:
    """Give a code as an SDMX id; no two codes have the same."""
    return _ODD.sub(lambda odd: "".join(f"${byte:02X}" for byte in odd[0].encode()), code)


def _names(text: Text) -> dict[str, Any]:
    return {"name": str(text), "names": dict(text)}


def _annotation(type_: str, value: str | Text) -> dict[str, Any]:
    if isinstance(value, Text):
        return {"type": type_, "text": str(value), "texts": dict(value)}
    return {"type": type_, "value": value}


def _code(item: Item) -> dict[str, Any]:
    code: dict[str, Any] = {"id": sdmx_id(item.code), **_names(item.label)}
    if item.note:
        code |= {"description": str(item.note), "descriptions": dict(item.note)}
    if item.parent_code is not None:
        code["parent"] = sdmx_id(item.parent_code)
    said: list[tuple[str, str | Text | None]] = [
        ("code", item.code if code["id"] != item.code else None),
        ("slot", item.slot),
        *((name, "true" if getattr(item, name) else None) for name in ("open", "incomplete")),
        *(("alternativeName", Text({name.lang: str(name)})) for name in names_of(item)),
        ("validFrom", item.valid.start),
        ("validUntil", item.valid.end),
    ]
    if annotations := [_annotation(key, value) for key, value in said if value]:
        code["annotations"] = annotations
    return code


def sdmx(scheme: Scheme) -> str:
    """Write a scheme as a codelist in SDMX-JSON 2.0."""
    codelist = {
        "id": "CL_" + re.sub(r"[^a-z0-9-]", "_", scheme.id),
        **_names(scheme.title),
        "version": "1.0",
        "agencyID": "futureindustry",
        "annotations": [_annotation(key, value) for key, value in facts(scheme)],
        "codes": [_code(item) for item in scheme.values()],
    }
    dates = (scheme.published, scheme.confirmed, *(source.date for source in scheme.sources))
    newest = max((first_day(date) for date in dates if date), default=None)
    message: dict[str, Any] = {"data": {"codelists": [codelist]}}
    if newest is not None:
        sender = {"id": codelist["agencyID"]}
        meta = {"schema": _SCHEMA, "id": codelist["id"], "prepared": f"{newest}T00:00:00Z"}
        message = {"meta": {**meta, "contentLanguages": ["zh", "en"], "sender": sender}, **message}
    return json.dumps(message, ensure_ascii=False, indent=1) + "\n"
