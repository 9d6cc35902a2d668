#include <gradus/plot/figure.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <locale>
#include <string>
#include <vector>

#include <gradus/graph/error.h>
#include <gradus/graph/tensor.h>
#include <gradus/graph/variable.h>
#include <gradus/plot/graph_svg.h>

#include "surroundings.h"
#include "xml.h"

namespace gradus::plot {
namespace {

using test::content_of;
using test::Folder;
using test::XmlReader;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::StartsWith;
using testing::ThrowsMessage;

using Values = std::vector<double>;
using Names = std::vector<std::string>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Names labels_of(const std::vector<Tick>& ticks) {
  Names labels;
  for (const Tick& tick : ticks) labels.push_back(tick.label);
  return labels;
}

// A figure with every kind of mark.
Figure everything() {
  Figure figure({.title = "All marks", .columns = 2});
  figure.panel({.title = "Points", .x_label = "x", .y_label = "y", .equal_aspect = true})
      .regions(std::vector<int>{0, 1, 2, 0, 1, 1}, 2, 3, {.x_range = {-1, 1}, .y_range = {-1, 1}})
      .scatter(Values{0, 1, -1}, Values{1, 0, 1}, std::vector<int>{0, 1, 2}, {.class_names = {"a", "b", "c"}})
      .arrow({0, 0}, {1, 1}, {.label = "bias", .legend = "arrow"})
      .text({-0.5, -0.5}, "here");
  figure.panel({.title = "Lines", .caption = "two\nlines", .log_y = true})
      .line(Values{1, 2, 3}, Values{1, 100, 10000}, {.label = "up", .dots = true})
      .line(Values{1, 2, 3}, Values{10000, 100, 1}, {.label = "down", .dashed = true});
  figure.panel({.title = "Matrix", .equal_aspect = true})
      .heat_map(Values{0.25, -1, 3, 0}, 2, 2,
                {.row_names = {"r0", "r1"}, .column_names = {"c0", "c1"}, .decimals = 2});
  return figure;
}

TEST(Figure, ShowsEveryTextOfEveryMark) {
  const std::string svg = everything().svg();
  EXPECT_THAT(
      XmlReader(svg).texts(),
      IsSupersetOf(Names{"All marks", "Points", "x",   "y",     "a",  "b",    "c",      "bias", "arrow",
                         "here",      "Lines",  "two", "lines", "up", "down", "Matrix", "0.25", "\u22121.00",
                         "3.00",      "0.00",   "r0",  "r1",    "c0", "c1",   "1",      "100",  "10\u2074"}));
}

TEST(Figure, ShowsTextsAsTyped) {
  const Names hostile = {R"("double" 'single' \n \\ \101)",
                         "a_b^c {d} @e %g %s ~f",
                         "<b>bold</b> & &lt; &amp; ]]> -->",
                         "`touch hostile` $(touch hostile)",
                         "#comment; set output \"hostile\"",
                         "\u00e9\u03bb\u4e2d\U0001F600",
                         "EOD",
                         "  spaces  within  ",
                         "-leading",
                         "x\"; system \"touch hostile"};
  for (const std::string& text : hostile) {
    Figure figure({.title = text, .share_legend = false});
    figure.panel({.title = text, .caption = text, .x_label = text, .y_label = text})
        .scatter(Values{0, 1}, Values{0, 1}, std::vector<int>{0, 1}, {.class_names = {text, text}})
        .line(Values{0, 1}, Values{1, 0}, {.label = text})
        .arrow({0, 0}, {1, 0.5}, {.label = text, .legend = text})
        .text({0.5, 0.5}, text);
    figure.panel().heat_map(Values{1}, 1, 1, {.row_names = {text}, .column_names = {text}});
    const std::string svg = figure.svg();
    int count = 0;
    for (const std::string& shown : XmlReader(svg).texts()) count += shown == text ? 1 : 0;
    EXPECT_EQ(count, 13) << text;
    EXPECT_THAT(figure.png(), StartsWith("\x89PNG"));
  }
  EXPECT_FALSE(std::filesystem::exists("hostile"));
}

TEST(Figure, BreaksTitlesAndCaptionsAtNewlines) {
  Figure figure({.title = "one\ntwo"});
  figure.panel({.title = "three\nfour", .caption = "five\nsix", .x_label = "seven\neight"});
  EXPECT_THAT(XmlReader(figure.svg()).texts(),
              IsSupersetOf(Names{"one", "two", "three", "four", "five", "six", "seven eight"}));
}

TEST(Figure, ReplacesControlCharactersAndInvalidUtf8) {
  Figure figure({.title = std::string("a\x01\x7f\0b\xff\xc3(", 8) + "\xed\xa0\x80"});
  figure.panel();
  EXPECT_THAT(XmlReader(figure.svg()).texts(),
              Contains("a\uFFFD\uFFFD\uFFFDb\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFD"));
}

TEST(Figure, GivesTheSameBytesForTheSameCalls) {
  EXPECT_TRUE(everything().svg() == everything().svg());
  EXPECT_TRUE(everything().png() == everything().png());
}

TEST(Figure, DoesNotDependOnTheLocale) {
  struct Grouped : std::numpunct<char> {
    char do_thousands_sep() const override { return '\''; }
    std::string do_grouping() const override { return "\3"; }
    char do_decimal_point() const override { return ','; }
  };
  const std::string svg = everything().svg();
  const std::locale previous = std::locale::global(std::locale(std::locale::classic(), new Grouped));
  const std::string grouped = everything().svg();
  std::locale::global(previous);
  EXPECT_TRUE(svg == grouped);
}

TEST(Figure, WritesBothFilesAndNothingElse) {
  const Folder folder;
  everything().write(folder / "a.b");
  EXPECT_EQ(content_of(folder / "a.b.svg"), everything().svg());
  EXPECT_THAT(content_of(folder / "a.b.png"), StartsWith("\x89PNG"));
  EXPECT_EQ(folder.count(), 2U);
}

TEST(Figure, WritesFilesOfAnyName) {
  const Folder folder;
  for (const char* name : {"-leading", "with space", "$(touch x)", "\"quoted\" 'twice'", "\u00fcber"}) {
    everything().write(folder / name);
    EXPECT_THAT(content_of(folder / (std::string(name) + ".svg")), HasSubstr("</svg>"));
  }
  EXPECT_EQ(folder.count(), 10U);
}

TEST(Figure, APngHasTwicePixelsOfTheFigure) {
  Figure figure({.width = 300, .height = 200});
  figure.panel();
  const std::string png = figure.png();
  const auto number_at = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value * 256 + static_cast<unsigned char>(png[i]);
    return value;
  };
  EXPECT_EQ(number_at(16), 600U);
  EXPECT_EQ(number_at(20), 400U);
}

TEST(Figure, SharesTheYAxisOfARow) {
  Figure figure({.share_y = true});
  figure.panel({.y_label = "value"}).line(Values{0, 1}, Values{0, 1});
  figure.panel({.y_label = "value"}).line(Values{0, 1}, Values{90, 100});
  const Names texts = XmlReader(figure.svg()).texts();
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "80"), 1);
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "value"), 1);
}

TEST(Figure, SharesOneLegend) {
  Figure figure({.share_legend = true});
  for (int i = 0; i < 3; ++i) figure.panel().line(Values{0, 1}, Values{0, 1}, {.label = "loss"});
  const Names texts = XmlReader(figure.svg()).texts();
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "loss"), 1);
}

TEST(Figure, WithoutAPanelIsAnError) {
  EXPECT_THAT([] { static_cast<void>(Figure().svg()); },
              ThrowsMessage<ValueError>("Figure: there is no panel to draw"));
}

TEST(Figure, WantsASizeThatCanBeDrawn) {
  EXPECT_THAT([] { Figure({.width = 99}); },
              ThrowsMessage<ValueError>("Figure: width 99 is not within 100 and 10000 pixels"));
  EXPECT_THAT([] { Figure({.height = 10001}); },
              ThrowsMessage<ValueError>("Figure: height 10001 is not within 100 and 10000 pixels"));
  EXPECT_THAT([] { Figure({.columns = -1}); },
              ThrowsMessage<ValueError>("Figure: -1 columns: at least 0 are wanted"));
}

TEST(Figure, ThatIsSmallIsStillDrawn) {
  Figure figure({.title = "A title much wider than this figure", .width = 100, .height = 100});
  for (int i = 0; i < 6; ++i)
    figure.panel({.title = "t", .x_label = "x", .y_label = "y"}).line(Values{0, 1}, Values{0, 1});
  EXPECT_NO_THROW(XmlReader(figure.svg()));
}

TEST(Figure, WithoutGnuplotNamesThePackage) {
  const Folder nothing;
  const test::SearchPath path(nothing.path().string());
  EXPECT_THAT([] { static_cast<void>(everything().svg()); },
              ThrowsMessage<ProcessError>(
                  "gnuplot: program not found; on Debian and Ubuntu: apt-get install gnuplot-nox"));
}

TEST(Figure, ThatCannotBeWrittenNamesTheFile) {
  const Folder folder;
  const std::string stem = folder / "missing" / "name";
  EXPECT_THAT([&] { everything().write(stem); },
              ThrowsMessage<FileError>("cannot write '" + stem + ".svg': No such file or directory"));
  EXPECT_EQ(folder.count(), 0U);
}

TEST(Panel, WithoutDataIsDrawn) {
  Figure figure;
  figure.panel();
  figure.panel().scatter(Values{}, Values{}).line(Values{}, Values{});
  figure.panel().scatter(Values{kNan}, Values{1}).line(Values{kInfinity, kNan}, Values{1, 2});
  figure.panel({.log_x = true, .log_y = true})
      .scatter(Values{-1}, Values{0})
      .line(Values{-1, 0}, Values{0, 0});
  figure.panel({.log_x = true}).arrow({0, 0}, {1, 1}).text({-1, 1}, "nowhere");
  EXPECT_NO_THROW(XmlReader(figure.svg()));
}

TEST(Panel, DrawsExtremeValues) {
  Figure figure;
  figure.panel().line(Values{0, 1}, Values{5, 5});
  figure.panel().line(Values{0, 1}, Values{1e300, -1e300});
  figure.panel().line(Values{0, 1}, Values{1e-300, 2e-300});
  figure.panel().line(Values{0, 1}, Values{1e9, 1e9 + 1e-6});
  figure.panel({.log_y = true}).line(Values{0, 1}, Values{1e-300, 1e300});
  EXPECT_NO_THROW(XmlReader(figure.svg()));
}

TEST(Panel, LeavesOutPointsThatAreNotFinite) {
  const auto discs = [](const Values& y) {
    Figure figure;
    figure.panel({.x_range = Range{0, 4}, .y_range = Range{0, 4}}).scatter(Values{1, 2, 3}, y);
    const std::string svg = figure.svg();
    int count = 0;
    for (std::size_t at = svg.find("<use xlink:href='#gpPt6' transform"); at != std::string::npos;
         at = svg.find("<use xlink:href='#gpPt6' transform", at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(discs({1, 2, 3}) - discs({1, kNan, 3}), 2);  // the disc and its outline
}

TEST(Panel, WantsLengthsThatAgree) {
  Figure figure;
  Panel& panel = figure.panel();
  EXPECT_THAT(
      [&] {
        panel.scatter(Values{1, 2}, Values{1}, std::vector<int>{0, 0});
      },
      ThrowsMessage<ShapeError>("scatter: y has 1 values, x has 2"));
  EXPECT_THAT(
      [&] {
        panel.scatter(Values{1, 2}, Values{1, 2}, std::vector<int>{0});
      },
      ThrowsMessage<ShapeError>("scatter: classes has 1 values, x has 2"));
  EXPECT_THAT(
      [&] {
        panel.line(Values{1, 2}, Values{1, 2, 3});
      },
      ThrowsMessage<ShapeError>("line: y has 3 values, x has 2"));
  EXPECT_THAT(
      [&] {
        panel.regions(std::vector<int>{0, 1, 2}, 2, 2, {});
      },
      ThrowsMessage<ShapeError>("regions: 3 values do not fill a grid of 2 rows and 2 columns"));
  EXPECT_THAT(
      [&] {
        panel.heat_map(Values{1, 2}, 0, 2);
      },
      ThrowsMessage<ShapeError>("heat_map: 2 values do not fill a grid of 0 rows and 2 columns"));
  EXPECT_THAT(
      [&] {
        panel.heat_map(Values{1, 2}, 1, 2, {.row_names = {"a", "b"}});
      },
      ThrowsMessage<ShapeError>("heat_map: 2 names for 1 rows"));
  EXPECT_THAT(
      [&] {
        panel.heat_map(Values{1, 2}, 1, 2, {.column_names = {"a"}});
      },
      ThrowsMessage<ShapeError>("heat_map: 1 names for 2 columns"));
  EXPECT_TRUE(panel.marks().empty());
}

TEST(Panel, WantsClassesThatCountFromZero) {
  Figure figure;
  EXPECT_THAT([&] { figure.panel().scatter(Values{1}, Values{1}, std::vector<int>{-1}); },
              ThrowsMessage<ValueError>("plot: class -1 has no colour: classes count from 0"));
}

TEST(Panel, WantsRangesThatHoldSomething) {
  EXPECT_THAT(
      [] {
        Panel({.x_range = Range{1, 1}});
      },
      ThrowsMessage<ValueError>("Panel: x range [1, 1] is empty or not finite"));
  EXPECT_THAT(
      [] {
        Panel({.y_range = Range{0, kNan}});
      },
      ThrowsMessage<ValueError>("Panel: y range [0, NaN] is empty or not finite"));
  EXPECT_THAT(
      [] {
        Panel({.x_range = Range{0, 1}, .log_x = true});
      },
      ThrowsMessage<ValueError>("Panel: x range [0, 1] does not suit a logarithmic axis"));
  EXPECT_THAT(
      [] {
        Panel({}).arrow({0, 0}, {kNan, 1});
      },
      ThrowsMessage<ValueError>("arrow: an end of it is not finite"));
  EXPECT_THAT(
      [] {
        Panel({}).text({0, kInfinity}, "t");
      },
      ThrowsMessage<ValueError>("text: its place is not finite"));
}

TEST(Ticks, AreRoundNumbersInTheRange) {
  EXPECT_EQ(linear_step({-20, 20}, 9), 5);
  EXPECT_EQ(labels_of(linear_ticks({-20, 20}, 10)), (Names{"\u221220", "\u221210", "0", "10", "20"}));
  EXPECT_EQ(labels_of(linear_ticks({-0.25, 0.3}, 0.1)),
            (Names{"\u22120.2", "\u22120.1", "0.0", "0.1", "0.2", "0.3"}));
  EXPECT_EQ(labels_of(linear_ticks({0, 3e6}, 1e6)),
            (Names{"0", "1\u00D710\u2076", "2\u00D710\u2076", "3\u00D710\u2076"}));
  EXPECT_EQ(labels_of(linear_ticks({0, 2e-5}, 1e-5)),
            (Names{"0", "1\u00D710\u207B\u2075", "2\u00D710\u207B\u2075"}));
}

TEST(Ticks, ArePowersOfTenOnALogarithmicAxis) {
  EXPECT_EQ(labels_of(log_ticks({0.5, 200}, 5)), (Names{"1", "10", "100"}));
  EXPECT_EQ(labels_of(log_ticks({1e-5, 1e-4}, 5)), (Names{"10\u207B\u2075", "10\u207B\u2074"}));
  EXPECT_EQ(labels_of(log_ticks({0.012, 0.3}, 5)), (Names{"0.02", "0.05", "0.1", "0.2"}));
  EXPECT_LE(log_ticks({1e-30, 1e30}, 5).size(), 8U);
}

TEST(Colors, OfClassesRepeatAndDiffer) {
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(class_color(i), class_color(i + 7));
    for (int j = 0; j < i; ++j) EXPECT_NE(class_color(i), class_color(j));
  }
  EXPECT_EQ(hex(class_color(0)), "#0072B2");
  EXPECT_EQ(diverging_color(0), kWhite);
  EXPECT_EQ(diverging_color(kNan), kWhite);
  EXPECT_EQ(diverging_color(-5), diverging_color(-1));
}

TEST(WriteSvg, DrawsDotText) {
  const Folder folder;
  write_svg("digraph { \"-a\" -> b [label=\"x < y & z\"] }", folder / "g.svg");
  const std::string svg = content_of(folder / "g.svg");
  EXPECT_THAT(XmlReader(svg).texts(), IsSupersetOf(Names{"-a", "b", "x < y & z"}));
  EXPECT_EQ(folder.count(), 1U);
}

TEST(WriteSvg, DrawsAGraph) {
  const Folder folder;
  const Parameter weights("<b>w</b> & \"v\"", Tensor::zeros({2, 3}));
  write_svg(Graph(weights), folder / "g.svg");
  EXPECT_THAT(XmlReader(content_of(folder / "g.svg")).texts(), Contains(HasSubstr("<b>w</b> & \"v\"")));
}

TEST(WriteSvg, PassesOnWhatDotComplainsOf) {
  const Folder folder;
  EXPECT_THAT([&] { write_svg("digraph { a -> ", folder / "g.svg"); },
              ThrowsMessage<ProcessError>(HasSubstr("syntax error")));
  // dot only warns of this one, and draws it.
  EXPECT_THAT([&] { write_svg("digraph { a [shape=nosuch] }", folder / "g.svg"); },
              ThrowsMessage<ProcessError>(HasSubstr("nosuch")));
  EXPECT_EQ(folder.count(), 0U);
}

TEST(WriteSvg, WithoutDotNamesThePackage) {
  const Folder nothing;
  const test::SearchPath path(nothing.path().string());
  EXPECT_THAT(
      [&] { write_svg("digraph {}", nothing / "g.svg"); },
      ThrowsMessage<ProcessError>("dot: program not found; on Debian and Ubuntu: apt-get install graphviz"));
}

}  // namespace
}  // namespace gradus::plot
