#pragma once

// The program that times one library's ops: what of it does not depend on the library.

#include "cases.h"

#include <functional>
#include <string>

namespace gradus::bench {

enum class Phase : std::uint8_t { forward, backward };

class Library {
 public:
  virtual ~Library() = default;
  virtual void set_threads(int count) = 0;
  virtual bool has(const Case& item) const = 0;
  // How this library's way differs from one call of an op of that name; empty where it does not.
  virtual std::string note(const Case&) const { return {}; }
  // What is timed, with its operands made.
  virtual std::function<void()> prepare(const Case& item, Phase phase) const = 0;
};

// Reads `[--threads N] [--list | --notes] [CASE…]`, a case being "op/phase/size", and prints a line
// "CASE<TAB>microseconds" for each, or for all where none is named: the median of a few measurements.
int run_op_program(int argc, char** argv, Library& library);

}  // namespace gradus::bench
