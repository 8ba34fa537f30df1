"""What the kiosk says of finding a matter, several at once, doing without a visit, and results: in both languages."""

import msgspec

from hall_controller.domain.matters import How


class VisitWords(msgspec.Struct, frozen=True, kw_only=True):
    # the start page
    search: str
    search_more: str
    themes: str
    themes_more: str
    results: str
    results_more: str
    # searching
    search_hint: str
    field: str
    examples: str
    one_letter: str
    no_hit: str
    found: str
    delete: str
    clear: str
    space: str
    dash: str
    by_theme: str
    choose_department: str
    choose_letters: str
    count: str
    no_trip: str
    # several matters
    choose_theme: str
    theme_hint: str
    chosen: str
    next: str
    add: str
    add_title: str
    take_off: str
    several: str
    print_list: str
    printed: str
    later: str
    travels: str
    travels_some: str
    electronic: str
    # without a visit
    ways_title: str
    ways: dict[How, tuple[str, str]]
    """What each is called, and how it goes."""
    with_url: str
    without_url: str
    phone: str
    nearest: str
    open_always: str
    choose_way: str
    do_so: str
    to_counter: str
    diverted: str
    diverted_why: str
    papers: str
    # results
    results_title: str
    results_hint: str
    receipt_field: str
    look_up: str
    no_receipt: str
    receipt: str
    ready: str
    ready_why: str
    ready_closed: str
    take_number: str
    not_ready: str
    deciding: str
    deciding_until: str
    to_be_sent: str
    on_the_way: str
    arrived: str
    coming_back: str
    lacking: str
    lacking_by: str
    no_wait: str
    unknown: str
    unknown_why: str
    elsewhere: str
    incomplete: str
    again: str
    # arriving with a booking
    check_in_rule: str
    on_time: str
    late_kept: str
    late: str


ZH = VisitWords(
    search="想办什么事？",
    search_more="输入汉字、拼音或首字母，马上找到",
    themes="我要办一件事",
    themes_more="几件事一次取号，一起办",
    results="领取结果",
    results_more="扫描或输入回执号",
    search_hint="汉字、拼音、首字母或英文都可以",
    field="在这里显示您输入的字",
    examples="例如：身份证 · yyzz（营业执照）· huanjiazhao（换驾照）",
    one_letter="请再输入一个字母",
    no_hit="没有找到。请换个说法，或请工作人员帮忙。",
    found="找到这些，请选择",
    delete="删除",
    clear="清空",
    space="空格",
    dash="短横",
    by_theme="一件事 · 几件事一起办",
    choose_department="请选择部门",
    choose_letters="请选择",
    count="{}项",
    no_trip="可以不用排队",
    choose_theme="您要办哪一件事？",
    theme_hint="下面几件事一次取号、一起办。不需要的，按一下去掉。",
    chosen="已选{}件",
    next="下一步",
    add="＋ 再加一件事",
    add_title="再加哪一件事？",
    take_off="去掉",
    several="这次一起办{}件事",
    print_list="打印材料清单",
    printed="已送去打印",
    later="信用良好的申请人可先受理、后补：{}",
    travels="在这里就能办：纸质材料由大厅派人送到{}，不用您跑。受理回执上写着何时出结果。",
    travels_some="其中“{}”的纸质材料由大厅派人送到办理部门，不用您跑。受理回执上写着何时出结果。",
    electronic="在这里就能办：材料网上流转，不用您再送到别处。",
    ways_title="这件事可以不用排队",
    ways={
        How.INSTANT: ("网上马上批，不用来", "在手机或电脑上提交，系统当场批准，不用等人审批。"),
        How.ZERO_RUN: ("网上办，不用来", "在家用手机或电脑就能办完。"),
        How.SELF_SERVICE: ("自助机办", "24小时自助机上自己办，不用取号。"),
        How.BY_PHONE: ("打电话办", "打一个电话就能办。"),
    },
    with_url="用手机扫码办理",
    without_url="用手机打开政务服务小程序或网站，搜索“{}”。",
    phone="请打 {}",
    nearest="最近的自助服务区",
    open_always="全天24小时开放",
    choose_way="请选一种办法",
    do_so="就这样办，不用取号",
    to_counter="我还是要到窗口",
    diverted="好的，不用取号了",
    diverted_why="请拍下这一页，按下面的办法办。想到窗口，随时可以回来取号。",
    papers="请准备好",
    results_title="领取结果",
    results_hint="请扫描回执上的条码，或输入回执号。",
    receipt_field="例如 BA001-261128-0007",
    look_up="查询",
    no_receipt="没有回执号",
    receipt="回执号",
    ready="结果出来了，可以领取",
    ready_why="请取号，叫到您时到窗口领取。请带上身份证和回执。",
    ready_closed="请在大厅开放时间来取号领取。请带上身份证和回执。",
    take_number="取号领取",
    not_ready="结果还没出来，今天不用取号",
    deciding="部门正在办理。",
    deciding_until="部门正在办理，应在 {} 前出结果。",
    to_be_sent="材料将由大厅派人送到办理部门。",
    on_the_way="材料正在送往办理部门的路上。",
    arrived="材料已送到办理部门，正在办理。",
    coming_back="结果已经做出，正在送回的路上。",
    lacking="还缺材料：{}。请补交。",
    lacking_by="还缺材料：{}。请在 {} 前补交。",
    no_wait="结果一到，这里就能查到。",
    unknown="没有找到这个回执号",
    unknown_why="请对照回执再输一次。已经领走的结果查不到。还是不对，请工作人员帮忙。",
    elsewhere="这个回执是 {} 号大厅受理的，请到那个大厅领取结果。",
    incomplete="回执号还不完整，请输入全部字母和数字。",
    again="再输一次",
    check_in_rule="预约时间前{}分钟起可以签到。迟到{}分钟以内，仍按预约叫号；再晚，按普通号排队。",
    on_time="您准时到了，按预约叫号。",
    late_kept="您晚到了{}分钟，没关系，仍按预约叫号。",
    late="您晚到了{}分钟，预约的时间已过，为您取了普通号，请稍等。",
)

EN = VisitWords(
    search="What do you need?",
    search_more="Type a word: found at once",
    themes="One life event",
    themes_more="Several matters, one number",
    results="Collect a result",
    results_more="Scan or type your receipt",
    search_hint="In English, Chinese, pinyin or initials",
    field="What you type appears here",
    examples="For example: passport · business licence · id card",
    one_letter="Please type one letter more",
    no_hit="Nothing found. Try another word, or ask our staff.",
    found="Found these: please choose",
    delete="Delete",
    clear="Clear",
    space="Space",
    dash="dash",
    by_theme="Life event · several matters at once",
    choose_department="Choose a department",
    choose_letters="From … to",
    count="{} matters",
    no_trip="no queue needed",
    choose_theme="Which life event?",
    theme_hint="These are done together with one number. Touch those that you do not need.",
    chosen="{} chosen",
    next="Next",
    add="＋ Add a matter",
    add_title="Which matter to add?",
    take_off="Remove",
    several="{} matters in this visit",
    print_list="Print the list",
    printed="Being printed",
    later="Applicants of good credit may bring these later: {}",
    travels="You can do it here: the hall carries your papers to {}. Your receipt says when the result comes.",
    travels_some="The hall carries the papers for “{}” to the office that decides. The receipt says when it is done.",
    electronic="You can do it here: papers go electronically, nothing must be carried anywhere.",
    ways_title="You need not queue for this",
    ways={
        How.INSTANT: ("Online, approved at once", "Send it by phone or computer: the system approves it on the spot."),
        How.ZERO_RUN: ("Online, no visit", "Do all of it at home, by phone or computer."),
        How.SELF_SERVICE: ("Self-service terminal", "Do it yourself, day and night, without a ticket."),
        How.BY_PHONE: ("By telephone", "One call is enough."),
    },
    with_url="Scan with your phone to do it",
    without_url="Open the government services app or website and search for “{}”.",
    phone="Please call {}",
    nearest="The nearest self-service area",
    open_always="Open 24 hours a day",
    choose_way="Choose a way",
    do_so="I will do so, no ticket",
    to_counter="I still want a counter",
    diverted="All right: no ticket needed",
    diverted_why="Take a photo of this page and do as it says. You can still come back and take a ticket.",
    papers="Please have ready",
    results_title="Collect a result",
    results_hint="Scan the barcode on your receipt, or type its number.",
    receipt_field="For example BA001-261128-0007",
    look_up="Look it up",
    no_receipt="I have no receipt number",
    receipt="Receipt",
    ready="Your result is ready",
    ready_why="Take a ticket and collect it at the counter. Please bring your ID card and the receipt.",
    ready_closed="Please come in our opening hours, with your ID card and the receipt.",
    take_number="Take a ticket",
    not_ready="Not ready yet: no ticket needed today",
    deciding="The department is deciding on it.",
    deciding_until="The department is deciding on it. The result is due by {}.",
    to_be_sent="The hall will carry your papers to the office that decides.",
    on_the_way="Your papers are on the way to the office that decides.",
    arrived="Your papers have arrived at the office that decides.",
    coming_back="The result is on its way back.",
    lacking="Still missing: {}. Please bring it.",
    lacking_by="Still missing: {}. Please bring it by {}.",
    no_wait="You can look it up here at any time.",
    unknown="There is no such receipt here",
    unknown_why="Compare it with your receipt and type it again. Collected results are not listed. Our staff help.",
    elsewhere="This receipt was given by hall {}. Please collect the result there.",
    incomplete="The number is not complete. Please type all letters and digits.",
    again="Type it again",
    check_in_rule="Check in from {} minutes before. Up to {} minutes late you keep your place; later you queue.",
    on_time="You are on time: you are called as booked.",
    late_kept="You are {} min late. Never mind: you are called as booked.",
    late="You are {} min late, so your booking has passed: you have an ordinary ticket.",
)
