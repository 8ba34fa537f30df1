"""The rules of deploy/prometheus: each has its test for promtool, says what to do, and uses what is exported."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from metrics.table import SPECS, Type

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "deploy" / "prometheus"
RULES = sorted((PLACE / "rules").glob("*.yml"))
TESTS = sorted((PLACE / "tests").glob("*.yml"))
DOCS = ROOT / "docs" / "monitoring.md"


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text("utf-8"))


def rules(kind: str) -> list[dict[str, Any]]:
    """`alert` or `record`."""
    return [rule for file in RULES for group in read(file)["groups"] for rule in group["rules"] if kind in rule]


ALERTS = {rule["alert"]: rule for rule in rules("alert")}
RECORDED = {rule["record"] for rule in rules("record")}
CASES = [case for file in TESTS for test in read(file)["tests"] for case in test["promql_expr_test"]]


def promtool(*words: str | Path) -> str:
    done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True, check=False, timeout=240)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def test_promtool_finds_no_fault() -> None:
    said = promtool("check", "rules", "--lint-fatal", *RULES)
    assert said.count("SUCCESS") == len(RULES)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_each_file_of_tests_passes(file: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", file)


def test_every_recording_rule_has_a_value_in_a_test() -> None:
    shown = " ".join(case["expr"] for case in CASES if case["exp_samples"])
    asserted = set(re.findall(r"[a-z]+:[a-z0-9_:]+", shown))
    assert asserted >= RECORDED, RECORDED - asserted


def names_of(samples: list[dict[str, Any]]) -> set[str]:
    return set(re.findall(r'alertname="(\w+)"', " ".join(sample["labels"] for sample in samples)))


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_fires_in_a_test_and_is_silent_before(alert: str) -> None:
    tests = [test["promql_expr_test"] for file in TESTS for test in read(file)["tests"]]
    firing = [cases for cases in tests if any(alert in names_of(case["exp_samples"] or []) for case in cases)]
    assert firing, f"no test has {alert} firing"
    assert any(
        "alertstate" in case["expr"] and alert not in names_of(case["exp_samples"] or [])
        for cases in firing
        for case in cases
    ), f"no test has {alert} silent"


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_every_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert alert["labels"]["scope"] in {"district", "street", "hall"}
    assert re.fullmatch(r"[1-9]\d*[mh]", alert["for"])
    assert set(alert["annotations"]) == {"summary", "runbook", "runbook_url"}
    runbook = alert["annotations"]["runbook"]
    assert runbook.endswith(".")
    assert 1 <= len(re.findall(r"[.?](?= [A-Z]|$)", runbook)) <= 4
    assert len(runbook) < 260
    assert alert["annotations"]["runbook_url"] == f"docs/monitoring.md#{alert['alert'].lower()}"
    if alert["labels"]["scope"] == "hall":
        assert "{{ $labels.hall }} ({{ $labels.street }})" in alert["annotations"]["summary"]


def test_every_alert_has_its_section_and_no_section_is_left_over() -> None:
    sections = re.findall(r"(?m)^### (\w+)$", DOCS.read_text("utf-8"))
    assert sections == list(ALERTS)


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_a_section_names_severity_and_duration(alert: dict[str, Any]) -> None:
    section = DOCS.read_text("utf-8").split(f"\n### {alert['alert']}\n")[1].split("\n#")[0]
    assert section.startswith(f"\n*{alert['labels']['severity']}, after {alert['for']}.*")


def test_the_rules_use_nothing_that_is_not_exported() -> None:
    series = {spec.name for spec in SPECS} | {
        f"{spec.name}_{part}" for spec in SPECS if spec.type is Type.HISTOGRAM for part in ("bucket", "count", "sum")
    }
    for rule in (*rules("alert"), *rules("record")):
        used = set(re.findall(r"\bhall_[a-z_]+\b", rule["expr"])) - {"hall_no_shows_total"}
        assert used <= series, rule
        assert set(re.findall(r"\b[a-z]+:[a-z0-9_:]+", rule["expr"])) <= RECORDED | {"hall:inventory:info"}, rule
