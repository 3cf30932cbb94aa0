import Components
public import Federation
import JSON

extension AggregatorEntry {
  /// A rule in another process.
  ///
  /// Each call makes an entry of its own: what workers said about themselves is remembered as long
  /// as it lives, and so are those that wait to be used again.
  public static func external() -> AggregatorEntry {
    let known = WorkerSupplies(kind: .defense, component: ExternalDefense.manifest.id)
    var entry = AggregatorEntry(ExternalDefense.self)
    entry.describing = { (arguments, folder) throws(ConfigurationError) in
      let (supply, identity) = try known.supply(arguments, in: folder)
      return Described(try described(by: supply), identity: identity)
    }
    return entry
  }

  private static func described(
    by supply: WorkerSupply
  ) throws(ConfigurationError) -> AggregatorEntry {
    var needs: DefenseNeeds = []
    for word in supply.ready.needs {
      guard let need = WorkerNeed.all[word] else {
        throw ConfigurationError(supply.unknown(need: word, known: Array(WorkerNeed.all.keys)))
      }
      needs.formUnion(need)
    }
    var traits: DefenseTraits = supply.ready.isStateful ? [.stateful] : []
    if supply.ready.members["declares_malicious"] == .bool(true) {
      traits.insert(.declaresMalicious)
    }
    return AggregatorEntry(
      manifest: ExternalDefense.manifest, needs: needs, traits: traits,
      // Shared memory is memory.
      workingBytes: { rows, columns in 4 * Double(rows + 3) * Double(columns) }
    ) { (arguments, setup) in ExternalDefense(supply, arguments, setup: setup) }
  }
}
