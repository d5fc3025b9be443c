#include "engine/clk/value.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/clk/python_number.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {

Result<ValueReader> ValueReader::create(const Feature& feature, bool validate, bool strict) {
  ValueReader out(feature, validate, strict);
  if (feature.pattern) {
    TESSERA_TRY(out.pattern_, Pattern::compile(*feature.pattern));
  }
  if (feature.format == Format::date) {
    TESSERA_TRY(out.date_, DateFormat::compile(feature.date_format));
  }
  return out;
}

Error ValueReader::bad(std::string_view rule) const {
  return {ErrorCode::format, fmt::format("column '{}': {}", feature_->identifier, rule), ""};
}

Result<void> ValueReader::check_string(std::string_view cell) const {
  const Feature& f = *feature_;
  if (f.encoding == Encoding::ascii && !is_ascii(cell))
    return bad("a character is not ASCII, the encoding that the schema names");
  if (pattern_) {
    if (!pattern_->full_match(cell)) return bad("the value does not match the schema's pattern");
    return {};
  }
  if (f.min_length || f.max_length) {
    const std::size_t n = code_points(cell);
    if (f.min_length && n < *f.min_length)
      return bad(fmt::format("the value is shorter than {} characters", *f.min_length));
    if (f.max_length && n > *f.max_length)
      return bad(fmt::format("the value is longer than {} characters", *f.max_length));
  }
  if (f.letters == Case::upper && !is_upper(cell)) return bad("the value is not in upper case");
  if (f.letters == Case::lower && !is_lower(cell)) return bad("the value is not in lower case");
  return {};
}

Result<std::string_view> ValueReader::read_integer(std::string_view cell, std::string& room) const {
  const auto whole = python_int(cell);
  if (!whole) return bad("the value is not a whole number");
  if (validate_ && feature_->minimum && decimal_less(*whole, *feature_->minimum))
    return bad("the value is below the schema's minimum");
  if (validate_ && feature_->maximum && decimal_less(*feature_->maximum, *whole))
    return bad("the value is above the schema's maximum");
  room = *whole;
  return std::string_view(room);
}

Result<std::string_view> ValueReader::read(std::string_view cell, std::string& room) const {
  const Feature& f = *feature_;
  if (f.sentinel && cell == *f.sentinel) return std::string_view(f.replacement);
  switch (f.format) {
    case Format::string:
      if (validate_) TESSERA_CHECK(check_string(cell));
      break;
    case Format::integer:
      return read_integer(cell, room);
    case Format::date: {
      auto date = date_->parse(cell, strict_);
      if (!date) return bad("the value is not a date in the schema's format");
      room = *std::move(date);
      return std::string_view(room);
    }
    case Format::enumeration:
      if (validate_ && std::ranges::find(f.values, cell) == f.values.end())
        return bad("the value is none of those that the schema lists");
      break;
  }
  return cell;
}

bool ValueReader::is_cheap() const {
  switch (feature_->format) {
    case Format::string:
      return !validate_ || !pattern_;
    case Format::integer:
      return true;
    case Format::date:
      return date_->has_usual();
    case Format::enumeration:
      return !validate_ || feature_->values.size() <= 16;
  }
  return false;
}

}  // namespace tessera::clk
