// The files of a run in the order that every side of it agrees on, and their records numbered
// through.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// Opens each path by open(path); error (usage) for a file that is named twice.
template <class F, class Open>
Result<std::vector<F>> open_each(const std::vector<std::string>& paths, const Open& open) {
  std::vector<F> out;
  std::set<FileIdentity> seen;
  for (const std::string& path : paths) {
    if (const auto id = file_identity(path); id && !seen.insert(*id).second)
      return Error{ErrorCode::usage, "named twice", path};
    TESSERA_TRY(F file, open(path));
    out.push_back(std::move(file));
  }
  return out;
}

// Which numbers a file's records have. Thread safe for reading.
class RecordNumbers {
 public:
  // Sorts the files by owner, population and digest, and numbers their records. Errors: usage for a
  // copy of another file, limit for more records than a run holds.
  template <class F>
  static Result<RecordNumbers> of(std::vector<F>& files) {
    std::ranges::sort(files, {}, [](const F& f) {
      return std::tuple(f.header().owner, f.header().population, f.digest());
    });
    RecordNumbers out;
    std::uint64_t records = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (i > 0 && files[i].digest() == files[i - 1].digest())
        return Error{ErrorCode::usage, "a copy of " + files[i - 1].path(), files[i].path()};
      records += files[i].records().size();
      if (records > UINT32_MAX / 2)
        return Error{ErrorCode::limit, "more than two thousand million records in one run", ""};
      out.first_.push_back(static_cast<std::uint32_t>(records));
    }
    return out;
  }

  std::uint32_t records() const { return first_.back(); }
  // Of each file its first record, and the total.
  const std::vector<std::uint32_t>& first() const { return first_; }
  std::uint32_t file_of(std::uint32_t record) const {
    return static_cast<std::uint32_t>(std::ranges::upper_bound(first_, record) - first_.begin() -
                                      1);
  }
  // Of each record its file.
  std::vector<std::uint32_t> files() const {
    std::vector<std::uint32_t> out;
    out.reserve(records());
    for (std::uint32_t f = 0; f + 1 < first_.size(); ++f)
      out.insert(out.end(), first_[f + 1] - first_[f], f);
    return out;
  }

 private:
  std::vector<std::uint32_t> first_{0};
};

}  // namespace tessera::encoded
