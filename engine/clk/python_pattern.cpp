#include "engine/clk/python_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/clk/pattern_words.h"

namespace tessera::clk {
struct Pattern::State {
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  ~State() {
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
};

Pattern::Pattern() : state_(std::make_unique<State>()) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(const std::string& python, bool ignore_case) {
  TESSERA_TRY(const PatternWords words, pattern_words(python, ignore_case));
  std::uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_ALT_CIRCUMFLEX;
  if (!words.ascii) options |= PCRE2_UCP;
  if (words.ignore_case) options |= PCRE2_CASELESS;
  Pattern out;
  int number = 0;
  PCRE2_SIZE offset = 0;
  out.state_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(words.text.data()),
                                   words.text.size(), options, &number, &offset, nullptr);
  if (out.state_->code == nullptr)
    return Error{ErrorCode::limit, "a pattern is too large or too deep for PCRE2", ""};
  pcre2_jit_compile(out.state_->code, PCRE2_JIT_COMPLETE);  // faster where it works
  out.state_->data = pcre2_match_data_create_from_pattern(out.state_->code, nullptr);
  return out;
}

bool Pattern::full_match(std::string_view utf8) const {
  const auto match = [&](std::uint32_t more) {
    return pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(utf8.data()), utf8.size(), 0,
                       PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_UTF_CHECK | more, state_->data,
                       nullptr);
  };
  const int found = match(0);
  // A long text may need more than the small stack of compiled patterns.
  return (found == PCRE2_ERROR_JIT_STACKLIMIT ? match(PCRE2_NO_JIT) : found) > 0;
}

std::size_t Pattern::match(std::string_view utf8) const {
  const int n = pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(utf8.data()), utf8.size(), 0,
                            PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, state_->data, nullptr);
  return n > 0 ? pcre2_get_ovector_pointer(state_->data)[1] : std::string_view::npos;
}

std::string_view Pattern::group(std::string_view utf8, std::size_t number) const {
  const PCRE2_SIZE* at = pcre2_get_ovector_pointer(state_->data) + 2 * number;
  if (at[0] == PCRE2_UNSET) return {};
  return utf8.substr(at[0], at[1] - at[0]);
}

}  // namespace tessera::clk
