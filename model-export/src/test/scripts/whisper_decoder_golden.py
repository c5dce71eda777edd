"""Golden values for FrozenDecoderTest: a small random text decoder of OpenAI's own code, what it says of two texts, and the
gradient of a sum over what it says with respect to the encoder's states.

usage: whisper_decoder_golden.py OUT.safetensors     (pip install openai-whisper safetensors)"""
import sys

import torch
from safetensors.torch import save_file
from whisper.model import TextDecoder

torch.manual_seed(11)
WIDTH, HEADS, LAYERS, TOKENS, PLACES, STEPS, FIRST = 12, 3, 2, 20, 9, 7, 2
decoder = TextDecoder(TOKENS, PLACES, WIDTH, HEADS, LAYERS)
for p in decoder.parameters():
    torch.nn.init.normal_(p, std=0.4)
names = {"token_embedding.weight": "embedding.weight", "positional_embedding": "positions", "ln.weight": "norm.weight", "ln.bias": "norm.bias"}
for l in range(LAYERS):
    for theirs, ours in {"attn": "self", "cross_attn": "cross"}.items():
        for part in ("query", "key", "value", "out"):
            for kind in ("weight", "bias"):
                names[f"blocks.{l}.{theirs}.{part}.{kind}"] = f"layers.{l}.{ours}.{part}.{kind}"
        for kind in ("weight", "bias"):
            names[f"blocks.{l}.{theirs}_ln.{kind}"] = f"layers.{l}.{ours}.norm.{kind}"
    for theirs, ours in {"mlp.0": "ffn.in", "mlp.2": "ffn.out", "mlp_ln": "ffn.norm"}.items():
        for kind in ("weight", "bias"):
            names[f"blocks.{l}.{theirs}.{kind}"] = f"layers.{l}.{ours}.{kind}"
tensors = {"decoder." + names[k]: v.detach().clone() for k, v in decoder.state_dict().items() if k != "mask"}

texts = [[3, 1, 4, 1, 5, 9], [2, 7, 18, 2]]
lengths = [7, 4]
states = torch.randn(2, STEPS, WIDTH, requires_grad=True)
rows, total = [], 0
weights = torch.randn(TOKENS)
for b, text in enumerate(texts):
    log_probs = decoder(torch.tensor([text[:-1]]), states[b : b + 1, : lengths[b]])[0, FIRST - 1 :].log_softmax(-1)
    rows.append(log_probs)
total = (torch.cat(rows) * weights).sum()
total.backward()
tensors["states"] = states.detach()
tensors["log_probs"] = torch.cat(rows).detach()
tensors["weights"] = weights
tensors["gradient"] = states.grad
save_file({k: v.contiguous() for k, v in tensors.items()}, sys.argv[1])
