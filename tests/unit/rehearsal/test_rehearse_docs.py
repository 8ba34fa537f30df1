"""docs/rehearsal.md names what there is."""

from pathlib import Path

import msgspec
import pytest

from hall_controller.cli.rehearsing import rehearse
from hall_controller.rehearsal import day
from hall_controller.rehearsal.rehearse import Rehearsed

PAGE = (Path(__file__).parents[3] / "docs" / "rehearsal.md").read_text("utf-8")


@pytest.mark.parametrize("option", [option for param in rehearse.params for option in param.opts if "--" in option])
def test_every_option_is_explained(option: str) -> None:
    assert f"`{option} " in PAGE or f"`{option}`" in PAGE


def test_the_shares_are_those_of_the_model() -> None:
    shares = {
        "before the doors": day.EARLY,
        "in the morning's peak": day.PEAK,
        "booked": day.BOOKED,
        "at reception": day.RECEPTION,
        "without a ticket": day.UNTICKETED,
        "priority": day.PRIORITY,
        "fail and the number": day.TOUCHED,
        "fail and nobody": day.UNPRINTED,
        "are sent for a copy": day.HELD,
        "are sent on": day.TRANSFERRED,
        "have another matter": day.AMENDED,
        "of the visitors": day.MISCLICKED,
    }
    for what, share in shares.items():
        assert f"{share * 100:g} % {what}" in PAGE
    assert f"within {day.LAST_ARRIVAL_S // 60} minutes" in PAGE
    assert f"around {day.PATIENCE_MINUTES} minutes" in PAGE


def test_the_fields_of_the_result_are_named() -> None:
    named_elsewhere = {"hall", "tier", "counters", "mode", "seed", "day", "outcome"}
    for field in msgspec.structs.fields(Rehearsed):
        assert field.name in named_elsewhere or f"`{field.name}`" in PAGE or f'"{field.name}"' in PAGE, field.name
