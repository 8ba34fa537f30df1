"""Numbers as a person reads them aloud, word by word."""

CHINESE = "零一二三四五六七八九"
ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def chinese_number(value: int) -> tuple[str, ...]:
    """1 to 999 as Mandarin and Cantonese count: 12 is 十二, 105 is 一百零五, 110 is 一百一十."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = [CHINESE[hundreds], "百"] if hundreds else []
    if tens:
        words += ["十"] if tens == 1 and not hundreds else [CHINESE[tens], "十"]
    elif hundreds and ones:
        words.append("零")
    if ones or not words:
        words.append(CHINESE[ones])
    return tuple(words)


def english_number(value: int) -> tuple[str, ...]:
    """0 to 999: 12 is twelve, 105 is one hundred and five."""
    hundreds, rest = divmod(value, 100)
    words: list[str] = [ENGLISH[hundreds], "hundred"] if hundreds else []
    if hundreds and rest:
        words.append("and")
    if rest >= len(ENGLISH):
        tens, ones = divmod(rest, 10)
        words += [TENS[tens], ENGLISH[ones]] if ones else [TENS[tens]]
    elif rest or not words:
        words.append(ENGLISH[rest])
    return tuple(words)
