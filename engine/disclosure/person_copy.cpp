#include "engine/disclosure/person_copy.h"

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/registry/state_id.h"

namespace tessera::disclosure {
namespace {

std::string plain_state(const std::string& state) {
  if (state == "provisional") return "given for now, until a doubt is settled";
  if (state == "retired") return "no longer in use; the number below stands for it";
  if (state == "archived") return "kept, but not in use";
  return "in use";
}

void append_holders(std::string& out, const registry::IdCard& card) {
  out +=
      "<h2>Who holds records about this person</h2>\n<table><thead><tr><th>Organisation</th>"
      "<th>Records</th></tr></thead><tbody>\n";
  for (const registry::OwnerCount& owner : card.records)
    out +=
        fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escape_html(owner.owner), owner.records);
  out +=
      "</tbody></table>\n<p>The state office holds no name, no date of birth and no Social "
      "Security number. To see or correct those, ask the organisation that holds them.</p>\n";
}

void append_history(std::string& out, const registry::IdCard& card) {
  out += "<h2>What became of the number</h2>\n<ol>\n";
  for (const registry::IdCard::Step& step : card.history)
    out += fmt::format("<li>{} (run {})</li>\n", escape_html(step.what), step.batch);
  out += "</ol>\n";
}

void append_disclosures(std::string& out, const std::vector<Disclosure>& disclosures) {
  out += "<h2>Who was given data about this person</h2>\n";
  if (disclosures.empty()) {
    out += "<p>Nobody, so far as this book knows.</p>\n";
    return;
  }
  out +=
      "<table><thead><tr><th>Day</th><th>Given to</th><th>For</th><th>Purpose</th><th>Legal "
      "ground</th><th>What</th></tr></thead><tbody>\n";
  for (const Disclosure& d : disclosures)
    out +=
        fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    escape_html(d.made_on), escape_html(d.recipient), escape_html(d.agency),
                    escape_html(d.purpose), escape_html(d.basis), escape_html(d.fields));
  out += "</tbody></table>\n";
}

}  // namespace

std::string person_page(const registry::IdCard& card, const std::vector<Disclosure>& disclosures,
                        Day made) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>State ID {0}</title>\n<style>body{{font:16px sans-serif;"
      "margin:2em;max-width:50em}}table{{border-collapse:collapse}}td,th{{border:1px solid #999;"
      "padding:.2em .6em;text-align:left}}</style></head>\n<body><h1>State ID {0}</h1>\n"
      "<p>Everything the state ID office holds about one person, on {1}.</p>\n"
      "<p>The number is {2}.</p>\n",
      registry::to_text(card.id), to_text(made), plain_state(card.state));
  if (card.survivor != card.id)
    out += fmt::format("<p>It stands for the same person as {}.</p>\n",
                       registry::to_text(card.survivor));
  append_holders(out, card);
  append_history(out, card);
  append_disclosures(out, disclosures);
  return out +
         "<p>Something wrong? Ask the organisation that sent the record to correct it; the number "
         "stays the same.</p>\n</body></html>\n";
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
