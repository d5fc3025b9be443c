// Owners' slips go out as one heap; handles come back and are records again.
#include "engine/registrar/mixing.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/slips/mix_file.h"

namespace tessera::registrar {

Result<void> require_enough(std::uint64_t records, std::uint64_t least) {
  if (records >= least) return {};
  return Error{ErrorCode::limit,
               fmt::format("{} records are too few to hide among; wait for more files, to {} at "
                           "least",
                           records, least),
               ""};
}

Result<void> mix(const SlipSet& files, const std::string& path, const seal::KeyPair& signer,
                 Random& random, AtomicFile::Options options) {
  TESSERA_CHECK(require_enough(files.records(), slips::kLeastRecords));
  slips::MixHeader header;
  header.schema = files.schema();
  header.batch = files.batch();
  header.records = files.records();
  header.possible_matches = link::possible_across(files.first());
  header.entries_key = files.files().front().envelope().entries_key;
  std::vector<std::vector<ByteView>> parts(header.schema.passes.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    std::uint64_t& rows = header.rows.emplace_back(0);
    for (const slips::SlipFile& f : files.files()) {
      parts[p].push_back(f.slips(p));
      rows += f.rows(p);
    }
  }
  return slips::write_mix(path, header, parts, {}, signer, random, std::move(options));
}

Result<std::vector<link::Pair>> pairs_of(const slips::ScoreFile& scores, const SlipSet& files,
                                         const std::string& where) {
  if (scores.header.batch != files.batch())
    return Error{ErrorCode::conflict,
                 "answers another mix: give the files that were mixed, all of them and no others",
                 where};
  std::vector<link::Pair> out;
  out.reserve(scores.scores.size());
  for (const slips::ScoredHandles& s : scores.scores) {
    const std::uint32_t a = files.record_of(s.first);
    const std::uint32_t b = files.record_of(s.second);
    if (a == SlipSet::kNobody || b == SlipSet::kNobody)
      return Error{ErrorCode::conflict, "has a handle that no file's join section has", where};
    if (files.file_of(a) == files.file_of(b))
      return Error{ErrorCode::conflict, "pairs two records of one file", where};
    out.push_back({std::min(a, b), std::max(a, b), s.decinats, 0, 0});
  }
  link::keep_strongest(out);
  return out;
}

}  // namespace tessera::registrar
