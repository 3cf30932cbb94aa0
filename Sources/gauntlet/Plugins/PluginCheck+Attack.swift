import Kernels
import Tensors
import Workers

extension PluginCheck {
  static let attackTrials: [Trial] = [
    Trial("shapes", "return as many rows as 'own' has, for any number of them", attackShapes),
    PluginMethod.attack.determinism,
    PluginMethod.attack.transports,
    Trial(
      "finite rows", "keep values in the range of float32: rows that are not finite are left out",
      attackFinite),
    Trial("identical rows", "guard divisions by a distance or spread of zero", attackIdentical),
    PluginMethod.attack.anotherTrial,
    PluginMethod.attack.timing,
  ]

  private static func attackShapes(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    let all = rows()
    let counts = [4, 1, 9]
    for own in counts {
      _ = try trial.craft(
        own: all.selecting(Array(0..<own)), honest: all.selecting(Array(own..<all.rowCount)))
    }
    return .pass("as many rows as it owns: " + counts.map(String.init).joined(separator: ", "))
  }

  /// An attacker may send anything; what is not finite is more often a slip than meant.
  private static func attackFinite(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    return .pass(
      notFinite(try PluginMethod.attack.ask(trial, rows(), 0)).map {
        "\($0): the server drops such a row"
      } ?? "all values are finite")
  }

  private static func attackIdentical(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    return notFinite(try PluginMethod.attack.ask(trial, sameRows(), 0)).map { .fail($0) }
      ?? .pass("finite rows")
  }
}
