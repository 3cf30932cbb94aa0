extension MetricManifest {
  /// What no figure of a trial reaches: ratios of single-precision numbers end far below it.
  public static let limit = 1e100

  /// The legal values as ``range`` states them, `0...1`, `1...` or `any`; `nil` if it says
  /// something else.
  ///
  /// Where a side is open, it ends at ``limit``.
  public var bounds: ClosedRange<Double>? {
    if range == "any" { return -Self.limit...Self.limit }
    guard let dots = range.firstRange(of: "..."), let low = Double(range[..<dots.lowerBound]) else {
      return nil
    }
    let rest = range[dots.upperBound...]
    guard let high = rest.isEmpty ? Self.limit : Double(rest), low <= high else { return nil }
    return low...high
  }
}
