// Owners and record keys come out as they came in; nothing of an entry is in any file.
#include "cli/assign_answer.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/say.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/registry/retention.h"
#include "engine/registry/state_id.h"
#include "engine/schema/epoch_span.h"

namespace tessera::cli {
namespace {

std::string id_text(registry::StateId id) {
  return id == 0 ? std::string() : registry::to_text(id);
}

}  // namespace

Answer answer_of(const intake::Weighed& weighed, const registry::Receipt& receipt) {
  Answer a;
  std::string& ids = a.text["ids.csv"] = "owner,record,state_id,status,probability\n";
  std::string& review = a.text["review.csv"] = "owner,record,reason,probability,suspects,weight\n";
  std::string& decisions = a.text["decisions.csv"] =
      "owner,record,state_id,status,probability,decided_by,reason\n";
  for (const std::string& owner : weighed.question.owners)
    a.text[owner + ".csv"] = "record,state_id,status\n";
  for (std::size_t i = 0; i < receipt.issued.size(); ++i) {
    const registry::Issued& e = receipt.issued[i];
    const registry::Decision& d = weighed.decisions[i];
    const std::string& owner = weighed.question.owners[weighed.question.records[i].owner];
    const std::string key = to_hex(weighed.batch.records[i].key);
    const std::string id = id_text(e.id);
    const std::string_view status = registry::name_of(e.status);
    const std::string probability = fmt::format("{:.6f}", e.probability);
    csv::append_row(ids, {owner, key, id, status, probability});
    csv::append_row(decisions, {owner, key, id, status, probability,
                                weighed.decided_by_score[i] != 0 ? "score" : "record key",
                                registry::name_of(e.reason)});
    csv::append_row(a.text[owner + ".csv"], {key, id, status});
    if (e.status == registry::Status::review || e.status == registry::Status::conflict)
      csv::append_row(
          review,
          {owner, key, registry::name_of(e.reason), probability,
           fmt::format("{}", d.suspects.size()),
           d.suspects.empty() ? "" : fmt::format("{:.1f}", d.suspects.front().decinats / 10.0)});
    ++a.statuses[std::string(status)];
    if (e.reason != registry::Reason::none) ++a.reasons[std::string(registry::name_of(e.reason))];
  }
  for (const registry::ClaimNotice& n : receipt.notices) {
    std::string& told = a.text["claims/" + n.owner + ".csv"];
    if (told.empty()) told = "record,state_id,status\n";
    csv::append_row(told, {to_hex(n.key), registry::to_text(n.id), "claimed"});
  }
  return a;
}

void add_notices(const std::vector<intake::Notice>& notices, Answer& a) {
  if (notices.empty()) return;
  std::string& all = a.text["notices.csv"] = "owner,record,notice\n";
  for (const intake::Notice& n : notices) {
    const std::string key = n.record ? to_hex(*n.record) : "";
    csv::append_row(all, {n.owner, key, n.text});
    std::string& own = a.text[n.owner + ".notices.csv"];
    if (own.empty()) own = "record,notice\n";
    csv::append_row(own, {key, n.text});
  }
}

json::Value summary_of(const intake::Weighed& weighed, const registry::Receipt& receipt,
                       const Answer& answer) {
  json::Object statuses;
  for (const char* s : {"existing", "new", "review", "conflict"}) {
    const auto it = answer.statuses.find(s);
    statuses.emplace_back(s, it == answer.statuses.end() ? std::uint64_t{0} : it->second);
  }
  json::Object reasons;
  for (const auto& [name, n] : answer.reasons) reasons.emplace_back(name, n);
  json::Array notes;
  for (const std::string& n : weighed.fit.notes) notes.emplace_back(n);
  return json::Object{{"batch", receipt.batch},
                      {"records", std::uint64_t{receipt.issued.size()}},
                      {"statuses", std::move(statuses)},
                      {"reasons", std::move(reasons)},
                      {"ids_issued", receipt.ids_issued},
                      {"claims", receipt.claims},
                      {"reviews_opened", receipt.reviews_opened},
                      {"alarms", receipt.alarms},
                      {"pairs_compared", weighed.compared},
                      {"automatic_threshold", weighed.question.thresholds.automatic},
                      {"review_threshold", weighed.question.thresholds.review},
                      {"chain", json::Object{{"seq", static_cast<std::int64_t>(receipt.head.seq)},
                                             {"hash", to_hex(receipt.head.hash)},
                                             {"signature", to_hex(receipt.signature)}}},
                      {"notes", std::move(notes)}};
}

namespace {

Result<void> make_folder(const std::string& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) return Error{ErrorCode::io, "cannot make this folder: " + ec.message(), path};
  return {};
}

}  // namespace

Result<void> AnswerFolder::prepare() const {
  std::error_code ec;
  if (std::filesystem::exists(path, ec) && !force) {
    if (!std::filesystem::is_directory(path, ec) || !std::filesystem::is_empty(path, ec))
      return Error{ErrorCode::usage,
                   "already exists and is not an empty folder; give --force to write into it",
                   path};
  }
  return make_folder(path);
}

Result<void> AnswerFolder::write(const Answer& answer) const {
  for (const bool claims : {true, false})
    for (const auto& [name, text] : answer.text)
      if (name.starts_with("claims/") == claims)
        TESSERA_CHECK(write_file(path + "/" + name, text, {.force = force, .mode = 0640}));
  return {};
}

Error AnswerFolder::refuse(const intake::Enforced& found) const {
  Answer answer;
  add_notices(found.notices, answer);
  if (auto made = prepare(); !made) return made.error();
  if (auto written = write(answer); !written) return written.error();
  return {ErrorCode::conflict,
          fmt::format("carries '{}', whose collection is stopped: nothing was taken in; "
                      "notices.csv names the records; encode again without the column",
                      found.because),
          found.refused};
}

namespace {

access::AccessLog::Shown shown_of(const registry::Receipt& receipt) {
  access::AccessLog::Shown shown;
  shown.fields = {"owner",      "record", "state_id", "status", "probability",
                  "decided_by", "reason", "suspects", "weight", "notice"};
  shown.rows = static_cast<std::int64_t>(receipt.issued.size());
  shown.batch = receipt.batch;
  shown.head = fmt::format("{} {}", receipt.head.seq, to_hex(receipt.head.hash));
  return shown;
}

}  // namespace

Result<void> AnswerFolder::give_out(const Pass& pass, const registry::Receipt& receipt,
                                    const Answer& answer) const {
  const auto given = [&]() -> Result<void> {
    TESSERA_CHECK(pass.answered(shown_of(receipt)));
    if (!receipt.notices.empty()) TESSERA_CHECK(make_folder(path + "/claims"));
    return write(answer);
  }();
  if (given) return {};
  return Error{
      ErrorCode::io,
      fmt::format("{}; batch {} is in the registry all the same: give the same files again "
                  "with another --out, sealed ones with --again, and every record gets "
                  "the ID that it has now",
                  given.error().what, receipt.batch),
      given.error().where};
}

json::Value stops_of(const intake::Enforced& stops) {
  json::Object out;
  for (const auto& [field, n] : stops.records) out.emplace_back(field, n);
  return out;
}

void warn_of_stops(const intake::Enforced& stops, std::size_t repeated) {
  std::string what;
  for (const auto& [field, n] : stops.records)
    what += fmt::format("{}{} of {} records", what.empty() ? "stopped: " : ", ", field, n);
  if (repeated > 0)
    what += fmt::format("{}{} SSNs sent again", what.empty() ? "" : "; ", repeated);
  if (!what.empty()) say_warning(what + ": OWNER.notices.csv is for the owner");
}

void say_outcome(const intake::Weighed& weighed, const registry::Receipt& receipt, Answer& answer) {
  for (const std::string& note : weighed.fit.notes) say_warning(note);
  fmt::print("batch {}: {} records: {} existing, {} new, {} review, {} conflict; {} IDs issued\n",
             receipt.batch, receipt.issued.size(), answer.statuses["existing"],
             answer.statuses["new"], answer.statuses["review"], answer.statuses["conflict"],
             receipt.ids_issued);
  fmt::print("chain: event {} {}\n", receipt.head.seq, to_hex(receipt.head.hash));
  fmt::print("signature: {}\n", to_hex(receipt.signature));
}

Result<std::string> day_of_rules(const Gate& gate, registry::Registry& registry) {
  TESSERA_TRY(const std::string newest, registry::newest_day(registry));
  const std::string today = access::day_of(gate.now());
  // A clock that has gone back makes no stop undone.
  const std::string day = std::max(today, newest);
  if (day != today)
    say_warning(
        fmt::format("this machine's clock says {}, and the newest batch is of {}: SSNs are "
                    "taken by the rules of the later day",
                    today, newest));
  return day;
}

void warn_if_over(const registry::Epoch& current, const std::string& day) {
  const auto span = schema::epoch_span(current.name);
  if (span && day > span->last)
    say_warning(
        fmt::format("the years of epoch {} are over; open the next one with 'tessera "
                    "registry epoch add'",
                    current.name));
}

}  // namespace tessera::cli
