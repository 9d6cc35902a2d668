// The floor of the small program, and of compiling it: the headers of the standard library that ours needs.
#include "report.h"

#include <array>
#include <concepts>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

int main() {
  const std::vector<double> values = {1, 2, 3};
  gradus::bench::report(values.back());
}
