#include "engine/link/files.h"

#include <algorithm>
#include <map>

#include "engine/core/parallel.h"
#include "engine/encoded/blanked.h"
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
  set.stripped_.resize(set.files_.size());
  set.blanked_.resize(set.files_.size());
  return set;
}

const encoded::JoinRecord& FileSet::record(std::uint32_t record) const {
  const std::uint32_t f = file_of(record);
  return files_[f].records()[record - first_record(f)];
}

void FileSet::strip(std::size_t file, std::size_t field) {
  auto& fields = stripped_[file];
  if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
  blanked_[file] = {};
}

bool FileSet::without_ssn(std::size_t file) const {
  return std::ranges::any_of(stripped_[file], [this](std::size_t field) {
    return schema().fields[field].kind == schema::Kind::ssn;
  });
}

encoded::JoinRecord FileSet::shown(std::uint32_t record) const {
  const encoded::JoinRecord& whole = this->record(record);
  return without_ssn(file_of(record)) ? encoded::without_ssn(schema(), whole) : whole;
}

bool FileSet::tokens() const {
  for (std::size_t f = 0; f < files_.size(); ++f)
    if (without_ssn(f)) return false;
  return schema().ssn && std::ranges::none_of(files_, [](const encoded::File& f) {
           return !f.tokens() && f.rows(0) > 0;
         });
}

block::Source FileSet::as_stripped(std::size_t file, std::size_t pass,
                                   const encoded::PassView& view,
                                   std::span<const std::uint32_t> records) {
  block::Source out{view, records};
  if (without_ssn(file)) {
    out.view = encoded::without_ssn(schema(), pass, view);
    out.records = records.first(out.view.rows());
  }
  const encoded::Blanked blanked(schema(), pass, stripped_[file]);
  if (blanked.nothing()) return out;
  encoded::PassColumns& of = blanked_[file];
  if (of.bits.empty()) {
    const encoded::Header& header = files_[file].header();
    of.presence.assign(out.view.presence.begin(), out.view.presence.end());
    of.bits.assign(out.view.bits.begin(), out.view.bits.end());
    parallel_for(out.view.rows(), 1 << 14, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        blanked.blank(header, record(records[i]).key, view.tags[i], of.presence[i],
                      of.bits.data() + i * view.stride);
    });
  }
  out.view.presence = of.presence;
  out.view.bits = of.bits;
  return out;
}

Result<std::vector<block::Source>> FileSet::sources(std::size_t pass) {
  if (last_pass_ != pass && last_pass_ != SIZE_MAX) {
    for (const encoded::File& f : files_) f.release(last_pass_);
    std::ranges::fill(blanked_, encoded::PassColumns{});
  }
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
    TESSERA_TRY(const encoded::PassView view, files_[f].load(pass));
    out.push_back(as_stripped(f, pass, view, rows[f]));
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
