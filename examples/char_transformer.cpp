// A small transformer that learns to write, one character after the other, from the pages in docs/ or from a
// file you name. It is judged by text it has not seen: every tenth stretch of a thousand characters.
//   char_transformer [file | --quick]

#include <gradus/gradus.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#ifndef DOCS_FOLDER
#define DOCS_FOLDER "docs"
#endif

using namespace gradus;

constexpr std::int64_t kContext = 64;  // how many characters it looks back at
constexpr std::int64_t kWidth = 128, kHeads = 4, kBlocks = 2, kBatch = 32;

struct Text {
  std::string seen, unseen;
  std::string characters;  // each that occurs, once

  explicit Text(const std::vector<std::filesystem::path>& files) {
    for (const auto& path : files) {
      std::ifstream file(path, std::ios::binary);
      if (!file) throw FileError("cannot read " + path.string());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      for (std::size_t i = 0; 1000 * i < text.size(); ++i) {
        (i % 10 == 9 ? unseen : seen) += text.substr(1000 * i, 1000);
      }
    }
    if (std::ssize(unseen) <= kContext) throw ValueError("too little text: 10,000 characters are needed");
    characters = seen + unseen;
    std::sort(characters.begin(), characters.end());
    characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  }
  std::int32_t code(char c) const { return static_cast<std::int32_t>(characters.find(c)); }
};

std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(DOCS_FOLDER)) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Pieces of a text, as codes: each from its start on, and what follows each of its characters.
Data pieces(const Text& text, const std::string& of, const std::vector<std::int64_t>& starts) {
  std::vector<std::int32_t> x, y;
  for (const std::int64_t start : starts) {
    for (std::int64_t i = start; i < start + kContext; ++i) {
      x.push_back(text.code(of[static_cast<std::size_t>(i)]));
      y.push_back(text.code(of[static_cast<std::size_t>(i + 1)]));
    }
  }
  const Shape shape{std::ssize(starts), kContext};
  return {Tensor(x, shape), Tensor(y, shape)};
}

// Adds to each place of a piece a vector of its own, which is learned.
struct Positions : Layer::Kind {
  void build(const Shape& input) override { table = add_weight("table", input, {.initializer = "uniform"}); }
  Variable call(const Operand& x, CallOptions) override { return x + table; }
  Parameter table;
};

// Each character looks back at those before it, then is worked on by itself; both are added to what it was.
Symbol block(Symbol x) {
  const Symbol a = LayerNormalization()(x);
  x = x + MultiHeadAttention(kHeads, kWidth / kHeads)({a, a}, {.use_causal_mask = true});
  const Symbol b = Dense(4 * kWidth, {.activation = "relu"})(LayerNormalization()(x));
  return x + Dense(kWidth)(b);
}

Model transformer(std::int64_t kinds, std::int64_t steps) {
  const Input in({kContext}, {.dtype = DType::int32});
  Symbol x = Layer(Positions())(Embedding(kinds, kWidth)(in));
  for (int i = 0; i < kBlocks; ++i) x = block(x);
  const Symbol logits = Dense(kinds)(LayerNormalization()(x));
  Model model({in}, {logits}, {.seed = 1});
  const CosineDecay learning_rate(0, steps, {.warmup_target = 3e-3, .warmup_steps = steps / 10});
  model.compile(
      {.optimizer = AdamW({.learning_rate = learning_rate, .weight_decay = 0.01, .global_clipnorm = 1}),
       .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  return model;
}

// What the model writes after `start`: each character is drawn by its probability; a temperature below 1
// makes likely ones likelier.
std::string continued(const Model& model, const Text& text, const std::string& start, int count,
                      double temperature, Random& random) {
  std::string written = start;
  for (int i = 0; i < count; ++i) {
    const Data last = pieces(text, written + ' ', {std::ssize(written) - kContext});
    const Tensor logits = model.predict_on_batch(last.x.only())[0][kContext - 1];
    const auto p = softmax(logits / temperature).value().to_vector<double>();
    double left = random.uniform({1}).item();
    std::size_t next = 0;
    while (next + 1 < p.size() && left > p[next]) left -= p[next++];
    written += text.characters[next];
  }
  return written.substr(start.size());
}

int main(int argc, char** argv) try {
  const std::string argument = argc > 1 ? argv[1] : "";
  const bool quick = argument == "--quick";  // few steps, to see that it runs
  const bool own_file = !argument.empty() && !quick;
  const Text text(own_file ? std::vector<std::filesystem::path>{argument} : pages());
  const std::int64_t kinds = std::ssize(text.characters), steps = quick ? 30 : 600;
  const Model model = transformer(kinds, steps);
  std::printf("%zu characters to learn from, %zu to be judged by, %zu kinds of them; %td weights\n",
              text.seen.size(), text.unseen.size(), text.characters.size(),
              static_cast<std::ptrdiff_t>(model.count_params()));

  Random random(2);
  const Tensor starts = random.integers({steps * kBatch}, 0, std::ssize(text.seen) - kContext);
  const Data train = pieces(text, text.seen, starts.to_vector<std::int64_t>());
  std::vector<std::int64_t> in_turn;
  for (std::int64_t i = 0; i + kContext < std::ssize(text.unseen); i += kContext) in_turn.push_back(i);
  const Data test = pieces(text, text.unseen, in_turn);

  const double before = model.evaluate(test.x, test.y, {.verbose = 0}).loss;
  const auto began = std::chrono::steady_clock::now();
  model.fit(train.x, train.y, {.batch_size = kBatch});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const double after = model.evaluate(test.x, test.y, {.verbose = 0}).loss;

  const std::string start = text.unseen.substr(text.unseen.size() / 2 - kContext, kContext);
  std::printf("\nAfter [%s] it writes:\n%s\n", start.c_str(),
              continued(model, text, start, quick ? 20 : 600, 0.7, random).c_str());
  std::printf(
      "\nLoss on text it has not seen: %.3f nats a character after %.0f s of training (before: %.3f).\n",
      after, took.count(), before);
  std::printf("It hesitates as if among %.1f characters; before, among %.1f.\n", std::exp(after),
              std::exp(before));
  return after < (quick ? before - 0.5 : own_file ? before / 2 : 1.9) ? 0 : 1;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
