import Foundation

/// The texts of an axis as they stand on the page: cut, turned and thinned out so that none
/// overlaps its neighbor.
struct TickLabels {
  struct Label {
    /// From 0 to 1.
    var place: Double
    var text: String
  }

  private(set) var labels: [Label]
  /// Whether they go down to the left.
  private(set) var areSlanted = false
  /// The width to which each is cut.
  private(set) var limit: Double

  static let slant = 40.0
  private static let (sine, cosine) = (sin(slant * .pi / 180), cos(slant * .pi / 180))

  /// Texts below a plot of some width.
  init(below axis: PlacedAxis, names: Bool, width: Double) {
    labels = axis.ticks.map { Label(place: $0.place, text: $0.text) }
    limit = 110
    guard names, labels.count > 0 else { return }
    let slot = width / Double(labels.count)
    if labels.allSatisfy({ Self.width($0.text) <= slot - 6 }) { return }
    areSlanted = true
    thinOut(slot: slot, least: 17)
  }

  /// Texts at the left of a plot of some height.
  init(leftOf axis: PlacedAxis, names: Bool, height: Double, limit: Double) {
    labels = axis.ticks.map { Label(place: $0.place, text: $0.text) }
    self.limit = names ? limit : .infinity
    if names, labels.count > 0 { thinOut(slot: height / Double(labels.count), least: 13) }
  }

  /// The width of the widest, as cut.
  var width: Double { labels.map { span($0) }.max() ?? 0 }

  /// How much room they take below the plot.
  var height: Double { labels.isEmpty ? 4 : areSlanted ? 12 + width * Self.sine + 4 : 17 }

  /// How far the first goes beyond the left end of a plot of some width.
  func overhangLeft(_ width: Double) -> Double {
    labels.map { label in
      (areSlanted ? span(label) * Self.cosine + 6 : span(label) / 2) - label.place * width
    }.max() ?? 0
  }

  /// How far the last goes beyond the right end.
  func overhangRight(_ width: Double) -> Double {
    labels.map { label in
      (areSlanted ? 4 : span(label) / 2) - (1 - label.place) * width
    }.max() ?? 0
  }

  private func span(_ label: Label) -> Double {
    Self.width(TextWidth.cut(label.text, to: limit, size: Canvas.Font.text))
  }

  private static func width(_ text: String) -> Double {
    // A bound on the work for a text of any length.
    TextWidth.estimate(
      TextWidth.cut(text, to: 400, size: Canvas.Font.text), size: Canvas.Font.text)
  }

  private mutating func thinOut(slot: Double, least: Double) {
    let stride = max(1, Int((least / slot).rounded(.up)))
    labels = labels.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }
}
