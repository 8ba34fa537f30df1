"""A day as somebody wrote it down in TOML: who comes when, for what, who serves, and what goes wrong.

Same scenario and seed: the same day. What is left out is as in every rehearsal.
"""

import tomllib
from pathlib import Path

import msgspec

from hall_controller.config_mistakes import fault_line, line_of, not_plain, not_toml, where_and_what
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.text_files import NotPlainAt, NotText, checked_settings, decoded, why_unread
from hall_controller.rehearsal.scenario_day import draw_scenario
from hall_controller.rehearsal.scenario_file import Arrivals, HalfHours, Incident, Mishap, Scenario, Wanted
from hall_controller.rehearsal.scenario_mistakes import mistakes

__all__ = [
    "SAMPLES",
    "Arrivals",
    "HalfHours",
    "Incident",
    "Mishap",
    "Scenario",
    "ScenarioTrouble",
    "Wanted",
    "draw_scenario",
    "find_scenario",
    "load_scenario",
    "sample_names",
]

SAMPLES = Path(__file__).parents[1] / "data" / "scenarios"
SUFFIX = ".toml"


class ScenarioTrouble(Exception):
    """One sentence: file, line, what is wrong, the mend."""


def sample_names() -> list[str]:
    """Of the scenarios that come along."""
    return sorted(file.stem for file in SAMPLES.glob(f"*{SUFFIX}"))


def find_scenario(word: str) -> Path:
    """A file, or a sample by its name. Raises ScenarioTrouble."""
    file = Path(word)
    if file.exists() or file.suffix or file.parent != Path():
        return file
    if word not in sample_names():
        raise ScenarioTrouble(f"{word}: no such file, and no sample; samples are {', '.join(sample_names())}")
    return SAMPLES / f"{word}{SUFFIX}"


def load_scenario(file: Path, catalogue: Catalogue) -> Scenario:
    """Raises ScenarioTrouble for the first mistake."""
    try:
        text = decoded(file.read_bytes())
    except FileNotFoundError:
        raise ScenarioTrouble(f"{file}: no such file; hall rehearse --scenarios lists those that come along") from None
    except (OSError, NotText) as error:
        raise ScenarioTrouble(f"{file}: cannot be read: {why_unread(error)}; it must be text in UTF-8") from None
    try:
        values = checked_settings(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, NotPlainAt) as error:
        mistake = not_plain(text, error) if isinstance(error, NotPlainAt) else not_toml(text, error)
        raise ScenarioTrouble(f"{file}, line {mistake.line}: {mistake}") from None
    try:
        scenario = msgspec.convert(values, Scenario)
    except msgspec.ValidationError as error:
        line, sentence = where_and_what(text, values, Scenario, str(error), file.name)
        sentence = sentence.replace("docs/settings.md", "docs/rehearsal.md")
        raise ScenarioTrouble(f"{file}, line {line}: {sentence}") from None
    for key, sentence in mistakes(scenario, catalogue):
        line = line_of(text, key) if key else fault_line(text, (), sentence)
        raise ScenarioTrouble(f"{file}, line {line}: {sentence}")
    return scenario
