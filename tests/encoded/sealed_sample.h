// Sealed files from the made-up samples, under fixed keys.
#pragma once

#include <string>

#include "engine/encoded/opening.h"
#include "engine/encoded/sealed_writer.h"
#include "tests/reference/encoded_plain.h"

namespace tessera::samples {

// Keys that are the same every time; `number` tells several of a use apart.
seal::KeyPair fixed_pair(seal::Use use, std::uint8_t number = 1);

// An owner, a unit, and a unit that trusts the owner.
struct Parties {
  seal::KeyPair owner, entries, join;
  encoded::Trust trust;
  explicit Parties(const std::string& owner_name = "district-7");
  encoded::Sealing sealing() const;
  encoded::Opening opening() const { return {&entries, &join, &trust}; }
};

// Writes the content sealed; gives the file's bytes.
Bytes seal_to_file(const std::string& path, const reference::Content& content,
                   const Parties& parties);

}  // namespace tessera::samples
