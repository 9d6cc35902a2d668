#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace gradus {

namespace {

std::string canonical(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c != '_') result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

// Levenshtein's distance: how many letters to insert, drop or replace to come from one to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// Names come from files too: a message shows no more than this of one.
constexpr std::size_t kShown = 60;

}  // namespace

std::size_t find_name(std::string_view what, std::string_view given,
                      std::span<const std::string_view> known) {
  const std::string wanted = canonical(given);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (canonical(known[i]) == wanted) return i;
  }
  throw ValueError(unknown_name(what, given, known));
}

std::string unknown_name(std::string_view what, std::string_view given,
                         std::span<const std::string_view> known) {
  std::string text = "unknown " + std::string(what) + " '" + std::string(given.substr(0, kShown)) +
                     (given.size() > kShown ? "…" : "") + "'";
  if (known.empty()) return text;
  const std::string wanted = canonical(given.substr(0, kShown));
  std::string_view nearest = known.front();
  std::size_t least = distance(wanted, canonical(nearest));
  for (std::size_t i = 0; i < known.size(); ++i) {
    text += (i == 0 ? "; known are '" : ", '") + std::string(known[i]) + "'";
    if (const std::size_t d = distance(wanted, canonical(known[i])); d < least) {
      least = d;
      nearest = known[i];
    }
  }
  return text + "; did you mean '" + std::string(nearest) + "'?";
}

}  // namespace gradus
