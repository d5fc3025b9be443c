// What the command says to people: errors with hints, warnings, notes, a progress bar. All of it
// on standard error, none of it ever a field value.
#pragma once

#include <memory>
#include <string_view>

#include "engine/core/progress.h"
#include "engine/core/result.h"

namespace tessera::cli {

void say_error(const Error& error);
void say_hint(std::string_view hint);
void say_warning(std::string_view text);
void say_note(std::string_view text);

// Draws on standard error where that is a terminal; elsewhere it is silent.
std::unique_ptr<Progress> progress_bar();

}  // namespace tessera::cli
