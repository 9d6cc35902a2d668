#pragma once

#include <string>
#include <string_view>
#include <version>

#ifdef __cpp_lib_source_location
#include <source_location>
#endif

namespace gradus {

#ifdef __cpp_lib_source_location
using SourceLocation = std::source_location;
#else
// The same, for compilers whose standard library lacks it (clang 14 with libstdc++ 12).
class SourceLocation {
 public:
  static constexpr SourceLocation current(const char* file = __builtin_FILE(),
                                          unsigned line = __builtin_LINE()) noexcept {
    SourceLocation where;
    where.file_ = file;
    where.line_ = line;
    return where;
  }
  constexpr const char* file_name() const noexcept { return file_; }
  constexpr unsigned line() const noexcept { return line_; }

 private:
  const char* file_ = "";
  unsigned line_ = 0;
};
#endif

// "model.cpp:42", without the folders; empty where nothing is known.
std::string to_string(const SourceLocation& where);

}  // namespace gradus
