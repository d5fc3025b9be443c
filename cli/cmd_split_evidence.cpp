// tessera split ask, split evidence: a reviewer's question goes to the comparer as a pair of
// handles, and comes back field by field.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/log_reading.h"
#include "cli/say.h"
#include "cli/split_verbs.h"
#include "engine/comparer/evidence.h"
#include "engine/comparer/question_log.h"
#include "engine/core/json.h"
#include "engine/registrar/asking.h"
#include "engine/registry/change.h"
#include "engine/registry/epoch.h"
#include "engine/report/waterfall.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace split_evidence_verb {
namespace {

struct Ask {
  std::string registry, from;
  std::vector<std::string> scores;
  std::int64_t review = 0;
  bool json = false;
  Gate gate;
};

struct Evidence {
  std::string first, second, mix, from, store, log, model;
  registry::Author author;
  bool json = false;
  Gate clock;
};

Result<int> ask(const Ask& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "review show"));
  if (pass.level_for_all() != 1)
    return Error{ErrorCode::conflict,
                 "candidates may be of any owner: only who sees all records asks the comparer",
                 o.registry};
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const std::vector<registrar::Scores> scores, read_all_scores(o.scores, sender));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const registry::OpenReview asked, registry::find_review(r, o.review, {}));
  TESSERA_TRY(const auto met, registrar::meetings_of(r, asked, scores));
  access::AccessLog::Shown shown{.fields = {"state_id", "logit"},
                                 .rows = static_cast<std::int64_t>(met.size())};
  const bool several = std::ranges::count_if(r.epochs(), &registry::Epoch::live) > 1;
  json::Array all;
  std::string text;
  for (const registrar::Met& m : met) {
    shown.ids.push_back(registry::to_text(m.id));
    json::Value one = json::Object{{"state_id", shown.ids.back()}};
    text += "candidate " + registry::to_text(m.id);
    if (m.best) {
      const std::string first = comparer::handle_text(m.best->first);
      const std::string second = comparer::handle_text(m.best->second);
      one.set("first", first);
      one.set("second", second);
      one.set("logit", m.best->decinats / 10.0);
      one.set("epoch", m.epoch);
      text += fmt::format(": logit {:.1f}, entries {} {}{}\n", m.best->decinats / 10.0, first,
                          second, several ? " of epoch " + m.epoch : "");
    } else {
      text += ": these scores hold no meeting with it\n";
    }
    all.push_back(std::move(one));
  }
  TESSERA_CHECK(pass.answered(std::move(shown)));
  fmt::print("{}", o.json ? json::to_text(
                                json::Object{{"review", o.review}, {"candidates", std::move(all)}})
                          : text);
  return kDone;
}

Result<int> answer(const Evidence& o) {
  TESSERA_CHECK(registry::check_author(o.author));
  TESSERA_TRY(const encoded::Handle first, comparer::parse_handle(o.first));
  TESSERA_TRY(const encoded::Handle second, comparer::parse_handle(o.second));
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const slips::MixFile mix, slips::MixFile::open(o.mix, sender));
  const auto matcher = matchers::fellegi_sunter(model);
  const auto progress = progress_bar();
  TESSERA_TRY(const link::Explanation found,
              comparer::evidence_of(o.store, mix, first, second, *matcher, *progress));
  // Written down before it is shown.
  TESSERA_CHECK(comparer::log_question(
      o.log, {moment_text(o.clock.now()), first, second, o.author.who, o.author.why}));
  fmt::print("{}", o.json ? json::to_text(link::to_json(found)) : report::fields_to_lines(found));
  return kDone;
}

}  // namespace
}  // namespace split_evidence_verb

void add_split_ask(CLI::App& group, Action& chosen) {
  using namespace split_evidence_verb;
  auto o = std::make_shared<Ask>();
  CLI::App* verb =
      group.add_subcommand("ask", "registrar: the two entries that a question of review hangs on");
  verb->add_option("REVIEW", o->review, "its number")->required();
  verb->add_option("--registry", o->registry, "registry made with --split")->required();
  verb->add_option("--scores", o->scores, "of the batch that opened it; once for each epoch")
      ->required()
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--from", o->from, "the comparer's public key")->required();
  verb->add_flag("--json", o->json, "as JSON");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera split ask 7 --registry state.db --scores batch.scores --from "
      "comparer.pub\n"
      "Give the comparer these handles and a reason, and no record or owner.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 damaged, 6 scores of another kind.");
  verb->callback([&chosen, o] { chosen = [o] { return ask(*o); }; });
}

void add_split_evidence(CLI::App& group, Action& chosen) {
  using namespace split_evidence_verb;
  auto o = std::make_shared<Evidence>();
  CLI::App* verb =
      group.add_subcommand("evidence", "comparer: how two entries compare, field by field");
  verb->add_option("FIRST", o->first, "handle, as 'split ask' shows it")->required();
  verb->add_option("SECOND", o->second, "the other")->required();
  verb->add_option("--store", o->store, "the comparer's store of entries")->required();
  verb->add_option("--mix", o->mix, "any mix of its registry and epoch")->required();
  verb->add_option("--from", o->from, "the registrar's public key")->required();
  verb->add_option("--by", o->author.who, "who asks, at the registrar")->required();
  verb->add_option("--reason", o->author.why, "why: a case number, never a name")->required();
  verb->add_option("--log", o->log, "the comparer's log of questions, which gets a line")
      ->required();
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  verb->add_flag("--json", o->json, "as JSON");
  o->clock.add_clock_to(*verb);
  verb->footer(
      "Example:\n  tessera split evidence 00c1d2e3f4a5b697 8877665544332211 --store store.db --mix "
      "\\\n    batch.mix --from registrar.pub --by r.lee --reason case-12 --log questions.log\n"
      "Levels and weights (nats) by the model's tables, without what the run's data added.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 damaged, 5 a key, 6 no such entries, or a log that "
      "was changed.");
  verb->callback([&chosen, o] { chosen = [o] { return answer(*o); }; });
}

}  // namespace tessera::cli
