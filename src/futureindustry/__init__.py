"""
Schemes of future industries as typed, versioned, sourced classifications.

Public names are fetched from their modules on first use, so that `import futureindustry`
costs next to nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .allocation import Allocation as Allocation
    from .amounts import Amount as Amount
    from .amounts import parse_amount as parse_amount
    from .changes import History as History
    from .changes import Namings as Namings
    from .changes import Succession as Succession
    from .changes import Transition as Transition
    from .changes import diff as diff
    from .changes import history as history
    from .changes import namings as namings
    from .changes import successions as successions
    from .changes import transition as transition
    from .charts import Chart as Chart
    from .comparison import Comparison as Comparison
    from .comparison import compare as compare
    from .corrections import mend as mend
    from .dataset import recode as recode
    from .dataset import validate as validate
    from .errors import FutureIndustryError as FutureIndustryError
    from .files import format_scheme as format_scheme
    from .files import json_schema as json_schema
    from .formats import export as export
    from .formula import Formula as Formula
    from .indices import Specialisation as Specialisation
    from .indices import specialisation as specialisation
    from .lint import check as check
    from .mapping import Correspondence as Correspondence
    from .mapping import correspondence as correspondence
    from .mapping import read_correspondence as read_correspondence
    from .mapping import read_sssom as read_sssom
    from .mapping import relation_between as relation_between
    from .mapping import resolutions_to_sssom as resolutions_to_sssom
    from .mapping import update_correspondence as update_correspondence
    from .mentions import Mention as Mention
    from .mentions import annotate as annotate
    from .mentions import annotate_table as annotate_table
    from .model import IndexEntry as IndexEntry
    from .model import Issuer as Issuer
    from .model import Item as Item
    from .model import ItemChange as ItemChange
    from .model import Level as Level
    from .model import Map as Map
    from .model import Scheme as Scheme
    from .model import Sentence as Sentence
    from .model import Series as Series
    from .model import Source as Source
    from .names import Resolution as Resolution
    from .pages import build_docs as build_docs
    from .relation import Relation as Relation
    from .report import Finding as Finding
    from .report import Report as Report
    from .specification import Specification as Specification
    from .specification import read_specification as read_specification
    from .store import Catalog as Catalog
    from .store import catalog as catalog
    from .store import load as load
    from .store import read_scheme as read_scheme

_HOMES = {
    "Allocation": "allocation",
    "Amount": "amounts",
    "Catalog": "store",
    "Chart": "charts",
    "Comparison": "comparison",
    "Correspondence": "mapping",
    "Finding": "report",
    "Formula": "formula",
    "FutureIndustryError": "errors",
    "History": "changes",
    "IndexEntry": "model",
    "Issuer": "model",
    "Item": "model",
    "ItemChange": "model",
    "Level": "model",
    "Map": "model",
    "Mention": "mentions",
    "Namings": "changes",
    "Relation": "relation",
    "Report": "report",
    "Resolution": "names",
    "Scheme": "model",
    "Sentence": "model",
    "Series": "model",
    "Source": "model",
    "Specialisation": "indices",
    "Specification": "specification",
    "Succession": "changes",
    "Transition": "changes",
    "annotate": "mentions",
    "annotate_table": "mentions",
    "build_docs": "pages",
    "catalog": "store",
    "check": "lint",
    "compare": "comparison",
    "correspondence": "mapping",
    "diff": "changes",
    "export": "formats",
    "format_scheme": "files",
    "history": "changes",
    "json_schema": "files",
    "load": "store",
    "mend": "corrections",
    "namings": "changes",
    "parse_amount": "amounts",
    "read_correspondence": "mapping",
    "read_scheme": "store",
    "read_specification": "specification",
    "read_sssom": "mapping",
    "recode": "dataset",
    "relation_between": "mapping",
    "resolutions_to_sssom": "mapping",
    "specialisation": "indices",
    "successions": "changes",
    "transition": "changes",
    "update_correspondence": "mapping",
    "validate": "dataset",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604 - the table is the list


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
