/// Looks for the strength of a one-parameter attack that a defense suffers most from.
///
/// The objective may jump: a selecting rule takes the crafted rows up to some strength and drops them
/// beyond it. Three stages, each deterministic and with a fixed number of rehearsals:
/// 1. Strengths around `center`, where the crafted row is the honest mean, on both sides: the ends of
///    the range, halved 13 times towards the center, and 0 and the center itself. 30 rehearsals.
/// 2. On each side, where the crafted rows' weight in the aggregate falls for the last time on the
///    way out: bisection between the two strengths of the first stage. 2 · 10 rehearsals.
/// 3. Golden section around the two best local maxima of the first stage. 2 · 14 rehearsals.
///
/// The best of all that was rehearsed wins, of equal ones that nearest to 0, then the positive one. A
/// rehearsal without an answer counts as worse than every other.
///
/// It is no proof: rules with many selections in one dimension have maxima between the strengths of
/// the first stage.
struct StrengthSearch {
  /// What a rehearsal says.
  struct Answer {
    /// What is maximized.
    let objective: Double
    /// The weight of the crafted rows in the aggregate.
    let weight: Double

    static let none = Answer(objective: -.infinity, weight: 0)
  }

  private struct Point {
    let strength: Double
    let answer: Answer

    /// Whether it is to be preferred.
    func isBetter(than other: Point) -> Bool {
      if answer.objective != other.answer.objective {
        return answer.objective > other.answer.objective
      }
      if abs(strength) != abs(other.strength) { return abs(strength) < abs(other.strength) }
      return strength > other.strength
    }
  }

  /// The number of halvings from the ends of the range towards the center.
  static let halvings = 13
  static let bisections = 10
  static let goldenSteps = 14
  static let maxima = 2

  private let rehearse: (Double) -> Answer?
  private(set) var rehearsalCount = 0
  private var best: Point?

  /// - Parameter rehearse: Returns what the defense makes of a strength; `nil` where it fails.
  init(rehearse: @escaping (Double) -> Answer?) { self.rehearse = rehearse }

  /// Returns the best strength in `-range ... range`; `nil` where no rehearsal had an answer.
  ///
  /// - Precondition: `range >= abs(center)`
  mutating func run(range: Double, center: Double) -> Double? {
    precondition(range >= abs(center), "a search in ±\(range) around \(center)")
    let points = bracket(range: range, center: center)
    for (inside, outside) in falls(in: points, center: center) { bisect(inside, outside) }
    for place in peaks(of: points).prefix(Self.maxima) { refine(points, at: place) }
    return best.flatMap { $0.answer.objective > -.infinity ? $0.strength : nil }
  }

  private mutating func point(at strength: Double) -> Point {
    rehearsalCount += 1
    var answer = rehearse(strength) ?? .none
    if answer.objective.isNaN { answer = .none }
    let point = Point(strength: strength, answer: answer)
    if best.map({ point.isBetter(than: $0) }) ?? true { best = point }
    return point
  }

  /// The first stage, ascending.
  private mutating func bracket(range: Double, center: Double) -> [Point] {
    var strengths: Set<Double> = [0, center, range, -range]
    var (above, below) = (range - center, range + center)
    for _ in 0..<Self.halvings {
      above /= 2
      below /= 2
      strengths.insert(center + above)
      strengths.insert(center - below)
    }
    return strengths.sorted().map { point(at: $0) }
  }

  /// Neighbors between which the weight of the crafted rows falls for the last time, one pair per
  /// side of the center.
  private func falls(in points: [Point], center: Double) -> [(inside: Point, outside: Point)] {
    let pairs = zip(points, points.dropFirst())
    let above = pairs.filter { $0.strength >= center && $0.answer.weight > $1.answer.weight }.last
    let below = pairs.first { $1.strength <= center && $1.answer.weight > $0.answer.weight }
    var falls: [(inside: Point, outside: Point)] = []
    if let above { falls.append((inside: above.0, outside: above.1)) }
    if let below { falls.append((inside: below.1, outside: below.0)) }
    return falls
  }

  private mutating func bisect(_ inside: Point, _ outside: Point) {
    var (inner, outer) = (inside.strength, outside.strength)
    for _ in 0..<Self.bisections {
      let middle = point(at: (inner + outer) / 2)
      if middle.answer.weight >= inside.answer.weight {
        inner = middle.strength
      } else {
        outer = middle.strength
      }
    }
  }

  /// The places of the local maxima, the best first; of neighbors on a plateau one.
  private func peaks(of points: [Point]) -> [Int] {
    let places = points.indices.filter { place in
      let value = points[place].answer.objective
      let neighbors = [place - 1, place + 1].filter(points.indices.contains)
      return neighbors.allSatisfy { value >= points[$0].answer.objective }
    }.sorted { points[$0].isBetter(than: points[$1]) }
    return places.reduce(into: []) { chosen, place in
      if chosen.allSatisfy({ abs($0 - place) > 1 }) { chosen.append(place) }
    }
  }

  /// Narrows the neighbors of a local maximum, which stays inside.
  private mutating func refine(_ points: [Point], at place: Int) {
    var low = points[max(0, place - 1)].strength
    var high = points[min(points.count - 1, place + 1)].strength
    var top = points[place]
    // (3 − √5) / 2
    let section = 0.381_966_011_250_105_15
    for _ in 0..<Self.goldenSteps {
      let isAbove = high - top.strength > top.strength - low
      let next = point(
        at: isAbove
          ? top.strength + section * (high - top.strength)
          : top.strength - section * (top.strength - low))
      if next.isBetter(than: top) {
        if isAbove { low = top.strength } else { high = top.strength }
        top = next
      } else {
        if isAbove { high = next.strength } else { low = next.strength }
      }
    }
  }
}
