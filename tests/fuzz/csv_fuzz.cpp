// Any bytes as a table: the reader stops, stays inside the text, and reads back what it writes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/core/csv.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto reader = csv::Reader::open(text, "fuzz");
  if (!reader) return 0;
  csv::Row row;
  std::size_t before = reader->offset();
  for (;;) {
    const auto more = reader->next(row);
    if (more && !*more) break;
    if (reader->offset() <= before || reader->offset() > size) std::abort();  // it must move on
    before = reader->offset();
    if (!more) continue;
    if (row.size() != reader->header().size()) std::abort();
    if (row.size() == 1 && row[0].empty())
      continue;  // a lone empty cell is written as a blank line
    std::vector<std::string> cells(row.begin(), row.end());
    std::string header;
    for (std::size_t i = 0; i < cells.size(); ++i)
      header += (i > 0 ? ",c" : "c") + std::to_string(i);
    std::string copy = header + "\n";
    csv::append_row(copy, {cells.begin(), cells.end()});
    auto again = csv::Reader::open(copy, "copy");
    csv::Row same;
    if (!again) std::abort();
    const auto read = again->next(same);
    if (!read || !*read || std::vector<std::string>(same.begin(), same.end()) != cells)
      std::abort();
  }
  return 0;
}
