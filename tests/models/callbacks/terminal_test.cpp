#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

// The real bytes of fit, evaluate and predict, in a process of their own whose standard output is a terminal
// or not. What is expected is written down here from Keras's rules.

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Runs the program in a pseudo-terminal that, like a real one, turns Ctrl-C into SIGINT and echoes it.
class Terminal {
 public:
  explicit Terminal(const char* what, const char* no_color = nullptr) {
    struct termios settings = {};
    settings.c_iflag = ICRNL;
    settings.c_cflag = CS8 | CREAD;
    settings.c_lflag = ISIG | ECHO | ECHOCTL;
    settings.c_cc[VINTR] = 3;
    struct winsize size = {.ws_row = 40, .ws_col = 200, .ws_xpixel = 0, .ws_ypixel = 0};
    child_ = ::forkpty(&master_, nullptr, &settings, &size);
    if (child_ != 0) return;
    if (no_color != nullptr) {
      ::setenv("NO_COLOR", no_color, 1);
    } else {
      ::unsetenv("NO_COLOR");
    }
    ::execl(GRADUS_TERMINAL_PROGRAM, GRADUS_TERMINAL_PROGRAM, what, nullptr);
    ::_exit(127);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(master_);
    if (!waited_) wait();
  }

  // Reads until the text is there, or to the end.
  void read_until(const std::string& text) {
    while (bytes_.find(text) == std::string::npos && read_some()) {
    }
  }
  const std::string& read_all() {
    while (read_some()) {
    }
    return bytes_;
  }
  void press_ctrl_c() const { EXPECT_EQ(::write(master_, "\x03", 1), 1); }
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    waited_ = true;
    return status;
  }

 private:
  bool read_some() {
    struct pollfd ready = {.fd = master_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 60000) <= 0) return false;  // a program that hangs fails the test
    std::array<char, 4096> buffer;
    const ssize_t count = ::read(master_, buffer.data(), buffer.size());
    if (count <= 0) return false;
    bytes_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  int master_ = -1;
  pid_t child_ = 0;
  bool waited_ = false;
  std::string bytes_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

constexpr const char* kCell = "━";
std::string cells(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += kCell;
  return text;
}

std::string plain(const std::string& text) {
  static const std::regex kColour("\x1b\\[[0-9]+m");
  return std::regex_replace(text, kColour, "");
}

std::size_t columns(const std::string& text) {
  std::size_t count = 0;
  for (const char c : plain(text)) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

// What stands on the screen at last: carriage returns and backspaces carried out, colours left out.
std::vector<std::string> screen(const std::string& bytes) {
  std::vector<std::vector<std::string>> rows(1);
  std::size_t column = 0;
  const std::string text = plain(bytes);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U)
      ++length;
    const std::string glyph = text.substr(i, length);
    i += length;
    if (glyph == "\n") {
      rows.emplace_back();
      column = 0;
    } else if (glyph == "\r") {
      column = 0;
    } else if (glyph == "\b") {
      column -= column > 0;
    } else {
      if (rows.back().size() <= column) rows.back().resize(column + 1, " ");
      rows.back()[column++] = glyph;
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (const std::string& glyph : row) line += glyph;
    lines.push_back(line.erase(line.find_last_not_of(' ') + 1));
  }
  return lines;
}

const std::string kTimes = "([0-9]+s|[0-9]+:[0-9]{2}) [0-9]+(s|ms|us)/step";
const std::string kNumber = "([0-9]+\\.[0-9]{4}|[0-9]\\.[0-9]{4}e-[0-9]{2})";
const std::string kMetrics = " - loss: " + kNumber + " - mse: " + kNumber;
const std::string kValidation = " - val_loss: " + kNumber + " - val_mse: " + kNumber;

// One drawing of the bar by Keras's rules, with its colours.
void expect_frame(const std::string& frame) {
  static const std::regex kFrame(
      "\x1b\\[1m([0-9])/4\x1b\\[0m ((?:\x1b\\[32m(?:" + std::string(kCell) +
      ")+\x1b\\[0m)?\x1b\\[37m(?:" + kCell +
      ")*\x1b\\[0m) \x1b\\[1m([0-9]+s|[0-9]+:[0-9]{2})\x1b\\[0m [0-9]+(?:s|ms|us)/step(?:" + kMetrics +
      "(?:" + kValidation + ")?)? *");
  std::smatch match;
  ASSERT_TRUE(std::regex_match(frame, match, kFrame)) << frame;
  const std::size_t done = std::stoul(match[1]);
  EXPECT_EQ(match[2], "\x1b[32m" + cells(5 * done) + "\x1b[0m\x1b[37m" + cells(20 - 5 * done) + "\x1b[0m");
}

// Between two drawings of a line stand as many backspaces as the first has columns.
void expect_redrawn_line(const std::string& line) {
  ASSERT_EQ(line.front(), '\r');
  std::string rest = line.substr(1);
  for (std::size_t next = rest.find('\r'); next != std::string::npos; next = rest.find('\r')) {
    const std::string frame = rest.substr(0, rest.find('\b'));
    expect_frame(frame);
    const std::size_t drawn = columns(frame.substr(0, frame.find_last_not_of(' ') + 1));
    EXPECT_EQ(rest.substr(frame.size(), next - frame.size()), std::string(drawn, '\b'));
    rest.erase(0, next + 1);
  }
  expect_frame(rest);
}

TEST(Terminal, ShowsKerasBarsForVerbose1AndAuto) {
  const std::string bar = "4/4 " + cells(20) + " " + kTimes;
  for (const char* verbose : {"1", "auto"}) {
    Terminal terminal(verbose);
    const std::string bytes = terminal.read_all();
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_THAT(screen(bytes),
                ElementsAre("Epoch 1/2", testing::MatchesRegex(bar + kMetrics + kValidation), "Epoch 2/2",
                            testing::MatchesRegex(bar + kMetrics + kValidation),
                            testing::MatchesRegex(bar + kMetrics), testing::MatchesRegex(bar + kMetrics),
                            testing::MatchesRegex(bar), "done", ""));
    for (const std::string& line : lines_of(bytes)) {
      if (line.find('\r') != std::string::npos) expect_redrawn_line(line);
    }
    EXPECT_THAT(bytes, HasSubstr("\x1b[1m1/4\x1b[0m ")) << "the first step is always drawn";
  }
}

TEST(Terminal, UsesNoColoursWhereNoColorIsSet) {
  Terminal terminal("1", "1");
  const std::string bytes = terminal.read_all();
  EXPECT_THAT(bytes, Not(HasSubstr("\x1b")));
  EXPECT_THAT(bytes, HasSubstr("\r1/4 " + cells(5) + std::string(15, ' ') + " "));
  EXPECT_THAT(Terminal("1", "").read_all(), HasSubstr("\x1b[32m")) << "empty is not set (no-color.org)";
}

const std::string kLine = "4/4 - [0-9]+s - [0-9]+(s|ms|us)/step";
const std::vector<std::string> kPlainLines = {"Epoch 1/2",
                                              kLine + kMetrics + kValidation,
                                              "Epoch 2/2",
                                              kLine + kMetrics + kValidation,
                                              kLine + kMetrics,
                                              kLine + kMetrics,
                                              kLine,
                                              "done"};

void expect_plain_lines(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  ASSERT_EQ(lines.size(), kPlainLines.size()) << text;
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_THAT(lines[i], testing::MatchesRegex(kPlainLines[i]));
}

TEST(Terminal, ShowsALineAnEpochForVerbose2) { expect_plain_lines(Terminal("2").read_all()); }

TEST(Terminal, StaysSilentForVerbose0) { EXPECT_EQ(Terminal("0").read_all(), "done\n"); }

std::string output_in_a_pipe(const std::string& arguments) {
  std::FILE* pipe = ::popen((GRADUS_TERMINAL_PROGRAM " " + arguments).c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0);
  return text;
}

TEST(Terminal, FilesGetPlainLines) {
  for (const char* verbose : {"1", "auto", "2"}) expect_plain_lines(output_in_a_pipe(verbose));
  EXPECT_EQ(output_in_a_pipe("0"), "done\n");
}

TEST(Terminal, CtrlCEndsFitAtABatchAndLeavesTerminalAndModelUsable) {
  Terminal terminal("interrupt");
  terminal.read_until("Epoch 3/10000");
  terminal.press_ctrl_c();
  const std::string bytes = terminal.read_all();
  EXPECT_EQ(terminal.wait(), 0);
  const std::vector<std::string> lines = screen(bytes);
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines.back(), "") << "the cursor is at the beginning of a line";
  EXPECT_EQ(lines[lines.size() - 2], "epochs whole, interrupted 1, loss fine");
  EXPECT_THAT(lines[lines.size() - 3], testing::MatchesRegex("Epoch [0-9]+: interrupted"));
  const std::size_t last = bytes.rfind('\x1b');
  EXPECT_EQ(bytes.substr(last, 4), "\x1b[0m") << "colours are reset";
}

TEST(Terminal, ASecondCtrlCEndsTheProcess) {
  Terminal terminal("hang");
  terminal.read_until("waiting\n");
  terminal.press_ctrl_c();
  terminal.read_until("^C");
  ::usleep(200000);
  terminal.press_ctrl_c();
  terminal.read_all();
  const int status = terminal.wait();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

}  // namespace
