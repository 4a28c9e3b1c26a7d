"""Find the groups of patients that a sentence names: the arms of a trial, those with and without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, joined
from ingest.numbers.numerals import WORD
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "arms.yml"
_PARTED = build_rule(r"[-‑\s]+")
_TOKEN = r"(?<![\w-])[a-z0-9α-ωß-ÿ][\wα-ω/+'’‑-]*(?:\.\d+)?"
_LABEL = r"(?:[A-Z][1-4]?|[1-9]|I{1,3}|IV|V)\b(?![\w'’-]|\.\d|\s?%)"
# "Bilsky grades 0 (n=9), 1, and 2"
_GRADE = re.compile(r"(?<![\w=])(?:\d|[A-E]|I{1,3}|IV|V)\b(?! ?=|\s?%)(?![^()]*\))")
# "(20 patients)", "(24 knees)", no "(20 ml)"
_SIZE = r"\s*\(\s*(?:n\s*=\s*)?\d+(?: (?!(?:ml|l|min|minutes|h|hours|days|weeks|months|years|cm|mm|points|gy)\b)[a-z]+)?\s*\)"
# "Groups A (treated with SBRT) and B (treated with cEBRT)": what stands between two labels.
_SAID = rf"{_SIZE}|\s*\([^()\d]{{4,90}}\)(?=\s*(?:and|or|,|versus|vs\.?)\s)"
_GRADES = re.compile(
    rf"(?P<scale>[A-Z][\w-]+ )?\b(?P<head>grades|stages|types) (?P<list>(?:\d|[A-E]|I{{1,3}}|IV|V)(?:{_SIZE})?(?:(?:, (?:and )?| and )(?:\d|[A-E]|I{{1,3}}|IV|V)\b(?:{_SIZE})?)+)"
)
_CAPITALS = re.compile(r"\b[A-Z][a-z]")
_WITHIN = re.compile(r"\s*(?:within|before|after|for|over|more than|less than)\b", re.IGNORECASE)
_NUMBER = r"(?:in |only |to )*(?:#+|\d[\d.,]*|none|one|two|three|four|five|six|seven|eight|nine|ten)(?: ?%| (?!in\b|those\b)[a-z]+)?"
_TRAILING = build_rule(
    r"\b(?:with|without|who|whose|on|in|of|a|an|the|than|under|over|aged|treated|receiving|undergoing)$"
)
_DONE = build_rule(r"\b(?:who|undergoing|treated|operated|receiving|managed)\b")
_WHOM_DONE = re.compile(
    r" (?:was|were|had been|could be)(?: not| never| also)?(?: \w+ly)? [a-z]+(?:ed|ne|en|wn|ut|ound|eft|lt)\b"
)
# The arm of a body is no arm of a study.
_LIMB = re.compile(
    r"(?:dominant|left|right|upper|contralateral|ipsilateral|injured|paretic|paralysed|paralyzed|unaffected|affected)$"
)
# Those who are left out are not those of whom is told.
_LEFT_OUT = build_rule(
    r"\b(?:excluding|exclusion of|excluded|except(?: for)?) (?:the |all |those )?$"
)
_REACH = 70
# What joins two groups that share one head, and how far ahead of it it may stand.
_JOINT, _JOINT_REACH = re.compile(r" (?:and|or|versus|vs)\b"), 150
# "and 8 (20%)", "and 8 in group 2": what is joined to a label may be a count.
_COUNTS = re.compile(
    r"\s*(?:\(\d+(?:\.\d+)?\s*%\s*[;,)]| of \d|(?:patients |individuals |subjects |participants |cases )?in (?:the )?(?:[a-z-]+ ){0,2}(?:group|arm|cohort))"
)
# "three risk groups": none of them
_SEVERAL = build_rule(rf"\b(?:\d+|{WORD}|both|these|all|other) (?:the )?$")
# "in group A (9) than in group B (5) | in | diabetic patients"
_FRAMED = re.compile(r"[^()]*\([^()]*\),? (?:in|among|for|of) (?:the |those )?$")
# "those without", "those who did not", "the others": not those of the one group named
_OTHERS = build_rule(
    r"\bthe (?:others|remaining (?:patients|individuals|subjects|participants|cases)|other patients|rest|remainder)\b(?! (?:of|with|who|had)\b)"
    r"|\b(?:those|patients|individuals|subjects|participants|women|men|children|cases|ones) (?:without|with none|who (?:did|had|were) not)(?: (?:it|one|them|any|this))?"
    r"(?=\s*(?:[,;:.()\[\]#]|$|\d|(?:and|was|were|had|vs|versus|than|compared|respectively)\b))"
)
_OTHER_WORDS = ("without", "with none", " not", "others", "remain", "other patients", "the rest")


@dataclass(frozen=True, slots=True)
class Arm:
    """A group as a sentence names it; ``label`` is in the source's words, joint heads repeated.

    ``turn`` is the same for groups that are named together: "the open and percutaneous groups".
    ``of`` is the name of the group whose others these are: "those without", without a label where
    the text names them nowhere.
    """

    start: int
    end: int
    label: str
    turn: int = -1
    of: str = ""


@cache
def cues() -> dict[str, str]:
    """Return the words by which groups are named and set against each other."""
    return {name: joined(rule) for name, rule in load_yaml(_CUES).items()}


def name_rule(most: int = 5) -> str:
    """Return the wording of a name of up to so many words, none of which tells of something else."""
    word = rf"(?!(?:{cues()['stop']})\b(?!-)){_TOKEN}"
    return rf"{word}(?: (?:\+ |plus )?{word}){{0,{most - 1}}}"


@dataclass(frozen=True, slots=True)
class _Rules:
    any: re.Pattern[str]
    head: re.Pattern[str]
    lettered: re.Pattern[str]
    label: re.Pattern[str]
    joint: re.Pattern[str]
    headed: re.Pattern[str]
    apart: re.Pattern[str]
    elided: re.Pattern[str]
    without: re.Pattern[str]
    tied: re.Pattern[str]
    named: re.Pattern[str]
    adjective: re.Pattern[str]
    subject: re.Pattern[str]
    name: re.Pattern[str]
    whole: re.Pattern[str]
    alone: re.Pattern[str]
    joined: str


@cache
def _rules() -> _Rules:
    told = cues()
    heads, people, name = told["heads"], told["people"], name_rule(4)
    joint = r"\s*(?:,? (?:and|or)|,|and|or|/|&|vs\.?|versus)\s*"
    # Behind "and" goes on what patients have in common, no other number or group.
    also = rf" and (?!(?:those|patients|individuals|subjects|participants|in|for|with|the|was|were|had|{WORD})\b|[\d#]){_TOKEN}"
    halt = (
        r"(?<!who)(?<!whom)(?<!which)(?<!who had)(?: was| were| be| there| had| has| have| is| are| showed| experienced| developed| required| survived| lost| died| relapsed| recurred| deteriorated| worsened| progressed| healed| fused| responded| completed| finished| walked| stood| deceased| also|(?<! a)(?<! an)(?<! the)(?<! with)(?<! of)(?<! well)(?: retained| kept| maintained| recovered)| regained| achieved| improved| underwent| received| develops?| presented| suffered| reported| eventually| may| can| will| stayed| spent| lived| went| took| needed| walked| bled| returned| tend(?:s|ed)| felt| gained| revealed| appeared| seemed| remains?| requires?| exceed(?:s|ed)?"
        r"| remained| compared| as against| against| as opposed| versus| vs\b|(?<!older)(?<!younger)(?<!more)(?<!less)(?<!greater)(?<!longer)(?<!later)(?<!rather) than| while| whereas| but| respectively| and| or(?! \d))\b|(?: the| an?)? #|(?: the)? (?:[a-z-]+ )?(?:rate|incidence)\b"
        rf"| (?:with|to|against) (?:the )?(?:other )?(?:\d+|{WORD}) (?:{people})\b"
    )
    return _Rules(
        build_rule(rf"\b(?:(?:{heads})s?|{people}|without|{told['named']})\b"),
        build_rule(rf" (?P<head>{heads})s?\b(?!-)"),
        build_rule(
            rf"\b(?P<head>(?i:(?:{heads})s?)) {_LABEL}(?:{_SAID})?(?:{joint}(?:(?i:{heads}) )?{_LABEL}(?:{_SIZE})?)*"
        ),
        build_rule(_LABEL),
        build_rule(
            rf"(?:(?P<zero>(?!\d){name}), )?(?P<one>(?!\d){name})(?P<head> (?:{heads}))?(?:{_SIZE})?,?(?: and| or| versus| vs\.?)(?: the)? (?P<two>{name})(?:{_SIZE})? (?P<heads>(?:{heads})s?)\b"
        ),
        build_rule(rf"(?P<one>(?:no |without )?{name})$"),
        build_rule(
            rf"(?:(?P<who>{people}) )?(?P<one>with)(?: (?:#|\d+)[^,;]{{0,12}})?,? (?:and|or|versus|vs\.?|but|against|compared with)(?P<own> {_NUMBER})? (?:(?:those )?(?P<two>without))(?P<rest>(?: (?:a |an |the )?{name})+)"
        ),
        build_rule(
            rf"\b(?P<one>with(?P<rest>(?: (?:a |an |the )?{name})))(?: \([^()]*\))?,? (?:and|or|versus|vs\.?|but|against|compared with)(?: {_NUMBER}) (?P<two>without)(?=\s*[,.;:()\[]|$)"
        ),
        build_rule(rf"\bwithout (?:an? |the )?(?P<name>{name_rule(3)})"),
        build_rule(
            rf"\b(?:{people}) (?:{told['tied']})\b(?:(?!{halt})(?:{also}|, (?:or )?\d+(?=,| or | points| and )| or \d+| [^\s,;:.()\[\]]+|(?<=\d)\.\d+))*"
        ),
        build_rule(rf"\b(?:{told['named']})\b"),
        build_rule(
            rf"\b(?:of|in|among|for) (?:the |all )?(?:(?:\d+|{WORD}) )?(?P<arm>(?P<one>(?!\d){name_rule(2)}) (?:patients|subjects|participants|women|men|individuals))\b(?! (?:{told['tied']})\b)"
        ),
        build_rule(
            rf"^(?P<arm>(?P<one>(?!\d|{WORD}\b){name_rule(1)}) (?:patients|individuals|subjects|participants|women|men|cases))(?= (?:{told['fared']}) (?:[a-z]+ ){{0,2}}?(?:{told['unlike']})\b)"
        ),
        build_rule(name),
        build_rule(rf"(?:{told['whole']}|{WORD})\b(?!-)"),
        build_rule(rf"\b(?P<name>(?!\d){name_rule(3)}) alone\b"),
        rf" (?:with|plus|combined with|followed by|and) (?:an? |the |additional )?(?!\d)(?:{name_rule(2)}(?={told['ends']})|{name_rule(1)})",
    )


def find_arms(text: str, low: str) -> list[Arm]:
    """Return the groups that a sentence names, in order, none overlapping another.

    ``low`` is the text in lower case with time points blanked by ``#``.
    """
    known = (
        _rules().any.search(low)
        or " alone" in low
        or ("respectively" in low and _GRADES.search(text))
    )
    return [*_arms(text, low)] if known else []


@lru_cache(maxsize=256)  # the sentences of one document are asked for by several readers
def _arms(text: str, low: str) -> tuple[Arm, ...]:
    rules = _rules()
    found: list[Arm] = []
    heads = list(rules.head.finditer(low))
    joined = any(
        _JOINT.search(low, max(0, each.start() - _JOINT_REACH), each.start()) for each in heads
    )
    headed = (*(_joint(text, low) if joined else ()), *_headed(text, low, heads)) if heads else ()
    # "those of the high-risk group 4 months": no group 4
    lettered = (each for each in _lettered(text) if "#" not in low[each.start : each.end])
    graded = _graded(text) if "respectively" in low else ()
    for each in (*lettered, *graded, *headed, *_apart(text, low), *_tied(text, low)):
        if is_clear(each.start, each.end, found):
            found.append(each)
    for each in chain(
        _with_and_without(text, low, found) if "without " in low else (),
        _alone_and_with(text, low) if " alone" in low else (),
    ):
        if is_clear(each.start, each.end, found):
            found.append(each)
    if "xclu" in low or "except" in low:
        found = [each for each in found if not _LEFT_OUT.search(low, 0, each.start)]
    found.sort(key=lambda each: each.start)
    return tuple(found[:-1] if _frames(low, found) else found)


def _frames(low: str, found: Sequence[Arm]) -> bool:
    """Tell whether the last of three groups are those among whom the others are compared: A (9) than B (5) in X."""
    if len(found) != 3 or low[found[-1].end :].strip(" .") or " than " not in low:
        return False
    one, two, last = found
    between = low[one.end : two.start]
    numbered = all(low.startswith(" (", each.end) for each in (one, two))
    return numbered and " than " in between and _FRAMED.match(low, two.end, last.start) is not None


def _lettered(text: str) -> Iterator[Arm]:
    for match in _rules().lettered.finditer(text):
        head = match["head"].removesuffix("s")
        told = re.sub(rf"{_SIZE}|\([^()\d]*\)", lambda size: "#" * len(size[0]), match[0])
        labels = _alike(
            text, match.start(), [*_rules().label.finditer(told, len(match["head"]) + 1)]
        )
        for at, each in enumerate(labels):
            start = match.start() + (each.start() if at else 0)
            yield Arm(
                start,
                match.start() + each.end(),
                f"{head} {each[0]}",
                match.start() if len(labels) > 1 else -1,
            )


def _graded(text: str) -> Iterator[Arm]:
    """Yield the grades of a scale that a sentence tells in turn: for Bilsky grades 0 (n = 9), 1 and 2, respectively."""
    for match in _GRADES.finditer(text):
        head = f"{match['scale'] or ''}{match['head'][:-1]}"
        for at, each in enumerate(_GRADE.finditer(match["list"])):
            start = match.start("list") + each.start()
            end = match.start("list") + each.end()
            yield Arm(start if at else match.start(), end, f"{head} {each[0]}", match.start())


def _alike(text: str, start: int, labels: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """Return the labels of groups up to a count: in group I and 8 (20%) in group II."""
    for at, each in enumerate(labels):
        counts = each[0].isdigit() and _COUNTS.match(text, start + each.end())
        if at and (counts or each[0].isdigit() != labels[0][0].isdigit()):
            return [*labels[:at]]
    return [*labels]


def _joint(text: str, low: str) -> Iterator[Arm]:
    for match in _rules().joint.finditer(low):
        head = match["heads"].removesuffix("s")
        if any(_rules().whole.match(match[part]) for part in ("one", "two")):
            continue
        one, two = (
            text[match.start("one") : match.end("one")],
            text[match.start("two") : match.end("two")],
        )
        end = match.end("head" if match["head"] else "one")
        if match["zero"]:
            zero = text[slice(*match.span("zero"))]
            yield Arm(*match.span("zero"), f"{zero} {head}", match.start())
        yield Arm(match.start("one"), end, f"{one} {head}", match.start())
        yield Arm(match.start("two"), match.end("heads"), f"{two} {head}", match.start())


def _apart(text: str, low: str) -> Iterator[Arm]:
    """Yield those with and those without what is named once behind both."""
    rules = _rules()
    for match in rules.apart.finditer(low) if "without" in low else ():
        rest = text[match.start("rest") : match.end("rest")]
        who = f"{text[match.start('who') : match.end('who')]} " if match["who"] else ""
        turn = -1 if match["own"] else match.start()  # "2% with and 9% without X": each has its own
        yield Arm(match.start(), match.end("one"), f"{who}with{rest}", turn)
        yield Arm(match.start("two"), match.end(), f"{who}without{rest}", turn)
    for match in rules.elided.finditer(low) if "without" in low else ():
        rest = text[slice(*match.span("rest"))]
        yield Arm(match.start(), match.end("one"), f"with{rest}")
        yield Arm(match.start("two"), match.end(), f"without{rest}")


def _with_and_without(text: str, low: str, named: Sequence[Arm]) -> Iterator[Arm]:
    """Yield those with and those without what is named behind each, or in the name of another group."""
    for match in _rules().without.finditer(low):
        name = match["name"]
        found = re.search(rf"\bwith (?:an? |the )?{re.escape(name)}\b", low)
        if found and (found.end() <= match.start() or match.end() <= found.start()):
            yield Arm(found.start(), found.end(), text[found.start() : found.end()])
        elif not any(name in each.label.lower() for each in named):
            continue
        yield Arm(match.start(), match.end(), text[match.start() : match.end()])


def _alone_and_with(text: str, low: str) -> Iterator[Arm]:
    """Yield those who had one thing alone and those who had it with another: fixation alone, fixation with cement."""
    for match in _rules().alone.finditer(low):
        words = match["name"].split(" ")
        for at in range(len(words)):
            name = " ".join(words[at:])
            begin = match.end("name") - len(name)
            joined = re.search(rf"\b{re.escape(name)}{_rules().joined}", low)
            if joined and (joined.end() <= begin or match.end() <= joined.start()):
                yield Arm(begin, match.end(), text[begin : match.end()])
                yield Arm(*joined.span(), text[slice(*joined.span())])
                break


def _headed(text: str, low: str, heads: Sequence[re.Match[str]]) -> Iterator[Arm]:
    """Yield the groups that are so called: the surgery group, the control arm."""
    for head in heads:
        begin = max(0, head.start() - _REACH)
        match = _rules().headed.search(low, begin, head.start())
        # "The Eastern Cooperative Oncology Group", "by the Spine Study Group": societies.
        named = match and len(_CAPITALS.findall(text, match.start(), head.start())) > 1
        proper = text[head.start("head")].isupper() and match and (match.start() > 4 or named)
        several = (
            match and low[head.end() - 1] == "s" and _SEVERAL.search(low, begin, match.start())
        )
        if match and head["head"] == "arm" and _LIMB.search(match["one"]):
            continue
        if match and not (proper or several) and not _rules().whole.match(match["one"]):
            yield Arm(match.start(), head.end(), text[match.start() : head.end("head")])


def _tied(text: str, low: str) -> Iterator[Arm]:
    """Yield the groups told by what they have in common: patients with, those who, responders."""
    rules = _rules()
    for rule in (rules.named, rules.tied):
        for match in rule.finditer(low):
            end = match.end()
            if match[0].endswith(" either") or " either " in match[0]:
                continue  # "those who had either A or B" are both
            if "in whom " in match[0]:
                # "Those in whom a drain was not used": what was not done to them makes them a group.
                done = _WHOM_DONE.match(low, end)
                if done is None:
                    continue
                end = done.end()
            # "who had surgery within 2 days" tells who; "with metastases at 2 years" when.
            if _WITHIN.match(text, end) and _DONE.search(match[0]):
                end += len(low[end:]) - len(low[end:].lstrip(" #"))
                end = match.start() + len(text[match.start() : end].rstrip())
            if low.startswith(" or ", end) and "respectively" not in low:
                other = _rules().name.match(low, end + 4)
                end = other.end() if other else end
            if low.startswith("those ", match.start()) and low.startswith(" of #", end - 3):
                end -= 3  # "a survival of 9 months, those with ECOG 2 of 7 months"
            when = low.find(" when ", match.start(), end)
            end = when if when > 0 else end  # "those with a leak | when a drain was left"
            if rule is not rules.tied or not _TRAILING.search(low, match.start(), end):
                yield Arm(match.start(), end, text[match.start() : end])
    subject = rules.subject.match(low)
    described = [subject] if subject else []
    for match in (*described, *rules.adjective.finditer(low)):
        if not rules.whole.match(match["one"]):
            yield Arm(*match.span("arm"), text[slice(*match.span("arm"))])


def with_others(arms: list[Arm], text: str, low: str) -> list[Arm]:
    """Return the one group of a sentence with its others, where a name stands for those: the rest."""
    found = [*_OTHERS.finditer(low)] if holds_any(low, _OTHER_WORDS) else []
    named = [each for each in arms if not _OTHERS.fullmatch(low, each.start, each.end)]
    if not found or len({key_of(each.label) for each in named}) != 1:
        return arms
    free = [
        Arm(each.start(), each.end(), text[each.start() : each.end()], of=named[0].label)
        for each in found
        if is_clear(each.start(), each.end(), named)
    ]
    return sorted([*named, *free], key=lambda each: each.start)


def is_clear(start: int, end: int, arms: Iterable[Arm]) -> bool:
    """Tell whether a stretch of a sentence overlaps none of some groups."""
    return all(end <= each.start or each.end <= start for each in arms)


def key_of(label: str) -> str:
    """Return what two mentions of one group have in common: case and leading words aside."""
    return _PARTED.sub(" ", label.lower()).strip()
