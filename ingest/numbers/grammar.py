"""Hold the wordings of number expressions, in the order in which they are tried.

Rules match text in lower case in which names that hold numbers and earlier finds are blanked by
``#``; ``ÓR`` stands for the odds ratio's letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ingest.numbers import expressions as read
from ingest.numbers import parts
from ingest.numbers.numerals import DIGITS, NUMBER, WORD
from ingest.numbers.quantity import Quantity
from ingest.numbers.units import load_spellings
from ingest.wording import Wordings, compile_wordings

Maker = Callable[[re.Match[str]], Iterator[Quantity]]
_TO = r"\s*(?:-|–|—|‑|−|to|till|through)\s*"
_PERCENT = r"(?:%|per ?cent\b)"
# A hyphen is a minus only where no dash can stand.
_MINUS = r"(?:(?<![\w)\]%])[−–](?=[\d.·])|(?:(?<=[(\[=:])|(?<=[=:] )|(?<=of )|(?<=by )|(?<=at ))-(?=[\d.·]))?"
_OPEN, _CLOSE = r"\s*[(\[]\s*", r"\s*[)\]]"
# Words that no adjective between a number and its noun is.
_NO_ADJECTIVE = (
    "of|in|to|and|or|with|the|a|at|had|were|was|for|by|on|from|as|than|per|after|before|during"
    "|versus|vs|patients|cases|is|are|has|have|who|which|that|between|within|without|underwent"
    "|received|developed|required|experienced|showed|being|presented|died|survived|remained|had"
    "|using|months|month|years|year|days|day|weeks|week|hours|minutes|points|percent"
)


_LEADING = "\0"
# A number is no part of a word or of another number. What begins with a sign is found quickly, so
# that words are looked for only where one stands at all.
_FREE = r"(?<![\w.,/#·]{0})(?<![\d%)][-–—−]{0})(?<![a-z][-–‑]{0})"
_DIGITS_START = re.compile(rf"[-−–.\d]{_FREE.format('.')}(?:(?<=\d)|(?<=[-−–])(?=\.?\d)|(?=\d))")
_WORD_START = re.compile(rf"{_FREE.format('')}(?=[a-z])(?={WORD}\b)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording; ``marks`` are strings of which a text must hold one for it to be tried.

    ``leading`` is true where the wording begins with a number: it is tried at numbers alone.
    """

    rule: re.Pattern[str]
    make: Maker
    marks: tuple[str, ...] = ()
    leading: bool = False


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are to be tried."""
    spelt = load_spellings()
    n, d = NUMBER, DIGITS
    x = _MINUS + DIGITS
    whole_number = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
    alone = _LEADING
    adjective = rf"(?:(?!(?:{_NO_ADJECTIVE})\b)[a-z][a-z'’-]*\s+){{0,3}}?"
    noun = rf"(?:{adjective}(?P<noun>{spelt.noun})\b(?! (?:{spelt.noun})\b))"
    unnamed = rf"(?:{adjective}(?:{spelt.noun})\b(?! (?:{spelt.noun})\b))"
    unit = rf"\s*[-‑–]?\s*(?P<unit>{spelt.unit})(?![a-z])"
    same = rf"(?:\s*[-‑]?\s*(?:{spelt.unit})(?![a-z]))?"
    label = (
        r"(?:(?:total |overall |full )?range[ds]?|iqr|inter-?quartile (?:range|interval)s?(?:\s*[(\[]iqr[)\]])?"
        r"|q1\s*[-–]\s*q3|min(?:imum)?\s*[-–]\s*max(?:imum)?|interval)?[\s,:;=]*(?:of |from |was |between )?"
    )
    span = rf"{label}(?P<low>{x}){same}(?:{_TO}|\s+and\s+|,\s+)(?P<high>{x}){same}"
    spread = rf"(?:\s*(?:±|\+/[-−]|\+-)\s*(?P<s>{d})|{_OPEN}(?:s\.?d\.?|standard deviation|±|\+/-)[\s,:=±]*(?P<s2>{d}){same}{_CLOSE})"
    plain = rf"(?:\s*(?:±|\+/[-−]|\+-)\s*{d})?"
    several = r"(?:\s*,?\s*(?:and|or|vs\.?|versus|compared (?:with|to)|&)\s+)"
    the = r"(?:(?:the|our|these|those|all|a total of|a|his|her)\s+){0,2}"
    whole = rf"(?P<m>{n})(?![\w/]|[.·]\d|\s*(?:{_PERCENT}|points?\b|ml\b|mm\b|cm\b|months?\b|years?\b|days?\b|weeks?\b))"
    table: list[tuple[str, Maker, tuple[str, ...]]] = [
        (
            r"p(?<![a-z]p)(?:[- ]?values?)?\s*(?:of|was|were|is|:|,)?\s*(?:all\s+)?(?P<op>[<>=≤≥⩽⩾])\s*(?P<a>\d?[.·]\d+|0,\d+|[01](?:[.·]0+)?(?!\d))",
            read.read_p,
            ("p",),
        ),
        (
            rf"(?:(?P<level>9\d(?:[.·]\d)?)\s*%\s*(?:-\s*)?)?(?:\bc\.i\.|\bc\.?i\.?s?\b|(?:confidence|credible|credibility) (?:intervals?|limits?))(?:\s*[(\[]\s*(?:9\d\s*%\s*)?cis?\s*[)\]])?(?: (?:of|for) (?:the )?(?:hr|ór|rr))?"
            rf"(?:\s*(?P<later>9\d)\s*%)?[\s,:;=[(]*(?:of|ranging from|from|was|between|range)?\s*(?P<a>{x})\s*%?{same}\s*(?:{_TO}|,\s*|;\s*|\s+and\s+)(?P<b>{x})\s*%?(?:{same})",
            read.read_interval,
            ("ci", "interval", "c.i", "limit"),
        ),
        (
            rf"\b(?P<name>(?:(?:un)?adjusted |crude |pooled )?(?:sub-?(?:distribution )?)?hazards? ratios?|odds ratios?|relative risks?|risk ratios?|(?:incidence )?rate ratios?|(?:a|s|c|cs|sd|m|u)?hrs?|[acmu]?órs?|[amu]?rrs?|irr)\b"
            rf"(?:\s*[(\[]\s*[as]?(?:hr|ór|rr|irr)s?\s*[)\]])?(?:\s*[(\[,]\s*9\d\s*%\s*(?:ci|confidence intervals?)\s*[)\]](?=[\s=:,]*\d))?\s*(?:of|was|is|were|:|=|,|\[|\(|(?:for|of|associated with|comparing) [a-z# -]{{3,60}}(?:,|was|were|=|:))?\s*(?P<a>{d})(?!\s*%|\s*(?:patients|cases|of)\b|[\s-]*(?:day|week|month|year)s?\b|[\d.])"
            rf"(?:{_OPEN}(?P<low>{d})\s*(?:[-–−,;]|to)\s*(?P<high>{d})(?:{_CLOSE}|(?=[,;]))|;\s*(?P<low2>{d})\s*(?:[-–]|to)\s*(?P<high2>{d})(?=\s*[)\]]))?",
            read.read_effect,
            ("ratio", "risk", "hr", "ór", "rr"),
        ),
        (
            rf"\b(?:(?:standardi[sz]ed |weighted )?mean differences?|(?:s|w|a)?md)(?:\s*[(\[]\s*(?:s|w|a)?md\s*[)\]])?(?: and (?:s|w)?md\b)?[\s,=:]*(?:(?:of|was) |(?:of|in|for) [a-z# -]{{3,60}} (?:was|were) )?"
            rf"(?P<a>{x})(?:{unit})?(?:{_OPEN}(?P<low>{x}){same}\s*(?:{_TO}|[,;]\s*)(?P<high>{x}){same}{_CLOSE})?",
            read.read_difference,
            ("md", "mean difference"),
        ),
        (
            r"\b(?P<name>c-?statistics?|c-?ind(?:ex|ices)|harrell'?s? c|concordance (?:index|statistics?)|aucs?(?:-?roc)?|roc-?aucs?|aurocs?|areas? under (?:the )?(?:(?:receiver[ -]operating[ -]characteristics? |roc )?curves?))(?: ?[(\[](?:auc(?:-?roc)?|auroc|roc-auc|c-?index)s?[)\]])?s?"
            rf"(?:\s*(?:[\w'’-]+\s+){{0,10}}?(?:was|were|of|is)\b(?:(?: [a-z-]+){{1,5}} ?(?=\())?)?\s*[=:(,]?\s*(?P<a>0?[.·]\d+|1[.·]0+)(?!\d)(?:\s*(?:±|\+/-)\s*(?P<s>{d}))?",
            read.read_accuracy,
            ("statistic", "c-ind", "cind", "concordance", "auc", "auroc", "under the"),
        ),
        (
            r"(?:\bcorrelation coefficients?(?:\s*[(\[]\s*(?:r|rs|rho|ρ|cc)\s*[)\]])?(?:\s*(?:[\w#-]+\s+){0,6}?(?:was|were|of|is)\b)?\s*[=:(,]?\s*"
            r"|\bcorrelations?\s*[(\[]\s*|(?<![\w²-])(?:r|rs|rho|ρ)\s*[=:]\s*)(?P<a>[-−–]?(?:0?[.·]\d+|1[.·]0+))(?![\d%])",
            read.read_correlation,
            ("correlation", "r =", "r=", "rs =", "rs=", "rho", "ρ"),
        ),
        (
            rf"{alone}(?P<a>{d})\s*(?:times )?(?:the |as high |higher |greater |lower )odds\b",
            read.read_odds,
            ("odds",),
        ),
        (
            rf"\b(?:all|none)(?: of)? (?:the |our |these |those )?(?P<k>{n})\s+{noun}",
            parts.read_all,
            ("all", "none"),
        ),
        (
            r"\b(?:(?:no|not a single|zero) (?:(?:viable |living |tumou?r |cancer |malignant ){0,2}cells?(?= (?:remained|survived|were (?:alive|viable|left)))|(?P<noun>patients?|cases?|deaths?|child(?:ren)?|subjects?|participants?|individuals?|wom[ae]n|m[ae]n)\b(?! (?:who|that|with|in|without|of|report|series|had no|(?:was|were) (?:\w+ly )?(?:related|attribut\w+|due|caused|associated))\b|-))"
            r"|none(?= (?:had|has|developed|died|experienced|suffered|required|needed|showed|underwent|received|recurred|relapsed)\b)|(?<=in )none(?= (?:who|with|without)\b)"
            r"|none of (?:the|our|these) (?P<noun2>patients|cases|children|subjects|participants|women|men)\b)(?!.*\b(?:except|but|other than|more than|besides|apart|less than|until|only)\b)",
            parts.read_none,
            ("no ", "not a ", "none", "zero"),
        ),
        (
            rf"{alone}(?P<a>{n})\s*{_PERCENT}(?:\s+of\s+(?:the\s+)?{unnamed})?(?:{_OPEN}|,\s*)(?:n\s*=\s*)?(?P<k>{n})\s*(?:/|out of|of)\s*{the}(?P<m>{n})(?:\s+{noun}|\s+[a-z]+)?",
            parts.read_share,
            ("%", "percent", "per cent"),
        ),
        (
            rf"{alone}(?P<a>{d})\s*{_PERCENT}(?:\s+of\s+(?:the |all |our )?(?:patients|cases|subjects|participants)(?={_OPEN}n\s*=))?{_OPEN}(?:n\s*=\s*)?(?P<k>{d})(?:\s+{noun})?(?=\s*[)\],;])(?:{_CLOSE})?",
            parts.read_share,
            ("%", "percent", "per cent"),
        ),
        (
            rf"{alone}(?P<a>{_MINUS}\d+[.·]\d+)\s*(?:/|(?:out )?of)\s*(?P<m>\d+)\b(?![.·]\d|\s*{_PERCENT})",
            parts.read_out_of,
            ("/", "out of"),
        ),
        (
            rf"{alone}(?P<k>{n})(?P<own>\s+{unnamed})?(?:{_OPEN}(?P<a>{d})\s*{_PERCENT}{_CLOSE})?(?P<by>\s*/\s*|\s+(?:out )?of\s+)"
            rf"{the}{whole}(?:\s+{noun}|\s+[a-z][a-z-]+(?:\s+[a-z-]+)?(?=\s*\(\d))?(?:(?:\s*[(\[,;]\s*|\s*=\s*)(?P<b>{d})\s*{_PERCENT}(?:{_CLOSE})?)?",
            parts.read_ratio,
            ("/", "of"),
        ),
        (
            rf"{alone}(?P<k>{n})\s+in\s+(?:the |all )?(?P<m>{n})\s+{noun}{_OPEN}(?P<a>{d})\s*{_PERCENT}{_CLOSE}",
            parts.read_part_in,
            ("%", "percent", "per cent"),
        ),
        (
            rf"{alone}(?P<k>{n})(?:\s+{noun})?(?:\s+of (?:(?:these|them|those|whom|which)(?: patients)?|(?:the|our|all) {unnamed}))?(?:(?P<open>{_OPEN})|\s*;\s*|,\s*)(?P<op>~|∼|≈|approximately|about)?\s*(?P<a>{d})\s*{_PERCENT}(?(open)(?={_CLOSE}|[;,])|(?={_CLOSE}|[;,]|\s+(?:vs\.?|versus)\s))(?:{_CLOSE})?",
            parts.read_share,
            ("%", "percent", "per cent"),
        ),
        (
            rf"\bn\s*=\s*(?P<k>{whole_number})\s*(?:/\s*(?P<m>{whole_number})\s*)?(?:[,;(\[:]|or)\s*(?P<a>{d})\s*{_PERCENT}{_CLOSE}?",
            parts.read_share,
            ("n=", "n ="),
        ),
        (
            rf"\bn\s*=\s*(?P<k>{whole_number})\s*/\s*(?P<m>{whole_number})",
            parts.read_share,
            ("n=", "n ="),
        ),
        (
            rf"{alone}(?P<a>{n})\s*{_PERCENT}\s+of\s+{the}(?P<m>\d+)\s+{noun}",
            parts.read_share_of,
            ("%", "percent", "per cent"),
        ),
        (
            rf"\bbetween\s+(?P<a>{x})\s*{_PERCENT}?\s+and\s+(?P<b>{x})\s*{_PERCENT}",
            parts.read_percents,
            ("between",),
        ),
        (
            rf"\bfrom\s+(?:an? (?:mean|median|baseline|average|preoperative)(?: (?:mean|median|value|score))? (?:score )?of\s+)?(?:[<>≤≥]=?\s?)?(?P<a>{x}){plain}\s*(?:%|{same})?(?:\s+points?)?"
            rf"(?:\s*[(\[][^)\]]*[)\]]|\s+(?:pre-?operatively|before (?:the )?(?:surgery|operation|treatment)|at baseline|pre-?operative|at presentation|at admission|#+))*\s*,?\s+to\s+"
            rf"(?:an? (?:mean|median|average|postoperative)(?: (?:mean|median|value|score))? (?:score )?of\s+)?(?:[<>≤≥]=?\s?)?(?P<b>{x}){plain}(?:{unit}|\s*(?P<percent>%))?",
            read.read_change,
            ("from",),
        ),
        (
            rf"{alone}(?P<a>{x})\s*{_PERCENT}?{_TO}(?P<b>{d})\s*{_PERCENT}",
            parts.read_percents,
            ("%", "percent", "per cent"),
        ),
        (
            rf"{alone}(?<![<>≤≥])(?P<list>{d}(?:\s*,\s*{d})*{several}{d})\s*(?P<percent>{_PERCENT})",
            read.read_listed,
            ("%", "percent", "per cent"),
        ),
        (
            rf"{alone}(?P<a>{_MINUS}{d})\s*(?:±|\+/[-−]|\+-)\s*(?P<s>{d})\s*{_PERCENT}",
            parts.read_percent,
            ("±", "+/", "+-"),
        ),
        (
            rf"{alone}(?P<a>{_MINUS}{n})\s*{_PERCENT}(?:\s*(?:±|\+/-)\s*(?P<s>{d})\s*%?)?(?:{_OPEN}(?:range|iqr)[\s,:]*(?P<low>{d})\s*%?{_TO}(?P<high>{d})\s*%?{_CLOSE})?",
            parts.read_percent,
            ("%", "percent", "per cent"),
        ),
        (
            r"\b(?P<a>(?:a |one[- ])?half|(?:a|one)[- ]quarter|three[- ]quarters)(?= of |,? were\b| had\b| that\b| as (?:much|many|long|high)\b)",
            parts.read_words,
            ("half", "quarter"),
        ),
        (
            r"\b(?:between\s+)?(?:(?P<low>(?:a|one|two)[- ]thirds?)\s+(?:and|to)\s+)?(?P<a>(?:a|one|two)[- ]thirds?)\b(?= of )",
            parts.read_fraction,
            ("third",),
        ),
        (
            rf"(?P<sign>[$€£])\s?(?P<a>[1-9]\d{{0,2}}(?: \d{{3}})+(?!\d)|{d})(?![\d/])(?:\s?(?P<scale>million|billion|m|k)\b)?",
            read.read_money,
            ("$", "€", "£"),
        ),
        (
            rf"{alone}(?P<a>{d})\s*(?:hours?|hrs?|h)\s*(?:,|and)?\s*(?P<b>\d{{1,2}})\s*(?:minutes?|mins?|min|m)\b",
            read.read_duration,
            ("h",),
        ),
        (
            rf"{alone}(?P<a>{n})\s*(?:years?|yrs?)\s*(?:,|and)?\s*(?P<b>{n})\s*(?P<unit>months?|mos?)\b",
            read.read_duration,
            ("month", "mo"),
        ),
        (
            rf"{alone}(?P<a>{x})(?:\s*[-‑]?\s*(?P<unit3>{spelt.unit})(?![a-z]))?{spread}(?:{unit})?(?:{_OPEN}{span}{_CLOSE}(?:\s*(?P<unit2>{spelt.unit})(?![a-z]))?)?",
            read.read_value,
            ("±", "+/", "+-", "sd", "s.d", "standard deviation"),
        ),
        (
            rf"{alone}(?P<low>{x}){same}{_TO}(?P<high>{x}){same}{_OPEN}(?:mean|median|average)[\s,:=]*(?:of )?(?P<a>{x}){_CLOSE}{unit}",
            read.read_value,
            ("mean", "median", "average"),
        ),
        (
            rf"{alone}(?P<a>{x}){_OPEN}(?P<name>mean|median|average)[\s,:=]*(?:of )?(?P<b>{x})(?:[,;]?\s*{span})?{_CLOSE}{unit}",
            read.read_two_centres,
            ("mean", "median", "average"),
        ),
        (
            rf"{alone}(?P<a>{WORD}){spread}(?:{unit})",
            read.read_value,
            ("±", "+/", "+-", "sd", "s.d", "standard deviation"),
        ),
        (
            rf"{alone}(?P<a>{WORD}){_OPEN}(?=range|iqr|inter){span}{_CLOSE}",
            read.read_score,
            ("range", "iqr", "inter"),
        ),
        (
            r"\b(?P<a>twice|thrice)(?= as (?:likely|high|great|often|common|frequent)\b| the (?:risk|rate|odds|incidence|likelihood|probability)\b)",
            read.read_times,
            ("twice", "thrice"),
        ),
        (
            rf"\b(?P<a>{d}|{WORD})(?:[- ]?fold\b| times (?=higher|lower|longer|shorter|more|less|greater|fewer|as |the |that ))",
            read.read_fold,
            ("fold", "times"),
        ),
        (
            rf"{alone}(?P<a>{x}){unit}(?:{_OPEN}|,\s+(?=range|iqr|inter)){span}(?=\s*[)\];,.]|\s*$)(?:{_CLOSE})?",
            read.read_value,
            ("(", "[", "range", "iqr"),
        ),
        (
            rf"{alone}(?P<a>{x}){_OPEN}(?P<s>{d}){_CLOSE}{unit}(?:{_OPEN}{span}{_CLOSE})?",
            read.read_with_deviation,
            ("(sd", "±", "standard deviation"),
        ),
        (
            rf"{alone}(?P<a>{x}),?\s+(?=range|iqr|inter){label}(?P<low>{x}){_TO}(?P<high>{x}){unit}",
            read.read_value,
            ("range", "iqr", "inter"),
        ),
        (rf"{alone}(?P<a>{x}){_OPEN}{span}{_CLOSE}{unit}", read.read_value, ("(", "[")),
        (
            rf"\bbetween\s+(?:the ages? of\s+)?(?P<a>{_MINUS}{n}){same}\s+and\s+(?P<b>{_MINUS}{n}){unit}",
            read.read_values,
            ("between",),
        ),
        (rf"{alone}(?P<a>{x}){same}{_TO}(?P<b>{x}){unit}", read.read_values, ()),
        (
            rf"{alone}(?P<a>{n})\s+(?:to|or)\s+(?P<b>{n})\s+(?:(?:adjacent|consecutive)\s+)?{noun}",
            read.read_counts,
            ("to", "or"),
        ),
        (
            rf"{alone}(?<![<>≤≥])(?P<list>{d}(?:\s*,\s*{d})*{several}{d}){unit}",
            read.read_listed,
            (),
        ),
        (rf"{alone}(?P<a>{_MINUS}{n}){unit}", read.read_value, ()),
        (
            rf"{alone}(?P<list>{n}(?:\s*,\s*{n})*{several}{n})\s+(?P<noun>{spelt.noun})\b",
            read.read_listed,
            (),
        ),
        (rf"{alone}(?P<k>{n})(?:\s*\(\d+\))?\s+{noun}", read.read_count, ()),
        (rf"\bn\s*=\s*(?P<k>{whole_number})", read.read_count, ("n=", "n =")),
        (
            rf"{alone}(?P<a>{x})\s*(?:±|\+/[-−]|\+-)\s*(?P<s>{d})(?!\s*{_PERCENT})",
            read.read_score,
            ("±", "+/", "+-"),
        ),
        (rf"{alone}(?P<a>{x}){_OPEN}{span}{_CLOSE}", read.read_score, ("(", "[")),
        (rf"{alone}(?P<a>{x}){_TO}(?P<b>{d})(?![\w/]|[.·]\d|\s*{_PERCENT})", read.read_scores, ()),
        (rf"{alone}(?P<a>{x})(?![\w/]|[.·]\d|\s*{_PERCENT})", read.read_score, ()),
        (rf"{alone}(?P<a>{WORD})(?![\w#-])", read.read_bare, ()),
    ]
    return tuple(
        Rule(re.compile(rule.removeprefix(_LEADING)), make, marks, rule.startswith(_LEADING))
        for rule, make, marks in table
    )


def number_starts(low: str) -> list[int]:
    """Return where numbers begin that are no part of a word or of another number."""
    found = [match.start() for match in _DIGITS_START.finditer(low)]
    if _words().found(low):
        found += [match.start() for match in _WORD_START.finditer(low)]
        found.sort()
    return found


@cache
def _words() -> Wordings:
    return compile_wordings([rf"\b{WORD}\b"])
