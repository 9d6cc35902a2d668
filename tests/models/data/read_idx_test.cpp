#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/models/data/load_fashion_mnist.h>
#include <gradus/models/data/read_csv.h>
#include <gradus/models/data/read_idx.h>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zlib.h>

#include "../saving/temporary_folder.h"
#include "../says.h"

namespace gradus::data {
namespace {

using testing::HasSubstr;
using testing_data::says;

std::string bytes(std::initializer_list<unsigned> values) {
  std::string text;
  for (const unsigned value : values) text += static_cast<char>(value);
  return text;
}
std::string header(unsigned type, std::initializer_list<std::uint32_t> extents) {
  std::string text = bytes({0, 0, type, static_cast<unsigned>(extents.size())});
  for (const std::uint32_t extent : extents) {
    text += bytes({extent >> 24, extent >> 16 & 255, extent >> 8 & 255, extent & 255});
  }
  return text;
}
// Packed as gzip does.
std::string gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}
const std::string& two_by_three() {
  static const std::string file = header(8, {2, 3}) + bytes({0, 1, 127, 128, 254, 255});
  return file;
}

class ReadIdx : public saving::TemporaryFolder {
 protected:
  std::string file() const { return folder() / "file"; }
  Tensor accepted(const std::string& content, const IdxOptions& options = {}) const {
    write(file(), content);
    return read_idx(file(), options);
  }
  std::string refusal(const std::string& content, const IdxOptions& options = {}) const {
    const std::size_t before = memory_stats().in_use;
    write(file(), content);
    try {
      read_idx(file(), options);
      return "accepted";
    } catch (const FileError& error) {
      EXPECT_EQ(memory_stats().in_use, before);
      EXPECT_THAT(error.what(), HasSubstr("cannot read '" + file() + "': "));
      return error.what();
    }
  }
};

TEST_F(ReadIdx, GivesEachTypeItsDType) {
  EXPECT_TRUE(identical(accepted(two_by_three()), Tensor({{0, 1, 127}, {128, 254, 255}}, DType::int32)));
  EXPECT_TRUE(identical(accepted(header(9, {2}) + bytes({255, 127})), Tensor({-1, 127}, DType::int32)));
  EXPECT_TRUE(
      identical(accepted(header(11, {2}) + bytes({255, 254, 1, 2})), Tensor({-2, 258}, DType::int32)));
  EXPECT_TRUE(identical(accepted(header(12, {2}) + bytes({255, 255, 255, 253, 1, 0, 0, 0})),
                        Tensor({-3, 1 << 24}, DType::int32)));
  EXPECT_TRUE(identical(accepted(header(13, {1}) + bytes({0xC0, 0x20, 0, 0})), Tensor({-2.5})));
  EXPECT_TRUE(identical(accepted(header(14, {1}) + bytes({0x40, 0x0C, 0, 0, 0, 0, 0, 0})),
                        Tensor({3.5}, DType::float64)));
}

TEST_F(ReadIdx, ConvertsWhereAsked) {
  EXPECT_TRUE(
      identical(accepted(two_by_three(), {.dtype = DType::float32}), Tensor({{0, 1, 127}, {128, 254, 255}})));
  EXPECT_EQ(accepted(two_by_three(), {.dtype = DType::int64})(1, 2), 255);
  EXPECT_EQ(accepted(header(14, {1}) + bytes({0x40, 0x0C, 0, 0, 0, 0, 0, 0}), {.dtype = DType::float32})(0),
            3.5);
  EXPECT_EQ(accepted(header(8, {2}) + bytes({0, 9}), {.dtype = DType::boolean})(1), 1);
}

TEST_F(ReadIdx, TakesAScalarAndNoValuesAtAll) {
  EXPECT_EQ(accepted(header(8, {}) + bytes({7})).shape(), Shape());
  EXPECT_EQ(accepted(header(8, {3, 0})).shape(), (Shape{3, 0}));
}

TEST_F(ReadIdx, UnpacksGzipByItsContent) {
  EXPECT_TRUE(identical(accepted(gzip(two_by_three())), accepted(two_by_three())));
  // More than a piece of the reader.
  std::string many = header(8, {100000});
  for (int i = 0; i < 100000; ++i) many += static_cast<char>(i % 251);
  EXPECT_TRUE(identical(accepted(gzip(many)), accepted(many)));
}

TEST_F(ReadIdx, RefusesAFileThatIsCutShortAnywhere) {
  for (const std::string& whole : {two_by_three(), gzip(two_by_three())}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THAT(refusal(whole.substr(0, size)),
                  testing::AnyOf(HasSubstr("ends too early"), HasSubstr("more than it can hold")))
          << size;
    }
  }
}

TEST_F(ReadIdx, RefusesWhatFollows) {
  EXPECT_THAT(refusal(two_by_three() + "x"), HasSubstr("more follows the values"));
  EXPECT_THAT(refusal(gzip(two_by_three() + "x")), HasSubstr("more follows the values"));
  EXPECT_THAT(refusal(gzip(two_by_three()) + "x"), HasSubstr("more follows its gzip data"));
  EXPECT_THAT(refusal(gzip(two_by_three()) + gzip(two_by_three())), HasSubstr("more follows its gzip data"));
}

TEST_F(ReadIdx, RefusesAnotherMagicOrType) {
  EXPECT_THAT(refusal("\x89PNG\r\n"), HasSubstr("not an IDX file: that begins with two zero bytes"));
  for (const unsigned type : {0U, 7U, 10U, 15U, 255U}) {
    EXPECT_THAT(refusal(header(type, {1}) + "x"), HasSubstr("type " + std::to_string(type) + " is none of"));
  }
}

TEST_F(ReadIdx, RefusesSizesBeyondTheFile) {
  EXPECT_THAT(refusal(header(8, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}) + "x"), HasSubstr("overflows"));
  EXPECT_THAT(refusal(header(8, {1U << 31, 1U << 31}) + "x"), HasSubstr("more than it can hold"));
  EXPECT_THAT(refusal(gzip(header(14, {1U << 31, 1U << 20}) + "x")), HasSubstr("more than it can hold"));
  EXPECT_THAT(refusal(header(8, {70}) + "123456"), HasSubstr("has 70 values, more than it can hold"));
}

TEST_F(ReadIdx, RefusesABombBeforeItTakesMemory) {
  const std::uint32_t size = 50U << 20;
  const std::string bomb = gzip(header(8, {size}) + std::string(size, '\0'));
  EXPECT_LT(bomb.size(), 60000U);
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  EXPECT_THAT(refusal(bomb, {.max_bytes = 10 << 20}), HasSubstr("of max_bytes"));
  EXPECT_EQ(memory_stats().peak, before);
  // What says little and unpacks to much is read no further than it says.
  const std::string sly = gzip(header(8, {4}) + std::string(size, '\0'));
  EXPECT_THAT(refusal(sly), HasSubstr("more follows the values"));
}

TEST_F(ReadIdx, RefusesEveryDamagedByteOfAGzipFile) {
  const std::string whole = gzip(two_by_three());
  constexpr std::size_t kTimeAndSystem = 4;  // say nothing about the content
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i >= kTimeAndSystem && i < 10) continue;
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(refusal(damaged), "accepted") << i;
  }
  std::string checksum = whole;
  checksum[whole.size() - 8] = static_cast<char>(checksum[whole.size() - 8] + 1);
  EXPECT_THAT(refusal(checksum), HasSubstr("its gzip data are damaged: incorrect data check"));
}

TEST_F(ReadIdx, RefusesWhatIsNoRegularFile) {
  EXPECT_THAT([&] { read_idx(folder() / "none"); }, says<FileError>("none': No such file or directory"));
  EXPECT_THAT([&] { read_idx(folder()); }, says<FileError>("it is a folder"));
  EXPECT_THAT([&] { read_idx(""); }, says<FileError>("No such file"));
  const std::string pipe = folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT([&] { read_idx(pipe); }, says<FileError>("it is not a regular file"));
  EXPECT_THAT([] { read_idx("/dev/zero"); }, says<FileError>("it is not a regular file"));
}

TEST_F(ReadIdx, RefusesAValueThatTheDtypeLacks) {
  write(file(), header(13, {1}) + bytes({0x7F, 0xC0, 0, 0}));
  EXPECT_THAT([&] { read_idx(file(), {.dtype = DType::int32}); }, testing::Throws<ValueError>());
}

class FashionMnistFiles : public ReadIdx {
 protected:
  FashionMnistFiles() {
    for (const char* part : {"train", "t10k"}) {
      write_part(part, header(8, {2, 28, 28}) + std::string(2 * 28 * 28, '\xFF'),
                 header(8, {2}) + bytes({9, 0}));
    }
  }
  void write_part(const std::string& part, const std::string& images, const std::string& labels) const {
    write(folder() / (part + "-images-idx3-ubyte.gz"), gzip(images));
    write(folder() / (part + "-labels-idx1-ubyte"), labels);
  }
  FashionMnist load() const { return load_fashion_mnist({.path = folder()}); }
};

TEST_F(FashionMnistFiles, AreReadPackedOrNot) {
  const auto [x_train, y_train, x_test, y_test] = load();
  EXPECT_TRUE(identical(x_train, Tensor::full({2, 28, 28}, 255)));
  EXPECT_TRUE(identical(y_test, Tensor({9, 0}, DType::int32)));
  EXPECT_EQ(kFashionMnistClasses[9], "Ankle boot");
}

TEST_F(FashionMnistFiles, AreMissedWithTheNameOfTheirPackage) {
  std::filesystem::remove(folder() / "t10k-labels-idx1-ubyte");
  EXPECT_THAT([&] { load(); },
              says<FileError>("load_fashion_mnist: there is no '", "t10k-labels-idx1-ubyte.gz'",
                              "apt-get install dataset-fashion-mnist"));
}

TEST_F(FashionMnistFiles, AreRefusedWhenTheyHoldSomethingElse) {
  const std::string pictures = header(8, {2, 28, 28}) + std::string(2 * 28 * 28, '\0');
  const std::string labels = header(8, {2}) + bytes({9, 0});
  write_part("train", header(8, {2, 3}) + "123456", labels);
  EXPECT_THAT([&] { load(); }, says<FileError>("train-images", "[2, 3], not pictures of 28 x 28"));
  write_part("train", pictures, header(8, {3}) + "123");
  EXPECT_THAT([&] { load(); }, says<FileError>("train-labels", "labels of shape [3] for 2 pictures"));
  write_part("train", pictures, header(8, {2}) + bytes({10, 0}));
  EXPECT_THAT([&] { load(); }, says<FileError>("train-labels", "has the label 10"));
  write_part("train", pictures, header(13, {2}) + std::string(8, '\0'));
  EXPECT_THAT([&] { load(); }, says<FileError>("train-labels", "no whole numbers"));
}

TEST(FashionMnist, IsWhatDebianShips) {
  const auto [x_train, y_train, x_test, y_test] = load_fashion_mnist();
  EXPECT_EQ(x_train.shape(), (Shape{60000, 28, 28}));
  EXPECT_EQ(y_train.shape(), Shape{60000});
  EXPECT_EQ(x_test.shape(), (Shape{10000, 28, 28}));
  EXPECT_EQ(y_test.shape(), Shape{10000});
  // Each class is a tenth, and the pictures have the published mean brightness.
  std::array<int, 10> count = {};
  for (const std::int32_t label : y_train.values<std::int32_t>()) ++count.at(static_cast<std::size_t>(label));
  EXPECT_THAT(count, testing::Each(6000));
  double sum = 0;
  for (const float value : x_train.values<float>()) sum += static_cast<double>(value);
  EXPECT_NEAR(sum / 255 / static_cast<double>(x_train.size()), 0.2860, 5e-5);
}

TEST_F(ReadIdx, SharesItsGzipWithCsv) {
  write(file(), gzip("a,b\n1,2\n"));
  EXPECT_TRUE(identical(read_csv(file()).x, Tensor({{1, 2}}, DType::float64)));
  const std::string packed = gzip("a,b\n1,2\n");
  write(file(), packed.substr(0, packed.size() - 9));
  EXPECT_THAT([&] { read_csv(file()); }, says<FileError>("its gzip data are cut short"));
}

}  // namespace
}  // namespace gradus::data
