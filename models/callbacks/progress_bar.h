#pragma once

#include <gradus/models/callbacks/callback.h>

#include <functional>
#include <iosfwd>
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
// repeated. fit, evaluate and predict add one by themselves where `verbose` asks for it; write to another
// stream, which must outlive it, with {.verbose = 0, .callbacks = {ProgressBar(stream)}}.
class ProgressBar : public Callback::Kind {
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

 private:
  void start();
  void update(std::int64_t done, const Logs& logs, bool with_loss);
  void finish(const Logs& logs, bool with_loss);
  void draw_bar(std::int64_t done, const std::string& entries, double now, bool final);
  void print_line(const std::string& entries, double now);
  double seconds_per_step(std::int64_t done, double now);

  std::ostream* out_;
  bool terminal_;
  bool colour_;
  ProgressOptions options_;
  bool in_fit_ = false;
  double start_ = 0;
  double last_drawn_ = 0;
  std::optional<double> first_step_ = {};
  std::int64_t done_ = 0;
  std::size_t drawn_width_ = 0;
};

}  // namespace gradus
