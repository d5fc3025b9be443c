// Feeds every file of the named folders to a fuzz target, and a few cheap damages of each: the
// corpus as a plain test, for compilers without libFuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(in), {});
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      const std::size_t step = bytes.size() / 200 + 1;
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        LLVMFuzzerTestOneInput(bytes.data(), at);  // cut here
        const std::uint8_t kept = bytes[at];
        bytes[at] = static_cast<std::uint8_t>(kept ^ (1U << (at % 8)));  // one bit flipped
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        bytes[at] = kept;
      }
      ++inputs;
    }
  std::printf("%zu corpus files\n", inputs);
  return inputs > 0 ? 0 : 1;  // an empty corpus tests nothing
}
