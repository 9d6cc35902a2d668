#include <gradus/graph/error.h>
#include <gradus/models/saving/crc32.h>
#include <gradus/models/saving/npz.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <limits>

#include "temporary_folder.h"

namespace gradus::saving {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

std::vector<NamedTensor> samples() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  return {{"kernel", Tensor{{1, 2, 3}, {4, 5, 6.5}}},
          {"bias", Tensor({-0.0, std::numeric_limits<double>::quiet_NaN(), kInf}, DType::float64)},
          {"step", Tensor::scalar(7, DType::int64)},
          {"counts", Tensor(std::vector<int>{-1, 2})},
          {"mask", Tensor(std::vector<bool>{true, false, true})},
          {"none", Tensor::zeros({0, 3})}};
}

// Short, for tests that write it once a byte.
std::vector<NamedTensor> two() {
  return {{"w", Tensor{{1, 2}, {3, 4}}}, {"m", Tensor(std::vector<bool>{true, false, true})}};
}

bool same(const std::vector<NamedTensor>& a, const std::vector<NamedTensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const NamedTensor& x, const NamedTensor& y) {
    return x.name == y.name && identical(x.value, y.value);
  });
}

class Npz : public TemporaryFolder {
 protected:
  std::filesystem::path file() const { return folder() / "weights.npz"; }
  std::string refusal(const std::string& bytes) const {
    write(file(), bytes);
    try {
      load_npz(file());
      return "accepted";
    } catch (const FileError& error) {
      return error.what();
    }
  }
  // An archive of one member, so that its parts stand at known places.
  std::string one_member() const {
    save_npz(file(), std::vector<NamedTensor>{{"w", Tensor{1, 2}}});
    return read(file());
  }
};

// One member w.npy: local header, name, .npy header, two floats, directory entry, end record.
constexpr std::size_t kNpy = 30 + 5;
constexpr std::size_t kDirectory = kNpy + 128 + 8;
constexpr std::size_t kEnd = kDirectory + 46 + 5;

// Replaces text inside the member's .npy and puts the checksums right.
std::string with_npy(std::string archive, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const std::size_t at = archive.find(from);
  EXPECT_NE(at, std::string::npos);
  archive.replace(at, from.size(), to);
  const auto npy = std::as_bytes(std::span(archive)).subspan(kNpy, kDirectory - kNpy);
  const std::uint32_t crc = crc32(npy);
  for (std::size_t i = 0; i < 4; ++i) {
    archive[14 + i] = archive[kDirectory + 16 + i] = static_cast<char>(crc >> 8 * i & 0xFFU);
  }
  return archive;
}

TEST(Crc32, GivesTheStandardsCheckValue) {
  const std::string text = "123456789";
  const auto bytes = std::as_bytes(std::span(text));
  EXPECT_EQ(crc32(bytes), 0xCBF43926U);
  EXPECT_EQ(crc32(bytes.subspan(4), crc32(bytes.first(4))), 0xCBF43926U);
  EXPECT_EQ(crc32({}), 0U);
}

TEST_F(Npz, ReadsBackWhatWasWritten) {
  save_npz(file(), samples());
  EXPECT_TRUE(same(load_npz(file()), samples()));
  save_npz(file(), {});
  EXPECT_TRUE(load_npz(file()).empty());
}

TEST_F(Npz, WritesTheSameBytesForTheSameTensors) {
  save_npz(file(), samples());
  save_npz(folder() / "again.npz", samples());
  EXPECT_EQ(read(file()), read(folder() / "again.npz"));
}

TEST_F(Npz, TakesNamesAsData) {
  const std::vector<NamedTensor> tensors = {{"../../etc/passwd", Tensor{1}},
                                            {"/abs", Tensor{2}},
                                            {std::string("a\0b", 3), Tensor{3}},
                                            {"", Tensor{4}},
                                            {"größe/✓", Tensor{5}},
                                            {std::string(65000, 'x'), Tensor{6}}};
  save_npz(file(), tensors);
  EXPECT_TRUE(same(load_npz(file()), tensors));
}

// numpy.savez("numpy.npz", matrix=numpy.arange(6.0).reshape(2, 3), flag=numpy.array(True)) wrote it: every
// local header has a zip64 field.
TEST_F(Npz, ReadsWhatNumpyWrites) {
  const std::vector<NamedTensor> tensors = load_npz(GRADUS_SOURCE_DIR "/tests/models/saving/numpy.npz");
  ASSERT_EQ(tensors.size(), 2U);
  EXPECT_EQ(tensors[0].name, "matrix");
  EXPECT_TRUE(identical(tensors[0].value, Tensor({{0, 1, 2}, {3, 4, 5}}, DType::float64)));
  EXPECT_EQ(tensors[1].name, "flag");
  EXPECT_TRUE(identical(tensors[1].value, Tensor::scalar(1, DType::boolean)));
}

TEST_F(Npz, RefusesTensorsItCannotName) {
  EXPECT_THAT(
      [&] {
        save_npz(file(), std::vector<NamedTensor>{{"w", Tensor{1}}, {"w", Tensor{2}}});
      },
      ThrowsMessage<ValueError>(HasSubstr("save_npz: tensor 'w': the name occurs twice")));
  EXPECT_THAT(
      [&] {
        save_npz(file(), std::vector<NamedTensor>{{std::string(70000, 'x'), Tensor{1}}});
      },
      ThrowsMessage<ValueError>(HasSubstr("takes names of 65534 bytes")));
  EXPECT_THAT(
      [&] {
        save_npz(file(), std::vector<NamedTensor>{{"w", Tensor()}});
      },
      ThrowsMessage<StateError>(HasSubstr("save_npz: tensor 'w'")));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Npz, RefusesEveryTruncation) {
  save_npz(file(), two());
  const std::string whole = read(file());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_THAT(refusal(whole.substr(0, length)), HasSubstr("cannot read '" + file().string() + "'"))
        << length;
  }
}

TEST_F(Npz, NeverReadsOtherTensorsFromAFileWithOneByteChanged) {
  save_npz(file(), two());
  const std::string whole = read(file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(~changed[i]);
    write(file(), changed);
    try {
      ASSERT_TRUE(same(load_npz(file()), two())) << "byte " << i;
    } catch (const FileError&) {
      continue;
    }
  }
}

TEST_F(Npz, RefusesOtherFormats) {
  EXPECT_THAT(refusal("\x89PNG\r\n\x1a\n and so on and so on and so on"),
              HasSubstr("it does not start as one"));
  EXPECT_THAT(refusal("accuracy,loss\n0.9,0.1\n0.9,0.1\n0.9,0.1\n"), HasSubstr("not a whole zip archive"));
}

TEST_F(Npz, RefusesBytesThatBelongToNoMember) {
  const std::string archive = one_member();
  ASSERT_EQ(archive.size(), kEnd + 22);
  EXPECT_THAT(refusal(archive + "x"), HasSubstr("end record is not at its end"));
  EXPECT_THAT(refusal("x" + archive), HasSubstr("it does not start as one"));
  std::string moved = archive;
  moved.insert(kDirectory, "x");
  EXPECT_THAT(refusal(moved), HasSubstr("its directory does not end where the end record starts"));
  moved[moved.size() - 6]++;
  EXPECT_THAT(refusal(moved), HasSubstr("bytes between the last member and the zip directory"));
  std::string longer = archive;
  longer.insert(kEnd, "x");
  longer[longer.size() - 10]++;
  EXPECT_THAT(refusal(longer), HasSubstr("bytes after its last entry"));
}

TEST_F(Npz, RefusesMembersThatOverlapOrRepeat) {
  const std::string archive = one_member();
  // A second entry for the same member.
  std::string twice = archive.substr(0, kEnd) + archive.substr(kDirectory);
  twice[twice.size() - 14] = twice[twice.size() - 12] = 2;
  twice[twice.size() - 10] = 2 * (46 + 5);
  EXPECT_THAT(refusal(twice), HasSubstr("'w.npy' does not start where the one before it ends"));
  // A second copy of the member, under the same name.
  std::string copies = archive.substr(0, kDirectory) + archive.substr(0, kDirectory) +
                       archive.substr(kDirectory, 51) + archive.substr(kDirectory);
  copies[copies.size() - 14] = copies[copies.size() - 12] = 2;
  copies[copies.size() - 10] = 2 * (46 + 5);
  const auto put = [&](std::size_t at, std::size_t value) {
    copies[at] = static_cast<char>(value & 0xFFU);
    copies[at + 1] = static_cast<char>(value >> 8);
  };
  put(copies.size() - 6, 2 * kDirectory);
  put(2 * kDirectory + 51 + 42, kDirectory);
  EXPECT_THAT(refusal(copies), HasSubstr("'w.npy' occurs twice"));
}

TEST_F(Npz, RefusesLengthsBeyondTheFile) {
  const std::string archive = one_member();
  std::string size = archive;
  for (const std::size_t at : {std::size_t{18}, std::size_t{22}, kDirectory + 20, kDirectory + 24}) {
    size.replace(at, 4, "\xFE\xFF\xFF\xFF");
  }
  EXPECT_THAT(refusal(size), HasSubstr("runs into the zip directory"));
  std::string name = archive;
  name.replace(26, 2, "\xFF\xFF").replace(kDirectory + 28, 2, "\xFF\xFF");
  EXPECT_THAT(refusal(name), HasSubstr("entry 0 of the zip directory is cut short"));
  EXPECT_THAT(refusal(with_npy(archive, std::string("NUMPY\1\0v\0", 9), std::string("NUMPY\1\0\xFF\xFF", 9))),
              HasSubstr("its .npy header is longer than the member"));
}

TEST_F(Npz, RefusesWhatItDoesNotSupport) {
  const std::string archive = one_member();
  const auto with = [&](std::size_t local, std::size_t central, const std::string& bytes) {
    std::string changed = archive;
    return changed.replace(local, bytes.size(), bytes).replace(central, bytes.size(), bytes);
  };
  EXPECT_THAT(refusal(with(8, kDirectory + 10, "\x08")),
              HasSubstr("is compressed; only stored members are taken"));
  EXPECT_THAT(refusal(with(6, kDirectory + 8, "\x01")), HasSubstr("is encrypted"));
  EXPECT_THAT(refusal(with(18, kDirectory + 20, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")), HasSubstr("is zip64"));
  EXPECT_THAT(refusal(with(kEnd + 10, kEnd + 8, "\xFF\xFF")), HasSubstr("it is a zip64 archive"));
  EXPECT_THAT(refusal(with(30, kDirectory + 46, "w.txt")),
              HasSubstr("'w.txt': its name does not end in .npy"));
}

TEST_F(Npz, RefusesNpyHeadersThatLie) {
  const std::string archive = one_member();
  const auto refused = [&](const std::string& from, const std::string& to) {
    return refusal(with_npy(archive, from, to));
  };
  EXPECT_THAT(refused("'<f4'", "'>f4'"), HasSubstr("member 'w.npy': its values are big-endian ('>f4')"));
  EXPECT_THAT(refused("'<f4'", "'<f2'"), HasSubstr("its dtype '<f2' is none of"));
  EXPECT_THAT(refused("False,", "True, "), HasSubstr("Fortran order"));
  EXPECT_THAT(refused("(2,)", "(3,)"), HasSubstr("its shape [3] of float32 takes 12 bytes, but it has 8"));
  EXPECT_THAT(refused("(2,)", "(-2)"), HasSubstr("an extent of the shape is no number"));
  EXPECT_THAT(refused("(2,)", "(02)"), HasSubstr("an extent of the shape is no number"));
  EXPECT_THAT(refused("(2,)", "(2) "), HasSubstr("no \",\" where it belongs"));
  EXPECT_THAT(refused(", }    ", ", } x  "), HasSubstr("more follows the dict"));
  EXPECT_THAT(refused("(2,), }                             ", "(9999999999999999999999,), }        "),
              HasSubstr("overflows"));
  EXPECT_THAT(refused("(2,), }                                         ",
                      "(4194305, 4194305, 211106198978564), }          "),
              HasSubstr("the number of elements of [4194305, 4194305, 211106198978564] overflows"));
  EXPECT_THAT(refused(std::string("NUMPY\1\0", 7), std::string("NUMPY\2\0", 7)),
              HasSubstr("its .npy version is 2.0, only 1.0 is known"));
  EXPECT_THAT(refused("NUMPY", "NUMPI"), HasSubstr("it is not in the .npy format"));
}

TEST_F(Npz, RefusesBooleansThatAreNeither) {
  save_npz(file(), std::vector<NamedTensor>{{"m", Tensor(std::vector<bool>(8, true))}});
  EXPECT_THAT(refusal(with_npy(read(file()), std::string(8, '\1'), std::string(7, '\1') + '\2')),
              HasSubstr("its boolean values are not all 0 or 1"));
}

TEST_F(Npz, ReadsRegularFilesOnly) {
  const auto refusing = [](const std::filesystem::path& path, const std::string& reason) {
    EXPECT_THAT([&] { load_npz(path); },
                ThrowsMessage<FileError>(
                    AllOf(StartsWith("cannot read '" + path.string() + "'"), HasSubstr(reason))));
  };
  refusing(folder() / "missing.npz", "No such file or directory");
  refusing("", "No such file or directory");
  refusing(folder(), "it is a folder");
  refusing("/dev/zero", "it is not a regular file");
  refusing("/dev/urandom", "it is not a regular file");
  ASSERT_EQ(mkfifo((folder() / "pipe").c_str(), 0600), 0);
  refusing(folder() / "pipe", "it is not a regular file");
}

}  // namespace
}  // namespace gradus::saving
