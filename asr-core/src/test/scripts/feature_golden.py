"""Writes the golden values of LogMelFrontEndTest: mel energies by torchaudio's MelSpectrogram in double precision.

Run from the module's folder:  python3 src/test/scripts/feature_golden.py
Made with torch 1.13.1 and torchaudio 0.13.1.
"""
import json
import math

import torch
import torchaudio

OUT = "src/test/resources/org/omniscribe/asr/feature/golden.json"


def signal(length):
    """A rising tone in noise of a linear congruential generator; TestSignal.java has the same formula."""
    state, samples = 1, []
    for i in range(length):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        noise = state / 2.0**30 - 1
        samples.append(0.3 * math.sin(2 * math.pi * i * (200 + 0.8 * i) / 16000) + 0.05 * noise)
    return torch.tensor(samples, dtype=torch.float64).float().double()


def povey(length):
    return torch.hann_window(length, periodic=False, dtype=torch.float64) ** 0.85


def spec(**changed):
    values = dict(sampleRate=16000, window=400, hop=160, fft=512, windowShape="HANN", spectrum="POWER", melScale="HTK",
                  melNorm="NONE", bins=80, fmin=20.0, fmax=7600.0, floorKind="MAX", floor=1e-10, padding="NONE",
                  normalization="NONE")
    values.update(changed)
    return values


SPECS = {
    "the project's standard": spec(),
    "torchaudio's defaults": spec(hop=200, fft=400, bins=128, fmin=0.0, fmax=8000.0, padding="REFLECT"),
    "Slaney, area norm, magnitude": spec(hop=200, fft=400, bins=64, fmin=0.0, fmax=8000.0, melScale="SLANEY",
                                         melNorm="SLANEY", spectrum="MAGNITUDE", padding="REFLECT"),
    "400 points, mirrored, as Whisper": spec(fft=400, fmin=0.0, fmax=8000.0, melScale="SLANEY", melNorm="SLANEY",
                                             padding="REFLECT"),
    "window in the middle of 512 points, mirrored": spec(windowShape="HAMMING", fmin=0.0, fmax=8000.0,
                                                         melScale="SLANEY", melNorm="SLANEY", floorKind="ADD",
                                                         floor=2.0**-24, padding="REFLECT"),
    "Povey window, odd length, 8 kHz": spec(sampleRate=8000, window=201, hop=80, fft=256, windowShape="POVEY", bins=40,
                                            fmax=4000.0, padding="REFLECT"),
}


def mel(s, x):
    window = {"HANN": torch.hann_window, "HAMMING": torch.hamming_window, "POVEY": povey}[s["windowShape"]]
    transform = torchaudio.transforms.MelSpectrogram(
        sample_rate=s["sampleRate"], n_fft=s["fft"], win_length=s["window"], hop_length=s["hop"], f_min=s["fmin"],
        f_max=s["fmax"], n_mels=s["bins"], window_fn=window, power={"POWER": 2.0, "MAGNITUDE": 1.0}[s["spectrum"]],
        center=s["padding"] == "REFLECT", norm={"NONE": None, "SLANEY": "slaney"}[s["melNorm"]],
        mel_scale=s["melScale"].lower()).double()
    if s["padding"] == "NONE":
        # torch counts frames by n_fft; ours are whole windows, so the surplus becomes zeros outside the window.
        left = (s["fft"] - s["window"]) // 2
        x = torch.nn.functional.pad(x, (left, s["fft"] - s["window"] - left))
    return transform(x).T


if __name__ == "__main__":
    x = signal(1200)
    cases = []
    for name, s in SPECS.items():
        values = [[float(f"{v:.7g}") for v in row] for row in mel(s, x).tolist()]
        cases.append({"name": name, "spec": s, "samples": len(x), "mel": values})
    with open(OUT, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
