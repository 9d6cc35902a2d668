#include <gradus/graph/error.h>
#include <gradus/tools/failures.h>
#include <gradus/tools/tutorial/optimizers.h>
#include <gradus/tools/tutorial/parts.h>
#include <gradus/tools/tutorial/spiral.h>
#include <gradus/tools/tutorial/tutorial.h>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace gradus::tutorial {

namespace {

// With weights given, only what they are for is run unless asked for: the regression has none.
std::set<std::string> chosen_parts(const TutorialOptions& options, const WeightsFile& file) {
  if (!options.weights) {
    return options.parts.empty() ? std::set<std::string>{"a", "b", "c", "d"} : options.parts;
  }
  std::set<std::string> parts = options.parts;
  if (parts.empty()) {
    if (file.blobs) parts.insert("a");
    if (file.linear) parts.insert("b");
  }
  const auto refuse = [&](const std::string& part, const std::string& why) {
    if (parts.contains(part)) throw ValueError("--part " + part + " with --weights: " + why);
  };
  if (!file.blobs) refuse("a", "the file has no \"blobs\"");
  if (!file.linear) refuse("b", "the file has no \"linear\"");
  refuse("c", "the regression is only trained");
  for (const char* part : {"fashion", "optimizers", "spiral"}) refuse(part, "its nets are only trained");
  return parts;
}

}  // namespace

void run(const TutorialOptions& options) {
  WeightsFile file;
  if (options.weights) file = read_weights(*options.weights);
  const std::set<std::string> parts = chosen_parts(options, file);

  Output output(options.out, options.pictures);
  std::vector<Result> results;
  if (parts.contains("a")) results.push_back(run_blobs(options.seed, file.blobs, output));
  if (parts.contains("b")) results.push_back(run_linear(options.seed, file.linear, output));
  if (parts.contains("c")) results.push_back(run_regression(options.seed, output));
  if (parts.contains("d")) run_worked_example();
  const auto add = [&](std::vector<Result> more) { std::ranges::move(more, std::back_inserter(results)); };
  FashionOptions fashion = options.fashion;
  fashion.seed = options.seed;
  if (parts.contains("fashion")) add(run_fashion(fashion, output));
  if (parts.contains("optimizers")) add(run_optimizers(fashion, output));
  if (parts.contains("spiral")) add(run_spiral(output));
  output.write("results.json", results_json(results));
  std::cout << "Everything is in " << output.folder().string() << std::endl;
  if (!output.failures().empty()) throw tools::Failures(output.failures());
}

}  // namespace gradus::tutorial
