"""The configuration file: profiles, the environment over it, and errors that name file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_tui.cli import main
from finops_tui.config import OPTIONS, Settings, documented, load
from finops_tui.errors import UsageError

WRONG = {
    "unknown key": ('them = "full"', "defaults.them", "theme"),
    "wrong type": ("theme = 3", "defaults.theme", "text"),
    "wrong word": ('theme = "pink"', "defaults.theme", "full"),
    "no currency": ('currency = "dollars"', "defaults.currency", "three letters"),
    "no period": ('period = "30x"', "defaults.period", "30d"),
    "keys of the wrong kind": ("keys = 1", "defaults.keys", "section"),
    "a key that is no text": ("keys = {export = 1}", "defaults.keys.export", "text"),
}


@pytest.mark.parametrize("name", WRONG)
@given(above=st.lists(st.sampled_from(["", "# a comment", 'mouse = "off"', 'charts = "ascii"']), unique=True))
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, above: list[str]
) -> None:
    line, key, hint = WRONG[name]
    lines = ["[defaults]", *above, line, "# below", "[profile.other]"]
    text = "\n".join(lines)
    file = tmp_path_factory.mktemp("config") / "config.toml"
    file.write_text(text)
    number = text.split("\n").index(line) + 1
    with pytest.raises(UsageError) as caught:
        load(file, None, {})
    said = " ".join(caught.value.lines())
    assert f"{file}, line {number}: {key}" in said
    assert hint in said


def test_a_value_over_several_lines_does_not_move_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[defaults]\ntheme = """\\\n  full"""\n\n[profile.a]\nnonsense = 1\n')
    with pytest.raises(UsageError, match=r"line 6: profile\.a\.nonsense"):
        load(file, None, {})


@pytest.mark.parametrize(
    ("text", "line"),
    [("[defaults\n", 1), ("[defaults]\ntheme = \n", 2), ("a = 1\n", 1), ("[defaults]\n[defaults]\n", 2)],
)
def test_what_is_no_toml_or_no_section_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=f"line {line}: "):
        load(file, None, {})


def test_a_profile_is_laid_over_the_defaults_and_the_environment_over_both(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'default_profile = "prod"\n[defaults]\ncurrency = "usd"\ntheme = "ansi"\nperiod = "90d"\n'
        '[defaults.keys]\nexport = "E"\ngo.explore = "x"\n'
        '[profile.prod]\ncurrency = "EUR"\n[profile.prod.keys]\nexport = "ctrl+e"\n[profile.labs]\n'
    )
    keys = {"export": "ctrl+e", "go.explore": "x"}
    assert load(file, None, {}) == Settings("prod", "EUR", "ansi", "auto", "auto", "90d", keys)
    assert load(file, "labs", {}).currency == "USD"
    assert load(file, None, {"FINOPS_TUI_PROFILE": "labs"}).profile == "labs"
    assert load(file, None, {"FINOPS_TUI_CURRENCY": "chf", "FINOPS_TUI_THEME": "full"}).currency == "CHF"
    with pytest.raises(UsageError, match="no profile 'stage'"):
        load(file, "stage", {})
    with pytest.raises(UsageError, match="FINOPS_TUI_THEME"):
        load(file, None, {"FINOPS_TUI_THEME": "pink"})


def test_no_file_means_defaults_and_any_profile(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml", None, {}) == Settings()
    assert load(tmp_path / "none.toml", "mine", {}).profile == "mine"


def test_a_wrong_profile_section_is_found_even_when_another_is_used(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[profile.a]\n[profile.b]\ncurency = "EUR"\n')
    with pytest.raises(UsageError, match=r"line 3: profile\.b\.curency"):
        load(file, "a", {})


def test_a_file_in_another_encoding_is_an_error_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes('# für\n[defaults]\ntheme = "full"\n'.encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        load(file, None, {})


def test_init_writes_every_key_with_its_default_once_and_never_over_another(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), "doctor", "--init"]) == 0
    file = home / "config" / "config.toml"
    assert str(file) in capsys.readouterr().out
    assert file.read_text() == documented()
    assert load(file, None, {}) == Settings()
    defaults = documented().partition("# A profile has")[0].splitlines()
    options = [line[2:] for line in defaults if line[2:].split(" = ")[0] in OPTIONS]
    assert len(options) == len(OPTIONS)
    file.write_text("[defaults]\n" + "\n".join(options))
    assert load(file, None, {}) == Settings(), "the documented defaults are the defaults"
    before = file.read_bytes()
    assert main(["--home", str(home), "doctor", "--init"]) == 2
    assert str(file) in capsys.readouterr().err
    assert file.read_bytes() == before
