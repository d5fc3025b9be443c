// tessera locate answer: one encoded question, one ID or none, never a list.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/access/locator.h"
#include "engine/core/file.h"
#include "engine/intake/collection.h"
#include "engine/intake/locate.h"
#include "engine/registry/state_id.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace locate_verb {
namespace {

struct Options {
  std::string question;
  std::string registry;
  std::string model;
  std::string output = "-";
  bool force = false;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
  Gate gate;
};

std::string_view word_of(intake::Reply reply) {
  switch (reply) {
    case intake::Reply::found:
      return access::kFound;
    case intake::Reply::none:
      return access::kNone;
    case intake::Reply::contact:
      break;
  }
  return access::kContact;
}

Result<int> run(const Options& o) {
  Paths paths{files_of_registry(o.registry), {o.output}, o.force};
  paths.read.push_back(o.question);
  paths.read.push_back(o.model);
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  const auto progress = progress_bar();
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(link::FileSet files, link::FileSet::open({o.question}, opening));
  if (files.records() != 1)
    return Error{ErrorCode::usage,
                 fmt::format("a question is one record; this file holds {}", files.records()),
                 o.question};
  const encoded::Header& header = files.files().front().header();
  const auto people = header.population == encoded::Population::staff ? access::People::staff
                                                                      : access::People::students;
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "locate answer", {header.owner, people}));
  if (intake::asks_too_little(files)) {
    TESSERA_CHECK(pass.answered({.rows = 0, .outcome = std::string(access::kTooLittle)}));
    return Error{ErrorCode::conflict,
                 "too little to ask with: a full date of birth, a first and a last name are needed",
                 o.question};
  }
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  // A question stores nothing, so it is stripped and never refused.
  [[maybe_unused]] const auto stripped =
      intake::enforce_collection(rules, files, access::day_of(o.gate.now()));
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(const intake::Located found, intake::locate(registry, files, *matcher, *progress));
  const std::string id = found.id == 0 ? "" : registry::to_text(found.id);
  const std::string_view answer = word_of(found.reply);
  access::AccessLog::Shown shown{.fields = {"answer", "state_id"}, .rows = 1};
  if (found.id != 0) shown.ids = {id};
  shown.outside = found.outside;
  shown.outcome = answer;
  TESSERA_CHECK(pass.answered(std::move(shown)));
  TESSERA_CHECK(write_file(o.output, fmt::format("answer,state_id\n{},{}\n", answer, id),
                           {.force = o.force}));
  return found.reply == intake::Reply::found ? kDone : kAttention;
}

}  // namespace
}  // namespace locate_verb

void add_locate(CLI::App& root, Action& chosen) {
  using namespace locate_verb;
  CLI::App* group = add_group(root, "locate", "find the state ID of a student who moved here",
                              "tessera locate answer question.tess --registry state.db");
#ifdef TESSERA_OWNER
  add_locate_ask(*group, chosen);
#endif
  auto o = std::make_shared<Options>();
  CLI::App* verb = group->add_subcommand("answer", "answer an encoded question from the registry");
  verb->add_option("QUESTION", o->question, "encoded question: one record")->required();
  verb->add_option("--registry", o->registry, "registry file")->required();
  o->sealed->add_to(*verb);
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  verb->add_option("-o,--output", o->output,
                   "answer to write (default: standard output): answer,state_id");
  verb->add_flag("--force", o->force, "replace an existing file");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera locate answer question.tess --registry state.db\n"
      "The answer is found with one ID, none, or contact the state; never a list. Each question\n"
      "counts against the account's budget of the day (the policy's per_day).\n"
      "Exit status: 0 found, 1 not found, 2 no question, 6 too little to ask with, refused, or "
      "budget used up.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
