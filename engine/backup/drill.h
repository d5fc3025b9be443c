// Restore drills: a plan that was never tried is none, so each try is written down with its day.
#pragma once

#include <string>
#include <vector>

#include "engine/backup/backup.h"

namespace tessera::backup {

struct Drill {
  std::string day;     // of the drill
  std::string by;      // who did it
  std::string backup;  // when the backup was made
  std::string head;    // of the chain that came back, hexadecimal
  std::string result;  // "restored", or what stopped it
};

// Restores the backup to a folder of its own, verifies it, checks that the live registry still
// contains it, removes what was restored, and adds a line to <registry>.drills.csv, whatever the
// outcome. Gives the line. An Error only where the line itself could not be written.
Result<Drill> drill(const std::string& folder, const std::string& registry, const std::string& day,
                    const std::string& by, Progress& progress);

// All lines, oldest first; empty if there never was a drill.
Result<std::vector<Drill>> drills(const std::string& registry);

}  // namespace tessera::backup
