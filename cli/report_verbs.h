// The parts of 'tessera report', one source each.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

// cells; in cmd_report.cpp. Needs no registry.
void add_report_necessity(CLI::App& group, Action& chosen);  // cmd_report_necessity.cpp

}  // namespace tessera::cli
