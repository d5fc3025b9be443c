// Folding: one table look-up per ASCII byte; ICU first where there is anything else.
#include "engine/record/fold.h"

#include <array>
#include <memory>

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "engine/core/text_encoding.h"

namespace tessera::record {
namespace {

constexpr char kDrop = '\0';
constexpr char kApostrophe = '\'';

// What an ASCII byte becomes: an upper-case letter, a digit, a bracket, a quote, or a blank.
constexpr std::array<char, 128> make_table() {
  std::array<char, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = ' ';
  for (std::size_t i = 0; i < 26; ++i) {
    table['A' + i] = static_cast<char>('A' + i);
    table['a' + i] = static_cast<char>('A' + i);
  }
  for (std::size_t i = 0; i < 10; ++i) table['0' + i] = static_cast<char>('0' + i);
  table['('] = table['['] = table['{'] = table['<'] = '(';
  table[')'] = table[']'] = table['}'] = table['>'] = ')';
  table['"'] = '"';
  table['\''] = table['`'] = kApostrophe;
  table[0] = kDrop;
  return table;
}
constexpr std::array<char, 128> kTable = make_table();

bool is_word(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
char mapped(char c) { return kTable[static_cast<unsigned char>(c) & 0x7F]; }

// True if the apostrophe at `i` opens a quoted word that an apostrophe at a word's end closes.
// Sets `close` to that one.
bool opens_quote(std::string_view text, std::size_t i, std::size_t& close) {
  if (i > 0 && is_word(mapped(text[i - 1]))) return false;
  if (i + 1 >= text.size() || !is_word(mapped(text[i + 1]))) return false;
  for (std::size_t j = i + 1; j < text.size(); ++j) {
    if (mapped(text[j]) != kApostrophe) continue;
    if (j + 1 < text.size() && is_word(mapped(text[j + 1]))) continue;  // an O'Brien inside
    close = j;
    return true;
  }
  return false;
}

// REQUIRES: no byte of `text` above 0x7F.
void fold_ascii(std::string_view text, std::string& out) {
  out.clear();
  std::size_t close = text.size();  // where a single quote that was opened ends
  bool blank = false;               // a blank is due before the next word
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = mapped(text[i]);
    if (c == kDrop) continue;
    if (c == ' ') {
      blank = true;
      continue;
    }
    if (c == kApostrophe) {
      if (i + 1 < text.size() && mapped(text[i + 1]) == kApostrophe) {  // '' is a quotation mark
        ++i;
      } else if (i == close) {
        close = text.size();
      } else if (!(close == text.size() && opens_quote(text, i, close))) {
        continue;
      }
      c = '"';
    }
    if (blank && !out.empty()) out.push_back(' ');
    blank = false;
    out.push_back(c);
  }
}

// One per thread: making one costs milliseconds, and it is not thread safe.
const icu::Transliterator* transliterator() {
  thread_local const std::unique_ptr<icu::Transliterator> kept = [] {
    UErrorCode status = U_ZERO_ERROR;
    UParseError where;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        "NFKC; Any-Latin; NFKD; [:M:] Remove; Latin-ASCII; Upper; [:^ASCII:] Remove",
        UTRANS_FORWARD, where, status));
    return U_SUCCESS(status) ? std::move(made) : nullptr;
  }();
  return kept.get();
}

void fold_any(std::string_view text, std::string& out) {
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  if (const icu::Transliterator* t = transliterator()) t->transliterate(wide);
  std::string ascii;
  wide.toUTF8String(ascii);
  fold_ascii(ascii, out);
}

}  // namespace

void fold(std::string_view text, std::string& out) {
  if (is_ascii(text))
    fold_ascii(text, out);
  else
    fold_any(text, out);
}

std::string fold(std::string_view text) {
  std::string out;
  fold(text, out);
  return out;
}

std::string fold_with_icu(std::string_view text) {
  std::string out;
  fold_any(text, out);
  return out;
}

Result<void> folding_works() {
  if (transliterator() != nullptr) return {};
  return Error{ErrorCode::io, "the transliteration data of the ICU library is missing", ""};
}

}  // namespace tessera::record
