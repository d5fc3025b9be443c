// A folder of a test's own, removed with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/file.h"

namespace tessera::lab {

struct Scratch {
  std::string path = std::filesystem::temp_directory_path() / "tessera-lab-XXXXXX";
  Scratch() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Scratch() { std::filesystem::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    REQUIRE(write_file(*this / name, text, {.force = true}).has_value());
  }
  std::string read(const std::string& name) const {
    const auto text = read_file(*this / name);
    REQUIRE(text.has_value());
    return *text;
  }
};

}  // namespace tessera::lab
