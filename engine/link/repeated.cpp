// Few stored rows are of records that come again, so every row of the batch is searched for among
// those.
#include "engine/link/repeated.h"

#include <algorithm>

namespace tessera::link {
namespace {

std::span<const std::uint8_t> bits_of(const encoded::PassView& rows, std::size_t i) {
  return rows.bits.subspan(i * rows.stride, rows.stride);
}

}  // namespace

std::vector<std::uint8_t> repeated_rows(const encoded::PassView& stored,
                                        std::span<const std::uint8_t> own,
                                        std::span<const block::Source> batch) {
  std::vector<std::uint8_t> out(stored.rows(), 0);
  std::vector<std::uint32_t> among;  // sorted by tag, as the rows are
  for (std::uint32_t i = 0; i < own.size(); ++i)
    if (own[i] != 0) among.push_back(i);
  const auto tag_of = [&](std::uint32_t i) -> const encoded::Tag& { return stored.tags[i]; };
  for (const block::Source& s : batch) {
    auto at = among.begin();
    for (std::size_t r = 0; r < s.view.rows() && at != among.end(); ++r) {
      const encoded::Tag& tag = s.view.tags[r];
      at = std::ranges::lower_bound(at, among.end(), tag, {}, tag_of);
      for (auto same = at; same != among.end() && tag_of(*same) == tag; ++same)
        if (stored.presence[*same] == s.view.presence[r] &&
            std::ranges::equal(bits_of(stored, *same), bits_of(s.view, r)))
          out[*same] = 1;
    }
  }
  return out;
}

void leave_rows_out(std::span<const std::uint8_t> leave_out, encoded::PassColumns& rows,
                    std::vector<std::uint32_t>& numbers) {
  if (std::ranges::find(leave_out, 1) == leave_out.end()) return;
  std::size_t to = 0;
  for (std::size_t i = 0; i < leave_out.size(); ++i)
    if (leave_out[i] == 0) numbers[to++] = numbers[i];
  numbers.resize(to);
  rows =
      encoded::PassColumns::rows_of(rows.view(), [&](std::size_t i) { return leave_out[i] == 0; });
}

}  // namespace tessera::link
