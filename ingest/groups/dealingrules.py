"""Compile the wordings by which groups stand beside numbers and are set against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.groups.arms import cues, name_rule
from ingest.language.starts import build_rule
from ingest.numbers.numerals import WORD


@dataclass(frozen=True, slots=True)
class Rules:
    """The wordings by which groups stand beside numbers and are set against each other."""

    behind: re.Pattern[str]
    gap: re.Pattern[str]
    ends: re.Pattern[str]
    pair: re.Pattern[str]
    bracket: re.Pattern[str]
    bare: re.Pattern[str]
    ahead: re.Pattern[str]
    row: re.Pattern[str]
    joins: re.Pattern[str]
    compares: re.Pattern[str]
    pairs: tuple[re.Pattern[str], ...]
    greater: re.Pattern[str]
    smaller: re.Pattern[str]
    against: re.Pattern[str]
    times: re.Pattern[str]
    stands: re.Pattern[str]
    holder: re.Pattern[str]
    near: re.Pattern[str]
    opening: re.Pattern[str]
    subject: re.Pattern[str]
    agent: re.Pattern[str]
    counted: re.Pattern[str]
    share: re.Pattern[str]
    kinds: re.Pattern[str]
    name: re.Pattern[str]


@cache
def rules() -> Rules:
    """Return the wordings, compiled once."""
    told, name = cues(), name_rule()
    lead = r"(?:the |those |that |patients |individuals |subjects |participants |an? |their |men |women )*(?:receiving |undergoing |treated with |given |with )?"
    prep = rf"(?:{told['prepositions']})"
    return Rules(
        build_rule(
            rf"(?:{told['own']}|(?: (?!(?:{told['stop']})\b)[a-z-]+){{1,2}})[\s,]*\b{prep} {lead}(?P<name>{name})"
        ),
        build_rule(
            rf"[\s,:)\]]*(?:respectively,? )?(?:{told['told']} )?{told['own']}[\s,]*(?:(?:of|{prep}) )?(?:the |those |all |our |their )*(?:(?:\d+|{WORD}) )?(?:(?:patients|individuals|subjects|participants|cases|women|men) (?:of|in|on|from|receiving) )?(?:the )?"
        ),
        build_rule(told["ends"]),
        build_rule(rf"[\s(]*(?:and|or|vs\.?|versus)(?: {prep})? {lead}(?P<name>{name})"),
        build_rule(rf"\s*[(\[]\s*(?P<name>{name})\s*[)\]]"),
        build_rule(rf"\s+(?P<name>{name})"),
        build_rule(
            rf"(?:(?:^|[:;,(\[]\s*|\b(?:vs\.?|versus|and)\s+)(?:{prep} )?|(?P<comma>\b{prep} |[(;]\s*(?=[^,]*,\s*$)))(?:the )?(?P<name>{name})(?(comma)\s*,|\s*[:=]?)\s*$"
        ),
        build_rule(told["row"]),
        build_rule(told["joins"]),
        build_rule(told["compares"]),
        tuple(
            build_rule(rule)
            for rule in (
                rf"\b{prep} {lead}(?P<one>{name})(?: group| arm)? than (?:{prep} )?{lead}(?P<two>{name})",
                rf"\b(?:between|comparing) {lead}(?P<one>{name}) (?:and|with|to|versus|vs\.?) {lead}(?P<two>{name})",
                rf"(?:^|\b{prep} |[:;,(] ?|\bthe ){lead}(?P<one>{name})(?:,)? (?:compared (?:with|to)|versus|vs\.?)(?: {prep})? {lead}(?P<two>{name})",
                rf"\b(?:for|in|with|after|of|receiv(?:e|ed|ing)|undergoing|underwent) {lead}(?P<one>{name}) (?:and|or) (?:{prep} )?{lead}(?P<two>{name})",
                rf"(?:^|[;:,] |\bresults )(?:the )?(?P<one>{name}) (?:was|were|is) (?:[a-z]+ ){{0,2}}(?:superior|inferior|comparable|equivalent|similar) to (?:the |that of )?(?P<two>{name})",
                rf"(?:^|[;:,] |\bresults )(?:both )?(?:the )?(?P<one>{name}) and (?P<two>{name}) (?:was|were|had|showed|did)\b",
            )
        ),
        build_rule(told["greater"]),
        build_rule(told["smaller"]),
        build_rule(told["against"]),
        build_rule(rf"(?:{told['times']})"),
        build_rule(told["stands"]),
        build_rule(
            rf"\b(?:{told['prepositions']}|comparing|between|and|vs\.?|versus|than|with) {lead}(?P<name>{name})\s*[(\[]\s*(?:mean |median )?$"
        ),
        build_rule(
            r"[\s)\]]*(?:(?! that of)(?! of that) [a-z-]+){0,5} (?:in|on|for|among|of) (?:the |those )?"
        ),
        build_rule(rf"\b{prep} {lead}(?P<name>{name}(?: (?:and|plus) {name})?){told['stands']}"),
        build_rule(
            rf"(?:^|[;:,] |\b(?:and|results) )(?:the )?(?P<name>{name}) (?:{told['brings']}) "
        ),
        build_rule(
            rf"(?:^|[;:,] |\b(?:and|but|while|whereas) )(?:the )?(?P<name>{name}) (?:{told['causes']}) (?=[^;]*$)"
        ),
        build_rule(told["counted"]),
        build_rule(r"[\s)\]]*(?:,|and\b)"),
        build_rule(told["kinds"]),
        build_rule(name),
    )
