// The parts of 'tessera review', one source each.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

void add_review_decide(CLI::App& group, Action& chosen);
void add_review_anomalies(CLI::App& group, Action& chosen);
void add_review_show(CLI::App& group, Action& chosen);

}  // namespace tessera::cli
