"""Internal: never on the wire."""

from hall_controller.domain.alert import Surroundings
from hall_controller.domain.commands.kinds import Command
from hall_controller.domain.matters import Catalogue
from hall_controller.domain.rules import Rules


class Tick(Command, frozen=True):
    """Time has passed: decide what happens by itself."""

    surroundings: Surroundings | None = None
    """None: nothing is known of them, and what is alerted of them stays as it is."""


class ChangeRules(Command, frozen=True):
    """hall.toml says something else than the journal."""

    rules: Rules


class ChangeCatalogue(Command, frozen=True):
    """matters.csv says something else than the journal, or another catalogue was imported."""

    catalogue: Catalogue


class StepClock(Command, frozen=True):
    """The hall's clock was set."""

    step_ms: int
