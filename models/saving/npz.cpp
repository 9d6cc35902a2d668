#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>
#include <gradus/models/saving/crc32.h>
#include <gradus/models/saving/input_file.h>
#include <gradus/models/saving/npy.h>
#include <gradus/models/saving/npz.h>
#include <gradus/models/saving/stored_zip.h>

#include <algorithm>
#include <bit>
#include <set>
#include <string_view>

namespace gradus::saving {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

namespace {

constexpr std::string_view kSuffix = ".npy";

std::string read_header(const InputFile& file, const ZipMember& member) {
  if (member.size < kNpyPrefix) throw ValueError("it is not in the .npy format");
  const std::size_t size = npy_header_size(file.read(member.offset, kNpyPrefix));
  if (size > member.size) throw ValueError("its .npy header is longer than the member");
  return file.read(member.offset, size);
}

Tensor read_tensor(const InputFile& file, const ZipMember& member) {
  const std::string header = read_header(file, member);
  const NpyLayout layout = parse_npy_header(header);
  const auto bytes = static_cast<std::uint64_t>(layout.shape.elements()) * item_size(layout.dtype);
  if (bytes != member.size - header.size()) {
    throw ValueError("its shape " + to_string(layout.shape) + " of " + std::string(to_string(layout.dtype)) +
                     " takes " + std::to_string(bytes) + " bytes, but it has " +
                     std::to_string(member.size - header.size()));
  }
  Tensor tensor = Tensor::empty(layout.shape, layout.dtype);
  const std::span<std::byte> values(tensor.buffer()->data(), tensor.bytes());
  file.read(member.offset + header.size(), values);
  if (crc32(values, crc32(std::as_bytes(std::span(header)))) != member.crc) {
    throw ValueError("its checksum does not agree with its bytes");
  }
  if (layout.dtype == DType::boolean &&
      std::any_of(values.begin(), values.end(), [](std::byte b) { return b > std::byte{1}; })) {
    throw ValueError("its boolean values are not all 0 or 1");
  }
  return tensor;
}

}  // namespace

void save_npz(const std::string& path, std::span<const NamedTensor> tensors) {
  std::set<std::string_view> names;
  StoredZip archive;
  for (const auto& [name, value] : tensors) {
    try {
      value.require_defined();
      if (!names.insert(name).second) throw ValueError("the name occurs twice");
      archive.add(name + std::string(kSuffix), npy_header(value), {value.buffer()->data(), value.bytes()});
    } catch (const StateError& error) {
      throw StateError("save_npz: tensor '" + name + "': " + error.what());
    } catch (const ValueError& error) {
      throw ValueError("save_npz: tensor '" + name.substr(0, 100) + "': " + error.what());
    }
  }
  write_file_atomically(path, archive.finish());
}

std::vector<NamedTensor> load_npz(const std::string& path) {
  const InputFile file(path);
  std::vector<NamedTensor> tensors;
  for (const ZipMember& member : read_stored_zip(file)) {
    const std::string what = "member '" + member.name + "': ";
    if (!member.name.ends_with(kSuffix)) file.fail(what + "its name does not end in .npy");
    try {
      const std::string name = member.name.substr(0, member.name.size() - kSuffix.size());
      tensors.push_back({name, read_tensor(file, member)});
    } catch (const ValueError& error) {
      file.fail(what + error.what());
    }
  }
  return tensors;
}

}  // namespace gradus::saving
