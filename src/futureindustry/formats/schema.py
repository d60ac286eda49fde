"""
Schemas by which others check data against a scheme: JSON Schema and Frictionless.

Source:
    JSON Schema, draft 2020-12; Data Package 2.0 (Table Schema: constraints, categories).
"""

from __future__ import annotations

import json

from futureindustry.files import scheme_data
from futureindustry.model import URI_BASE, Scheme, Text
from futureindustry.sssom import prefix_of

from . import tables
from .facts import cited, is_web

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["data_package", "json_schema"]


def _both(text: Text) -> str:
    return " / ".join(dict.fromkeys(text.values()))


def _warnings(scheme: Scheme) -> str:
    """Give what a user of the list should know, in a few sentences."""
    lines = [f"{scheme.id}, {len(scheme):,} items"]
    lines += [f"confidence: {scheme.confidence}"] if scheme.confidence else []
    for key, said in (("open", "开放清单 open lists"), ("incomplete", "清单不全 incomplete lists")):
        if codes := [item.code for item in scheme.values() if getattr(item, key)]:
            lines.append(f"{said}: {', '.join(codes)}; items may be missing below them")
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


def data_package(scheme: Scheme) -> str:
    """
    Write a Data Package with the items as inline data.

    The field `code` of the resource `items` has the codes as `categories`, each with its label:
    copied into the schema of one's own table, it checks a column of codes.
    """
    flags = ("open", "incomplete", "exclusive", "exhaustive")
    types = {"level": "integer", **dict.fromkeys(flags, "boolean")}
    fields: list[dict[str, Any]] = [
        {"name": name, "type": types.get(name, "string"), "description": said}
        for name, said in tables.COLUMNS.items()
    ]
    fields[0]["constraints"] = {"required": True, "unique": True}
    fields[0]["categories"] = [
        {"value": item.code, "label": _both(item.label)} for item in scheme.values()
    ]
    above = {"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}}
    schema = {"fields": fields, "primaryKey": ["code"], "foreignKeys": [above]}
    data = [dict(zip(tables.COLUMNS, row, strict=True)) for row in tables.rows(scheme)]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": prefix_of(scheme.id),
        "id": f"{URI_BASE}{scheme.id}",
        "title": _both(scheme.title),
        "description": _warnings(scheme),
        "futureindustry": scheme_data(scheme, items=False),
        "resources": [{"name": "items", "type": "table", "data": data, "schema": schema}],
    }
    if scheme.sources:
        package["sources"] = [
            {"title": cited(source)} | ({"path": str(source.url)} if is_web(source.url) else {})
            for source in scheme.sources
        ]
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"
