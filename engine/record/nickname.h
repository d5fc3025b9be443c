// Nickname groups: BILL and BILLY are read as WILLIAM. See data/names/README.md.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace tessera::record {

// The canonical name of the group of one part of a given name (upper-case A-Z), or the part
// itself. The view is into the table or into `part`. One step only: a group's name is its own.
std::string_view nickname_group(std::string_view part);

// The whole table, sorted by name: (name, group).
std::span<const std::pair<std::string_view, std::string_view>> nickname_table();

}  // namespace tessera::record
