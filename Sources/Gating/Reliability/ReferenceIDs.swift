public import Results

/// The ids of what other cells are compared to: the clean run and the plain mean.
public struct ReferenceIDs: Hashable, Sendable {
  /// Ids under which nobody attacks.
  public var clean: Set<String>
  /// Ids under which nothing defends.
  public var undefended: Set<String>

  /// Without a scenario they are `none` and `mean`, which no scenario may give to anything else.
  public init(clean: Set<String> = ["none"], undefended: Set<String> = ["mean"]) {
    self.clean = clean
    self.undefended = undefended
  }

  /// The ids that the scenario of some results gives them.
  public init(_ results: ResultSet) {
    self.init()
    undefended.formUnion(results.undefendedIDs)
    for setting in Setting.all(in: results.resolved) {
      for (id, attack) in setting.attacks {
        guard case .object(let members) = attack, members["with"] == nil,
          case .string("none")? = members["id"]
        else { continue }
        clean.insert(id)
      }
    }
  }
}
