public import Components
import Datasets
import Determinism
public import Federation
import Kernels
import Tensors
import Training

/// The attack on updates that somebody names in words, name and parameters checked.
public struct AttackExpression: Sendable {
  let entry: AttackEntry
  let arguments: Arguments

  /// Looks up an attack.
  ///
  /// - Throws: `ConfigurationError` for its name and parameters, `BareRoundError` for one that poisons
  ///   data or trains.
  public init(_ expression: ComponentExpression, catalog: Catalog) throws {
    let named = try catalog.attack(expression.id)
    try Self.requireUpdateAttack(named, expression.given)
    arguments = try Arguments(expression.given, for: named.manifest)
    // A program of somebody else's says itself what it is.
    entry = try named.described(by: arguments, in: ".")?.entry ?? named
  }

  /// Refuses attacks that poison data or train, before any word on the parameters they would need.
  private static func requireUpdateAttack(
    _ entry: AttackEntry, _ given: [String: ArgumentValue]
  ) throws(BareRoundError) {
    // A task that suits every attack, as far as the given values allow.
    let facts: [PlanFact: ArgumentValue] = [
      .backdoor("trigger"): .text("random"), .backdoor("size"): .integer(100),
      .backdoor("value"): .real(1), .backdoor("corner"): .text("top-left"),
      .backdoor("target"): .integer(0), .backdoor("source"): .text("none"),
      .backdoor("file"): .text("none"), .backdoor("top"): .text("corner"),
      .backdoor("left"): .text("corner"), .backdoor("phrase"): .text("none"),
      .backdoor("at"): .text("end"),
    ]
    let outside = Shard(
      inputs: Matrix(rowCount: 1, columnCount: 1000), labels: [1], classCount: 1000,
      shape: .vector(1000))
    let setup = AttackSetup(
      participantCount: 10, auxiliary: outside, auxiliaryTest: outside, classCount: 1000,
      shape: .vector(1000), layout: ParameterLayout([]), serverRate: 1, schedule: nil,
      seed: SeedPath(root: 0))
    guard let arguments = try? Arguments(given, for: entry.manifest, plan: facts),
      let made = try? entry.make(arguments, setup)
    else { return }
    guard made.threatModel.surface.isSubset(of: .update) else {
      throw BareRoundError(
        "\(entry.manifest.id): poisons data or trains, so it cannot be crafted from a matrix of "
          + "updates")
    }
  }
}
