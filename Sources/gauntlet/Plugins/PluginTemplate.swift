import ArgumentParser

/// The files that `plugin new` writes.
struct PluginTemplate {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case defense
    case attack
    case trainer
  }

  let kind: Kind
  let name: String

  /// What the script of a plugin is called, without `.py`.
  static func moduleName(of name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }

  var scriptName: String { Self.moduleName(of: name) + ".py" }
  var scenarioName: String { name + ".yaml" }

  var files: [(name: String, text: String)] {
    [
      (scriptName, script), (WorkerModule.fileName, WorkerModule.text), (scenarioName, scenario),
      ("README.md", readme),
    ]
  }

  private var script: String {
    switch kind {
    case .defense:
      """
      \"""\(name): a defense for Gauntlet.\"""
      import numpy as np
      from gauntlet_worker import defense, run


      @defense(name="\(name)", version="1")
      def aggregate(updates, ctx):
          # One row per client: local minus global parameters. Returns one vector.
          return np.median(updates, axis=0)


      run()

      """
    case .attack:
      """
      \"""\(name): an attack for Gauntlet.\"""
      from gauntlet_worker import attack, run


      @attack(name="\(name)", version="1", params={"scale": 2.0})
      def craft(own, honest, ctx):
          # One row per controlled client, what it trained. Returns as many. 'honest' has the
          # rows of the others with knowledge="honest-updates" above.
          return -ctx.params["scale"] * own


      run()

      """
    case .trainer: trainerScript
    }
  }

  private var scenario: String {
    let worker = "exec: [python3, \(scriptName)], files: [\(WorkerModule.fileName)]"
    let own = "{id: \(name), use: external, \(worker)}"
    let task =
      kind == .trainer
      ? """
      task:
        exec: [python3, \(scriptName)]
        files: [\(WorkerModule.fileName)]
        local: {epochs: 1, batch: 10, lr: 0.1}
      clients: {count: 20}
      """
      : """
      task:
        dataset: digits
        model: {kind: mlp, hidden: [32]}
        local: {epochs: 2, batch: 16, lr: 0.1}
      clients: {count: 20, partition: {kind: dirichlet, alpha: 0.5}}
      """
    return """
      # gauntlet run \(scenarioName) -o results
      schema: gauntlet/scenario/1
      name: \(name)
      seeds: {from: 1, count: 3}
      rounds: 20
      \(task)
      threat:
        malicious: 0.2
        window: {start: 5, stop: 15}
      attacks:
        - none
        - {use: sign-flip, scale: 4}
      \(kind == .attack ? "  - \(own)\n" : "")defenses:
        - mean
        - median
      \(kind == .defense ? "  - \(own)\n" : "")
      """
  }

  private var readme: String {
    """
    # \(name)

    A \(kind.rawValue) for Gauntlet: `gauntlet run \(scenarioName) -o results` runs `\(scriptName)`, which \
    needs NumPy and `\(WorkerModule.fileName)` beside it.

    """
  }
}
