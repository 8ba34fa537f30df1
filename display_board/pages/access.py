"""Who may rate on a counter's own screen: this box, and browsers that were enrolled. All that others can do is read."""

from fastapi import Request

from hall_controller.browsers import Browsers, is_from

COOKIE = "board_browser"


class Access:
    def __init__(self, keys: tuple[str, ...], secret: str) -> None:
        self._browsers = Browsers(keys, secret)
        self.cookie_for = self._browsers.cookie_for

    def may_touch(self, request: Request) -> bool:
        client = request.client.host if request.client else ""
        return self._browsers.may(client, request.headers.get("host", ""), request.cookies.get(COOKIE, ""))

    def may_send(self, request: Request) -> bool:
        """From a page of ours: browsers say of every such request where it comes from."""
        origin = request.headers.get("origin")
        ours = origin is not None and is_from(origin, request.headers.get("host", ""))
        return ours and self.may_touch(request)
