// JSON read as events, for documents too large to hold as values.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace tessera::json {

// What a reader is told, in document order. A member that returns false stops the reading, with
// an error at that place; set `what` first to say why.
class Events {
 public:
  virtual ~Events() = default;
  virtual bool start_object() = 0;
  virtual bool key(std::string_view name) = 0;
  virtual bool end_object() = 0;
  virtual bool start_array() = 0;
  virtual bool end_array() = 0;
  virtual bool text(std::string_view value) = 0;
  virtual bool number(std::string_view digits) = 0;  // as written
  virtual bool literal(std::string_view word) = 0;   // true, false, null
  std::string what = "unexpected value";
};

// Strict RFC 8259, any size; the views live for the call only. Repeated names are not noticed.
Result<void> stream(std::string_view document, std::string_view name, Events& events);

}  // namespace tessera::json
