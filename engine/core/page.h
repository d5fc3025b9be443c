// The frame of every page the engine makes, and its tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tessera {

// From the doctype to the first heading. The page forbids itself to load anything (a content
// security policy), follows light and dark, and is fit for print. `title` is escaped.
std::string open_page(std::string_view title);
inline constexpr std::string_view kClosePage = "</main>\n</body>\n</html>\n";

// A table whose first column heads its rows; the others are figures, set to the right, or words.
// Every cell is escaped here, once.
class PageTable {
 public:
  enum class Of { figures, words };
  using Cells = std::vector<std::string>;
  PageTable(std::string_view caption, const Cells& head, Of of = Of::figures);
  PageTable& row(const Cells& cells);
  std::string done() const;

 private:
  std::string out_;
};

}  // namespace tessera
