#!/usr/bin/env python3
"""Finds the words of spoken orders of which only intent and slots are known, to train on them.

    commands.py commands/picovoice-intent --out OUT [--omniscribe COMMAND] [--least-confidence 0.5]

The slots are in DIR/labels.json, and what is said around them is always much the same: a carrier such as "can i get", the
size, the roast and the shots in some order, the drink, milk and sugar. All ways to order what the labels say are given to
the recogniser as phrases, so that the model chooses among a few hundred sentences that are all nearly right. What is not
one of them from beginning to end, or is not sure, is left out. Writes OUT/manifest.tsv (recording, seconds, speaker, text);
the corpus does not name its speakers. Recordings whose names begin with a letter are left out: they remain to count slots
on (eval/commands/slots.py). A sentence takes a second or two; what is done already is not done again.
"""
import argparse, itertools, json, os, shlex, subprocess, tempfile

CARRIERS = """can i get|can i have|could i get|could i have|may i have|may i get|i want|i would like|i'd like|i'll have|i'll take
|i need|get me|give me|make me|make|brew me|brew|prepare|prepare me|pour me|let me have|let me get|please make|please get me
|please brew""".replace("\n", "").split("|")
BEFORE = "size", "roast", "numberOfShots"
BEHIND = "milkAmount", "sugarAmount"


def sentences(slots):
    """What may have been said, or nothing if there is a slot that is not known here."""
    drink = slots.get("coffeeDrink")
    if not drink or set(slots) - {"coffeeDrink", *BEFORE, *BEHIND}:
        return []
    before = [slots[s] for s in BEFORE if s in slots]
    behind = [slots[s] for s in BEHIND if s in slots]
    ends = {""} if not behind else {f" with {join.join(order)}" for order in itertools.permutations(behind)
                                     for join in (" and ", " with ")}
    return [" ".join(f"{carrier} {article} {' '.join(order)} {drink}{end}".split())
            for carrier in CARRIERS for article in ("", "a", "an", "the", "one", "some")
            for order in itertools.permutations(before) for end in ends]


def recognize(command, wav, slots, out):
    """The transcript of a recording, as JSON."""
    name = os.path.join(out, "json", os.path.splitext(os.path.basename(wav))[0] + ".json")
    if not os.path.exists(name):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as phrases:
            phrases.write("\n".join(sentences(slots)) + "\n")
            phrases.flush()
            subprocess.run([*command, "transcribe", wav, "--phrases", phrases.name, "--threads", "1", "-f", "json",
                            "-o", os.path.dirname(name)], check=True, stderr=subprocess.DEVNULL)
    with open(name, encoding="utf-8") as text:
        return json.load(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir")
    parser.add_argument("--out", required=True)
    parser.add_argument("--omniscribe", type=shlex.split, default=["omniscribe"])
    parser.add_argument("--least-confidence", type=float, default=0.5)
    args = parser.parse_args()
    os.makedirs(args.out + "/json", exist_ok=True)
    with open(args.dir + "/labels.json", encoding="utf-8") as text:
        labels = json.load(text)
    kept, seconds = [], 0
    for name, order in labels.items():
        slots = {slot: " ".join(value.lower().split()) for slot, value in (order.get("slots") or {}).items()}
        possible = set(sentences(slots))
        if not possible or name[0] > "9":
            continue
        wav = os.path.abspath(f"{args.dir}/audio/{name}")
        said = recognize(args.omniscribe, wav, slots, args.out)
        words = [word for segment in said["segments"] for word in segment["words"]]
        confidence = sum(word["confidence"] for word in words) / max(1, len(words))
        if said["text"] in possible and confidence >= args.least_confidence:
            kept.append(f"{wav}\t{said['duration']}\tpicovoice-{name[:8]}\t{said['text']}\n")
            seconds += said["duration"]
    with open(args.out + "/manifest.tsv", "w", encoding="utf-8") as text:
        text.writelines(kept)
    print(f"{len(kept)} of {len(labels)} orders kept, {seconds / 3600:.2f} h")


main()
