// A folder of many files that appears whole or not at all, its lines made on all threads.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"

namespace tessera::lab {

// Files grow in `<path>.part`; commit() renames the folder. With force, a folder that holds
// synth.json is replaced; any other folder with something in it is refused.
class NewFolder {
 public:
  static Result<NewFolder> create(const std::string& path, bool force);
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder();  // without commit, removes what was made

  // Makes the folders above `name` and returns the full path to write to.
  Result<std::string> place(const std::string& name);
  Result<void> write(const std::string& name, std::string_view text);
  Result<void> commit();
  std::uint64_t files() const { return files_; }

 private:
  NewFolder() = default;
  std::string path_, part_;
  std::uint64_t files_ = 0;
  bool open_ = false;
};

// A file of lines and its first line; it is made only if a line comes, or if `always`.
struct LineFile {
  std::string name;
  std::string header;
  bool always = true;
};
using Parts = std::vector<std::string>;
// Appends the lines of item i, one string for each file; returns how many rows it made (0 or 1).
using MakeLines = std::function<std::size_t(std::size_t i, Parts& out)>;

// Calls make for 0 <= i < n on all threads and writes the lines in the order of i. Returns rows.
Result<std::uint64_t> write_lines(NewFolder& folder, const std::vector<LineFile>& files,
                                  std::size_t n, const MakeLines& make, Progress& progress);

}  // namespace tessera::lab
