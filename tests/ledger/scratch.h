// A folder of its own for a test, gone with it.
#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>
#include <string_view>

#include "engine/core/file.h"

namespace tessera::test {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tessera-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data()) == nullptr ? std::string(".") : pattern;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (path_ != ".") std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Every byte of a folder's files whose names begin so: a database, its log, what lies beside it.
inline std::string bytes_in(const std::string& folder, std::string_view name) {
  std::string out;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().filename().string().starts_with(name)) out += *read_file(file.path().string());
  return out;
}

}  // namespace tessera::test
