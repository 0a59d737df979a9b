"""Writes the folders that HuggingFaceFolderTest loads: tiny random models as transformers saves them, and their logits.

    OMP_NUM_THREADS=1 python model/src/test/python/checkpoints.py model/src/test/resources/checkpoint

Made with torch 2.13.0 and transformers 5.18.0.
"""

import argparse
import json
import pathlib
import shutil

import torch
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification

ROW = [1, 5, 9, 2, 30, 17, 4]


def configuration(tied, rope=None):
    return LlamaConfig(
        vocab_size=32, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=64, rms_norm_eps=1e-5, tie_word_embeddings=tied,
        rope_parameters=rope or {"rope_theta": 10000.0, "rope_type": "default"}, attn_implementation="eager")


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if parameter.dim() == 1 else 0.25 * noise)
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the model folders are written")
    folder = parser.parse_args().folder
    shutil.rmtree(folder, ignore_errors=True)
    llama3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
              "high_freq_factor": 4.0, "original_max_position_embeddings": 32}
    reward = configuration(True)
    reward.num_labels, reward.pad_token_id = 1, 0
    expected = {"row": ROW}
    for name, model, type_, size in (
            ("policy", LlamaForCausalLM(configuration(True)), torch.float32, "1GB"),
            ("sharded", LlamaForCausalLM(configuration(False, llama3)), torch.bfloat16, "4KB"),
            ("half", LlamaForCausalLM(configuration(False)), torch.float16, "1GB"),
            ("reward", LlamaForSequenceClassification(reward), torch.float32, "1GB")):
        model = randomise(model, 7).to(type_)
        model.save_pretrained(folder / name, max_shard_size=size)
        with torch.no_grad():
            # read again, because a model in 16 bits has rounded its rotary frequencies too
            read = type(model).from_pretrained(folder / name, dtype=torch.float32).eval()
            expected[name] = read(torch.tensor([ROW])).logits.flatten().tolist()
    (folder / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
