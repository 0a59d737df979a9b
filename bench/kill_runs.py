"""The runs of bench/kills: one undisturbed, then N that are disturbed at a random moment each.

  kill_runs.py ROOT WORK N SEED
"""
import glob
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT, WORK, COUNT, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
RUNS = f"{WORK}/runs"
MOST_SECONDS = 300  # a run that takes longer hangs
KINDS = ["executor kill -9", "driver kill -9", "exception in a rank", "hung rank", "disk full"]


class Run:
    """A run's folder, and the command that works on it."""

    def __init__(self, name):
        self.name, self.folder, self.log = name, f"{RUNS}/{name}", f"{WORK}/{name}.log"
        self.started = time.time()
        self.commands = 0
        open(self.log, "w").close()
        self.submit()

    def submit(self):
        self.commands += 1
        self.process = subprocess.Popen(
            [f"{ROOT}/bin/local-cluster", "submit", "--properties-file", f"{ROOT}/conf/spark/hone.conf",
             "--class", "org.hone.spark.cli.Hone", f"{ROOT}/spark-jobs/target/hone.jar",
             "sft", f"{WORK}/recipe.yaml", "-o", self.folder],
            stdout=open(self.log, "a"), stderr=subprocess.STDOUT)

    def said(self):
        return open(self.log).read()

    def checkpoint(self):
        """Step of the newest finished checkpoint."""
        states = glob.glob(f"{self.folder}/sft/checkpoints/step-*/state.json")
        return max([int(re.search(r"step-(\d+)", state).group(1)) for state in states], default=0)

    def step(self):
        """The last step that the record of the steps has; it is written every few seconds, and with each checkpoint."""
        files = sorted(glob.glob(f"{self.folder}/sft/metrics/*.jsonl"))
        return json.loads(open(files[-1]).read().splitlines()[-1])["step"] if files else 0

    def done(self):
        return os.path.exists(f"{self.folder}/sft/_done.json")

    def wait(self, condition, seconds=MOST_SECONDS):
        """Whether something came true before the command ended or the time was over."""
        end = time.time() + seconds
        while time.time() < end and not condition():
            if self.process.poll() is not None:
                return condition()
            time.sleep(0.05)
        return condition()

    def end(self):
        """Lets it end, with the same command again for as long as one fails and it gets on."""
        while True:
            if not self.wait(lambda: self.process.poll() is not None,
                             self.started + MOST_SECONDS - time.time()):
                self.process.kill()
                self.process.wait()
                raise SystemExit(f"{self.name} hangs after {MOST_SECONDS} s; see {self.log}")
            if self.process.returncode == 0 or self.commands > 4:
                return
            self.submit()

    def outcome(self):
        """All that must be the same, whatever happened."""
        stage = f"{self.folder}/sft"
        rows = [json.loads(line) for file in sorted(glob.glob(f"{stage}/metrics/*.jsonl")) for line in open(file)]
        report = json.load(open(f"{stage}/_done.json"))
        return {
            "weights": report["weights_sha256"],
            "model": hashlib.sha256(open(f"{stage}/model/model.safetensors", "rb").read()).hexdigest(),
            "steps": [(row["step"], row["loss"], row["gradient_norm"]) for row in rows],
            "files": sorted(os.listdir(stage)),
        }


def executors(run):
    """Processes of the executors that work for the command."""
    found = []
    for entry in glob.glob("/proc/[0-9]*"):
        try:
            command = open(f"{entry}/cmdline").read().split("\0")
        except OSError:
            continue
        if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in command and f"{ROOT}/" in " ".join(command):
            found.append(int(entry[len("/proc/"):]))
    return found


def disturb(run, kind, chance):
    """Does it, and returns when there is nothing more to do but to wait."""
    if kind == "driver kill -9":
        run.process.kill()
        run.process.wait()
        run.submit()
    elif kind == "executor kill -9":
        run.wait(lambda: executors(run))
        os.kill(chance.choice(sorted(executors(run))), signal.SIGKILL)
    elif kind == "hung rank":
        run.wait(lambda: executors(run))
        victim = chance.choice(sorted(executors(run)))
        os.kill(victim, signal.SIGSTOP)
        run.wait(lambda: not os.path.exists(f"/proc/{victim}"), chance.uniform(12, 45))
        if os.path.exists(f"/proc/{victim}"):
            os.kill(victim, signal.SIGCONT)
    elif kind == "exception in a rank":
        lost = run.said().count("Lost task")
        os.rename(f"{WORK}/shards", f"{WORK}/shards.away")
        run.wait(lambda: run.said().count("Lost task") > lost, 30)
        os.rename(f"{WORK}/shards.away", f"{WORK}/shards")
    else:
        with open(f"{RUNS}/fill", "wb", buffering=0) as fill:
            try:
                while True:
                    fill.write(bytes(1 << 16))
            except OSError:
                pass
        run.wait(lambda: run.process.poll() is not None)
        os.remove(f"{RUNS}/fill")


def disturbed(number, kind, chance, expected, usual):
    """One kill in five is while the run starts, the others wait for a step and some time more."""
    run = Run(f"{number:02d}-{kind.split()[0]}")
    starting = chance.random() < 0.2
    moment = chance.uniform(4, usual / 3)
    least = chance.randrange(1, len(expected["steps"]) - 10)
    delay = chance.uniform(0, 1.5)
    run.wait(lambda: time.time() - run.started > moment if starting else run.step() >= least)
    time.sleep(0 if starting else delay)
    if run.done() or run.process.poll() is not None:
        run.end()
        shutil.rmtree(run.folder)
        return None
    step, told, began = run.checkpoint(), run.step(), time.time()
    moment = began - run.started
    disturb(run, kind, chance)
    last = run.checkpoint()  # executors outlive their driver for a moment, and may have finished another
    while not (run.wait(lambda: run.checkpoint() > last or run.done()) or run.commands > 4):
        run.process.wait()
        run.submit()
    went_on = time.time() - began
    run.end()
    found = run.outcome() if run.done() else {}
    different = [key for key in expected if found.get(key) != expected[key]]
    full = kind != "disk full" or "No space left on device" in run.said()
    print(f"{number:2d}  {kind:20s} at {moment:5.1f} s, step {told:3d}, checkpoint {step:3d}: on after {went_on:5.1f} s, "
          f"{run.commands} command{'s' if run.commands > 1 else ' '}, {time.time() - run.started:5.1f} s in all, "
          + (f"DIFFERENT {', '.join(different)}" if different else "weights equal")
          + ("" if full else ", AND NOTHING SAID"), flush=True)
    shutil.rmtree(run.folder, ignore_errors=True)
    return not different and full


def main():
    calm = Run("undisturbed")
    calm.end()
    usual = time.time() - calm.started
    expected = calm.outcome()
    assert [step for step, _, _ in expected["steps"]] == list(range(1, len(expected["steps"]) + 1))
    print(f"    undisturbed: {len(expected['steps'])} steps, {usual:.1f} s, weights {expected['weights'][:12]}", flush=True)
    shutil.rmtree(calm.folder)
    chance = random.Random(SEED)
    kinds = [KINDS[i % len(KINDS)] for i in range(COUNT)]
    chance.shuffle(kinds)
    right = 0
    for number, kind in enumerate(kinds, 1):
        outcome = None
        while outcome is None:  # it had ended before the moment came
            outcome = disturbed(number, kind, chance, expected, usual)
        right += outcome
    print(f"{right} of {COUNT} ended with the weights of the undisturbed run")
    sys.exit(right != COUNT)


main()
