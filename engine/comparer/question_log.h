// What a comparer was asked about: a text file of its own, one line for each question, each line
// with the digest of the one before.
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::comparer {

struct AskedPair {
  std::string at;  // "2026-10-01T08:05:09Z"
  encoded::Handle first = 0, second = 0;
  std::string who, why;
};

std::string handle_text(encoded::Handle handle);  // 16 hexadecimal digits
// Error usage.
Result<encoded::Handle> parse_handle(const std::string& text);

// Adds a line; the file appears with the first, for its owner alone to read. Error (conflict) if a
// line does not follow from the one before: then nothing is added.
Result<void> log_question(const std::string& path, const AskedPair& asked);

}  // namespace tessera::comparer
