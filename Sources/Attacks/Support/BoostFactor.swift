import Components
import Federation
import Kernels
import Tensors

/// How much the rows of attackers are multiplied by.
///
/// `auto` is 1 / (server rate · weight share of the attackers that act): in a plain average, and with
/// honest updates of zero, the model that one of them sends then replaces the global one.
struct BoostFactor: Sendable {
  /// `nil`: as large as it takes to replace the model.
  let value: Double?
  private let serverRate: Double

  init(_ value: Double) {
    self.value = value
    serverRate = 1
  }

  /// Reads the parameter `gamma` and adds to `problems` what the setup cannot honor.
  init(
    _ arguments: Arguments, setup: AttackSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    value = arguments.number("gamma")
    serverRate = setup.serverRate
    if value == nil && !(serverRate > 0) {
      problems.append(
        .invalid(
          component: component, reason: "gamma auto needs a server rate above 0, got \(serverRate)")
      )
    }
  }

  static func parameter(default standard: ArgumentValue) -> ParameterSpec {
    ParameterSpec(
      "gamma", .positive(orWords: ["auto"]), default: standard,
      help: "factor of the sent update; auto replaces the model in a plain average")
  }

  /// Whether rows stay what they are.
  var isNone: Bool { value == 1 }

  /// The factor of a round.
  func resolved(in view: AttackerView) -> Double {
    value ?? 1 / (serverRate * view.weightShare)
  }

  /// Multiplies every row, each at most up to a norm; rows by exactly 1 keep their bits.
  ///
  /// - Returns: The largest factor under `name`, and where rows differ the smallest under
  ///   `name.min`; nothing where there are no rows.
  func apply(
    to rows: inout Matrix<Float>, _ view: AttackerView, cap: NormCap? = nil, as name: String
  ) -> [String: Double] {
    guard rows.rowCount > 0 else { return [:] }
    let full = resolved(in: view)
    var used: [Double] = []
    for row in 0..<rows.rowCount {
      let factor = min(full, cap?.factor(forNorm: rows.norm(ofRow: row)) ?? .infinity)
      if factor != 1 { rows.scaleRow(row, by: factor) }
      used.append(factor)
    }
    let least = used.reduce(.infinity, min)
    let largest = used.reduce(0, max)
    return least == largest ? [name: largest] : [name: largest, "\(name).min": least]
  }
}
