#include <gradus/models/saving/stored_zip.h>
#include <gradus/models/saving/zip_format.h>

#include <set>

namespace gradus::saving {

namespace {

using zip::Fields;

// What local header and directory both say of a member.
struct Common {
  std::uint16_t version = 0, flags = 0, method = 0;
  std::uint32_t time = 0, crc = 0, packed = 0, size = 0;
  std::uint16_t name_length = 0, extra_length = 0;
  bool operator==(const Common&) const = default;
};

Common read_common(Fields& fields) {
  Common common;
  common.version = fields.u16();
  common.flags = fields.u16();
  common.method = fields.u16();
  common.time = fields.u32();
  common.crc = fields.u32();
  common.packed = fields.u32();
  common.size = fields.u32();
  common.name_length = fields.u16();
  common.extra_length = fields.u16();
  return common;
}

struct Directory {
  std::uint64_t offset = 0, size = 0, count = 0;
};

Directory find_directory(const InputFile& file) {
  const auto fail = [&](const std::string& reason) { file.fail("not a whole zip archive: " + reason); };
  if (file.size() < zip::kEndSize) fail("it has " + std::to_string(file.size()) + " bytes");
  const std::string start = file.read(0, 4);
  const std::uint32_t signature = Fields(start).u32();
  if (signature != zip::kLocalSignature && signature != zip::kEndSignature) fail("it does not start as one");
  const std::uint64_t end_offset = file.size() - zip::kEndSize;
  const std::string end = file.read(end_offset, zip::kEndSize);
  Fields fields(end);
  if (fields.u32() != zip::kEndSignature) fail("its end record is not at its end");
  const std::uint16_t disk = fields.u16(), directory_disk = fields.u16();
  const std::uint16_t count_here = fields.u16(), count = fields.u16();
  const std::uint32_t size = fields.u32(), offset = fields.u32();
  const std::uint16_t comment = fields.u16();
  if (count == zip::kMax16 || size == zip::kMax32 || offset == zip::kMax32) {
    file.fail("it is a zip64 archive, which is not supported");
  }
  if (disk != 0 || directory_disk != 0 || count_here != count) fail("it is part of several");
  if (comment != 0) fail("its end record announces a comment");
  if (std::uint64_t{offset} + size != end_offset)
    fail("its directory does not end where the end record starts");
  return {offset, size, count};
}

// Reads the directory's entries and checks each against its local header, which must follow the member before
// it.
class DirectoryReader {
 public:
  DirectoryReader(const InputFile& file, const Directory& directory)
      : file_(file),
        directory_(directory),
        text_(file.read(directory.offset, directory.size)),
        rest_(text_) {}

  std::vector<ZipMember> read() {
    std::vector<ZipMember> members;
    for (std::uint64_t i = 0; i < directory_.count; ++i) members.push_back(read_member(i));
    if (!rest_.empty()) file_.fail("the zip directory has bytes after its last entry");
    if (position_ != directory_.offset)
      file_.fail("there are bytes between the last member and the zip directory");
    return members;
  }

 private:
  ZipMember read_member(std::uint64_t index) {
    const std::string entry = "entry " + std::to_string(index) + " of the zip directory ";
    if (rest_.size() < zip::kCentralSize) file_.fail(entry + "is cut short");
    Fields fields(rest_.substr(0, zip::kCentralSize));
    if (fields.u32() != zip::kCentralSignature) file_.fail(entry + "does not start as one");
    fields.u16();  // what made it
    const Common common = read_common(fields);
    const std::uint16_t comment_length = fields.u16(), disk = fields.u16();
    fields.u16();  // attributes
    fields.u32();
    const std::uint32_t offset = fields.u32();
    rest_.remove_prefix(zip::kCentralSize);
    if (rest_.size() < common.name_length) file_.fail(entry + "is cut short");
    const std::string name(rest_.substr(0, common.name_length));
    rest_.remove_prefix(common.name_length);

    const std::string member = "member '" + name + "' ";
    if (common.packed == zip::kMax32 || common.size == zip::kMax32 || offset == zip::kMax32) {
      file_.fail(member + "is zip64, which is not supported");
    }
    if (common.method != 0) file_.fail(member + "is compressed; only stored members are taken");
    if ((common.flags & ~zip::kUtf8Flag) != 0)
      file_.fail(member + "is encrypted or has flags that are not supported");
    if (common.version > zip::kZip64Version) file_.fail(member + "needs a later version of zip");
    if (common.extra_length != 0 || comment_length != 0 || disk != 0) {
      file_.fail(member + "has extra fields, a comment or another disk in the zip directory");
    }
    if (common.packed != common.size) file_.fail(member + "is stored but has two sizes");
    if (offset != position_) file_.fail(member + "does not start where the one before it ends");
    if (!names_.insert(name).second) file_.fail(member + "occurs twice");
    return read_local(common, name, member);
  }

  ZipMember read_local(const Common& common, const std::string& name, const std::string& member) {
    const auto left = [&] { return directory_.offset - position_; };
    if (left() < zip::kLocalSize) file_.fail(member + "runs into the zip directory");
    const std::string header = file_.read(position_, zip::kLocalSize);
    Fields fields(header);
    if (fields.u32() != zip::kLocalSignature) file_.fail(member + "does not start with a local header");
    Common local = read_common(fields);
    position_ += zip::kLocalSize;
    if (left() < std::uint64_t{local.name_length} + local.extra_length) {
      file_.fail(member + "runs into the zip directory");
    }
    const std::string local_name = file_.read(position_, local.name_length);
    const std::string extra = file_.read(position_ + local.name_length, local.extra_length);
    position_ += local.name_length + std::uint64_t{local.extra_length};
    if (!extra.empty()) take_zip64_sizes(local, extra, common.size, member);
    if (local != common || local_name != name)
      file_.fail(member + "differs from its entry in the zip directory");
    if (left() < common.size) file_.fail(member + "runs into the zip directory");
    ZipMember result{name, position_, common.size, common.crc};
    position_ += common.size;
    return result;
  }

  // Python writes the two sizes into a zip64 field of the local header although they fit: taken when they
  // agree.
  void take_zip64_sizes(Common& local, std::string_view extra, std::uint32_t size,
                        const std::string& member) const {
    Fields fields(extra);
    const bool agrees = extra.size() == 20 && fields.u16() == zip::kZip64Field && fields.u16() == 16 &&
                        fields.u64() == size && fields.u64() == size;
    if (!agrees) file_.fail(member + "has an extra field in its local header that is not supported");
    local.extra_length = 0;
    if (local.size == zip::kMax32 && local.packed == zip::kMax32) local.size = local.packed = size;
  }

  const InputFile& file_;
  Directory directory_;
  std::string text_;
  std::string_view rest_;
  std::uint64_t position_ = 0;
  std::set<std::string> names_;
};

}  // namespace

std::vector<ZipMember> read_stored_zip(const InputFile& file) {
  return DirectoryReader(file, find_directory(file)).read();
}

}  // namespace gradus::saving
