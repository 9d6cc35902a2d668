#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/callbacks/model_checkpoint.h>
#include <gradus/models/callbacks/monitor.h>
#include <gradus/models/callbacks/number_format.h>
#include <gradus/models/callbacks/path_pattern.h>
#include <gradus/models/callbacks/print_line.h>
#include <gradus/models/model.h>

#include <algorithm>
#include <filesystem>

namespace gradus {

namespace {
constexpr const char* kName = "ModelCheckpoint";
}

class ModelCheckpoint::Saver : public Callback::Reader {
 public:
  Saver(std::string filepath, const ModelCheckpointOptions& options)
      : pattern_(kName, std::move(filepath)),
        monitor_(kName, options.monitor, options.mode, 0, options.initial_value_threshold),
        verbose_(options.verbose > 0),
        best_only_(options.save_best_only),
        freq_(options.save_freq) {
    if (!pattern_.text().ends_with(".npz")) {
      throw ValueError("ModelCheckpoint: the path must end in '.npz', got '" + pattern_.text() + "'");
    }
  }

  void on_train_begin(Logs&) override {
    batches_ = 0;
    const CallbackParams& known = params();
    if (best_only_) {
      monitor_.begin(known);
      if (!freq_.each_epoch() && at_epoch_end_only(monitor_.name())) refuse_validation(monitor_.name());
    }
    for (const std::string& name : pattern_.names()) check_name(name, known);
  }

  void on_epoch_begin(std::int64_t epoch, Logs&) override { epoch_ = epoch; }
  void on_train_batch_end(std::int64_t batch, Logs& logs) override {
    if (!freq_.each_epoch() && ++batches_ % freq_.batches() == 0) save(batch, logs);
  }
  void on_epoch_end(std::int64_t, Logs& logs) override {
    if (freq_.each_epoch()) save(0, logs);
  }

  const Monitor& monitor() const { return monitor_; }
  const std::string& last_path() const { return last_path_; }

 private:
  static bool at_epoch_end_only(const std::string& name) { return name.starts_with("val_"); }

  [[noreturn]] static void refuse_validation(const std::string& name) {
    throw ValueError("ModelCheckpoint: '" + name +
                     "' is known at the end of an epoch only: save_freq must be \"epoch\" to use it");
  }

  void check_name(const std::string& name, const CallbackParams& known) const {
    if (name == "epoch" || (name == "batch" && !freq_.each_epoch())) return;
    const std::vector<std::string>& metrics = known.metrics;
    if (std::find(metrics.begin(), metrics.end(), name) == metrics.end() && !known.more_metrics) {
      std::vector<std::string_view> names = {"epoch"};
      if (!freq_.each_epoch()) names.emplace_back("batch");
      names.insert(names.end(), metrics.begin(), metrics.end());
      throw ValueError("ModelCheckpoint: in the path '" + pattern_.text() +
                       "': " + unknown_name("name", name, names));
    }
    if (!at_epoch_end_only(name)) return;
    if (!freq_.each_epoch()) refuse_validation(name);
    const bool only_validated_epochs = best_only_ && at_epoch_end_only(monitor_.name());
    if (known.validation_freq > 1 && !only_validated_epochs) {
      throw ValueError("ModelCheckpoint: in the path '" + pattern_.text() + "': there is no '" + name +
                       "' in the epochs without validation (validation_freq is " +
                       std::to_string(known.validation_freq) + ")");
    }
  }

  void save(std::int64_t batch, const Logs& logs) {
    const std::optional<double> before = monitor_.best();
    std::optional<double> value;
    if (best_only_) {
      value = monitor_.value(logs, epoch_);
      if (!value) return;
      if (!monitor_.take(*value)) {
        say(monitor_.name() + " did not improve from " + text(before));
        return;
      }
    }
    const std::string path = pattern_.fill([&](const std::string& name) {
      if (name == "epoch") return static_cast<double>(epoch_ + 1);
      if (name == "batch") return static_cast<double>(batch + 1);
      return logs[name];
    });
    say((value ? monitor_.name() + " improved from " + text(before) + " to " + text(value) + ", " : "") +
        "saving model to " + path);
    write(path);
    say("finished saving model to " + path);
  }

  void write(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) {
      throw FileError("ModelCheckpoint: cannot make the folder '" + folder.string() +
                      "': " + error.message());
    }
    model().save_weights(path);
    last_path_ = path;
  }

  void say(const std::string& what) const {
    if (verbose_) print_line("\nEpoch " + std::to_string(epoch_ + 1) + ": " + what);
  }
  static std::string text(const std::optional<double>& value) {
    return value ? fixed_text(*value, 5) : "None";
  }

  PathPattern pattern_;
  Monitor monitor_;
  bool verbose_;
  bool best_only_;
  Frequency freq_;
  std::int64_t epoch_ = 0;
  std::int64_t batches_ = 0;
  std::string last_path_;
};

ModelCheckpoint::ModelCheckpoint(std::string filepath, ModelCheckpointOptions options)
    : Callback(std::make_shared<Saver>(std::move(filepath), options),
               {.train_end = !options.save_freq.each_epoch()}) {}

std::optional<double> ModelCheckpoint::best() const { return as<Saver>().monitor().best(); }
const std::string& ModelCheckpoint::last_path() const { return as<Saver>().last_path(); }

}  // namespace gradus
