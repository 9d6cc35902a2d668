#include <gradus/models/callbacks/progress_bar.h>
#include <gradus/models/callbacks/progress_text.h>
#include <gradus/models/model_kind.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace gradus {

namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool colour_wanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  return no_colour == nullptr || *no_colour == '\0';
}

std::string cells(std::int64_t count) {
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) text += "━";
  return text;
}

}  // namespace

ProgressBar::ProgressBar() : ProgressBar(std::cout, {.terminal = ::isatty(STDOUT_FILENO) != 0}) {}

ProgressBar::ProgressBar(std::ostream& out, ProgressOptions options)
    : out_(&out),
      terminal_(options.terminal.value_or(false)),
      colour_(options.colour.value_or(colour_wanted())),
      options_(std::move(options)) {
  if (!options_.clock) options_.clock = steady_seconds;
}

void ProgressBar::on_train_begin(Logs&) {
  in_fit_ = true;
  const auto& kind = static_cast<const Model::Kind&>(model().kind());
  if (!kind.seed_given() && kind.training().epochs_done == 0) {
    *out_ << "seed " << kind.seed() << '\n' << std::flush;
  }
}

void ProgressBar::on_epoch_begin(std::int64_t epoch, Logs&) {
  start();
  if (params().epochs > 1) *out_ << "Epoch " << epoch + 1 << '/' << params().epochs << '\n' << std::flush;
}

void ProgressBar::on_train_batch_end(std::int64_t batch, Logs& logs) { update(batch + 1, logs, true); }
void ProgressBar::on_epoch_end(std::int64_t, Logs& logs) { finish(logs, true); }
void ProgressBar::on_train_end(Logs&) { in_fit_ = false; }

void ProgressBar::on_test_begin(Logs&) {
  if (!in_fit_) start();
}
void ProgressBar::on_test_batch_end(std::int64_t batch, Logs& logs) {
  if (!in_fit_) update(batch + 1, logs, true);
}
void ProgressBar::on_test_end(Logs& logs) {
  if (!in_fit_) finish(logs, true);
}
void ProgressBar::on_predict_begin(Logs&) { start(); }
void ProgressBar::on_predict_batch_end(std::int64_t batch, Logs& logs) { update(batch + 1, logs, false); }
void ProgressBar::on_predict_end(Logs& logs) { finish(logs, false); }

void ProgressBar::start() {
  start_ = options_.clock();
  last_drawn_ = start_ - 2 * options_.interval;
  first_step_.reset();
  done_ = 0;
  drawn_width_ = 0;
}

void ProgressBar::update(std::int64_t done, const Logs& logs, bool with_loss) {
  done_ = done;
  if (!terminal_ || params().verbose == 2) return;
  const double now = options_.clock();
  if (done == 1) first_step_ = now;
  if (now - last_drawn_ < options_.interval) return;
  draw_bar(done, with_loss ? progress::entries(logs) : "", now, false);
  last_drawn_ = now;
}

void ProgressBar::finish(const Logs& logs, bool with_loss) {
  const std::string entries = with_loss ? progress::entries(logs) : "";
  const double now = options_.clock();
  if (terminal_ && params().verbose != 2) {
    draw_bar(done_, entries, now, true);
  } else {
    print_line(entries, now);
  }
}

// From the second step on the first is left out: it includes what is done once.
double ProgressBar::seconds_per_step(std::int64_t done, double now) {
  if (done == 0) return 0;
  if (first_step_ && done > 1) return (now - *first_step_) / static_cast<double>(done - 1);
  return (now - start_) / static_cast<double>(done);
}

void ProgressBar::draw_bar(std::int64_t done, const std::string& entries, double now, bool final) {
  const std::int64_t all = params().steps;
  const auto painted = [&](const char* code, const std::string& text) {
    return colour_ && !text.empty() ? std::string(code) + text + "\x1b[0m" : text;
  };
  const double per_step = seconds_per_step(done, now);
  const std::string count = progress::step_count(done, all);
  const std::string time = final ? progress::elapsed(now - start_)
                                 : progress::remaining(per_step * static_cast<double>(all - done));
  const std::string rest = " " + progress::duration_per_step(per_step) + entries;
  const std::int64_t filled = all == 0 ? 0 : options_.width * done / all;
  // Without colours the part that is left is blank, or it would look like the part that is done.
  const std::string left = colour_ ? cells(options_.width - filled)
                                   : std::string(static_cast<std::size_t>(options_.width - filled), ' ');

  std::string text(drawn_width_, '\b');
  text += "\r" + painted("\x1b[1m", count) + " " + painted("\x1b[32m", cells(filled)) +
          painted("\x1b[37m", left) + " " + painted("\x1b[1m", time) + rest;
  const std::size_t width =
      count.size() + 1 + static_cast<std::size_t>(options_.width) + 1 + time.size() + rest.size();
  if (drawn_width_ > width) text += std::string(drawn_width_ - width, ' ');
  if (final) text += '\n';
  *out_ << text << std::flush;
  drawn_width_ = width;
}

void ProgressBar::print_line(const std::string& entries, double now) {
  *out_ << progress::step_count(done_, params().steps) << " - " << progress::elapsed(now - start_) << " - "
        << progress::duration_per_step(seconds_per_step(done_, now)) << entries << '\n'
        << std::flush;
}

}  // namespace gradus
