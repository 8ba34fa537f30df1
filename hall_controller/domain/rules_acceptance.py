"""Rules for acceptances: where papers are carried, by when documents and results are due, and what credit bars."""

import re

from hall_controller.domain.record import Record

DAYS_MAX = 400


class AcceptanceRules(Record, frozen=True):
    """Days are working days."""

    district_hall: str = ""
    """The hall where matters of the district are decided; empty: nobody has said."""
    street_hall: str = ""
    """The hall where matters of the street are decided."""
    documents_due_days: int = 10
    """Documents that may come later are due so many days after the acceptance,"""
    remind_days: int = 2
    """and the applicant is reminded so many days before, counted by the calendar."""
    consignment_due_days: int = 2
    """Papers that were sent to another hall should be there after so many."""

    def __post_init__(self) -> None:
        for name in ("district_hall", "street_hall"):
            if not re.fullmatch(r"[A-Za-z0-9-]{0,16}", value := getattr(self, name)):
                raise ValueError(f"acceptance.{name} {value!r} is no hall id; write e.g. 'BA001'")
        for name in ("documents_due_days", "remind_days", "consignment_due_days"):
            if not 0 <= (days := getattr(self, name)) <= DAYS_MAX:
                raise ValueError(f"acceptance.{name} is {days}; give 0 to {DAYS_MAX} days")


class CreditRules(Record, frozen=True):
    """The wording that a clerk reads when an applicant is barred; the applicant never sees it on a screen."""

    barred_zh: str = (
        "该主体为失信主体。依据国务院《关于建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设的指导意见》"
        "（国发〔2016〕33号），限制其申请财政性资金补贴，本事项不予受理。"
    )
    barred_en: str = (
        "This applicant is listed as discredited. By State Council opinion Guofa [2016] No. 33 it is barred from"
        " subsidies out of public funds; the matter is not accepted."
    )

    def __post_init__(self) -> None:
        for name in ("barred_zh", "barred_en"):
            if not 1 <= len(getattr(self, name)) <= 400:
                raise ValueError(f"credit.{name} is empty or longer than 400 letters; write one sentence")
