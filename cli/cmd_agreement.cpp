// tessera agreement: requests for data, their approval, and the destruction that ends them.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/book_act.h"
#include "cli/group.h"
#include "cli/table.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/disclosure/agreement.h"
#include "engine/disclosure/staff_profile.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace agreement_verb {
namespace {

using disclosure::Act;
using disclosure::Book;
using disclosure::Card;

struct Options {
  BookOptions at;
  std::int64_t agreement = 0;
  disclosure::Request request;
  std::string starts;
  std::string ends;
  std::string destroy_by;
  std::string document;
  std::string why;
  std::string profile;
  std::int64_t two_persons_above = 100;
  bool json = false;
};

Result<int> init(const Options& o) {
  TESSERA_TRY(const Day day, day_of(o.at.day));
  Act act{o.at.by, day};
  disclosure::Settings settings{o.two_persons_above};
  if (!o.at.registry.empty()) {
    TESSERA_TRY(const Pass pass, o.at.gate.ask(o.at.registry, "agreement init"));
    if (pass.enforced()) act.by = pass.account();
    TESSERA_TRY(const registry::Registry r,
                registry::Registry::open(o.at.registry, registry::Access::read));
    settings.registry = r.name();
  }
  TESSERA_CHECK(Book::create(o.at.book, settings, act));
  fmt::print("made {}; a release of more than {} students needs a second person\n", o.at.book,
             o.two_persons_above);
  return kDone;
}

Result<int> request(const Options& o) {
  disclosure::Request r = o.request;
  TESSERA_TRY(r.starts, day_of(o.starts, "--starts"));
  TESSERA_TRY(r.ends, day_of(o.ends, "--ends"));
  TESSERA_TRY(r.destroy_by, day_of(o.destroy_by, "--destroy-by"));
  if (!o.profile.empty()) {
    TESSERA_TRY(const std::string text, read_file(o.profile));
    TESSERA_TRY(r.opens, disclosure::read_staff_profile(text, o.profile));
  }
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement request", Visit::change));
  TESSERA_TRY(const std::int64_t id, submit(at.book, r, at.act));
  fmt::print("agreement {} is submitted\n", id);
  return kDone;
}

Result<int> approve(const Options& o) {
  TESSERA_TRY(const Sha256 form, digest_of(o.document));
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement approve", Visit::change));
  TESSERA_CHECK(disclosure::approve(at.book, o.agreement, form, at.act));
  fmt::print("agreement {} is approved\n", o.agreement);
  return kDone;
}

Result<int> deny(const Options& o) {
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement deny", Visit::change));
  TESSERA_CHECK(disclosure::deny(at.book, o.agreement, o.why, at.act));
  fmt::print("agreement {} is denied\n", o.agreement);
  return kDone;
}

Result<int> letter(const Options& o) {
  std::optional<Sha256> document;
  if (!o.document.empty()) {
    TESSERA_TRY(document, digest_of(o.document));
  }
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement letter", Visit::change));
  TESSERA_CHECK(disclosure::file_letter(at.book, o.agreement, o.why, document, at.act));
  fmt::print("filed with agreement {}\n", o.agreement);
  return kDone;
}

Result<int> destroyed(const Options& o) {
  TESSERA_TRY(const Sha256 certificate, digest_of(o.document));
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement destroyed", Visit::change));
  TESSERA_CHECK(disclosure::mark_destroyed(at.book, o.agreement, certificate, at.act));
  fmt::print("agreement {} is destroyed; its artefacts open no more\n", o.agreement);
  return kDone;
}

Result<int> debar(const Options& o) {
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement debar", Visit::change));
  TESSERA_TRY(const Day until, disclosure::debar(at.book, o.request.recipient, o.why, at.act));
  fmt::print("debarred until {}\n", to_text(until));
  return kDone;
}

json::Value to_json(const Card& card) {
  json::Array fields;
  for (const std::string& f : card.request.fields) fields.emplace_back(f);
  json::Array people;
  for (const std::string& p : card.request.people) people.emplace_back(p);
  return json::Object{
      {"agreement", card.id},
      {"recipient", card.request.recipient},
      {"people", std::move(people)},
      {"project", card.request.project},
      {"basis", card.request.basis},
      {"purpose", card.request.purpose},
      {"for", card.request.agency},
      {"safeguards", card.request.safeguards},
      {"fields", std::move(fields)},
      {"starts", to_text(card.request.starts)},
      {"ends", to_text(card.request.ends)},
      {"destroy_by", to_text(card.request.destroy_by)},
      {"status", card.status},
      {"debarred_until",
       card.debarred_until ? json::Value(to_text(*card.debarred_until)) : json::Value()}};
}

// Every card with all that it says, as JSON.
Result<void> show_whole(const Pass& pass, const std::vector<Card>& cards) {
  const int level = pass.level_for_all();
  json::Array all;
  std::vector<std::string> fields;
  for (const Card& c : cards) {
    json::Value card = to_json(c);
    std::erase_if(*card.as_object(), [&](const json::Member& m) {
      return !pass.shows("agreement list", m.first, level);
    });
    fields.clear();
    for (const auto& [name, member] : *card.as_object()) fields.push_back(name);
    all.push_back(std::move(card));
  }
  TESSERA_CHECK(pass.answered({.fields = fields, .rows = static_cast<std::int64_t>(cards.size())}));
  fmt::print("{}", json::to_text(json::Object{{"agreements", std::move(all)}}));
  return {};
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Day today, day_of(o.at.day));
  TESSERA_TRY(BookVisit at, visit(o.at, "agreement list", Visit::look));
  TESSERA_TRY(const std::vector<Card> cards, disclosure::agreements(at.book, today));
  const bool overdue =
      std::ranges::any_of(cards, [](const Card& c) { return c.status == "overdue"; });
  if (o.json) {
    TESSERA_CHECK(show_whole(at.pass, cards));
    return overdue ? kAttention : kDone;
  }
  AnswerTable table{{"agreement", "recipient", "project", "basis", "status", "ends", "destroy_by",
                     "debarred_until"},
                    {}};
  for (const Card& c : cards)
    table.rows.push_back({std::to_string(c.id), c.request.recipient, c.request.project,
                          c.request.basis, c.status, to_text(c.request.ends),
                          to_text(c.request.destroy_by),
                          c.debarred_until ? to_text(*c.debarred_until) : ""});
  TESSERA_CHECK(show_table(at.pass, "agreement list", std::move(table), false));
  return overdue ? kAttention : kDone;
}

// Adds one verb of the group; `run` is its action.
CLI::App* add(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o, const char* name,
              const char* help, Result<int> (*run)(const Options&), bool changes,
              const char* footer) {
  CLI::App* verb = group.add_subcommand(name, help);
  add_book_options(*verb, o->at, changes ? BookVerb::change : BookVerb::look);
  verb->footer(footer);
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

void add_request(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o) {
  CLI::App* verb = add(
      group, chosen, o, "request", "enter a written request for data", request, true,
      "Example:\n  tessera agreement request --book state.book --by m.ames --recipient 'State "
      "University' --person 'r.lee' --project college-going --basis study --what-for 'who goes to "
      "college' --for 'Department of Education' --safeguards 'locked server' --fields "
      "grade,program "
      "--starts 2026-09-01 --ends 2027-08-31 --destroy-by 2027-12-31\nExit status: 0 done; 2 "
      "usage, 3 io, 4 damaged, 6 the recipient is debarred or owes a destruction.");
  disclosure::Request& r = o->request;
  verb->add_option("--recipient", r.recipient, "organisation that asks")->required();
  verb->add_option("--person", r.people, "of its people who will see the data (repeat)")
      ->required();
  verb->add_option("--project", r.project, "project; codes are the same within it")->required();
  verb->add_option("--basis", r.basis,
                   fmt::format("legal ground: {}; or {}, for staff, with --profile",
                               fmt::join(disclosure::kBases, ", "), disclosure::kOpenRecords))
      ->required();
  verb->add_option("--profile", o->profile,
                   "columns of staff records that are open to the public, as in "
                   "data/disclosure/staff-open-records.json");
  verb->add_option("--what-for", r.purpose, "what the data are for")->required();
  verb->add_option("--for", r.agency, "agency on whose behalf")->required();
  verb->add_option("--safeguards", r.safeguards, "how the recipient keeps it safe")->required();
  verb->add_option("--fields", r.fields, "columns that may be released")
      ->delimiter(',')
      ->required();
  verb->add_option("--starts", o->starts, "first day")->required();
  verb->add_option("--ends", o->ends, "last day")->required();
  verb->add_option("--destroy-by", o->destroy_by, "day by which the data are destroyed")
      ->required();
}

void add_decisions(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o) {
  const auto number = [&](CLI::App* verb) {
    verb->add_option("agreement", o->agreement, "number of the agreement")->required();
    return verb;
  };
  number(add(group, chosen, o, "approve", "put an agreement in force", approve, true,
             "Example:\n  tessera agreement approve 3 --book state.book --by e.dunn --form "
             "signed-3.pdf\nExit status: 0 done; 2 usage, 3 io, 4 damaged, 6 not submitted."))
      ->add_option("--form", o->document, "the signed agreement; its digest is kept")
      ->required();
  number(add(group, chosen, o, "deny", "refuse a request", deny, true,
             "Example:\n  tessera agreement deny 4 --book state.book --by e.dunn --why 'no agency "
             "named'\nExit status: 0 done; 2 usage, 3 io, 4 damaged, 6 not submitted."))
      ->add_option("--why", o->why, "the reason given")
      ->required();
  CLI::App* filed = number(add(
      group, chosen, o, "letter", "file correspondence with an agreement", letter, true,
      "Example:\n  tessera agreement letter 3 --book state.book --by e.dunn --subject 'asked for "
      "the storage plan'\nExit status: 0 done; 2 usage, 3 io, 4 damaged, 6 no such agreement."));
  filed->add_option("--subject", o->why, "subject line")->required();
  filed->add_option("--document", o->document, "the document; its digest is kept");
  number(
      add(group, chosen, o, "destroyed", "enter the recipient's certificate of destruction",
          destroyed, true,
          "Example:\n  tessera agreement destroyed 3 --book state.book --by e.dunn --certificate "
          "destroyed-3.pdf\nExit status: 0 done; 2 usage, 3 io, 4 damaged, 6 not in force."))
      ->add_option("--certificate", o->document, "the certificate; its digest is kept")
      ->required();
}

}  // namespace
}  // namespace agreement_verb

void add_agreement(CLI::App& root, Action& chosen) {
  using namespace agreement_verb;
  CLI::App* group =
      add_group(root, "agreement", "who may be given data, on which ground, until when",
                "tessera agreement init --book state.book --by e.dunn");
  auto o = std::make_shared<Options>();
  add(*group, chosen, o, "init", "make a disclosure book", init, true,
      "Example:\n  tessera agreement init --book state.book --by e.dunn\nExit status: 0 done; 2 "
      "usage, 3 io, 6 the file exists.")
      ->add_option("--two-persons-above", o->two_persons_above,
                   "a release of more students needs a second person")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  add_request(*group, chosen, o);
  add_decisions(*group, chosen, o);
  CLI::App* out =
      add(*group, chosen, o, "debar",
          "refuse an organisation for five years, for improper disclosure", debar, true,
          "Example:\n  tessera agreement debar --book state.book --by e.dunn --recipient "
          "'Acme Research' --why 'data found on a public site'\nExit status: 0 done; 2 "
          "usage, 3 io, 4 damaged.");
  out->add_option("--recipient", o->request.recipient, "organisation")->required();
  out->add_option("--why", o->why, "the reason")->required();
  add(*group, chosen, o, "list", "agreements with their status on a day, as CSV", list, false,
      "Example:\n  tessera agreement list --book state.book\nExit status: 0 done; 1 a destruction "
      "is overdue; 2 usage, 3 io, 4 damaged.")
      ->add_flag("--json", o->json, "as JSON, whole");
}

}  // namespace tessera::cli
