import Federation
import Foundation
import Metrics
import Results
import Simulation
import Suite
import Synchronization

/// A small federation whose final parameters are known to the bit.
///
/// It shows that this build on this machine computes what was recorded, whatever the number of
/// threads.
enum SelfCheck {
  static let scenario = """
    schema: gauntlet/scenario/1
    name: self-check
    seeds: [1]
    rounds: 4
    task:
      dataset: digits
      model: {kind: mlp, hidden: [16]}
      local: {epochs: 1, batch: 16, lr: 0.1}
    clients:
      count: 10
      partition: {kind: dirichlet, alpha: 0.5}
    threat:
      malicious: 0.2
      window: {start: 1, stop: 3}
      backdoor: {trigger: square, size: 3, corner: bottom-right, value: 1.0, target: 0}
    defense-knows: {malicious: exact}
    attacks:
      - model-replacement
      - alie
    defenses:
      - mean
      - {id: median, use: median, stages: [nnm]}
      - multi-krum

    """

  /// The parameters that the cells end with, of engine 3.
  static let recorded: [String: String] = [
    "alie/mean":
      "b273021d6180ee17d1f0f06dcc83bbd2bd07caf1c1c37e0f7f6536915d33c29b",
    "alie/median":
      "b2e573f6c1ed3eb6c6afc518ce3e118e2b491563f14b9d00e3149dff2fd9f731",
    "alie/multi-krum":
      "a927e068ead37f95762202c2586eeb79c1ef93b293ee073f5cc63e9df962c152",
    "model-replacement/mean":
      "a51166443bf056dbeb53a3b5053b16e7a8c26bc955ce9f6198b7c8f19f9b7317",
    "model-replacement/median":
      "a7b3a47293dd59263fb844413bfa8d1040aa7a07dac83efb863580585065f030",
    "model-replacement/multi-krum":
      "81efc7ee72ac0a7d996eacb5f98bda474b96c50df9d8ecdb5994cf2c796420a9",
    "none/mean":
      "b6baf6dea80342d3376290b5e6df1958c31e6ffa24329f4e485f5a37f2323683",
    "none/median":
      "24f341986fcd4016e0a9d55dbf59dd2c86b811f4fa9b8909d26d19a67270a05f",
    "none/multi-krum":
      "7815176a4110e9bd270de9fd0b7560f71e3dc1b22e03b5fa25b1251578567749",
  ]

  /// Returns the digests of the final parameters of all cells.
  ///
  /// - Throws: What keeps the scenario from running.
  static func digests(jobs: Int, threadsPerTrial: Int) throws -> [String: String] {
    let plan = try Plan(
      ScenarioFile(text: scenario, path: "self-check", catalog: .builtIn), catalog: .builtIn)
    let digests = Mutex<[String: String]>([:])
    let runner = Runner(
      plan: plan, metrics: .builtIn, jobs: jobs, threadsPerTrial: threadsPerTrial)
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      digests.withLock { $0[trial.record.cell] = trial.record.parametersSHA256 ?? "" }
    }
    return digests.withLock { $0 }
  }
}
