import Components
import Federation

extension UpdateMatrix {
  /// - Throws: `DefenseError` where a component remembers updates of another number of values.
  func requireColumns(_ remembered: Int?, by component: ComponentID) throws(DefenseError) {
    guard let remembered, remembered != columnCount else { return }
    throw .failed(
      component: component,
      reason: "remembers updates of \(remembered) values, and gets some of \(columnCount)")
  }
}
