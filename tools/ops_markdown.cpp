#include <gradus/tools/ops_formats.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gradus::tools {

namespace {

std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == what) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

// Text as it is, in a cell of a table: whatever Markdown or HTML would take for their own is escaped.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "&lt;";
    } else if (c == '&') {
      result += "&amp;";
    } else if (c == '\n') {
      result += ' ';
    } else {
      if (std::string_view("\\`*_{}[]>#|~$").find(c) != std::string_view::npos) result += '\\';
      result += c;
    }
  }
  return result;
}

// Code in a cell: fenced by more backticks than it holds, a bar escaped even there, as tables want it.
std::string code(std::string_view text) {
  if (text.empty()) return "";
  std::string fence = "`";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  const std::string_view space = text.front() == '`' || text.back() == '`' ? " " : "";
  std::string result = fence;
  result += space;
  result += replaced(replaced(text, '\n', " "), '|', "\\|");
  result += space;
  return result + fence;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string row(const OpInfo& record) {
  std::string errors;
  for (const OpError& error : record.errors) {
    const std::string message = code(error.message);
    if (errors.find(message) == std::string::npos) errors += (errors.empty() ? "" : "<br>") + message;
  }
  const FirstSample first = first_sample(record);
  const double per_element = first.elements == 0 ? 0 : first.flops / first.elements;
  return "| " + code(record.signature) + " | " + code(record.formula) + " | " +
         (record.differentiable() ? code(record.gradient) : "none") + " | " + plain(record.shapes) + " | " +
         plain(record.kinks) + " | " + errors + " | " + number(per_element) + " |\n";
}

std::string edge(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text[0] == '-' && std::isnan(value) ? text + 1 : text;
}

// What ops of one operand give for infinities, NaN, subnormal and large numbers: a row an op.
std::string edges(std::span<const OpInfo> records) {
  std::string rows, header;
  for (const OpInfo& record : records) {
    Random random(kTestSeed);
    const std::vector<OpSample> all = record.samples(random, kTestExtent);
    const auto sample = std::find_if(all.begin(), all.end(), [](const OpSample& each) {
      return each.extreme && each.inputs.size() == 1 && each.inputs[0].rank() == 1;
    });
    if (sample == all.end()) continue;
    const std::vector<double> from = sample->inputs[0].to_vector<double>();
    const std::vector<double> to =
        sample->call(std::vector{Variable(sample->inputs[0])}).value().to_vector<double>();
    if (from.size() != to.size()) continue;
    if (header.empty()) {
      header = "| x |";
      std::string rule = "| --- |";
      for (const double x : from) {
        header += " " + edge(x) + " |";
        rule += " ---: |";
      }
      header += "\n" + rule + "\n";
    }
    rows += "| " + code(record.name + (sample->arguments.empty() ? "" : ", " + sample->arguments)) + " |";
    for (const double y : to) rows += " " + edge(y) + " |";
    rows += "\n";
  }
  return rows.empty() ? "" : "\n## At the edges\n\nWhat comes out in float32.\n\n" + header + rows;
}

}  // namespace

std::string ops_markdown(std::span<const OpInfo> records) {
  std::vector<std::string> families;
  for (const OpInfo& record : records) {
    if (std::find(families.begin(), families.end(), record.family) == families.end()) {
      families.push_back(record.family);
    }
  }
  std::string text =
      "# Ops\n\n"
      "Written by `gradus ops --markdown` from the ops' own records: don't edit it, renew it.\n\n"
      "In a gradient `g` is the gradient of the result `y`, and `dx` that of the operand `x`. Errors are "
      "those that an op's tests\nprovoke; the text that a user sees also has the op's name and the line of "
      "the "
      "call. FLOPs are those of the forward\npass, estimated, an element of its largest tensor, where "
      "extents are " +
      std::to_string(kSampleExtent) + ".\n";
  for (const std::string& family : families) {
    text += "\n## " + family +
            "\n\n| op | formula | gradient | shapes | kinks | errors | FLOPs |\n"
            "| --- | --- | --- | --- | --- | --- | ---: |\n";
    for (const OpInfo& record : records) {
      if (record.family == family) text += row(record);
    }
  }
  return text + edges(records);
}

}  // namespace gradus::tools
