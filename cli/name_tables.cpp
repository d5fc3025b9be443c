// Looking for the name tables where they were installed and where they were built.
#include "cli/name_tables.h"

#include "engine/core/file.h"

namespace tessera::cli {

Result<std::string> names_folder(const std::string& told) {
  if (!told.empty()) return told;
  for (const char* place : {TESSERA_INSTALLED_DATA, TESSERA_SOURCE_DATA}) {
    const std::string folder = std::string(place) + "/synthetic/names";
    if (file_exists(folder + "/surnames.csv")) return folder;
  }
  return Error{ErrorCode::usage,
               "the name tables are not where they were installed; say --names DIR", ""};
}

}  // namespace tessera::cli
