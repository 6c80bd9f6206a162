"""Promises about the repository itself: small files, no traces of a machine, bounds that the pins satisfy."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

REPOSITORY = Path(__file__).parent.parent.parent
MOST_LINES = 400
GENERATED = {"screenshots"}
LICENCE = "LICENSE"


def _tracked() -> list[Path]:
    """The files of the repository that git knows, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    names = (REPOSITORY / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in names if path.is_file()]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(REPOSITORY)): count
        for path in _tracked()
        if path.suffix in (".py", ".tcss", ".md", ".toml", ".j2")
        and (count := _text(path).count("\n")) > MOST_LINES
    }
    assert long == {}


def test_no_trace_of_a_machine_or_a_registry() -> None:
    forbidden = re.compile(
        r"(?<![\w.~-])/(?:home|Users|root|work|tmp|opt|mnt)/[\w.-]+/|--index-url|--extra-index-url|://[\w.-]*pypi[\w.-]*/simple"
    )
    found = [
        f"{path.relative_to(REPOSITORY)}: {match[0]}"
        for path in _tracked()
        if path != Path(__file__) and (match := forbidden.search(_text(path)))
    ]
    assert found == []


def _project() -> dict[str, object]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(project, dict)
    return project


def _requirements() -> list[Requirement]:
    project = _project()
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    assert isinstance(project["dependencies"], list)
    lists = [project["dependencies"], *extras.values()]
    return [Requirement(text) for requirements in lists for text in requirements]


def _pins() -> dict[str, Version]:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins), "plain pins only"
    return {
        name.lower().replace("_", "-"): Version(version)
        for name, _, version in (p.partition("==") for p in pins)
    }


@pytest.mark.parametrize("requirement", _requirements(), ids=str)
def test_dependencies_are_bounded_and_the_tested_version_fits(requirement: Requirement) -> None:
    operators = {spec.operator for spec in requirement.specifier}
    assert {">=", "<"} <= operators, "a lower bound and the next major"
    assert _pins()[requirement.name.lower().replace("_", "-")] in requirement.specifier


def test_the_program_needs_no_test_tool() -> None:
    runtime = _project()["dependencies"]
    assert isinstance(runtime, list)
    tools = {"pytest", "hypothesis", "pyte", "ruff", "mypy", "import-linter"}
    assert not tools & {Requirement(text).name for text in runtime}
