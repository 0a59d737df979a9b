"""Writes the reference numbers that ParityTest compares Hone's Llama with: tiny random models of Hugging Face
transformers, their logits, losses, all gradients, ten AdamW steps, greedy tokens and rewards.

    OMP_NUM_THREADS=1 python model/src/test/python/parity.py model/src/test/resources/parity

Made with torch 2.13.0 and transformers 5.18.0. Arrays are base64 of little-endian float32.
"""

import argparse
import base64
import json
import pathlib

import torch
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification

VOCABULARY, LAYERS, HEADS, HEAD_SIZE = 64, 2, 4, 8


def array(tensor):
    data = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
    return {"shape": list(tensor.shape), "data": base64.b64encode(data).decode("ascii")}


def arrays(named):
    return {name: array(tensor) for name, tensor in named}


def configuration(key_value_heads, tied, rope=None, context=64):
    return LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=key_value_heads, head_dim=HEAD_SIZE,
        max_position_embeddings=context, rms_norm_eps=1e-5, tie_word_embeddings=tied, pad_token_id=0,
        rope_parameters={"rope_theta": 10000.0, "rope_type": "default"} if rope is None else rope,
        attn_implementation="eager")


def as_json(config):
    return {key: getattr(config, key) for key in (
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "head_dim", "max_position_embeddings", "rms_norm_eps", "tie_word_embeddings",
        "rope_parameters")}


def randomise(model, seed):
    """Larger than a trained model's first weights, so that attention is far from uniform."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if parameter.dim() == 1 else 0.25 * noise)
    return model.eval()


def rows(lengths, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(1, VOCABULARY, (length,), generator=generator).tolist() for length in lengths]


def padded(batch):
    longest = max(map(len, batch))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in batch])
    attended = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in batch])
    return ids, attended


def greedy(model, prompt, count):
    with torch.no_grad():
        out = model.generate(torch.tensor([prompt]), max_new_tokens=count, do_sample=False, eos_token_id=None,
                             attention_mask=torch.ones(1, len(prompt), dtype=torch.long))
    return out[0, len(prompt):].tolist()


def language_model(name, key_value_heads, tied, seed):
    config = configuration(key_value_heads, tied)
    model = randomise(LlamaForCausalLM(config), seed)
    batch = rows((12, 9, 5), seed + 1)
    trained = [[0] * 3 + [1] * (len(row) - 3) for row in batch]
    ids, attended = padded(batch)
    labels = torch.full_like(ids, -100)
    for i, mask in enumerate(trained):
        for t, wanted in enumerate(mask):
            if wanted:
                labels[i, t] = ids[i, t]
    out = {"config": as_json(config), "weights": arrays(model.named_parameters()), "rows": batch, "trained": trained}
    result = model(ids, attention_mask=attended, labels=labels)
    result.loss.backward()
    out["logits"] = [array(result.logits[i, :len(row)]) for i, row in enumerate(batch)]
    out["loss"] = result.loss.item()
    out["gradients"] = arrays((n, p.grad) for n, p in model.named_parameters())
    prompt = rows((5,), seed + 2)[0]
    out["prompt"], out["greedy"] = prompt, greedy(model, prompt, 24)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    settings = {"lr": 1e-3, "betas": [0.9, 0.95], "eps": 1e-5, "weight_decay": 0.1, "clip": 1.0, "steps": 10}
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": settings["weight_decay"]}, {"params": vectors, "weight_decay": 0.0}],
        lr=settings["lr"], betas=tuple(settings["betas"]), eps=settings["eps"])
    losses, norms = [], []
    for _ in range(settings["steps"]):
        optimiser.zero_grad()
        loss = model(ids, attention_mask=attended, labels=labels).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), settings["clip"]).item())
        optimiser.step()
        losses.append(loss.item())
    out["training"] = {**settings, "losses": losses, "norms": norms, "weights": arrays(model.named_parameters())}
    return name, out


def rope(seed):
    """One set of weights under every variant, on a row longer than the original context."""
    variants = {
        "none": (None, 64, 80),
        "linear": ({"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}, 16, 40),
        "dynamic": ({"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}, 16, 40),
        "dynamic-within-context": ({"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}, 16, 16),
        # the four wavelengths of D = 8 are 6, 63, 628 and 6283: one kept, one blended, two divided
        "llama3": ({"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                    "high_freq_factor": 4.0, "original_max_position_embeddings": 64}, 512, 80),
    }
    out = {}
    for name, (parameters, context, length) in variants.items():
        config = configuration(2, True, parameters, context)
        model = randomise(LlamaForCausalLM(config), seed)
        row = rows((length,), seed + 1)[0]
        out.setdefault("weights", arrays(model.named_parameters()))
        with torch.no_grad():
            logits = model(torch.tensor([row])).logits[0]
        fresh = randomise(LlamaForCausalLM(config), seed)  # transformers remembers the longest row that it has seen
        out[name] = {"config": as_json(config), "row": row, "logits": array(logits),
                     "greedy": greedy(fresh, row[:10], 20)}
    return "rope", out


def reward_model(seed):
    config = configuration(2, True)
    config.num_labels = 1
    model = randomise(LlamaForSequenceClassification(config), seed)
    batch = rows((12, 7, 9, 4), seed + 1)  # chosen, chosen, rejected, rejected
    margins = [1.0, 1.0 / 3.0]
    ids, attended = padded(batch)
    rewards = model(ids, attention_mask=attended).logits[:, 0]
    loss = -torch.nn.functional.logsigmoid(rewards[:2] - rewards[2:] - torch.tensor(margins)).sum()
    loss.backward()
    return "reward", {
        "config": as_json(config), "weights": arrays(model.named_parameters()), "rows": batch, "margins": margins,
        "rewards": array(rewards), "loss": loss.item(), "gradients": arrays((n, p.grad) for n, p in model.named_parameters())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the JSON files are written")
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    made = [language_model("mha", 4, False, 100), language_model("gqa", 2, True, 200),
            language_model("mqa", 1, False, 300), rope(400), reward_model(500)]
    for name, content in made:
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
