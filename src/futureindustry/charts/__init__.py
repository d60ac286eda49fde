"""
Numbers and labels to a picture.

Knows nothing of schemes: plain labels, numbers and links come in, a `Chart` goes out, as SVG,
HTML, PNG or options for ECharts. What all pictures share is in `canvas`.
"""

from __future__ import annotations

from .canvas import Chart, Frame, ending_of
from .flows import Bar, alluvial, timeline
from .hierarchies import Node, sunburst, tree
from .matrices import heat_map, seriation, similarity_map, value_map
from .measures import bars, lorenz

__all__ = [
    "Bar",
    "Chart",
    "Frame",
    "Node",
    "alluvial",
    "bars",
    "ending_of",
    "heat_map",
    "lorenz",
    "seriation",
    "similarity_map",
    "sunburst",
    "timeline",
    "tree",
    "value_map",
]
