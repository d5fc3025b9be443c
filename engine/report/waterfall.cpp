#include "engine/report/waterfall.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/core/page.h"

namespace tessera::report {
namespace {

constexpr double kBarsFrom = 190;
constexpr double kBarsWide = 380;
constexpr double kRow = 24;

std::string verdict(const link::Explanation& e) {
  return fmt::format("weight {:+.1f}{}, probability {:.6f}", e.logit,
                     e.held_back ? " (held back by a rule)" : "", e.probability);
}

std::string next_best(const link::Explanation& e) {
  if (!e.runner_up) return "no other candidate";
  return fmt::format("runner-up: weight {:+.1f}, probability {:.6f}", e.runner_up->logit,
                     e.runner_up->probability);
}

// Bars of the drawing: the start, each field, and what a rule took away.
struct Bar {
  std::string name;
  double from = 0;
  double to = 0;
};
std::vector<Bar> bars(const link::Explanation& e) {
  std::vector<Bar> out{{fmt::format("{}, {}", e.pass, e.candidates), 0, e.start}};
  for (const link::Step& s : e.steps)
    out.push_back({s.field + ": " + s.level, s.total - s.weight, s.total});
  if (e.held_back) out.push_back({"held back", out.back().to, e.logit});
  return out;
}

// A name that fits its column.
std::string clipped(const std::string& name) {
  return name.size() <= 27 ? name : name.substr(0, 25) + "..";
}

std::string bar_svg(const Bar& bar, double y, const auto& x) {
  const double low = x(std::min(bar.from, bar.to));
  const double high = x(std::max(bar.from, bar.to));
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n"
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"14\"/>\n"
      "<text x=\"{:.1f}\" y=\"{:.1f}\">{:+.1f}</text>\n",
      kBarsFrom - 8, y + 15, escape_html(clipped(bar.name)), bar.to >= bar.from ? "same" : "other",
      low, y + 4, std::max(high - low, 1.0), high + 6, y + 15, bar.to - bar.from);
}

}  // namespace

std::string fields_to_lines(const link::Explanation& e) {
  std::string out =
      fmt::format("  {:<18} {:<18} {:>7} {:>7}\n", "field", "level", "weight", "total");
  out += fmt::format("  {:<18} {:<18} {:>+7.2f} {:>+7.2f}\n", e.pass, "candidates " + e.candidates,
                     e.start, e.start);
  for (const link::Step& s : e.steps)
    out +=
        fmt::format("  {:<18} {:<18} {:>+7.2f} {:>+7.2f}\n", s.field, s.level, s.weight, s.total);
  return out;
}

std::string to_lines(const link::Explanation& e) {
  return fields_to_lines(e) + "  " + verdict(e) + "\n  " + next_best(e) + "\n";
}

std::string waterfall(std::string_view id, const link::Explanation& e) {
  const std::vector<Bar> all = bars(e);
  double least = 0;
  double most = 0;
  for (const Bar& b : all) {
    least = std::min({least, b.from, b.to});
    most = std::max({most, b.from, b.to});
  }
  const double span = std::max(most - least, 1e-9);
  const auto x = [&](double v) { return kBarsFrom + kBarsWide * (v - least) / span; };
  const double high = 16 + kRow * static_cast<double>(all.size());
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 640 {0:.0f}\" width=\"640\" height=\"{0:.0f}\" role=\"img\" "
      "aria-labelledby=\"{1}-t {1}-d\">\n<title id=\"{1}-t\">Weights of a pair</title><desc "
      "id=\"{1}-d\">How each field moved the weight; the table gives the numbers.</desc>\n"
      "<path class=\"ideal\" d=\"M{2:.1f} 0V{0:.1f}\"/>\n",
      high, id, x(0));
  for (std::size_t i = 0; i < all.size(); ++i)
    out += bar_svg(all[i], 8 + kRow * static_cast<double>(i), x);
  return out + "</svg>\n";
}

std::string to_page(const std::vector<Told>& told, const std::string& title) {
  std::string out = open_page(title);
  out +=
      "<p>Weights are in nats: how much likelier a level is for one person than for two, given "
      "the fields above it. Filled bars speak for one person, hollow ones for two; the dotted "
      "line is even odds. Missing values say nothing.</p>\n";
  for (std::size_t i = 0; i < told.size(); ++i) {
    const link::Explanation& e = told[i].explanation;
    out += fmt::format("<h2>{}</h2>\n<p>{}; {}</p>\n", escape_html(told[i].who), verdict(e),
                       next_best(e));
    out += "<figure>\n" + waterfall(fmt::format("pair-{}", i), e) + "</figure>\n";
    PageTable table("By field", {"field", "level", "weight", "total"});
    table.row({e.pass, "candidates " + e.candidates, fmt::format("{:+.2f}", e.start),
               fmt::format("{:+.2f}", e.start)});
    for (const link::Step& s : e.steps)
      table.row(
          {s.field, s.level, fmt::format("{:+.2f}", s.weight), fmt::format("{:+.2f}", s.total)});
    out += table.done();
  }
  return out + std::string(kClosePage);
}

}  // namespace tessera::report
