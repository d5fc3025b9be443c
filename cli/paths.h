// What a verb reads and writes, looked over before it reads or writes any of it.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace tessera::cli {

struct Paths {
  std::vector<std::string> read;   // "" and "-" are passed by, here and below
  std::vector<std::string> write;  // files, not folders
  bool force = false;
};

// Error `usage` if an output is an input or another output, whatever their names, or exists without
// `force`; `io` if its folder is not there or takes no file. So that a verb with several outputs
// does not stop between two of them.
Result<void> check_paths(const Paths& paths);

// The files a registry consists of, none of which may be an output.
std::vector<std::string> files_of_registry(const std::string& registry);

}  // namespace tessera::cli
