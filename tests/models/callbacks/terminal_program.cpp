// What terminal_test runs in a terminal: fit, evaluate and predict with the verbosity given, or a fit that
// waits for Ctrl-C.

#include <gradus/models/callbacks/lambda_callback.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <string>
#include <thread>

namespace {

using namespace gradus;

Sequential make_model() {
  Sequential model({.seed = 3});
  model.add(Dense(1, {.kernel_initializer = "zeros", .input_dim = 2}));
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mse"}});
  return model;
}

const Tensor kX = Tensor::ones({8, 2});
const Tensor kY = Tensor::full({8, 1}, 2);

void run_all(const std::string& verbosity) {
  const Verbose verbose = verbosity == "auto" ? Verbose("auto") : Verbose(std::stoi(verbosity));
  const Sequential model = make_model();
  model.fit(kX, kY, {.batch_size = 2, .epochs = 2, .verbose = verbose, .validation_data = {kX, kY}});
  model.fit(kX, kY, {.batch_size = 2, .epochs = 1, .verbose = verbose});
  model.evaluate(kX, kY, {.batch_size = 2, .verbose = verbose});
  model.predict(kX, {.batch_size = 2, .verbose = verbose});
  std::cout << "done\n";
}

// An epoch takes four batches of `pause`.
void fit_until_interrupted(std::chrono::milliseconds pause) {
  const Sequential model = make_model();
  const LambdaCallback slow({.on_train_batch_begin = [pause](std::int64_t, Logs&) {
    if (pause > std::chrono::seconds(1)) std::cout << "waiting\n" << std::flush;
    const auto end = std::chrono::steady_clock::now() + pause;
    while (std::chrono::steady_clock::now() < end) std::this_thread::sleep_until(end);
  }});
  const History history = model.fit(kX, kY, {.batch_size = 2, .epochs = 10000, .callbacks = {slow}});
  const auto [loss, metrics] = model.evaluate(kX, kY, {.verbose = 0});
  std::cout << "epochs " << (history.epoch.size() == history["loss"].size() ? "whole" : "torn")
            << ", interrupted " << history.interrupted << ", loss "
            << (std::isfinite(loss) && loss < 4 ? "fine" : "bad") << '\n';
}

}  // namespace

int main(int, char** argv) {
  const std::string what = argv[1];
  if (what == "interrupt") {
    fit_until_interrupted(std::chrono::milliseconds(5));
  } else if (what == "hang") {
    fit_until_interrupted(std::chrono::seconds(100));
  } else {
    run_all(what);
  }
}
