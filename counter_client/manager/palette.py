"""The command palette: every act by its Chinese or English name, and each counter's acts by its number."""

from typing import TYPE_CHECKING

from counter_client.manager import papers
from counter_client.manager.acts import KEYS, ON_COUNTER, ON_HALL, ON_TICKET, VIEWS, Act, Focus, View, label, why_not
from counter_client.manager.view import numbers
from counter_client.widgets.dialogs import Entry, Pick
from counter_client.widgets.look import FAINT, SOFT, fill, line
from counter_client.words import Words
from hall_controller.domain.hall import Hall

if TYPE_CHECKING:
    from counter_client.manager.screen import ManagerScreen

OTHERS = {
    "find": ("f", Words("查号", "Find a ticket"), "find_ticket"),
    "search": ("/", Words("搜索日志", "Search the journal"), "ask_search"),
    "order": ("i", Words("窗口次序", "Order of the counters"), "reorder"),
    "receipt": ("8", Words("查回执", "Look a receipt up"), "look_up"),
    "papers": ("0", Words("交接单：送、收", "Papers: send, receive"), "papers"),
    "help": ("F1", Words("帮助", "Help"), "show_help"),
}


def entries(screen: "ManagerScreen", hall: Hall) -> list[Entry]:
    """Acts on the marked row and the hall first; then views; then every counter's acts that make sense now."""
    marked = Focus(counter=screen.focus_of(View.COUNTERS).counter, ticket=screen.focus_of(View.QUEUE).ticket)
    able = screen.able(hall)
    found: list[Entry] = []
    for act in (*ON_HALL, *ON_COUNTER, *ON_TICKET):
        whom = _whom(act, hall, marked)
        on = act in able if act in ON_HALL else why_not(act, hall, marked) is None
        found.append(_entry(screen, f"act:{act}", KEYS[act].key, label(act, hall, marked), KEYS[act].help, whom, on=on))
    for digit, (view, words) in enumerate(VIEWS.items(), 1):
        told = Words(f"看{words.zh}", f"show {words.en.lower()}")
        found.append(_entry(screen, f"view:{view}", str(digit), told, told, "", on=True))
    for name, (key, words, _) in OTHERS.items():
        found.append(_entry(screen, f"other:{name}", key, words, words, "", on=True))
    found += papers.entries(hall, screen.matters, screen.link.now_ms(), screen.tongue)
    for number in numbers(hall):
        for act in ON_COUNTER:
            focus = Focus(counter=number)
            if why_not(act, hall, focus) is None:
                words = label(act, hall, focus)
                told = Words(f"{words.zh} 窗口 {number}", f"{words.en} counter {number}")
                found.append(_entry(screen, f"counter:{act}:{number}", "", told, told, "", on=True))
    return found


def _whom(act: Act, hall: Hall, marked: Focus) -> str:
    if act in ON_COUNTER and marked.counter is not None:
        return Words(f"窗口 {marked.counter}", "").zh
    ticket = hall.tickets.get(marked.ticket or 0)
    return (ticket.number or "") if act in ON_TICKET and ticket else ""


def _entry(screen: "ManagerScreen", name: str, key: str, words: Words, what: Words, whom: str, *, on: bool) -> Entry:
    tongue = screen.tongue
    cap = line((f" {key.upper()} ", "bold reverse" if on else FAINT)) if key else line("   ")
    text = line(
        fill(cap, 5),
        fill(line((words.first(tongue), "bold" if on else FAINT), f" {whom}"), 24),
        (what.first(tongue), SOFT),
    )
    return Entry(name, text, f"{words.zh} {words.en} {what.zh} {what.en} {whom} {key}")


async def ask_and_run(screen: "ManagerScreen") -> None:
    hall = screen.link.hall
    if hall is None:
        return
    title = Words("命令", "Commands")
    prompt = Words("输入操作，如 开窗 5、公告", "e.g. open 5, notice")
    picked = await screen.ask(Pick(title, entries(screen, hall), screen.tongue, prompt=prompt))
    if picked is not None:
        run(screen, picked)


def run(screen: "ManagerScreen", picked: str) -> None:
    kind, _, rest = picked.partition(":")
    match kind:
        case "act":
            act = Act(rest)
            view = View.COUNTERS if act in ON_COUNTER else View.QUEUE if act in ON_TICKET else None
            screen.press_act(act, screen.focus_of(view) if view else None)
        case "view":
            screen.open_view(View(rest))
        case "paper":
            key, _, receipt = rest.partition(":")
            screen.do_with_receipt(key, receipt)
        case "other":
            getattr(screen, OTHERS[rest][2])()
        case "counter":
            act_name, _, number = rest.partition(":")
            screen.mark(View.COUNTERS, int(number))
            screen.press_act(Act(act_name), Focus(counter=int(number)))
