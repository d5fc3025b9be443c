// tessera retention: whose time is over, archived first and destroyed later, with a certificate.
#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "cli/certificate.h"
#include "cli/gated_verb.h"
#include "cli/group.h"
#include "cli/retention_verb.h"
#include "cli/say.h"
#include "cli/table.h"
#include "engine/core/day.h"
#include "engine/core/file.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/retention.h"

namespace tessera::cli {
namespace retention_verb {
namespace {

struct Options {
  std::string registry, schedule, day, by, reason, output, confirmed;
  bool json = false, force = false, all = false;
  std::vector<std::string> ids;
  Gate gate;
};

using registry::DueId;

Result<std::string> day_asked(const Options& o) {
  const std::string day = o.day.empty() ? access::day_of(o.gate.now()) : o.day;
  if (!is_day(day)) return Error{ErrorCode::usage, "--day is a day, YYYY-MM-DD", ""};
  return day;
}

Result<registry::RetentionSchedule> read_schedule(const Options& o) {
  TESSERA_TRY(const std::string text, read_file(o.schedule, std::size_t{1} << 20));
  return registry::read_retention(text, o.schedule);
}

Result<std::vector<DueId>> due_on(const Options& o, registry::Registry& r, const std::string& day) {
  TESSERA_TRY(const auto schedule, read_schedule(o));
  return registry::due_ids(r, schedule, day);
}

// A registry in use takes files every October, so a clock much further on is more likely wrong; and
// what a wrong one destroys is gone.
Result<std::string> day_of_clock(const Options& o, registry::Registry& r) {
  constexpr int kQuietest = 400;  // days
  const std::string today = access::day_of(o.gate.now());
  if (!o.confirmed.empty() && o.confirmed != today)
    return Error{ErrorCode::usage,
                 fmt::format("--today says another day than this machine's clock, {}", today), ""};
  TESSERA_TRY(const std::string newest, registry::newest_day(r));
  if (!o.confirmed.empty() || newest.empty() || today <= add_days(newest, kQuietest)) return today;
  return Error{ErrorCode::conflict,
               fmt::format("this machine's clock says {}, and the newest batch is of {}: set the "
                           "clock right, or confirm the day with --today",
                           today, newest),
               o.registry};
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "retention due"));
  TESSERA_TRY(const std::string day, day_asked(o));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto all, due_on(o, r, day));
  AnswerTable table{{"state_id", "people", "last_seen", "step"}, {}};
  std::vector<std::string> ids;
  for (const DueId& d : all) {
    ids.push_back(registry::to_text(d.id));
    table.rows.push_back({ids.back(), d.space == registry::Space::staff ? "staff" : "student",
                          d.last_seen, d.destroy ? "destroy" : "archive"});
  }
  TESSERA_CHECK(show_table(pass, "retention due", std::move(table), o.json, std::move(ids)));
  return all.empty() ? kDone : kAttention;
}

// The IDs named, or with --all every one, whose next step is due today. An ID that is not due is
// an error: nobody is archived or destroyed before the time.
Result<std::vector<registry::StateId>> chosen_ids(const Options& o, bool destroy) {
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const std::string today, day_of_clock(o, r));
  TESSERA_TRY(const auto all, due_on(o, r, today));
  std::set<registry::StateId> due;
  for (const DueId& d : all)
    if (d.destroy == destroy) due.insert(d.id);
  if (o.all == !o.ids.empty())
    return Error{ErrorCode::usage, "name state IDs, or say --all for all that are due", ""};
  if (o.all) return std::vector<registry::StateId>(due.begin(), due.end());
  std::vector<registry::StateId> out;
  for (const std::string& text : o.ids) {
    TESSERA_TRY(const registry::StateId id, registry::parse_state_id(text));
    if (!due.contains(id))
      return Error{ErrorCode::conflict,
                   fmt::format("{} is not due to be {}; 'tessera retention due' lists who is", text,
                               destroy ? "destroyed" : "archived"),
                   ""};
    out.push_back(id);
  }
  return out;
}

Result<registry::Author> author_of(const Options& o, const Pass& pass) {
  TESSERA_TRY(std::string by, pass.author(o.by));
  return registry::Author{std::move(by), o.reason};
}

Result<int> archive(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "retention archive"));
  TESSERA_TRY(const registry::Author author, author_of(o, pass));
  TESSERA_TRY(const auto ids, chosen_ids(o, false));
  const auto progress = progress_bar();
  progress->begin("archiving", ids.size(), "IDs");
  for (const registry::StateId id : ids) {
    TESSERA_TRY(registry::Registry r,
                registry::Registry::open(o.registry, registry::Access::write));
    TESSERA_TRY(const auto made, registry::archive_id(r, id, author));
    (void)made;
    progress->advance(1);
  }
  fmt::print("archived {} IDs\n", ids.size());
  return kDone;
}

Result<int> destroy(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "retention destroy"));
  TESSERA_TRY(const registry::Author author, author_of(o, pass));
  TESSERA_CHECK(registry::check_author(author));
  TESSERA_TRY(const auto ids, chosen_ids(o, true));
  TESSERA_TRY(const auto schedule, read_schedule(o));
  if (!o.force && file_exists(o.output))
    return Error{ErrorCode::usage, "already exists; give --force to replace it", o.output};
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(const SigningKey key, SigningKey::read(o.registry + ".key"));
  const auto progress = progress_bar();
  TESSERA_TRY(const registry::DestroyCount n,
              registry::destroy_archived(r, ids, author, *progress));
  std::string list;
  for (const registry::StateId id : n.ids) list += registry::to_text(id) + "\n";
  TESSERA_CHECK(write_certificate(o.output,
                                  json::Object{{"what", "tessera-destruction-certificate-v1"},
                                               {"day", access::day_of(o.gate.now())},
                                               {"registry", to_hex(r.name())},
                                               {"public_key", to_hex(r.public_key())},
                                               {"by", n.who},
                                               {"reason", n.why},
                                               {"schedule", schedule.version},
                                               {"ids", static_cast<std::int64_t>(n.ids.size())},
                                               {"ids_sha256", to_hex(sha256(as_bytes(list)))},
                                               {"records", n.records},
                                               {r.split() ? "handles" : "entries", n.entries},
                                               {"payload_digests", n.payloads},
                                               {"chain", to_json(n.head)}},
                                  key, o.force));
  TESSERA_CHECK(pass.answered({.head = head_text(n.head.head)}));
  fmt::print("destroyed: {} IDs; {} records, {}{} entries and {} payload digests gone\n",
             n.ids.size(), n.records, r.split() ? "handles of " : "", n.entries, n.payloads);
  if (r.split())
    say_note(
        "the entries are with the comparer: its next 'split compare' with --shred, of each "
        "epoch's store, takes them out of the file");
  say_note("copies made before today still hold them: destroy old backups, or their keys");
  return kDone;
}

CLI::App* add(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o, const char* name,
              const char* help, Result<int> (*run)(const Options&), const char* footer) {
  CLI::App* verb = add_gated_verb(group, chosen, name, help, "--registry", o, run);
  verb->add_option("--schedule", o->schedule, "retention schedule (data/retention/schedule.json)")
      ->required();
  verb->footer(footer);
  return verb;
}

}  // namespace
}  // namespace retention_verb

void add_retention(CLI::App& root, Action& chosen) {
  using namespace retention_verb;
  CLI::App* group = add_group(root, "retention", "archive, then destroy, those whose time is over",
                              "tessera retention due --registry state.db --schedule schedule.json");
  auto o = std::make_shared<Options>();
  CLI::App* verb = add(*group, chosen, o, "due", "whose time is over, as CSV", list,
                       "Example:\n  tessera retention due --registry state.db --schedule "
                       "schedule.json\nExit status: 0 nobody, 1 somebody, 3 io, 4 no schedule, 6 "
                       "refused.");
  verb->add_option("--day", o->day, "as of this day (default: today, UTC)");
  verb->add_flag("--json", o->json, "as JSON");
  CLI::App* first = add(*group, chosen, o, "archive", "archive IDs that are due", archive,
                        "Example:\n  tessera retention archive --all --registry state.db "
                        "--schedule schedule.json --by e.dunn --reason 'schedule 1'\nExit status: "
                        "0 done, 2 usage, 6 refused, or not due.");
  CLI::App* last = add(*group, chosen, o, "destroy",
                       "destroy all that archived IDs' records were encoded to", destroy,
                       "Example:\n  tessera retention destroy --all --registry state.db --schedule "
                       "schedule.json --by e.dunn --reason 'schedule 1' -o certificate.json\nThe "
                       "ID stays as a tombstone and is never given again. Exit status: 0 done, 2 "
                       "usage, 6 refused, not due, or another process is reading.");
  for (CLI::App* v : {first, last}) {
    v->add_option("IDS", o->ids, "state IDs");
    v->add_flag("--all", o->all, "all that are due");
    v->add_option("--today", o->confirmed,
                  "the day it is, where the newest batch is more than 400 days old");
    v->add_option("--by", o->by, "who answers for it (default: who is signed in)");
    v->add_option("--reason", o->reason, "why: stays for ever")->required();
  }
  last->add_option("-o,--output", o->output, "certificate to write")->required();
  last->add_flag("--force", o->force, "replace an existing file");
  add_certificate_check(*group, chosen, "check the signature of a certificate",
                        "retention check certificate.json --key registry.pub");
}

}  // namespace tessera::cli
