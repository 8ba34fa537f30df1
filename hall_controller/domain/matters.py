"""The catalogue of matters: what visitors come for, what it needs, and how it can be done."""

import msgspec

from hall_controller.domain.open_enum import OpenEnum


class Subject(OpenEnum):
    """Whose matter it is."""

    NATURAL = "natural"
    LEGAL = "legal"
    CONVENIENCE = "convenience"


class Level(OpenEnum):
    """Who decides on it."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class How(OpenEnum):
    """A way in which a matter can be done."""

    HERE = "here"
    """At a counter of this hall."""
    ANY_HALL = "any_hall"
    """At a counter of any hall of the district; its papers travel by its route."""
    ZERO_RUN = "zero_run"
    """Without a visit."""
    SELF_SERVICE = "self_service"
    """At a 24-hour self-service terminal."""
    INSTANT = "instant"
    """Approved on the spot, without a person."""
    BY_PHONE = "by_phone"


class Route(OpenEnum):
    """How the papers of a matter accepted in any hall reach who decides."""

    ELECTRONIC = "electronic"
    PHYSICAL = "physical"


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name_zh: str
    name_en: str
    subject: Subject
    group: str
    """Key of its button on the kiosk and of its number series, e.g. `business`."""
    group_zh: str
    group_en: str
    usual_minutes: float
    documents_zh: tuple[str, ...] = ()
    documents_en: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """What people call it, in any language."""
    department: str = ""
    """Or street: whose matter it is within the administration."""
    department_en: str = ""
    """Where there is none, the Chinese name stands for it."""
    level: Level | None = None
    """Who decides on it; null where the catalogue does not say."""
    themes: tuple[str, ...] = ()
    """Keys of the bundles it is part of, e.g. `open-restaurant`."""
    themes_zh: tuple[str, ...] = ()
    """Their Chinese names, in the same order; where there is none, the key stands for it."""
    themes_en: tuple[str, ...] = ()
    how: tuple[How, ...] = (How.HERE,)
    """All the ways in which it can be done."""
    route: Route | None = None
    """Of a matter accepted in any hall."""
    later: tuple[int, ...] = ()
    """Numbers, from 1 on, of the documents that may come later from an applicant of good credit."""
    subsidy: bool = False
    """Public money: discredited applicants are barred from it."""
    decide_days: int | None = None
    """Working days within which its department decides; null where the catalogue does not say."""
    sample: bool = False
    """Invented for trying out: no matter of a real district."""

    def department_in(self, *, english: bool) -> str:
        return self.department_en or self.department if english else self.department


class Theme(msgspec.Struct, frozen=True):
    """What people come for that takes several matters: opening a restaurant, say."""

    theme: str
    name_zh: str
    name_en: str
    matters: tuple[Matter, ...]
    """In the order of the catalogue."""


class Catalogue(msgspec.Struct, frozen=True):
    """Matters by code, in the order of the file."""

    matters: dict[str, Matter]

    def themes(self) -> dict[str, Theme]:
        """By key, in the order in which the catalogue names them first; the first name given holds."""
        found: dict[str, Theme] = {}
        for matter in self.matters.values():
            for place, key in enumerate(matter.themes):
                known = found.get(key, Theme(key, "", "", ()))
                found[key] = Theme(
                    key,
                    known.name_zh or "".join(matter.themes_zh[place : place + 1]),
                    known.name_en or "".join(matter.themes_en[place : place + 1]),
                    (*known.matters, matter),
                )
        return {
            key: Theme(key, theme.name_zh or key, theme.name_en or key, theme.matters) for key, theme in found.items()
        }

    def group_of(self, code: str) -> str | None:
        matter = self.matters.get(code)
        return matter.group if matter is not None else None

    def groups(self) -> dict[str, list[Matter]]:
        by_group: dict[str, list[Matter]] = {}
        for matter in self.matters.values():
            by_group.setdefault(matter.group, []).append(matter)
        return by_group
