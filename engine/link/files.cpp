#include "engine/link/files.h"

#include <algorithm>
#include <map>

#include "engine/core/parallel.h"
#include "engine/encoded/project.h"
#include "engine/encoded/without_ssn.h"

namespace tessera::link {

namespace {

Result<std::vector<encoded::File>> open_all(const std::vector<std::string>& paths,
                                            const encoded::Opening& opening) {
  if (paths.empty()) return Error{ErrorCode::usage, "no encoded file named", ""};
  return encoded::open_each<encoded::File>(
      paths, [&](const std::string& path) -> Result<encoded::File> {
        TESSERA_TRY(encoded::File file, encoded::File::open(path, opening));
        for (std::size_t p = 0; p < file.passes(); ++p) file.release(p);  // not yet needed
        return file;
      });
}

}  // namespace

Result<FileSet> FileSet::open(const std::vector<std::string>& paths,
                              const encoded::Opening& opening) {
  TESSERA_TRY(std::vector<encoded::File> files, open_all(paths, opening));
  return of(std::move(files));
}

Result<std::vector<FileSet>> FileSet::open_apart(const std::vector<std::string>& paths,
                                                 const encoded::Opening& opening) {
  TESSERA_TRY(std::vector<encoded::File> files, open_all(paths, opening));
  std::map<Sha256, std::vector<encoded::File>> by_schema;
  for (encoded::File& f : files) by_schema[f.header().schema_digest].push_back(std::move(f));
  std::vector<FileSet> out;
  for (auto& [digest, of_schema] : by_schema) {
    TESSERA_TRY(FileSet set, of(std::move(of_schema)));
    out.push_back(std::move(set));
  }
  return out;
}

Result<FileSet> FileSet::of(std::vector<encoded::File> files) {
  FileSet set;
  set.files_ = std::move(files);
  const encoded::File& one = set.files_.front();
  for (const encoded::File& f : set.files_)
    TESSERA_CHECK(encoded::require_same_project(one.header(), one.path(), f.header(), f.path()));
  TESSERA_TRY(set.numbers_, encoded::RecordNumbers::of(set.files_));
  set.record_of_row_.resize(set.schema().passes.size());
  set.stripped_.resize(set.files_.size(), 0);
  return set;
}

const encoded::JoinRecord& FileSet::record(std::uint32_t record) const {
  const std::uint32_t f = file_of(record);
  return files_[f].records()[record - first_record(f)];
}

void FileSet::strip_ssn(std::size_t file) { stripped_[file] = 1; }

encoded::JoinRecord FileSet::shown(std::uint32_t record) const {
  const encoded::JoinRecord& whole = this->record(record);
  return stripped(file_of(record)) ? encoded::without_ssn(schema(), whole) : whole;
}

bool FileSet::tokens() const {
  if (std::ranges::any_of(stripped_, [](std::uint8_t s) { return s != 0; })) return false;
  return schema().ssn && std::ranges::none_of(files_, [](const encoded::File& f) {
           return !f.tokens() && f.rows(0) > 0;
         });
}

Result<std::vector<block::Source>> FileSet::sources(std::size_t pass) {
  if (last_pass_ != pass && last_pass_ != SIZE_MAX)
    for (const encoded::File& f : files_) f.release(last_pass_);
  last_pass_ = pass;
  auto& rows = record_of_row_[pass];
  if (rows.empty()) {
    rows.resize(files_.size());
    for (std::size_t f = 0; f < files_.size(); ++f) {
      TESSERA_TRY(const encoded::PassView view, files_[f].load(pass));
      const auto handles = view.handles;
      rows[f].resize(handles.size());
      parallel_for(handles.size(), 1 << 14, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
          rows[f][i] = first_record(f) + files_[f].record_of(handles[i]);
      });
    }
  }
  std::vector<block::Source> out;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    TESSERA_TRY(encoded::PassView view, files_[f].load(pass));
    std::span<const std::uint32_t> records = rows[f];
    if (stripped(f)) {
      view = encoded::without_ssn(schema(), pass, view);
      records = records.first(view.rows());
    }
    out.push_back({view, records});
  }
  return out;
}

Run FileSet::run(PairRule rule) {
  Run run;
  run.schema = &schema();
  run.rule = rule;
  run.tokens = tokens();
  run.sources = [this](std::size_t pass) { return sources(pass); };
  run.group = numbers_.files();
  run.size.records = records();
  if (rule == PairRule::everything) {
    run.size.possible_matches = possible_among(records());
    run.size.within = true;
  } else {
    run.size.possible_matches = possible_across(numbers_.first());
  }
  return run;
}

}  // namespace tessera::link
