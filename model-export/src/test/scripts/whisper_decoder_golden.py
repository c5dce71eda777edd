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
state = {k: v.detach().clone() for k, v in decoder.state_dict().items()}
tensors = {
    "decoder.embedding.weight": state["token_embedding.weight"],
    "decoder.position.weight": state["positional_embedding"],
    "decoder.norm.weight": state["ln.weight"],
    "decoder.norm.bias": state["ln.bias"],
}
for l in range(LAYERS):
    theirs, ours = f"blocks.{l}.", f"decoder.layers.{l}."

    def stacked(name, parts):
        weights = [state[f"{theirs}{name}.{part}.weight"] for part in parts]
        biases = [state.get(f"{theirs}{name}.{part}.bias", torch.zeros(WIDTH)) for part in parts]
        return torch.cat(weights), torch.cat(biases)

    layer = {
        "attention.qkv": stacked("attn", ("query", "key", "value")),
        "attention.out": stacked("attn", ("out",)),
        "cross.query": stacked("cross_attn", ("query",)),
        "cross.kv": stacked("cross_attn", ("key", "value")),
        "cross.out": stacked("cross_attn", ("out",)),
    }
    for name, part in {"attention.norm": "attn_ln", "cross.norm": "cross_attn_ln", "ffn.norm": "mlp_ln", "ffn.in": "mlp.0", "ffn.out": "mlp.2"}.items():
        layer[name] = state[f"{theirs}{part}.weight"], state[f"{theirs}{part}.bias"]
    for name, (weight, bias) in layer.items():
        tensors[f"{ours}{name}.weight"], tensors[f"{ours}{name}.bias"] = weight, bias

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
