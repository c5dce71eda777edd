"""Log-mel frames of openai-whisper's own code, for WhisperFeaturesTest; needs openai-whisper, onnx-asr and onnxruntime.

The frames of the file whisper80.onnx inside the package onnx-asr must be the same to 1e-4. Run in this folder:
python whisper_features.py ../resources/org/omniscribe/asr/feature/whisper-golden.json
"""

import json
import math
import os
import sys

import numpy as np
import onnx_asr
import onnxruntime
import torch
from whisper.audio import log_mel_spectrogram


def signal(length):
    """TestSignal.of: a rising tone in noise of a linear congruential generator."""
    state, samples = 1, np.zeros(length, np.float32)
    for i in range(length):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        noise = state / (1 << 30) - 1
        samples[i] = 0.3 * math.sin(2 * math.pi * i * (200 + 0.8 * i) / 16000) + 0.05 * noise
    return samples


def main(target):
    cases = []
    for bins, begin, length, quiet in [(80, 0, 4000, 0), (80, 700, 3333, 1200), (128, 0, 1777, 0), (80, 0, 480, 0)]:
        samples = signal(begin + length)[begin:].copy()
        # Digital silence, whose energy is below the floor.
        samples[:quiet] = 0
        mel = log_mel_spectrogram(torch.from_numpy(samples), n_mels=bins).numpy().T
        assert len(mel) == length // 160
        folder = os.path.join(os.path.dirname(onnx_asr.__file__), "preprocessors")
        found = [os.path.join(path, file) for path, _, files in os.walk(os.path.dirname(onnx_asr.__file__))
                 for file in files if file == "whisper%d.onnx" % bins]
        session = onnxruntime.InferenceSession(found[0])
        # That file fills its input up to 30 s, and the mirrored end and the maximum with it: only the beginning compares.
        padded = np.concatenate([samples, np.zeros(30 * 16000 - length, np.float32)])
        whole = log_mel_spectrogram(torch.from_numpy(padded), n_mels=bins).numpy()
        theirs = session.run(None, {"waveforms": samples[None], "waveforms_lens": np.array([length])})[0][0]
        difference = np.abs(theirs[:, :3000] - whole[:, :3000]).max()
        print(bins, length, "whisper%d.onnx differs by" % bins, difference)
        assert difference < 1e-4
        cases.append({"bins": bins, "begin": begin, "samples": length, "quiet": quiet,
                      "frames": [[round(float(value), 6) for value in frame] for frame in mel]})
    with open(target, "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    main(sys.argv[1])
