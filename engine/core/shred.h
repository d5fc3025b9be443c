// A file of secrets, overwritten and removed.
#pragma once

#include <string>

#include "engine/core/random.h"
#include "engine/core/result.h"

namespace tessera {

// Overwrites a regular file in place with random bytes, waits until they are on the disk, and
// removes it. What a file system's copies, its journal or a drive keep of old blocks is out of
// reach. Error `usage`: not a regular file, a symbolic link, or one of several names of a file;
// then nothing is changed. Error `io`: it may be overwritten and still there.
Result<void> shred_file(const std::string& path, Random& random);

}  // namespace tessera
