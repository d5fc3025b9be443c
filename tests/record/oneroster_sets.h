// OneRoster sets for tests: a zip in memory, a folder on disk.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <zip.h>

#include "engine/core/file.h"

namespace tessera::record {

using Files = std::vector<std::pair<std::string, std::string>>;

inline std::string zip_of(const Files& files) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  REQUIRE(archive != nullptr);
  for (const auto& [name, text] : files) {
    zip_source_t* entry = zip_source_buffer(archive, text.data(), text.size(), 0);
    REQUIRE(zip_file_add(archive, name.c_str(), entry, ZIP_FL_ENC_UTF_8) >= 0);
  }
  REQUIRE(zip_close(archive) == 0);
  std::string bytes;
  zip_source_open(source);
  zip_source_seek(source, 0, SEEK_END);
  bytes.resize(static_cast<std::size_t>(zip_source_tell(source)));
  zip_source_seek(source, 0, SEEK_SET);
  zip_source_read(source, bytes.data(), bytes.size());
  zip_source_free(source);
  return bytes;
}

// A folder that goes away with the object.
struct Folder {
  std::string path = std::filesystem::temp_directory_path() / "tessera-oneroster-XXXXXX";
  explicit Folder(const Files& files) {
    REQUIRE(mkdtemp(path.data()) != nullptr);
    for (const auto& [name, text] : files) REQUIRE(write_file(path + "/" + name, text, {}));
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace tessera::record
