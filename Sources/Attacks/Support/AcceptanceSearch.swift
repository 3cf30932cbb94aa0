/// Looks for the largest strength at which a defense still accepts crafted rows.
///
/// How much it accepts is a number, such as the weight of the rows; a strength is accepted where
/// that is at least a share of the most that was seen. Two stages, both deterministic:
/// 1. The end of the range, halved 20 times, and 0: 22 rehearsals.
/// 2. Bisection between the largest accepted strength of these and the next one, which is not
///    accepted, to 2^-20 of the latter: 20 rehearsals, none where the end of the range is accepted.
///
/// It is no proof: what is accepted again beyond, between two strengths of the first stage, is
/// missed.
struct AcceptanceSearch {
  static let halvings = 20
  static let bisections = 20

  private let rehearse: (Double) -> Double?
  private(set) var rehearsalCount = 0

  /// - Parameter rehearse: Returns how much of the rows is accepted at a strength; `nil` where
  ///   there is no answer, which is not accepted.
  init(rehearse: @escaping (Double) -> Double?) { self.rehearse = rehearse }

  /// Finds the largest strength in `0 ... range` that is accepted.
  ///
  /// - Parameters:
  ///   - range: The largest strength.
  ///   - keep: Which share of the most that was accepted has to be accepted.
  /// - Returns: `nil` where nothing ever is.
  mutating func run(range: Double, keep: Double) -> Double? {
    var ladder = [range]
    for _ in 0..<Self.halvings { ladder.append(ladder[ladder.count - 1] / 2) }
    ladder.append(0)
    let accepted = ladder.map { answer(at: $0) }
    let most = accepted.max() ?? 0
    guard most > 0 else { return nil }
    // Sums of equal weights differ in their last bits.
    let least = keep * most * (1 - 1e-9)
    guard let place = accepted.firstIndex(where: { $0 >= least }) else { return nil }
    var inner = ladder[place]
    guard place > 0 else { return inner }
    var outer = ladder[place - 1]
    for _ in 0..<Self.bisections {
      let middle = (inner + outer) / 2
      if answer(at: middle) >= least { inner = middle } else { outer = middle }
    }
    return inner
  }

  private mutating func answer(at strength: Double) -> Double {
    rehearsalCount += 1
    let accepted = rehearse(strength) ?? 0
    return accepted.isNaN ? 0 : accepted
  }
}
