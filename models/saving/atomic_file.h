#pragma once

#include <filesystem>
#include <string_view>

namespace gradus::saving {

// Writes the file whole or not at all: the bytes go to a new file of unpredictable name in the same folder,
// reach the disk, and take the place of `path` in one step, with the permissions of the file that was there.
// A symbolic link at `path` is replaced, not followed. FileError with the path and the system's reason; what
// was at `path` is then as it was, and nothing is left beside it.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace gradus::saving
