// A database with one page after another torn: what must then refuse, and leave every byte alone.
#pragma once

#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/file.h"

namespace tessera::test {

inline std::size_t page_size(const std::string& database) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(database[i]); };
  const std::size_t size = std::size_t{at(16)} << 8U | at(17);
  return size == 1 ? 65536 : size;
}

// Runs `refused` once for each page, with a bit of that page wrong; puts the file back at the end.
// Gives the number of pages.
inline std::size_t each_torn_page(const std::string& path, const std::function<void()>& refused) {
  const std::string whole = *read_file(path);
  const std::size_t size = page_size(whole);
  for (std::size_t page = 0; page < whole.size() / size; ++page) {
    CAPTURE(page);
    std::string bytes = whole;
    char& bit = bytes[(page + 1) * size - 100];
    bit = static_cast<char>(bit ^ 1);
    REQUIRE(write_file(path, bytes, {.force = true, .mode = 0600}));
    refused();
    CHECK(*read_file(path) == bytes);
  }
  REQUIRE(write_file(path, whole, {.force = true, .mode = 0600}));
  return whole.size() / size;
}

}  // namespace tessera::test
