#include "engine/report/charts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/report/figures.h"

namespace tessera::report {
namespace {

constexpr double kLeft = 64;
constexpr double kTop = 16;
constexpr double kWide = 520;
constexpr double kHigh = 280;

std::string open_svg(std::string_view id, std::string_view title, std::string_view says,
                     double width, double height) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
      "aria-labelledby=\"{2}-t {2}-d\">\n<title id=\"{2}-t\">{3}</title><desc "
      "id=\"{2}-d\">{4}</desc>\n",
      width, height, id, escape_html(title), escape_html(says));
}

std::string text(double x, double y, std::string_view anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escape_html(words));
}

// A square field of two axes; values outside are held at the edge.
struct Field {
  double x_low = 0;
  double y_low = 0;
  double x(double v) const {
    return kLeft + kWide * std::clamp((v - x_low) / (1 - x_low), 0.0, 1.0);
  }
  double y(double v) const {
    return kTop + kHigh * (1 - std::clamp((v - y_low) / (1 - y_low), 0.0, 1.0));
  }

  std::string axes(std::string_view x_name, std::string_view y_name) const {
    std::string out;
    for (int i = 0; i <= 5; ++i) {
      const double vx = x_low + (1 - x_low) * i / 5;
      const double vy = y_low + (1 - y_low) * i / 5;
      out += fmt::format(
          "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {4:.1f}H{5:.1f}\"/>\n", x(vx),
          kTop, kTop + kHigh, kLeft, y(vy), kLeft + kWide);
      out += text(x(vx), kTop + kHigh + 18, "middle", fmt::format("{:.3g}", vx));
      out += text(kLeft - 8, y(vy) + 4, "end", fmt::format("{:.3g}", vy));
    }
    return out + names(x_name, y_name);
  }
  static std::string names(std::string_view x_name, std::string_view y_name) {
    return text(kLeft + kWide / 2, kTop + kHigh + 40, "middle", x_name) +
           fmt::format(
               "<text transform=\"translate(16 {:.1f}) rotate(-90)\" "
               "text-anchor=\"middle\">{}</text>\n",
               kTop + kHigh / 2, escape_html(y_name));
  }
};

// The lower end of an axis that shows everything from `least` to 1: a tenth below it at most.
double floor_of(double least) {
  return std::clamp(std::floor(std::min(least, 0.9) * 10) / 10, 0.0, 0.9);
}

std::string curve(const Field& field, const Sweep& sweep, std::string_view look) {
  std::string path;
  for (const Point& p : sweep.curve)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", field.x(p.tally.recall()),
                        field.y(p.tally.precision()));
  return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", look, path.empty() ? "M0 0" : path);
}

}  // namespace

std::string precision_recall_chart(std::string_view id, const Sweep& all, const Sweep* assigned) {
  double recall = 1;
  double precision = 1;
  for (const Point& p : all.curve) {
    recall = std::min(recall, p.tally.recall());
    precision = std::min(precision, p.tally.precision());
  }
  const Field field{floor_of(recall), floor_of(precision)};
  std::string out = open_svg(id, "Precision and recall",
                             "Precision against recall as the threshold falls. The table of "
                             "thresholds gives the numbers.",
                             kLeft + kWide + 24, kTop + kHigh + 72);
  out += field.axes("recall", "precision") + curve(field, all, "line");
  out += text(kLeft, kTop + kHigh + 62, "start",
              assigned != nullptr ? "full line: all pairs; dashed: after one-to-one assignment"
                                  : "full line: all pairs");
  if (assigned != nullptr) out += curve(field, *assigned, "line second");
  return out + "</svg>\n";
}

std::string reliability_chart(std::string_view id, const Calibration& calibration) {
  const Field field;
  std::string out = open_svg(id, "Reliability",
                             "For ten groups of pairs, the share that are true against the mean "
                             "probability said, with 95 % intervals; the diagonal is perfect.",
                             kLeft + kWide + 24, kTop + kHigh + 56);
  out += field.axes("probability said", "share of true pairs seen");
  out += fmt::format("<path class=\"ideal\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", field.x(0),
                     field.y(0), field.x(1), field.y(1));
  for (const Bin& b : calibration.bins)
    out += fmt::format(
        "<path class=\"whisker\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>"
        "<circle cx=\"{0:.1f}\" cy=\"{3:.1f}\" r=\"4\"/>\n",
        field.x(b.said), field.y(b.seen_bounds.low), field.y(b.seen_bounds.high), field.y(b.seen));
  return out + "</svg>\n";
}

std::string histogram_chart(std::string_view id, const Histogram& h) {
  std::uint64_t most = 1;
  for (std::size_t i = 0; i < h.same.size(); ++i)
    most = std::max({most, h.same[i], h.different[i]});
  const double decades = std::max(1.0, std::ceil(std::log10(static_cast<double>(most))));
  auto height = [&](std::uint64_t n) {  // log scale from 1; a count of one is still seen
    return n == 0 ? 0 : kHigh * (std::log10(static_cast<double>(n)) + 0.15) / (decades + 0.15);
  };
  std::string out = open_svg(id, "Pairs by probability",
                             "Number of true pairs and of other pairs in twenty bins of "
                             "probability, on a logarithmic scale.",
                             kLeft + kWide + 24, kTop + kHigh + 72);
  for (int d = 0; d <= static_cast<int>(decades); ++d) {
    const double y = kTop + kHigh * (1 - (d + 0.15) / (decades + 0.15));
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}h{:.1f}\"/>\n", kLeft, y, kWide);
    out +=
        text(kLeft - 8, y + 4, "end",
             d < 6 ? whole(static_cast<std::uint64_t>(std::pow(10, d))) : fmt::format("1e{}", d));
  }
  const double step = kWide / static_cast<double>(h.same.size());
  for (std::size_t i = 0; i < h.same.size(); ++i) {
    const double x = kLeft + step * static_cast<double>(i);
    auto bar = [&](std::string_view look, double at, std::uint64_t n) {
      if (n == 0) return;
      out += fmt::format(
          "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
          look, at, kTop + kHigh - height(n), step * 0.4, height(n));
    };
    bar("same", x + step * 0.08, h.same[i]);
    bar("other", x + step * 0.52, h.different[i]);
  }
  for (int i = 0; i <= 5; ++i)
    out += text(kLeft + kWide * i / 5, kTop + kHigh + 18, "middle", fmt::format("{:.1f}", i / 5.0));
  out += Field::names("probability", "pairs (log)");
  out += text(kLeft, kTop + kHigh + 62, "start", "filled: true pairs; hollow: other pairs");
  return out + "</svg>\n";
}

std::string group_chart(std::string_view id, const GroupTable& table) {
  std::vector<const GroupRow*> shown;
  double least = 1;
  for (const GroupRow& r : table.rows)
    if (r.shows_recall()) {
      shown.push_back(&r);
      least = std::min(least, r.recall_bounds.low);
    }
  const double low = floor_of(least);
  constexpr double kNames = 180;
  constexpr double kBar = 22;
  const double bottom = kTop + kBar * static_cast<double>(shown.size());
  auto x = [&](double v) { return kNames + 380 * (v - low) / (1 - low); };
  std::string out =
      open_svg(id, "Recall by " + table.column,
               "Share of true pairs found in each group, with 95 % intervals.", 620, bottom + 44);
  for (int i = 0; i <= 4; ++i) {
    const double v = low + (1 - low) * i / 4;
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>\n", x(v), kTop, bottom);
    out += text(x(v), bottom + 18, "middle", fmt::format("{:.3g}", v));
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const GroupRow& r = *shown[i];
    const double y = kTop + kBar * static_cast<double>(i);
    const double recall = static_cast<double>(r.right) / static_cast<double>(r.truth);
    std::string name = r.value;
    if (name.size() > 24) {  // cut before a character, not inside one
      std::size_t cut = 22;
      while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) --cut;
      name = name.substr(0, cut) + "...";
    }
    out += text(kNames - 8, y + 15, "end", name);
    out += fmt::format(
        "<rect class=\"same\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"14\"/>"
        "<path class=\"whisker\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n",
        kNames, y + 4, x(recall) - kNames, x(r.recall_bounds.low), y + 11, x(r.recall_bounds.high));
  }
  out += text(kNames + 190, bottom + 38, "middle", "recall");
  return out + "</svg>\n";
}

}  // namespace tessera::report
