"""Writes the adapters that AdapterFolderTest loads: peft's own files beside the models of checkpoints.py, and their outputs.

    OMP_NUM_THREADS=1 python model/src/test/python/adapters.py model/src/test/resources/checkpoint model/src/test/resources/adapters

Made with torch 2.13.0, transformers 5.18.0 and peft 0.21.0.
"""

import argparse
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaForCausalLM, LlamaForSequenceClassification

from checkpoints import ROW


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=pathlib.Path, help="the folders that checkpoints.py wrote")
    parser.add_argument("folder", type=pathlib.Path, help="where the adapters are written")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    expected = {}
    for name, type_, task, targets in (
            ("policy", LlamaForCausalLM, "CAUSAL_LM",
             ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
            ("reward", LlamaForSequenceClassification, "SEQ_CLS", ["q_proj", "v_proj"])):
        base = type_.from_pretrained(arguments.models / name, dtype=torch.float32)
        base.name_or_path = "../checkpoint/" + name
        base.config.name_or_path = base.name_or_path
        model = get_peft_model(base, LoraConfig(r=3, lora_alpha=6, target_modules=targets, task_type=task))
        generator = torch.Generator().manual_seed(5)
        with torch.no_grad():
            for _, parameter in sorted(model.named_parameters()):
                if parameter.requires_grad:
                    parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
        model.save_pretrained(arguments.folder / name)
        (arguments.folder / name / "README.md").unlink(missing_ok=True)
        with torch.no_grad():
            expected[name] = model.eval()(torch.tensor([ROW])).logits.flatten().tolist()
    (arguments.folder / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
