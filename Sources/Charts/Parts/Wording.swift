import Foundation
import Markup

/// Pieces of the sentences that describe a drawing.
enum Wording {
  /// Three digits after the point, none for whole numbers, and the scientific form far from 1.
  static func number(_ value: Double) -> String {
    guard value != 0, !(0.001..<10000).contains(value.magnitude) else {
      return FixedPoint.text(value, value == value.rounded() ? 0 : 3)
    }
    return String(format: "%.2e", value)
  }

  /// What an axis shows, or another name for it if it has no label.
  static func label(_ axis: Axis, _ other: String) -> String {
    axis.label.isEmpty ? other : Printable.excerpt(axis.label, limit: 80)
  }
}
