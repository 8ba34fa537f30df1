"""What people say, and what a catalogue calls it. Search reads one as the other; order and number do not matter.

A line holds everyday words, `=`, and official ones; after a `~` they only tell for whom, and weigh less. It is about
the language, not about one catalogue: what a hall calls its own matters by belongs into the column `aliases`.
"""

STOP = (
    "我想要 我想 我要 我们 我 想要 想 请问一下 请问 你好 您好 怎么样 怎么 怎样 如何 哪里 哪儿 在哪 去哪 什么 需要 可以 "
    "能不能 帮我 帮忙 一下 一个 一张 一本 的 了 吗 呢 啊 呀 吧 嘛 给 把 要 办理 办 手续 业务 事项 材料 多少钱 流程 "
    "自己 家里 我家 有没有 没有 已经 现在 马上要 深圳市 深圳 宝安区 宝安 证件"
)
"""Words that say nothing of the matter; each may stand within a word that does, which then goes first."""
STOP_EN = (
    "how to do i we my me want need would like can could you please get a an the for of in on at is it with and or "
    "apply application where what some"
)

WORDS = """
驾照 驾驶执照 驾驶本 车本 = 驾驶证 机动车驾驶证
行车证 = 行驶证
车牌 牌照 上牌 = 号牌 上牌 登记 注册登记
电动车 电瓶车 电驴 小电驴 电单车 = 电动自行车 电动车
年检 验车 年审 车检 = 检验 审验
违章 扣分 罚单 罚款 记分 = 交通违法 违法处理 记分
摇号 买车 新车 = 机动车注册登记 车辆购置税
卖车 二手车 旧车 = 机动车过户 转移登记
身份证 id = 身份证 居民身份证
身份证丢 = 身份证补领
户口本 户口簿 户口薄 = 户口簿
上户口 落户 入户 报户口 入深户 户口 = 入户 户口迁入 户口 户口登记 出生登记
迁户口 户口迁移 转户口 = 户口迁入 户口迁移 迁入
迁出 转走 = 迁出
出生 刚出生 新生儿 初生 = 新生儿 出生
~ 孩子 小孩 小孩子 小朋友 宝宝 娃 娃娃 儿子 女儿 小娃 宝贝 = 儿童 未成年人 新生儿 少儿 育儿 学生
婴儿 bb = 新生儿 托育
~ 老人 老人家 老年人 爸妈 父母 爷爷 奶奶 长者 = 老年人 老人 高龄 敬老 养老
老年卡 老人卡 敬老卡 老人证 老年证 = 敬老优待证 优待证 老年人优待证
免费坐车 公交卡 地铁卡 交通卡 深圳通 = 深圳通 深圳通优惠卡
~ 老婆 妻子 老公 丈夫 配偶 = 夫妻 配偶
领证 结婚 结婚证 = 结婚登记 婚姻登记
离婚 离婚证 = 离婚登记
单身 未婚 没结婚 = 单身证明
生孩子 怀孕 生小孩 准生证 生育证 二胎 三胎 生娃 生育 = 生育登记 生育 再生育
产假 生育津贴 生育险 = 生育津贴 生育
出生证 = 出生医学证明
居住证 暂住证 = 居住证
租房 租屋 = 租赁 租房 公共租赁住房 公租房
登记住址 住址登记 暂住登记 = 居住登记
公租房 廉租房 保障房 = 公共租赁住房 公租房 保障性住房
买房 新房 期房 = 新建商品房 商品房 购房
卖房 二手房 = 二手房转移登记
房产证 房本 红本 产权证 不动产证 房产 房契 = 不动产权证 不动产 房屋 转移登记
无房证明 查房 有没有房 名下房产 = 不动产登记信息查询 不动产 查询
房子 屋 住房 = 房屋 不动产 住房
过户 转让 = 过户 转移登记
继承 遗产 = 继承
房贷 按揭 抵押 = 抵押 贷款
还清 结清 解押 解除抵押 = 抵押注销
公积金 住房公积金 = 公积金
取 取出来 提 取钱 提取 = 提取 支取
社保卡 社会保障卡 = 社会保障卡 社保卡
社保 社会保险 五险 五险一金 保险 = 社保 社会保险 参保
交社保 买社保 自己交社保 缴社保 = 参保登记 参保 灵活就业
个人交社保 自由职业 灵活就业 没工作 = 灵活就业人员
养老金 退休金 退休 养老 = 养老待遇 养老 退休 基本养老保险
转社保 社保转移 转保 = 保险关系转移接续
失业 失业金 下岗 被裁 辞退 离职 没工作了 失业补助 = 失业保险金 失业
工伤 受伤 上班受伤 干活受伤 = 工伤
医保 医疗保险 = 医保 医疗 基本医疗保险
医疗报销 看病报销 药费报销 = 医疗费用报销 医疗费用手工报销 报销
看病 医药费 医疗费 药费 住院 住院费 = 医疗费用 医疗 医保
报销 报账 = 报销
异地看病 外地看病 外地住院 外地就医 回老家看病 跨省看病 = 异地就医
少儿医保 学生医保 居民医保 买医保 交医保 = 居民医保参保 医保参保
津贴 补贴 补助 钱 奖励 = 补贴 津贴 资助 补助
育儿补贴 奶粉钱 生娃补贴 = 育儿补贴
高龄 八十岁 80岁 九十岁 = 高龄老人
残疾 残疾证 残疾人 残障 = 残疾人证 残疾人
低保 吃低保 困难 穷 贫困 = 最低生活保障 低收入 困难
军人 当兵 退伍 退役 退伍军人 老兵 = 退役军人 退役
开公司 注册公司 成立公司 办公司 新公司 开企业 创业 公司注册 开办企业 = 公司设立登记 企业开办 设立登记
~ 公司 企业 厂 工厂 = 公司 企业 单位
水果店 服装店 杂货店 夫妻店 微店 网店 = 个体工商户 个体工商户开业登记
小店 开店 开小店 个体户 个体 开个店 开铺 铺子 摆摊 小卖部 店铺 店 = 个体工商户 个体工商户开业登记
开业 = 开业登记 设立登记
执照 营业执照 工商执照 = 营业执照
办执照 办营业执照 申请营业执照 领执照 = 公司设立登记 个体工商户开业登记 设立登记 营业执照
关公司 公司不做了 公司倒闭 注销公司 公司注销 企业注销 = 企业简易注销 企业注销 公司注销登记 注销登记
不干了 倒闭 关门 关店 销户 = 注销 注销登记
经营范围 = 经营范围 企业变更登记
注销 = 注销
改 改名 改名字 更改 换法人 换老板 换地址 改地址 换股东 搬地址 地址变更 变更 = 变更 变更登记
法人 老板 法定代表人 = 法定代表人 变更
股东 股权 = 股权 变更登记
公章 盖章 刻章 刻公章 印章 图章 = 公章刻制 公章
年报 工商年报 年检报告 异常 经营异常 解除异常 = 年报 异常名录
公司档案 工商档案 内档 查档 = 企业档案查询 档案
饭店 餐馆 餐厅 饭馆 小饭馆 餐饮 酒楼 火锅店 奶茶店 = 餐饮 食品经营
卖吃的 食品证 食品许可证 食品 食品经营许可证 食品经营 = 食品经营许可 食品
小吃店 小吃 早餐店 快餐 = 小餐饮 食品经营
卖零食 零食店 超市 便利店 包装食品 = 预包装食品 食品经营
卫生许可 卫生证 = 卫生许可
理发店 美容院 发廊 美发 酒店卫生 宾馆卫生 = 公共场所卫生许可 美容美发 卫生许可
宾馆 酒店 旅馆 民宿 = 旅馆 民宿
ktv 歌厅 酒吧 网咖 游戏厅 = 娱乐场所 歌舞娱乐
网吧 = 互联网上网服务
药店 药房 = 药品零售 药店
医疗器械 口罩 = 医疗器械
招牌 广告牌 门头 店招 灯箱 = 户外招牌 户外广告
占道 占路 挖路 围路 = 占用道路 道路挖掘
货车 拉货 货运 运输 物流 = 道路货物运输 货运
劳务 劳务公司 派遣 = 劳务派遣
培训班 补习班 辅导班 培训机构 = 校外培训机构 培训
幼儿园 = 幼儿园
养老院 敬老院 = 养老机构
发票 开票 开发票 = 发票
代开 代开发票 自然人开票 = 代开发票
发票不够 增加发票 提额 增额 = 发票额度调整
报税 申报 缴税 交税 税 = 纳税申报 税 申报
个税 个人所得税 工资税 工资交税 = 个人所得税
退税 = 退税
完税证明 税单 纳税证明 缴税证明 交税证明 = 完税证明
税务登记 税务报到 新办税务 = 新办纳税人
清税 = 清税
丢 掉 遗失 弄丢 丢失 不见 找不到 唔见 挂失 偷 被偷 lost = 补领 补办 遗失 挂失 补证 补换领
补 补办 重办 重新办 再办 损坏 烂 坏 = 补领 补办 补换领 补证
过期 到期 快到期 失效 期满 换 更换 换新 续 = 换领 换证 期满 延续 签注
续期 续签 延期 延长 = 签注 延续 续期 延期
第一次 首次 新办 初次 申请 申办 申领 领 = 申领 首次 申请 核发
取件 领取 拿 拿证 领证书 取证 取证件 = 领取
临时 急用 马上用 = 临时
查 查询 打印 = 查询 打印 开具 证明
开 = 开具 开业 设立 开户
转 转到 转过来 转入 = 转移 转入 转移接续 迁入
外地 老家 异地 外省 = 异地 转入 转移接续
证明 开证明 = 证明
犯罪记录 无犯罪 良民证 案底 没犯罪 无犯罪证明 = 无犯罪记录证明
港澳通行证 去香港 香港 澳门 港澳 去澳门 = 港澳通行证 往来港澳 港澳
港澳台 台湾人 香港人 台胞 = 港澳台居民
出国 护照 = 护照
狗证 养狗 宠物 狗 = 养犬 养犬登记
水费 自来水 水表 = 用水 水费
电费 电表 = 用电 电费
煤气 天然气 燃气费 开气 = 燃气
电视 有线电视 = 有线电视
食堂 饭堂 = 饭堂 食堂
数字证书 电子签名 电子章 ca ukey = 数字证书 个人数字证书
app 手机 账号 密码 登录 注册账号 不会用 i深圳 = 账号 协助
上学 入学 学位 读书 小学 小一 初中 报名上学 上学报名 = 入学 学位
转学 = 转学
打疫苗 疫苗 预防针 打针 = 疫苗 预防接种
健康证 = 健康证 健康检查
环评 环保 = 环境影响 排污
消防 = 消防
施工 = 施工
装修 = 装饰装修 装修
专利 商标 = 专利 商标 知识产权
工资 欠薪 拖欠工资 讨薪 老板不给钱 = 拖欠工资 劳动
打官司 律师 = 法律援助 律师
网约车 滴滴 = 网约车 网络预约出租汽车
快递 寄 = 快递
噪音 吵 = 噪音扰民
改姓 姓名 改名 = 姓名变更
搬家 搬迁 搬 = 住所变更 地址变更 迁入 变更登记
加油站 加油 = 成品油
驾校 学车 考驾照 = 驾驶员培训 驾驶人考试
送给 赠送 过给 给儿子 给女儿 给孩子 = 赠与 转移登记
没有房子 没有房 没房 = 无房 不动产登记信息查询 首次购房证明
高空 扔东西 扔垃圾 = 高空抛物
毕业生 大学生 应届生 毕业 = 毕业生 学历人才
增员 减员 增减员 员工离职 = 增减员 职工增减
轮椅 拐杖 助听器 = 辅助器具 轮椅
诊所 门诊部 医院 = 诊所 医疗机构
旅行社 旅游公司 = 旅行社
托儿所 托管 托班 = 托育 托管
美甲 足浴 按摩 洗脚 健身房 = 公共场所卫生许可 公共场所
外卖 网上卖 = 网络食品经营 食品经营
酒 卖酒 = 食品经营许可 酒类
烟 卖烟 香烟 = 烟草专卖
菜市场 市场 = 农贸市场 市场
房东 出租屋 出租 = 房屋租赁 出租屋
合同 = 合同
人才 引进 = 人才引进 人才
拆迁 = 征收 补偿
信访 投诉 举报 告 = 投诉 举报 信访
仲裁 劳动纠纷 = 劳动人事争议仲裁 仲裁
坐月子 产检 = 生育
亲子关系 父子 母子 亲属 = 亲属关系证明 亲属关系
户口本复印 户籍 户籍证明 = 户籍 户籍信息证明
网签 签合同 = 备案
电子发票 税票 = 发票
银行卡 = 银行卡
丧葬费 抚恤金 = 丧葬补助金 抚恤
大病 重病 慢性病 = 特定病种 医疗救助 大病
老兵 军属 = 退役军人 军属
停车 车位 = 停车
电子证照 电子身份证 = 电子凭证
人才房 安居房 = 人才住房
死亡 去世 过世 = 死亡 丧葬
销户口 死亡注销 = 死亡注销户口 注销户口
学历 毕业证 文凭 = 学历 毕业
教师证 教资 = 教师资格证
"""

WORDS_EN = """
license licenses licence licences permit permits = licence permit
id identity identification idcard = id
driver drivers driving drive = driving
car cars auto vehicle vehicles = car vehicle
company companies firm enterprise corporation corp = company
shop store startup = sole trader business
start open opening setup register registration found incorporate incorporation create = set up register
close closing shut dissolve deregister cancel = close deregister cancellation
lost lose stolen missing replace replacement reissue = replace lost replacement
renew renewal expired expire expiring extend extension = renew renewal extend
baby newborn child children kid kids infant = newborn child children
marriage marry married wedding = marriage
divorce divorced = divorce
house home flat apartment property = home property title
rent rental lease renting tenancy = rental lease rent
buy sell sale = transfer
pension retire retirement retired = pension
unemployed unemployment jobless = unemployment
injury injured hurt accident = injury
hospital doctor medical health treatment = medical treatment
reimburse reimbursement refund claim = refund
restaurant food eatery catering cafe canteen = food
invoice invoices fapiao receipt = invoice
tax taxes = tax
seal stamp chop = seal
crime criminal police = criminal crime
pick pickup collect collection = collect
ebike bike bicycle scooter = bicycle
fine ticket violation violations = violation
elderly senior seniors old = senior old
disabled disability = disability disabled
poor subsidy allowance benefit benefits grant = allowance subsidy benefit grant
hukou household = household
residence residency resident = residence
social security insurance shebao = social insurance security
fund gongjijin = fund
mortgage loan = mortgage loan
dog pet = dog
passport passports = passport
bus = business bus
electric electricity power = electricity electric
"""

TRADITIONAL = str.maketrans(
    "證換領辦執照駕駛戶業務開關無記錄車輛檢驗產權轉讓過繼買賣稅發險養護醫療報銷補貼學習師資編輯銀貸還結離婚遷親屬關係"
    "體檢廣場設備註冊個體戶餐飲館廳樓電動腳踏單罰違運輸貨臺灣門納費調額續約請問樣誰麼們這裡給對應衛動員勞職傷殘優軍"
    "災險監護歲齡壽兒孫媽爺鄉鎮區縣許營經濟絡網聲頻書號碼簡歷畢營養園圖館藝術劇場環評飯糧魚鳥貓",
    "证换领办执照驾驶户业务开关无记录车辆检验产权转让过继买卖税发险养护医疗报销补贴学习师资编辑银贷还结离婚迁亲属关系"
    "体检广场设备注册个体户餐饮馆厅楼电动脚踏单罚违运输货台湾门纳费调额续约请问样谁么们这里给对应卫动员劳职伤残优军"
    "灾险监护岁龄寿儿孙妈爷乡镇区县许营经济络网声频书号码简历毕营养园图馆艺术剧场环评饭粮鱼鸟猫",
)
"""Neighbours of Hong Kong write so too."""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        said, _, called = line.partition("=")
        for word in said.removeprefix("~").split():
            table[word] = tuple(dict.fromkeys((*table.get(word, ()), *called.split())))
    return table


def everyday() -> dict[str, tuple[str, ...]]:
    """Official words by everyday word, Chinese."""
    return _table(WORDS)


def qualifiers() -> frozenset[str]:
    """Everyday words that tell for whom a matter is."""
    marked = (line[1:].partition("=")[0] for line in WORDS.splitlines() if line.startswith("~"))
    return frozenset(word for said in marked for word in said.split())


def everyday_en() -> dict[str, tuple[str, ...]]:
    """Words of catalogues by everyday word, English."""
    return _table(WORDS_EN)
