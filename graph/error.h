#pragma once

#include <stdexcept>
#include <string>

namespace gradus {

// Everything the library throws for a user's mistake. The text tells the story: what was asked, the shapes or
// value at fault, the user's line. Thrown before anything changed.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

// Shapes, ranks or axes that do not fit.
class ShapeError : public Error {
 public:
  using Error::Error;
};

// An element type that an operation does not take, or a mix of two.
class DTypeError : public Error {
 public:
  using Error::Error;
};

// A value, attribute or name outside what is allowed.
class ValueError : public Error {
 public:
  using Error::Error;
};

// A call out of order: fit before compile, backward through a value that has changed.
class StateError : public Error {
 public:
  using Error::Error;
};

// More memory than there is, or than `set_memory_limit` allows.
class MemoryError : public Error {
 public:
  using Error::Error;
};

// A file that cannot be read, written or understood; the text has the path and the system's reason.
class FileError : public Error {
 public:
  using Error::Error;
};

// A program (dot, gnuplot) that is missing or failed.
class ProcessError : public Error {
 public:
  using Error::Error;
};

}  // namespace gradus
