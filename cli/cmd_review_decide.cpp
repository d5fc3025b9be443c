// tessera review decide: a person's answer to an open question.
#include <memory>

#include <fmt/format.h>

#include "cli/certificate.h"
#include "cli/gate.h"
#include "cli/lost_option.h"
#include "cli/random_source.h"
#include "cli/review_verbs.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/registry/rulings.h"

namespace tessera::cli {
namespace review_decide_verb {
namespace {

struct Options {
  std::string registry;
  std::int64_t review = 0;
  std::string verdict;
  std::string id;
  registry::Author author;
  bool json = false;
  Gate gate;
  LostOption lost;
  SeedOption seed;
};

Result<int> run(const Options& o) {
  registry::Ruling ruling;
  ruling.review = o.review;
  ruling.author = o.author;
  if (!registry::verdict_named(o.verdict, ruling.verdict))
    return Error{ErrorCode::usage, "a verdict is same, different, unsure or defer", ""};
  if (!o.id.empty()) {
    TESSERA_TRY(ruling.id, registry::parse_state_id(o.id));
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "review decide"));
  TESSERA_TRY(ruling.author.who, pass.author(o.author.who));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_CHECK(o.lost.recall(r));
  const auto random = o.seed.source();
  TESSERA_TRY(const registry::RulingResult done, registry::rule(r, ruling, *random, pass.sees()));
  const std::string id = done.id == 0 ? std::string() : registry::to_text(done.id);
  access::AccessLog::Shown shown{.fields = {"state_id"}, .rows = 1, .head = head_text(done.head)};
  if (done.id != 0) shown.ids.push_back(id);
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (o.json) {
    fmt::print(
        "{}",
        json::to_text(json::Object{
            {"review", o.review},
            {"verdict", o.verdict},
            {"closed", done.closed},
            {"state_id", id},
            {"issued", done.issued},
            {"chain", json::Object{{"seq", done.head.seq}, {"hash", to_hex(done.head.hash)}}}}));
    return kDone;
  }
  fmt::print("review {}: {}{}{}\n", o.review, o.verdict,
             id.empty() ? "" : fmt::format(", {}{}", done.issued ? "new ID " : "", id),
             done.closed ? "" : "; it stays open");
  fmt::print("chain: event {} {}\n", done.head.seq, to_hex(done.head.hash));
  return kDone;
}

}  // namespace
}  // namespace review_decide_verb

void add_review_decide(CLI::App& group, Action& chosen) {
  using namespace review_decide_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      group.add_subcommand("decide", "answer an open question; no machine overrides it");
  verb->add_option("REVIEW", o->review, "its number")->required();
  verb->add_option("VERDICT", o->verdict, "same, different, unsure or defer")->required();
  verb->add_option("--id", o->id, "the candidate meant; needed for 'same' where there are several");
  verb->add_option("--registry", o->registry, "registry")->required();
  o->gate.add_to(*verb);
  verb->add_option("--by", o->author.who, "who decides (default: who is signed in)");
  verb->add_option("--reason", o->author.why, "why: a case number, never a name; it stays for ever")
      ->required();
  verb->add_flag("--json", o->json, "as JSON");
  o->lost.add_to(*verb);
  o->seed.add_to(*verb);
  verb->footer(
      "Example:\n  tessera review decide 7 same --registry state.db --by ana --reason case-12\n"
      "same: the record is the candidate. different: it is none of them (with --id: not that "
      "one),\n"
      "remembered for ever; a record without an ID gets one. unsure, defer: noted, and it stays "
      "open.\nA district decides between its own records and persons of whom it has one; the rest "
      "is the state's.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 damaged, 6 answered already, or the record is held.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
