// Records one after another, handles in parallel: there are ten of them to a record.
#include "engine/encoded/join_section.h"

#include <algorithm>

#include "engine/core/parallel.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {
namespace {

constexpr std::size_t kReadGrain = 1 << 14;

}  // namespace

Result<void> decode_join(ByteView bytes, std::uint64_t rows, std::vector<JoinRecord>& records,
                         std::vector<JoinHandle>& handles) {
  records.resize(load_le<std::uint64_t>(bytes.data()));
  handles.resize(rows);
  const std::uint8_t* at = bytes.data() + 8;
  for (JoinRecord& r : records) {
    std::copy_n(at, r.key.size(), r.key.begin());
    r.ssn_state = static_cast<SsnState>(at[16]);
    r.usable_passes = at[17];
    r.mandatory = at[18];
    if (!all_zero({at + 19, kJoinRecordBytes - 19}))
      return Error{ErrorCode::format, "join: reserved bytes of a record are not zero", ""};
    at += kJoinRecordBytes;
  }
  parallel_for(handles.size(), kReadGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint8_t* h = at + i * kJoinHandleBytes;
      handles[i] = {load_le<std::uint64_t>(h), load_le<std::uint32_t>(h + 8)};
    }
  });
  return {};
}

}  // namespace tessera::encoded
