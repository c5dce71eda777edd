"""Makes src/test/resources/org/omniscribe/asr/model/tone.onnx: a network that can be checked by ear.

It has the inputs and outputs of a bundle's network and "hears" pure tones: each token has a frequency, and a step's
score of a token is the mean log energy of the mel bin around that frequency over the step's four frames; the blank's
score is constant. Two routers tell steps with sound from steps without: layer 0 sends sound to expert 1, layer 1 to
expert 0. Features are those of FeatureSpec.standard() without normalisation.

Needs the Python package onnx. Run from asr-core: python3 src/test/scripts/make_tone_model.py
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FREQUENCIES = [300, 600, 1000, 1500, 2100, 2900, 4000, 5500]  # of the tokens after the blank
BINS, STACK, FMIN, FMAX = 80, 4, 20.0, 7600.0
BLANK_SCORE, ROUTER_OFFSET = 1.0, 21.0


def mel(f):
    return 2595.0 * np.log10(1.0 + f / 700.0)


centres = np.linspace(mel(FMIN), mel(FMAX), BINS + 2)[1:-1]
bins = [int(np.argmin(np.abs(centres - mel(f)))) for f in FREQUENCIES]

tokens = len(FREQUENCIES) + 1
head = np.zeros((STACK * BINS, tokens), np.float32)
bias = np.zeros(tokens, np.float32)
bias[0] = BLANK_SCORE
router = np.zeros((2, STACK * BINS, 2), np.float32)
router_bias = np.zeros((2, 1, 1, 2), np.float32)
for frame in range(STACK):
    for token, b in enumerate(bins, start=1):
        head[frame * BINS + b, token] = 1.0 / STACK
        for layer in range(2):
            router[layer, frame * BINS + b, 1 - layer] = 1.0 / (STACK * len(bins))
for layer in range(2):
    router_bias[layer, 0, 0, 1 - layer] = ROUTER_OFFSET


def const(name, value, dtype):
    return numpy_helper.from_array(np.asarray(value, dtype), name)


initializers = [
    const("head", head, np.float32),
    const("bias", bias, np.float32),
    const("router", router[:, None], np.float32),
    const("router_bias", router_bias, np.float32),
    const("zero", 0, np.int64),
    const("one", 1, np.int64),
    const("stack", STACK, np.int64),
    const("stack_less_one", STACK - 1, np.int64),
    const("pad_before", [0, 0, 0, 0], np.int64),
    const("pad_last", [0], np.int64),
    const("frame_axis", [1], np.int64),
    const("stacked", [0, -1, STACK * BINS], np.int64),
    const("layer_axis", [0], np.int64),
    const("step_axis", [1], np.int64),
    const("nobody", -1, np.int32),
    const("nothing", 0.0, np.float32),
]
n = helper.make_node
nodes = [
    # frames to a multiple of STACK: pads = [0, 0, 0, 0, (-F) mod STACK, 0]
    n("Shape", ["features"], ["shape"]),
    n("Gather", ["shape", "frame_axis"], ["frames"]),
    n("Neg", ["frames"], ["minus_frames"]),
    n("Mod", ["minus_frames", "stack"], ["missing"]),
    n("Concat", ["pad_before", "missing", "pad_last"], ["pads"], axis=0),
    n("Pad", ["features", "pads", "nothing"], ["padded"]),
    n("Reshape", ["padded", "stacked"], ["steps"]),
    n("MatMul", ["steps", "head"], ["scores"]),
    n("Add", ["scores", "bias"], ["logits"]),
    n("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
    n("Add", ["lengths", "stack_less_one"], ["lengths_up"]),
    n("Div", ["lengths_up", "stack"], ["output_lengths"]),
    # a step is real when its index is below its row's output length
    n("Shape", ["steps"], ["steps_shape"]),
    n("Gather", ["steps_shape", "one"], ["step_count"]),
    n("Range", ["zero", "step_count", "one"], ["step_index"]),
    n("Unsqueeze", ["output_lengths", "step_axis"], ["limits"]),
    n("Less", ["step_index", "limits"], ["real"]),
    # [L,B,T,E]
    n("Unsqueeze", ["steps", "layer_axis"], ["steps_layers"]),
    n("MatMul", ["steps_layers", "router"], ["routed"]),
    n("Add", ["routed", "router_bias"], ["router_logits"]),
    n("Softmax", ["router_logits"], ["router_probs"], axis=-1),
    n("ArgMax", ["router_probs"], ["chosen"], axis=-1, keepdims=0),
    n("Cast", ["chosen"], ["chosen32"], to=TensorProto.INT32),
    n("Where", ["real", "chosen32", "nobody"], ["expert_index"]),
    n("ReduceMax", ["router_probs"], ["top"], axes=[-1], keepdims=0),
    n("Where", ["real", "top", "nothing"], ["expert_prob"]),
]
value = helper.make_tensor_value_info
graph = helper.make_graph(
    nodes,
    "tone",
    [value("features", TensorProto.FLOAT, ["B", "F", BINS]), value("lengths", TensorProto.INT64, ["B"])],
    [
        value("log_probs", TensorProto.FLOAT, ["B", "T", tokens]),
        value("output_lengths", TensorProto.INT64, ["B"]),
        value("expert_index", TensorProto.INT32, [2, "B", "T"]),
        value("expert_prob", TensorProto.FLOAT, [2, "B", "T"]),
    ],
    initializers,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "src/test/resources/org/omniscribe/asr/model/tone.onnx")
print("bins", bins, "bytes", model.ByteSize())
