#!/usr/bin/env python3
"""Turns trained weights into those of a network with shorter steps and more layers that says nearly the same.

    grow.py WEIGHTS.safetensors OUT.safetensors --stacking 3 --convKernel 19 --positionRange 43 --copy 4 --copy 6

Relative positions and depthwise kernels, which are learned by the step, are resampled in time; both front ends have the
same convolutions, only with other strides. A layer that is copied follows the one that it is a copy of, and adds nothing
at first: what it puts out is zero (Net2Net, Chen, Goodfellow, Shlens, arXiv 1511.05641, has the idea of networks that grow
without a change of their function). The recipe of the new network names OUT in "from". Needs numpy.
"""
import argparse, json, struct

import numpy as np


def read(file):
    with open(file, "rb") as data:
        header = json.loads(data.read(struct.unpack("<Q", data.read(8))[0]))
        rest = data.read()
    meta = header.pop("__metadata__")
    return meta, {name: np.frombuffer(rest[slice(*t["data_offsets"])], np.float32).reshape(t["shape"])
                  for name, t in header.items()}


def write(file, meta, tensors):
    header, at = {"__metadata__": meta}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + tensor.nbytes]}
        at += tensor.nbytes
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(head)) + head)
        for tensor in tensors.values():
            out.write(tensor.astype("<f4").tobytes())


def resampled(rows, reach, ratio, beyond):
    """Rows over time, zero in the middle, for `reach` steps of `ratio` old ones to either side."""
    half = rows.shape[-1] // 2
    at = np.arange(-reach, reach + 1) * ratio
    return np.apply_along_axis(lambda row: np.interp(at, np.arange(-half - 1, half + 2),
                                                     np.concatenate([beyond(row[:1]), row, beyond(row[-1:])])), -1, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights")
    parser.add_argument("out")
    for name in "stacking", "convKernel", "positionRange":
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--copy", type=int, action="append", default=[], help="a layer, counted from 0; may be repeated")
    args = parser.parse_args()
    meta, old = read(args.weights)
    shape = json.loads(meta["architecture"])
    ratio = args.stacking / shape["stacking"]
    new = {name: tensor for name, tensor in old.items() if not name.startswith("layers.")}
    new["position.bias"] = resampled(old["position.bias"], args.positionRange, ratio, lambda edge: edge)
    layers = []
    for layer in range(len(shape["experts"])):
        layers += [(layer, False)] + [(layer, True)] * args.copy.count(layer)
    for number, (layer, silent) in enumerate(layers):
        prefix = f"layers.{layer}."
        for name, tensor in old.items():
            if name.startswith(prefix):
                if name.endswith("depthwise.weight"):
                    tensor = ratio * resampled(tensor, args.convKernel // 2, ratio, np.zeros_like)
                if silent and ".out." in name:
                    tensor = np.zeros_like(tensor)
                new[f"layers.{number}.{name[len(prefix):]}"] = tensor
    shape.update(stacking=args.stacking, convKernel=args.convKernel, positionRange=args.positionRange,
                 experts=[shape["experts"][layer] for layer, _ in layers])
    meta["architecture"] = json.dumps(shape)
    write(args.out, meta, {name: np.asarray(tensor, np.float32) for name, tensor in new.items()})


main()
