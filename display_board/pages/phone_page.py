"""The phone page as plain HTML: everything inline, small, and of use without scripts."""

import base64
import hashlib
import re
from pathlib import Path

from display_board.pages.phone_booking import offers_html, offers_mark
from display_board.pages.phone_parts import Say, fingerprint, rating_html, visit_html
from display_board.pages.phone_view import PhoneView
from display_board.pages.words import NOTHING, Words
from hall_controller.domain.plain_text import markup as escape

STATIC = Path(__file__).parent / "static"
SCRIPT = re.sub(r"(?m)^\s+(//.*\n)?", "", (STATIC / "phone.js").read_text("utf-8"))
STYLE = (STATIC / "phone.css").read_text("utf-8")
RATING_STYLE = (STATIC / "phone_rating.css").read_text("utf-8")
OFFERS_STYLE = (STATIC / "phone_offers.css").read_text("utf-8")
PAGE = (STATIC / "phone.html").read_text("utf-8")
TROUBLE = (STATIC / "phone_trouble.html").read_text("utf-8")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


CONTENT_POLICY = (
    f"default-src 'none'; script-src {_hash(SCRIPT)}; "
    f"style-src {_hash(STYLE)} {_hash(RATING_STYLE)} {_hash(OFFERS_STYLE)}; "
    "connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

LANGUAGES = ("zh", "en")

BELL = Words("叫号时响铃并震动", "Sound and vibrate when called")
AS_OF = Words("大厅时间", "Hall time")
OFF = Words(
    "暂时连不上大厅，以下内容可能已过时，请留意大厅屏幕和语音",
    "The hall cannot be reached. What you see may be out of date: watch the screen in the hall",
)

UNKNOWN = (
    Words("找不到这张号票", "This ticket cannot be found"),
    Words(
        "链接有误，或号票已过期。请重新扫描号票上的二维码，或询问导办台",
        "The link is wrong or the ticket has expired. Scan the code on your ticket again, or ask at the reception desk",
    ),
)
BAD_FORM = (
    Words("这份评价无法读取", "This rating cannot be read"),
    Words(
        "请退回上一页重新填写，意见请不超过200字",
        "Please go back and fill it in again; keep the comment within 200 characters",
    ),
)
GUESSING = (
    Words("请稍后再试", "Please try again later"),
    Words("打开的错误链接太多。本页会自动重试", "Too many wrong links were opened. This page tries again by itself"),
)
SILENT = (
    Words("暂时连不上大厅", "The hall cannot be reached"),
    Words(
        "您的号码仍然有效，请留意大厅屏幕和语音。本页会自动重试",
        "Your number is still valid: watch the screen in the hall. This page tries again by itself",
    ),
)


def choose_language(asked: str | None, accepted: str, ticket_language: str | None) -> str:
    """`zh` or `en`: what the visitor asked for, else the ticket's language if foreign, else the phone's."""
    if asked in LANGUAGES:
        return str(asked)
    if ticket_language == "en":
        return "en"
    first = accepted.partition(",")[0].strip().lower()
    return "en" if first and not first.startswith(("zh", "yue", "*")) else "zh"


RELOAD = '<noscript><meta http-equiv="refresh" content="15"></noscript>'


def phone_html(view: PhoneView, language: str, *, token: str = "", form: str = "", said: Words = NOTHING) -> str:
    """`form` tells this page's rating from any other; `said` is what became of what was sent."""

    def say(words: Words) -> str:
        return words.en if language == "en" else words.zh

    other = "zh" if language == "en" else "en"
    return _fill(
        PAGE,
        lang="en" if language == "en" else "zh-CN",
        title=say(view.title),
        state=view.state,
        hall=say(view.hall),
        other_href=f"?lang={other}",
        other="中文" if other == "zh" else "English",
        off=say(OFF),
        off_hidden="hidden" if view.heard else "",
        news=say(view.news),
        hours=say(view.hours),
        open=say(view.open),
        code=view.code,
        code_label=say(view.code_label),
        mine=say(view.mine),
        number=view.number,
        head=say(view.head),
        big=view.big,
        big_label=say(view.big_label),
        detail=say(view.detail),
        bell=say(BELL),
        as_of=say(AS_OF),
        time=view.time,
        said=say(said),
        told=fingerprint(view.visit),
        offered=offers_mark(view.offers),
        rating=view.rating,
        raw={
            "style": STYLE,
            "script": SCRIPT,
            "visit": visit_html(view.visit, say),
            "offers": _offers(view, say, f"{token}/rebooking?lang={language}"),
            "form": _form(view, say, f"{token}/rating?lang={language}", form),
            # Without scripts a page that loads itself again would empty the form under the visitor's finger.
            "reload": "" if view.rating == "open" else RELOAD,
        },
    )


def _offers(view: PhoneView, say: Say, action: str) -> str:
    return f"<style>{OFFERS_STYLE}</style>{offers_html(view.offers, say, action)}" if view.offers else ""


def _form(view: PhoneView, say: Say, action: str, form: str) -> str:
    """Its style comes with it: most pages have none."""
    return f"<style>{RATING_STYLE}</style>{rating_html(say, action, form)}" if view.rating == "open" else ""


def trouble_html(trouble: tuple[Words, Words], *, retry_s: int | None = None) -> str:
    """A page in both languages that says what is wrong and what to do; it loads itself again after `retry_s`."""
    head, detail = trouble
    again = f'<meta http-equiv="refresh" content="{retry_s}">' if retry_s is not None else ""
    return _fill(
        TROUBLE,
        lang="zh-CN",
        title=f"{head.zh} {head.en}",
        head_zh=head.zh,
        head_en=head.en,
        detail_zh=detail.zh,
        detail_en=detail.en,
        raw={"style": STYLE, "again": again},
    )


def _fill(template: str, *, raw: dict[str, str], **values: str) -> str:
    """One pass over the template, so that nothing that was filled in is read as a placeholder."""
    ready = raw | {name: escape(value) for name, value in values.items()}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: ready[match[1]], template)
