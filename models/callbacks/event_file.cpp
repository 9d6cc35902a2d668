#include <gradus/graph/error.h>
#include <gradus/models/callbacks/crc32c.h>
#include <gradus/models/callbacks/event_file.h>

#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace gradus {

namespace {

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class U>
std::string little_endian(U value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(U); ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  return bytes;
}

// Protobuf's wire format: a key (number and type of the field), then the value.
std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(value);
}
std::string key(unsigned field, unsigned wire_type) { return varint((field << 3U) | wire_type); }

std::string integer_field(unsigned field, std::int64_t value) {
  return key(field, 0) + varint(static_cast<std::uint64_t>(value));
}
std::string double_field(unsigned field, double value) {
  return key(field, 1) + little_endian(std::bit_cast<std::uint64_t>(value));
}
std::string bytes_field(unsigned field, std::string_view bytes) {
  return key(field, 2) + varint(bytes.size()) + std::string(bytes);
}
std::string float_field(unsigned field, float value) {
  return key(field, 5) + little_endian(std::bit_cast<std::uint32_t>(value));
}

// Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
// Summary { repeated Value value = 1; }, Value { string tag = 1; float simple_value = 2; }
std::string version_event() { return double_field(1, wall_time()) + bytes_field(3, "brain.Event:2"); }
std::string scalar_event(std::string_view tag, double value, std::int64_t step) {
  const std::string entry = bytes_field(1, tag) + float_field(2, static_cast<float>(value));
  return double_field(1, wall_time()) + integer_field(2, step) + bytes_field(5, bytes_field(1, entry));
}

// A CRC over data that has CRCs in it is weak; hence TensorFlow's mask.
std::string masked_crc(std::string_view bytes) {
  return little_endian(std::rotr(crc32c(bytes), 15) + 0xA282EAD8U);
}

std::string file_name() {
  static std::atomic<int> files = 0;
  std::array<char, 256> host = {};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"localhost"};
  return "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(wall_time())) + "." + host.data() +
         "." + std::to_string(::getpid()) + "." + std::to_string(files++) + ".v2";
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder) : path_(folder / file_name()) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail(error.message());
  errno = 0;
  file_.open(path_, std::ios::binary);
  write_record(version_event());
  flush();
}

void EventFile::add_scalar(std::string_view tag, double value, std::int64_t step) {
  write_record(scalar_event(tag, value, step));
}

void EventFile::write_record(const std::string& event) {
  const std::string length = little_endian(static_cast<std::uint64_t>(event.size()));
  file_ << length << masked_crc(length) << event << masked_crc(event);
}

void EventFile::flush() {
  if (!file_.flush()) fail(errno == 0 ? "the disk may be full" : std::generic_category().message(errno));
}

void EventFile::fail(const std::string& reason) const {
  throw FileError("TensorBoard: cannot write '" + path_.string() + "': " + reason);
}

}  // namespace gradus
