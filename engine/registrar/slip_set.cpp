// Opened, put in order and numbered; then one index over all handles.
#include "engine/registrar/slip_set.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/core/parallel.h"
#include "engine/encoded/project.h"
#include "engine/encoded/without_ssn.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registrar {

namespace {

Result<std::vector<slips::SlipFile>> open_all(const std::vector<std::string>& paths,
                                              const encoded::Opening& opening) {
  if (paths.empty()) return Error{ErrorCode::usage, "no file of slips named", ""};
  return encoded::open_each<slips::SlipFile>(
      paths, [&](const std::string& path) { return slips::SlipFile::open(path, opening); });
}

}  // namespace

Result<SlipSet> SlipSet::open(const std::vector<std::string>& paths,
                              const encoded::Opening& opening) {
  TESSERA_TRY(std::vector<slips::SlipFile> files, open_all(paths, opening));
  return of(std::move(files));
}

Result<std::vector<SlipSet>> SlipSet::open_apart(const std::vector<std::string>& paths,
                                                 const encoded::Opening& opening) {
  TESSERA_TRY(std::vector<slips::SlipFile> files, open_all(paths, opening));
  std::map<Sha256, std::vector<slips::SlipFile>> by_schema;
  for (slips::SlipFile& f : files) by_schema[f.header().schema_digest].push_back(std::move(f));
  std::vector<SlipSet> out;
  for (auto& [digest, of_schema] : by_schema) {
    TESSERA_TRY(SlipSet set, of(std::move(of_schema)));
    out.push_back(std::move(set));
  }
  return out;
}

Result<SlipSet> SlipSet::of(std::vector<slips::SlipFile> files) {
  SlipSet out;
  out.files_ = std::move(files);
  const slips::SlipFile& one = out.files_.front();
  for (const slips::SlipFile& f : out.files_) {
    TESSERA_CHECK(encoded::require_same_project(one.header(), one.path(), f.header(), f.path()));
    if (f.envelope().entries_key != one.envelope().entries_key)
      return Error{ErrorCode::conflict, "is sealed to another key for entries than " + one.path(),
                   f.path()};
  }
  out.stripped_.assign(out.files_.size(), 0);
  TESSERA_TRY(out.numbers_, encoded::RecordNumbers::of(out.files_));
  TESSERA_CHECK(out.index_handles());
  return out;
}

Result<void> SlipSet::index_handles() {
  for (std::size_t f = 0; f < files_.size(); ++f)
    for (const encoded::JoinHandle& h : files_[f].handles())
      handles_.push_back({h.handle, first()[f] + h.record});
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

const encoded::JoinRecord& SlipSet::record(std::uint32_t record) const {
  const std::uint32_t f = file_of(record);
  return files_[f].records()[record - first()[f]];
}

bool SlipSet::any_stripped() const {
  return std::ranges::any_of(stripped_, [](std::uint8_t s) { return s != 0; });
}

std::vector<encoded::JoinRecord> SlipSet::shown(std::size_t file) const {
  std::vector<encoded::JoinRecord> out = files_[file].records();
  if (stripped(file))
    for (encoded::JoinRecord& r : out) r = encoded::without_ssn(schema(), r);
  return out;
}

const std::vector<Checksum>& SlipSet::payloads(std::size_t file) const {
  return stripped(file) ? files_[file].bare_payloads() : files_[file].payloads();
}

bool SlipSet::stays(std::size_t file, std::size_t pass) const {
  return !stripped(file) || !schema::keyed_by_ssn(schema(), pass);
}

std::uint32_t SlipSet::record_of(encoded::Handle handle) const {
  const std::size_t at = index_.find(handle);
  return at == encoded::HandleIndex::kNone ? kNobody : handles_[at].record;
}

Sha256 SlipSet::batch() const {
  std::vector<Sha256> digests;
  for (const slips::SlipFile& f : files_) digests.push_back(f.digest());
  return batch_of(digests);
}

Sha256 batch_of(std::span<const Sha256> files) {
  Sha256Stream out;
  for (const Sha256& digest : files) out.update_sized(digest);
  return out.finish();
}

}  // namespace tessera::registrar
