// Reads pairs.csv and answers by record keys alone; knows no names and no truth.
#include "cli/evaluate_sample.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "cli/verb.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/report/clerical.h"

namespace tessera::cli {
namespace evaluate_sample_verb {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 33;

struct Listed {
  std::vector<std::array<std::string, 4>> who;  // owner and record of either side
  std::vector<double> probability;
};

Result<Listed> read_pairs(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path, kLargest));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const auto at, reader.require({"left_owner", "left_record", "right_owner",
                                             "right_record", "probability"}));
  Listed out;
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return out;
    double p = 0;
    const std::string_view cell = row[at[4]];
    const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), p);
    if (fault != std::errc() || end != cell.data() + cell.size() || !(p >= 0 && p <= 1))
      return Error{ErrorCode::format, "column probability is not a number from 0 to 1",
                   reader.where()};
    out.who.push_back({std::string(row[at[0]]), std::string(row[at[1]]), std::string(row[at[2]]),
                       std::string(row[at[3]])});
    out.probability.push_back(p);
  }
}

}  // namespace
}  // namespace evaluate_sample_verb

Result<int> write_sample(const SampleFlags& flags, Random& random) {
  using namespace evaluate_sample_verb;
  TESSERA_TRY(const Listed listed, read_pairs(flags.pairs));
  const auto sample = report::draw_sample(listed.probability, flags.wanted, random);
  std::string text = "pair,left_owner,left_record,right_owner,right_record,answer\n";
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto& [lo, lr, ro, rr] = listed.who[sample[i]];
    csv::append_row(text, {std::to_string(i + 1), lo, lr, ro, rr, ""});
  }
  TESSERA_CHECK(write_file(flags.output, text, {.force = flags.force, .mode = 0600}));
  fmt::print("{} of {} pairs to judge; write same or different in the column answer\n",
             sample.size(), listed.who.size());
  return kDone;
}

Result<int> judge_answers(const SampleFlags& flags) {
  using namespace evaluate_sample_verb;
  TESSERA_TRY(const Listed listed, read_pairs(flags.pairs));
  std::map<std::array<std::string, 4>, std::size_t> number;
  for (std::size_t i = 0; i < listed.who.size(); ++i) number.emplace(listed.who[i], i);
  TESSERA_TRY(const std::string text, read_file(flags.answers, kLargest));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, flags.answers));
  TESSERA_TRY(const auto at, reader.require({"left_owner", "left_record", "right_owner",
                                             "right_record", "answer"}));
  std::vector<report::Answer> answers(listed.who.size(), report::Answer::open);
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) break;
    const auto it = number.find({std::string(row[at[0]]), std::string(row[at[1]]),
                                 std::string(row[at[2]]), std::string(row[at[3]])});
    if (it == number.end())
      return Error{ErrorCode::conflict, "this pair does not stand in the pairs file",
                   reader.where()};
    const std::string_view said = row[at[4]];
    if (said != "same" && said != "different" && !said.empty())
      return Error{ErrorCode::format, "column answer: write same, different, or nothing",
                   reader.where()};
    answers[it->second] = said.empty()     ? report::Answer::open
                          : said == "same" ? report::Answer::same
                                           : report::Answer::different;
  }
  if (std::ranges::all_of(answers, [](report::Answer a) { return a == report::Answer::open; }))
    return Error{ErrorCode::usage,
                 "no pair is judged yet: write same or different in the column answer",
                 flags.answers};
  const auto r = report::judge(listed.probability, answers, flags.threshold);
  if (!flags.json.empty())
    TESSERA_CHECK(write_file(flags.json, json::to_text(report::to_json(r)),
                             {.force = flags.force, .mode = 0644}));
  if (flags.json != "-") fmt::print("{}", report::to_table(r));
  return kDone;
}

}  // namespace tessera::cli
