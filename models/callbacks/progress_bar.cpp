#include <gradus/models/callbacks/progress_bar.h>
#include <gradus/models/model_kind.h>

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace gradus {

namespace {

const Model::Kind& kind_of(const Model& model) { return static_cast<const Model::Kind&>(model.kind()); }

}  // namespace

ProgressBar::ProgressBar() : ProgressBar(std::cout, {.terminal = ::isatty(STDOUT_FILENO) != 0}) {}

ProgressBar::ProgressBar(std::ostream& out, ProgressOptions options)
    : out_(&out),
      options_{.width = options.width,
               .interval = options.interval,
               .stateless_metrics = std::vector<std::string>(),
               .terminal = options.terminal.value_or(false),
               .colour = options.colour,
               .clock = std::move(options.clock)} {}

void ProgressBar::on_train_begin(Logs&) {
  in_fit_ = true;
  steps_found_ = 0;
  const Model::Kind& kind = kind_of(model());
  if (!kind.seed_given() && kind.training().epochs_done == 0) {
    *out_ << "seed " << std::to_string(kind.seed()) << '\n' << std::flush;
  }
}

void ProgressBar::on_epoch_begin(std::int64_t epoch, Logs&) {
  epoch_ = epoch;
  start();
  if (params().epochs > 1)
    *out_ << "Epoch " << std::to_string(epoch + 1) << '/' << std::to_string(params().epochs) << '\n'
          << std::flush;
}

void ProgressBar::on_train_batch_end(std::int64_t batch, Logs& logs) { update(batch + 1, &logs); }
void ProgressBar::on_epoch_end(std::int64_t, Logs& logs) {
  finish(&logs);
  steps_found_ = done_;
}

void ProgressBar::on_train_end(Logs&) {
  in_fit_ = false;
  if (!kind_of(model()).training().interrupted) return;
  if (bar_) bar_->end_line();
  *out_ << "Epoch " << std::to_string(epoch_ + 1) << ": interrupted\n" << std::flush;
}

void ProgressBar::on_test_begin(Logs&) {
  if (!in_fit_) start();
}
void ProgressBar::on_test_batch_end(std::int64_t batch, Logs& logs) {
  if (!in_fit_) update(batch + 1, &logs);
}
void ProgressBar::on_test_end(Logs& logs) {
  if (!in_fit_) finish(&logs);
}
void ProgressBar::on_predict_begin(Logs&) { start(); }
void ProgressBar::on_predict_batch_end(std::int64_t batch, Logs&) { update(batch + 1, nullptr); }
void ProgressBar::on_predict_end(Logs&) { finish(nullptr); }

void ProgressBar::set_model(Model* model) {
  if (model == nullptr) {
    in_fit_ = false;
    if (bar_) bar_->end_line();
  }
  Callback::Reader::set_model(model);
}

void ProgressBar::start() {
  options_.verbose = params().verbose == 2 ? 2 : 1;
  bar_ = std::make_shared<Progbar>(params().steps > 0 ? params().steps : steps_found_, *out_, options_);
  done_ = 0;
}

// The values in Keras's order: those that fit knows of, then what callbacks have written.
Progbar::Values ProgressBar::values(const Logs* logs) const {
  Progbar::Values values;
  if (logs == nullptr) return values;
  const auto add = [&](const std::string& name) { values.emplace_back(name, (*logs)[name]); };
  const std::vector<std::string>& known = params().metrics;
  for (const std::string& name : known) {
    if (logs->contains(name)) add(name);
  }
  for (const std::string& name : logs->names()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) add(name);
  }
  return values;
}

void ProgressBar::update(std::int64_t done, const Logs* logs) {
  done_ = done;
  if (bar_->redraws() && bar_->due(bar_->options_.clock())) bar_->update(done, values(logs));
}

void ProgressBar::finish(const Logs* logs) {
  if (!bar_->target_ && done_ > 0) bar_->target_ = done_;
  bar_->update(done_, values(logs), {.finalize = true});
}

}  // namespace gradus
