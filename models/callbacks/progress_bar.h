#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/callbacks/progbar.h>

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace gradus {

struct ProgressOptions {
  std::optional<bool> terminal = {};   // redraw one line; false unless given
  std::optional<bool> colour = {};     // on a terminal, unless NO_COLOR is set
  double interval = 0.05;              // seconds between two drawings
  std::int64_t width = 20;             // cells of the bar
  std::function<double()> clock = {};  // seconds; a steady clock unless given
};

// Prints how training goes, as Keras does. verbose 1 on a terminal: a bar that is redrawn; verbose 2, and
// verbose 1 elsewhere: plain lines. A seed that was drawn, not given, is printed once, so that the run can be
// repeated. fit, evaluate and predict add one by themselves where `verbose` asks for it and none is given;
// write to another stream, which must outlive it, with {.callbacks = {ProgressBar(stream)}}. An epoch that is
// stopped shows the steps it made; an exception or Ctrl-C leaves the cursor on a line of its own.
class ProgressBar : public Callback::Reader {
 public:
  ProgressBar();  // to standard output
  explicit ProgressBar(std::ostream& out, ProgressOptions options = {});

  void on_train_begin(Logs& logs) override;
  void on_epoch_begin(std::int64_t epoch, Logs& logs) override;
  void on_train_batch_end(std::int64_t batch, Logs& logs) override;
  void on_epoch_end(std::int64_t epoch, Logs& logs) override;
  void on_train_end(Logs& logs) override;
  void on_test_begin(Logs& logs) override;
  void on_test_batch_end(std::int64_t batch, Logs& logs) override;
  void on_test_end(Logs& logs) override;
  void on_predict_begin(Logs& logs) override;
  void on_predict_batch_end(std::int64_t batch, Logs& logs) override;
  void on_predict_end(Logs& logs) override;
  void set_model(Model* model) override;

 private:
  void start();
  void update(std::int64_t done, const Logs* logs);
  void finish(const Logs* logs);
  Progbar::Values values(const Logs* logs) const;

  std::ostream* out_;
  ProgbarOptions options_;
  // Of the epoch, or the evaluation, at hand. A pointer, so that not every file compiles how a Progbar is
  // copied; copies of this share it until they start another.
  std::shared_ptr<Progbar> bar_ = {};
  bool in_fit_ = false;
  std::int64_t epoch_ = 0;
  std::int64_t done_ = 0;
  std::int64_t steps_found_ = 0;  // where the data did not say how many there are: what the first epoch had
};

}  // namespace gradus
