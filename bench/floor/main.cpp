#include "floors.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif
#include <omp.h>

namespace {

using namespace gradus::bench;

std::vector<Case> floors() {
  const auto net = [](const floor::Mlp& description) {
    return [description](const Settings& settings) { return floor::mlp(description, settings); };
  };
  return {
      {"chain_add", [](const Settings&) { return floor::chain(false); }},
      {"chain_multiply", [](const Settings&) { return floor::chain(true); }},
      {"i", net({.widths = {2, 4}, .batch = 32, .batches = 64})},
      {"ii_sgd", net({.widths = {784, 128, 10}, .batch = 32})},
      {"ii_adam", net({.widths = {784, 128, 10}, .batch = 32, .adam = true})},
      {"iii_sgd", net({.widths = {784, 512, 512, 10}, .batch = 128})},
      // Products of bfloat16 are measured by the floor of float32.
      {"iii_sgd_bfloat16", net({.widths = {784, 512, 512, 10}, .batch = 128})},
      {"iii_adam", net({.widths = {784, 512, 512, 10}, .batch = 128, .adam = true})},
      {"iv_sgd", floor::convolutional_net},
      {"v_sgd", floor::recurrent_net},
  };
}

// Of a process of one thread subnormals are flushed before it has others, which take that over.
void prepare(int threads) {
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() | 0x8040U);
#endif
  omp_set_num_threads(threads);
}

}  // namespace

int main(int argc, char** argv) { return run_program(argc, argv, floors(), prepare); }
