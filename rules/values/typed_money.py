"""Parse an amount as people write it: `£1.4m`, `£1.4 million`, `£575,000 + VAT`, `1400000`.

Invariants:
- An amount without a VAT basis is as stated: judging asks for the basis only where it changes an answer.
- Nothing is guessed: a range, an estimate, a comma that could be a point and a fraction of a penny are refused.
- Files of rules write amounts in one form, which `money.parse_money` reads.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rules.errors import InputError
from rules.values.money import MAX_AMOUNT_LENGTH, VAT_WORDS, Money, Vat
from rules.values.text import quote

_ADVICE = "Write it as £1,400,000 or £1.4m, with ex VAT or inc VAT if you know which."
_NOT_ONE_AMOUNT = "is not one amount in pounds"
_SIGN = r"(?P<{}>[-\u2212]|minus(?= |£|[0-9]))? ?"
_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.(?P<decimals>[0-9]+))?"
SCALES = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "million"), 6),
    **dict.fromkeys(("bn", "billion"), 9),
    **dict.fromkeys(("tn", "trillion"), 12),
}
_SCALE = rf"(?: ?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?![a-z]))?"
_AMOUNT = re.compile(rf"{_SIGN.format('sign')}(?:£|gbp)? ?{_SIGN.format('later')}{_NUMBER}{_SCALE} ?(?P<basis>.*)")
_TYPED_VAT_WORDS = {**VAT_WORDS, **dict.fromkeys(("before", "without", "plus"), Vat.EXCLUDED), "with": Vat.INCLUDED}
_BASES = {
    "": Vat.UNSTATED,
    "as stated": Vat.UNSTATED,
    "net": Vat.EXCLUDED,
    "gross": Vat.INCLUDED,
    **{f"{words} vat": basis for words, basis in _TYPED_VAT_WORDS.items()},
    **{
        f"vat {words}": _TYPED_VAT_WORDS[words.removesuffix("usive")]
        for words in ("exclusive", "inclusive", "ex", "inc")
    },
}
_PENCE_DIGITS = 2


def parse_typed_money(text: str, *, negative: bool = False) -> Money:
    """Parse an amount as an officer writes it; with `negative`, it may be below zero.

    Raises `InputError` that says what is wrong and what to write.
    """
    if len(text) > MAX_AMOUNT_LENGTH:
        raise InputError(f"an amount has at most {MAX_AMOUNT_LENGTH} characters; this has {len(text):,}", _ADVICE)
    words = " ".join(text.split()).casefold()
    match = _AMOUNT.fullmatch(words)
    if match is None:
        raise InputError(f"{quote(text)} {_describe_fault(words)}", _ADVICE)
    is_negative = bool(match["sign"] or match["later"])
    if is_negative and not negative:
        raise InputError(f"{quote(text)} is negative: this amount cannot be", _ADVICE)
    if match["sign"] and match["later"]:
        raise InputError(f"{quote(text)} has two minus signs", "Write it as -£5,000.")
    pence = _parse_pence(text, match["number"], match["decimals"] or "", match["scale"] or "")
    return Money(-pence if is_negative else pence, _parse_basis(text, match["basis"]))


def _parse_pence(text: str, number: str, decimals: str, scale: str) -> int:
    whole = re.sub("[, ]", "", number)
    if len(whole) > 1 and whole.startswith("0"):
        raise InputError(f"{quote(text)} begins with extra zeros", "Write 7 for 007, and 0.50 for fifty pence.")
    if not scale and decimals and len(decimals) != _PENCE_DIGITS:
        raise InputError(
            f"{quote(text)} does not have two digits for pence after its point",
            "Write pence as .50; use commas for thousands, and m for millions: £1.4m.",
        )
    pence = Decimal(f"{whole}.{decimals or 0}").scaleb(SCALES.get(scale, 0) + _PENCE_DIGITS)
    if pence != int(pence):
        raise InputError(f"{quote(text)} is not a whole number of pence", _ADVICE)
    return int(pence)


def _parse_basis(text: str, basis: str) -> Vat:
    words = " ".join(re.sub("[().,-]", " ", basis).replace("+", " plus ").split())
    words = re.sub("(?<=[a-z])(?<! )vat$", " vat", words)
    if basis and not re.match(r"(?:, ?)?[(+a-z]", basis):
        raise InputError(f"{quote(text)} {_NOT_ONE_AMOUNT}", _ADVICE)
    if words in _BASES:
        return _BASES[words]
    raise InputError(f"{quote(text)}: {quote(basis)} is not a VAT basis", "Write ex VAT, inc VAT or neither.")


def _describe_fault(words: str) -> str:
    """Return what is wrong with text that is no amount, the most likely mistake first."""
    if words.startswith(("(", "£(")):
        return "does not say that it is negative with a minus: write -£5,000"
    if not re.search("[0-9]", words):
        return "has no amount in figures"
    if re.match(r"[-\u2212]?£?\.[0-9]", words):
        return "has no figure before its point: write 0.50 for fifty pence"
    return _NOT_ONE_AMOUNT
