// What may happen to epochs: two of the events of events.h.
#pragma once

#include <cstdint>
#include <string>

namespace tessera::registry {

struct EpochOpened {       // "epoch": files under this schema are taken from here on
  std::int64_t epoch = 0;  // number, from 2: the first comes with the registry
  std::string name;
  std::string schema;  // digest, hex
};
struct EpochEnded {  // "end": what was stored under the epoch's keys was shredded
  std::int64_t epoch = 0;
  std::int64_t records = 0;    // that had entries under it
  std::int64_t entries = 0;    // that went
  std::int64_t not_found = 0;  // persons with an ID whom no entry of another live epoch shows
  std::string who, why;
};

}  // namespace tessera::registry
