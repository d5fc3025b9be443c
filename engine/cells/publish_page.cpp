// The page of a release: tables with captions and header cells, fit for print and screen readers.
#include <fmt/format.h>

#include "engine/cells/publish.h"
#include "engine/core/html.h"

namespace tessera::cells {
namespace {

void append_table(std::string& out, const Counted& counted, const Table& table,
                  const Pattern& pattern) {
  out += fmt::format("<table><caption>{}{}{}</caption>\n<thead><tr><th scope=\"col\">{}</th>",
                     escape_html(counted.row_field), table.field.empty() ? "" : " by ",
                     escape_html(table.field), escape_html(counted.row_field));
  for (const std::string& label : table.labels)
    out += fmt::format("<th scope=\"col\">{}</th>", escape_html(label));
  out += "<th scope=\"col\">total</th></tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r <= counted.rows.size(); ++r) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>",
                       r < counted.rows.size() ? escape_html(counted.rows[r]) : "total");
    for (std::size_t c = 0; c <= table.labels.size(); ++c) {
      const std::uint32_t i = table.at(r, c);
      out += pattern.mark[i] == Mark::shown ? fmt::format("<td>{}</td>", counted.sums.value[i])
                                            : fmt::format("<td>{}</td>", kHidden);
    }
    out += "</tr>\n";
  }
  out += "</tbody></table>\n";
}

}  // namespace

std::string release_page(const Counted& counted, const Pattern& pattern, const Rule& rule,
                         const std::string& title) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>{0}</title>\n<style>body{{font:16px sans-serif;margin:2em}}"
      "table{{border-collapse:collapse;margin:1em 0}}caption{{text-align:left;font-weight:bold}}"
      "td,th{{border:1px solid #999;padding:.2em .6em;text-align:right}}</style></head>\n"
      "<body><h1>{0}</h1>\n<p>{1} stands for a count that is not printed: it is below {2}{3}, or "
      "one below {2} could be worked out from it.</p>\n",
      escape_html(title), kHidden, rule.smallest_shown, rule.show_zeros ? " and not 0" : "");
  for (const Table& table : counted.tables) append_table(out, counted, table, pattern);
  return out + "</body></html>\n";
}

}  // namespace tessera::cells
