"""Bring the forms of one Dutch word together: afwijking, afwijkingen; belonen, beloond, beloont.

Why rules of our own and not a ready stemmer: on pairs that were never used to make them
(tests/search/word_pairs.py, UNSEEN) they bring 91 % of the forms together and keep 99 % of the strangers
apart; Snowball's Kraaij-Pohlmann does 59 % and 91 %, its Porter 46 % and 83 %, both together 70 % and 73 %.
Kraaij-Pohlmann makes "zon" of "gezond" and "beleid" of "begeleid". What the rules know that the stemmers do
not: Dutch writes a long vowel double or single depending on the ending (hoog, hoge), which tells words apart
only in words of one syllable. So the vowel is restored in short words (loon is not lon) and made single in
long ones.

What must stay true: a stem depends on the word alone, and the input is folded (lower case, no accents, no
marks). A change here makes every existing index useless: raise `RULES` in `schema.py`.
"""

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _table(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in _words(text))


# Whole words with another vowel or an ending of their own, and words that only look like another form.
IRREGULAR = _table(
    """dagen:dag daken:dak vaten:vat gaten:gat baden:bad paden:pad bladen:blad bladeren:blad glazen:glas
    goden:god loten:lot holen:hol wegen:weg schepen:schip steden:stad eieren:ei liederen:lied leden:lid musea:museum
    criteria:criterium centra:centrum tests:test jobs:job apps:app shifts:shift gegeven:gegeven
    gegevens:gegeven kiest:kies reist:reis leest:lees wenst:wens eist:eis opent:open gelukt:luk
    volgens:volgens tijdens:tijdens"""
)

# Strong verbs: the form, bare or after a prefix (over-een-gekomen), and its stem.
STRONG = _table(
    """genomen:neem gekomen:kom gesproken:spreek geschreven:schrijf gekozen:kies gehouden:houd gekregen:krijg
    gebleven:blijf gevonden:vind gesloten:sluit gelezen:lees gemeten:meet geweken:wijk gewezen:wijs
    getreden:treed getrokken:trek gebracht:breng gedacht:denk gekocht:koop gezocht:zoek geboden:bied
    geholpen:help begonnen:begin gewonnen:win gestegen:stijg gesteld:stel geteld:tel gepast:pas gelost:los
    gegaan:gaan gestaan:staan gedaan:doen kwamen:kom koos:kies kozen:kies kreeg:krijg kregen:krijg bleef:blijf
    bleven:blijf vonden:vind brachten:breng dachten:denk zochten:zoek nam:neem namen:neem"""
)
# Forms that mean this only after a prefix: be-sproken, op-lost, aan-gegeven, mee-doet.
STRONG_TAILS = STRONG | _table(
    """sproken:spreek schreven:schrijf nomen:neem gegeven:geef kwam:kom hield:houd hielden:houd bracht:breng
    dacht:denk zocht:zoek geleken:lijk past:pas lost:los doet:doen gaat:gaan"""
)

SEPARABLE = (
    "aan|achter|af|bij|deel|door|goed|in|klaar|los|mede|mee|na|om|onder|op|overeen|over|plaats|samen|tegen|"
    "terug|thuis|toe|uit|vast|voor|weer|weg"
)
PREFIXED = re.compile(f"({SEPARABLE}|be|ver|ont|her)(.+)")
GE_INSIDE = re.compile(f"({SEPARABLE})ge([^g].{{2,}}[dt]e?)")

# Words that have their ge- by nature and may end like a participle: gebied, gebruikt, gemeente.
KEEP_GE = _words(
    """gebaat gebed gebeur gebied geboort gebruik gedeelt gedicht geduld geest gehalt gehoorz geld geleid gelid
    geloof gelofte geluid geluk gemeent gemiddeld gemoed geniet gerecht gerucht geschikt geslacht getal getuig
    gevecht gevoel gevolmacht geweld gewest gewicht gezant gezicht gezond"""
)
# Words whose last t, d or en is no ending.
KEEP_END = frozenset(
    _words("ambt buurt drift gemeent gift hemd kaart kreeft lift markt poort soort staart taart vaart vreemd")
)
KEEP_EN = re.compile(f"(?:{SEPARABLE}|be|ver)?(?:teken|reken|oefen)|(?:her)?open|reden|wapen|wagen|regen|zegen")
KEEP_S = ("ss", "js", "adres", "advies", "congres", "precies", "proces", "succes", "soms")
KEEP_IEN = ("zien", "tien", "dien", "chien")

NUMBERED = re.compile("([0-9]+)([a-z]{4,})")
SYLLABLE = re.compile("[aeiouy]+")
LONG_T = re.compile("(?:[aeou]{2}|ie|ei|ui|ij)[lnr]t$")
LONG_D = re.compile("(?:[aeou]{2}|ie|ei|ui|ij)nd$|[lr]d$")
UNSTRESSED_T = re.compile("e[lr]t$|(?:teken|reken|oefen)t$")
SPOKEN_D = re.compile("[aeiouy]{2}[lnr]d$|[aeiouy].*end$")
OPEN_SYLLABLE = re.compile("(?:^|[^aeiouy])[aeou][^aeiouy]$")
DOUBLE_VOWEL = re.compile("([^aeiouy]{0,2})([aeou])\\2([^aeiouy])")
LAST_SINGLE = re.compile("[aeou][^aeiouy][aeou][^aeiouy]*$")
LAST_DOUBLE = re.compile(r"([aeou])\1(?=[^aeiouy]+$)")


def stem(word: str) -> str:
    """Return what all forms of the folded word have in common."""
    if not word.isalpha():
        numbered = NUMBERED.fullmatch(word)
        return numbered[1] + stem(numbered[2]) if numbered else word
    if len(word) < 4 or not word.isascii():
        return _finish(word)
    found = IRREGULAR.get(word) or _strong(word)
    if found is None:
        bare = _without_ge(word)
        found = _without_ending(bare)
        if bare != word and SPOKEN_D.search(found):
            found = found[:-1]
    return _finish(found)


def first_letters(stem_found: str) -> set[str]:
    """Return with which letters a word of this stem may begin, for a quick look before analysing.

    Mostly its first three. A long vowel may be written double or single (loon, lonen), ge- may stand before it
    or inside it (gewerkt, ingevoerd), and strong verbs change altogether (nemen, genomen).
    """
    found = {stem_found[:3], "ge" + stem_found[:2]}
    # A hyphen may stand after the first letters: e-mail, hr-medewerker.
    found |= {f"{stem_found[:1]}-{stem_found[1:2]}", f"{stem_found[:2]}-{stem_found[2:3]}"}
    double = DOUBLE_VOWEL.match(stem_found)
    if double:
        found |= {double[1] + double[2] + each for each in {"f": "fv", "s": "sz"}.get(double[3], double[3])}
    elif LAST_SINGLE.match(stem_found):
        # In a long word the stem has the vowel single; the text may have it double (oke, adem).
        found.add(stem_found[:1])
    match = PREFIXED.fullmatch(stem_found)
    prefix, root = (match[1], match[2]) if match else ("", stem_found)
    if len(prefix) == 2:
        found.add(prefix + "ge")
    for form in FORMS.get(_finish(root), ()):
        found.add((prefix + form)[:4])
    return found


def is_long(word: str) -> bool:
    """Say whether the word has more than one syllable."""
    return len(SYLLABLE.findall(word)) > 1


def _strong(word: str) -> str | None:
    if word in STRONG:
        return STRONG[word]
    match = PREFIXED.fullmatch(word)
    if match and match[2] in STRONG_TAILS:
        return match[1] + STRONG_TAILS[match[2]]
    return None


def _without_ge(word: str) -> str:
    """Take the ge- out of gewerkt, aangevraagd, opgeleide."""
    if word.endswith("heid"):
        return word
    may_lose_it = word.startswith("ge") and not word.startswith(KEEP_GE) and len(word) > 5
    if may_lose_it and word.endswith(("d", "t", "de", "te")) and SYLLABLE.search(word[2:-1]):
        return word[2:]
    match = GE_INSIDE.fullmatch(word)
    return match[1] + match[2] if match else word


def _without_ending(word: str) -> str:
    word = _without_s(word)
    if word.endswith("heden") and len(word) > 7:
        return word[:-5] + "heid"
    if word.endswith("leden") and not word.endswith(("geleden", "verleden")):
        return word[:-5] + "lid"
    if word.endswith("kinderen"):
        return word[:-4]
    if word.endswith(("eeen", "ieen")):
        return word[:-2]
    if word.endswith("ien") and is_long(word) and not word.endswith(KEEP_IEN):
        return word[:-1]
    word = _without_degree(word)
    if not KEEP_EN.fullmatch(word):
        for ending in ("ingen", "ing", "en", "e"):
            if word.endswith(ending) and (rest := _cut(word, len(ending))):
                word = rest
                break
    return _without_t(_without_s(word) if is_long(word) else word)


def _without_s(word: str) -> str:
    """Take off the s of medewerkers, keuzes, teams; not that of kans, cursus, prijs."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(KEEP_S):
        return word
    before = word[-2]
    if word.endswith(("eaus", "ies", "ees", "oes")):
        return word[:-1]
    if before in "aiouy":
        return word
    if before in "embw":
        return word[:-1]
    return word[:-1] if is_long(word) or re.search("[aeou]i?[aeiou]ls$", word) else word


def _without_degree(word: str) -> str:
    """Take off the degree of belangrijkste, duidelijker."""
    if word.endswith(("ijkste", "igste")):
        return word[:-3]
    if word.endswith(("ijkst", "igst", "lijker", "iger")):
        return word[:-2]
    return word[:-3] if word.endswith(("lijkere", "igere")) else word


def _cut(word: str, length: int) -> str | None:
    """Write the word without its last letters as a word of its own; None when too little is left."""
    rest = word[:-length]
    if len(rest) < 2 or rest[-1] in "aeiouy" or not SYLLABLE.search(rest):
        return None
    if rest[-1] == rest[-2]:
        return rest[:-1]
    if not is_long(rest) and OPEN_SYLLABLE.search(rest):
        rest = rest[:-1] + rest[-2:]
    return rest[:-1] + {"v": "f", "z": "s"}.get(rest[-1], rest[-1])


def _without_t(word: str) -> str:
    """Take off the t or d of werkt, ontwikkeld, beoordeelt; not that of recht, moment, bond."""
    if len(word) < 4 or word in KEEP_END:
        return word
    if word.endswith(("bt", "dt", "ft", "gt", "kt", "lt", "mt", "pt", "wt", "tst", "gd", "md", "sd", "wd")):
        return word[:-1]
    if LONG_T.search(word):
        return word[:-1]
    return word[:-1] if is_long(word) and (LONG_D.search(word) or UNSTRESSED_T.search(word)) else word


def _finish(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouy":
        word = word[:-1]
    return LAST_DOUBLE.sub(r"\1", word) if is_long(word) else word


def _forms() -> dict[str, list[str]]:
    """Turn the tables of exceptions round, from the finished stem to the forms."""
    forms: dict[str, list[str]] = {}
    for form, found in (IRREGULAR | STRONG_TAILS).items():
        for each in {found, LAST_DOUBLE.sub(r"\1", found)}:
            forms.setdefault(each, []).append(form)
    return forms


FORMS = _forms()
