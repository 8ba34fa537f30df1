"""Rates, keys, proxies, and clients that take their time."""

import hashlib
import itertools
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.gateway.gateways import Site, at, problem, site
from tests.support import MATTER, hall_command, make_hall_at, wait_for

KEY = "a key that only the server of the district's app knows"
SETTINGS = f"""
app_keys = ["district:{hashlib.sha256(KEY.encode()).hexdigest()}"]
per_address = "40/minute"
bookings_per_holder = "3/hour"
wrong_tokens = "4/hour"
proxies = ["127.0.0.0/8"]
cors_origins = ["https://app.example.cn"]
request_s = 1
connections_per_address = 3
stale_s = 0
"""
_HOSTS = itertools.count(1)
APP = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def site_behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = make_hall_at(tmp_path_factory.mktemp("strict"), "2026-11-30 08:50:00")
    with site(directory, SETTINGS) as running:
        yield running


@pytest.fixture
def strict(site_behind_a_proxy: Site) -> Site:
    """Each test comes from an address of its own."""
    site_behind_a_proxy.http.headers["X-Forwarded-For"] = f"100.64.0.{next(_HOSTS)}"
    return site_behind_a_proxy


def behind(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def until_limited(site: Site, path: str, **options: object) -> httpx.Response:
    for _ in range(41):
        answer = site.http.get(path, **options)  # type: ignore[arg-type]  # httpx's own
        if answer.status_code == 429:
            return answer
    raise AssertionError("nothing was limited")


def test_an_address_that_asks_too_often_waits_and_others_do_not(strict: Site) -> None:
    answer = until_limited(strict, "/hall", headers=behind("203.0.113.7"))
    assert problem(answer) == (429, "rate_limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert strict.http.get("/hall", headers=behind("203.0.113.8")).status_code == 200
    # A caller may write what it likes further left; the proxy's own word is the last one.
    assert strict.http.get("/hall", headers=behind("198.51.100.1, 203.0.113.7")).status_code == 429


def test_an_ipv6_home_is_one_address(strict: Site) -> None:
    until_limited(strict, "/hall", headers=behind("2001:db8:1:2::1"))
    assert strict.http.get("/hall", headers=behind("2001:db8:1:2:ffff::9")).status_code == 429
    assert strict.http.get("/hall", headers=behind("2001:db8:1:3::1")).status_code == 200


def test_with_keys_bookings_need_one(strict: Site) -> None:
    body = {"matter": MATTER, "slot_at": at("10:00"), "holder": "keyless"}
    answer = strict.http.post("/bookings", json=body)
    assert problem(answer) == (401, "key_needed")
    assert answer.headers["www-authenticate"] == "Bearer"
    for wrong in ("Bearer no", "Bearer", f"Basic {KEY}", f"Bearer {KEY}x"):
        assert strict.refused("/bookings", body, headers={"Authorization": wrong}) == (403, "key_unknown")
    booking = strict.post("/bookings", body, 201, headers=APP)
    # A visitor's own token is enough for the visitor's own ticket.
    assert strict.post(f"/tickets/{booking['token']}/cancel") == {"state": "cancelled"}
    document = strict.http.get(strict.url.removesuffix("/v1") + "/openapi.json").json()
    assert document["paths"]["/v1/bookings"]["post"]["security"] == [{"appKey": []}]
    assert "security" not in document["paths"]["/v1/hall"]["get"]


def test_one_holder_books_so_often_and_a_repeat_does_not_count(strict: Site) -> None:
    body = {"matter": MATTER, "slot_at": at("11:00"), "holder": "eager"}
    headers = {**APP, "Idempotency-Key": "0123456789abcdef"}
    first = strict.post("/bookings", body, 201, headers=headers)
    for _ in range(5):
        assert strict.post("/bookings", body, 201, headers=headers) == first
    for _ in range(2):
        assert strict.refused("/bookings", body, headers=APP) == (409, "already_booked")
    answer = strict.http.post("/bookings", json=body, headers=APP)
    assert problem(answer) == (429, "rate_limited")
    assert 3_000 < int(answer.headers["retry-after"]) <= 3_600
    strict.post("/bookings", {**body, "holder": "patient"}, 201, headers=APP)


def test_guessing_ends_and_the_good_tokens_of_the_same_house_go_on(strict: Site) -> None:
    body = {"matter": MATTER, "slot_at": at("15:00"), "holder": "neighbour"}
    token = strict.post("/bookings", body, 201, headers=APP)["token"]
    guesser = behind("192.0.2.77")
    for guess in range(4):
        answer = strict.http.get(f"/tickets/{guess}.{'0' * 20}", headers=guesser)
        assert problem(answer) == (404, "unknown_ticket")
    answer = strict.http.post(f"/tickets/4.{'0' * 20}/cancel", headers=guesser)
    assert problem(answer) == (429, "rate_limited")
    assert strict.http.get(f"/tickets/{token}", headers=guesser).status_code == 200
    assert strict.http.get(f"/tickets/5.{'0' * 20}", headers=behind("192.0.2.78")).status_code == 404


def test_only_named_pages_may_call_from_a_browser(strict: Site, monday: Site) -> None:
    ask = {"Origin": "https://app.example.cn", "Access-Control-Request-Method": "POST"}
    answer = strict.http.options("/bookings", headers=ask)
    assert answer.headers["access-control-allow-origin"] == "https://app.example.cn"
    other = strict.http.get("/hall", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-origin" not in monday.http.get("/hall", headers=ask).headers


# --- slow, crowding, shapeless -------------------------------------------------------------------


def connect(site: Site) -> socket.socket:
    url = urlsplit(site.url)
    return socket.create_connection((url.hostname or "", url.port or 0), timeout=15)


def all_that_comes(client: socket.socket) -> bytes:
    found = b""
    while part := client.recv(4096):
        found += part
    return found


def test_a_client_that_never_finishes_its_head_or_body_is_left(strict: Site) -> None:
    head = b"POST /v1/bookings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    since_s = time.monotonic()
    with connect(strict) as silent, connect(strict) as slow, connect(strict) as half:
        slow.sendall(head)
        half.sendall(head + b"Content-Length: 500\r\n\r\n{")
        assert all_that_comes(silent) == b""
        assert all_that_comes(slow) == b""
        assert b"408" in all_that_comes(half).split(b"\r\n")[0]
    assert time.monotonic() - since_s < 15
    assert strict.http.get("/hall").status_code == 200


def test_a_second_request_on_one_line_may_not_dawdle_either(strict: Site) -> None:
    with connect(strict) as client:
        client.sendall(b"GET /v1/hall HTTP/1.1\r\nHost: x\r\n\r\n")
        found = client.recv(4096)
        client.sendall(b"GET /v1/ha")
        found += all_that_comes(client)
    assert found.count(b"HTTP/1.1 200") == 1


def test_what_is_no_http_is_told_so_in_our_shape(strict: Site) -> None:
    with connect(strict) as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        found = all_that_comes(client)
    assert found.startswith(b"HTTP/1.1 400")
    assert b'"code":"malformed"' in found


def test_a_query_may_be_typed_as_people_read_it(strict: Site) -> None:
    line = "GET /v1/matters?q=身份证 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with connect(strict) as client:
        for part in (line, line[:20], line[20:], line):
            client.sendall(part)
            if part.endswith(b"\r\n\r\n"):
                found = client.recv(65_536)
                assert found.startswith(b"HTTP/1.1 200")
                while not found.endswith(b"]}"):
                    found += client.recv(65_536)
                assert "身份证" in found.decode()


def test_one_address_cannot_hold_all_connections(tmp_path: Path) -> None:
    with site(make_hall_at(tmp_path, "2026-11-30 08:50:00", counters=1), "connections_per_address = 3") as there:
        held = [connect(there) for _ in range(6)]
        gone = []
        for client in held:
            client.settimeout(1)
            try:
                gone.append(client.recv(1) == b"")
            except ConnectionResetError:
                gone.append(True)
            except TimeoutError:
                gone.append(False)
        assert gone.count(False) == 3
        for client in held:
            client.close()
        wait_for(lambda: there.http.get("/hall").status_code == 200)


# --- the command ---------------------------------------------------------------------------------


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    directory = make_hall_at(tmp_path, "2026-11-30 08:50:00", counters=1)
    assert hall_command("gateway", directory).returncode == 2
    hall_command("enroll", directory, "gateway", "--role", "gateway")
    text = (directory / "hall.toml").read_text("utf-8")
    for setting, told in (
        ('app_keys = ["secret"]', "app_keys"),
        ("colour = 3", "colour"),
    ):
        (directory / "hall.toml").write_text(f"{text}\n[device.gateway]\n{setting}\n", "utf-8")
        result = hall_command("gateway", directory, "--port", "0")
        assert result.returncode == 2, setting
        (line,) = result.stderr.splitlines()
        assert "[device.gateway]" in line
        assert told in line


def test_a_new_key_opens_what_its_digest_guards() -> None:
    printed = hall_command("gateway", "--new-key").stdout
    key = re.search(r"alone: (\S+)", printed)
    digest = re.search(r'"app:([0-9a-f]{64})"', printed)
    assert key
    assert digest
    assert hashlib.sha256(key[1].encode()).hexdigest() == digest[1]
