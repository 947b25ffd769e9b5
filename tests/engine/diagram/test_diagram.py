"""A plane as SVG: well-formed, escaped, readable without colour and without seeing."""

import re

import pytest
from lxml import etree

from engine.bpmn.diagram import PAGE, PAPER, ElementState, Heat, planes, render_svg
from engine.bpmn.diagram.text import width_of, wrap
from engine.errors import InvalidInputError, NotFoundError
from tests.support.models import good_files, node, process

SVG = "{http://www.w3.org/2000/svg}"
GOOD = good_files()["processes/sample/sample.bpmn"]
EVIL = '<script>alert("1")</script>&\'"--><![CDATA['


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def group(svg: str, element: str) -> etree._Element:
    (found,) = drawn(svg).iterfind(f".//{SVG}g[@data-element='{element}']")
    return found


def title(svg: str, element: str) -> str:
    return group(svg, element).findtext(f"{SVG}title") or ""


def test_the_picture_is_a_labelled_image() -> None:
    svg = drawn(render_svg(GOOD, title="Innovasjonspartnerskap"))

    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Innovasjonspartnerskap"


def test_every_shape_and_flow_of_the_diagram_is_drawn_once() -> None:
    svg = render_svg(GOOD)

    expected = re.findall(r'bpmnElement="([^"]+)"', GOOD.decode())
    found = [each.get("data-element") for each in drawn(svg).iter(f"{SVG}g")]
    assert sorted(each for each in found if each) == sorted(expected[1:])


def test_each_named_element_tells_its_name() -> None:
    svg = render_svg(GOOD)

    assert title(svg, "describe-need") == "Describe need"
    assert title(svg, "with-supplier") == "With supplier"


@pytest.mark.parametrize(
    ("state", "words", "sign"),
    [
        (ElementState(active=1), "pågår", "1"),
        (ElementState(active=12), "pågår (12)", "12"),
        (ElementState(waiting=True), "venter", "…"),
        (ElementState(done=True), "utført", "✓"),
        (ElementState(failed=True), "feilet", "✕"),
        (ElementState(late=True), "forsinket", "!"),
        (ElementState(active=2, note="2 av 3"), "pågår (2), 2 av 3", "2"),
    ],
)
def test_a_state_is_said_in_words_and_shown_by_a_sign(
    state: ElementState, words: str, sign: str
) -> None:
    svg = render_svg(GOOD, states={"describe-need": state})

    assert title(svg, "describe-need") == f"Describe need: {words}"
    signs = [each.text for each in group(svg, "describe-need").iterfind(f"{SVG}g/{SVG}text")]
    assert signs == [sign]


def test_several_states_stand_side_by_side_the_gravest_first() -> None:
    state = ElementState(active=3, late=True, failed=True)

    svg = render_svg(GOOD, states={"describe-need": state}, language="en")

    assert title(svg, "describe-need") == "Describe need: failed, late, active (3)"
    classes = group(svg, "describe-need").get("class", "").split()
    assert classes[2:] == ["is-failed", "is-late", "is-active"]


def test_where_the_tokens_are_is_summed_up_for_those_who_do_not_see() -> None:
    states = {"approve": ElementState(active=1, late=True), "closed": ElementState(done=True)}

    svg = drawn(render_svg(GOOD, states=states))

    described = svg.get("aria-describedby")
    assert svg.findtext(f"{SVG}desc[@id='{described}']") == "Approve: forsinket, pågår"


def test_an_element_without_state_has_no_sign() -> None:
    svg = render_svg(GOOD, states={"approve": ElementState()})

    assert group(svg, "approve").get("class") == "bpmn-element bpmn-userTask"
    assert "bpmn-sign" not in svg


def test_names_are_text_and_nothing_else() -> None:
    svg = render_svg(
        GOOD,
        title=EVIL,
        texts={"describe-need.name": EVIL},
        states={"approve": ElementState(active=1, note=EVIL)},
        links={"approve": '"/><script>alert(1)</script>'},
    )

    assert "<script" not in svg
    assert title(svg, "describe-need") == EVIL
    assert drawn(svg).get("aria-label") == EVIL


def test_characters_that_xml_forbids_are_dropped() -> None:
    svg = render_svg(GOOD, texts={"describe-need.name": "a\x00b\x0bc\ud800d"})

    assert title(svg, "describe-need") == "abcd"


def test_texts_of_another_language_take_the_place_of_the_names() -> None:
    svg = render_svg(GOOD, texts={"describe-need.name": "Describe what is needed"})

    assert title(svg, "describe-need") == "Describe what is needed"


def test_with_links_the_picture_is_a_group_so_that_they_can_be_reached() -> None:
    svg = drawn(render_svg(GOOD, links={"check-documents": "/processes/document-check"}))

    (link,) = svg.iter(f"{SVG}a")
    assert link.get("href") == "/processes/document-check"
    assert svg.get("role") == "group"


def test_on_a_page_the_ink_is_that_of_the_text_around_it() -> None:
    svg = render_svg(GOOD, palette=PAGE)

    assert drawn(svg).get("fill") == "currentColor"
    assert "style=" not in svg
    assert "<style" not in svg


def test_on_paper_every_colour_is_plain() -> None:
    states = {"approve": ElementState(active=1, late=True, failed=True, done=True, waiting=True)}

    svg = render_svg(GOOD, palette=PAPER, states=states)

    assert "var(" not in svg
    assert "currentColor" not in svg


KINDS = [
    node("startEvent", "s"),
    node("startEvent", "s-timer", '<bpmn:timerEventDefinition id="d1"/>'),
    *(
        node(kind, f"t-{kind.lower()}")
        for kind in (
            "userTask",
            "manualTask",
            "serviceTask",
            "sendTask",
            "receiveTask",
            "businessRuleTask",
            "callActivity",
        )
    ),
    *(
        node("intermediateCatchEvent", f"c-{event}", f"<bpmn:{event}EventDefinition/>")
        for event in ("timer", "message", "signal", "conditional")
    ),
    *(
        node("endEvent", f"e-{event}", f"<bpmn:{event}EventDefinition/>")
        for event in ("message", "signal", "error", "escalation", "terminate")
    ),
    *(
        node(kind, f"g-{kind.lower()}")
        for kind in (
            "exclusiveGateway",
            "parallelGateway",
            "inclusiveGateway",
            "eventBasedGateway",
        )
    ),
]


def test_every_kind_of_element_has_a_picture_of_its_own() -> None:
    svg = drawn(render_svg(process("sample", "\n".join(KINDS)).encode()))

    pictures = {}
    for each in svg.iterfind(f"{SVG}g"):
        shapes = [part for part in each.iter() if part.tag != f"{SVG}tspan"]
        paths = tuple(part.get("d", part.tag) for part in shapes if part.get("d"))
        widths = tuple(part.get("stroke-width") for part in shapes)
        relative = tuple(path.split(" ", 2)[-1] for path in paths)
        pictures[each.get("data-element")] = (len(shapes), relative, widths)
    assert len(set(pictures.values())) == len(KINDS)


def test_an_event_that_does_not_interrupt_is_dashed() -> None:
    svg = render_svg(GOOD)

    circles = group(svg, "withdrawn").findall(f"{SVG}circle")
    dashed = [each for each in circles if each.get("stroke-dasharray")]
    assert len(circles) == 2
    assert len(dashed) == 2


def test_a_branch_per_supplier_and_a_loop_have_their_markers() -> None:
    several = group(render_svg(GOOD), "with-supplier")
    again = group(render_svg(GOOD), "file-papers")

    assert "v12 m5 -12 v12" in etree.tostring(several).decode()
    assert "a6 6 0 1 1" in etree.tostring(again).decode()


def test_lanes_bear_their_names_along_the_side() -> None:
    shape = (
        '<bpmndi:BPMNShape id="l" bpmnElement="lane-lead"><dc:Bounds x="0" y="0" width="2000"'
        ' height="300"/></bpmndi:BPMNShape><bpmndi:BPMNShape id="closed-di"'
    )
    model = GOOD.decode().replace('<bpmndi:BPMNShape id="closed-di"', shape).encode()

    lane = group(render_svg(model), "lane-lead")

    turned = [each.get("transform") for each in lane.iter(f"{SVG}g") if each.get("transform")]
    assert turned == ["rotate(-90 15 150)"]
    assert "Leder" in "".join(str(text) for text in lane.itertext())


def test_a_label_stands_where_the_diagram_puts_it() -> None:
    label = (
        '<bpmndi:BPMNLabel><dc:Bounds x="777" y="500" width="80" height="14"/></bpmndi:BPMNLabel>'
    )
    model = re.sub(
        r'(bpmnElement="closed">.*?)(</bpmndi:BPMNShape>)', rf"\1{label}\2", GOOD.decode(), count=1
    )

    (line,) = group(render_svg(model.encode()), "closed").iter(f"{SVG}tspan")

    assert line.get("x") == "817"


def test_a_collapsed_sub_process_has_a_picture_of_its_own() -> None:
    inner = (
        '<bpmndi:BPMNDiagram id="d2"><bpmndi:BPMNPlane id="p2" bpmnElement="with-supplier">'
        '<bpmndi:BPMNShape id="i" bpmnElement="score-supplier"><dc:Bounds x="0" y="0" width="100"'
        ' height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        "</bpmn:definitions>"
    )
    model = GOOD.decode().replace("</bpmn:definitions>", inner).encode()

    svg = render_svg(model, plane="with-supplier")

    assert planes(model) == ("sample", "with-supplier")
    assert title(svg, "score-supplier") == "Score supplier"
    assert 'data-element="describe-need"' not in svg


def test_heat_is_a_wash_that_grows_with_figures_and_words_beside_it() -> None:
    heat = {
        "describe-need": Heat(1, "12 ×", "12 ganger <b>"),
        "standstill-over": Heat(0.5, "6 ×", "6 ganger"),
    }

    svg = render_svg(GOOD, heat=heat)

    washes = {
        key: float(group(svg, key).find(".//*[@class='bpmn-heat']").get("fill-opacity"))
        for key in heat
    }
    assert washes["describe-need"] > washes["standstill-over"] > 0
    label = group(svg, "describe-need").find(f".//*[@class='bpmn-temperature']/{SVG}text")
    assert label.text == "12 ×"
    assert title(svg, "standstill-over").endswith(": 6 ganger")
    assert "<b>" not in svg
    assert svg.count('class="bpmn-heat"') == 2


def test_a_plane_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFoundError):
        render_svg(GOOD, plane="nowhere")


@pytest.mark.parametrize("place", ["", "left", "NaN", "inf", "1e300"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    model = GOOD.decode().replace('x="100" y="100"', f'x="{place}" y="100"', 1).encode()

    with pytest.raises(InvalidInputError):
        render_svg(model)


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        render_svg(b"<!DOCTYPE a><a/>")


@pytest.mark.parametrize("width", [20.0, 60.0, 100.0])
@pytest.mark.parametrize(
    "text",
    ["", "Kort", "Innovasjonspartnerskapsavtaleforhandlinger", "Vurder å gå videre til neste fase"],
)
def test_lines_fit_and_lose_no_letters(text: str, width: float) -> None:
    lines = wrap(text, width, 99)

    assert all(width_of(line) <= width + 8 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


def test_a_text_too_long_for_its_place_ends_in_an_ellipsis() -> None:
    lines = wrap("en to tre fire fem seks sju", 30, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
