"""Writes reference.json: what Keras's own callbacks do with given logs.

    python3 make_reference.py <folder with Keras's sources, the one that holds keras/> > reference.json

Keras itself need not be installed: the files of the callbacks are loaded one by one, with small stand-ins for
the modules they import, and are driven as Model.fit drives them. No value is nan here: there Gradus differs.
"""

import importlib.util
import io
import json
import operator
import os
import random
import sys
import tempfile
import types

SOURCES = sys.argv[1]
printed = io.StringIO()


class Clock:
    now = 0.0


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


def stand_ins():
    def print_msg(message, line_break=True):
        printed.write(message + ("\n" if line_break else ""))

    class Callback:
        model = None
        params = None

    def no_export(_):
        return lambda cls: cls

    module("keras")
    src = module("keras.src")
    module("keras.src.api_export", keras_export=no_export)
    src.ops = module("keras.src.ops", less=operator.lt, greater=operator.gt)
    src.backend = module("keras.src.backend", convert_to_numpy=lambda x: x, is_tensor=lambda x: False)
    module("keras.src.trainers")
    compile_utils = module("keras.src.trainers.compile_utils")
    compile_utils.CompileMetrics = compile_utils.MetricsList = type("None", (), {})
    sys.modules["keras.src.trainers"].compile_utils = compile_utils
    utils = module("keras.src.utils")
    utils.io_utils = module("keras.src.utils.io_utils", print_msg=print_msg)
    utils.file_utils = module(
        "keras.src.utils.file_utils",
        path_to_string=str,
        exists=os.path.exists,
        makedirs=os.makedirs,
        File=open,
    )
    module("keras.src.callbacks")
    module("keras.src.callbacks.callback", Callback=Callback)


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(SOURCES, path))
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def keras_callback(file, cls):
    name = "keras.src.callbacks." + file
    return getattr(load("keras/src/callbacks/" + file + ".py", name), cls)


class Optimizer:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate


class Model:
    def __init__(self, learning_rate=0.5):
        self.optimizer = Optimizer(learning_rate)
        self.stop_training = False
        self.epoch = -1  # stands for the weights
        self.saved = []

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.epoch = weights

    def save(self, path, overwrite):
        self.saved.append(path)


def fit(callback, logs_of_epochs, model):
    """Drives a callback as fit does; returns the epochs made."""
    callback.model = model
    callback.params = {"epochs": len(logs_of_epochs)}
    hooks = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")
    begin, epoch_begin, epoch_end, end = (getattr(callback, h, lambda *_: None) for h in hooks)
    begin()
    epochs = 0
    for epoch, logs in enumerate(logs_of_epochs):
        epoch_begin(epoch)
        model.epoch = epoch
        epochs += 1
        epoch_end(epoch, logs)
        if model.stop_training:
            break
    end()
    return epochs


def take_printed():
    text = printed.getvalue()
    printed.truncate(0)
    printed.seek(0)
    return text


def curves(rng, count):
    """Curves that fall, rise and rest, with values that repeat."""
    for _ in range(count):
        value, curve = 5.0, []
        for _ in range(rng.randint(6, 14)):
            value = max(0.25, value + rng.choice([-1.0, -0.5, -0.25, -0.125, 0.0, 0.0, 0.25, 0.5]))
            curve.append(value)
        yield curve


def early_stopping(rng):
    cls = keras_callback("early_stopping", "EarlyStopping")
    cases = []
    for curve in curves(rng, 40):
        options = dict(
            mode=rng.choice(["min", "max"]),
            min_delta=rng.choice([0, 0, 0.25, -0.25]),
            patience=rng.choice([0, 1, 2, 3]),
            baseline=rng.choice([None, None, 3.0, 4.75]),
            restore_best_weights=rng.choice([True, False]),
            start_from_epoch=rng.choice([0, 0, 2]),
        )
        callback, model = cls(monitor="m", verbose=1, **options), Model()
        epochs = fit(callback, [{"m": v} for v in curve], model)
        cases.append(
            dict(
                options, curve=curve, epochs=epochs, stopped_epoch=callback.stopped_epoch, wait=callback.wait,
                best=callback.best, weights_of=model.epoch, printed=take_printed(),
            )
        )
    return cases


def reduce_lr(rng):
    cls = keras_callback("reduce_lr_on_plateau", "ReduceLROnPlateau")
    cases = []
    for curve in curves(rng, 40):
        options = dict(
            mode=rng.choice(["min", "max"]),
            factor=rng.choice([0.1, 0.5, 0.0]),
            patience=rng.choice([0, 1, 2]),
            min_delta=rng.choice([1e-4, 0.25]),
            cooldown=rng.choice([0, 1, 3]),
            min_lr=rng.choice([0.0, 0.1]),
        )
        callback, model = cls(monitor="m", verbose=1, **options), Model()
        logs = [{"m": v} for v in curve]
        fit(callback, logs, model)
        cases.append(
            dict(
                options, curve=curve, rates=[e["learning_rate"] for e in logs],
                last_rate=model.optimizer.learning_rate, printed=take_printed(),
            )
        )
    return cases


def scheduler():
    cls = keras_callback("learning_rate_scheduler", "LearningRateScheduler")
    model, logs = Model(0.5), [{"loss": 1.0} for _ in range(6)]
    fit(cls(lambda epoch, rate: rate if epoch < 2 else rate * 0.75, verbose=1), logs, model)
    return dict(rates=[e["learning_rate"] for e in logs], printed=take_printed())


def checkpoint(rng):
    cls = keras_callback("model_checkpoint", "ModelCheckpoint")
    cases = []
    for curve in curves(rng, 16):
        options = dict(
            mode=rng.choice(["min", "max"]),
            save_best_only=rng.choice([True, True, False]),
            initial_value_threshold=rng.choice([None, 3.0]),
        )
        pattern = rng.choice(["a", "{epoch:02d}-{m:.2f}", "{epoch}_{m:08.3f}", "{m:e}", "{{}}{epoch:<3d}{m:+g}"])
        callback, model = cls(pattern + ".keras", monitor="m", verbose=1, **options), Model()
        fit(callback, [{"m": v} for v in curve], model)
        cases.append(
            dict(
                options, curve=curve, pattern=pattern + ".npz",
                saved=[p.replace(".keras", ".npz") for p in model.saved], best=callback.best,
                printed=take_printed().replace(".keras", ".npz"),
            )
        )
    return cases


def csv_logger():
    cls = keras_callback("csv_logger", "CSVLogger")
    runs = [
        [{"loss": 0.1, "accuracy": 1 / 3}, {"loss": 1e-5, "accuracy": 1.0}],
        [{"loss": 2.0, "val_loss": 1e20}, {"loss": 123456.789}],
    ]
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for number, logs in enumerate(runs):
            for separator in (",", ";"):
                path = os.path.join(folder, f"{number}{ord(separator)}.csv")
                fit(cls(path, separator=separator), logs, Model())
                fit(cls(path, separator=separator, append=True), logs, Model())
                with open(path, newline="") as file:
                    cases.append(dict(logs=logs, separator=separator, text=file.read().replace("\r\n", "\n")))
    return cases


def progbar(rng):
    loaded = load("keras/src/utils/progbar.py", "keras.src.utils.progbar")
    loaded.time = types.SimpleNamespace(time=lambda: Clock.now)
    cases = []
    for _ in range(60):
        target = rng.choice([1, 2, 7, 10, 100, 800, 12345, None])
        options = dict(
            width=rng.choice([20, 20, 7, 0]),
            verbose=rng.choice([0, 1, 1, 1, 2]) if target else 1,
            interval=rng.choice([0.05, 0.05, 2.0]),
            unit_name=rng.choice(["step", "sample"]),
        )
        options.update(rng.choice([{}, {"stateful_metrics": ["loss"]}, {"stateless_metrics": ["loss"]}]))
        Clock.now = 1e6
        bar = loaded.Progbar(target, **options)
        steps = rng.randint(1, 6)
        speed = rng.choice([3e-6, 3e-4, 0.02, 0.7, 4.0, 900.0])
        updates, current, end = [], 0, target or 9
        for step in range(steps):
            Clock.now += speed * rng.uniform(0.5, 1.5)
            last = step == steps - 1
            current = end if last else min(end, current + rng.choice([1, 1, 1, 3, max(1, end // 5)]))
            values = [["loss", rng.choice([0.17041, 1234.5, 5e-4, 0.0, 1e-3, 12.0]) * rng.uniform(0.1, 3)]]
            if rng.random() < 0.7:
                values.insert(0, ["accuracy", rng.random()])
            if last:
                values.append(["val_loss", rng.random()])
            finalize = True if last else None
            bar.update(current, [tuple(v) for v in values], finalize=finalize)
            updates.append(dict(current=current, values=values, finalize=finalize, at=Clock.now))
        cases.append(dict(target=target, options=options, start=1e6, updates=updates, output=take_printed()))
    return cases


def main():
    stand_ins()
    load("keras/src/callbacks/monitor_callback.py", "keras.src.callbacks.monitor_callback")
    rng = random.Random(20)
    reference = dict(
        early_stopping=early_stopping(rng),
        reduce_lr=reduce_lr(rng),
        scheduler=scheduler(),
        checkpoint=checkpoint(rng),
        csv_logger=csv_logger(),
        progbar=progbar(rng),
    )
    json.dump(reference, sys.stdout, separators=(",", ":"), ensure_ascii=False)
    sys.stdout.write("\n")


main()
