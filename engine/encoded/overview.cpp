// Counts over sorted columns: a block is a run of equal tags.
#include "engine/encoded/overview.h"

namespace tessera::encoded {
namespace {

std::size_t class_of(std::uint64_t block) {
  if (block <= 2) return block - 1;
  return block <= 4 ? 2 : 3;
}

PassOverview look(const PassView& pass) {
  PassOverview out;
  out.entries = pass.rows();
  std::uint64_t run = 0;
  for (std::size_t i = 0; i < pass.rows(); ++i) {
    ++run;
    if (i + 1 < pass.rows() && pass.tags[i + 1] == pass.tags[i]) continue;
    ++out.tags;
    ++out.blocks[class_of(run)];
    run = 0;
  }
  std::vector<std::uint64_t> counts(std::size_t{1} << 16);
  for (const std::uint16_t p : pass.presence) ++counts[p];
  for (std::size_t p = 0; p < counts.size(); ++p)
    if (counts[p] > 0) out.presence[static_cast<std::uint16_t>(p)] = counts[p];
  return out;
}

}  // namespace

Result<Overview> overview(const File& file) {
  Overview out;
  for (std::size_t p = 0; p < file.passes(); ++p) {
    TESSERA_TRY(const PassView pass, file.load(p));
    out.passes.push_back(look(pass));
    file.release(p);
  }
  out.usable.resize(file.passes() + 1);
  for (const JoinRecord& r : file.records()) {
    ++out.ssn_states[static_cast<std::size_t>(r.ssn_state)];
    ++out.usable[r.usable_passes];
    out.mandatory += r.mandatory;
  }
  return out;
}

}  // namespace tessera::encoded
