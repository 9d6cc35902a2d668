#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
#include <gradus/plot/process.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "../tools/xml.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

// The lines of a label as a reader of the picture sees them: Graphviz writes the second and later spaces of a
// run as no-break spaces, without which SVG shows one, and writes nothing for an empty line.
std::vector<std::string> as_read(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (std::string line : lines) {
    for (std::size_t at = 0; (at = line.find("\u00A0", at)) != std::string::npos; ++at) {
      line.replace(at, 2, " ");
    }
    if (!line.empty()) result.push_back(line);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// All lines of all labels, from the nodes themselves.
std::vector<std::string> label_lines(const Graph& graph) {
  std::vector<std::string> lines;
  for (std::size_t place = 0; place < graph.size(); ++place) {
    const Node& node = graph.node(place);
    for (const std::string& line : split(std::string(node.name()))) lines.push_back(line);
    if (node.op() != nullptr) {
      lines.emplace_back(node.op()->name());
      for (const OpAttribute& attribute : node.op()->attributes()) {
        lines.push_back(attribute.name + " = " + attribute.value);
      }
    } else if (node.kind() == NodeKind::constant && node.value().rank() == 0) {
      lines.push_back(to_string(node.value()));
    }
    lines.push_back(std::string(to_string(node.value().dtype())) + " " + to_string(node.value().shape()));
  }
  return lines;
}

// The texts of the picture that Graphviz draws; fails unless Graphviz is content and its picture is XML.
std::vector<std::string> drawn_texts(const std::string& dot) {
  const ProcessResult drawn = run_process({"dot", "-Tsvg"}, dot);
  EXPECT_EQ(drawn.exit_status, 0);
  EXPECT_EQ(drawn.error, "");
  return test::XmlReader(drawn.output).texts();
}

void expect_drawn(const Graph& graph) {
  EXPECT_EQ(as_read(drawn_texts(to_dot(graph))), as_read(label_lines(graph)));
}

std::string dot_of_name(std::string_view name) {
  return to_dot(Graph(Variable(Tensor{1, 2}, {.name = name})));
}

// Draws a node of that name and expects to read `lines` above its dtype and shape.
void expect_name_reads(std::string_view name, std::vector<std::string> lines) {
  lines.emplace_back("float32 [2]");
  EXPECT_EQ(as_read(drawn_texts(dot_of_name(name))), as_read(lines));
}

struct Net {
  Random random = Random(1);
  Parameter w{"w", random.normal({3, 2})}, b{"b", Tensor::zeros({2})};
  Variable x = Variable(random.normal({4, 3}), {.name = "x", .requires_grad = true});
  Tensor y = random.uniform({4, 2});
  Variable loss() const {
    return categorical_crossentropy(y, softmax(matmul(x, w) + b), {.reduction = "sum"}) * 0.5;
  }
};

TEST(Dot, LabelsShowOpAttributesDTypeAndShape) {
  const Net net;
  const std::string dot = to_dot(Graph(net.loss()));
  EXPECT_THAT(dot, HasSubstr("[label=\"matmul\\nfloat32 [4, 2]\""));
  EXPECT_THAT(
      dot,
      HasSubstr("[label=\"categorical_crossentropy\\nfrom_logits = true\\nreduction = sum\\nfloat32 []\""));
  EXPECT_THAT(to_dot(Graph(sum(net.w, {.axis = {0, 1}, .keepdims = true}))),
              HasSubstr("sum\\naxis = [0, 1]\\nkeepdims = true\\nfloat32 [1, 1]"));
  EXPECT_THAT(dot, HasSubstr("[label=\"w\\nfloat32 [3, 2]\""));
  EXPECT_THAT(dot, HasSubstr("[label=\"0.5\\nfloat32 []\""));
  expect_drawn(Graph(net.loss()));
}

// What follows the label of the node that is called `name`: its shape and colours.
std::string style_of(const std::string& dot, const std::string& name) {
  const std::size_t label = dot.find("label=\"" + name + "\\n");
  if (label == std::string::npos) throw std::runtime_error("no node is called " + name);
  const std::size_t begin = dot.find("\", ", label);
  return dot.substr(begin, dot.find("];\n", begin) - begin);
}

TEST(Dot, TellsParametersInputsConstantsAndCallsApart) {
  const Net net;
  const Variable data(Tensor::ones({3}), {.name = "data"});
  const Variable y = tanh(net.x * Tensor::ones({1, 3})) + sum(net.w) * data;
  const std::string dot = to_dot(Graph(y));
  const std::string parameter = style_of(dot, "w"), input = style_of(dot, "x"), call = style_of(dot, "tanh");
  const std::size_t constant_at = dot.find("label=\"float32 [1, 3]\"");
  ASSERT_NE(constant_at, std::string::npos);
  const std::string constant = dot.substr(constant_at, dot.find("];\n", constant_at) - constant_at);
  EXPECT_THAT(parameter, HasSubstr("shape=box"));
  EXPECT_THAT(input, HasSubstr("shape=ellipse"));
  EXPECT_EQ(style_of(dot, "data"), input);
  EXPECT_NE(parameter, call);
  for (const std::string& style : {parameter, input, call}) EXPECT_THAT(constant, Not(HasSubstr(style)));
}

TEST(Dot, MarksTheOutputs) {
  const Net net;
  const Variable a = net.x * 2, b = exp(a);
  const std::string dot = to_dot(Graph({a, b}));
  EXPECT_THAT(style_of(dot, "multiply"), HasSubstr("penwidth"));
  EXPECT_THAT(style_of(dot, "exp"), HasSubstr("penwidth"));
  EXPECT_THAT(style_of(dot, "x"), Not(HasSubstr("penwidth")));
}

TEST(Dot, DrawsEdgesInTheOrderOfTheOperands) {
  const Parameter a("a", Tensor::scalar(1)), b("b", Tensor::scalar(2));
  const auto edges = [](const Variable& y) {
    std::vector<std::string> result;
    for (const std::string& line : split(to_dot(Graph(y)))) {
      if (line.find("->") != std::string::npos) result.push_back(line);
    }
    return result;
  };
  EXPECT_THAT(edges(a - b), ElementsAre("  n0 -> n2;", "  n1 -> n2;"));
  EXPECT_THAT(edges(a * a), ElementsAre("  n0 -> n1;", "  n0 -> n1;"));
  const Graph graph({exp(a), b - exp(a)});
  for (std::size_t place = 0; place < graph.size(); ++place) {
    if (graph.node(place).op() == nullptr || graph.node(place).op()->name() != "subtract") continue;
    EXPECT_EQ(graph.node(graph.inputs(place)[0]).name(), "b");
    EXPECT_EQ(graph.node(graph.inputs(place)[1]).op()->name(), "exp");
  }
}

TEST(Dot, OfTheSameProgramIsTheSameBytes) {
  const auto program = [] {
    const Net net;
    return to_dot(Graph(net.loss()));
  };
  const std::string first = program();
  const Variable between(Tensor::ones({7, 7}));
  EXPECT_EQ(program(), first);
  const Net net;
  const Variable loss = net.loss();
  loss.backward();
  const Graph graph(loss);
  EXPECT_EQ(to_dot(graph), first);
  EXPECT_EQ(to_dot(graph), first);
  std::ostringstream out;
  write_dot(out, graph);
  EXPECT_EQ(out.str(), first);
}

TEST(Dot, DrawsAGraphOfGradients) {
  const Net net;
  const auto [dw, dx] = gradients({mean(square(tanh(matmul(net.x, net.w) + net.b))) + sum(net.b)},
                                  {net.w, net.b}, {.create_graph = true});
  expect_drawn(Graph({dw, dx}));
}

TEST(Dot, ReadsBackHostileNames) {
  const std::string quote_trick = "\"]; node [URL=\"javascript:alert(1)\"";
  for (const std::string& name : {std::string("plain"),
                                  std::string("with \"quotes\" and 'more'"),
                                  std::string("back\\slash"),
                                  std::string("trailing\\"),
                                  std::string("two\\\\"),
                                  std::string("\\"),
                                  std::string("\\n \\l \\r \\N \\G"),
                                  std::string("<b>html</b>"),
                                  std::string("<<b>html</b>>"),
                                  std::string("&amp; & &lt; &#65; &"),
                                  std::string("&nbsp;"),
                                  std::string("a -- b -> c"),
                                  std::string("<!-- -->"),
                                  std::string("]]>"),
                                  quote_trick,
                                  std::string("}"),
                                  std::string("{a|b}"),
                                  std::string("// no comment /* none */"),
                                  std::string("# none"),
                                  std::string("é ü ß Ω 中文 עברית"),
                                  std::string("\U0001F600 emoji"),
                                  std::string("e\u0301 combined"),
                                  std::string("%s %n $(id) `id`"),
                                  std::string("-")}) {
    SCOPED_TRACE(name);
    expect_name_reads(name, {name});
  }
}

TEST(Dot, KeepsRunsOfSpaces) {
  expect_name_reads("a  b   c", {"a  b   c"});
  expect_name_reads("  before", {"  before"});
  expect_name_reads("after  ", {"after  "});
}

TEST(Dot, BreaksLinesOfNames) {
  expect_name_reads("two\nlines", {"two", "lines"});
  expect_name_reads("a blank\n\none", {"a blank", "one"});
  expect_name_reads("at the end\n", {"at the end"});
}

TEST(Dot, ReplacesWhatNoPictureCanShow) {
  const std::string r = "\uFFFD";
  for (int code = 0; code < 0x20; ++code) {
    if (code == '\n') continue;
    expect_name_reads(std::string("a") + static_cast<char>(code) + "b", {"a" + r + "b"});
  }
  expect_name_reads(
      "a\x7F"
      "b",
      {"a" + r + "b"});
  for (const char* control : {"\u0080", "\u0085", "\u009F"}) expect_name_reads(control, {r});
  for (const char* noncharacter : {"\uFFFE", "\uFFFF", "\U0001FFFE"}) expect_name_reads(noncharacter, {r});
  expect_name_reads(
      "a\xFF"
      "b",
      {"a" + r + "b"});
  expect_name_reads("\xC3", {r});                          // cut short
  expect_name_reads("\xE4\xB8", {r + r});                  // cut short
  expect_name_reads("\xC0\x80", {r + r});                  // too long a form
  expect_name_reads("\xE0\x80\xAF", {r + r + r});          // too long a form
  expect_name_reads("\xED\xA0\x80", {r + r + r});          // a surrogate
  expect_name_reads("\xF4\x90\x80\x80", {r + r + r + r});  // past U+10FFFF
  expect_name_reads("\x80", {r});
}

TEST(Dot, TakesVeryLongNames) {
  const auto repeated = [](std::string_view word, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += word;
    return text;
  };
  for (const std::size_t bytes : {10000, 100000}) {
    for (const std::string_view word : {"x", "word ", "\\", "\"", "\\\"&", "\U0001F600", "a\\", "&"}) {
      for (const std::string_view shift : {"", "+"}) {
        const std::string name = std::string(shift) + repeated(word, bytes);
        const std::vector<std::string> texts = drawn_texts(dot_of_name(name));
        ASSERT_EQ(texts.size(), 2U) << word;
        EXPECT_TRUE(texts[0] == name) << word;
      }
    }
  }
}

TEST(Dot, NamesOfOpsAndOfResultsAreEscapedToo) {
  Variable y = exp(Variable(Tensor{1, 2}, {.requires_grad = true}));
  y.set_name("\"quoted\\");
  expect_drawn(Graph(y));
}

TEST(Dot, DrawsTwoThousandNodes) {
  const Parameter x("x", Tensor::scalar(1));
  Variable y = x;  // and three nodes a step: tanh, sum, number
  for (int i = 0; i < 666; ++i) y = tanh(y) + 1;
  const Graph graph(y);
  EXPECT_EQ(graph.size(), 1U + 3 * 666);
  expect_drawn(graph);
}

TEST(Dot, ParsesWhenLarger) {
  const Parameter x("x \"\\ <b>", Tensor::scalar(1));
  Variable y = x;
  for (int i = 0; i < 20000; ++i) y = y * x;
  const ProcessResult parsed = run_process({"nop", "-p"}, to_dot(Graph(y)));
  EXPECT_EQ(parsed.exit_status, 0);
  EXPECT_EQ(parsed.error, "");
}

TEST(Dot, GoesToAFile) {
  const auto path = std::filesystem::temp_directory_path() / ("gradus_dot_" + std::to_string(getpid()));
  const Net net;
  const Graph graph(net.loss());
  write_dot(path.string(), graph);
  std::ifstream in(path, std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::filesystem::remove(path);
  EXPECT_EQ(written, to_dot(graph));
}

TEST(Dot, AFileThatCannotBeWrittenIsAnErrorWithPathAndReason) {
  const Net net;
  EXPECT_THAT([&] { write_dot("/no/such/folder/loss.dot", Graph(net.loss())); },
              ThrowsMessage<FileError>(AllOf(HasSubstr("write_dot: cannot write '/no/such/folder/loss.dot'"),
                                             HasSubstr("No such file or directory"))));
}

TEST(Graph, ListsOperandsBeforeTheNodesThatUseThem) {
  const Net net;
  const Variable loss = net.loss();
  const Graph graph(loss);
  for (std::size_t place = 0; place < graph.size(); ++place) {
    for (const std::uint32_t input : graph.inputs(place)) EXPECT_LT(input, place);
    EXPECT_EQ(graph.is_output(place), &graph.node(place) == &loss.node());
  }
}

TEST(Graph, KeepsItsNodesAlive) {
  const auto make = [] {
    const Net net;
    return Graph(net.loss());
  };
  const Graph graph = make();
  EXPECT_THAT(to_dot(graph), HasSubstr("categorical_crossentropy"));
}

}  // namespace
}  // namespace gradus
