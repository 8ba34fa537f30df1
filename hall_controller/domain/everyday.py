"""What people say, and what a catalogue calls it. Search reads one as the other.

In data/everyday/*.txt a line holds everyday words, `=`, and official ones, what is meant most often first; a line may
be written on in another one. A mark before the words tells what they are: `!` an act (replace, renew, cancel …), which
chooses among the matters of a thing; `~` for whom, which weighs less. In Latin words `_` stands for a blank; Chinese
ones with `+` between them mean that together, wherever they stand.

In data/sayings/*.txt a line holds the name of a matter, or what is left of it without its act, `=`, and what people
say who come for it, with `;` between: a matter is found by them as by its aliases.

Both are about the language, not about one catalogue: what a hall calls its own matters by belongs into the column
`aliases`.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

NAMED_ACT = re.compile("(核发|(备案)?变更|(备案)?注销|(设立|变更|注销)登记|延续|遗失补领|备案|申请|发放查询)$")
"""What is done with a thing, at the end of a matter's name."""
ACT, WHOM, THING = "!", "~", ""


class Word(NamedTuple):
    """An everyday word."""

    role: str
    called: tuple[str, ...]
    """What catalogues say for it."""


STOP = (
    "我想要 我想 我要 我们 我 想要 想 请问一下 请问 你好 您好 怎么样 怎么办 怎么弄 怎么 怎样 咋办 咋 如何 哪里 "
    "哪儿 在哪 去哪 哪个 什么 需要 可以 能不能 可不可以 帮我 帮忙 帮 一下 一个 一张 一本 一份 的 了 吗 呢 啊 呀 "
    "吧 嘛 给 把 要 被 办理 办 弄 搞 手续 业务 事项 材料 多少钱 多少 流程 要求 条件 自己 家里 我家 有没有 没有 "
    "已经 现在 马上要 深圳市 深圳 宝安区 宝安 证件 不会 不能 不懂 不知道 要什么 要办什么 该 应该 是 有 去 到 来 "
    "在 和 跟 得 过 着 让 就 都 也 很 太 能 会 做 那个 这个 这里 时候 之后 以后 后 前 刚 刚刚 时 里 上 下 人家 问 "
    "问下 咨询一下 点 点样 边度 乜 嘅 咗 喺 系 嚟 俾 畀 唔识 唔 好 大 小 多 个 些 没 不 对 用 找 又 还 从 为 与 "
    "及 或 于 之 须 只 先 再 每年 每个月 今年 请"
)
"""Words that say nothing of the matter; each may stand within a word that does, which then goes first."""
STOP_EN = (
    "how to do i we my me want need would like can could you please get a an the for of in on at is it with and or "
    "apply application where what some have has had be am are was were this that there from our your his her their "
    "should must when who does did as by about go going new make making buy an if not no don t s im ive"
)
LEGAL = "公司 企业 单位 员工 职工 工厂 厂 店 老板 company employee employees staff firm employer business shop"
"""Who says so asks for a company."""
NATURAL = (
    "我 自己 个人 孩子 小孩 宝宝 老人 爸 妈 爷爷 奶奶 外公 外婆 老婆 老公 儿子 女儿 家里 朋友 邻居 阿婆 阿公 细路 "
    "my i me child baby personal"
)
"""Who says so asks for a person."""

TRADITIONAL = str.maketrans(
    "證換領辦執照駕駛戶業務開關無記錄車輛檢驗產權轉讓過繼買賣稅發險養護醫療報銷補貼學習師資編輯銀貸還結離婚遷親屬關係"
    "體檢廣場設備註冊個體戶餐飲館廳樓電動腳踏單罰違運輸貨臺灣門納費調額續約請問樣誰麼們這裡給對應衛動員勞職傷殘優軍"
    "災險監護歲齡壽兒孫媽爺鄉鎮區縣許營經濟絡網聲頻書號碼簡歷畢營養園圖館藝術劇場環評飯糧魚鳥貓"
    "執長錢債訴訟遺囑繳賬帳戶話機煙藥診護齒畫課堂樂園獎勵創業資訊複製寫圍殺蟲鼠擾燈壞損樹軌鐵橋漢語國際貿進義賓廚"
    "興舊換鄰調糾紛償賠殯塋墳掃碼雲計劃決復議幫扶貧難婦嬰孕產傘輪椅館參觀預訂籃羽籍檔案複印紙張雜誌勝選舉黨團會協"
    "專標準質量測繪礦採農種飼獸漁穀導遊攤販擺飾裝潢築築築鋪舖攞揾囗",
    "证换领办执照驾驶户业务开关无记录车辆检验产权转让过继买卖税发险养护医疗报销补贴学习师资编辑银贷还结离婚迁亲属关系"
    "体检广场设备注册个体户餐饮馆厅楼电动脚踏单罚违运输货台湾门纳费调额续约请问样谁么们这里给对应卫动员劳职伤残优军"
    "灾险监护岁龄寿儿孙妈爷乡镇区县许营经济络网声频书号码简历毕营养园图馆艺术剧场环评饭粮鱼鸟猫"
    "执长钱债诉讼遗嘱缴账账户话机烟药诊护齿画课堂乐园奖励创业资讯复制写围杀虫鼠扰灯坏损树轨铁桥汉语国际贸进义宾厨"
    "兴旧换邻调纠纷偿赔殡茔坟扫码云计划决复议帮扶贫难妇婴孕产伞轮椅馆参观预订篮羽籍档案复印纸张杂志胜选举党团会协"
    "专标准质量测绘矿采农种饲兽渔谷导游摊贩摆饰装潢筑筑筑铺铺拿找口",
)
"""Neighbours of Hong Kong write so too; and a frame is easily taken for a mouth."""


@cache
def everyday() -> dict[str, Word]:
    """By everyday word, Chinese and Latin."""
    table: dict[str, Word] = {}
    folder = files("hall_controller") / "data" / "everyday"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        for line in file.read_text("utf-8").splitlines():
            said, sign, called = line.partition("=")
            if not sign or line.startswith("#"):
                continue
            role = said[0] if said[0] in (ACT, WHOM) else THING
            for word in (one.replace("_", " ").translate(TRADITIONAL) for one in said.removeprefix(role).split()):
                held = table.get(word, Word(role, ()))
                table[word] = Word(held.role, tuple(dict.fromkeys((*held.called, *called.split()))))
    return table


@cache
def sayings() -> dict[str, tuple[str, ...]]:
    """By the name of a matter or of a thing."""
    folder = files("hall_controller") / "data" / "sayings"
    lines = [line for file in folder.iterdir() for line in file.read_text("utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if not line.startswith("#")]
    return {name.strip(): tuple(one.strip() for one in said.split(";")) for name, sign, said in pairs if sign}


def said_of(name_zh: str) -> tuple[str, ...]:
    """What people say who come for a matter of this name; empty where nobody has written it down."""
    return sayings().get(name_zh) or sayings().get(NAMED_ACT.sub("", name_zh), ())
