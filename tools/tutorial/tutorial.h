#pragma once

#include <gradus/tools/tutorial/fashion.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace gradus::tutorial {

struct TutorialOptions {
  std::filesystem::path out = "out/tutorial";
  std::uint64_t seed = 101;                           // of the models; the data have seeds of their own
  std::optional<std::filesystem::path> weights = {};  // evaluates these instead of training
  // Of "a", "b", "c", "d", "fashion", "optimizers" and "spiral"; the first four where it is empty.
  std::set<std::string> parts = {};
  FashionOptions fashion = {};  // of "fashion" and "optimizers"; its seed is the one above
  bool pictures = true;
};

// Runs the tutorial: prints what its notebook prints to standard output, and writes data, graphs, pictures
// and results.json into the folder, which is made where it is missing. The same options give the same bytes.
// FileError for a bad file of weights, before anything is written, or a folder that cannot be written to;
// ValueError for a part that the file of weights leaves out; Failures, after everything else is done, for
// pictures that could not be drawn. FileError when the data of "fashion" and "optimizers", a
// package's, are missing.
void run(const TutorialOptions& options);

}  // namespace gradus::tutorial
