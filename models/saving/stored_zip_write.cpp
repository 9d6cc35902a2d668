#include <gradus/graph/error.h>
#include <gradus/models/saving/crc32.h>
#include <gradus/models/saving/stored_zip.h>
#include <gradus/models/saving/zip_format.h>

#include <algorithm>

namespace gradus::saving {

namespace {

// 1 January 1980, zip's first day: the same members must give the same bytes on every day.
constexpr std::uint32_t kDate = 0x00210000;

}  // namespace

void StoredZip::add(std::string_view name, std::string_view head, std::span<const std::byte> body) {
  const std::uint64_t size = std::uint64_t{head.size()} + body.size();
  const std::uint64_t offset = bytes_.size();
  const std::uint64_t end = offset + zip::kLocalSize + name.size() + size;
  const std::uint64_t directory_size = directory_.size() + zip::kCentralSize + name.size();
  if (name.size() >= zip::kMax16 || count_ + 1 >= zip::kMax16 || end + directory_size >= zip::kMax32) {
    throw ValueError(
        "a zip archive takes names of 65534 bytes, 65534 members and 4 GiB, too little for member " +
        std::to_string(count_) + " of " + std::to_string(size) + " bytes and a name of " +
        std::to_string(name.size()));
  }
  const bool ascii =
      std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
  std::string common;
  zip::put16(common, zip::kVersion);
  zip::put16(common, ascii ? 0 : zip::kUtf8Flag);
  zip::put16(common, 0);  // stored
  zip::put32(common, kDate);
  zip::put32(common, crc32(body, crc32(std::as_bytes(std::span(head)))));
  zip::put32(common, size);
  zip::put32(common, size);
  zip::put16(common, name.size());
  zip::put16(common, 0);  // no extra field

  zip::put32(bytes_, zip::kLocalSignature);
  bytes_.append(common).append(name).append(head);
  bytes_.append(reinterpret_cast<const char*>(body.data()), body.size());

  zip::put32(directory_, zip::kCentralSignature);
  zip::put16(directory_, zip::kVersion);
  directory_.append(common);
  directory_.append(10, '\0');  // no comment, first disk, no attributes
  zip::put32(directory_, offset);
  directory_.append(name);
  ++count_;
}

std::string StoredZip::finish() {
  const std::size_t offset = bytes_.size();
  bytes_.append(directory_);
  zip::put32(bytes_, zip::kEndSignature);
  zip::put32(bytes_, 0);  // disks
  zip::put16(bytes_, count_);
  zip::put16(bytes_, count_);
  zip::put32(bytes_, directory_.size());
  zip::put32(bytes_, offset);
  zip::put16(bytes_, 0);  // no comment
  return std::move(bytes_);
}

}  // namespace gradus::saving
