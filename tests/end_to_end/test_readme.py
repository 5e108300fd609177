from __future__ import annotations

from pathlib import Path

from tests.end_to_end.readme import README, console_examples, run_shell


def test_every_command_of_the_readme_prints_what_the_readme_says(tmp_path: Path) -> None:
    examples = list(console_examples(README.read_text()))
    assert len(examples) >= 12, "the README shows fewer commands than a reader needs"
    for example in examples:
        assert run_shell(example.command, tmp_path) == example.output, example.command


def test_the_readme_names_every_dependency_and_why() -> None:
    import tomllib

    project = tomllib.loads((README.parent / "pyproject.toml").read_text())["project"]
    text = README.read_text().casefold()
    for dependency in project["dependencies"]:
        name = dependency.split("=")[0].split(">")[0].strip().casefold()
        assert name in text, name
