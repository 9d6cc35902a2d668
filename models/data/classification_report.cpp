#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/classification_report.h>

#include <algorithm>
#include <charconv>

namespace gradus::data {

namespace {

// How many characters a UTF-8 text has.
std::size_t length(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, length(text)), ' ') + text;
}

std::string fixed(double value, int digits) {
  std::string text(static_cast<std::size_t>(digits) + 400, '\0');
  const auto result =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
  text.resize(static_cast<std::size_t>(result.ptr - text.data()));
  return text;
}

}  // namespace

std::string classification_report(const Tensor& y_true, const Tensor& y_pred,
                                  const ClassificationReportOptions& options) {
  const ClassificationScores scores = classification_scores(y_true, y_pred, options);
  if (options.digits < 0 || options.digits > 100) {
    throw ValueError("classification_report: digits must be from 0 to 100, got " +
                     std::to_string(options.digits));
  }
  std::size_t width = std::max(length("weighted avg"), static_cast<std::size_t>(options.digits));
  for (const ClassScores& each : scores.classes) width = std::max(width, length(each.name));

  // Weights that are fractions make supports that are printed as fractions.
  const bool whole = !options.sample_weight.defined() || !is_floating(options.sample_weight.dtype());
  const auto line = [&](const std::string& name, const std::string& precision, const std::string& recall,
                        double f1_score, double support) {
    const std::string samples =
        whole ? std::to_string(static_cast<std::int64_t>(support)) : scalar_text(support);
    return right(name, width) + "  " + right(precision, 9) + " " + right(recall, 9) + " " +
           right(fixed(f1_score, options.digits), 9) + " " + right(samples, 9) + "\n";
  };
  const auto row = [&](const ClassScores& each) {
    return line(each.name, fixed(each.precision, options.digits), fixed(each.recall, options.digits),
                each.f1_score, each.support);
  };
  std::string report = right("", width) + "  " + right("precision", 9) + " " + right("recall", 9) + " " +
                       right("f1-score", 9) + " " + right("support", 9) + "\n\n";
  for (const ClassScores& each : scores.classes) report += row(each);
  report += "\n";
  report += scores.accuracy ? line("accuracy", "", "", *scores.accuracy, scores.micro_avg.support)
                            : row(scores.micro_avg);
  return report + row(scores.macro_avg) + row(scores.weighted_avg);
}

}  // namespace gradus::data
