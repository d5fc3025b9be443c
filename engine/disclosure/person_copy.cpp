#include "engine/disclosure/person_copy.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/core/json.h"
#include "engine/core/page.h"
#include "engine/registry/state_id.h"

namespace tessera::disclosure {
namespace {

std::string plain_state(const std::string& state) {
  if (state == "provisional") return "given for now, until a doubt is settled";
  if (state == "retired") return "no longer in use; the number below stands for it";
  if (state == "archived") return "kept, but not in use";
  return "in use";
}

std::string holders(const registry::IdCard& card) {
  PageTable table("Organisations", {"Organisation", "Records"});
  for (const registry::OwnerCount& owner : card.records)
    table.row({owner.owner, std::to_string(owner.records)});
  return "<h2>Who holds records about this person</h2>\n" + table.done() +
         "<p>The state office holds no name, no date of birth and no Social Security number. To "
         "see or correct those, ask the organisation that holds them.</p>\n";
}

// The day of a run of the registry, or its number where no day was said.
std::string when(const registry::WholePerson& whole, std::int64_t batch) {
  const auto day = whole.days.find(batch);
  return day == whole.days.end() ? fmt::format("in run {}", batch) : "on " + day->second;
}

std::string plain_step(const std::string& what) {
  constexpr std::string_view kRecord = "record of ";
  constexpr std::string_view kClaim = "claimed by ";
  if (what == "issued") return "The number was given";
  if (what == "issued, provisional") return "The number was given for now";
  if (what.starts_with(kRecord)) {
    const std::string_view owner = std::string_view(what).substr(kRecord.size());
    return fmt::format("A record of {} was found to be of this person",
                       owner.substr(0, owner.rfind(' ')));
  }
  if (what.starts_with(kClaim))
    return what.substr(kClaim.size()) + " said that this person is there now";
  return what;
}

std::string history(const registry::IdCard& card, const registry::WholePerson& whole) {
  std::string out = "<h2>What became of the number</h2>\n<ol>\n";
  for (const registry::IdCard::Step& step : card.history)
    out += fmt::format("<li>{}, {}.</li>\n", escape_html(plain_step(step.what)),
                       when(whole, step.batch));
  return out + "</ol>\n";
}

std::string other_numbers(const registry::IdCard& card, const registry::WholePerson& whole) {
  PageTable table("Numbers", {"Number", "What it is"}, PageTable::Of::words);
  bool any = false;
  const auto add = [&](const std::string& number, const std::string& what) {
    table.row({number, what});
    any = true;
  };
  for (const registry::StateId id : whole.ids)
    if (id != card.id && id != card.survivor)
      add(registry::to_text(id), "an earlier state ID, no longer in use");
  if (card.linked != 0)
    add(registry::to_text(card.linked), card.space == registry::Space::staff
                                            ? "state ID of the same person as a student"
                                            : "state ID of the same person as staff");
  for (const registry::Alias& a : card.aliases) add(a.alias, "number in the system " + a.system);
  return any ? "<h2>Other numbers of this person</h2>\n" + table.done() : "";
}

std::string plain_change(const registry::ChangeLine& c, const registry::WholePerson& whole) {
  const bool own = std::ranges::find(whole.ids, c.a) != whole.ids.end();
  switch (c.kind) {
    case registry::ChangeKind::merge:
      return "Two numbers were found to be of one person, and joined";
    case registry::ChangeKind::split:
      return own ? "Records of somebody else were taken away from this number"
                 : "Records of this person were taken away from another number";
    case registry::ChangeKind::retire:
      return "The number was taken out of use";
    case registry::ChangeKind::archive:
      return "The number was put away, as of somebody who has left";
    case registry::ChangeKind::link:
      return "The person's numbers as student and as staff were linked";
  }
  return "";
}

std::string plain_verdict(const registry::Decided& d) {
  switch (d.verdict) {
    case registry::Verdict::same:
      return d.meant ? "A doubtful record is of this person"
                     : "A doubtful record is of somebody else";
    case registry::Verdict::different:
      return "A record and another person's were found to be of two persons";
    case registry::Verdict::unsure:
      return "Could not be decided yet";
    case registry::Verdict::defer:
      return "Put off";
  }
  return "";
}

std::string decisions(const registry::IdCard& card, const registry::WholePerson& whole) {
  PageTable table("Decisions", {"Decided", "Reason given", "Note"}, PageTable::Of::words);
  for (const registry::ChangeLine& c : card.changes)
    table.row({plain_change(c, whole), c.why, c.undone ? "later taken back: " + c.undone_why : ""});
  for (const registry::Decided& d : whole.decisions)
    table.row({plain_verdict(d), d.why, d.day.empty() ? "" : "asked on " + d.day});
  std::string out = "<h2>What people decided about this person</h2>\n";
  out += card.changes.empty() && whole.decisions.empty()
             ? "<p>Nothing: every record was sure enough without.</p>\n"
             : table.done();
  if (card.open_reviews > 0)
    out += fmt::format("<p>Questions that nobody has answered yet: {}.</p>\n", card.open_reviews);
  return out;
}

// As the ten grounds of FERPA are called in words.
std::string plain_basis(std::string_view basis) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"school_official", "a school official's work"},
      {"contractor", "a contractor's work for the school or state"},
      {"audit_evaluation", "an audit or evaluation of a programme"},
      {"federal_official", "a federal official's request"},
      {"financial_aid", "financial aid"},
      {"study", "a study for schools"},
      {"accreditor", "accreditation"},
      {"judicial_order", "a court order or subpoena"},
      {"health_safety", "an emergency of health or safety"},
      {"juvenile_system", "the juvenile justice system"},
      {"open_records", "the law on open records"}};
  for (const auto& [name, words] : kWords)
    if (name == basis) return std::string(words);
  return std::string(basis);
}

// `["grade","program"]` as: grade, program.
std::string plain_fields(const std::string& list) {
  const auto read = json::parse(list, "fields");
  const json::Array* names = read ? read->as_array() : nullptr;
  if (names == nullptr) return list;
  std::string out;
  for (const json::Value& name : *names)
    if (const std::string* text = name.as_string()) out += (out.empty() ? "" : ", ") + *text;
  return out;
}

std::string given_to(const std::vector<Disclosure>& disclosures) {
  const std::string head = "<h2>Who was given data about this person</h2>\n";
  if (disclosures.empty()) return head + "<p>Nobody, so far as this book knows.</p>\n";
  PageTable table("Disclosures", {"Day", "Given to", "For", "Purpose", "Legal ground", "What"},
                  PageTable::Of::words);
  for (const Disclosure& d : disclosures)
    table.row({d.made_on, d.recipient, d.agency, d.purpose, plain_basis(d.basis),
               plain_fields(d.fields)});
  return head + table.done();
}

}  // namespace

std::string person_page(const registry::IdCard& card, const registry::WholePerson& whole,
                        const std::vector<Disclosure>& disclosures, Day made) {
  std::string out = open_page("State ID " + registry::to_text(card.id));
  out += fmt::format(
      "<p>Everything the state ID office holds about one person, on {}.</p>\n"
      "<p>The number is {}.</p>\n",
      to_text(made), plain_state(card.state));
  if (card.survivor != card.id)
    out += fmt::format("<p>It stands for the same person as {}.</p>\n",
                       registry::to_text(card.survivor));
  return out + other_numbers(card, whole) + holders(card) + history(card, whole) +
         decisions(card, whole) + given_to(disclosures) +
         "<p>Something wrong? Ask the organisation that sent the record to correct it; the number "
         "stays the same.</p>\n" +
         std::string(kClosePage);
}

Result<void> note_copy(Book& book, std::uint64_t state_id, const std::string& to,
                       const std::string& check, const Act& act) {
  if (to != "parent" && to != "student" && to != "staff")
    return Error{ErrorCode::usage, "--to is parent, student or staff", ""};
  if (check.empty())
    return Error{ErrorCode::usage,
                 "--identity-checked says how the person's identity and right were checked", ""};
  return book.change(
      "copy", {{"check", check}, {"state_id", static_cast<std::int64_t>(state_id)}, {"to", to}},
      act, [] { return Result<void>(); });
}

}  // namespace tessera::disclosure
