#include <gradus/graph/error.h>
#include <gradus/models/callbacks/event_file.h>
#include <gradus/models/callbacks/tensor_board.h>
#include <gradus/models/model.h>

#include <chrono>
#include <optional>

namespace gradus {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

constexpr std::string_view kValidation = "val_";

class BoardWriter : public Callback::Reader {
 public:
  explicit BoardWriter(TensorBoardOptions options) : options_(std::move(options)) {
    if (options_.log_dir.empty()) throw ValueError("TensorBoard: log_dir is empty");
  }

  void on_train_begin(Logs&) override {
    batches_ = 0;
    train();  // says before training when it cannot be written
  }

  void on_epoch_begin(std::int64_t, Logs&) override {
    epoch_begin_ = Clock::now();
    epoch_iterations_ = model().optimizer().iterations();
  }

  void on_train_batch_begin(std::int64_t, Logs&) override { batch_begin_ = Clock::now(); }
  void on_train_batch_end(std::int64_t, Logs& logs) override {
    if (options_.update_freq.each_epoch() || ++batches_ % options_.update_freq.batches() != 0) return;
    if (options_.write_steps_per_second) {
      train().add_scalar("batch_steps_per_second", 1 / seconds_since(batch_begin_), batches_);
    }
    for (const std::string& name : logs.names()) train().add_scalar("batch_" + name, logs[name], batches_);
  }

  void on_epoch_end(std::int64_t epoch, Logs& logs) override {
    const Optimizer& optimizer = model().optimizer();
    for (const std::string& name : logs.names()) {
      if (name.starts_with(kValidation)) {
        validation().add_scalar("epoch_" + name.substr(kValidation.size()), logs[name], epoch);
      } else if (name != "learning_rate") {
        train().add_scalar("epoch_" + name, logs[name], epoch);
      }
    }
    train().add_scalar("epoch_learning_rate", optimizer.learning_rate(), epoch);
    if (options_.write_steps_per_second) {
      const auto steps = static_cast<double>(optimizer.iterations() - epoch_iterations_);
      train().add_scalar("epoch_steps_per_second", steps / seconds_since(epoch_begin_), epoch);
    }
    train().flush();
    if (validation_) validation().flush();
  }

  void on_test_end(Logs& logs) override {
    for (const std::string& name : logs.names()) {
      validation().add_scalar("evaluation_" + name + "_vs_iterations", logs[name],
                              model().optimizer().iterations());
    }
    validation().flush();
  }

  void set_model(Model* model) override {
    Callback::Reader::set_model(model);
    train_.reset();
    validation_.reset();
  }

 private:
  // Made when first needed, so that no empty files lie about.
  EventFile& train() { return file(train_, "train"); }
  EventFile& validation() { return file(validation_, "validation"); }
  EventFile& file(std::optional<EventFile>& file, const char* folder) const {
    if (!file) file.emplace(std::filesystem::path(options_.log_dir) / folder);
    return *file;
  }

  TensorBoardOptions options_;
  std::optional<EventFile> train_;
  std::optional<EventFile> validation_;
  std::int64_t batches_ = 0;
  std::int64_t epoch_iterations_ = 0;
  Clock::time_point epoch_begin_ = {};
  Clock::time_point batch_begin_ = {};
};

Callback::BatchHooks watched(const TensorBoardOptions& options) {
  const bool batches = !options.update_freq.each_epoch();
  return {.train_begin = batches && options.write_steps_per_second, .train_end = batches};
}

}  // namespace

TensorBoard::TensorBoard(TensorBoardOptions options)
    : Callback(std::make_shared<BoardWriter>(options), watched(options)) {}

}  // namespace gradus
