import Components
public import Determinism

/// Makes each client one of the users that the examples belong to.
///
/// As many users as there are clients are drawn without replacement from those that have examples, in
/// the order of the draw; the examples of the others are not dealt.
public struct NaturalPartition: Partition {
  public static let entry = PartitionEntry(
    manifest: ComponentManifest(
      id: "natural", summary: "Makes each client one of the users that the examples belong to.",
      formula: "users drawn without replacement; a client has all examples of its user",
      preconditions: ["the data set has users (leaf, or csv with a client column)"],
      citations: [
        Citation(
          ["Caldas", "Duddu", "Wu", "Li", "Konečný", "McMahan", "Smith", "Talwalkar"],
          "LEAF: a benchmark for federated settings", "arXiv", 2018, arXiv: "1812.01097")
      ])
  ) { (_: Arguments) throws(ConfigurationError) in NaturalPartition() }

  public init() {}

  public var needsUsers: Bool { true }

  /// - Precondition: never called: users are needed.
  public func assign(
    labels _: [Int], classCount _: Int, clientCount _: Int, random _: inout RandomStream
  ) -> [[Int]] {
    preconditionFailure("a natural partition of examples without users")
  }

  public func assign(
    labels: [Int], users: [Int]?, classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    Dealing.check(labels: labels, classCount: classCount, clientCount: clientCount)
    guard let users, users.count == labels.count else {
      preconditionFailure("\(users?.count ?? 0) users against \(labels.count) examples")
    }
    var rows: [Int: [Int]] = [:]
    for (row, user) in users.enumerated() { rows[user, default: []].append(row) }
    let known = rows.keys.sorted()
    precondition(known.count >= clientCount, "\(known.count) users for \(clientCount) clients")
    return random.sample(clientCount, of: known.count).map { rows[known[$0]] ?? [] }
  }
}
