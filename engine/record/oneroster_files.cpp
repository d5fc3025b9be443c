// Folders by std::filesystem, zips by libzip; nothing is unpacked to disk.
#include "engine/record/oneroster_files.h"

#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <zip.h>

#include "engine/core/ascii.h"
#include "engine/core/file.h"

namespace tessera::record {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 31;

// Collects the tables as they are met, in any order.
struct Collector {
  std::optional<std::string> users, demographics, roles;
  bool spreadsheet = false;  // what xlsx and ods files are made of was met
  std::optional<std::string>* slot(std::string_view file_name) {
    const std::string name = ascii::lower(file_name);
    if (name == "users.csv") return &users;
    if (name == "demographics.csv") return &demographics;
    if (name == "roles.csv") return &roles;
    spreadsheet = spreadsheet || name == "workbook.xml" || name == "content.xml";
    return nullptr;
  }
  Result<OneRosterFiles> finish(const std::string& where) && {
    if (!users && spreadsheet)
      return Error{ErrorCode::format, "this is a spreadsheet; save it as CSV UTF-8", where};
    if (!users)
      return Error{ErrorCode::format,
                   "no users.csv, so this is no OneRoster set; give another CSV file by itself",
                   where};
    return OneRosterFiles{*std::move(users), std::move(demographics), std::move(roles)};
  }
};

Error twice(std::string_view file, const std::string& where) {
  return {ErrorCode::format, fmt::format("{} is there twice; keep one", ascii::lower(file)), where};
}

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

Result<std::string> read_entry(zip_t* archive, zip_uint64_t index, const std::string& where) {
  const std::unique_ptr<zip_file_t, CloseEntry> entry(zip_fopen_index(archive, index, 0));
  if (entry == nullptr)
    return Error{ErrorCode::format, "cannot be unpacked; is the zip encrypted or damaged?", where};
  std::string text;
  for (;;) {  // sizes in the directory of a zip are a claim, not a fact
    constexpr std::size_t kChunk = 1 << 20;
    const std::size_t at = text.size();
    text.resize(at + kChunk);
    const zip_int64_t n = zip_fread(entry.get(), text.data() + at, kChunk);
    text.resize(at + static_cast<std::size_t>(std::max<zip_int64_t>(n, 0)));
    if (n < 0) return Error{ErrorCode::format, "cannot be unpacked; the zip is damaged", where};
    if (n == 0) return text;
    if (text.size() > kLargest)
      return Error{ErrorCode::limit, "larger than 2 GiB when unpacked", where};
  }
}

}  // namespace

Result<OneRosterFiles> open_oneroster_folder(const std::string& folder) {
  Collector tables;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string file = it->path().filename().string();
    std::optional<std::string>* slot = tables.slot(file);
    if (slot == nullptr) continue;
    if (*slot) return twice(file, folder);
    TESSERA_TRY(*slot, read_file(it->path().string(), kLargest));
  }
  if (error) return Error{ErrorCode::io, "cannot list the folder: " + error.message(), folder};
  return std::move(tables).finish(folder);
}

Result<OneRosterFiles> open_oneroster_zip(ByteView bytes, const std::string& name) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (opened == nullptr) {
    if (source != nullptr) zip_source_free(source);
    return Error{ErrorCode::format, "this zip is damaged; make it again", name};
  }
  const std::unique_ptr<zip_t, CloseArchive> archive(opened);
  Collector tables;
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* path = zip_get_name(archive.get(), index, 0);
    if (path == nullptr) continue;
    const std::string_view whole(path);
    const std::string_view file = whole.substr(whole.find_last_of('/') + 1);
    std::optional<std::string>* slot = tables.slot(file);
    if (slot == nullptr) continue;
    const std::string where = name + "/" + ascii::lower(file);
    if (*slot) return twice(file, name);
    TESSERA_TRY(*slot, read_entry(archive.get(), index, where));
  }
  return std::move(tables).finish(name);
}

}  // namespace tessera::record
