/// Which values each metric can have.
///
/// A rate of 1.7 is no measurement but a broken file. The results side does not know the metrics
/// themselves, so whoever reads results says what is legal; ids without a range may have any finite
/// value.
public struct MetricRanges: Sendable {
  private let ranges: [String: ClosedRange<Double>]
  /// By what precedes the number of a member, such as `accuracy.class`.
  private let families: [String: ClosedRange<Double>]

  /// - Parameter ranges: The legal values by id; `accuracy.class.<c>` stands for one id per class.
  public init(_ ranges: [String: ClosedRange<Double>]) {
    var single: [String: ClosedRange<Double>] = [:]
    var families: [String: ClosedRange<Double>] = [:]
    for (id, range) in ranges {
      if let start = id.firstRange(of: ".<") {
        families[String(id[..<start.lowerBound])] = range
      } else {
        single[id] = range
      }
    }
    self.ranges = single
    self.families = families
  }

  /// Every finite value is legal.
  public static let unknown = MetricRanges([:])

  /// Whether nobody said anything.
  public var isUnknown: Bool { ranges.isEmpty && families.isEmpty }

  /// The legal values of a metric; `nil` if nobody said.
  public func range(of id: String) -> ClosedRange<Double>? {
    if let range = ranges[id] { return range }
    guard !families.isEmpty, let point = id.lastIndex(of: "."),
      Int(id[id.index(after: point)...]) != nil
    else { return nil }
    return families[String(id[..<point])]
  }

  /// Why a metric cannot have a value; `nil` if it can.
  ///
  /// The last digits of what was computed may lie beyond a bound.
  public func problem(_ id: String, _ value: Double) -> String? {
    guard let range = range(of: id) else { return nil }
    if range.contains(value) { return nil }
    let slack = 1e-9 * max(1, range.lowerBound.magnitude)
    if value >= range.lowerBound - slack, value <= range.upperBound + slack { return nil }
    return "\(id) is \(CanonicalJSON.number(value)), and it is "
      + "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
  }

  /// What is wrong with the metrics of a trial, the first by id; `nil` if nothing is.
  func problem(of record: TrialRecordV1) -> String? {
    if isUnknown { return nil }
    var first: (id: String, problem: String)?
    for case (let id, let value?) in record.metrics {
      if let first, first.id < id { continue }
      if let problem = problem(id, value) { first = (id, problem) }
    }
    return first?.problem
  }

  /// A bound as people write it: `1` rather than `1.0`.
  public static func text(_ bound: Double) -> String {
    Int(exactly: bound).map(String.init) ?? CanonicalJSON.number(bound)
  }
}
