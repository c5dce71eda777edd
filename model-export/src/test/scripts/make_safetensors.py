"""Writes and checks safetensors files with nothing but struct and numpy, from the format's description.

    make_safetensors.py write OUT      the golden file of SafeTensorsTest (values below)
    make_safetensors.py check FILE     prints names, types, shapes and the first values of a file
"""
import json
import struct
import sys

import numpy as np


def write(path):
    halves = np.array([0.0, -0.0, 1.0, -2.5, 65504.0, 6.1e-5, 5.96e-8, 0.1], dtype="<f2")
    tensors = {
        "weight": ("F32", np.arange(6, dtype="<f4").reshape(2, 3) / 3),
        "half": ("F16", halves),
        "step": ("I64", np.array(123456, dtype="<i8")),
        "brain": ("BF16", (np.array([1.5, -3.0, 0.1], dtype="<f4").view("<u4") >> 16).astype("<u2")),
        "empty": ("F32", np.zeros((0, 4), dtype="<f4")),
    }
    header, data = {"__metadata__": {"kind": "golden", "umlaut": "\u00e4\u2581"}}, b""
    for name, (dtype, values) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(values.shape),
                        "data_offsets": [len(data), len(data) + values.nbytes]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def check(path):
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    data = raw[8 + length:]
    print("metadata", header.pop("__metadata__", {}))
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype={"F32": "<f4", "F16": "<f2", "I64": "<i8"}[entry["dtype"]])
        print(name, entry["dtype"], entry["shape"], values.reshape(entry["shape"]).ravel()[:8])
    assert end == len(data)


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
