"""Golden values for OmniRouterNetTest: a small random audio encoder made of OpenAI's own parts, what it makes of two utterances of
different lengths (each alone, without padding), and the gradient of a sum over that with respect to the first convolution.

usage: whisper_encoder_golden.py OUT.safetensors     (pip install openai-whisper safetensors)"""
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from whisper.model import AudioEncoder, sinusoids

torch.manual_seed(12)
BINS, WIDTH, HEADS, LAYERS = 5, 12, 3, 2
encoder = AudioEncoder(BINS, 1500, WIDTH, HEADS, LAYERS)
for name, p in encoder.named_parameters():
    torch.nn.init.normal_(p, std=0.4)


def run(features):  # [frame][bin]; as AudioEncoder.forward, but for fewer than 1500 steps
    x = F.gelu(encoder.conv1(features.T[None]))
    x = F.gelu(encoder.conv2(x)).permute(0, 2, 1)
    x = x + sinusoids(1500, WIDTH)[: x.shape[1]]
    for block in encoder.blocks:
        x = block(x)
    return encoder.ln_post(x)[0]


state = {k: v.detach().clone() for k, v in encoder.state_dict().items()}
tensors = {}
for kind in ("weight", "bias"):
    tensors[f"input.conv0.{kind}"] = state[f"conv1.{kind}"]
    tensors[f"input.conv1.{kind}"] = state[f"conv2.{kind}"]
    tensors[f"final.norm.{kind}"] = state[f"ln_post.{kind}"]
for l in range(LAYERS):
    theirs, ours = f"blocks.{l}.", f"layers.{l}."
    parts = ("query", "key", "value")
    tensors[ours + "attention.qkv.weight"] = torch.cat([state[f"{theirs}attn.{p}.weight"] for p in parts])
    tensors[ours + "attention.qkv.bias"] = torch.cat([state.get(f"{theirs}attn.{p}.bias", torch.zeros(WIDTH)) for p in parts])
    for kind in ("weight", "bias"):
        tensors[f"{ours}attention.norm.{kind}"] = state[f"{theirs}attn_ln.{kind}"]
        tensors[f"{ours}attention.out.{kind}"] = state[f"{theirs}attn.out.{kind}"]
        tensors[f"{ours}ffn.norm.{kind}"] = state[f"{theirs}mlp_ln.{kind}"]
        tensors[f"{ours}ffn.experts.0.in.{kind}"] = state[f"{theirs}mlp.0.{kind}"]
        tensors[f"{ours}ffn.experts.0.out.{kind}"] = state[f"{theirs}mlp.2.{kind}"]

first, second = torch.randn(23, BINS), torch.randn(14, BINS)
tensors["first"], tensors["second"] = first, second
a, b = run(first), run(second)
tensors["states.first"], tensors["states.second"] = a.detach(), b.detach()
weights = torch.randn(WIDTH)
tensors["weights"] = weights
((a * weights).sum() + (b * weights).sum()).backward()
tensors["gradient"] = encoder.conv1.weight.grad
save_file({k: v.contiguous() for k, v in tensors.items()}, sys.argv[1])
