"""What a visitor, a hasty app or a forger is refused: one shape, a fitting status, and nothing done."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_controller.bus.keys import ticket_token
from tests.gateway.gateways import JSON, MONDAY, Site, at, problem, site
from tests.support import MATTER, make_hall_at

WRONG_TIMES = ["tomorrow", "2026-11-30", "2026-11-30T10:00:00", "2026-11-30T25:00:00+08:00", "2026-02-30T10:00:00Z", ""]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall of one counter: a half hour has room for one booking."""
    directory = make_hall_at(tmp_path_factory.mktemp("small"), "2026-11-30 08:50:00", counters=1)
    with site(directory, 'bookings_per_holder = "1000/hour"\nbookings_per_address = "1000/hour"') as running:
        yield running


def wanted(slot: str, holder: str = "h1", **more: object) -> dict[str, object]:
    return {"matter": MATTER, "slot_at": slot, "holder": holder, **more}


def test_one_person_does_not_book_twice(monday: Site) -> None:
    first = monday.book(at("15:00"), "twice")
    assert monday.refused("/bookings", wanted(at("15:00"), "twice")) == (409, "already_booked")
    assert monday.refused("/bookings", wanted(at("16:30"), "twice")) == (409, "already_booked")
    assert monday.refused("/bookings", wanted("2026-11-30T15:00:00.2+08:00", "twice")) == (409, "already_booked")
    second, third = (monday.book(at("15:00", f"2026-12-0{day}"), "twice") for day in (1, 2))
    assert monday.refused("/bookings", wanted(at("15:00", "2026-12-03"), "twice")) == (409, "too_many_bookings")
    for booking in (first, second, third):
        monday.post(f"/tickets/{booking['token']}/cancel")
    monday.post(f"/tickets/{monday.book(at('15:00'), 'twice')['token']}/cancel")


def test_a_full_half_hour_and_one_that_is_none(small: Site) -> None:
    small.book(at("10:00"), "first")
    slots = small.get(f"/days/{MONDAY}/slots")["slots"]
    ten = next(slot for slot in slots if slot["slot_at"] == at("10:00"))
    assert (ten["free"], ten["capacity"]) == (0, 1)
    assert small.refused("/bookings", wanted(at("10:00"), "second")) == (409, "no_slot")
    for time in ("10:10", "12:30", "23:00"):
        assert small.refused("/bookings", wanted(at(time), "third")) == (409, "no_slot")
    assert small.refused("/bookings", wanted(at("10:00", "2027-06-01"), "third")) == (409, "no_slot")
    assert small.get("/days/2027-06-01/slots")["slots"] == []


def test_a_half_hour_that_has_begun(small: Site) -> None:
    for moment in (at("08:30"), "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1990-12-31T23:59:60Z"):
        assert small.refused("/bookings", wanted(moment)) == (409, "no_slot")
    assert small.refused("/bookings", wanted("9999-12-31T23:59:59Z")) == (409, "no_slot")


def test_the_field_is_named_as_the_api_has_it(small: Site) -> None:
    answer = small.http.post("/bookings", json=wanted(at("08:30")))
    assert answer.json()["field"] == "slot_at"
    assert "slot_at_ms" not in answer.text
    answer = small.http.post("/bookings", json=wanted(at("10:30"), matter="no-such"))
    assert (answer.status_code, answer.json()["field"]) == (404, "matter")
    assert small.refused("/bookings", wanted(at("10:30"), theme="no-such")) == (404, "unknown_matter")
    assert small.refused("/bookings", wanted(at("10:30"), more=[MATTER])) == (422, "malformed")


def test_forged_and_foreign_tokens_open_nothing(monday: Site, small: Site) -> None:
    own = monday.book(at("17:00"), "own")["token"]
    foreign = small.book(at("17:00"), "foreign")["token"]
    epoch = monday.hall.state().epoch
    forged = ticket_token(b"a guess of the secret, long enough", epoch, int(own.split(".")[0]))
    earlier = ticket_token((monday.hall.dir / "keys" / "token.key").read_bytes().strip(), "another1", 1)
    tampered = own[:-1] + ("0" if own[-1] != "0" else "1")
    booking_code = monday.get(f"/tickets/{own}")["code"]
    bad = [foreign, forged, earlier, tampered, booking_code, "1", "x" * 64, "1.", "%00", "１.4fa08c00000000000000"]
    for token in bad:
        assert monday.get(f"/tickets/{token}", 404)["code"] == "unknown_ticket", token
        for act, body in (("check-in", None), ("cancel", None), ("rating", {"stars": 5})):
            assert monday.refused(f"/tickets/{token}/{act}", body) == (404, "unknown_ticket")
    assert monday.get(f"/tickets/{own}")["state"] == "booked"


@pytest.mark.parametrize("moment", WRONG_TIMES)
def test_a_time_that_is_none(small: Site, moment: str) -> None:
    assert small.refused("/bookings", wanted(moment)) == (422, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b"nonsense", b'{"matter": 1}', b"[" * 4_000, b'{"holder": "\\ud800"}',
        b'{"matter":"id-card-renew","slot_at":"2026-11-30T10:30:00+08:00","holder":"\\ud83d"}',
        b'{"matter":"id-card-renew","slot_at":"2026-11-30T10:30:00+08:00","holder":""}',
        b'{"matter":"id-card-renew","slot_at":"2026-11-30T10:30:00+08:00","holder":"h","language":"fr"}',
        b'{"matter":"id-card-renew","slot_at":"2026-11-30T10:30:00+08:00","holder":"h","priority":true}',
        b'{"matter":"id-card-renew","slot_at":1795831200,"holder":"h"}',
        b'{"matter":"id-card-renew","slot_at":' + b"9" * 5_000 + b',"holder":"h"}',
    ],
)  # fmt: skip
def test_garbage_is_refused_in_one_sentence(small: Site, body: bytes) -> None:
    status, code = problem(small.http.post("/bookings", content=body, headers=JSON))
    assert (status, code) == (422, "malformed")


def test_ratings_that_are_none(monday: Site) -> None:
    path = f"/tickets/{monday.book(at('17:30'), 'rater')['token']}/rating"
    for body in ({}, {"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": True}, {"stars": 5.5},
                 {"stars": 1, "reasons": ["weather"]}, {"stars": 1, "comment": "x" * 201}):  # fmt: skip
        assert monday.refused(path, body) == (422, "malformed"), body


def test_a_body_that_is_too_large_or_no_json_by_its_own_account(small: Site) -> None:
    huge = b'{"holder": "' + b"x" * 20_000 + b'"}'
    assert problem(small.http.post("/bookings", content=huge, headers=JSON)) == (413, "too_large")
    chunks = (huge[place : place + 1_000] for place in range(0, len(huge), 1_000))
    assert problem(small.http.post("/bookings", content=chunks, headers=JSON)) == (413, "too_large")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = small.http.post("/bookings", content=b"{}", headers={"Content-Type": kind})
        assert problem(answer) == (415, "unsupported_media_type")


def test_paths_and_methods_that_are_not_there(small: Site) -> None:
    for path in ("/nothing", "/bookings/1/2", "/../hall.toml", "/hall/"):
        assert problem(small.http.get(path)) == (404, "not_found")
    answer = small.http.delete("/bookings")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"
    for path in ("/docs", "/redoc", "/metrics"):
        assert problem(small.http.get(small.url.removesuffix("/v1") + path)) == (404, "not_found")


def test_a_repeat_with_the_same_key_is_done_once(small: Site) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = small.post("/bookings", wanted(at("14:30"), "again"), 201, headers=key)
    assert small.post("/bookings", wanted(at("14:30"), "again"), 201, headers=key) == first
    assert len([one for one in small.hall.state().tickets.values() if one.slot_at_ms and one.matter == MATTER]) >= 1
    # Another's request with this key gets no answer of ours.
    assert small.refused("/bookings", wanted(at("15:00"), "another"), headers=key) == (409, "key_reused")
    cancel = {"Idempotency-Key": uuid.uuid4().hex}
    path = f"/tickets/{first['token']}/cancel"
    assert small.post(path, headers=cancel) == small.post(path, headers=cancel) == {"state": "cancelled"}
    assert small.refused(path) == (409, "wrong_state")
    assert small.refused(path, headers={"Idempotency-Key": "short"}) == (422, "malformed")


def test_a_repeat_after_the_half_hour_is_full_is_still_the_same_booking(small: Site) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = small.post("/bookings", wanted(at("16:00"), "slow line"), 201, headers=key)
    assert small.refused("/bookings", wanted(at("16:00"), "another")) == (409, "no_slot")
    assert small.post("/bookings", wanted(at("16:00"), "slow line"), 201, headers=key) == first


def test_a_closed_hall_takes_no_booking_of_today(tmp_path: Path) -> None:
    from hall_controller.domain import commands as c

    with site(make_hall_at(tmp_path, "2026-11-30 08:50:00", counters=2)) as there:
        there.hall.do(c.CloseHall(reason="water pipe"))
        assert there.refused("/bookings", wanted(at("10:00"))) == (409, "hall_closed")
        there.book(at("10:00", "2026-12-01"))
        there.until(lambda: there.get("/hall")["issuing"] == "closed")
        hall = there.get("/hall")
        assert (hall["is_open"], hall["stop_cause"]) == (False, None)
