#include <gradus/graph/error.h>
#include <gradus/models/data/read_csv.h>

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>
#include <locale>

#include "../saving/temporary_folder.h"
#include "../says.h"

namespace gradus::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tensor doubles(std::initializer_list<TensorLiteral> values) { return Tensor(values, DType::float64); }

class ReadCsv : public saving::TemporaryFolder {
 protected:
  std::string file() const { return folder() / "file.csv"; }
  CsvTable read(const std::string& content, const CsvOptions& options = {}) const {
    write(file(), content);
    return read_csv(file(), options);
  }
  // The values of a file without a header.
  Tensor values(const std::string& content, CsvOptions options = {}) const {
    options.header = false;
    return read(content, options).x;
  }
  // What is said about the file, or the options.
  std::string refusal(const std::string& content, const CsvOptions& options = {}) const {
    try {
      read(content, options);
      return "accepted";
    } catch (const Error& error) {
      return error.what();
    }
  }
  std::string refused_values(const std::string& content, CsvOptions options = {}) const {
    options.header = false;
    return refusal(content, options);
  }
};

TEST_F(ReadCsv, ReadsNamedColumns) {
  const CsvTable table = read("a,b,c\n1,2.5,-3\n4e2,.5,+6\n");
  EXPECT_TRUE(identical(table.x, doubles({{1, 2.5, -3}, {400, 0.5, 6}})));
  EXPECT_THAT(table.names, ElementsAre("a", "b", "c"));
  EXPECT_FALSE(table.y.defined());
}

TEST_F(ReadCsv, TakesColumnsByNameAndPlace) {
  const std::string content = "a,b,c\n1,2,3\n4,5,6\n";
  const CsvTable table = read(content, {.columns = {"c", 0}, .target = "b"});
  EXPECT_TRUE(identical(table.x, doubles({{3, 1}, {6, 4}})));
  EXPECT_THAT(table.names, ElementsAre("c", "a"));
  EXPECT_TRUE(identical(table.y, Tensor({2, 5}, DType::int64)));
  EXPECT_TRUE(identical(read(content, {.target = -1}).x, doubles({{1, 2}, {4, 5}})));
}

TEST_F(ReadCsv, NamesTheLineOfARaggedRow) {
  EXPECT_THAT(refusal("a,b\n1,2\n3\n"), HasSubstr("line 3 has 1 cells, the header has 2"));
  EXPECT_THAT(refusal("a,b\n1,2\n\n3,4,5\n"), HasSubstr("line 4 has 3 cells, the header has 2"));
  EXPECT_THAT(refused_values("1,2\n3,4,\n"), HasSubstr("line 2 has 3 cells, the first line has 2"));
  EXPECT_THAT(refusal("a,b\n1,2,3\n"), HasSubstr("line 2 has 3 cells"));
}

TEST_F(ReadCsv, RefusesAMissingCellUnlessToldToReadNan) {
  for (const std::string missing : {"", " ", "NA", "?", "nan", "NaN", "null", "N/A"}) {
    EXPECT_THAT(
        refusal("a,b\n1,2\n3," + missing + "\n"),
        HasSubstr("line 3, column 2 ('b'): the value is missing ('" + missing + "'); .missing = \"nan\""));
    const Tensor x = read("a,b\n1,2\n3," + missing + "\n", {.missing = "nan"}).x;
    EXPECT_TRUE(all_close(x, doubles({{1, 2}, {3, kNan}}), {.equal_nan = true}));
  }
  EXPECT_THAT(refused_values("1,-\n"), HasSubstr("'-' is no number"));
  EXPECT_TRUE(std::isnan(values("1,-\n", {.missing = "nan", .missing_texts = {"-"}})(0, 1)));
  EXPECT_THAT(refusal("a,b\n1,2\n3,\n", {.target = "b", .missing = "nan"}),
              HasSubstr("column 2 ('b'): the value is missing ('')"));
  EXPECT_THAT(refusal("a\n1\n", {.missing = "nan", .dtype = DType::int64}), HasSubstr("int64 has no NaN"));
  EXPECT_THAT(refusal("a\n1\n", {.missing = "zero"}), HasSubstr("unknown missing 'zero'"));
}

TEST_F(ReadCsv, NamesTheCellThatIsNoNumber) {
  for (const std::string text :
       {"abc", "2x", "0x10", "1 2", "1e", "--1", "+-1", "1_000", "1.2.3", "e5", "."}) {
    EXPECT_THAT(refusal("age,b\n1,2\n" + text + ",4\n"),
                HasSubstr("line 3, column 1 ('age'): '" + text + "' is no number"));
  }
  EXPECT_THAT(refused_values("1,2\n3,x\n"), HasSubstr("line 2, column 2: 'x' is no number"));
  EXPECT_THAT(refused_values(std::string(200, 'x')),
              HasSubstr("'" + std::string(60, 'x') + "…' is no number"));
  EXPECT_THAT(refused_values("1;2\n"), HasSubstr("'1;2' is no number; is the delimiter ';'?"));
  EXPECT_THAT(refused_values("1\t2\n"), HasSubstr("is the delimiter '\\t'?"));
}

TEST_F(ReadCsv, TakesEveryLineEndAndMark) {
  const Tensor expected = doubles({{1, 2}, {3, 4}});
  for (const std::string content :
       {"1,2\n3,4\n", "1,2\r\n3,4\r\n", "1,2\r3,4\r", "1,2\n3,4", "1,2\r\n3,4",
        "\xEF\xBB\xBF"
        "1,2\n3,4\n",
        "\n\n1,2\n\n3,4\n\n\n", "\r\n1,2\r\n\r\n3,4\r\n", " 1 ,\t2\n3, 4 \n", "\"1\",\"2\"\n\"3\",\"4\""}) {
    EXPECT_TRUE(identical(values(content), expected)) << content;
  }
  EXPECT_TRUE(identical(read("\xEF\xBB\xBF"
                             "a,b\n1,2\n",
                             {.columns = {"a"}})
                            .x,
                        doubles({{1}})));
}

TEST_F(ReadCsv, ReadsQuotedCells) {
  const CsvTable table = read("\"a, b\",\"say \"\"c\"\"\",\"two\nlines\",\"\"\n1,2,3,4\n");
  EXPECT_THAT(table.names, ElementsAre("a, b", "say \"c\"", "two\nlines", ""));
  EXPECT_TRUE(identical(table.x, doubles({{1, 2, 3, 4}})));
  // The lines of a quoted cell are counted.
  EXPECT_THAT(refusal("\"a\r\nb\",c\n1,x\n"), HasSubstr("line 3, column 2 ('c'): 'x'"));
  EXPECT_TRUE(identical(values("'1','2'\n", {.quote = '\''}), doubles({{1, 2}})));
}

TEST_F(ReadCsv, RefusesAQuoteThatIsNotClosedOrWell) {
  EXPECT_THAT(refusal("a,b\n1,2\n3,\"4\n5,6\n7,8\n"), HasSubstr("line 3 opens a quote that is never closed"));
  EXPECT_THAT(refusal("a,b\n1,\"2\"x\n"), HasSubstr("line 2 has text after a closing quote"));
}

TEST_F(ReadCsv, RefusesUtf16) {
  EXPECT_THAT(refusal(std::string("\xFF\xFE"
                                  "1\0,\0"
                                  "2\0",
                                  8)),
              HasSubstr("it is UTF-16, not UTF-8"));
  EXPECT_THAT(refusal(std::string("\xFE\xFF\0"
                                  "1",
                                  4)),
              HasSubstr("it is UTF-16, not UTF-8"));
  EXPECT_THAT(refusal(std::string("1\0,\0"
                                  "2\0",
                                  6)),
              HasSubstr("line 1 has a zero byte"));
}

TEST_F(ReadCsv, ReadsADecimalCommaWhenTold) {
  const CsvOptions german = {.header = false, .delimiter = ';', .decimal = ','};
  EXPECT_TRUE(identical(read("1,5;-2\n,5;3,25e1\n", german).x, doubles({{1.5, -2}, {0.5, 32.5}})));
  EXPECT_THAT(refusal("1.234,5;2\n", german), HasSubstr("'1.234,5' is no number"));
  EXPECT_THAT(refusal("1.5;2\n", german), HasSubstr("'1.5' is no number"));
  EXPECT_THAT(refused_values("1,5;2,5\n"), HasSubstr("'5;2' is no number; is the delimiter ';'?"));
  EXPECT_THAT(refused_values("\"1,5\"\n"), HasSubstr(".decimal = ',' reads a decimal comma"));
  EXPECT_THAT(refusal("a\n1\n", {.decimal = ','}), HasSubstr("delimiter, decimal and quote must differ"));
  EXPECT_THAT(refusal("a\n1\n", {.delimiter = '\n'}), HasSubstr("no line end"));
}

// Digits as German writes them, in the process's locale for C++, and in that for C where the machine has one.
class German {
 public:
  German() : c_(std::setlocale(LC_ALL, nullptr)), cpp_(std::locale::global({std::locale(), new Point})) {
    std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  }
  German(const German&) = delete;
  German& operator=(const German&) = delete;
  ~German() {
    std::locale::global(cpp_);
    std::setlocale(LC_ALL, c_.c_str());
  }

 private:
  struct Point : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
  };
  std::string c_;
  std::locale cpp_;
};

TEST_F(ReadCsv, ReadsAPointWhateverTheLocale) {
  const German locale;
  EXPECT_TRUE(identical(values("1.5,2.25\n"), doubles({{1.5, 2.25}})));
}

TEST_F(ReadCsv, KeepsInfinityAndRefusesWhatDoesNotFit) {
  EXPECT_TRUE(identical(values("inf,-inf,Infinity\n"), doubles({{kInfinity, -kInfinity, kInfinity}})));
  EXPECT_THAT(refused_values("1e400\n"), HasSubstr("line 1, column 1: '1e400' does not fit float64"));
  EXPECT_THAT(refused_values("-" + std::string(400, '9') + "\n"), HasSubstr("does not fit float64"));
  EXPECT_THAT(refused_values("1e39\n", {.dtype = DType::float32}), HasSubstr("'1e39' does not fit float32"));
  EXPECT_EQ(values("1e-400,0.0000001e-399,0e999999999999999999999,1e-99999999999999999999\n").size(), 4);
  EXPECT_TRUE(identical(values("1e-400,-1e-400\n"), doubles({{0, 0}})));
  EXPECT_TRUE(
      identical(values("5e-324,1.7976931348623157e308\n"), doubles({{5e-324, 1.7976931348623157e308}})));
  EXPECT_TRUE(
      identical(values("3.4028234e38,1e-46\n", {.dtype = DType::float32}), Tensor{{3.4028234e38, 0}}));
}

TEST_F(ReadCsv, ReadsClassesAsWholeNumbersOnly) {
  const auto label = [&](const std::string& text, const std::string& type = "class") {
    return refusal("x,label\n1,0\n2," + text + "\n", {.target = "label", .target_type = type});
  };
  EXPECT_THAT(label("99999999999999999999"),
              HasSubstr("line 3, column 2 ('label'): '99999999999999999999' does not fit int64"));
  EXPECT_THAT(label("1.5"), HasSubstr("'1.5' is no whole number, as a class is; .target_type = \"number\""));
  EXPECT_THAT(label("cat"), HasSubstr("'cat' is no whole number; .target_type = \"text\" reads classes"));
  EXPECT_THAT(label("1e300"), HasSubstr("does not fit int64"));
  EXPECT_EQ(label("2.0"), "accepted");
  EXPECT_EQ(label("1.5", "number"), "accepted");
  EXPECT_THAT(label("1", "classes"), HasSubstr("unknown target_type 'classes'"));
  const Tensor y = read("x,y\n1,9223372036854775807\n1,-9007199254740993\n", {.target = "y"}).y;
  EXPECT_EQ(y.values<std::int64_t>()[0], INT64_MAX);
  EXPECT_EQ(y.values<std::int64_t>()[1], -9007199254740993);
}

TEST_F(ReadCsv, ReadsIntegersOfAllBits) {
  const Tensor x = values("9007199254740993,-9223372036854775808\n3.0,1e3\n", {.dtype = DType::int64});
  EXPECT_EQ(x.values<std::int64_t>()[0], 9007199254740993);
  EXPECT_EQ(x.values<std::int64_t>()[1], INT64_MIN);
  EXPECT_EQ(x.values<std::int64_t>()[3], 1000);
  EXPECT_THAT(refused_values("2147483648\n", {.dtype = DType::int32}), HasSubstr("does not fit int32"));
  EXPECT_THAT(refused_values("2147483648.0\n", {.dtype = DType::int32}), HasSubstr("does not fit int32"));
  EXPECT_THAT(refused_values("0.5\n", {.dtype = DType::int32}), HasSubstr("'0.5' is no whole number"));
  EXPECT_THAT(refused_values("1\n", {.dtype = DType::boolean}), HasSubstr("not boolean"));
}

TEST_F(ReadCsv, MapsTextsToClasses) {
  const std::string content = "size,kind\n1,dog\n2,cat\n3, dog \n4,\"ant\"\n";
  const CsvTable sorted = read(content, {.target = "kind", .target_type = "text"});
  EXPECT_TRUE(identical(sorted.y, Tensor({2, 1, 2, 0}, DType::int64)));
  EXPECT_THAT(sorted.classes, ElementsAre("ant", "cat", "dog"));
  const CsvTable given =
      read(content, {.target = "kind", .categories = {{"kind", {"dog", "cat", "ant", "bee"}}}});
  EXPECT_TRUE(identical(given.y, Tensor({0, 1, 0, 2}, DType::int64)));
  EXPECT_THAT(given.classes, ElementsAre("dog", "cat", "ant", "bee"));
  EXPECT_THAT(
      refusal(content, {.target = "kind", .categories = {{"kind", {"dog", "bat"}}}}),
      HasSubstr(
          "line 3, column 2 ('kind'): unknown category 'cat'; known are 'bat', 'dog'; did you mean 'bat'?"));
  EXPECT_THAT(refusal("a,k\n1,\n", {.target = "k", .target_type = "text"}),
              HasSubstr("the value is missing ('')"));
  EXPECT_THAT(refusal(content, {.categories = {{"kind", {"dog", "dog"}}}}), HasSubstr("have 'dog' twice"));
  EXPECT_THAT(refusal(content, {.categories = {{"colour", {}}}}), HasSubstr("unknown column 'colour'"));
}

TEST_F(ReadCsv, MapsTextsOfFeatures) {
  const CsvTable table = read("sex,age\nmale,3\nfemale,4\nmale,5\n", {.categories = {{0, {}}}});
  EXPECT_TRUE(identical(table.x, doubles({{1, 3}, {0, 4}, {1, 5}})));
  ASSERT_EQ(table.categories.size(), 1U);
  EXPECT_THAT(table.categories[0].texts, ElementsAre("female", "male"));
  EXPECT_TRUE(
      identical(read("male,3\nfemale,4\n", {.header = false, .categories = {{0, {"male", "female"}}}}).x,
                doubles({{0, 3}, {1, 4}})));
}

TEST_F(ReadCsv, RefusesAnEmptyFileAndReadsAHeaderAlone) {
  EXPECT_THAT(refusal(""), HasSubstr("file.csv': it is empty"));
  EXPECT_THAT(refusal("\n\r\n"), HasSubstr("it is empty"));
  EXPECT_THAT(refusal("\xEF\xBB\xBF"), HasSubstr("it is empty"));
  const CsvTable table = read("a,b,c\n", {.target = "c"});
  EXPECT_EQ(table.x.shape(), (Shape{0, 2}));
  EXPECT_EQ(table.y.shape(), (Shape{0}));
}

TEST_F(ReadCsv, AsksWhereTheHeaderIsNotClear) {
  EXPECT_THAT(refusal("1,2\n3,4\n"), HasSubstr("it seems to have no header: say .header = false"));
  EXPECT_THAT(read("1,2\n3,4\n", {.header = true}).names, ElementsAre("1", "2"));
  EXPECT_THAT(refused_values("a,b\n1,2\n"), HasSubstr("line 1, column 1: 'a' is no number"));
}

TEST_F(ReadCsv, KeepsColumnsOfOneNameApart) {
  const CsvTable table = read("a,b,a\n1,2,3\n");
  EXPECT_TRUE(identical(table.x, doubles({{1, 2, 3}})));
  EXPECT_THAT(table.names, ElementsAre("a", "b", "a"));
  EXPECT_THAT(refusal("a,b,a\n1,2,3\n", {.columns = {"a"}}),
              HasSubstr("2 columns are called 'a': say the place"));
  EXPECT_TRUE(identical(read("a,b,a\n1,2,3\n", {.columns = {2}}).x, doubles({{3}})));
}

TEST_F(ReadCsv, ListsTheColumnsWhenOneIsNotThere) {
  EXPECT_THAT(refusal("age,height\n1,2\n", {.columns = {"hight"}}),
              HasSubstr("unknown column 'hight'; known are 'age', 'height'; did you mean 'height'?"));
  EXPECT_THAT(refusal("age,height\n1,2\n", {.target = "Age"}), HasSubstr("unknown column 'Age'"));
  EXPECT_THAT(refusal("a,b\n1,2\n", {.columns = {2}}), HasSubstr("there is no column 2, the file has 2"));
  EXPECT_THAT(refusal("a,b\n1,2\n", {.columns = {-3}}), HasSubstr("there is no column -3"));
  EXPECT_THAT(refused_values("1,2\n", {.columns = {"a"}}), HasSubstr("'a' has no name without a header"));
}

TEST_F(ReadCsv, ReadsLongLinesAndManyColumns) {
  std::string content, header;
  for (int i = 0; i < 5000; ++i) {
    header += (i == 0 ? "c" : ",c") + std::to_string(i);
    content += (i == 0 ? "" : ",") + std::to_string(i) + "." + std::string(20, '0');
  }
  ASSERT_GT(content.size(), 100000U);
  const CsvTable table = read(header + "\n" + content + "\n" + content + "\n");
  EXPECT_EQ(table.x.shape(), (Shape{2, 5000}));
  EXPECT_EQ(table.x(1, 4999), 4999);
  EXPECT_THAT(refusal(header + "\n" + content, {.columns = {"d"}}), HasSubstr("the file has 5000 columns"));
  EXPECT_TRUE(identical(read("a\n\"" + std::string(100000, ' ') + "7\"\n").x, doubles({{7}})));
}

TEST_F(ReadCsv, ReadsManyRowsInBlocks) {
  std::string content = "a,b\n";
  for (int i = 0; i < 50000; ++i) content += std::to_string(i) + "," + std::to_string(-i) + "\n";
  const CsvTable table = read(content, {.target = "b"});
  ASSERT_EQ(table.x.shape(), (Shape{50000, 1}));
  for (const std::int64_t i : {0, 32767, 32768, 49999}) {
    EXPECT_EQ(table.x(i, 0), static_cast<double>(i));
    EXPECT_EQ(table.y.values<std::int64_t>()[static_cast<std::size_t>(i)], -i);
  }
}

TEST_F(ReadCsv, BoundsTheMemory) {
  const std::string quote_over_the_file = "a\n1\n\"" + std::string(17 << 20, 'x');
  EXPECT_THAT(refusal(quote_over_the_file), HasSubstr("line 3 begins a record of more than 16777216 bytes"));
  EXPECT_THAT(refused_values("1,2\n3,4\n5,6\n", {.max_bytes = 32}),
              HasSubstr("more than the 32 bytes of max_bytes"));
  EXPECT_EQ(values("1,2\n3,4\n", {.max_bytes = 32}).shape(), (Shape{2, 2}));
}

TEST_F(ReadCsv, SaysWhyAFileCannotBeRead) {
  EXPECT_THAT([&] { read_csv(folder()); }, testing_data::says<FileError>("it is a folder"));
  EXPECT_THAT([&] { read_csv(folder() / "none.csv"); },
              testing_data::says<FileError>("none.csv': No such file or directory"));
}

}  // namespace
}  // namespace gradus::data
