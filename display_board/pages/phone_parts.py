"""The parts of the phone page that are lists or forms: pure text in, escaped markup out."""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from display_board.pages.rating_words import ASK, COMMENT, COMMENT_MAX, REASONS, SEND, STARS, WHY
from display_board.pages.visit_view import AcceptedLine, MatterLine, Visit
from display_board.pages.words import Words
from hall_controller.domain.plain_text import markup as escape

Say = Callable[[Words], str]


def fingerprint(visit: Visit) -> str:
    """Another one when the page has something new to show."""
    return sha256(msgspec.json.encode(visit)).hexdigest()[:12]


def visit_html(visit: Visit, say: Say) -> str:
    matters = "".join(_matter(line, say) for line in visit.matters)
    accepted = "".join(_accepted(line, say) for line in visit.accepted)
    return (f'<ul class="matters">{matters}</ul>' if matters else "") + (f"<ul>{accepted}</ul>" if accepted else "")


def _matter(line: MatterLine, say: Say) -> str:
    return f'<li class="{line.outcome}">{escape(say(line.name))} <span>{escape(say(line.said))}</span></li>'


def _accepted(line: AcceptedLine, say: Say) -> str:
    urgent = " urgent" if line.urgent else ""
    return (
        f'<li class="{line.state}{urgent}"><b>{escape(say(line.name))}</b><small>{escape(line.receipt)}</small>'
        f'<span class="where">{escape(say(line.where))}</span><span>{escape(say(line.promised))}</span>'
        f'<span class="missing">{escape(say(line.missing))}</span></li>'
    )


def rating_html(say: Say, action: str, form: str) -> str:
    """Works without scripts: reasons and comment appear with the stars that are touched."""
    stars = "".join(
        f'<input type="radio" name="stars" id="s{count}" value="{count}" required><label for="s{count}">'
        f"<i>{'★' * count}{'☆' * (5 - count)}</i>{escape(say(words))}</label>"
        for count, words in STARS.items()
    )
    reasons = "".join(
        f'<input type="checkbox" name="reasons" id="{reason}" value="{reason}"><label for="{reason}">'
        f"{escape(say(words))}</label>"
        for reason, words in REASONS.items()
    )
    return (
        f'<form method="post" action="{escape(action)}"><h2>{escape(say(ASK))}</h2>{stars}'
        f'<div class="low"><h2>{escape(say(WHY))}</h2>{reasons}<label class="text" for="comment">'
        f'{escape(say(COMMENT))}</label><textarea id="comment" name="comment" maxlength="{COMMENT_MAX}"></textarea>'
        f'</div><input type="hidden" name="form" value="{escape(form)}">'
        f"<button>{escape(say(SEND))}</button></form>"
    )
