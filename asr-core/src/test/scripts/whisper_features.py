"""Log-mel frames of openai-whisper's own code, for WhisperFeaturesTest; needs openai-whisper, onnx-asr and onnxruntime.

The frames of the files whisper80_conv.onnx and whisper80.onnx inside the package onnx-asr must be nearly the same. Run in this folder:
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
        # These files fill their input up to 30 s, and so the maximum and what is mirrored at the end are those of the whole.
        whole = log_mel_spectrogram(torch.from_numpy(samples), n_mels=bins, padding=30 * 16000 - length).numpy()
        # The other file leaves the transform to ONNX Runtime, whose own is off by up to 4e-3 in weak bins.
        for name, most in [("whisper%d_conv.onnx" % bins, 1e-4), ("whisper%d.onnx" % bins, 1e-2)]:
            found = [os.path.join(path, file) for path, _, files in os.walk(os.path.dirname(onnx_asr.__file__))
                     for file in files if file == name]
            session = onnxruntime.InferenceSession(found[0])
            theirs = session.run(None, {"waveforms": samples[None], "waveforms_lens": np.array([length])})[0][0]
            difference = np.abs(theirs[:, :3000] - whole[:, :3000]).max()
            print(bins, length, name, "differs by", difference)
            assert difference < most
        cases.append({"bins": bins, "begin": begin, "samples": length, "quiet": quiet,
                      "frames": [[round(float(value), 6) for value in frame] for frame in mel]})
    with open(target, "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    main(sys.argv[1])
