// Growing a folder beside its place, and filling its files in parallel.
#include "engine/lab/synth_folder.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/core/parallel.h"

namespace tessera::lab {
namespace {

namespace fs = std::filesystem;

Error folder_error(const std::error_code& code, const std::string& path) {
  return {ErrorCode::io, "cannot make or replace the folder: " + code.message(), path};
}

}  // namespace

Result<NewFolder> NewFolder::create(const std::string& path, bool force) {
  NewFolder folder;
  folder.path_ = path;
  while (folder.path_.size() > 1 && folder.path_.back() == '/') folder.path_.pop_back();
  folder.part_ = folder.path_ + ".part";
  std::error_code code;
  if (fs::exists(folder.path_, code) && !fs::is_empty(folder.path_, code)) {
    if (!force)
      return Error{ErrorCode::usage, "the folder exists; --force replaces what an earlier run made",
                   path};
    if (!file_exists(folder.path_ + "/synth.json"))
      return Error{ErrorCode::usage,
                   "--force replaces only folders that synth made, and this one "
                   "has no synth.json",
                   path};
  }
  if (file_exists(folder.part_) && !force)
    return Error{ErrorCode::usage,
                 "another run is writing here, or was cut off; remove it, or say "
                 "--force",
                 folder.part_};
  fs::remove_all(folder.part_, code);
  fs::create_directories(folder.part_, code);
  if (code) return folder_error(code, folder.part_);
  folder.open_ = true;
  return folder;
}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      files_(other.files_),
      open_(std::exchange(other.open_, false)) {}

NewFolder::~NewFolder() {
  std::error_code code;
  if (open_) fs::remove_all(part_, code);
}

Result<std::string> NewFolder::place(const std::string& name) {
  const std::string path = part_ + "/" + name;
  std::error_code code;
  fs::create_directories(fs::path(path).parent_path(), code);
  if (code) return folder_error(code, path);
  ++files_;
  return path;
}

Result<void> NewFolder::write(const std::string& name, std::string_view text) {
  TESSERA_TRY(const std::string path, place(name));
  return write_file(path, text, {});
}

Result<void> NewFolder::commit() {
  std::error_code code;
  fs::remove_all(path_, code);  // create() saw that it is ours, or empty
  fs::rename(part_, path_, code);
  if (code) return folder_error(code, path_);
  open_ = false;
  return {};
}

Result<std::uint64_t> write_lines(NewFolder& folder, const std::vector<LineFile>& files,
                                  std::size_t n, const MakeLines& make, Progress& progress) {
  constexpr std::size_t kGrain = 512, kChunks = 64;
  std::vector<std::optional<AtomicFile>> open(files.size());
  auto ensure = [&](std::size_t f) -> Result<void> {
    if (open[f]) return {};
    TESSERA_TRY(const std::string path, folder.place(files[f].name));
    TESSERA_TRY(AtomicFile file, AtomicFile::create(path, {}));
    open[f].emplace(std::move(file));
    open[f]->write(files[f].header);
    return {};
  };
  for (std::size_t f = 0; f < files.size(); ++f)
    if (files[f].always) TESSERA_CHECK(ensure(f));
  std::atomic<std::uint64_t> rows = 0;
  std::vector<Parts> made(kChunks);
  for (std::size_t start = 0; start < n; start += kGrain * kChunks) {
    const std::size_t count = std::min(n - start, kGrain * kChunks);
    for (Parts& parts : made) parts.assign(files.size(), "");
    parallel_for(count, kGrain, [&](std::size_t begin, std::size_t end) {
      Parts& parts = made[begin / kGrain];
      std::size_t own = 0;
      for (std::size_t i = begin; i < end; ++i) own += make(start + i, parts);
      rows += own;
      progress.advance(end - begin);
    });
    for (std::size_t f = 0; f < files.size(); ++f)
      for (const Parts& parts : made) {
        if (parts[f].empty()) continue;
        TESSERA_CHECK(ensure(f));
        open[f]->write(parts[f]);
      }
  }
  for (std::optional<AtomicFile>& file : open)
    if (file) TESSERA_CHECK(file->commit());
  return rows.load();
}

}  // namespace tessera::lab
