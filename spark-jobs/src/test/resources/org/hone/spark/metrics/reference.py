"""Records of an event file as TensorBoard itself writes them: python reference.py > reference.json (tensorboard 2.21.0)."""

import io
import json

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


class Kept(io.BytesIO):
    def flush(self):
        pass


def record(event):
    file = Kept()
    RecordWriter(file).write(event.SerializeToString())
    return file.getvalue().hex()


def scalars(wall_time, step, values):
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
    return {
        "wall_time": wall_time,
        "step": step,
        "values": values,
        "record": record(Event(wall_time=wall_time, step=step, summary=summary)),
    }


print(
    json.dumps(
        {
            "version": {
                "wall_time": 1795259000.25,
                "record": record(Event(wall_time=1795259000.25, file_version="brain.Event:2")),
            },
            "start": {
                "wall_time": 1795259001.5,
                "step": 301,
                "record": record(
                    Event(wall_time=1795259001.5, step=301, session_log=SessionLog(status=SessionLog.START))
                ),
            },
            "scalars": [
                scalars(1795259002.125, 1, {"train/loss": 0.6931471805599453}),
                scalars(
                    1795259003.0,
                    5_000_000_000,
                    {"train/loss": 1e-30, "a tag of more than a hundred and twenty-seven bytes, "
                     + "so that its length takes two bytes " + "é" * 40: -3.5, "speed/tokens_per_second": 123456.7},
                ),
            ],
        },
        indent=1,
        ensure_ascii=True,
    )
)
