#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>
#include <gradus/tools/tutorial/optimizers.h>
#include <gradus/tools/tutorial/parts.h>

#include <algorithm>
#include <cctype>
#include <iostream>

namespace gradus::tutorial {

namespace {

constexpr double kLearningRate = 0.01, kDropout = 0.4;
constexpr std::int64_t kEpochs = 3;

// Records each batch's own loss. The logs hold the mean over the epoch so far, as Keras's do today; those of
// the notebook's Keras 2.1 held the batch's.
class BatchLosses : public Callback::Kind {
 public:
  BatchLosses(std::int64_t samples, std::int64_t batch_size, std::vector<double>& losses)
      : samples_(samples), batch_size_(batch_size), losses_(&losses) {}

  void on_epoch_begin(std::int64_t, Logs&) override {
    seen_ = 0;
    sum_ = 0;
  }
  void on_train_batch_end(std::int64_t, Logs& logs) override {
    const std::int64_t size = std::min(batch_size_, samples_ - seen_);
    seen_ += size;
    const double sum = logs.loss * static_cast<double>(seen_);
    losses_->push_back((sum - sum_) / static_cast<double>(size));
    sum_ = sum;
  }

 private:
  std::int64_t samples_, batch_size_;
  std::vector<double>* losses_;
  std::int64_t seen_ = 0;
  double sum_ = 0;
};

void set_model(Lesson& lesson, const Optimizer& optimizer, const FashionOptions& options) {
  lesson.name = "optimizers_";
  for (const char letter : optimizer.name()) {
    lesson.name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  lesson.model = Sequential({.seed = options.seed});
  lesson.model.add(Dense(500, {.activation = "relu", .input_dim = 784}));
  lesson.model.add(Dropout(kDropout));
  lesson.model.add(Dense(300, {.activation = "relu"}));
  lesson.model.add(Dropout(kDropout));
  lesson.model.add(Dense(10, {.activation = "softmax"}));
  lesson.model.compile({.optimizer = optimizer,
                        .loss = "categorical_crossentropy",
                        .metrics = {"accuracy"},
                        .matmul_precision = options.precision,
                        .bfloat16_fallback = Bfloat16Fallback::emulate});
}

}  // namespace

std::vector<Result> run_optimizers(const FashionOptions& options, Output& output) {
  std::cout << "== E. One net, four optimizers with learning rate 0.01 ==\n\n";
  Lesson lesson = fashion_data(options, kEpochs);
  const std::initializer_list<Optimizer> optimizers = {
      SGD({.learning_rate = kLearningRate}), RMSprop({.learning_rate = kLearningRate}),
      Adam({.learning_rate = kLearningRate}), Adagrad({.learning_rate = kLearningRate})};
  // A model of its own, for drawing its graph draws what its Dropout drops.
  set_model(lesson, *optimizers.begin(), options);
  output.graph("optimizers_graph", training_graph(lesson));
  lesson.model.summary();

  std::vector<Result> results;
  std::vector<Curve> curves;
  for (const Optimizer& optimizer : optimizers) {
    set_model(lesson, optimizer, options);
    std::cout << "\n" << optimizer.name() << std::endl;
    std::vector<double> losses;
    results.push_back(train_and_time(
        lesson, options.seed, {BatchLosses(lesson.x_train.dim(0), lesson.batch_size.value(), losses)}));
    results.back().step_loss = losses;
    curves.push_back({std::string(optimizer.name()), std::move(losses)});
  }
  const Pictures pictures(output.folder());
  output.draw([&] { pictures.optimizers_losses(curves); });
  return results;
}

}  // namespace gradus::tutorial
