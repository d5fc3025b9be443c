// Writes the golden files of tests/golden/encoded-v1 from fixed inputs. Run by hand, once for each
// new file: a golden file is only ever added, never changed, so an existing one is left alone.
#include <cstdio>
#include <string>

#include "engine/core/file.h"
#include "tests/encoded/damage.h"
#include "tests/encoded/sample.h"
#include "tests/encoded/sealed_sample.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_golden FOLDER\n", stderr);
    return 2;
  }
  auto specimens = tessera::samples::good_specimens();
  for (auto& s : tessera::samples::bad_specimens()) specimens.push_back(std::move(s));
  for (const auto& s : specimens) {
    const std::string path = std::string(argv[1]) + "/" + s.name + ".tess";
    if (tessera::file_exists(path)) continue;
    if (!tessera::write_file(path, tessera::as_text(s.bytes), {})) return 3;
    std::printf("%s\n", path.c_str());
  }
  // Sealed files differ at each making: this one is made once, and opened for ever.
  const std::string sealed = std::string(argv[1]) + "/../sealed-v1/good-small.tess";
  const auto content = tessera::samples::make(tessera::samples::kSmallSchema, 3, 7);
  if (!tessera::file_exists(sealed) &&
      tessera::samples::seal_to_file(sealed, content, tessera::samples::Parties()).empty())
    return 3;
  return 0;
}
