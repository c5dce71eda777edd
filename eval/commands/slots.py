#!/usr/bin/env python3
"""How many slots of spoken coffee orders are heard right (github.com/Picovoice/speech-to-intent-benchmark).

    slots.py phrases labels.json > phrases.txt       the phrases of which orders are made, for --phrases
    slots.py score labels.json DIR                   DIR holds a .txt of each recording, as transcribe writes it

The corpus gives intent and slots of an order but not its wording. A slot counts as right if, of the values that the labels
know for this slot, the longest one in the transcript is that of the label; as inserted if the transcript has a value for
a slot that the order lacks. An order is right if all of its slots are and none is inserted.
"""
import json, os, sys

# What people say around the values: our guess, as the corpus has no wording.
AROUND = """can i get|can i have|could i get|could i have|may i have|i want|i would like|i'd like|i'll have|i'll take|i need
|get me|give me|make me|make|brew me|brew|prepare|pour me|let me have|let me get|please|a|an|one|the|with|and|in it|in there
|of|add|cup of|a cup of|to go|hey|hi|for me|put|also|no""".replace("\n", "").split("|")


def orders(file):
    with open(file, encoding="utf-8") as text:
        return {name: {slot: " ".join(value.lower().split()) for slot, value in (order.get("slots") or {}).items()}
                for name, order in json.load(text).items()}


def values(all_orders):
    known = {}
    for slots in all_orders.values():
        for slot, value in slots.items():
            known.setdefault(slot, set()).add(value)
    return known


def heard(text, known):
    padded = f" {' '.join(text.lower().split())} "
    return {slot: max((v for v in wanted if f" {v} " in padded), key=len, default=None) for slot, wanted in known.items()}


def main():
    all_orders = orders(sys.argv[2])
    known = values(all_orders)
    if sys.argv[1] == "phrases":
        print("\n".join(sorted({v for wanted in known.values() for v in wanted} | set(AROUND))))
        return
    slots = right = inserted = whole = recordings = 0
    for name, wanted in all_orders.items():
        file = os.path.join(sys.argv[3], os.path.splitext(name)[0] + ".txt")
        if not os.path.exists(file):
            continue
        with open(file, encoding="utf-8") as text:
            found = heard(text.read(), known)
        hits = sum(found[slot] == value for slot, value in wanted.items())
        extra = sum(found[slot] is not None for slot in known if slot not in wanted)
        recordings += 1
        slots += len(wanted)
        right += hits
        inserted += extra
        whole += hits == len(wanted) and not extra
    if not recordings:
        sys.exit(f"{sys.argv[3]} has no transcript of the recordings in {sys.argv[2]}; make them with transcribe -f txt -o")
    print(f"{recordings} orders, {slots} slots: {100 * right / slots:.1f} % right, {100 * inserted / slots:.1f} % inserted;"
          f" {100 * whole / recordings:.1f} % of the orders right")


main()
