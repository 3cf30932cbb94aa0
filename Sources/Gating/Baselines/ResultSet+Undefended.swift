public import Results

extension ResultSet {
  /// The ids under which the scenario runs the plain mean, which defends against nothing.
  public var undefendedIDs: [String] {
    let plain: JSONValue = ["rule": ["id": "mean", "parameters": [:]], "stages": []]
    let ids = Setting.all(in: resolved).flatMap { setting in
      setting.defenses.filter { Setting.isSame($0.value, plain) }.keys
    }
    return Set(ids).sorted()
  }
}
