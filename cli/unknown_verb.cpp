// Finding the verb that a misspelt word is nearest to.
#include "cli/unknown_verb.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace tessera::cli {
namespace {

constexpr std::size_t kLongestWord = 40;

// Letters to add, drop, change or exchange with a neighbour (optimal string alignment distance).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

// One slip in three letters may still be the verb meant; or its first letters, if no other's.
std::string nearest(std::string_view word, const std::vector<std::string>& verbs) {
  if (word.size() < 2) return "";
  std::vector<std::string> begun;
  for (const std::string& verb : verbs)
    if (verb.starts_with(word)) begun.push_back(verb);
  if (begun.size() == 1) return begun.front();
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& verb : verbs)
    if (const std::size_t d = distance(word, verb); d < least) {
      least = d;
      best = verb;
    }
  return best;
}

// What a terminal shows as it is.
bool can_be_shown(std::string_view word) {
  return word.size() <= kLongestWord &&
         std::ranges::all_of(word, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string path_of(const CLI::App& verb) {
  const CLI::App* above = verb.get_parent();
  return above == nullptr ? verb.get_name() : path_of(*above) + " " + verb.get_name();
}

const CLI::App& last_verb(const CLI::App& root) {
  const std::vector<CLI::App*> chosen = root.get_subcommands();
  return chosen.empty() ? root : last_verb(*chosen.front());
}

std::optional<std::string> unknown_verb(const CLI::App& root) {
  const CLI::App& last = last_verb(root);
  if (last.get_require_subcommand_min() == 0) return std::nullopt;
  const std::string of = &last == &root ? "" : fmt::format("'{}': ", path_of(last));
  const std::vector<std::string> words = root.remaining(true);
  if (words.empty()) return of + "a verb is missing";
  const std::string& word = words.front();
  const std::string_view what = word.starts_with('-') ? "flag" : "verb";
  if (!can_be_shown(word)) return fmt::format("{}no {} is called like that", of, what);
  if (what == "flag") return fmt::format("{}no flag is called '{}'", of, word);
  std::vector<std::string> verbs;
  for (const CLI::App* verb : last.get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back(verb->get_name());
  const std::string meant = nearest(word, verbs);
  return fmt::format("{}no verb is called '{}'{}", of, word,
                     meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant));
}

}  // namespace tessera::cli
