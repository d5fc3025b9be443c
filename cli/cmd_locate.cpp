// tessera locate answer: to each encoded question one ID or none, never a list.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/access/locator.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/intake/collection.h"
#include "engine/intake/locate.h"
#include "engine/registry/state_id.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace locate_verb {
namespace {

struct Options {
  std::vector<std::string> questions;
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

// What all questions of one run share. Opening a large registry takes longer than an answer.
struct Office {
  matchers::Model model;
  encoded::Opening opening;
  std::unique_ptr<Progress> progress;
  std::optional<registry::Registry> registry;  // opened with the first question that is let through
};

struct Reply {
  std::string_view answer;
  std::string id;
  bool found = false;
};

// One question: its own leave, budget and lines in the log.
Result<Reply> reply_to(const Options& o, const std::string& question, Office& office) {
  TESSERA_TRY(link::FileSet files, link::FileSet::open({question}, office.opening));
  if (files.records() != 1)
    return Error{ErrorCode::usage,
                 fmt::format("a question is one record; this file holds {}", files.records()),
                 question};
  const encoded::Header& header = files.files().front().header();
  const access::People people = people_of(header.population);
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "locate answer", {header.owner, people}));
  if (intake::asks_too_little(files)) {
    TESSERA_CHECK(pass.answered({.rows = 0, .outcome = std::string(access::kTooLittle)}));
    return Error{ErrorCode::conflict,
                 "too little to ask with: a full date of birth, a first and a last name are needed",
                 question};
  }
  if (!office.registry) {
    TESSERA_TRY(office.registry, registry::Registry::open(o.registry, registry::Access::read));
  }
  TESSERA_TRY(const auto rules, registry::collection_rules(*office.registry));
  // A question stores nothing, so it is stripped; refused if it cannot be.
  TESSERA_TRY(const intake::Enforced stops,
              intake::enforce_collection(rules, files, access::day_of(o.gate.now())));
  if (stops.shown) {
    TESSERA_CHECK(pass.answered({.rows = 0, .outcome = std::string(access::kTooLittle)}));
    return Error{ErrorCode::conflict,
                 fmt::format("carries '{}', whose collection is stopped: encode the question "
                             "without it",
                             stops.because),
                 question};
  }
  const auto matcher = matchers::fellegi_sunter(office.model);
  TESSERA_TRY(const intake::Located found,
              intake::locate(*office.registry, files, *matcher, *office.progress));
  Reply reply{word_of(found.reply), found.id == 0 ? "" : registry::to_text(found.id),
              found.reply == intake::Reply::found};
  access::AccessLog::Shown shown{.fields = {"answer", "state_id"}, .rows = 1};
  if (found.id != 0) shown.ids = {reply.id};
  shown.outside = found.outside;
  shown.outcome = reply.answer;
  TESSERA_CHECK(pass.answered(std::move(shown)));
  return reply;
}

// A question that is refused stops a single one; among several it is one line, and the others are
// answered.
Result<int> run(const Options& o) {
  Paths paths{files_of_registry(o.registry), {o.output}, o.force};
  paths.read.insert(paths.read.end(), o.questions.begin(), o.questions.end());
  paths.read.push_back(o.model);
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(matchers::Model model, matchers::load_model(o.model));
  TESSERA_TRY(encoded::Opening opening, o.sealed->read());
  Office office{std::move(model), std::move(opening), progress_bar(), std::nullopt};
  const bool several = o.questions.size() > 1;
  std::string text = several ? "question,answer,state_id\n" : "answer,state_id\n";
  int status = kDone;
  for (const std::string& question : o.questions) {
    Result<Reply> reply = reply_to(o, question, office);
    if (!reply && (!several || reply.error().code != ErrorCode::conflict)) return reply.error();
    if (!reply) {
      say_warning(fmt::format("{}: {}", question, reply.error().what));
      reply = Reply{"refused", "", false};
    }
    if (several)
      csv::append_row(text, {question, reply->answer, reply->id});
    else
      csv::append_row(text, {reply->answer, reply->id});
    if (!reply->found) status = kAttention;
  }
  TESSERA_CHECK(write_file(o.output, text, {.force = o.force}));
  return status;
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
  CLI::App* verb = group->add_subcommand("answer", "answer encoded questions from the registry");
  verb->add_option("QUESTIONS", o->questions, "encoded questions: one record each")
      ->required()
      ->expected(1, 1 << 20);
  verb->add_option("--registry", o->registry, "registry file")->required();
  o->sealed->add_to(*verb);
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  verb->add_option("-o,--output", o->output,
                   "answer to write (default: standard output): answer,state_id; of several "
                   "questions, question,answer,state_id");
  verb->add_flag("--force", o->force, "replace an existing file");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera locate answer question.tess --registry state.db\n"
      "The answer is found with one ID, none, or contact the state; never a list. Each question\n"
      "counts against the account's budget of the day (the policy's per_day). Several share the "
      "opening\nof the registry, which takes longer than an answer; one that is refused is a line "
      "'refused'.\n"
      "Exit status: 0 found, 1 not found, 2 no question, 6 too little to ask with, refused, or "
      "budget used up.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
