#!/usr/bin/env python3
"""Writes reference.txt: trajectories of optimizers and values of schedules by Keras 3's rules, in NumPy's float64.

Run by hand; the tests read the file. The rules are transcribed from keras/src/optimizers (base_optimizer.py, a file for
each optimizer, schedules/learning_rate_schedule.py). Each case is a line "case <name>", then lines of a word and
numbers: "a" and "b", the two parameters after each of 20 steps, one after the other; "rates", the learning rate that
each step saw; "iterations" after the last; and one "state" line for each of Keras's optimizer variables, in its order,
at the end. Numbers are hexadecimal. The gradients are those of a badly scaled quadratic of a, and of Rosenbrock's
function of b. "schedule <name>" lines hold the values of a schedule at the steps of STEPS.
"""

import pathlib

import numpy as np

COUNT = 20
A = np.array([1.5, -2.0, 0.25, 0.0, 3.0, -0.125, 1e-3])
SCALE = np.array([1.0, 0.1, 10.0, 2.0, 0.5, 1e-3, 100.0])
B = np.array([-1.2, 1.0])
STEPS = list(range(13)) + [19, 20, 21, 29, 30, 31, 39, 40, 41, 60, 70, 71, 99, 100, 101, 150, 1000, 123456]
LINES = []


def gradients(a, b):
    x, y = b
    return [SCALE * a - 0.5, np.array([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)])]


class Base:
    """base_optimizer.py; variables are arrays changed in place, by name."""

    def __init__(self, learning_rate, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None,
                 use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, excluded=()):
        self.__dict__.update({k: v for k, v in locals().items() if k != "self"})
        self._iterations = 0
        self.variables = []

    @property
    def iterations(self):
        n = self.gradient_accumulation_steps
        return self._iterations // n if n else self._iterations

    def rate(self):
        return self.learning_rate(self._iterations) if callable(self.learning_rate) else self.learning_rate

    def add(self, names, initial=0.0):
        lists = [[] for _ in names]
        for w in self.weights:
            for one in lists:
                one.append(np.full_like(w, initial))
                self.variables.append(one[-1])
        return lists if len(lists) > 1 else lists[0]

    def build(self, weights, names):
        self.weights, self.names = weights, names
        if self.use_ema:
            self.averages = self.add(["average"])
        if self.gradient_accumulation_steps:
            self.accumulated = self.add(["gradient_accumulator"])
        self.make_variables()

    def make_variables(self):
        pass

    def clip(self, grads):
        if self.clipnorm:
            return [g * self.clipnorm / max(np.sqrt(np.sum(g * g)), self.clipnorm) for g in grads]
        if self.global_clipnorm:
            norm = np.sqrt(sum(np.sum(g * g) for g in grads))
            return [g * (self.global_clipnorm * min(1 / norm, 1 / self.global_clipnorm)) for g in grads]
        if self.clipvalue:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in grads]
        return grads

    def decay(self, places):
        if self.weight_decay is None:
            return
        for i in places:
            if self.names[i] not in self.excluded:
                self.weights[i][:] = self.weights[i] - self.weights[i] * self.weight_decay * self.rate()

    def before_steps(self):
        pass

    def step_all(self, grads, places):
        grads = self.clip(grads)
        self.decay(places)
        self.before_steps()
        for g, i in zip(grads, places):
            self.update_step(g, i, self.rate())

    def apply(self, grads):
        places = [i for i, g in enumerate(grads) if g is not None]
        grads = [grads[i] for i in places]
        if self.loss_scale_factor is not None:
            grads = [g / self.loss_scale_factor for g in grads]
        n = self.gradient_accumulation_steps
        if not n:
            self.step_all(grads, places)
        elif (self._iterations + 1) % n == 0:
            self.step_all([(g + self.accumulated[i]) / n for g, i in zip(grads, places)], places)
            for sum_ in self.accumulated:
                sum_[:] = 0
        else:
            for g, i in zip(grads, places):
                self.accumulated[i][:] = g + self.accumulated[i]
        if self.use_ema:
            for w, average in zip(self.weights, self.averages):
                momentum = (self.iterations != 0) * self.ema_momentum
                average[:] = momentum * average + (1 - momentum) * w
            if self.ema_overwrite_frequency and (self.iterations + 1) % self.ema_overwrite_frequency == 0:
                for w, average in zip(self.weights, self.averages):
                    w[:] = average
        self._iterations += 1


class SGD(Base):
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **common):
        super().__init__(learning_rate, **common)
        self.momentum, self.nesterov = momentum, nesterov

    def make_variables(self):
        if self.momentum != 0:
            self.momentums = self.add(["momentum"])

    def update_step(self, g, i, lr):
        w = self.weights[i]
        if self.momentum == 0:
            w -= g * lr
            return
        m = self.momentums[i]
        m[:] = m * self.momentum - g * lr
        w += m * self.momentum - g * lr if self.nesterov else m


class Adam(Base):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, **common):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad

    def make_variables(self):
        self.m, self.v = self.add(["momentum", "velocity"])
        if self.amsgrad:
            self.v_hat = self.add(["velocity_hat"])

    def update_step(self, g, i, lr):
        t, m, v = self.iterations + 1, self.m[i], self.v[i]
        alpha = lr * np.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        m += (g - m) * (1 - self.beta_1)
        v += (g**2 - v) * (1 - self.beta_2)
        if self.amsgrad:
            self.v_hat[i][:] = np.maximum(self.v_hat[i], v)
            v = self.v_hat[i]
        self.weights[i] -= (m * alpha) / (np.sqrt(v) + self.epsilon)


class AdamW(Adam):
    def __init__(self, learning_rate=0.001, weight_decay=0.004, **rest):
        super().__init__(learning_rate, weight_decay=weight_decay, **rest)


class Adamax(Base):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **common):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def make_variables(self):
        self.m, self.u = self.add(["momentum", "norm"])

    def update_step(self, g, i, lr):
        m, u = self.m[i], self.u[i]
        m += (g - m) * (1 - self.beta_1)
        u[:] = np.maximum(self.beta_2 * u, np.abs(g))
        self.weights[i] -= (lr * m) / ((1 - self.beta_1 ** (self.iterations + 1)) * (u + self.epsilon))


class Nadam(Base):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **common):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def make_variables(self):
        self.m, self.v = self.add(["momentum", "velocity"])
        self.u_product = np.ones(1)
        self.variables.append(self.u_product)

    def before_steps(self):
        self.u_product *= self.beta_1 * (1.0 - 0.5 * np.power(0.96, self.iterations + 1))

    def update_step(self, g, i, lr):
        m, v, t = self.m[i], self.v[i], self.iterations + 1
        u_t = self.beta_1 * (1.0 - 0.5 * np.power(0.96, t))
        u_t_1 = self.beta_1 * (1.0 - 0.5 * np.power(0.96, t + 1))
        u_product_t_1 = self.u_product * u_t_1
        m += (g - m) * (1 - self.beta_1)
        v += (g**2 - v) * (1 - self.beta_2)
        m_hat = u_t_1 * m / (1 - u_product_t_1) + (1 - u_t) * g / (1 - self.u_product)
        v_hat = v / (1 - self.beta_2**t)
        self.weights[i] -= (m_hat * lr) / (np.sqrt(v_hat) + self.epsilon)


class RMSprop(Base):
    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, **common):
        super().__init__(learning_rate, **common)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered

    def make_variables(self):
        self.v = self.add(["velocity"])
        if self.momentum > 0:
            self.m = self.add(["momentum"])
        if self.centered:
            self.average = self.add(["average_gradient"])

    def update_step(self, g, i, lr):
        v = self.v[i]
        v[:] = self.rho * v + (1 - self.rho) * g**2
        denominator = v + self.epsilon
        if self.centered:
            self.average[i][:] = self.rho * self.average[i] + (1 - self.rho) * g
            denominator = v - self.average[i] ** 2 + self.epsilon
        increment = lr * g / np.sqrt(denominator)
        if self.momentum > 0:
            self.m[i][:] = self.momentum * self.m[i] + increment
            increment = self.m[i]
        self.weights[i] -= increment


class Adagrad(Base):
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, **common):
        super().__init__(learning_rate, **common)
        self.initial, self.epsilon = initial_accumulator_value, epsilon

    def make_variables(self):
        self.accumulators = self.add(["accumulator"], self.initial)

    def update_step(self, g, i, lr):
        self.accumulators[i] += g**2
        self.weights[i] -= lr * g / np.sqrt(self.accumulators[i] + self.epsilon)


class Adadelta(Base):
    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, **common):
        super().__init__(learning_rate, **common)
        self.rho, self.epsilon = rho, epsilon

    def make_variables(self):
        self.grads, self.deltas = self.add(["accumulated_grad", "accumulated_delta_var"])

    def update_step(self, g, i, lr):
        grad, delta = self.grads[i], self.deltas[i]
        grad[:] = self.rho * grad + (1 - self.rho) * g**2
        change = -(np.sqrt(delta + self.epsilon) * g / np.sqrt(grad + self.epsilon))
        delta[:] = self.rho * delta + (1 - self.rho) * change**2
        self.weights[i] += lr * change


class Lion(Base):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99, **common):
        super().__init__(learning_rate, **common)
        self.beta_1, self.beta_2 = beta_1, beta_2

    def make_variables(self):
        self.m = self.add(["momentum"])

    def update_step(self, g, i, lr):
        m = self.m[i]
        self.weights[i] -= lr * np.sign(m * self.beta_1 + g * (1.0 - self.beta_1))
        m[:] = m * self.beta_2 + g * (1.0 - self.beta_2)


class Ftrl(Base):
    def __init__(self, learning_rate=0.001, learning_rate_power=-0.5, initial_accumulator_value=0.1, l1=0.0, l2=0.0,
                 l2_shrinkage=0.0, beta=0.0, **common):
        super().__init__(learning_rate, **common)
        self.power, self.initial, self.beta = learning_rate_power, initial_accumulator_value, beta
        self.l1, self.l2, self.l2_shrinkage = l1, l2, l2_shrinkage

    def make_variables(self):
        self.accumulators, self.linears = self.add(["accumulator", "linear"])
        for accumulator in self.accumulators:
            accumulator[:] = self.initial

    def update_step(self, g, i, lr):
        w, accum, linear = self.weights[i], self.accumulators[i], self.linears[i]
        l2_reg = self.l2 + self.beta / (2.0 * lr)
        grad_to_use = g + 2 * self.l2_shrinkage * w
        new_accum = accum + g**2
        linear += grad_to_use - (new_accum**-self.power - accum**-self.power) / lr * w
        quadratic = new_accum**-self.power / lr + 2 * l2_reg
        w[:] = (np.clip(linear, -self.l1, self.l1) - linear) / quadratic
        accum[:] = new_accum


def exponential(initial, decay_steps, decay_rate, staircase=False):
    def at(step):
        p = step / decay_steps
        return initial * np.power(decay_rate, np.floor(p) if staircase else p)

    return at


def piecewise(boundaries, values):
    def at(step):
        result = (step <= boundaries[0]) * values[0] + (step > boundaries[-1]) * values[-1]
        for low, high, value in zip(boundaries[:-1], boundaries[1:], values[1:-1]):
            result += ((step > low) & (step <= high)) * value
        return result

    return at


def polynomial(initial, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False):
    def at(step):
        steps = float(decay_steps)
        if cycle:
            steps *= 1.0 if step == 0 else np.ceil(step / decay_steps)
        else:
            step = min(step, steps)
        return (initial - end_learning_rate) * np.power(1 - step / steps, power) + end_learning_rate

    return at


def inverse_time(initial, decay_steps, decay_rate, staircase=False):
    def at(step):
        p = step / decay_steps
        return initial / (1 + decay_rate * (np.floor(p) if staircase else p))

    return at


def cosine(initial, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0):
    def decayed(step, start):
        return start * ((1 - alpha) * 0.5 * (1.0 + np.cos(np.pi * (step / decay_steps))) + alpha)

    def at(step):
        if warmup_target is None:
            return decayed(min(step, decay_steps), initial)
        step = min(step, decay_steps + warmup_steps)
        if step < warmup_steps:
            return (warmup_target - initial) * (step / warmup_steps) + initial
        return decayed(step - warmup_steps, warmup_target)

    return at


def cosine_restarts(initial, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
    def at(step):
        fraction = step / first_decay_steps
        if t_mul == 1.0:
            restart = np.floor(fraction)
            fraction -= restart
        else:
            restart = np.floor(np.log(1.0 - fraction * (1.0 - t_mul)) / np.log(t_mul))
            fraction = (fraction - (1.0 - t_mul**restart) / (1.0 - t_mul)) / t_mul**restart
        height = 0.5 * m_mul**restart * (1.0 + np.cos(np.pi * fraction))
        return initial * ((1 - alpha) * height + alpha)

    return at


def line(word, numbers):
    LINES.append(" ".join([word] + [float(x).hex() for x in numbers]))


def put(name, optimizer, skip_b=0):
    """With skip_b, every so many-th step has no gradient of b."""
    LINES.append("case " + name)
    weights, path, rates = [A.copy(), B.copy()], [[], []], []
    optimizer.build(weights, ["a", "b"])
    for step in range(COUNT):
        grads = [g * (optimizer.loss_scale_factor or 1) for g in gradients(*weights)]
        if skip_b and (step + 1) % skip_b == 0:
            grads[1] = None
        rates.append(optimizer.rate())
        optimizer.apply(grads)
        for values, w in zip(path, weights):
            values.extend(w)
    line("a", path[0])
    line("b", path[1])
    line("rates", rates)
    line("iterations", [optimizer.iterations])
    for variable in optimizer.variables:
        line("state", variable)


SCHEDULES = {
    "exponential": exponential(0.002, 10, 0.5),
    "exponential_staircase": exponential(0.002, 10, 0.5, staircase=True),
    "piecewise": piecewise([3, 10, 40], [0.002, 0.001, 0.0005, 0.0001]),
    "piecewise_once": piecewise([7], [0.002, 0.0005]),
    "polynomial": polynomial(0.002, 10),
    "polynomial_power": polynomial(0.002, 30, end_learning_rate=0.0005, power=2.5),
    "polynomial_cycle": polynomial(0.002, 10, cycle=True),
    "inverse_time": inverse_time(0.002, 10, 0.5),
    "inverse_time_staircase": inverse_time(0.002, 10, 0.5, staircase=True),
    "cosine": cosine(0.002, 30),
    "cosine_alpha": cosine(0.002, 30, alpha=0.25),
    "cosine_warmup": cosine(0.0001, 30, alpha=0.125, warmup_target=0.002, warmup_steps=10),
    "cosine_target": cosine(0.0001, 30, warmup_target=0.002),
    "restarts": cosine_restarts(0.002, 10),
    "restarts_all": cosine_restarts(0.002, 10, t_mul=1.5, m_mul=0.5, alpha=0.125),
    "restarts_even": cosine_restarts(0.002, 10, t_mul=1.0, m_mul=0.75),
}

put("sgd", SGD(0.001))
put("sgd_momentum", SGD(0.0005, momentum=0.9))
put("sgd_nesterov", SGD(0.0005, momentum=0.9, nesterov=True))
put("sgd_nesterov_alone", SGD(0.001, nesterov=True))
put("sgd_decay", SGD(0.001, weight_decay=0.5))
put("sgd_clipnorm", SGD(0.1, clipnorm=1.5))
put("sgd_clipvalue", SGD(0.1, clipvalue=0.75))
put("sgd_global_clipnorm", SGD(0.1, global_clipnorm=2.0))
put("sgd_ema", SGD(0.001, use_ema=True))
put("sgd_scale", SGD(0.001, loss_scale_factor=3.0, clipvalue=50.0))
put("sgd_gathers", SGD(0.001, gradient_accumulation_steps=3))
put("adam", Adam())
put("adam_options", Adam(0.05, beta_1=0.8, beta_2=0.99, epsilon=1e-3))
put("adam_amsgrad", Adam(0.1, beta_2=0.5, amsgrad=True))
put("adam_decay", Adam(0.01, weight_decay=0.004))
put("adam_gathers", Adam(0.05, gradient_accumulation_steps=4, clipnorm=2.0, weight_decay=0.1))
put("adam_all", Adam(cosine(0.05, 15), amsgrad=True, weight_decay=0.1, global_clipnorm=5.0, use_ema=True,
                     ema_momentum=0.75, ema_overwrite_frequency=3, loss_scale_factor=1024.0,
                     gradient_accumulation_steps=2), skip_b=5)
put("adamw", AdamW())
put("adamw_options", AdamW(0.05, weight_decay=0.25, beta_1=0.8, amsgrad=True, clipvalue=10.0))
put("adamw_excluded", AdamW(0.05, weight_decay=0.25, excluded=("b",)))
put("adamax", Adamax())
put("adamax_options", Adamax(0.05, beta_1=0.8, beta_2=0.75, epsilon=1e-3, weight_decay=0.1, clipnorm=3.0))
put("adamax_ema", Adamax(0.05, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=4))
put("nadam", Nadam())
put("nadam_options", Nadam(0.05, beta_1=0.8, beta_2=0.9, epsilon=1e-3, weight_decay=0.1))
put("nadam_gathers", Nadam(0.05, gradient_accumulation_steps=3, use_ema=True, ema_overwrite_frequency=2), skip_b=4)
put("rmsprop", RMSprop())
put("rmsprop_momentum", RMSprop(0.01, rho=0.8, momentum=0.5))
put("rmsprop_centered", RMSprop(0.01, epsilon=1e-3, centered=True))
put("rmsprop_all", RMSprop(0.01, momentum=0.9, epsilon=1e-3, centered=True, weight_decay=0.1))
put("rmsprop_ema", RMSprop(0.01, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=1), skip_b=3)
put("adagrad", Adagrad())
put("adagrad_options", Adagrad(0.3, initial_accumulator_value=0.0, epsilon=1e-5))
put("adagrad_gathers", Adagrad(0.3, gradient_accumulation_steps=2, clipvalue=20.0))
put("adadelta", Adadelta())
put("adadelta_options", Adadelta(1.0, rho=0.8, epsilon=1e-4, weight_decay=0.01))
put("adadelta_ema", Adadelta(1.0, use_ema=True, global_clipnorm=10.0), skip_b=2)
put("lion", Lion())
put("lion_options", Lion(0.02, beta_1=0.75, beta_2=0.5, weight_decay=0.5, gradient_accumulation_steps=2))
put("ftrl", Ftrl())
put("ftrl_options", Ftrl(0.05, learning_rate_power=-0.75, initial_accumulator_value=0.25, l1=0.125, l2=0.25,
                         l2_shrinkage=0.5, beta=0.75, clipnorm=2.0))
for name, schedule in SCHEDULES.items():
    put("sgd_" + name, SGD(schedule))
put("adam_restarts", Adam(cosine_restarts(0.05, 5), gradient_accumulation_steps=3))
for name, schedule in SCHEDULES.items():
    line("schedule " + name, [schedule(step) for step in STEPS])

pathlib.Path(__file__).with_name("reference.txt").write_text("\n".join(LINES) + "\n")
