#!/usr/bin/env python3
"""Makes a pronunciation dictionary of all words in transcripts and texts.

    pronunciations.py --out pronunciations.dict [--cmudict FILE] MANIFEST.tsv... TEXT[.gz]...

A word gets the pronunciations that CMUdict has (Debian: pocketsphinx-en-us). A word that it lacks is made of what it has:
the stem with the ending's sound, the British spelling's American one, or two common words; and else by letter-to-sound
rules (Debian: flite, the program t2p). One line a pronunciation: the word, then its phones.
"""
import argparse, collections, gzip, re, subprocess, unicodedata

APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07"
UNVOICED = {"P", "T", "K", "F", "TH"}
SIBILANT = {"S", "Z", "SH", "ZH", "CH", "JH"}
# Endings that look like words but are not said as such.
NO_WORDS = {"able", "ous", "ion", "age", "ate", "ant", "ent", "ess", "ism", "ist", "ment", "tion", "ship", "ble"}


def words(text):
    """As the trainer reads a transcript: small letters and apostrophes; words with other signs in them are left out."""
    text = "".join("'" if c in APOSTROPHES else c for c in text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    text = re.sub(r"(?<![a-z0-9])'(?![a-z0-9])", " ", re.sub(r"[^a-z0-9']", " ", text.lower()))
    return [w for w in text.split() if re.fullmatch(r"[a-z']*[a-z][a-z']*", w)]


def counted(files):
    counts = collections.Counter()
    for file in files:
        opener = gzip.open if file.endswith(".gz") else open
        with opener(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if file.endswith(".tsv"):
                    counts.update(words(fields[3]) if len(fields) > 3 else [])
                else:
                    counts.update(words(line))
    return counts


def plural(stem):
    return stem + (["IH", "Z"] if stem[-1] in SIBILANT else ["S"] if stem[-1] in UNVOICED else ["Z"])


def past(stem):
    unvoiced = UNVOICED | SIBILANT - {"Z", "ZH", "JH"}
    return stem + (["IH", "D"] if stem[-1] in ("T", "D") else ["T"] if stem[-1] in unvoiced else ["D"])


def ending(*phones):
    return lambda stem: stem + list(phones)


ENDINGS = [
    (r"(?<!s)s$", "", plural), (r"ies$", "y", plural), (r"(?<=[sxzh])es$", "", plural), (r"(?<=e)d$", "", past),
    (r"ed$", "", past), (r"ied$", "y", past), (r"ing$", "", ending("IH", "NG")), (r"ing$", "e", ending("IH", "NG")),
    (r"ly$", "", lambda stem: stem + (["IY"] if stem[-1] == "L" else ["L", "IY"])),
    (r"iness$", "y", ending("N", "AH", "S")), (r"ness$", "", ending("N", "AH", "S")),
    (r"less$", "", ending("L", "AH", "S")), (r"eth$", "", ending("IH", "TH")), (r"(?<=e)th$", "", ending("IH", "TH")),
    (r"est$", "", ending("IH", "S", "T")), (r"(?<=e)st$", "", ending("IH", "S", "T")),
    (r"^un", "", lambda stem: ["AH", "N"] + stem),
]


def derived(word, known, counts):
    """The pronunciations of a word by those of others; None if there is no way."""
    for suffix, sound in (("'s", plural), ("'", lambda stem: stem)):
        if word.endswith(suffix):
            stem = word[:-len(suffix)]
            ways = known.get(stem) or derived(stem, known, counts)
            return ways and [sound(way) for way in ways]
    if word.startswith("'") and word[1:] in known:
        return known[word[1:]]
    for pattern, instead, sound in ENDINGS:
        stem = re.sub(pattern, instead, word)
        if stem != word and len(stem) >= 3 and stem in known:
            return [sound(way) for way in known[stem][:2]]
    if "our" in word and word.replace("our", "or") in known:
        return known[word.replace("our", "or")]
    halves = [(min(counts[word[:i]], counts[word[i:]]), word[:i], word[i:]) for i in range(3, len(word) - 2)]
    halves = [h for h in halves if h[0] >= 20 and h[1] in known and h[2] in known and h[2] not in NO_WORDS
              and max(len(h[1]), len(h[2])) >= 4]
    return [known[max(halves)[1]][0] + known[max(halves)[2]][0]] if halves else None


def by_letters(lacking, phones):
    """What flite makes of words, in CMUdict's phones."""
    found = {}
    for word in lacking:
        said = subprocess.run(["t2p", word.replace("'", "")], capture_output=True, text=True, check=True).stdout
        way = [re.sub(r"\d$", "", p).upper().replace("AX", "AH") for p in said.split() if p != "pau"]
        if way and all(p in phones for p in way):
            found[word] = [way]
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sources", nargs="+", help="manifests (.tsv, the text in the fourth column) and texts")
    options.add_argument("--cmudict", default="/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")
    options.add_argument("--out", required=True)
    given = options.parse_args()
    known = {}
    with open(given.cmudict, encoding="utf-8") as lines:
        for line in lines:
            word, *way = line.split()
            known.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(way)
    phones = {p for ways in known.values() for way in ways for p in way}
    counts = counted(given.sources)
    ways = {word: known.get(word) or derived(word, known, counts) for word in sorted(counts)}
    ways.update(by_letters([word for word in ways if not ways[word]], phones))
    with open(given.out, "w", encoding="utf-8") as out:
        for word, own in ways.items():
            for way in dict.fromkeys(map(tuple, own or [])):
                print(word, *way, file=out)


main()
