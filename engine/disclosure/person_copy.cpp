#include "engine/disclosure/person_copy.h"

#include <fmt/format.h>

#include "engine/core/html.h"
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

std::string history(const registry::IdCard& card) {
  std::string out = "<h2>What became of the number</h2>\n<ol>\n";
  for (const registry::IdCard::Step& step : card.history)
    out += fmt::format("<li>{} (run {})</li>\n", escape_html(step.what), step.batch);
  return out + "</ol>\n";
}

std::string given_to(const std::vector<Disclosure>& disclosures) {
  const std::string head = "<h2>Who was given data about this person</h2>\n";
  if (disclosures.empty()) return head + "<p>Nobody, so far as this book knows.</p>\n";
  PageTable table("Disclosures", {"Day", "Given to", "For", "Purpose", "Legal ground", "What"},
                  PageTable::Of::words);
  for (const Disclosure& d : disclosures)
    table.row({d.made_on, d.recipient, d.agency, d.purpose, std::string(d.basis), d.fields});
  return head + table.done();
}

}  // namespace

std::string person_page(const registry::IdCard& card, const std::vector<Disclosure>& disclosures,
                        Day made) {
  std::string out = open_page("State ID " + registry::to_text(card.id));
  out += fmt::format(
      "<p>Everything the state ID office holds about one person, on {}.</p>\n"
      "<p>The number is {}.</p>\n",
      to_text(made), plain_state(card.state));
  if (card.survivor != card.id)
    out += fmt::format("<p>It stands for the same person as {}.</p>\n",
                       registry::to_text(card.survivor));
  return out + holders(card) + history(card) + given_to(disclosures) +
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
