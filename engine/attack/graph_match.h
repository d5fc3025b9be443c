// P3, graph matching: two encodings of overlapping people have much the same similarity graph, and
// a graph needs no key.
//
// Adversary: holds the linkage unit's encodings and similarities, and a plaintext roster that
// overlaps the victim's; encodes the roster under a key of its own.
// Success: victim records whose person is named, of those in the overlap.
// Source: the attack of Vidanage, Christen, Ranbaduge & Schnell, "A graph matching attack on
// privacy-preserving record linkage" (CIKM 2020), in the form of Schaefer, Armknecht & Heng, "R+R:
// Revisiting graph matching attacks on privacy-preserving record linkage" (ACSAC 2024): features of
// nodes, an alignment without known pairs that is improved in turns with the assignment, as in
// Grave, Joulin & Berthet, "Unsupervised alignment of embeddings with Wasserstein Procrustes"
// (AISTATS 2019). In place of sampled walks a node is described as in graph_features.h, then by its
// similarity to the pairs believed so far.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/attack/similarity.h"
#include "engine/core/progress.h"

namespace tessera::attack {

inline constexpr std::uint32_t kNoClaim = ~std::uint32_t{0};

struct GraphMatchOptions {
  std::size_t anchors = 500;  // pairs believed at once, at most
  int turns = 24;             // at most: it ends when a turn changes nothing
};

// Claims one attacker record (or kNoClaim) for each victim record; no attacker record twice.
// Deterministic for any number of threads.
std::vector<std::uint32_t> match_graphs(const Similarity& victim, const Similarity& attacker,
                                        const GraphMatchOptions& options, Progress& progress);

}  // namespace tessera::attack
