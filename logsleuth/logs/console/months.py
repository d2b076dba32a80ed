"""Abbreviated month names of the languages that servers are run in, as `strftime("%b")` of the C library writes them.

The journal dates its lines by the locale of the user who runs journalctl; each row is one language (CLDR, glibc).
"""

from __future__ import annotations

from functools import cache

from logsleuth.logs.httpd.tokenize import MONTHS

LANGUAGES: dict[str, str] = {
    "Arabic": "ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس",
    "Basque": "urt ots mar api mai eka uzt abu ira urr aza abe",
    "Bulgarian": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "Catalan": "gen febr març abr maig juny jul ag set oct nov des",
    "Croatian": "sij vel ožu tra svi lip srp kol ruj lis stu pro",
    "Czech": "led úno bře dub kvě čen čec srp zář říj lis pro",
    "Danish": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "Dutch": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "Estonian": "jaan veebr märts apr mai juuni juuli aug sept okt nov dets",
    "Finnish": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "French": "janv févr mars avril mai juin juil août sept oct nov déc",
    "French, older": "jan fév mar avr mai jun jui aoû sep oct nov déc",
    "Galician": "xan feb mar abr mai xuñ xul ago set out nov dec",
    "German": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "German, Austria": "jän feb mär apr mai jun jul aug sep okt nov dez",
    "Greek": "ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "Greek, accented": "ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ",
    "Hebrew": "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
    "Hungarian": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "Indonesian": "jan feb mar apr mei jun jul agu sep okt nov des",
    "Italian": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Latvian": "janv febr marts apr maijs jūn jūl aug sept okt nov dec",
    "Lithuanian": "saus vas kov bal geg birž liep rugp rugs spal lapkr gruod",
    "Norwegian": "jan feb mars april mai juni juli aug sep okt nov des",
    "Persian": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "Polish": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "Portuguese": "jan fev mar abr mai jun jul ago set out nov dez",
    "Romanian": "ian feb mar apr mai iun iul aug sept oct noi dec",
    "Russian": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "Russian, genitive": "янв фев мар апр мая июня июля авг сент окт нояб дек",
    "Serbian": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "Slovak": "jan feb mar apr máj jún júl aug sep okt nov dec",
    "Slovenian": "jan feb mar apr maj jun jul avg sep okt nov dec",
    "Spanish": "ene feb mar abr may jun jul ago sep oct nov dic",
    "Spanish, longer": "ene feb mar abr may jun jul ago sept oct nov dic",
    "Swedish": "jan feb mars april maj juni juli aug sept okt nov dec",
    "Turkish": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "Ukrainian": "січ лют бер кві тра чер лип сер вер жов лис гру",
}


@cache
def _numbers() -> dict[str, int]:
    """The month of each word that is one month in all languages; English wins."""
    found: dict[str, set[int]] = {}
    for row in LANGUAGES.values():
        for number, word in enumerate(row.split(), 1):
            found.setdefault(word, set()).add(number)
    clear = {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}
    return clear | {name.lower(): number for name, number in MONTHS.items()}


def month_of(word: str) -> int | None:
    """The number of a month's abbreviated name; None: no language's, or another month in another language.

    East Asian languages write the number itself: `1月`, `1월`.
    """
    digits = word.rstrip("月월")
    if digits != word and digits.isdecimal():
        return int(digits) if 1 <= int(digits) <= 12 else None
    return _numbers().get(word.rstrip(".").lower())
