// Every way a file may be wrong, made from the small sample: the list behind the bad golden files.
#pragma once

#include <string>
#include <vector>

#include "engine/core/bytes.h"

namespace tessera::samples {

struct Specimen {
  std::string name;   // "good-small", "bad-weight": the verdict stands first
  std::string words;  // what the refusal must say; empty for good ones
  Bytes bytes;
};

std::vector<Specimen> good_specimens();
std::vector<Specimen> bad_specimens();

}  // namespace tessera::samples
