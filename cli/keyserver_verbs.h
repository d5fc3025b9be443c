// The verbs of `tessera keyserver`, which stand in two files.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

// init, public, show, admit, revoke, rotate, destroy, verify: what its operator does.
void add_keyserver_keeping(CLI::App& group, Action& chosen);
// certificate, serve, answer: what owners get; owner-key: what they bring.
void add_keyserver_serving(CLI::App& group, Action& chosen);

// 1 to 64 letters, digits, dots, hyphens or underscores.
CLI::Validator organisation_name();

}  // namespace tessera::cli
