"""Files made to harm are refused with a finding, whatever name and kind they claim to be."""

from collections.abc import Mapping

import pytest

from engine.bpmn.compile import check_bundle, compile_bundle
from engine.bpmn.xml import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_xml
from engine.errors import DeploymentRefusedError
from tests.support.models import KNOWN, good_files

LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "billion laughs": (
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>'.encode(),
        "xml-doctype",
    ),
    "billion laughs in an attribute": (
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l11;"/>'.encode(),
        "xml-not-well-formed",
    ),
    "quadratic blow-up": (
        f'<!DOCTYPE a [<!ENTITY l "{"x" * 50_000}">]><a>{"&l;" * 50_000}</a>'.encode(),
        "xml-doctype",
    ),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "xml-doctype",
    ),
    "parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.invalid/x.dtd"> %x;]><a/>',
        "xml-doctype",
    ),
    "external document type": (
        b'<!DOCTYPE a SYSTEM "http://example.invalid/x.dtd"><a/>',
        "xml-doctype",
    ),
    "document type in UTF-16": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16"),
        "xml-doctype",
    ),
    "unknown entity": (b"<a>&nbsp;</a>", "xml-not-well-formed"),
    "deep nesting": (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "xml-too-deep"),
    "very deep nesting": (b"<a>" * 100_000, "xml-too-deep"),
    "many nodes": (b"<a>" + b"<b/>" * MAX_NODES + b"</a>", "file-too-large"),
    "many comments": (b"<a>" + b"<!--x-->" * MAX_NODES + b"</a>", "file-too-large"),
    "many bytes": (b"<a>" + b"x" * MAX_BYTES + b"</a>", "file-too-large"),
    "not XML": (b"\x89PNG\r\n\x1a\n\x00\x00", "xml-not-well-formed"),
    "JSON": (b'{"a": 1}', "xml-not-well-formed"),
    "text": ("Innkjøp".encode("latin-1"), "xml-not-well-formed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "xml-not-well-formed"),
    "cut off": (b"<a><b>", "xml-not-well-formed"),
    "two roots": (b"<a/><b/>", "xml-not-well-formed"),
    "empty": (b"", "xml-not-well-formed"),
    "white space": (b" \n ", "xml-not-well-formed"),
    "null bytes": (b"\x00" * 100, "xml-not-well-formed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_a_finding_and_no_tree(name: str) -> None:
    data, rule = HOSTILE[name]

    root, findings = read_xml(data, "hostile.bpmn")

    assert root is None
    assert [found.rule for found in findings] == [rule]
    assert findings[0].severity == "error"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("file", ["processes/sample/sample.bpmn", "processes/sample/size.dmn"])
def test_a_hostile_model_or_table_is_not_deployed(name: str, file: str) -> None:
    files = good_files() | {file: HOSTILE[name][0]}

    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle("sample", files, KNOWN)

    assert HOSTILE[name][1] in {found.rule for found in refused.value.findings}


def test_a_file_at_every_limit_is_read() -> None:
    deep = b"<a>" * (MAX_DEPTH - 1) + b"<b/>" * 100 + b"</a>" * (MAX_DEPTH - 1)

    root, findings = read_xml(deep, "deep.bpmn")

    assert root is not None
    assert findings == ()


def test_elements_keep_their_lines() -> None:
    root, _ = read_xml(b"<a>\n<b/>\n\n<c/></a>", "lines.bpmn")

    assert root is not None
    assert [child.sourceline for child in root] == [2, 4]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "processes/../../secret.bpmn",
        "/etc/passwd",
        "processes/sample/sub/deep.bpmn",
        "forms/need.py",
        "",
    ],
)
def test_a_file_with_a_strange_name_is_refused(name: str) -> None:
    findings = check_bundle("sample", good_files() | {name: b"x"}, KNOWN)

    assert ("file-not-used", name) in {(found.rule, found.file) for found in findings}


@pytest.mark.parametrize(
    "texts",
    [b"[]", b"\xff\xfe", b'{"a": 1}', b"[" * 100_000, b"", b'"text"', b"NaN"],
)
def test_english_texts_that_are_no_flat_object_are_refused(texts: bytes) -> None:
    files = good_files() | {"processes/sample/sample.en.json": texts}

    findings = check_bundle("sample", files, KNOWN)

    assert "json-not-valid" in {found.rule for found in findings}


def test_no_files_at_all_is_refused() -> None:
    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle("sample", {}, KNOWN)

    assert [found.rule for found in refused.value.findings] == ["no-root-process"]


CODE = {
    "pre-script": '<spiffworkflow:preScript>__import__("os")</spiffworkflow:preScript>',
    "post-script": "<spiffworkflow:postScript>x = 1</spiffworkflow:postScript>",
    "service operator": '<spiffworkflow:serviceTaskOperator id="http/Get"/>',
}


@pytest.mark.parametrize("name", CODE)
def test_code_in_an_extension_is_refused(name: str) -> None:
    model = good_files()["processes/sample/sample.bpmn"].decode()
    bad = model.replace("<spiffworkflow:instr", CODE[name] + "<spiffworkflow:instr", 1)

    findings = check_bundle(
        "sample", good_files() | {"processes/sample/sample.bpmn": bad.encode()}, KNOWN
    )

    assert "script" in {found.rule for found in findings}


@pytest.mark.parametrize(
    "expression",
    ["__import__('os').system('id')", "().__class__", "open('/etc/passwd')", "lambda: 1", "x := 1"],
)
def test_python_in_an_expression_is_refused(expression: str) -> None:
    model = good_files()["processes/sample/sample.bpmn"].decode()
    bad = model.replace('value="points + 0"', f'value="{expression}"')

    findings = check_bundle(
        "sample", good_files() | {"processes/sample/sample.bpmn": bad.encode()}, KNOWN
    )

    assert {"expression-invalid", "name-unknown"} & {found.rule for found in findings}


def test_a_form_that_an_operation_reads_must_be_there() -> None:
    model = good_files()["processes/sample/sample.bpmn"].decode()
    operation = (
        '<pivotal:operation name="rank"><pivotal:input name="scores" value="&quot;gone&quot;"/>'
    )
    bad = model.replace('<pivotal:operation name="send-to-suppliers">', operation)

    findings = check_bundle(
        "sample", good_files() | {"processes/sample/sample.bpmn": bad.encode()}, KNOWN
    )

    assert "forms/gone.schema.json" in " ".join(found.reason for found in findings)


@pytest.mark.parametrize("name", ["forms/need.schema.json", "processes/sample/sample.en.json"])
def test_a_file_of_any_kind_can_be_too_large(name: str) -> None:
    files = good_files() | {name: b" " * (MAX_BYTES + 1)}

    findings = check_bundle("sample", files, KNOWN)

    assert ("file-too-large", name) in {(found.rule, found.file) for found in findings}


@pytest.mark.parametrize("text", ["P" + "1" * 1_000_000 + " x", "(" * 1_000_000, "a+" * 500_000])
def test_an_expression_without_measure_is_refused_at_once(text: str) -> None:
    model = good_files()["processes/sample/sample.bpmn"].decode()
    bad = model.replace('time_limit("standstill-electronic", sent_at)', text)

    findings = check_bundle(
        "sample", good_files() | {"processes/sample/sample.bpmn": bad.encode()}, KNOWN
    )

    assert "expression-invalid" in {found.rule for found in findings}
