#!/usr/bin/env python3
"""Writes ctc-golden.json: losses and gradients of torch.nn.functional.ctc_loss (double precision) for CtcLossTest,
and adamw-golden.json: weights after updates of torch.optim.AdamW with clipping for AdamWTest.
Needs Debian's python3-torch. Run from anywhere."""
import json
import pathlib
import random

import torch

OUT = pathlib.Path(__file__).parent.parent / "resources/org/omniscribe/export/train"


def ctc():
    random.seed(7)
    torch.manual_seed(7)
    cases = []
    for steps, tokens, targets in [
        (6, 4, [[1, 2, 3], [1, 1], []]),
        (9, 5, [[1, 1, 1, 2], [4, 3, 4, 3, 4], [2]]),
        (12, 3, [[1, 2] * 5, [1] * 6, [2, 2, 1]]),
        (40, 29, [[random.randrange(1, 29) for _ in range(n)] for n in (30, 11, 1, 0)]),
        (3, 4, [[1, 1, 1], [1, 2, 3, 1], [2, 2]]),
    ]:
        lengths = [max(1, steps - random.randrange(0, 3)) if len(t) < steps - 4 else steps for t in targets]
        x = (torch.randn(len(targets), steps, tokens, dtype=torch.float64) * 3).log_softmax(-1)
        x = x.float().double().requires_grad_()
        loss = torch.nn.functional.ctc_loss(
            x.transpose(0, 1),
            torch.tensor([t for row in targets for t in row], dtype=torch.long),
            torch.tensor(lengths),
            torch.tensor([len(t) for t in targets]),
            blank=0,
            reduction="none",
            zero_infinity=True,
        )
        # torch's ctc_loss backward assumes log_softmax below it and returns exp(x) - occupancy; taking it through
        # log_softmax gives the gradient by logits, which is what both sides are compared on.
        logits = x.detach().clone().requires_grad_()
        total = torch.nn.functional.ctc_loss(
            logits.log_softmax(-1).transpose(0, 1),
            torch.tensor([t for row in targets for t in row], dtype=torch.long),
            torch.tensor(lengths),
            torch.tensor([len(t) for t in targets]),
            blank=0,
            reduction="sum",
            zero_infinity=True,
        )
        total.backward()
        cases.append(
            {
                "steps": steps,
                "tokens": tokens,
                "lengths": lengths,
                "targets": targets,
                "logProbs": [float("%.9g" % v) for v in x.flatten().tolist()],
                "loss": loss.tolist(),
                "logitGradient": [float("%.7g" % v) for v in logits.grad.flatten().tolist()],
            }
        )
    (OUT / "ctc-golden.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")


def adamw():
    torch.manual_seed(3)
    w = torch.randn(3, 4)
    b = torch.randn(4)
    params = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    optimizer = torch.optim.AdamW(
        [{"params": params[:1], "weight_decay": 0.1}, {"params": params[1:], "weight_decay": 0.0}],
        lr=0.05,
        betas=(0.9, 0.98),
        eps=1e-8,
    )
    x = torch.randn(5, 3)
    losses, norms = [], []
    for _ in range(6):
        optimizer.zero_grad()
        loss = ((x @ params[0] + params[1]) ** 2).sum()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(params, 1.0)))
        optimizer.step()
        losses.append(loss.item())
    golden = {
        "torch": torch.__version__,
        "x": x.flatten().tolist(),
        "weight": w.flatten().tolist(),
        "bias": b.tolist(),
        "losses": losses,
        "norms": norms,
        "weightAfter": params[0].flatten().tolist(),
        "biasAfter": params[1].tolist(),
    }
    (OUT / "adamw-golden.json").write_text(json.dumps(golden) + "\n")


ctc()
adamw()
