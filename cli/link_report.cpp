// Each record's fare, and the form of the report.
#include "cli/link_report.h"

#include "engine/core/file.h"
#include "engine/report/visible.h"

namespace tessera::cli {
namespace {

report::Fare fare_of(const ReportFlags& flags, const link::FileSet& files, std::uint32_t r,
                     std::uint32_t steps, float nearest) {
  using report::Fare;
  if (steps > 0) return steps > 1 ? Fare::through : Fare::linked;
  if (files.shown(r).usable_passes == 0) return Fare::not_covered;
  return nearest >= static_cast<float>(flags.look) ? Fare::near : Fare::alone;
}

}  // namespace

Result<void> write_report(const ReportFlags& flags, link::FileSet& files,
                          std::span<const std::uint32_t> linked, std::span<const float> nearest) {
  std::vector<report::Fare> fares;
  for (std::uint32_t r = 0; r < files.records(); ++r)
    fares.push_back(fare_of(flags, files, r, linked[r], nearest[r]));
  TESSERA_TRY(const auto groupings, report::visible_groupings(files));
  report::Fares told = report::tally_fares(fares, groupings);
  told.threshold = flags.threshold;
  told.look = flags.look;
  told.registry = flags.registry;
  const std::string_view path = flags.path;
  const std::string text = path.ends_with(".html")
                               ? report::to_page(told, "tessera: how records were linked")
                           : path.ends_with(".json") ? json::to_text(report::to_json(told))
                                                     : report::to_table(told);
  return write_file(flags.path, text, {.force = flags.force, .mode = 0644});
}

}  // namespace tessera::cli
