"""What the kiosk says beside giving tickets, in both languages: out of hours, bookings, areas, document lists."""

import msgspec


class OtherWords(msgspec.Struct, frozen=True, kw_only=True):
    # the way there
    menu: str
    menu_title: str
    check_in: str
    book: str
    book_more: str
    areas: str
    areas_more: str
    lists: str
    lists_more: str
    check_in_more: str
    # out of hours
    shut: str
    lunch: str
    last_ticket: str
    last_ticket_why: str
    next_opening: str
    resumes: str
    extended: str
    # bookings
    book_group: str
    choose_day: str
    choose_slot: str
    free: str
    full: str
    no_slot: str
    no_days: str
    booked_for: str
    confirm: str
    booking: str
    booked: str
    code: str
    bring: str
    check_in_from: str
    scan: str
    printing: str
    take_paper: str
    take_paper_why: str
    remember: str
    remember_why: str
    remembered: str
    # check-in
    type_code: str
    type_code_why: str
    no_code_yet: str
    delete: str
    checking_in: str
    too_short: str
    too_early: str
    too_early_soon: str
    stranded: str
    unknown: str
    already: str
    ended: str
    closed: str
    again: str
    refused: str
    # document lists
    list_group: str
    print_list: str
    list_printed: str
    list_paper: str
    photograph: str
    # self-service areas
    areas_title: str
    no_areas: str
    metres: str
    kilometres: str
    address: str
    distance: str
    services: str
    scan_map: str
    photograph_area: str


ZH = OtherWords(
    menu="更多服务",
    menu_title="还可以在这里",
    check_in="预约签到",
    book="预约办事",
    book_more="选一天、选时间，到时来办",
    areas="24小时自助服务区",
    areas_more="最近的自助区，能办什么事",
    lists="办事材料清单",
    lists_more="查看并打印要带的材料",
    check_in_more="已预约？输入编号取号",
    shut="现在不是服务时间",
    lunch="午间休息",
    last_ticket="今天的号已发完",
    last_ticket_why="现在取号，关门前已来不及办理。",
    next_opening="下次开放：{}",
    resumes="{} 继续服务",
    extended="（已延长）",
    book_group="请选择要预约的事",
    choose_day="请选择哪一天来",
    choose_slot="{}，请选择时间",
    free="余{}",
    full="约满",
    no_slot="这个时间刚刚约满，请另选一个。",
    no_days="最近几天都已约满，请到现场取号。",
    booked_for="预约时间",
    confirm="确认预约",
    booking="正在预约，请稍候……",
    booked="预约成功",
    code="预约编号",
    bring="来时请带上这个编号，在取号机按“预约签到”",
    check_in_from="{}–{} 签到",
    scan="手机扫码保存预约",
    printing="正在打印预约单……",
    take_paper="请取走预约单",
    take_paper_why="上面有时间、编号和要带的材料。",
    remember="没有纸质预约单，请记下编号",
    remember_why="预约已生效。请拍照或记下时间和编号，再按下面的按钮。",
    remembered="我记下了",
    type_code="请输入预约编号",
    type_code_why="编号在预约单上，例如 12\u2060-\u20603456；短横可以不输。",
    no_code_yet="在这里显示编号",
    delete="删除",
    checking_in="正在签到，请稍候……",
    too_short="编号还不完整，请输入预约单上的全部数字。",
    too_early="还没到签到时间，请在 {} 以后签到。",
    too_early_soon="还没到签到时间，请稍后再来。",
    stranded="预约时段大厅不开放。预约为您保留：请扫预约单上的二维码改选时段，或询问导办台。",
    unknown="没有找到这个编号，请对照预约单再输一次，或请工作人员帮忙。",
    already="这个预约已经签到，您的号码是 {}。",
    ended="这个预约已经结束或取消，请取新号或请工作人员帮忙。",
    closed="大厅已关闭，现在不能签到。",
    again="没有送达，请再按一次“预约签到”。",
    refused="签到没有成功，请找工作人员帮忙。",
    list_group="要看哪件事的材料？",
    print_list="打印这张清单",
    list_printed="已送去打印，请在出纸口取走",
    list_paper="没有出纸？请拍照，或请工作人员帮忙。",
    photograph="可以用手机拍下这一页。",
    areas_title="24小时自助服务区",
    no_areas="还没有自助服务区的资料，请找工作人员帮忙。",
    metres="{}米",
    kilometres="{}公里",
    address="地址",
    distance="距离这里",
    services="可以办理",
    scan_map="用手机相机扫码，打开地图",
    photograph_area="全天24小时开放。可以用手机拍下这一页。",
)

EN = OtherWords(
    menu="More services",
    menu_title="You can also",
    check_in="Check in",
    book="Book a visit",
    book_more="Choose a day and a time",
    areas="24-hour self-service areas",
    areas_more="The nearest, and what they can do",
    lists="Document lists",
    lists_more="See and print what to bring",
    check_in_more="Booked already? Type your code",
    shut="The hall is shut now",
    lunch="Lunch break",
    last_ticket="Today's last ticket is out",
    last_ticket_why="A new visitor could not be served before closing.",
    next_opening="Opens next: {}",
    resumes="Service goes on {}",
    extended=" (extended)",
    book_group="What would you like to book?",
    choose_day="Which day will you come?",
    choose_slot="{}: choose a time",
    free="{} left",
    full="full",
    no_slot="This time has just been taken. Please choose another.",
    no_days="The next days are fully booked. Please come and take a ticket.",
    booked_for="Booked for",
    confirm="Confirm booking",
    booking="Booking your visit …",
    booked="Your visit is booked",
    code="Booking code",
    bring='Bring this code and touch "Check in" at the kiosk when you come',
    check_in_from="check in {}–{}",
    scan="Scan to keep your booking",
    printing="Printing your booking …",
    take_paper="Please take your booking slip",
    take_paper_why="It says when, your code, and what to bring.",
    remember="No paper: please note the code",
    remember_why="Your booking holds. Take a photo or note time and code, then touch the button below.",
    remembered="I have noted it",
    type_code="Type your booking code",
    type_code_why="It is on your booking slip, e.g. 12\u2060-\u20603456. You may leave out the dash.",
    no_code_yet="Your code appears here",
    delete="Delete",
    checking_in="Checking you in …",
    too_short="The code is not complete. Please type all its digits.",
    too_early="It is too early. You can check in from {}.",
    too_early_soon="It is too early. Please come back a little later.",
    stranded="The hall is shut at your booked time. Scan the code on your slip to choose another, or ask at reception.",
    unknown="There is no such code. Compare it with your slip and try again, or ask our staff.",
    already="You are checked in already. Your number is {}.",
    ended="This booking has ended or was cancelled. Take a new ticket, or ask our staff.",
    closed="The hall is closed; nobody can check in now.",
    again='It did not get through. Please touch "Check in" again.',
    refused="The check-in failed. Please ask our staff for help.",
    list_group="Documents for which matter?",
    print_list="Print this list",
    list_printed="Being printed: take it from the slot",
    list_paper="No paper? Take a photo, or ask our staff.",
    photograph="You can take a photo of this page.",
    areas_title="24-hour self-service areas",
    no_areas="No self-service areas are known here. Please ask our staff.",
    metres="{} m",
    kilometres="{} km",
    address="Address",
    distance="From here",
    services="What you can do there",
    scan_map="Scan with your phone's camera to open the map",
    photograph_area="Open 24 hours a day. You can take a photo of this page.",
)
