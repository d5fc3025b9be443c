// A word that stands where a verb should: said by name, with the verb it may have been meant to be.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace tessera::cli {

// The name of a verb with those above it: "tessera registry".
std::string path_of(const CLI::App& verb);

// What to say of a command line that stopped before a verb was chosen: "no verb is called 'encdoe';
// did you mean 'encode'?", that none was given, or that a flag before it is none. nullopt if all
// verbs were found, so that the fault lies elsewhere.
std::optional<std::string> unknown_verb(const CLI::App& root);
// The verb that was chosen last, which its help is asked of; the root where there is none.
const CLI::App& last_verb(const CLI::App& root);

}  // namespace tessera::cli
