#include <gradus/models/data/load_fashion_mnist.h>
#include <gradus/tools/tutorial/tutorial.h>
#include <gradus/tools/tutorial/tutorial_command.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <map>
#include <memory>

namespace gradus::tutorial {

namespace {

// CLI11 would take -1 for 2^64 - 1, and what is too large for that too.
std::uint64_t parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    throw CLI::ValidationError("--seed", "'" + text + "' is not a whole number from 0 to 2^64 - 1");
  }
  return seed;
}

}  // namespace

void add_tutorial_command(CLI::App& app) {
  const auto options = std::make_shared<TutorialOptions>();
  CLI::App* tutorial = app.add_subcommand(
      "tutorial", "Train the tutorial's models; write its pictures, graphs, data and results.json");
  tutorial->add_option("--out", options->out, "The folder to write into; made where it is missing")
      ->type_name("DIR")
      ->capture_default_str();
  tutorial
      ->add_option_function<std::string>(
          "--seed", [options](const std::string& text) { options->seed = parse_seed(text); },
          "Seeds the models' weights and the order of the batches")
      ->type_name("N")
      ->default_str(std::to_string(options->seed));
  tutorial
      ->add_option("--weights", options->weights,
                   "Evaluate these weights of parts a and b instead of training: JSON, {\"blobs\": "
                   "{\"weights\": [[...]], \"bias\": [...]}, \"linear\": {...}}; a part that is not in the "
                   "file is left out")
      ->type_name("FILE");
  tutorial
      ->add_option(
          "--part", options->parts,
          "Run this part only; may be given more than once: a, four blobs; b, two blobs; c, "
          "regression; d, the worked example; and, only when asked for, fashion, pictures of clothing, "
          "and optimizers, four of them compared (both take minutes, and Debian's package "
          "dataset-fashion-mnist), and spiral, a gradient written by hand and wrong")
      ->type_name("PART")
      ->check(CLI::IsMember({"a", "b", "c", "d", "fashion", "optimizers", "spiral"}));
  tutorial
      ->add_option("--epochs", options->fashion.epochs,
                   "Epochs of parts fashion (20 unless given) and optimizers (3)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  tutorial->add_option("--data", options->fashion.data, "The folder of Fashion-MNIST's four files")
      ->type_name("DIR")
      ->default_str(data::FashionMnistOptions{}.path);
  tutorial
      ->add_option("--matmul-precision", options->fashion.precision,
                   "Of the products in parts fashion and optimizers; bfloat16 is emulated where the "
                   "processor has none")
      ->type_name("PRECISION")
      ->transform(CLI::CheckedTransformer(std::map<std::string, MatmulPrecision>{
          {"float32", MatmulPrecision::float32}, {"bfloat16", MatmulPrecision::bfloat16}}))
      ->default_str("float32");
  tutorial->add_flag_callback(
      "--no-pictures", [options] { options->pictures = false; }, "Leave out what gnuplot and dot draw");
  tutorial->callback([options] { run(*options); });
}

}  // namespace gradus::tutorial
