"""A BPMN diagram as static, accessible SVG; `docs/diagram.md` lists its CSS classes."""

from engine.bpmn.diagram.palette import PAGE, PAPER, ElementState, Heat, Palette
from engine.bpmn.diagram.render import planes, render_svg
from engine.bpmn.diagram.translated import in_language

__all__ = [
    "PAGE",
    "PAPER",
    "ElementState",
    "Heat",
    "Palette",
    "in_language",
    "planes",
    "render_svg",
]
