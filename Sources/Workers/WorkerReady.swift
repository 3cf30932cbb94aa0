public import JSON

/// What a worker says about itself when it is greeted.
public struct WorkerReady: Sendable, Equatable {
  /// The version of the protocol that this side speaks.
  public static let protocolVersion = 1

  public enum Kind: String, Sendable {
    case defense
    case attack
    case trainer
  }

  public let name: String
  public let version: String
  /// Whether its answers depend on earlier calls.
  public let isStateful: Bool
  public let isDeterministic: Bool
  /// Whether it may be greeted again when its trial is over.
  public let isReusable: Bool
  /// What it wants besides the updates.
  public let needs: [String]
  /// Everything that it said.
  public let members: [String: JSONValue]

  /// Reads the answer to a greeting.
  ///
  /// - Throws: What is wrong with it.
  init(_ members: [String: JSONValue], kind: Kind) throws(WorkerAnswer.Problem) {
    let answer = WorkerAnswer(members)
    let version = try answer.integer("protocol")
    guard version == Self.protocolVersion else {
      throw .init(
        "speaks version \(version) of the protocol; this is version "
          + "\(Self.protocolVersion)")
    }
    let said = try answer.text("kind")
    guard said == kind.rawValue else {
      throw .init("is a worker of kind '\(said)'; \(kind.rawValue) is needed")
    }
    name = try answer.text("name")
    self.version = try answer.text("version", default: "")
    isStateful = try answer.bool("stateful", default: false)
    isDeterministic = try answer.bool("deterministic", default: true)
    isReusable = try answer.bool("reusable", default: false)
    needs = try answer.texts("needs")
    self.members = members
  }

  /// Whether it is what it said to be when it was greeted first.
  public func isSame(as other: WorkerReady) -> Bool {
    name == other.name && version == other.version && isStateful == other.isStateful
      && needs == other.needs
  }
}
