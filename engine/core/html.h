// Text that may stand in a page without becoming part of its markup.
#pragma once

#include <string>
#include <string_view>

namespace tessera {

// Safe inside HTML text and quoted attributes. Bytes that are no markup pass unchanged.
std::string escape_html(std::string_view text);

}  // namespace tessera
