// Every op beside a peer's: the two programs run in turn, some cases at a time, and the ratio of each case is
// the median over the rounds.
//   compare_ops [--rounds N] [--threads N] [--filter REGEX] [--json FILE] OURS PEER
#include "ops_table.h"

#include <gradus/graph/error.h>
#include <gradus/ops/catalogue.h>
#include <gradus/plot/process.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace {

using namespace gradus;
using namespace gradus::bench;

// So few that a round of them takes seconds, so many that starting the programs takes little of it.
constexpr std::size_t kCasesAtOnce = 100;

struct Options {
  int rounds = 3;
  std::string threads = "1";
  std::string filter;
  std::string json;
  std::vector<std::string> programs;
};

int usage() {
  std::fprintf(stderr,
               "usage: compare_ops [--rounds N] [--threads N] [--filter REGEX] [--json FILE] OURS PEER\n");
  return 2;
}

bool read_options(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--")) {
      options.programs.push_back(argument);
      continue;
    }
    if (i + 1 == argc) return false;
    const std::string value = argv[++i];
    if (argument == "--rounds") {
      options.rounds = std::atoi(value.c_str());
    } else if (argument == "--threads") {
      options.threads = value;
    } else if (argument == "--filter") {
      options.filter = value;
    } else if (argument == "--json") {
      options.json = value;
    } else {
      return false;
    }
  }
  return options.rounds >= 1 && std::atoi(options.threads.c_str()) >= 1 && options.programs.size() == 2;
}

std::vector<std::string> lines_of(const std::string& program, const std::string& argument) {
  std::istringstream text(output_of({program, argument}, {}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

// "case<TAB>note" of each case the peer has.
std::map<std::string, std::string> notes_of(const std::string& program) {
  std::map<std::string, std::string> notes;
  for (const std::string& line : lines_of(program, "--notes")) {
    const std::size_t tab = line.find('\t');
    notes[line.substr(0, tab)] = tab == std::string::npos ? "" : line.substr(tab + 1);
  }
  return notes;
}

// What stands in the catalogue and in no case that both have.
void print_absent(const std::set<std::string>& compared) {
  std::string absent;
  for (const OpInfo& info : catalogue()) {
    if (!compared.contains(info.name)) absent += " " + info.name;
  }
  if (!absent.empty()) std::printf("Not compared, as libtorch has nothing like it:%s\n", absent.c_str());
}

int compare(const Options& options) {
  const std::string& ours = options.programs[0];
  const std::string& peer = options.programs[1];
  const std::map<std::string, std::string> notes = notes_of(peer);
  const std::regex filter(options.filter);
  std::vector<std::string> cases;
  std::set<std::string> compared;
  for (const std::string& name : lines_of(ours, "--list")) {
    if (!notes.contains(name)) continue;
    compared.insert(row_of(name).op);
    if (std::regex_search(name, filter)) cases.push_back(name);
  }
  const std::vector<std::string> args = {"--threads", options.threads};
  std::vector<OpRow> rows;
  for (std::size_t i = 0; i < cases.size(); i += kCasesAtOnce) {
    const auto first = cases.begin() + static_cast<std::ptrdiff_t>(i);
    const std::size_t count = std::min(kCasesAtOnce, cases.size() - i);
    const std::vector<std::string> some(first, first + static_cast<std::ptrdiff_t>(count));
    const Rounds rounds = alternate({{"gradus", ours, args}, {"peer", peer, args}}, some, options.rounds);
    for (const std::string& name : some) {
      OpRow row = row_of(name);
      row.note = notes.at(name);
      row.ours_us = median(rounds.of(0, name));
      row.peer_us = median(rounds.of(1, name));
      row.ratio = ratio(rounds.of(0, name), rounds.of(1, name));
      rows.push_back(std::move(row));
    }
  }
  print_rows(rows);
  print_summary(rows);
  print_absent(compared);
  if (!options.json.empty()) write_json(rows, options.json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!read_options(argc, argv, options)) return usage();
  try {
    return compare(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "compare_ops: %s\n", error.what());
    return 1;
  }
}
