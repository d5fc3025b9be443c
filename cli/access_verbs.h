// The parts of 'tessera access' and 'tessera audit' that stand in files of their own.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

void add_access_changes(CLI::App& group, Action& chosen);
void add_access_reports(CLI::App& group, Action& chosen);
void add_audit_breach(CLI::App& group, Action& chosen);
void add_audit_access(CLI::App& group, Action& chosen);

}  // namespace tessera::cli
