#pragma once

#include <gradus/models/count.h>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus {

struct ProgbarOptions {
  std::int64_t width = 20;  // cells of the bar
  int verbose = 1;          // 0: nothing, 1: a bar that is redrawn, 2: one line at the end
  double interval = 0.05;   // seconds between two drawings
  // Of the values, these are shown as they are, all others as their mean over the steps; or, where
  // `stateless_metrics` are given instead, these as their mean and all others as they are.
  std::vector<std::string> stateful_metrics = {};
  std::optional<std::vector<std::string>> stateless_metrics = {};
  std::string unit_name = "step";
  std::optional<bool> terminal = {};   // redraw the line; unless given, where standard output is one
  std::optional<bool> colour = {};     // on a terminal, unless NO_COLOR is set
  std::function<double()> clock = {};  // seconds; a steady clock unless given
};

struct ProgbarUpdate {
  std::optional<bool> finalize = {};  // the last one; unless given, when the target is reached
};

// Shows how far a loop has come, as keras.utils.Progbar does:
//   Progbar bar(100);
//   for (int i = 1; i <= 100; ++i) bar.update(i, {{"loss", loss}});
//    37/100 ━━━━━━━━━━━━━━━━━━━━ 2s 40ms/step - loss: 0.1704
// Without a target it counts: "     37/Unknown". On a terminal the line is redrawn in place, with the time
// that is left, at the end the time it took; elsewhere (where Keras sends control characters too) there is
// one plain line at the end. ValueError for both lists of metrics, a verbosity that is none or a width below
// 0.
class Progbar {
 public:
  using Values = std::vector<std::pair<std::string, double>>;

  explicit Progbar(std::optional<Count> target, ProgbarOptions options = {});  // to standard output
  // To a stream that outlives it and is no terminal unless the options say so.
  Progbar(std::optional<Count> target, std::ostream& out, ProgbarOptions options = {});

  // So many are done now, the last of them with these values.
  void update(Count current, const Values& values = {}, ProgbarUpdate options = {});
  // So many more are done.
  void add(Count n, const Values& values = {});
  // Ends a line that is still being redrawn, so that others can print.
  void end_line();

 private:
  friend class ProgressBar;
  struct Mean {
    double sum = 0;
    double count = 0;
  };

  bool redraws() const { return options_.verbose == 1 && terminal_; }
  bool due(double now) const { return redraws() && !(now - last_drawn_ < options_.interval); }
  void take(const Values& values, std::int64_t steps, bool finalize);
  bool is_mean(const std::string& name) const;
  double seconds_per_step(std::int64_t current, double now);
  std::string values_text() const;
  void draw(std::int64_t current, double per_step, double now, bool finalize);
  void print(std::int64_t current, double per_step, double now);

  std::optional<std::int64_t> target_;
  std::ostream* out_;
  ProgbarOptions options_;
  bool terminal_;
  bool colour_;
  double start_;
  double last_drawn_;
  std::optional<double> first_step_;
  std::int64_t seen_ = 0;
  std::size_t drawn_width_ = 0;
  bool line_open_ = false;
  std::vector<std::pair<std::string, Mean>> values_;  // in the order in which they came
};

}  // namespace gradus
