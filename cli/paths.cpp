#include "cli/paths.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/core/file.h"

namespace tessera::cli {
namespace {

bool is_file_name(const std::string& path) { return !path.empty() && path != "-"; }

// Where a file is or would be, links followed.
std::filesystem::path place_of(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
}

// Two names of one file, which need not be there yet.
bool one_file(const std::string& a, const std::string& b) {
  return same_file(a, b) || place_of(a) == place_of(b);
}

Result<void> check_folder(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent;
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return Error{ErrorCode::io, fmt::format("cannot create: {}", std::strerror(errno)), path};
  return {};
}

}  // namespace

Result<void> check_paths(const Paths& paths) {
  for (std::size_t i = 0; i < paths.write.size(); ++i) {
    const std::string& out = paths.write[i];
    if (!is_file_name(out)) continue;
    for (const std::string& in : paths.read)
      if (is_file_name(in) && one_file(in, out))
        return Error{ErrorCode::usage, "input and output are the same file", out};
    for (std::size_t k = 0; k < i; ++k)
      if (is_file_name(paths.write[k]) && one_file(paths.write[k], out))
        return Error{ErrorCode::usage, "two outputs are the same file", out};
    if (!paths.force && file_exists(out))
      return Error{ErrorCode::usage, "already exists; give --force to replace it", out};
    TESSERA_CHECK(check_folder(out));
  }
  return {};
}

std::vector<std::string> files_of_registry(const std::string& registry) {
  if (registry.empty()) return {};
  std::vector<std::string> out;
  for (const char* end : {"", ".entries", ".access", ".desk"})
    for (const char* side : {"", "-wal", "-shm"}) out.push_back(registry + end + side);
  return out;
}

}  // namespace tessera::cli
