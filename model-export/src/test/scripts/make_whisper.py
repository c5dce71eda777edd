"""Writes a small random Whisper network in every form that is read, and what two other programs make of it.

Needs torch, transformers, openai-whisper, ctranslate2 and safetensors. The network is made by transformers, written by it
(safetensors), by torch.save under the names of openai-whisper, and by CTranslate2's own converter. The expected values are
those of openai-whisper's classes; transformers must agree. Run in this folder: python make_whisper.py ../resources/whisper
"""

import copy
import json
import os
import shutil
import sys

import numpy as np
import torch
from ctranslate2.converters.transformers import WhisperLoader
from transformers import WhisperConfig, WhisperForConditionalGeneration
from whisper.model import ModelDimensions, Whisper, sinusoids

BINS, POSITIONS, WIDTH, HEADS, INNER, ENCODER, DECODER, TOKENS = 8, 40, 32, 4, 48, 2, 2, 24
SPECIAL = ["endoftext", "startoftranscript", "en", "de", "translate", "transcribe", "startoflm", "startofprev",
           "nospeech", "notimestamps"]
PIECES = ["\u0120t", "he", "\u0120the", "in"]
ALIGNMENT = [[0, 3], [1, 0], [1, 2]]
SUPPRESS = [1, 2, 7, 261, 264, 265, 266, 267, 268]
SUPPRESS_FIRST = [220, 260]


def visible_bytes():
    kept = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    other = [b for b in range(256) if b not in kept]
    return [chr(b) for b in kept] + [chr(256 + i) for i in range(len(other))]


def tokenizer():
    pieces = visible_bytes() + PIECES
    names = ["<|%s|>" % name for name in SPECIAL] + ["<|%.2f|>" % (0.02 * i) for i in range(10)]
    added = [{"id": len(pieces) + i, "content": name, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i, name in enumerate(names)]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    text = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": level, "post_processor": None, "decoder": level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False,
                      "vocab": {piece: i for i, piece in enumerate(pieces)},
                      "merges": ["\u0120 t", "h e", "\u0120t he", "i n"]}}
    return text, pieces + names


def network(vocabulary):
    torch.manual_seed(17)
    config = WhisperConfig(
        vocab_size=vocabulary, num_mel_bins=BINS, encoder_layers=ENCODER, encoder_attention_heads=HEADS,
        decoder_layers=DECODER, decoder_attention_heads=HEADS, decoder_ffn_dim=INNER, encoder_ffn_dim=INNER,
        d_model=WIDTH, max_source_positions=POSITIONS, max_target_positions=TOKENS, pad_token_id=260, bos_token_id=260,
        eos_token_id=260, decoder_start_token_id=261, dropout=0.0, tie_word_embeddings=True,
        suppress_tokens=None, begin_suppress_tokens=None)
    model = WhisperForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            scale = 0.2
            value.copy_(torch.randn_like(value) * scale + (1 if "norm.weight" in name else 0))
        for value in model.parameters():
            value.copy_(value.half().float())
        # Whoever reads the files computes these, and does not take them in half precision.
        model.model.encoder.embed_positions.weight.copy_(sinusoids(POSITIONS, WIDTH))
    return config, model


def openai_names(name):
    for a, b in [("model.", ""), ("layers", "blocks"), ("fc1", "mlp.0"), ("fc2", "mlp.2"),
                 ("final_layer_norm", "mlp_ln"), ("self_attn_layer_norm", "attn_ln"),
                 ("encoder_attn_layer_norm", "cross_attn_ln"), ("encoder_attn", "cross_attn"), ("self_attn", "attn"),
                 ("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value"), ("out_proj", "out"),
                 ("decoder.layer_norm", "decoder.ln"), ("encoder.layer_norm", "encoder.ln_post"),
                 ("embed_positions.weight", "positional_embedding"), ("embed_tokens", "token_embedding")]:
        name = name.replace(a, b)
    return name


def main(folder):
    text, tokens = tokenizer()
    config, model = network(len(tokens))
    folders = {name: os.path.join(folder, name) for name in ["openai", "transformers", "ct2", "ct2-int8", "ct2-int16"]}
    for path in folders.values():
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        with open(os.path.join(path, "tokenizer.json"), "w", encoding="utf-8") as file:
            json.dump(text, file, ensure_ascii=False)

    copy.deepcopy(model).half().save_pretrained(folders["transformers"])
    with open(os.path.join(folders["transformers"], "generation_config.json"), "w") as file:
        json.dump({"alignment_heads": ALIGNMENT, "suppress_tokens": SUPPRESS, "begin_suppress_tokens": SUPPRESS_FIRST},
                  file)

    state = {openai_names(name): value for name, value in model.state_dict().items() if name != "proj_out.weight"}
    dims = ModelDimensions(BINS, POSITIONS, WIDTH, HEADS, ENCODER, len(tokens), TOKENS, WIDTH, HEADS, DECODER)
    # The class has the inner width of its blocks fixed at four times the width.
    own = Whisper(dims).eval()
    for block in list(own.encoder.blocks) + list(own.decoder.blocks):
        block.mlp = torch.nn.Sequential(
            torch.nn.Linear(WIDTH, INNER), torch.nn.GELU(), torch.nn.Linear(INNER, WIDTH))
    own.load_state_dict(state)
    torch.save({"dims": dims.__dict__, "model_state_dict": {name: value.half() for name, value in state.items()}},
               os.path.join(folders["openai"], "small.pt"))

    golden(folder, own, model)
    for name, kind in [("ct2", "float16"), ("ct2-int8", "int8"), ("ct2-int16", "int16")]:
        spec = WhisperLoader().get_model_spec(copy.deepcopy(model))
        spec.register_vocabulary(tokens)
        spec.config.alignment_heads = ALIGNMENT
        spec.config.suppress_ids = SUPPRESS
        spec.config.suppress_ids_begin = SUPPRESS_FIRST
        spec.config.lang_ids = [262, 263]
        spec.validate()
        spec.optimize(quantization=kind)
        spec.save(folders[name])
        os.remove(os.path.join(folders[name], "vocabulary.json"))



@torch.no_grad()
def golden(folder, own, other):
    generator = torch.Generator().manual_seed(5)
    text = torch.tensor([[261, 262, 265, 269, 40, 257, 100, 3, 258, 77]])
    for frames in [2 * POSITIONS, 61, 1]:
        features = torch.randn(1, BINS, frames, generator=generator)
        encoder = own.encoder
        x = torch.nn.functional.gelu(encoder.conv1(features))
        x = torch.nn.functional.gelu(encoder.conv2(x)).permute(0, 2, 1)
        x = x + encoder.positional_embedding[: x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        encoded = encoder.ln_post(x)
        if frames == 2 * POSITIONS:
            assert torch.allclose(encoded, own.embed_audio(features), atol=1e-6)
            theirs = other.model.encoder(features).last_hidden_state
            assert torch.allclose(encoded, theirs, atol=1e-4), (encoded - theirs).abs().max()
        logits = own.logits(text, encoded)
        output = other(encoder_outputs=(encoded,), decoder_input_ids=text).logits
        assert torch.allclose(logits, output, atol=1e-3), (logits - output).abs().max()
        for name, value in [("features", features[0].T), ("encoded", encoded[0]),
                            ("log-probs", torch.log_softmax(logits[0], -1))]:
            np.save(os.path.join(folder, "%s-%d.npy" % (name, frames)), np.ascontiguousarray(value.numpy()))


if __name__ == "__main__":
    main(sys.argv[1])
