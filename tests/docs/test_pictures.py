from __future__ import annotations

import ast

import pytest

from tests.docs.pictures import ABOUT, ACT, FOLDER, PICTURES, ROOT, rooms


def test_each_room_has_a_line_about_it() -> None:
    assert {room for layers in rooms().values() for layer in layers for room in layer} == ABOUT.keys()


@pytest.mark.parametrize(("file", "function", "about"), ACT, ids=[function for _, function, _ in ACT])
def test_each_step_of_an_act_is_a_function_of_its_file(file: str, function: str, about: str) -> None:
    assert about
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_in_the_docs_are_drawn_from_the_code_of_today(name: str) -> None:
    """Renew them with: python -m tests.docs.pictures."""
    assert (FOLDER / name).read_text(encoding="utf-8") == PICTURES[name]()
