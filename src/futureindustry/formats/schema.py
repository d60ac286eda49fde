"""
Schemas by which others check data against a scheme: JSON Schema and Frictionless.

Source:
    JSON Schema, draft 2020-12; Data Package 2.0 (Table Schema: constraints, categories).
"""

from __future__ import annotations

import json

from futureindustry.model import URI_BASE, Scheme, Text

from . import tables
from .facts import cited, facts, is_web

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["data_package", "json_schema"]


def _both(text: Text) -> str:
    return " / ".join(dict.fromkeys(text.values()))


def _said(scheme: Scheme) -> dict[str, Any]:
    """Give the facts about a scheme as an object; what may be said twice is a list."""
    said: dict[str, Any] = {}
    for key, value in facts(scheme):
        if key in ("limitation", "conflict", "note", "source"):
            said.setdefault(f"{key}s", []).append(value)
        else:
            said[key] = dict(value) if isinstance(value, Text) else value
    return said


def _warnings(scheme: Scheme) -> str:
    """Give what a user of the list should know, in a few sentences."""
    lines = [f"{scheme.id}, {len(scheme):,} items"]
    lines += [f"confidence: {scheme.confidence}"] if scheme.confidence else []
    for key, zh, en in (
        ("open", "开放清单", "open lists"),
        ("incomplete", "清单不全", "incomplete"),
    ):
        if codes := [item.code for item in scheme.values() if getattr(item, key)]:
            lines.append(f"{en} {zh}: {', '.join(codes)}; items may be missing below them")
    lines += (f"limitation: {text}" for text in scheme.limitations)
    lines += (f"conflict: {text}" for text in scheme.conflicts)
    return "\n".join(lines)


def json_schema(scheme: Scheme) -> str:
    """
    Write a JSON Schema that a code or a label of the scheme fits.

    `#/$defs/code` is for codes alone, each with its label as the title (forms show it);
    `#/$defs/label` for the labels in both languages. Other names are for `Scheme.resolve`.
    """
    codes = []
    for item in scheme.values():
        one = {"const": item.code, "title": _both(item.label)}
        codes.append(one | ({"description": _both(item.note)} if item.note else {}))
    labels = dict.fromkeys(text for item in scheme.values() for text in item.label.values())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{URI_BASE}schema/{scheme.id}",
        "title": _both(scheme.title),
        "description": _warnings(scheme),
        "anyOf": [{"$ref": "#/$defs/code"}, {"$ref": "#/$defs/label"}],
        "$defs": {
            "code": {"type": "string", "oneOf": codes},
            "label": {"type": "string", "enum": [*labels]},
        },
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


_FIELDS = {
    "code": "代码 code of the item",
    "parent": "上级代码 code of the parent; none at the top",
    "level": "层 level, 1 at the top",
    "slot": "公式的一位 the part of the formula that this tier fills",
    "open": "开放清单 the issuer lists no closed set of items below, on purpose",
    "incomplete": "清单不全 the list is closed, but only a part of it has been seen",
    "zh": "中文名称 Chinese label",
    "en": "英文名称 English label",
    "zh_kind": "中文名称出处 provenance of the Chinese label",
    "en_kind": "英文名称出处 provenance of the English label",
    "also_zh": "其他中文名称 other Chinese names, with | between",
    "also_en": "其他英文名称 other English names, with | between",
    "note_zh": "中文说明 note in Chinese",
    "note_en": "英文说明 note in English",
    "valid_from": "生效 first day (month, year) in force, if not that of the scheme",
    "valid_until": "失效 first day (month, year) no longer in force",
    "successors": "后继类目 codes that take over, with | between",
    "broader": "其他上位类目 codes of further broader items, with | between",
    "exclusive": "互斥 the items below do not overlap",
    "exhaustive": "穷尽 the items below make up the item",
    "sources": "来源 ids of sources, with | between",
}


def data_package(scheme: Scheme) -> str:
    """
    Write a Data Package with the items as inline data.

    The field `code` of the resource `items` has the codes as `categories`, each with its label:
    copied into the schema of one's own table, it checks a column of codes.
    """
    types = {"level": "integer"} | dict.fromkeys(
        ("open", "incomplete", "exclusive", "exhaustive"), "boolean"
    )
    fields: list[dict[str, Any]] = [
        {"name": name, "type": types.get(name, "string"), "description": _FIELDS[name]}
        for name in tables.COLUMNS
    ]
    fields[0] |= {
        "constraints": {"required": True, "unique": True},
        "categories": [
            {"value": item.code, "label": _both(item.label)} for item in scheme.values()
        ],
    }
    name = scheme.id.replace("/", ".").replace("@", "_")
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "id": f"{URI_BASE}{scheme.id}",
        "title": _both(scheme.title),
        "description": _warnings(scheme),
        "sources": [
            {"title": cited(source)} | ({"path": str(source.url)} if is_web(source.url) else {})
            for source in scheme.sources
        ],
        "futureindustry": _said(scheme),
        "resources": [
            {
                "name": "items",
                "type": "table",
                "data": [
                    dict(zip(tables.COLUMNS, row, strict=True)) for row in tables.rows(scheme)
                ],
                "schema": {
                    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                    "fields": fields,
                    "primaryKey": ["code"],
                    "foreignKeys": [
                        {"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}}
                    ],
                },
            }
        ],
    }
    if not package["sources"]:
        del package["sources"]
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"
