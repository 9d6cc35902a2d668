#include <gradus/graph/source_location.h>

namespace gradus {

std::string to_string(const SourceLocation& where) {
  if (where.line() == 0) return {};
  std::string_view file = where.file_name();
  if (const auto slash = file.find_last_of('/'); slash != std::string_view::npos)
    file.remove_prefix(slash + 1);
  return std::string(file) + ":" + std::to_string(where.line());
}

}  // namespace gradus
