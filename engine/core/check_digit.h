// The digit that a state ID ends in, by which both sides find a slip of the pen.
#pragma once

#include <string>
#include <string_view>

namespace tessera {

// Damm's check digit over `digits` (each '0'..'9'). It notices every wrong digit and every swap of
// neighbours; a number followed by its check digit has the check digit '0'. H. Michael Damm, "Total
// anti-symmetrische Quasigruppen", Marburg 2004; the table is the order-10 quasigroup published
// there.
char check_digit(std::string_view digits);

// What is wrong with a state ID (other characters than digits, length, leading zero, check digit),
// never the text itself. Empty: nothing.
std::string fault_of_state_id(std::string_view text);

}  // namespace tessera
