"""Writes hall_controller/domain/readings_table.py: the readings of the characters of GB 2312, as pypinyin knows them.

    python -m hall_controller.catalogue.readings

A search that reads them from the code needs no library where it runs: a kiosk or terminal stays small.
"""

import unicodedata
from pathlib import Path

WIDTH = 108
SECOND = (
    "长chang 便pian 藏zang 曾zeng 查zha 差chai 长zhang 朝zhao 车ju 传zhuan 大dai 单shan 弹tan 得dei 地de 调diao "
    "调tiao 都du 度duo 番pan 给ji 还huan 行hang 会kuai 圈juan 降xiang 角jue 觉jiao 卡qia 壳qiao 了liao 率shuai "
    "绿lu 落la 露lou 模mu 奇ji 仔zi 仔zai 参shen 舍she 什shi 省xing 盛cheng 石dan 属zhu 宿xiu 提di "
    "吐tu 尾yi 系ji 校jiao 血xie 咽yan 钥yue 乐yue 折she 着zhuo 着zhao 重chong 种chong 厦xia 圳chuan 女nu "
    "旅lu 律lu 虑lu 滤lu 铝lu 略lue 虐nue"
)
"""Readings that common words have beside the usual one, and `lu` for those who have no `ü`."""


def characters() -> list[str]:
    """The 6,763 of GB 2312."""
    found = []
    for high in range(0xB0, 0xF8):
        row = b"".join(bytes((high, low)) for low in range(0xA1, 0xFF))
        found += [one for one in row.decode("gb2312", errors="ignore") if unicodedata.category(one) == "Lo"]
    return found


def readings() -> dict[str, str]:
    """The characters of each syllable; `ü` is `v`, as it is typed."""
    from pypinyin import lazy_pinyin

    by_syllable: dict[str, str] = {}
    for one in characters():
        syllable = lazy_pinyin(one, v_to_u=False)[0]
        by_syllable[syllable] = by_syllable.get(syllable, "") + one
    return dict(sorted(by_syllable.items()))


def lines(text: str) -> list[str]:
    """Text of even width, in which a Chinese character takes two columns."""
    told, line, width = [], "", 0
    for one in text:
        line, width = line + one, width + (1 if one.isascii() else 2)
        if width >= WIDTH:
            told.append(line)
            line, width = "", 0
    return [*told, line]


def module() -> str:
    held = (" ".join(syllable + those for syllable, those in readings().items()), SECOND)
    body, second = ("\n".join(f'    "{line}"' for line in lines(text)) for text in held)
    return (
        '"""The characters of GB 2312 by syllable, without tones: written by'
        f' hall_controller.catalogue.readings."""\n\nREADINGS = (\n{body}\n)\n'
        f'SECOND = (\n{second}\n)\n"""Readings beside the usual ones."""\n'
    )


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "domain" / "readings_table.py"
    target.write_text(module(), "utf-8")
