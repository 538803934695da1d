"""Words and lines of a made-up chat: Chinese mostly, as frequent as in a real language, nobody's own.

Pure, the same for the same seed. Characters are those of everyday Chinese, drawn by Zipf's law into words,
and words by the same law into lines: what is common is very common, and most of what there is, is rare.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

#: Said again and again by everyone; before others what is said most.
STANDING = (
    *(
        "哈哈哈",
        "666",
        "来了",
        "？",
        "草",
        "晚上好",
        "哈哈哈哈哈哈",
        "好听",
        "可爱",
        "？？？",
        "打卡",
        "好耶",
    ),
    *(
        "233",
        "啊啊啊啊",
        "前排",
        "6",
        "辛苦了",
        "加油",
        "awsl",
        "6666666",
        "www",
        "贴贴",
        "😂😂😂",
        "可以",
        "hhhh",
    ),
    *(
        "888888",
        "冲冲冲",
        "牛啊",
        "かわいい",
        "来啦来啦",
        "😭",
        "好家伙",
        "gg",
        "おつ",
        "❤❤❤",
        "真的吗",
        "草草草",
    ),
)
STANDING_SHARE = 0.22

_EMOJI = "😂🤣😭😍🥰👍🙏🔥💕🎉😅🤔👏😱🐶🍉🌹✨💪🥺"
_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニハマミムメモヤユヨラリルレロワン"
    + "あいうえおかきくけこさしすせその"
)
_LATIN = tuple(consonant + vowel for consonant in "bdklmnrtyz" for vowel in "aeiou")
_WORDS = 30_000
#: Of a word, in characters: how many have that length.
_WORD_LENGTHS = {1: 15, 2: 60, 3: 17, 4: 8}
#: Words of a line.
_LINE_LENGTHS = {1: 24, 2: 26, 3: 20, 4: 13, 5: 8, 7: 6, 10: 3}
_NAME_SHARE = 0.03  #: of lines that hold a word which nobody has said before: a name, a typing error
_LINES_AT_ONCE = 10_000


def characters() -> list[str]:
    """The 3,755 characters of everyday Chinese: the first level of GB 2312, in its order."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return [code.decode("gb2312", "ignore") for code in codes if code.decode("gb2312", "ignore")]


def zipf(count: int, exponent: float) -> list[float]:
    """Cumulative weights of ranks, for `random.choices`."""
    return list(accumulate(1 / (rank + 2) ** exponent for rank in range(count)))


class Vocabulary:
    """The words of all rooms; ``words`` come with the most frequent first."""

    def __init__(self, seed: int) -> None:
        random = Random(f"vocabulary {seed}")
        self.characters = characters()
        random.shuffle(self.characters)
        self._weights = zipf(len(self.characters), 1.0)
        self.words = self._chinese(random)
        self._mix_in(random, list(_EMOJI), ranks=2_000)
        self._mix_in(random, [self._foreign(random, _KANA, 2, 5) for _ in range(900)], ranks=_WORDS)
        self._mix_in(random, [self._foreign(random, _LATIN, 1, 4) for _ in range(900)], ranks=_WORDS)

    def _chinese(self, random: Random) -> list[str]:
        lengths = random.choices([*_WORD_LENGTHS], [*_WORD_LENGTHS.values()], k=_WORDS)
        drawn = iter(random.choices(self.characters, cum_weights=self._weights, k=sum(lengths)))
        made = ("".join(next(drawn) for _ in range(length)) for length in lengths)
        return list(dict.fromkeys(made))

    @staticmethod
    def _foreign(random: Random, syllables: str | tuple[str, ...], least: int, most: int) -> str:
        return "".join(random.choices(syllables, k=random.randint(least, most)))

    def _mix_in(self, random: Random, words: list[str], ranks: int) -> None:
        for word in words:
            self.words.insert(random.randrange(ranks), word)

    def lines(self, random: Random) -> Iterator[str]:
        """One after the other for ever, many made at once: a draw of its own for each would be slow."""
        weights, standing = zipf(len(self.words), 0.9), zipf(len(STANDING), 1.0)
        while True:
            said = iter(random.choices(STANDING, cum_weights=standing, k=_LINES_AT_ONCE))
            lengths = random.choices([*_LINE_LENGTHS], [*_LINE_LENGTHS.values()], k=_LINES_AT_ONCE)
            words = random.choices(self.words, cum_weights=weights, k=sum(lengths))
            place = 0
            for length in lengths:
                drawn = random.random()
                if drawn < STANDING_SHARE:
                    yield next(said)
                elif drawn < STANDING_SHARE + _NAME_SHARE:
                    yield words[place] + "".join(random.choices(self.characters, k=2))
                else:
                    yield "".join(words[place : place + length])
                place += length
