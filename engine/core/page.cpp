#include "engine/core/page.h"

#include <fmt/format.h>

#include "engine/core/html.h"

namespace tessera {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--faint:#d5d5d5;--blue:#0b5394}
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--faint:#4a4a4a;--blue:#8ab8ee}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}
table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{padding:.2rem .7rem;border-bottom:1px solid var(--faint);text-align:right}
th:first-child{text-align:left}
td.l,.words td,.words th{text-align:left}
figure{margin:1rem 0}
.wide{overflow-x:auto}
svg{max-width:100%;height:auto;font:12px system-ui,sans-serif;fill:var(--ink)}
svg .grid{stroke:var(--faint);fill:none}
svg .line{stroke:var(--blue);stroke-width:2;fill:none}
svg .second{stroke:var(--ink);stroke-dasharray:6 4}
svg .ideal{stroke:var(--ink);stroke-dasharray:2 4;fill:none}
svg .whisker{stroke:var(--ink);fill:none}
svg circle,svg .same{fill:var(--blue)}
svg .other{fill:var(--paper);stroke:var(--ink)}
@media print{:root{--ink:#000;--paper:#fff;--faint:#bbb;--blue:#0b5394}body{max-width:none;margin:0}h2{break-after:avoid}table,figure{break-inside:avoid}}
)css";

}  // namespace

std::string open_page(std::string_view title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
      escape_html(title), kStyle);
}

PageTable::PageTable(std::string_view caption, const Cells& head, Of of) {
  out_ = fmt::format("<div class=\"wide\"><table{}>\n<caption>{}</caption>\n<thead><tr>",
                     of == Of::words ? " class=\"words\"" : "", escape_html(caption));
  for (const std::string& h : head)
    out_ += fmt::format("<th scope=\"col\">{}</th>", escape_html(h));
  out_ += "</tr></thead>\n<tbody>\n";
}

PageTable& PageTable::row(const Cells& cells) {
  out_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i)
    out_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", escape_html(cells[i]))
                   : fmt::format("<td>{}</td>", escape_html(cells[i]));
  out_ += "</tr>\n";
  return *this;
}

std::string PageTable::done() const { return out_ + "</tbody>\n</table></div>\n"; }

}  // namespace tessera
