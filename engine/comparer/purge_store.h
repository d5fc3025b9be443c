// The comparer's half of a purge of SSNs, and of the end of an epoch: out of the store, and a
// receipt that says what went.
#pragma once

#include <string>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/slips/purge_file.h"

namespace tessera::comparer {

// Takes all tokens and all entries of passes keyed by the SSN out of the store, and writes its file
// anew, so that free pages and its log hold none. The receipt names the live entries that went.
// May be repeated with the same order: then it names them again, but counts what there still was.
// Errors (conflict), and nothing is touched: another registry's order; one from before a mix that
// was stored since; live entries that the store lacks. Another process that reads the file: the
// rows are gone, not yet every copy of them; repeat it. For one process at a time.
//
// Of an epoch that has ended all entries go, whatever is live, and the empty file stays: it shows
// that it was this store, should the order have to be repeated.
Result<slips::PurgeReceipt> purge_store(const std::string& store, const slips::PurgeOrder& order,
                                        const std::string& where, Progress& progress);

}  // namespace tessera::comparer
