// The levels of levels.cpp for a vector of lanes, written once for every kernel. A kernel file
// includes it inside its own unnamed namespace, under its own target, with `Ops`: the vector type
// V, popcount4 (bits set in four vectors, lane by lane) and any (some lane is not zero).
// No include and no guard here: see the kernel files.

template <class Ops>
class Tile {
  using V = typename Ops::V;  // unsigned 16-bit lanes; a mask has all bits of a lane or none
  using S = typename Ops::S;  // the same, signed: what is compared by size is below 2^15

 public:
  static constexpr std::size_t kLanes = sizeof(V) / 2;

  [[gnu::always_inline]] Tile(const TilePlan& plan, const block::Entry& a,
                              const std::uint16_t* lanes)
      : plan_(plan), a_(a), lanes_(lanes), presence_(row(2 * plan.rows)) {}

  [[gnu::always_inline]] void compare(std::uint32_t* patterns) const {
    V level[16];
    for (std::size_t i = 0; i < plan_.fields.size(); ++i) level[i] = field(plan_.fields[i]);
    if (plan_.given >= 0 && plan_.surname >= 0)
      swap(level[static_cast<std::size_t>(plan_.given)],
           level[static_cast<std::size_t>(plan_.surname)]);
    V low{};
    V high{};
    for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
      low += level[i] * all(plan_.fields[i].low);
      high += level[i] * all(plan_.fields[i].high);
    }
    if (plan_.ssn_low != 0 || plan_.ssn_high != 0) {
      const V token = pick(equal(row(2 * plan_.rows + 2), all(a_.ssn_token)), all(level::ssn_equal),
                           all(level::ssn_far));
      low += token * all(plan_.ssn_low);
      high += token * all(plan_.ssn_high);
    }
    std::uint16_t lows[kLanes];
    std::uint16_t highs[kLanes];
    std::memcpy(lows, &low, sizeof(low));
    std::memcpy(highs, &high, sizeof(high));
    for (std::size_t i = 0; i < kLanes; ++i) patterns[i] = lows[i] + highs[i] * plan_.base;
  }

 private:
  [[gnu::always_inline]] static V all(std::uint16_t x) { return V{} + x; }
  [[gnu::always_inline]] static V equal(V x, V y) { return (V)(x == y); }
  [[gnu::always_inline]] static V at_least(V x, std::uint16_t y) { return (V)((S)x >= (S)all(y)); }
  [[gnu::always_inline]] static V pick(V mask, V yes, V no) { return (mask & yes) | (~mask & no); }
  // The two bytes at `byte` of every row, and of ours.
  [[gnu::always_inline]] V row(std::uint32_t byte) const {
    V v;
    std::memcpy(&v, lanes_ + std::size_t{byte} / 2 * kTileLanes, sizeof(v));
    return v;
  }
  [[gnu::always_inline]] std::uint16_t own(std::uint32_t byte) const {
    std::uint16_t x = 0;
    std::memcpy(&x, a_.bits + byte, 2);
    return x;
  }
  [[gnu::always_inline]] V same(std::uint32_t mine, std::uint32_t theirs) const {
    return equal(all(own(mine)), row(theirs));
  }
  [[gnu::always_inline]] V both(std::uint16_t mask, std::uint32_t hidden) const {
    if (mask == 0) return same(hidden, hidden);
    return ~equal(presence_ & all(static_cast<std::uint16_t>(a_.presence & mask)), V{});
  }
  [[gnu::always_inline]] V both_know(const TileField& f) const {
    return both(f.known, f.known_code);
  }
  [[gnu::always_inline]] V both_know_more(const TileField& f) const {
    return both(f.also_known, f.also_known_code);
  }
  [[gnu::always_inline]] V shared(std::uint32_t mine, std::uint32_t theirs,
                                  std::uint32_t words) const {
    V n{};
    for (std::uint32_t w = 0; w < 8 * words; w += 8)
      n += Ops::popcount4(all(own(mine + w)) & row(theirs + w),
                          all(own(mine + w + 2)) & row(theirs + w + 2),
                          all(own(mine + w + 4)) & row(theirs + w + 4),
                          all(own(mine + w + 6)) & row(theirs + w + 6));
    return n;
  }
  [[gnu::always_inline]] V grade(const TileField& f) const {
    const V n = shared(f.filter, f.filter, f.words);
    V g = pick(at_least(n, f.near), all(level::name_near), all(level::name_far));
    g = pick(at_least(n, f.similar), all(level::name_similar), g);
    g = pick(at_least(n, f.close), all(level::name_close), g);
    return pick(equal(n, all(f.weight)), all(level::name_equal), g);
  }
  [[gnu::always_inline]] V name(const TileField& f) const {
    const V g = grade(f);
    const V part = same(f.codes, f.codes) | same(f.codes, f.codes + 2) |
                   same(f.codes + 2, f.codes) | same(f.codes + 2, f.codes + 2);
    return pick(part & at_least(g, level::name_close + 1), all(level::name_part), g);
  }
  // Equal; close or similar; the rest.
  [[gnu::always_inline]] static V three(V g, std::uint16_t equals, std::uint16_t close,
                                        std::uint16_t far) {
    const V near = pick(at_least(g, level::name_near), all(far), all(close));
    return pick(equal(g, all(level::name_equal)), all(equals), near);
  }
  [[gnu::always_inline]] V middle(const TileField& f) const {
    const V whole =
        three(grade(f), level::middle_equal, level::middle_close, level::middle_same_initial);
    const V known = pick(both_know_more(f), whole, all(level::middle_initial));
    return pick(same(f.codes, f.codes), known, all(level::middle_far));
  }
  [[gnu::always_inline]] V date(const TileField& f) const {
    V differs[6];
    for (std::uint32_t i = 0; i < 6; ++i) differs[i] = ~same(f.codes + 2 * i, f.codes + 2 * i);
    const V year = differs[0] | differs[1];
    const V month = differs[2];
    const V day = differs[3] | differs[4];
    // A mask is -1.
    const V count = V{} - (differs[0] + differs[1] + month + differs[3] + differs[4]);
    const V parts = V{} - (year + month + day);
    V out = pick(equal(count, all(2)), all(level::date_two_digits), all(level::date_far));
    out = pick(equal(parts, all(1)), all(level::date_one_part), out);
    out = pick(equal(count, all(1)), all(level::date_one_digit), out);
    out = pick(~year & month & day & ~differs[5], all(level::date_swapped), out);
    out = pick(equal(count, V{}), all(level::date_equal), out);
    return pick(both_know_more(f), out,
                pick(year, all(level::date_far), all(level::date_year_only)));
  }
  // Missing is level 0, whatever the kind.
  [[gnu::always_inline]] V field(const TileField& f) const {
    if (f.known != 0 && (a_.presence & f.known) == 0) return V{};
    switch (f.kind) {
      case schema::Kind::given_name:
      case schema::Kind::surname:
        return name(f) & both_know(f);
      case schema::Kind::middle_name:
        return middle(f) & both_know(f);
      case schema::Kind::date:
        return date(f) & both_know(f);
      case schema::Kind::category:
        return pick(same(f.codes, f.codes), all(level::category_equal), all(level::category_far)) &
               both_know(f);
      case schema::Kind::number:
        return three(grade(f), level::number_equal, level::number_close, level::number_far) &
               both_know(f);
      case schema::Kind::ssn:
        break;
    }
    return V{};
  }
  [[gnu::always_inline]] void swap(V& given, V& surname) const {
    const TileField& g = plan_.fields[static_cast<std::size_t>(plan_.given)];
    const TileField& s = plan_.fields[static_cast<std::size_t>(plan_.surname)];
    V turned = at_least(given, level::name_similar) & at_least(surname, level::name_similar);
    if (!Ops::any(turned)) return;
    turned &= at_least(shared(g.filter, s.filter, g.words), g.close);
    if (!Ops::any(turned)) return;
    turned &= at_least(shared(s.filter, g.filter, g.words), g.close);
    given = pick(turned, all(level::name_swapped), given);
    surname = pick(turned, all(level::name_swapped), surname);
  }

  const TilePlan& plan_;
  const block::Entry& a_;
  const std::uint16_t* lanes_;
  V presence_;
};

template <class Ops>
[[gnu::always_inline]] inline void compare_all(const TilePlan& plan, const block::Entry& a,
                                               const std::uint16_t* tile, std::uint32_t* patterns) {
  for (std::size_t at = 0; at < kTileLanes; at += Tile<Ops>::kLanes)
    Tile<Ops>(plan, a, tile + at).compare(patterns + at);
}
