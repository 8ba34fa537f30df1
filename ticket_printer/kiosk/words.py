"""What the kiosk says to whoever takes a ticket, in both languages."""

import msgspec

from hall_controller.domain.ticket import Language
from ticket_printer.kiosk import other_words, visit_words
from ticket_printer.kiosk.other_words import OtherWords
from ticket_printer.kiosk.visit_words import VisitWords


class Words(msgspec.Struct, frozen=True, kw_only=True):
    lang: str
    """The page's `lang` attribute."""
    choose_group: str
    choose_matter: str
    waiting: str
    wait: str
    people: str
    back: str
    start_over: str
    other_language: str
    large: str
    normal: str
    more: str
    earlier: str
    page: str
    documents: str
    no_documents: str
    who: str
    ordinary: str
    priority: str
    priority_who: str
    call_in: str
    languages: dict[Language, str]
    take: str
    issuing: str
    your_number: str
    ahead: str
    scan: str
    printing: str
    take_paper: str
    take_paper_why: str
    remember: str
    remember_why: str
    remembered: str
    done: str
    yours: str
    yours_why: str
    yes_mine: str
    not_mine: str
    called: str
    ask_staff: str
    silent: str
    silent_why: str
    closed: str
    stopped: str
    hours: str
    no_hours: str
    sorry: str
    no_matters: str
    other: OtherWords
    visit: VisitWords


ZH = Words(
    lang="zh-CN",
    choose_group="请选择您要办的事",
    choose_matter="请选择事项",
    waiting="正在等候",
    wait="预计等候",
    people="{}人",
    back="返回",
    start_over="重新开始",
    other_language="English",
    large="大字",
    normal="标准字",
    more="下一页",
    earlier="上一页",
    page="第{}页，共{}页",
    documents="请准备好",
    no_documents="无需携带材料",
    who="您是",
    ordinary="普通办事人",
    priority="优先办理",
    priority_who="老年人 · 残疾人 · 孕妇 · 带婴幼儿 · 军人",
    call_in="叫号语言",
    languages={Language.MANDARIN: "普通话", Language.CANTONESE: "粤语", Language.ENGLISH: "English"},
    take="取号",
    issuing="正在取号，请稍候……",
    your_number="您的号码",
    ahead="前面等候",
    scan="手机扫码，随时看排队进度",
    printing="正在打印号票……",
    take_paper="请取走号票",
    take_paper_why="叫到您的号码时，屏幕和广播会提示您到几号窗口。",
    remember="没有纸质号票，请记住号码",
    remember_why="号码已生效，请记住或拍照，再按下面的按钮。",
    remembered="我记住了",
    done="完成",
    yours="这是您的号码吗？",
    yours_why="这个号码还没有人确认。",
    yes_mine="是我的",
    not_mine="不是我的，重新取号",
    called="正在叫您，请到{}号窗口！",
    ask_staff="请找工作人员帮忙",
    silent="取号暂时不能用",
    silent_why="请找工作人员取号。恢复后，本页会自动回来。",
    closed="大厅已关闭",
    stopped="现在停止取号",
    hours="今天服务时间",
    no_hours="今天不对外服务",
    sorry="没有取到号",
    no_matters="事项目录正在准备",
    other=other_words.ZH,
    visit=visit_words.ZH,
)

EN = Words(
    lang="en",
    choose_group="What have you come for?",
    choose_matter="Choose your matter",
    waiting="Waiting now",
    wait="Expected wait",
    people="{}",
    back="Back",
    start_over="Start again",
    other_language="中文",
    large="Large text",
    normal="Normal text",
    more="Next page",
    earlier="Previous page",
    page="Page {} of {}",
    documents="Please have ready",
    no_documents="No documents needed",
    who="You are",
    ordinary="Ordinary visitor",
    priority="Priority",
    priority_who="Elderly · disabled · pregnant · with an infant · service member",
    call_in="Call me in",
    languages={Language.MANDARIN: "普通话 Mandarin", Language.CANTONESE: "粤语 Cantonese", Language.ENGLISH: "English"},
    take="Take a ticket",
    issuing="Taking your ticket …",
    your_number="Your number",
    ahead="People ahead",
    scan="Scan to follow the queue on your phone",
    printing="Printing your ticket …",
    take_paper="Please take your ticket",
    take_paper_why="When your number is called, the board and the voice tell you which counter to go to.",
    remember="No paper: please remember this number",
    remember_why="Your number is valid. Remember it or take a photo, then touch the button below.",
    remembered="I remember it",
    done="Done",
    yours="Is this your number?",
    yours_why="Nobody has confirmed this number yet.",
    yes_mine="Yes, it is mine",
    not_mine="No, I need a new one",
    called="You are being called: please go to counter {}!",
    ask_staff="Please ask our staff for help",
    silent="Tickets cannot be taken at the moment",
    silent_why="Please ask our staff for a ticket. This page comes back by itself.",
    closed="The hall is closed",
    stopped="No tickets are being issued now",
    hours="Open today",
    no_hours="Closed today",
    sorry="No ticket was taken",
    no_matters="The list of matters is being prepared",
    other=other_words.EN,
    visit=visit_words.EN,
)
