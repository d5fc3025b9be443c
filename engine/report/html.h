// The frame of every page the engine makes, and its tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tessera::report {

// From the doctype to the first heading. The page forbids itself to load anything (a content
// security policy), follows light and dark, and is fit for print. `title` is escaped.
std::string open_page(std::string_view title);
inline constexpr std::string_view kClosePage = "</main>\n</body>\n</html>\n";

using Cells = std::vector<std::string>;

// A table whose first column heads its rows. Every cell is escaped here, once.
class Table {
 public:
  Table(std::string_view caption, const Cells& head);
  Table& row(const Cells& cells);
  std::string done() const;

 private:
  std::string out_;
};

}  // namespace tessera::report
