/// The binomial distribution of fair coins.
enum FairCoins {
  /// Returns the probability that at least `heads` of `count` fair coins show heads, to a relative
  /// error of about 1e-12; 1 where there is no coin, 0 below about 1e-30.
  ///
  /// Terms are counted in units of the largest one, by their ratios from there outwards, so that
  /// nothing but products and quotients is needed.
  ///
  /// - Precondition: `count >= 0`
  /// - Complexity: O(√count).
  static func probability(ofAtLeast heads: Int, of count: Int) -> Double {
    precondition(count >= 0, "\(count) coins")
    let middle = count / 2
    var (all, tail) = (0.0, 0.0)
    var (term, place) = (1.0, middle)
    while term > 1e-32 && place <= count {
      all += term
      if place >= heads { tail += term }
      term *= Double(count - place) / Double(place + 1)
      place += 1
    }
    (term, place) = (1.0, middle)
    while place > 0 {
      term *= Double(place) / Double(count - place + 1)
      place -= 1
      guard term > 1e-32 else { break }
      all += term
      if place >= heads { tail += term }
    }
    return tail / all
  }
}
