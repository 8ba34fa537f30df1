"""The catalogue of a sample district, for trying out: 702 legal, 248 natural and 88 convenience matters.

    hall matters DIR --import sample

It holds the 91 matters of a new hall and others made of the words in data/sample_district.txt, from 29 departments and
10 streets; each is marked as a sample. The same words make the same catalogue.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from msgspec.structs import replace

from hall_controller.domain.catalogue_rows import parse_catalogue
from hall_controller.domain.matters import Catalogue, How, Level, Matter, Route, Subject

COUNTS = {Subject.LEGAL: 702, Subject.NATURAL: 248, Subject.CONVENIENCE: 88}
ANY_HALL, ZERO_RUN, SELF_SERVICE, INSTANT, BY_PHONE = 538, 239, 190, 120, 60
PHYSICAL = 5
"""Of the matters accepted in any hall, every fifth needs its papers carried."""

Act = tuple[str, str, str]
"""Chinese and English name, with `{}` for what it is about, and a word for the code."""
ACTS: dict[str, tuple[Act, ...]] = {
    "permit": (
        ("{}核发", "{}: issue", "issue"),
        ("{}变更", "{}: change", "change"),
        ("{}延续", "{}: renewal", "renew"),
        ("{}注销", "{}: cancellation", "cancel"),
        ("{}遗失补领", "{}: replacement", "replace"),
    ),
    "filing": (
        ("{}备案", "{}: notification", "notify"),
        ("{}备案变更", "{}: change of a notification", "change"),
        ("{}备案注销", "{}: end of a notification", "cancel"),
    ),
    "card": (
        ("{}申领", "{}: first issue", "issue"),
        ("{}换领", "{}: renewal", "renew"),
        ("{}补领", "{}: replacement", "replace"),
    ),
    "register": (
        ("{}设立登记", "{}: registration", "register"),
        ("{}变更登记", "{}: change of registration", "change"),
        ("{}注销登记", "{}: deregistration", "cancel"),
    ),
    "subsidy": (("{}申请", "{}: application", "apply"), ("{}发放查询", "{}: state of the payment", "query")),
    "one": (("{}", "{}", ""),),
}
PAPERS: dict[Subject, dict[str, tuple[str, str]]] = {
    Subject.LEGAL: {
        "": ("申请书;营业执照;经办人身份证", "Application form;Business licence;Agent's ID card"),
        "replace": ("补领申请书;经办人身份证", "Replacement form;Agent's ID card"),
        "register": ("登记申请书;住所使用证明;经办人身份证", "Registration form;Proof of premises;Agent's ID card"),
    },
    Subject.NATURAL: {
        "": ("居民身份证;申请表", "ID card;Application form"),
        "replace": ("居民身份证或户口簿;证件照", "ID card or household register;Photo"),
    },
    Subject.CONVENIENCE: {"": ("居民身份证", "ID card")},
}
THEMES: dict[str, tuple[str, ...]] = {
    "open-restaurant": ("公司设立登记", "食品经营许可证核发", "户外招牌设置备案", "公章刻制备案", "新办纳税人套餐"),
    "open-training-school": ("校外培训机构办学许可证核发", "学校章程备案", "校外托管机构备案", "微型消防站备案"),
    "open-kindergarten": ("民办幼儿园办学许可证核发", "学校食堂食品经营许可核发", "校车使用备案", "托育机构备案"),
    "open-entertainment-venue": (
        "娱乐场所经营许可证核发",
        "歌舞娱乐场所歌曲点播系统备案",
        "公众聚集场所投入使用营业前消防安全检查核发",
        "公共场所卫生许可",
    ),
    "open-hotel": ("旅馆业特种行业许可证核发", "游泳场所卫生许可证核发", "停车场经营备案", "民宿经营备案"),
    "open-pharmacy": (
        "药品零售经营许可证核发",
        "第二类医疗器械经营备案",
        "定点零售药店备案",
        "第三类医疗器械经营许可证核发",
    ),
    "open-shop": ("个体工商户开业登记", "烟草专卖零售许可证核发", "仅销售预包装食品备案", "商铺门前三包责任备案"),
    "new-child": ("出生医学证明申领", "新生儿入户", "少儿医保参保", "育儿补贴申领"),
    "buy-home": ("购房资格核查", "二手房转移登记", "契税申报", "居民用电过户"),
    "start-business": ("初创企业补贴申请", "创业担保贷款申请", "单位参保登记及增减员", "公积金单位开户"),
    "close-company": ("企业简易注销", "清税注销", "单位社保注销", "公积金单位注销"),
    "leave-army": ("退役军人报到登记", "退役军人优待证申领", "自主就业退役金申领", "退役士兵技能培训报名"),
}
"""Twelve themes, 49 matters."""
THEME_NAMES: dict[str, tuple[str, str]] = {
    "open-restaurant": ("我要开餐馆", "Open a restaurant"),
    "open-training-school": ("我要办培训机构", "Open a training school"),
    "open-kindergarten": ("我要办幼儿园", "Open a kindergarten"),
    "open-entertainment-venue": ("我要开娱乐场所", "Open an entertainment venue"),
    "open-hotel": ("我要开旅馆", "Open a hotel"),
    "open-pharmacy": ("我要开药店", "Open a pharmacy"),
    "open-shop": ("我要开便利店", "Open a shop"),
    "new-child": ("我要生小孩", "A child is born"),
    "buy-home": ("我要买房", "Buy a home"),
    "start-business": ("我要创业", "Start a business"),
    "close-company": ("我要注销企业", "Close a company"),
    "leave-army": ("我是退役军人", "Leave the army"),
}
SUBSIDIES = 164
PUBLIC_MONEY = re.compile(
    "补贴|资助|奖励|补助|津贴|扶持|贴息|救助|退役金|基本生活费|供养|减免|慰问|优待金|助学金|贷款申请"
)
DECIDE_DAYS = {"permit": 10, "filing": 3, "card": 7, "register": 3, "subsidy": 20}
"""Working days, by what the code begins with; five for others."""
ALIASES: dict[str, str] = {
    "公司设立登记": "开公司;注册公司;办营业执照",
    "个体工商户开业登记": "办个体户;开小店",
    "新生儿入户": "小孩上户口;宝宝落户",
    "医疗费用手工报销": "医保报销;看病报销",
    "驾驶证期满换证": "换驾照;驾照到期",
    "无犯罪记录证明": "无犯罪证明;良民证",
    "普通护照申领": "办护照",
    "单身证明出具": "未婚证明",
    "小一入学学位申请": "上小学报名",
}


class Line(NamedTuple):
    """A department or street, and what one line of its words makes."""

    zh: str
    en: str
    group: str
    kind: str
    subject: Subject
    minutes: float
    things: list[tuple[str, str]]


def sample_district() -> Catalogue:
    """Exactly `COUNTS` matters; where the words make more, the later acts on a thing are left out."""
    data = files("hall_controller") / "data"
    base = parse_catalogue((data / "matters.csv").read_text("utf-8"))
    groups = {matter.group: (matter.group_zh, matter.group_en) for matter in base.matters.values()}
    lines = list(_lines((data / "sample_district.txt").read_text("utf-8")))
    departments = {line.group: (line.zh, line.en) for line in reversed(lines)}
    made = [
        replace(matter, department=zh, department_en=en, level=Level.DISTRICT)
        for matter in base.matters.values()
        for zh, en in [departments.get(matter.group, (lines[0].zh, lines[0].en))]
    ]
    codes, names = {matter.code for matter in made}, {matter.name_zh for matter in made}
    ranked: list[tuple[int, int, Matter]] = []
    for rank, place, matter in _made(lines, groups):
        if matter.code in codes or matter.name_zh in names:
            raise ValueError(f"{matter.code} {matter.name_zh} is made twice; mend data/sample_district.txt")
        codes.add(matter.code)
        names.add(matter.name_zh)
        ranked.append((rank, place, matter))
    kept = []
    for subject, count in COUNTS.items():
        room = count - sum(matter.subject is subject for matter in made)
        kept += sorted(one for one in ranked if one[2].subject is subject)[:room]
    made += [matter for _, _, matter in sorted(kept, key=lambda one: one[1])]
    order = list(groups)
    made.sort(key=lambda matter: order.index(matter.group))
    return Catalogue({matter.code: matter for matter in _with_ways(_with_credit(_with_words(made)))})


def _lines(text: str) -> Iterator[Line]:
    office: list[str] = []
    for line in text.splitlines():
        if line.startswith("="):
            office = [part.strip() for part in line[1:].split("|")]
        elif line and not line.startswith("#"):
            head, _, rest = line.partition(":")
            kind, subject, minutes = head.split()
            things = [tuple(part.strip() for part in thing.split("|")) for thing in rest.split(";")]
            pairs = [(thing[0], thing[1]) for thing in things]
            yield Line(office[0], office[1], office[2], kind, Subject(subject), float(minutes), pairs)


def _made(lines: list[Line], groups: dict[str, tuple[str, str]]) -> Iterator[tuple[int, int, Matter]]:
    """Each with how soon it can be spared and its place."""
    place = 0
    for line in lines:
        group_zh, group_en = groups[line.group]
        for zh, en in line.things:
            for rank, (act_zh, act_en, word) in enumerate(ACTS[line.kind]):
                wanted = line.kind == "card" and line.group == "person"
                spare = 0 if wanted else rank + 9 * (line.kind == "subsidy" and rank > 0)
                papers = PAPERS[line.subject]
                documents = [tuple(part.split(";")) for part in papers.get(word, papers[""])]
                place += 1
                yield spare, place, Matter(
                    code=re.sub(r"[^a-z0-9]+", "-", f"{line.kind} {en} {word}".lower()).strip("-")[:64],
                    name_zh=act_zh.format(zh),
                    name_en=act_en.format(en),
                    subject=line.subject,
                    group=line.group,
                    group_zh=group_zh,
                    group_en=group_en,
                    usual_minutes=line.minutes if rank == 0 else max(5.0, line.minutes - 5),
                    documents_zh=documents[0],
                    documents_en=documents[1],
                    department=line.zh,
                    department_en=line.en,
                    level=Level.STREET if line.zh.endswith("街道") else Level.DISTRICT,
                )  # fmt: skip


def _with_words(made: list[Matter]) -> list[Matter]:
    themes = {name: theme for theme, held in THEMES.items() for name in held}
    return [
        replace(
            matter,
            aliases=tuple(ALIASES[matter.name_zh].split(";")) if matter.name_zh in ALIASES else (),
            **_theme(themes.get(matter.name_zh)),
            sample=True,
        )
        for matter in made
    ]


def _theme(key: str | None) -> dict[str, tuple[str, ...]]:
    if key is None:
        return {}
    zh, en = THEME_NAMES[key]
    return {"themes": (key,), "themes_zh": (zh,), "themes_en": (en,)}


def _with_credit(made: list[Matter]) -> list[Matter]:
    """Subsidies by their names, and filings for what is lacking; what may come later on good credit."""
    paid = [matter.code for matter in made if PUBLIC_MONEY.search(matter.name_zh) and matter.group != "pickup"]
    others = [matter for matter in made if matter.subject is Subject.LEGAL and matter.code not in paid]
    others = [matter for matter in others if matter.code.startswith(("filing-", "subsidy-", "one-"))]
    others.sort(key=lambda matter: sha256(matter.code.encode()).digest())
    subsidies = {*paid, *(matter.code for matter in others[: SUBSIDIES - len(paid)])}
    return [
        replace(
            matter,
            subsidy=matter.code in subsidies,
            later=_later(matter),
            decide_days=DECIDE_DAYS.get(matter.code.split("-", 1)[0], 5) if matter.group != "pickup" else None,
        )
        for matter in made
    ]


def _later(matter: Matter) -> tuple[int, ...]:
    """Never the form, nor who one is; and something must be brought at once."""
    numbered = enumerate(matter.documents_zh, start=1)
    spare = [number for number, document in numbered if not re.search("申请|身份|户口|回执", document)]
    return tuple(spare[:1]) if len(matter.documents_zh) > 1 and matter.group != "pickup" else ()


def _with_ways(made: list[Matter]) -> list[Matter]:
    """How each can be done, spread evenly: by a number that hangs on its code alone."""
    order = sorted(made, key=lambda matter: sha256(matter.code.encode()).digest())
    results = [matter for matter in order if matter.group != "pickup"]
    district = [matter.code for matter in results if matter.level is Level.DISTRICT][:ANY_HALL]
    own = [matter.code for matter in results if matter.subject is not Subject.LEGAL]
    ways = {
        How.ANY_HALL: set(district),
        How.ZERO_RUN: {matter.code for matter in results[::2][:ZERO_RUN]},
        How.SELF_SERVICE: set(own[:SELF_SERVICE]),
        How.INSTANT: {matter.code for matter in results[1::3][:INSTANT]},
        How.BY_PHONE: set(own[-BY_PHONE:]),
    }
    physical = set(district[::PHYSICAL])
    return [
        replace(
            matter,
            how=(How.HERE, *(way for way, codes in ways.items() if matter.code in codes)),
            route=(Route.PHYSICAL if matter.code in physical else Route.ELECTRONIC)
            if matter.code in ways[How.ANY_HALL]
            else None,
        )
        for matter in made
    ]
