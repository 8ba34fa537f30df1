"""The panel on a counter's screen on which its last visitor rates: large to touch, in both languages."""

from display_board.pages.markup import both
from display_board.pages.offers import Offer
from display_board.pages.rating_words import ASK, LOW_STARS, REASONS, SAID, SEND, STARS, WHY, Said
from display_board.pages.words import Words
from hall_controller.domain.plain_text import markup as escape

BACK = Words("返回", "Back")
MAY_NOT = (
    '<p class="rate-not" role="status">'
    + both(Words("此屏尚未登记，不能评分", "This screen is not enrolled: it takes no ratings"))
    + "</p>"
)


def panel_markup(counter: int, offer: Offer) -> str:
    """rate.js sends what is touched."""
    head = f'<aside class="rate" data-counter="{counter}" data-ticket="{offer.ticket}" data-low="{LOW_STARS}"'
    if offer.thanks:
        return f'{head}><p class="said" role="status">{both(SAID[Said.THANKS])}</p></aside>'
    number = f'<b class="number">{escape(offer.number)}</b>'
    stars = "".join(
        f'<button type="button" data-stars="{count}"><i>{"★" * count}</i>{both(words)}</button>'
        for count, words in STARS.items()
    )
    reasons = "".join(
        f'<button type="button" data-reason="{reason}" aria-pressed="false">{both(words)}</button>'
        for reason, words in REASONS.items()
    )
    return (
        f'{head}><div class="ask"><h2>{number}<span>{both(ASK)}</span></h2><div class="stars">{stars}</div></div>'
        f'<div class="why" hidden><h2><span>{both(WHY)}</span></h2><div class="reasons">{reasons}</div>'
        f'<div class="ends"><button type="button" data-back>{both(BACK)}</button>'
        f'<button type="button" data-send>{both(SEND)}</button></div></div>'
        f'<p class="said" role="status" hidden></p></aside>'
    )
