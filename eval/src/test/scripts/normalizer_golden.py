#!/usr/bin/env python3
"""Sentences and what the original normalisers make of them.

    normalizer_golden.py --whisper DIR --open-asr DIR [--cases 600] [--seed 1] > normalizer-golden.tsv

DIR of --whisper holds basic.py, english.py and english.json of openai/whisper at c0d2f62, DIR of --open-asr holds
normalizer.py and english_abbreviations.py of huggingface/open_asr_leaderboard at d1e99b2; neither is part of this
project. Needs the packages regex and more-itertools. The leaderboard's table of names is left out.

Columns: normaliser, input, output without white space at its ends; backslash, tab, line feed and the separators of
ASCII are escaped as in Java. First line a header. EnglishNormalizersTest reads it; with -Domniscribe.normalizer.cases=FILE it
reads another such file.
"""
import argparse
import importlib.util
import random
import sys
import types
from pathlib import Path

NUMBERS = (
    "o oh zero one two three four five six seven eight nine ten eleven twelve thirteen fifteen nineteen twenty thirty"
    " forty fifty ninety hundred thousand million billion trillion decillion first second third fourth fifth eighth"
    " ninth twelfth twentieth thirties sixes ones nineties hundreds thousandth millions and double triple point minus"
    " negative plus positive pounds dollar dollars euros cents cent per percent a half"
).split()
NUMERALS = (
    "0 1 2 7 10 12 42 100 101 1960s 21st 3rd 1st 274th 2,500 1,000,000 3.14 1.5 0.07 $5 $0.07 $20 £3.50 €9 ¢7 50% 100%"
    " 1/2 192.168.0.1 4x4 b2b 7up 10:30 1990's $1 1s 5th. $1,234.56 12. .5 -3 +4 007 ２０ ½ ² Ⅳ ٣ 1.0 2.50 a1 3d"
).split()
CONTRACTIONS = (
    "won't can't let's ain't y'all wanna gotta gonna i'ma imma woulda coulda shoulda ma'am don't didn't we're they're"
    " he's she's it's that's john's i'd we'd they'll you'll 't isn't i've i'm who's here's what's this's dogs' 'tis"
    " it’s don’t rock'n'roll o'clock he'd she's"
).split()
TITLES = "Mr. Mrs. mr mrs St. st Dr Prof. Capt. Gov. Ald. Gen. Sen. Rep. Pres. Rev. Hon. Asst. Assoc. Lt. Col. Jr. Sr. Esq.".split()
FILLERS = "hmm mm mhm mmm uh um ah aha ahh ahm eh ehehe em hm huh hum mhum uhm umm uhuh Uh, Um... uh-huh mm-hmm".split()
SPELLINGS = (
    "colour colours organise organised theatre aluminium grey cheque cheques gaol archaeology archeological travelogue"
    " cancellation flyer gauge gage glamour glamor buses busses storey draughts ok kay okay etcetera pummelled"
    " snowploughs optimisation analyse aeroplane tyre jewellery programme skilful moustache mould pyjamas plough"
    " behaviour catalogue centre defence licence traveller marvellous apologise realise honour neighbour"
).split()
OTHERS = (
    "[laughter] <unk> [inaudible 1:20] (applause) (a) () [ ] < > <b>bold</b> B.B.C. U.S.A. e.g. p.m. a.m. Wi-Fi hi-fi"
    " e-mail x-ray et cetera all right how ever a b c i a i b 5 g é naïve café façade œuvre straße Ærøskøbing Łódź"
    " ﬁne … — – - “quoted” & @home #1 * ~ % $ ¢ £ € . , ! ? ; : / \\ | _ x_y ' '' \" been gone done got is's a's"
    " 日本 привет İstanbul \u00a0 \u2009 \u200b \u0301 क्ष a\u0301b o.k. ok. v1.2.3 100%. $ 5 5 % 5 $ ... '' n't"
).split(" ")
PLAIN = (
    "the a of to in he was it that for his with you had as her is at on not be she they we quick brown fox river"
    " market people government water morning letter Monday London America I said went house years old bought sold"
).split()
POOLS = [(PLAIN, 8), (NUMBERS, 6), (NUMERALS, 3), (CONTRACTIONS, 2), (TITLES, 1), (FILLERS, 1), (SPELLINGS, 2), (OTHERS, 2)]
SENTENCES = [
    "Mr. Quilter is the apostle of the middle classes, and we are glad to welcome his gospel.",
    "He paid twenty-five thousand three hundred and forty-two dollars and seven cents for it in nineteen ninety-nine.",
    "She was born on the twenty first of june, two thousand and one.",
    "My number is double oh seven, one two three four five.",
    "It rose by three point five per cent, or 3.5 percent, to $4.2 billion.",
    "Two and a half hours later, one and a half million people had seen it; and a half more came.",
    "I'd been there, he'd gone, they'd done it, and she's got the colour theatre programme.",
    "Let's meet at 10:30 p.m. on St. James St. with Dr. Smith, Jr.",
    "Um, I, uh, I don't know [laughs] what (inaudible) you're talking about!",
    "The B.B.C. said the i.p. address was one hundred ninety two point one six eight point zero point one.",
    "$2 and ¢7, $0.07, 2 dollars and 7 cents, two dollars seven cents.",
    "In the nineteen sixties, in the 1960s, in the sixties, and in the '60s.",
    "minus ten degrees, negative five, plus one, positive and happy, minus the rest",
    "one, ones, 1, 1s, 1.5, 21, one hundred and one, a hundred one",
    "thirty oh five, nineteen oh one, oh one, zero point five million, point five, 5 point 5 point 5",
]


def load(path, name, package=None):
    spec = importlib.util.spec_from_file_location((package + "." if package else "") + name, Path(path, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def originals(whisper, open_asr):
    for package, path, names in (("w", whisper, ("basic", "english")), ("o", open_asr, ("english_abbreviations", "normalizer"))):
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [str(path)]
        for name in names:
            load(path, name, package)
    leaderboard = sys.modules["o.normalizer"].EnglishTextNormalizer()
    leaderboard.standardize_names.mapping = {}
    return {"whisper-en": sys.modules["w.english"].EnglishTextNormalizer(), "open-asr": leaderboard}


def sentence(rng):
    pools = rng.choice([POOLS, [(NUMBERS, 8), (NUMERALS, 2), (PLAIN, 2)], [(PLAIN, 9), rng.choice(POOLS)]])
    words = [rng.choice(rng.choices([p for p, _ in pools], [w for _, w in pools])[0]) for _ in range(rng.randint(1, 14))]
    if rng.random() < 0.5:
        words = [w + rng.choice(["", "", "", "", ",", ".", "?", "-"]) for w in words]
    text = rng.choice([" ", " ", " ", " ", "  ", "-", "\t", "\x1c"]).join(words)
    return rng.choice([str, str, str.upper, str.capitalize, str.title])(text)


def escape(text):
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return "".join(f"\\{ord(c):03o}" if "\x1c" <= c <= "\x1f" else c for c in text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--whisper", required=True)
    parser.add_argument("--open-asr", required=True)
    parser.add_argument("--cases", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", help="a file with one further sentence a line")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    inputs = list(SENTENCES)
    if arguments.sentences:
        inputs += Path(arguments.sentences).read_text(encoding="utf-8").splitlines()
    inputs += [sentence(rng) for _ in range(arguments.cases - len(SENTENCES))]
    print("normalizer\tinput\toutput")
    for name, normalizer in originals(arguments.whisper, arguments.open_asr).items():
        for text in inputs:
            print(name, escape(text), escape(normalizer(text).strip()), sep="\t")


if __name__ == "__main__":
    sys.exit(main())
