"""What a board's page says as it is served, without a browser."""

import html
import re
import urllib.request

CALL = re.compile(r'class="call[^"]*" data-number="([A-Z]+\d+)" data-counter="(\d+)"')


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        text: str = answer.read().decode()
    return text


def calls_on(board: str) -> set[tuple[str, int]]:
    """(number, counter) of what stands in the large panel."""
    text = html.unescape(page(f"{board}/")).replace('\\"', '"')
    return {(number, int(counter)) for number, counter in CALL.findall(text)}
