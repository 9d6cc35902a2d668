#include <gradus/graph/error.h>
#include <gradus/models/callbacks/progbar.h>
#include <gradus/models/callbacks/progress_text.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <limits>

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

ProgbarOptions for_standard_output(ProgbarOptions options) {
  if (!options.terminal) options.terminal = ::isatty(STDOUT_FILENO) != 0;
  return options;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Progbar::Progbar(std::optional<Count> target, ProgbarOptions options)
    : Progbar(target, std::cout, for_standard_output(std::move(options))) {}

Progbar::Progbar(std::optional<Count> target, std::ostream& out, ProgbarOptions options)
    : out_(&out),
      options_(std::move(options)),
      terminal_(options_.terminal.value_or(false)),
      colour_(options_.colour.value_or(colour_wanted())) {
  if (target && target->value() > 0) target_ = target->value();
  if (options_.stateless_metrics && !options_.stateful_metrics.empty()) {
    throw ValueError("Progbar: give stateful_metrics or stateless_metrics, not both");
  }
  if (options_.verbose < 0 || options_.verbose > 2) {
    throw ValueError("Progbar: verbose must be 0, 1 or 2, got " + std::to_string(options_.verbose));
  }
  if (options_.width < 0) {
    throw ValueError("Progbar: width must not be negative, got " + std::to_string(options_.width));
  }
  if (!options_.clock) options_.clock = steady_seconds;
  start_ = options_.clock();
  last_drawn_ = -std::numeric_limits<double>::infinity();
}

bool Progbar::is_mean(const std::string& name) const {
  return options_.stateless_metrics ? has(*options_.stateless_metrics, name)
                                    : !has(options_.stateful_metrics, name);
}

void Progbar::take(const Values& values, std::int64_t steps, bool finalize) {
  const auto weight = static_cast<double>(std::max<std::int64_t>(steps, 1));
  for (const auto& [name, value] : values) {
    auto entry =
        std::find_if(values_.begin(), values_.end(), [&](const auto& known) { return known.first == name; });
    if (entry == values_.end()) entry = values_.insert(entry, {name, {}});
    if (finalize || !is_mean(name)) {
      entry->second = {value, 1};  // the last word: no mean of means
    } else {
      entry->second.sum += value * weight;
      entry->second.count += weight;
    }
  }
}

void Progbar::update(Count current, const Values& values, ProgbarUpdate options) {
  const std::int64_t done = current.value();
  const bool finalize = options.finalize.value_or(target_ && done >= *target_);
  take(values, done - seen_, finalize);
  seen_ = done;
  const double now = options_.clock();
  const double per_step = seconds_per_step(done, now);
  if (redraws()) {
    if (!finalize && !due(now)) return;
    draw(done, per_step, now, finalize);
    last_drawn_ = now;
  } else if (finalize && options_.verbose > 0) {
    print(done, per_step, now);
  }
}

void Progbar::add(Count n, const Values& values) { update(seen_ + n.value(), values); }

void Progbar::end_line() {
  if (!line_open_) return;
  *out_ << '\n' << std::flush;
  line_open_ = false;
  drawn_width_ = 0;
}

// From the second step on the first is left out: it includes what is done once.
double Progbar::seconds_per_step(std::int64_t current, double now) {
  if (current == 0) return 0;
  const double seconds = first_step_ && current > 1 ? (now - *first_step_) / static_cast<double>(current - 1)
                                                    : (now - start_) / static_cast<double>(current);
  if (current == 1) first_step_ = now;
  return seconds;
}

std::string Progbar::values_text() const {
  std::string text;
  for (const auto& [name, mean] : values_)
    text += progress::entry(name, mean.sum / std::max(mean.count, 1.0));
  return text;
}

void Progbar::draw(std::int64_t current, double per_step, double now, bool finalize) {
  const auto painted = [&](const char* code, const std::string& text) {
    return colour_ ? std::string(code) + text + "\x1b[0m" : text;
  };
  std::string bar = progress::step_count(current, target_);
  std::size_t width = bar.size();
  if (target_) {
    const auto filled = static_cast<std::int64_t>(
        static_cast<double>(options_.width) * (static_cast<double>(current) / static_cast<double>(*target_)));
    const std::int64_t left = std::max<std::int64_t>(options_.width - filled, 0);
    bar = painted("\x1b[1m", bar) + " " + (filled > 0 ? painted("\x1b[32m", cells(filled)) : "");
    // Without colours the part that is left is blank, or it would look like the part that is done.
    bar += colour_ ? painted("\x1b[37m", cells(left)) : std::string(static_cast<std::size_t>(left), ' ');
    width += 1 + static_cast<std::size_t>(std::max<std::int64_t>(filled, 0) + left);
  }
  const std::string time = target_ && !finalize
                               ? progress::remaining(per_step * static_cast<double>(*target_ - current))
                               : progress::elapsed(now - start_);
  const std::string rest = " " + progress::duration_per_unit(per_step, options_.unit_name) + values_text();
  width += 1 + time.size() + rest.size();

  std::string text(drawn_width_, '\b');
  text += "\r" + bar + " " + painted("\x1b[1m", time) + rest;
  if (drawn_width_ > width) text += std::string(drawn_width_ - width, ' ');
  if (finalize) text += '\n';
  *out_ << text << std::flush;
  drawn_width_ = width;
  line_open_ = !finalize;
}

void Progbar::print(std::int64_t current, double per_step, double now) {
  *out_ << progress::step_count(current, target_.value_or(current)) << " - "
        << progress::elapsed(now - start_) << " - "
        << progress::duration_per_unit(per_step, options_.unit_name) << values_text() << '\n'
        << std::flush;
}

}  // namespace gradus
