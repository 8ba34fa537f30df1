"""What a visitor does with the district's app, over real HTTP to a real hall."""

from hall_controller.bus.wire import Accepted, Matters
from hall_controller.domain import commands as c
from hall_controller.domain.ticket import VisitorClass
from hall_controller.i18n import waits
from tests.gateway.gateways import MONDAY, Site, at
from tests.support import MATTER


def issue(site: Site, matter: str = MATTER) -> Accepted:
    reply = site.hall.do(c.IssueTicket(matter=matter), as_="kiosk")
    assert isinstance(reply, Accepted)
    return reply


def serve_next(site: Site, counter: int = 1) -> None:
    site.hall.do(c.CallNext(counter=counter))
    site.hall.do(c.StartService(counter=counter))


def test_the_hall_and_its_hours(monday: Site) -> None:
    hall = monday.get("/hall")
    assert (hall["hall"], hall["tier"], hall["rehearsal"], hall["heard"]) == ("BA001", "street", True, True)
    assert hall["now"].endswith("+08:00")
    assert hall["opens_at"] == at("09:00")
    days = monday.get("/hours", params={"from": "2026-10-01", "days": 2})["days"]
    assert [day["day"] for day in days] == ["2026-10-01", "2026-10-02"]
    assert (days[0]["kind"], days[0]["name_zh"]) == ("holiday", "国庆节")
    (regular, *_) = monday.get("/hours", params={"days": 1})["days"][0]["stretches"]
    assert regular == {"start": at("09:00"), "end": at("12:00"), "band": "regular"}


def test_a_matter_is_found_as_people_type(monday: Site) -> None:
    page = monday.get("/matters")
    assert (page["total"], len(page["matters"])) == (1038, 20)
    assert monday.get("/matters", params={"page": 52})["matters"] != []
    assert monday.get("/matters", params={"page": 53})["matters"] == []
    found = monday.get("/matters", params={"q": "换身份证"})["matters"]
    assert "身份证" in found[0]["name_zh"]
    full = monday.get(f"/matters/{found[0]['code']}")
    assert full["documents_zh"]
    assert (full["department"], full["department_en"]) == ("公安分局", "Public security")
    assert set(full["without_visit"]) <= set(full["how"])
    assert monday.get("/matters/no-such", 404)["code"] == "unknown_matter"


def test_a_theme_has_one_list_of_documents(monday: Site) -> None:
    themes = monday.get("/themes")["themes"]
    assert len(themes) == 12
    for theme in themes:
        assert len(theme["matters"]) > 1
        assert len(set(theme["documents_zh"])) == len(theme["documents_zh"])
        of_theme = monday.get("/matters", params={"theme": theme["theme"], "per_page": 100})
        assert [one["code"] for one in of_theme["matters"]] == [one["code"] for one in theme["matters"]]


def test_a_booked_visitor_from_the_free_half_hour_to_the_stars(monday: Site) -> None:
    days = monday.get("/days")["days"]
    assert days[0]["day"] == MONDAY
    assert days[0]["free"] > 0
    slots = monday.get(f"/days/{MONDAY}/slots")["slots"]
    ten = next(slot for slot in slots if slot["slot_at"] == at("10:00"))
    booking = monday.book(at("10:00"), "grandmother")
    assert (booking["slot_at"], booking["check_in_from"], booking["on_time_until"]) == (
        at("10:00"), at("09:30"), at("10:10"),
    )  # fmt: skip
    after = monday.get(f"/days/{MONDAY}/slots")["slots"]
    assert next(slot for slot in after if slot["slot_at"] == at("10:00"))["free"] == ten["free"] - 1

    path = f"/tickets/{booking['token']}"
    ticket = monday.get(path)
    assert (ticket["state"], ticket["code"], ticket["slot_at"]) == ("booked", booking["code"], at("10:00"))
    assert (ticket["can_check_in"], ticket["can_cancel"], ticket["can_rate"]) == (False, True, False)
    assert ticket["matters"][0]["name_zh"]
    assert monday.refused(f"{path}/check-in") == (409, "too_early")

    monday.clock("2026-11-30 09:40:00")
    monday.hall.do(c.OpenCounter(counter=1, clerk="007"))
    assert monday.get(path)["can_check_in"] is True
    arrived = monday.post(f"{path}/check-in")
    assert (arrived["number"], arrived["visitor_class"]) == ("R001", "appointment")
    ticket = monday.get(path)
    assert (ticket["state"], ticket["number"], ticket["ahead"], ticket["code"]) == ("waiting", "R001", 0, None)
    assert ticket["predicted_bound_s"] >= ticket["predicted_wait_s"] >= 0
    told = waits.whole(ticket["predicted_wait_s"], ticket["predicted_bound_s"])
    assert ticket["predicted_wait"] == {"zh": told.zh, "en": told.en}, "the words of every screen"
    assert monday.refused(f"{path}/check-in") == (409, "wrong_state")
    assert monday.refused(f"{path}/rating", {"stars": 5}) == (409, "wrong_state")

    serve_next(monday)
    monday.until(lambda: monday.get(path)["state"] == "serving")
    assert monday.get(path)["counter"] == 1
    assert monday.refused(f"{path}/cancel") == (409, "wrong_state")
    monday.hall.do(c.FinishService(counter=1))
    monday.until(lambda: monday.get(path)["can_rate"])
    assert monday.refused(f"{path}/rating", {"stars": 5, "reasons": ["wait"]}) == (422, "malformed")
    rating = {"stars": 2, "reasons": ["wait", "unclear"], "comment": "等太久"}
    assert monday.post(f"{path}/rating", rating, 201) == {"stars": 2}
    assert monday.get(path)["can_rate"] is False
    assert monday.refused(f"{path}/rating", rating) == (409, "already_rated")
    assert monday.hall.state().totals.ratings


def test_a_booking_is_given_back_and_its_place_is_free_again(monday: Site) -> None:
    slots = f"/days/{MONDAY}/slots"
    free = monday.get(slots)["slots"]
    booking = monday.book(at("15:30"), "changed-my-mind")
    assert monday.get(slots)["slots"] != free
    path = f"/tickets/{booking['token']}"
    assert monday.post(f"{path}/cancel") == {"state": "cancelled"}
    assert monday.get(path)["state"] == "cancelled"
    assert monday.get(slots)["slots"] == free
    assert monday.refused(f"{path}/cancel") == (409, "wrong_state")


def test_ten_minutes_late_is_on_time_and_eleven_is_not(monday: Site) -> None:
    first, second = monday.book(at("14:30"), "late-by-ten"), monday.book(at("14:30"), "late-by-eleven")
    monday.clock("2026-11-30 14:40:00")
    assert monday.post(f"/tickets/{first['token']}/check-in")["visitor_class"] == VisitorClass.APPOINTMENT
    monday.clock("2026-11-30 14:41:00")
    assert monday.post(f"/tickets/{second['token']}/check-in")["visitor_class"] == VisitorClass.ORDINARY


def test_several_matters_of_a_theme_are_one_booking(monday: Site) -> None:
    theme = monday.get("/themes")["themes"][0]
    first, *more = [matter["code"] for matter in theme["matters"]]
    booking = monday.book(at("16:00"), "restaurant", first, more=more, theme=theme["theme"])
    ticket = monday.get(f"/tickets/{booking['token']}")
    assert ticket["matters"] == theme["matters"]


def test_a_ticket_from_the_kiosk_is_followed_by_its_token(monday: Site) -> None:
    token = issue(monday).token
    monday.until(lambda: monday.http.get(f"/tickets/{token}").status_code == 200)
    ticket = monday.get(f"/tickets/{token}")
    assert (ticket["state"], ticket["visitor_class"]) == ("waiting", "ordinary")
    assert monday.post(f"/tickets/{token}/cancel") == {"state": "cancelled"}


def test_what_was_accepted_is_told_and_of_whom_it_was_accepted_is_not(monday: Site) -> None:
    (monday.hall.dir / "credit.csv").write_text("applicant,rating\n91440300X,good\n", "utf-8")
    matters = monday.hall.do(Matters()).matters
    matter = next(one for one in matters if one.later and one.group != "pickup")
    issued = issue(monday, matter.code)
    assert isinstance(issued.ticket, int)
    path = f"/tickets/{issued.token}"
    monday.hall.do(c.OpenCounter(counter=2, clerk="8421"))
    called = monday.hall.do(c.CallTicket(counter=2, ticket=issued.ticket))
    assert isinstance(called, Accepted), called
    monday.until(lambda: monday.get(path)["state"] == "called")
    monday.hall.do(c.StartService(counter=2))
    accepted = monday.hall.do(c.AcceptMatter(counter=2, applicant="91440300X", outstanding=(matter.later[0],)))
    assert isinstance(accepted, Accepted), accepted
    monday.hall.do(c.FinishService(counter=2))
    monday.until(lambda: monday.get(path)["can_rate"])
    body = monday.get(path)
    (told,) = body["acceptances"]
    assert told["receipt"] == accepted.receipt
    assert told["name_zh"] == matter.name_zh
    assert told["outstanding"]["documents_zh"] == [matter.documents_zh[matter.later[0] - 1]]
    assert told["outstanding"]["remind"] is False
    assert "good" not in str(body)
    assert "8421" not in str(body)

    # Two weeks later the visit is long over, but its token still tells of the documents, and reminds.
    monday.clock("2026-12-14 09:30:00")
    body = monday.get(path)
    assert (body["state"], body["can_rate"]) == ("done", False)
    assert body["acceptances"][0]["outstanding"]["remind"] is True
