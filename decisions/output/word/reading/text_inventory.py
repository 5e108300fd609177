"""List every text of a Word file that is not in its paragraphs and tables, by the place where it stands.

- Headers, footers, text boxes, comments, endnotes, alternative texts, charts, diagrams, watermarks and prompts have
  words; pictures and embedded files are named.
- Nothing of it can be recorded, so all of it is compared with the file as it was made, and what differs is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from decisions.output.word.package import Element, W
from decisions.output.word.reading.opened_package import OpenedPackage

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_VML = "{urn:schemas-microsoft-com:vml}"
_TEXT_TAGS = (f"{W}t", f"{_DRAWING}t", f"{_CHART}v")
_BOX = f"{W}txbxContent"
_DESCRIBED = ("docPr", "cNvPr")
_STORIES = {"header": "Header", "footer": "Footer", "comments": "Comment", "endnotes": "Endnote"}
"""The parts that hold paragraphs, by their relationship, and what their place is called."""
_DATA_PARTS = {
    "chart": "Chart", "chartEx": "Chart", "diagramData": "Diagram",
}  # fmt: skip
_NAMED_PARTS = {
    "image": "Picture", "oleObject": "Embedded file", "package": "Embedded file", "aFChunk": "Inserted file",
    "control": "Form control", "video": "Film", "audio": "Sound",
}  # fmt: skip
TEXT_BOX, PROMPT, ALTERNATIVE_TEXT, WATERMARK = "Text box", "Prompt of an empty field", "Alternative text", "Watermark"


def list_texts(package: OpenedPackage) -> Mapping[str, tuple[str, ...]]:
    """Return the texts by place, each once and in order."""
    places: dict[str, dict[str, None]] = {}
    for place, text in _placed_texts(package):
        if words := " ".join(text.split()):
            places.setdefault(place, {})[words] = None
    return {place: tuple(texts) for place, texts in places.items()}


def _placed_texts(package: OpenedPackage) -> Iterator[tuple[str, str]]:
    names = [package.main_name]
    for kind, place in _STORIES.items():
        for name in package.related_names(kind):
            names.append(name)
            yield from ((place, text) for text in _paragraph_texts(package.root(name), _is_outside_boxes))
    names += package.related_names("footnotes")
    for name in names:
        root = package.root(name)
        yield from ((TEXT_BOX, text) for text in _paragraph_texts(root, _is_in_box))
        yield from ((ALTERNATIVE_TEXT, text) for text in _alternative_texts(root))
        yield from ((WATERMARK, each.get("string", "")) for each in root.iter(f"{_VML}textpath"))
        yield from _related_texts(package, name)
    yield from ((PROMPT, prompt) for prompt in package.prompts)


def _paragraph_texts(root: Element, is_wanted: Callable[[Element], bool]) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        if is_wanted(paragraph):
            words = (each for each in paragraph.iter(*_TEXT_TAGS, f"{W}tab", f"{W}br") if _nearest(each) is paragraph)
            yield "".join(each.text or " " for each in words)


def _nearest(element: Element) -> Element:
    return next(element.iterancestors(f"{W}p"), None)


def _is_in_box(paragraph: Element) -> bool:
    return next(paragraph.iterancestors(_BOX), None) is not None


def _is_outside_boxes(paragraph: Element) -> bool:
    return not _is_in_box(paragraph)


def _alternative_texts(root: Element) -> Iterator[str]:
    """Yield what describes pictures, shapes and tables for those who cannot see them."""
    for element in root.iter(*(f"{{*}}{name}" for name in _DESCRIBED)):
        yield from (element.get(name, "") for name in ("title", "descr"))
    for element in root.iter(f"{_VML}shape", f"{_VML}rect", f"{_VML}imagedata"):
        yield from (element.get(name, "") for name in ("alt", "title"))
    for element in root.iter(f"{W}tblCaption", f"{W}tblDescription"):
        yield element.get(f"{W}val", "")


def _related_texts(package: OpenedPackage, source: str) -> Iterator[tuple[str, str]]:
    """Yield the words of charts and diagrams that a part shows, and the names of its pictures and files."""
    for kind, place in _DATA_PARTS.items():
        for name in package.related_names(kind, source=source):
            yield from ((place, each.text or "") for each in package.root(name).iter(*_TEXT_TAGS))
            yield from ((place, each) for each in package.related_names("package", source=name))
    for kind, place in _NAMED_PARTS.items():
        yield from ((place, name) for name in package.related_names(kind, source=source))
