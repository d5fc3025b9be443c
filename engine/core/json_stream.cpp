#include "engine/core/json_stream.h"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace tessera::json {
namespace {

// RapidJSON's handler interface, handed on.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  explicit Handler(Events& events) : events_(events) {}
  // NOLINTBEGIN(readability-identifier-naming): RapidJSON chose the names
  bool Null() { return events_.literal("null"); }
  bool Bool(bool b) { return events_.literal(b ? "true" : "false"); }
  bool RawNumber(const char* s, rapidjson::SizeType n, bool) { return events_.number({s, n}); }
  bool String(const char* s, rapidjson::SizeType n, bool) { return events_.text({s, n}); }
  bool Key(const char* s, rapidjson::SizeType n, bool) { return events_.key({s, n}); }
  bool StartObject() { return events_.start_object(); }
  bool EndObject(rapidjson::SizeType) { return events_.end_object(); }
  bool StartArray() { return events_.start_array(); }
  bool EndArray(rapidjson::SizeType) { return events_.end_array(); }
  // NOLINTEND(readability-identifier-naming)

 private:
  Events& events_;
};

}  // namespace

Result<void> stream(std::string_view document, std::string_view name, Events& events) {
  rapidjson::MemoryStream memory(document.data(), document.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> input(memory);
  rapidjson::Reader reader;
  Handler handler(events);
  constexpr unsigned kFlags = rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseIterativeFlag;
  const auto result = reader.Parse<kFlags>(input, handler);
  if (!result.IsError()) return {};
  const std::size_t at = std::min(result.Offset(), document.size());
  const auto line =
      1 + std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const bool stopped = result.Code() == rapidjson::kParseErrorTermination;
  return Error{ErrorCode::format, stopped ? events.what : "not valid JSON",
               fmt::format("{}:{}", name, line)};
}

}  // namespace tessera::json
