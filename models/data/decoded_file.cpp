#include <gradus/models/data/decoded_file.h>
#include <gradus/models/saving/input_file.h>

#include <algorithm>
#include <array>
#include <limits>

#ifdef GRADUS_ZLIB
#include <zlib.h>
#endif

namespace gradus::data {

class DecodedFile::Source {
 public:
  explicit Source(const std::filesystem::path& path) : file_(path) {}
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  virtual std::size_t read(std::span<std::byte> bytes) = 0;  // how many; fewer than asked for at the end only
  virtual std::uint64_t most_bytes() const { return file_.size(); }
  const saving::InputFile& file() const { return file_; }

 private:
  saving::InputFile file_;
};

class DecodedFile::Plain : public Source {
 public:
  using Source::Source;

  std::size_t read(std::span<std::byte> bytes) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), file().size() - at_));
    file().read(at_, bytes.first(count));
    at_ += count;
    return count;
  }

 private:
  std::uint64_t at_ = 0;
};

#ifdef GRADUS_ZLIB

class DecodedFile::Gzip : public Source {
 public:
  explicit Gzip(const std::filesystem::path& path) : Source(path) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) file().fail("there is no memory to unpack it");
  }
  ~Gzip() override { inflateEnd(&stream_); }

  std::size_t read(std::span<std::byte> bytes) override {
    std::size_t done = 0;
    while (done < bytes.size() && !ended_) {
      const std::size_t count = std::min<std::size_t>(bytes.size() - done, std::numeric_limits<uInt>::max());
      stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + done);
      stream_.avail_out = static_cast<uInt>(count);
      step();
      done += count - stream_.avail_out;
    }
    return done;
  }
  // Deflate turns no byte into more than 1032.
  std::uint64_t most_bytes() const override {
    return file().size() > std::numeric_limits<std::uint64_t>::max() / 1032 ? file().size()
                                                                            : file().size() * 1032;
  }

 private:
  void step() {
    if (stream_.avail_in == 0) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(packed_.size(), file().size() - at_));
      if (count == 0) file().fail("it ends too early: its gzip data are cut short");
      file().read(at_, std::span(packed_).first(count));
      at_ += count;
      stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
      stream_.avail_in = static_cast<uInt>(count);
    }
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      ended_ = true;
      if (stream_.avail_in != 0 || at_ != file().size()) file().fail("more follows its gzip data");
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      file().fail("its gzip data are damaged" +
                  (stream_.msg == nullptr ? std::string() : ": " + std::string(stream_.msg)));
    }
  }

  z_stream stream_ = {};
  std::array<std::byte, 65536> packed_;
  std::uint64_t at_ = 0;
  bool ended_ = false;
};

#else

class DecodedFile::Gzip : public Source {
 public:
  explicit Gzip(const std::filesystem::path& path) : Source(path) {
    file().fail("it is packed by gzip, and this build of Gradus has no zlib (Debian: zlib1g-dev)");
  }
  std::size_t read(std::span<std::byte> /*bytes*/) override { return 0; }
};

#endif

DecodedFile::DecodedFile(const std::filesystem::path& path) : source_(std::make_unique<Plain>(path)) {
  std::array<std::byte, 2> magic = {};
  if (source_->file().size() < magic.size()) return;
  source_->file().read(0, magic);
  if (magic == std::array{std::byte{0x1F}, std::byte{0x8B}}) source_ = std::make_unique<Gzip>(path);
}
DecodedFile::~DecodedFile() = default;

void DecodedFile::read(std::span<std::byte> bytes) {
  if (source_->read(bytes) != bytes.size()) fail("it ends too early");
}

std::size_t DecodedFile::read_some(std::span<std::byte> bytes) { return source_->read(bytes); }

void DecodedFile::expect_end() {
  std::array<std::byte, 1> more = {};
  if (source_->read(more) != 0) fail("more follows the values");
}

std::uint64_t DecodedFile::most_bytes() const { return source_->most_bytes(); }
void DecodedFile::fail(const std::string& reason) const { source_->file().fail(reason); }

}  // namespace gradus::data
