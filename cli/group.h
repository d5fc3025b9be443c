// Groups of verbs, such as 'tessera registry'.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace tessera::cli {

// A group under `parent`, one verb of which must be given. `example` is a command of the group that
// runs once the files it reads are there; its help shows it. Verbs set footers of their own.
CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& help,
                    const std::string& example);

}  // namespace tessera::cli
