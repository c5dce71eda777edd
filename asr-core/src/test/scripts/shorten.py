#!/usr/bin/env python3
"""A small encoder of Shorten (Robinson 1994, Cambridge TR 156), to make fixtures: nothing that writes it is at hand.

    shorten.py OUT     writes the fixtures of asr-core below OUT, each checked: ffmpeg must decode it to the same samples
    import shorten     shorten.sphere(samples, rate) is a SPHERE file such as those of the WSJ discs

Needs numpy, and ffmpeg for the fixtures.
"""
import subprocess
import sys
from pathlib import Path

import numpy as np

DIFF0, DIFF1, DIFF2, DIFF3, QUIT, BLOCKSIZE, BITSHIFT, QLPC, ZERO, VERBATIM = range(10)
S16HL, S16LH = 3, 5
# Two coefficients, in 1/32.
LPC = (58, -29)


class Bits:
    def __init__(self):
        self.bits = []

    def uvar(self, value, n):
        """Rice code: the high part in unary, then n low bits."""
        self.bits += [0] * (value >> n) + [1] + [value >> i & 1 for i in reversed(range(n))]

    def var(self, value, n):
        self.uvar(value << 1 if value >= 0 else ~value << 1 | 1, n + 1)

    def ulong(self, value):
        n = max(0, value.bit_length() - 2)
        self.uvar(n, 2)
        self.uvar(value, n)

    def bytes(self):
        bits = self.bits + [0] * (-len(self.bits) % 32)
        return np.packbits(np.array(bits, np.uint8)).tobytes()


def truncated(a, b):
    """Division as in C."""
    return -(-a // b) if a < 0 else a // b


def encode(samples, version=2, blocksize=256, means=4, kind=S16LH, head=b"", functions=None):
    """Samples are int, shape (frames, channels). One of the functions is taken for each block, the cheapest if not told."""
    samples = np.asarray(samples, np.int64)
    out = Bits()
    out.ulong(kind)
    out.ulong(samples.shape[1])
    out.ulong(blocksize)
    out.ulong(len(LPC))
    out.ulong(means)
    out.ulong(0)
    if head:
        out.uvar(VERBATIM, 2)
        out.uvar(len(head), 5)
        for byte in head:
            out.uvar(byte, 8)
    history = [[0] * 3 for _ in range(samples.shape[1])]
    offsets = [[0] * max(1, means) for _ in range(samples.shape[1])]
    shift = 0
    size = blocksize
    count = 0
    for start in range(0, len(samples), blocksize):
        block = samples[start : start + blocksize]
        if len(block) != size:
            size = len(block)
            out.uvar(BLOCKSIZE, 2)
            out.ulong(size)
        wanted = 0
        while wanted < 8 and block.any() and not (block & ((2 << wanted) - 1)).any():
            wanted += 1
        if wanted != shift:
            shift = wanted
            out.uvar(BITSHIFT, 2)
            out.uvar(shift, 2)
        for channel in range(samples.shape[1]):
            x = [int(v) >> shift for v in block[:, channel]]
            if means == 0:
                offset = 0
            else:
                total = sum(offsets[channel]) + (means // 2 if version > 1 else 0)
                offset = truncated(total, means)
                if version > 1 and shift:
                    offset = offset >> (shift - 1) >> 1
            past = history[channel] + x
            residuals = {
                DIFF0: [v - offset for v in x],
                DIFF1: [past[i + 3] - past[i + 2] for i in range(len(x))],
                DIFF2: [past[i + 3] - 2 * past[i + 2] + past[i + 1] for i in range(len(x))],
                DIFF3: [past[i + 3] - 3 * (past[i + 2] - past[i + 1]) - past[i] for i in range(len(x))],
            }
            centred = [v - offset for v in past]
            rounding = 32 if version > 1 else 0
            residuals[QLPC] = [
                centred[i + 3] - ((rounding + sum(c * centred[i + 2 - j] for j, c in enumerate(LPC))) >> 5) for i in range(len(x))
            ]
            if not any(x):
                function = ZERO
            elif functions:
                function = functions[count % len(functions)]
            else:
                function = min(residuals, key=lambda f: sum(map(abs, residuals[f])))
            count += 1
            out.uvar(function, 2)
            if function != ZERO:
                mean = sum(map(abs, residuals[function])) / len(x)
                n = max(0, int(mean).bit_length() - 1)
                out.uvar(n, 3)
                if function == QLPC:
                    out.uvar(len(LPC), 2)
                    for c in LPC:
                        out.var(c, 5)
                for r in residuals[function]:
                    out.var(r, n)
            if means:
                total = sum(x) + (size // 2 if version > 1 else 0)
                offsets[channel] = offsets[channel][1:] + [truncated(total, size) << (shift if version > 1 else 0)]
            history[channel] = past[-3:]
    out.uvar(QUIT, 2)
    return b"ajkg" + bytes([version]) + out.bytes()


def sphere(samples, rate, **options):
    """A whole file, as on the WSJ discs."""
    fields = [
        "NIST_1A",
        "   1024",
        f"channel_count -i {samples.shape[1]}",
        f"sample_count -i {len(samples)}",
        f"sample_rate -i {rate}",
        "sample_n_bytes -i 2",
        "sample_byte_format -s2 01",
        "sample_sig_bits -i 16",
        "sample_coding -s26 pcm,embedded-shorten-v2.00",
        "end_head",
    ]
    head = ("\n".join(fields) + "\n").encode().ljust(1024)
    return head + encode(samples, **options)


def main(out):
    random = np.random.default_rng(7)
    t = np.arange(4000) / 16000
    voice = 9000 * np.sin(2 * np.pi * 190 * t) + 4000 * np.sin(2 * np.pi * 1130 * t) * np.sin(2 * np.pi * 3 * t) ** 2
    voice += random.normal(0, 60, len(t)) + 300
    voice[1500:2300] = 0
    voice[3000:3600] = np.round(voice[3000:3600] / 8) * 8
    voice[3900] = 32767
    voice[3901] = -32768
    mono = np.round(voice).astype(np.int64).clip(-32768, 32767)[:, None]
    stereo = np.concatenate([mono, np.round(random.normal(-500, 900, len(t))).astype(np.int64)[:, None]], 1)
    every = [DIFF0, DIFF1, DIFF2, DIFF3, QLPC]
    for name, samples, options in (
        ("shorten", mono, {}),
        ("shorten-stereo", stereo, {"functions": every, "blocksize": 100, "kind": S16HL}),
        ("shorten-v1", mono, {"version": 1, "functions": every, "means": 3}),
        ("shorten-plain", mono[:2000], {"means": 0, "functions": every, "head": b"any head"}),
    ):
        (out / f"{name}.sph").write_bytes(sphere(samples, 16000, **options))
        decoded = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", out / f"{name}.sph", "-f", "s16le", "-"], check=True, stdout=subprocess.PIPE
        ).stdout
        assert decoded == samples.astype("<i2").tobytes(), name
        if name != "shorten-v1":
            (out / f"{name}.ref").write_bytes(decoded)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
