/// The attack windows of the combinations of a run, as its manifest has them.
public struct AttackWindows: Sendable {
  /// The first round of the window, and the first one after it.
  public struct Window: Hashable, Sendable {
    public let start: Int
    public let stop: Int
  }

  private let combinations: [(axes: [String: String], window: Window?)]
  private var known: [[String: String]: Window?] = [:]

  /// - Parameter resolved: The scenarios as they were understood, one per combination of the axes.
  public init(resolved: JSONValue) {
    guard case .array(let scenarios) = resolved else {
      combinations = []
      return
    }
    combinations = scenarios.map { scenario in
      var axes: [String: String] = [:]
      if case .object(let values)? = scenario["axes"] {
        for case (let key, .string(let value)) in values { axes[key] = value }
      }
      guard let window = scenario["threat"]?["window"],
        case .integer(let start)? = window["start"], case .integer(let stop)? = window["stop"]
      else { return (axes, nil) }
      return (axes, Window(start: start, stop: stop))
    }
  }

  /// The window of the trials with these values of the axes; `nil` where there is none, or where
  /// it cannot be told.
  public mutating func window(_ axes: [String: String]) -> Window? {
    if let known = known[axes] { return known }
    let matching = combinations.filter { combination in
      axes.allSatisfy { combination.axes[$0.key] == $0.value }
    }
    let windows = Set(matching.map(\.window))
    let window = windows.count == 1 ? windows.first ?? nil : nil
    known[axes] = .some(window)
    return window
  }
}

extension JSONValue {
  fileprivate subscript(key: String) -> JSONValue? {
    guard case .object(let values) = self else { return nil }
    return values[key]
  }
}
