"""A BPMN file with the names of another language, for tools that draw it by themselves."""

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.document import bpmn_children
from engine.bpmn.names import BPMN
from engine.bpmn.xml import read_xml
from engine.errors import InvalidInputError


def in_language(bpmn_xml: bytes, texts: Mapping[str, str]) -> bytes:
    """The file with each name and annotation that `texts` has; keys are as for `render_svg`.

    Raises InvalidInputError where the file cannot be read.
    """
    root, findings = read_xml(bpmn_xml, "diagram")
    if root is None:
        raise InvalidInputError("; ".join(str(found) for found in findings))
    for element in root.iter(f"{{{BPMN}}}*"):
        key = element.get("id", "")
        if f"{key}.name" in texts:
            element.set("name", texts[f"{key}.name"])
        if f"{key}.text" in texts:
            for written in bpmn_children(element, "text"):
                written.text = texts[f"{key}.text"]
    written_out: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written_out
