// What `tessera key` does with project keys: full build only, the linkage unit never holds one.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/json.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret_text.h"

namespace tessera::cli {

// A new key's text and what to say about it.
struct NewText {
  SecretText text;
  std::string said;  // "key check 01234567"
  std::string note;  // for standard error; empty: none
};

bool is_project_text(std::string_view text);
// `epoch` empty: a trial key.
NewText new_project_text(const std::string& name, const std::string& epoch, Random& random);
// A key that takes this one's place: same name and kind; `epoch` where it names one.
Result<NewText> next_project_text(std::string_view text, const std::string& epoch,
                                  const std::string& where, Random& random);
// Its check value, 8 hexadecimal digits.
Result<std::string> project_check(std::string_view text, const std::string& where);
// name, kind, key_check and, if it names one, epoch.
Result<json::Object> describe_project(std::string_view text, const std::string& where);

}  // namespace tessera::cli
