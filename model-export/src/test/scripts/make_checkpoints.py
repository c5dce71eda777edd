"""Writes small checkpoints of Omni-router, Switch and dense encoders in several key layouts, with what they compute.

    python3 make_checkpoints.py OUT                all golden checkpoints of ImporterTest (Debian's python3-torch)
    python3 make_checkpoints.py OUT big            one with the shapes of the published 613M causal model, random weights
    python3 make_checkpoints.py OUT medium         one with the shapes of the published 246M model, random weights

The networks are written from their formulas here, or are PyTorch's own layers, and share no code with the project. For each
NAME there are NAME.pth (or another suffix), NAME-features.npy, NAME-logprobs.npy and NAME-experts.npy (layers by steps).
"""
import argparse
import json
import math
import os
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

MEL, STACK = 8, 4


def sinusoids(steps, d):
    i = torch.arange(d)
    freq = torch.exp(-2.0 * torch.div(i, 2, rounding_mode="floor") * math.log(1e4) / d)
    shift = math.pi / 2 * (i % 2)
    return freq, shift, torch.sin(torch.arange(steps)[:, None] * freq + shift)


def stacked(x, mel):
    pad = -len(x) % STACK
    return F.pad(x, (0, 0, 0, pad)).reshape(-1, STACK * mel)


def attend(q, k, v, heads, causal):
    t, d = q.shape
    q, k, v = (z.reshape(t, heads, d // heads).transpose(0, 1) for z in (q, k, v))
    logits = q @ k.transpose(1, 2) / math.sqrt(d // heads)
    if causal:
        logits = logits.masked_fill(torch.ones(t, t).triu(1).bool(), -1e9)
    return (logits.softmax(-1) @ v).transpose(0, 1).reshape(t, d)


class Router(nn.Module):
    def __init__(self, d, experts):
        super().__init__()
        self.w_gate = nn.Linear(d, experts)


class Experts(nn.Module):
    """Top-1 mixture, each expert a Sequential of Linear, ReLU, Linear."""

    def __init__(self, d, m, experts, router):
        super().__init__()
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(d, m), nn.ReLU(), nn.Linear(m, d)) for _ in range(experts))
        self.router = router

    def forward(self, h):
        p = self.router.w_gate(h).softmax(-1)
        gate, chosen = p.max(-1)
        out = torch.stack([self.experts[e](row) for e, row in zip(chosen.tolist(), h)])
        return out * gate[:, None], chosen


class KvAttention(nn.Module):
    def __init__(self, d, heads, causal):
        super().__init__()
        self.w_q, self.w_kv, self.w_out = (nn.Linear(d, n, bias=False) for n in (d, 2 * d, d))
        self.heads, self.causal = heads, causal

    def forward(self, x):
        k, v = self.w_kv(x).chunk(2, -1)
        return self.w_out(attend(self.w_q(x), k, v, self.heads, self.causal))


class SplitAttention(nn.Module):
    """Biases everywhere but in the keys."""

    def __init__(self, d, heads, causal):
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(d, d), nn.Linear(d, d, bias=False)
        self.v_proj, self.o_proj = nn.Linear(d, d), nn.Linear(d, d)
        self.heads, self.causal = heads, causal

    def forward(self, x):
        return self.o_proj(attend(self.q_proj(x), self.k_proj(x), self.v_proj(x), self.heads, self.causal))


class Block(nn.Module):
    def __init__(self, d, attention, ffn):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.self_attention, self.ffn = attention, ffn

    def forward(self, x):
        x = x + self.self_attention(self.ln1(x))
        y, chosen = self.ffn(self.ln2(x))
        return x + y, chosen


class Cape(nn.Module):
    def __init__(self, d):
        super().__init__()
        freq, shift, _ = sinusoids(1, d)
        self.register_buffer("freq", freq)
        self.register_buffer("cos_shifts", shift)


class Stack(nn.Module):
    def __init__(self, d, blocks):
        super().__init__()
        self.cape, self.blocks, self.final_ln = Cape(d), nn.ModuleList(blocks), nn.LayerNorm(d)


class Encoder(nn.Module):
    def __init__(self, d, mel, blocks):
        super().__init__()
        self.input_proj = nn.Linear(STACK * mel, d, bias=False)
        self.encoder = Stack(d, blocks)


class Head(nn.Module):
    def __init__(self, d, vocabulary):
        super().__init__()
        self.projection = nn.Linear(d, vocabulary)


class Published(nn.Module):
    """Names as in a re-implementation that is said to follow the published ones."""

    def __init__(self, d, m, heads, experts, vocabulary, causal=False, mel=MEL, scale=1.0, attention=KvAttention):
        super().__init__()
        routers, blocks, before = [], [], None
        for e in experts:
            if e != before:
                routers.append(Router(d, e))
            before = e
            blocks.append(Block(d, attention(d, heads, causal), Experts(d, m, e, routers[-1])))
        self._encoder, self._decoder = Encoder(d, mel, blocks), Head(d, vocabulary)
        self.mel, self.scale = mel, scale

    def forward(self, features):
        x = self._encoder.input_proj(stacked(features, self.mel)) * self.scale
        x = x + sinusoids(*x.shape)[2]
        choices = []
        for block in self._encoder.encoder.blocks:
            x, chosen = block(x)
            choices.append(chosen)
        return self._decoder.projection(self._encoder.encoder.final_ln(x)).log_softmax(-1), torch.stack(choices)


class Torch(nn.Module):
    """PyTorch's own encoder layers: fused query, key and value, dense, a table of positions."""

    def __init__(self, d, m, heads, layers, vocabulary, causal):
        super().__init__()
        self.frontend = nn.Linear(STACK * MEL, d)
        layer = nn.TransformerEncoderLayer(d, heads, m, 0.0, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, nn.LayerNorm(d)).layers
        self.norm = nn.LayerNorm(d)
        self.ctc_head = nn.Linear(d, vocabulary)
        self.pos_encoder = nn.Module()
        self.pos_encoder.register_buffer("pe", sinusoids(40, d)[2][:, None])
        self.causal = causal

    def forward(self, features):
        x = self.frontend(stacked(features, MEL))[:, None]
        x = x + self.pos_encoder.pe[: len(x)]
        mask = torch.full((len(x), len(x)), -math.inf).triu(1) if self.causal else None
        for layer in self.layers:
            x = layer(x, src_mask=mask)
        choices = torch.zeros(len(self.layers), len(x), dtype=torch.long)
        return self.ctc_head(self.norm(x))[:, 0].log_softmax(-1), choices


class StackedBlock(nn.Module):
    """Experts in one tensor each, as for einsum; a router of its own without bias; one matrix for query, key and value."""

    def __init__(self, d, m, experts, heads):
        super().__init__()
        self.attn = nn.Module()
        self.attn.qkv, self.attn.proj = nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)
        self.attn_norm, self.moe_norm = nn.LayerNorm(d), nn.LayerNorm(d)
        self.moe = nn.Module()
        self.moe.gate = nn.Linear(d, experts, bias=False)
        self.moe.experts = nn.Module()
        for name, shape in {"w1": (experts, d, m), "b1": (experts, m), "w2": (experts, m, d), "b2": (experts, d)}.items():
            setattr(self.moe.experts, name, nn.Parameter(torch.randn(shape) / math.sqrt(shape[-1])))
        self.heads = heads

    def forward(self, x):
        x = x + self.attn.proj(attend(*self.attn.qkv(self.attn_norm(x)).chunk(3, -1), self.heads, False))
        h = self.moe_norm(x)
        gate, chosen = self.moe.gate(h).softmax(-1).max(-1)
        w = self.moe.experts
        inner = torch.einsum("td,tdm->tm", h, w.w1[chosen]) + w.b1[chosen]
        return x + gate[:, None] * (torch.einsum("tm,tmd->td", inner.relu(), w.w2[chosen]) + w.b2[chosen]), chosen


class Switch(nn.Module):
    def __init__(self, d, m, heads, experts, vocabulary):
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(STACK * MEL, d))
        self.blocks = nn.ModuleList(StackedBlock(d, m, e, heads) for e in experts)
        self.out_norm, self.head = nn.LayerNorm(d), nn.Linear(d, vocabulary)

    def forward(self, features):
        x = self.embed(stacked(features, MEL))
        x = x + sinusoids(*x.shape)[2]
        choices = []
        for block in self.blocks:
            x, chosen = block(x)
            choices.append(chosen)
        return self.head(self.out_norm(x)).log_softmax(-1), torch.stack(choices)


def lively(model):
    """Biases, norms and routers of a size that an error in them would show."""
    for name, p in model.named_parameters():
        if p.dim() == 1:
            p.data += 0.3 * torch.randn_like(p)
        if "gate" in name:
            p.data = torch.randn_like(p)
    return model


def golden(out, name, model, frames):
    features = torch.randn(frames, MEL)
    with torch.no_grad():
        log_probs, experts = model(features)
    for kind, array in {"features": features, "logprobs": log_probs, "experts": experts.float()}.items():
        np.save(f"{out}/{name}-{kind}.npy", array.numpy().astype("<f4"))


def safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        kind, raw = ("BF16", tensor.view(torch.int16)) if tensor.dtype == torch.bfloat16 else ("F32", tensor)
        raw = raw.contiguous().numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def small(out):
    # Shared router under every block, its settings beside it, and an optimiser that is none of it.
    torch.manual_seed(1)
    model = lively(Published(16, 24, 2, [4, 4, 4], 11, scale=4.0))
    optimizer = {"state": {0: {"step": torch.tensor(7.0), "exp_avg": torch.zeros(5)}}, "param_groups": [{"lr": 0.1}]}
    torch.save({"model": model.state_dict(), "optimizer": optimizer, "epoch": 3,
                "args": argparse.Namespace(n_heads=2, causal=False, cape=argparse.Namespace(content_scale=4.0))},
               f"{out}/shared.pth")
    golden(out, "shared", model, 50)

    # Sharded: the same layout in two files.
    torch.manual_seed(2)
    model = lively(Published(16, 24, 2, [3, 3], 11, causal=True))
    state = model.state_dict()
    names = sorted(state)
    files = {"part-1.safetensors": names[::2], "part-2.safetensors": names[1::2]}
    os.makedirs(f"{out}/sharded", exist_ok=True)
    for file, part in files.items():
        safetensors(f"{out}/sharded/{file}", {n: state[n] for n in part})
    with open(f"{out}/sharded/model.safetensors.index.json", "w") as index:
        json.dump({"metadata": {}, "weight_map": {n: f for f, part in files.items() for n in part}}, index)
    golden(out, "sharded", model, 33)

    # Dense, PyTorch's layers, half precision, causal.
    torch.manual_seed(3)
    model = lively(Torch(16, 24, 4, 3, 11, causal=True)).half().float()
    model.pos_encoder.pe = sinusoids(40, 16)[2][:, None]
    torch.save({"module": {f"module.{n}": t.half() if t.dim() < 3 else t for n, t in model.state_dict().items()}},
               f"{out}/dense.pt")
    golden(out, "dense", model, 31)

    # Switch, stacked experts, bfloat16, safetensors.
    torch.manual_seed(4)
    model = lively(Switch(16, 24, 4, [4, 4, 4], 11)).bfloat16().float()
    safetensors(f"{out}/switch.safetensors", {n: t.bfloat16() for n, t in model.state_dict().items()})
    golden(out, "switch", model, 41)

    # Groups of layers with their own routers; the format before PyTorch 1.6.
    torch.manual_seed(5)
    model = lively(Published(8, 12, 2, [2] * 6 + [4] * 6 + [8] * 6 + [16] * 6, 9, causal=True, attention=SplitAttention))
    torch.save(model.state_dict(), f"{out}/grouped.pth", _use_new_zipfile_serialization=False)
    golden(out, "grouped", model, 29)


def random_state(d, m, layers, experts, vocabulary, dtype):
    """Tensors of a Published network, without ever building one: only their names and shapes matter."""
    state = {"_encoder.input_proj.weight": torch.randn(d, 320) / 18}
    router = torch.randn(experts, d) / math.sqrt(d), torch.randn(experts) / 10
    for i in range(layers):
        at = f"_encoder.encoder.blocks.{i}."
        for norm in ("ln1", "ln2"):
            state |= {at + norm + ".weight": torch.ones(d), at + norm + ".bias": torch.zeros(d)}
        for name, rows in {"w_q": d, "w_kv": 2 * d, "w_out": d}.items():
            state[f"{at}self_attention.{name}.weight"] = torch.randn(rows, d) / math.sqrt(d)
        state |= {at + "ffn.router.w_gate.weight": router[0], at + "ffn.router.w_gate.bias": router[1]}
        for e in range(experts):
            state |= {f"{at}ffn.experts.{e}.0.weight": torch.randn(m, d) / math.sqrt(d),
                      f"{at}ffn.experts.{e}.0.bias": torch.zeros(m),
                      f"{at}ffn.experts.{e}.2.weight": torch.randn(d, m) / math.sqrt(m),
                      f"{at}ffn.experts.{e}.2.bias": torch.zeros(d)}
    freq, shift, _ = sinusoids(1, d)
    state |= {"_encoder.encoder.cape.freq": freq, "_encoder.encoder.cape.cos_shifts": shift,
              "_encoder.encoder.final_ln.weight": torch.ones(d), "_encoder.encoder.final_ln.bias": torch.zeros(d),
              "_decoder.projection.weight": torch.randn(vocabulary, d) / math.sqrt(d),
              "_decoder.projection.bias": torch.zeros(vocabulary)}
    return {name: tensor.to(dtype) for name, tensor in state.items()}


if __name__ == "__main__":
    target, kind = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "small"
    torch.manual_seed(0)
    if kind == "big":
        torch.save(random_state(1024, 4096, 16, 4, 8192, torch.float32), f"{target}/big.pth")
    elif kind == "medium":
        torch.save(random_state(768, 4096, 16, 2, 8192, torch.float32), f"{target}/medium.pth")
    else:
        small(target)
