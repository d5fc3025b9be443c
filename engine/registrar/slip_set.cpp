// Opened one after another, put in order, numbered; then one index over all handles.
#include "engine/registrar/slip_set.h"

#include <algorithm>
#include <tuple>

#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/encoded/project.h"

namespace tessera::registrar {

Result<SlipSet> SlipSet::open(const std::vector<std::string>& paths,
                              const encoded::Opening& opening) {
  SlipSet out;
  if (paths.empty()) return Error{ErrorCode::usage, "no file of slips named", ""};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (same_file(paths[i], paths[j])) return Error{ErrorCode::usage, "named twice", paths[i]};
    TESSERA_TRY(slips::SlipFile file, slips::SlipFile::open(paths[i], opening));
    out.files_.push_back(std::move(file));
  }
  const slips::SlipFile& one = out.files_.front();
  for (const slips::SlipFile& f : out.files_) {
    TESSERA_CHECK(encoded::require_same_project(one.header(), one.path(), f.header(), f.path()));
    if (f.envelope().entries_key != one.envelope().entries_key)
      return Error{ErrorCode::conflict, "is sealed to another key for entries than " + one.path(),
                   f.path()};
  }
  TESSERA_CHECK(out.number());
  TESSERA_CHECK(out.index_handles());
  return out;
}

Result<void> SlipSet::number() {
  std::ranges::sort(files_, {}, [](const slips::SlipFile& f) {
    return std::tuple(f.header().owner, f.header().population, f.digest());
  });
  std::uint64_t records = 0;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (i > 0 && files_[i].digest() == files_[i - 1].digest())
      return Error{ErrorCode::usage, "a copy of " + files_[i - 1].path(), files_[i].path()};
    first_.push_back(static_cast<std::uint32_t>(records));
    records += files_[i].records().size();
    if (records > UINT32_MAX / 2)
      return Error{ErrorCode::limit, "more than two thousand million records in one run", ""};
  }
  first_.push_back(static_cast<std::uint32_t>(records));
  return {};
}

Result<void> SlipSet::index_handles() {
  for (std::size_t f = 0; f < files_.size(); ++f)
    for (const encoded::JoinHandle& h : files_[f].handles())
      handles_.push_back({h.handle, first_[f] + h.record});
  if (handles_.size() > UINT32_MAX)
    return Error{ErrorCode::limit, "more entries in one run than the format holds", ""};
  parallel_sort(handles_.begin(), handles_.end(),
                [](const encoded::JoinHandle& a, const encoded::JoinHandle& b) {
                  return std::tuple(a.handle, a.record) < std::tuple(b.handle, b.record);
                });
  const auto twice = std::ranges::adjacent_find(handles_, {}, &encoded::JoinHandle::handle);
  if (twice != handles_.end())
    return Error{ErrorCode::conflict,
                 "an entry's handle stands in another file too; encode the file again",
                 files_[file_of(std::next(twice)->record)].path()};
  index_ = encoded::HandleIndex(handles_);
  return {};
}

std::uint32_t SlipSet::file_of(std::uint32_t record) const {
  return static_cast<std::uint32_t>(std::ranges::upper_bound(first_, record) - first_.begin() - 1);
}

const encoded::JoinRecord& SlipSet::record(std::uint32_t record) const {
  const std::uint32_t f = file_of(record);
  return files_[f].records()[record - first_[f]];
}

std::vector<std::uint32_t> SlipSet::groups() const {
  std::vector<std::uint32_t> out;
  out.reserve(records());
  for (std::uint32_t f = 0; f < files_.size(); ++f)
    out.insert(out.end(), first_[f + 1] - first_[f], f);
  return out;
}

std::uint32_t SlipSet::record_of(encoded::Handle handle) const {
  const std::size_t at = index_.find(handle);
  return at == encoded::HandleIndex::kNone ? kNobody : handles_[at].record;
}

Sha256 SlipSet::batch() const {
  Sha256Stream out;
  for (const slips::SlipFile& f : files_) out.update_sized(f.digest());
  return out.finish();
}

}  // namespace tessera::registrar
