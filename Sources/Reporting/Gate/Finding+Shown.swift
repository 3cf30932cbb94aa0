import Gating

extension Finding {
  /// The metric with what is good for the defender: `accuracy.final ↑`, `asr.final ↓`, or `=`
  /// where any change counts as one for the worse.
  var arrowedMetric: String {
    switch better {
    case .higher: "\(metric) ↑"
    case .lower: "\(metric) ↓"
    case .none: "\(metric) ="
    }
  }

  /// The axes of the cell as its name has them: `a=1 b=2`; empty without axes.
  var axesText: String {
    axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// The change `now - baseline`; `nil` if one of them is missing.
  var change: Double? {
    guard let baseline, let current else { return nil }
    return current - baseline
  }
}
