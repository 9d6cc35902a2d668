// Writes tfjs.json: loss curves of one small dense net, trained by TensorFlow.js with the optimizers it shares with
// Keras. Run by hand, the test reads the file:
//
//   npm install --prefix <folder> @tensorflow/tfjs    (made with 4.22.0: plain JavaScript, no native code)
//   node make_tfjs.mjs <folder>
//
// The CPU backend computes in float32. All settings are given, since the defaults differ. Where the rules do:
// - Adam: epsilon is added to the corrected root here, to the uncorrected one in Keras. It is 1e-12, next to nothing.
// - Adadelta divides by the mean square from before the step, Keras by that with the step's gradient. "adadelta" has an
//   epsilon that outweighs both; "adadelta_corrected" is Keras's rule in TensorFlow.js's operations.
// - RMSprop, centered, subtracts epsilon under the root: left out.

import {createRequire} from 'node:module';
import {writeFileSync} from 'node:fs';
import path from 'node:path';

const tf = createRequire(path.resolve(process.argv[2], 'package.json'))('@tensorflow/tfjs');
await tf.setBackend('cpu');

const kRows = 48, kBatch = 8, kEpochs = 5, kIn = 4, kHidden = 8, kOut = 3;

// Park and Miller's generator, in [-1, 1).
let seed = 20240607;
const random = () => {
  seed = (seed * 48271) % 2147483647;
  return Math.fround((2 * seed) / 2147483647 - 1);
};
const draw = (count, scale = 1) => Array.from({length: count}, () => Math.fround(scale * random()));

const x = draw(kRows * kIn);
// A class for each row: the largest of the first three features, but every seventh is wrong.
const labels = Array.from({length: kRows}, (_, row) => {
  const features = x.slice(row * kIn, row * kIn + kOut);
  return (features.indexOf(Math.max(...features)) + (row % 7 === 0)) % kOut;
});
const weights = [draw(kIn * kHidden, 0.7), draw(kHidden, 0.1), draw(kHidden * kOut, 0.7), draw(kOut, 0.1)];
const shapes = [[kIn, kHidden], [kHidden], [kHidden, kOut], [kOut]];

class AdadeltaCorrected extends tf.Optimizer {
  constructor(learningRate, rho, epsilon) {
    super();
    Object.assign(this, {learningRate, rho, epsilon, sums: {}});
  }
  applyGradients(gradients) {
    for (const {name, tensor: g} of this.named(gradients)) tf.tidy(() => {
      const value = tf.engine().registeredVariables[name];
      this.sums[name] ??= [tf.keep(tf.zerosLike(value)), tf.keep(tf.zerosLike(value))];
      const mix = (old, now) => tf.keep(old.mul(this.rho).add(now.square().mul(1 - this.rho)));
      const squares = mix(this.sums[name][0], g);
      const update = this.sums[name][1].add(this.epsilon).sqrt().div(squares.add(this.epsilon).sqrt()).mul(g);
      this.sums[name] = [squares, mix(this.sums[name][1], update)];
      value.assign(value.sub(update.mul(this.learningRate)));
    });
  }
  named(gradients) {
    return Array.isArray(gradients) ? gradients :
                                      Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
  }
}

const optimizers = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01, 0.9, 0.999, 1e-12),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7),
  rmsprop_momentum: () => tf.train.rmsprop(0.005, 0.8, 0.5, 1e-7),
  adagrad: () => tf.train.adagrad(0.1, 0.1),  // its epsilon is 1e-7
  adadelta: () => tf.train.adadelta(0.2, 0.95, 1000),
  adadelta_corrected: () => new AdadeltaCorrected(1, 0.9, 1e-4),
};

async function losses(optimizer) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({units: kHidden, activation: 'tanh', inputShape: [kIn]}),
      tf.layers.dense({units: kOut, activation: 'softmax'}),
    ],
  });
  model.setWeights(weights.map((values, i) => tf.tensor(values, shapes[i], 'float32')));
  model.compile({optimizer, loss: 'categoricalCrossentropy'});
  const inputs = tf.tensor(x, [kRows, kIn], 'float32'), targets = tf.oneHot(labels, kOut).toFloat();
  const curve = [];
  for (let step = 0; step < kEpochs * kRows / kBatch; ++step) {
    const row = (step * kBatch) % kRows;
    curve.push(await model.trainOnBatch(inputs.slice([row, 0], [kBatch, kIn]), targets.slice([row, 0], [kBatch, kOut])));
  }
  return curve;
}

const curves = {};
for (const [name, make] of Object.entries(optimizers)) curves[name] = await losses(make());

const lines = [['tfjs', tf.version.tfjs], ['batch_size', kBatch], ['x', x], ['labels', labels], ['weights', weights]]
                  .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
lines.push('"losses": {\n' +
           Object.entries(curves).map(([name, curve]) => `"${name}": ${JSON.stringify(curve)}`).join(',\n') + '}');
writeFileSync(new URL('tfjs.json', import.meta.url), '{\n' + lines.join(',\n') + '\n}\n');
