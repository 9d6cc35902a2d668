#include <gradus/graph/error.h>
#include <gradus/models/data/read_npy.h>

#include <gtest/gtest.h>

#include "../saving/temporary_folder.h"
#include "../says.h"

namespace gradus::data {
namespace {

using testing::HasSubstr;

class ReadNpy : public saving::TemporaryFolder {
 protected:
  std::string file() const { return folder() / "file.npy"; }
  std::string refusal(const std::string& content) const {
    write(file(), content);
    try {
      read_npy(file());
      return "accepted";
    } catch (const FileError& error) {
      return error.what();
    }
  }
};

// What numpy.save writes for a header: the dict filled up to 128 bytes with the ten before it.
std::string npy(std::string dict, const std::string& values) {
  dict.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + dict + "\n" + values;
}

TEST_F(ReadNpy, ReadsBackWhatWasSaved) {
  for (const DType dtype : {DType::float32, DType::float64, DType::int32, DType::int64, DType::boolean}) {
    for (const Tensor& tensor : {Tensor{{1, 0, 1}, {0, 1, 1}}, Tensor::scalar(1), Tensor::zeros({0, 4})}) {
      save_npy(file(), tensor.cast(dtype));
      EXPECT_TRUE(identical(read_npy(file()), tensor.cast(dtype)));
    }
  }
}

TEST_F(ReadNpy, ReadsNumpysBytes) {
  // numpy.save("…", numpy.array([[1, 2], [3, -1]], dtype="<i4"))
  const std::string values("\1\0\0\0\2\0\0\0\3\0\0\0\xFF\xFF\xFF\xFF", 16);
  const std::string content = npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }", values);
  write(file(), content);
  const Tensor expected({{1, 2}, {3, -1}}, DType::int32);
  EXPECT_TRUE(identical(read_npy(file()), expected));
  save_npy(file(), expected);
  EXPECT_EQ(read(file()), content);
}

TEST_F(ReadNpy, SaysWhatIsWrongWithAFile) {
  const auto with = [&](const std::string& dict, const std::string& values = "") {
    return refusal(npy(dict, values));
  };
  EXPECT_THAT(refusal(""), HasSubstr("file.npy': it is not in the .npy format"));
  EXPECT_THAT(refusal("PK\3\4 and much more"), HasSubstr("it is not in the .npy format"));
  EXPECT_THAT(refusal(std::string("\x93NUMPY\x01\x00\x76\x00{", 11)), HasSubstr("within its .npy header"));
  EXPECT_THAT(with("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "1234567"),
              HasSubstr("its shape [2] of float32 does not take the 7 bytes"));
  EXPECT_THAT(with("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "123456789"),
              HasSubstr("does not take the 9 bytes"));
  EXPECT_THAT(with("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,), }"),
              HasSubstr("overflows"));
  EXPECT_THAT(with("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 2), }"), HasSubstr("Fortran order"));
  EXPECT_THAT(with("{'descr': '>f8', 'fortran_order': False, 'shape': (0,), }"), HasSubstr("big-endian"));
  EXPECT_THAT(with("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", "\2"),
              HasSubstr("boolean values are not all 0 or 1"));
  EXPECT_THAT([&] { read_npy(folder()); }, testing_data::says<FileError>("it is a folder"));
  EXPECT_THROW(save_npy(file(), Tensor()), StateError);
  EXPECT_THAT([&] { save_npy(folder() / "no" / "file", Tensor{1}); },
              testing_data::says<FileError>("no/file"));
}

}  // namespace
}  // namespace gradus::data
