import Components
import Diagnostics
import Documents
import Federation
import Results
import Yams

/// Tasks whose model and data a trainer in another process has.
extension ScenarioDecoder {
  /// Reads the trainer of a task.
  ///
  /// - Parameters:
  ///   - reader: The task.
  ///   - algorithm: That of the server; clients of a trainer send what they have trained.
  /// - Returns: `nil` where data and model are here.
  func trainer(
    _ reader: MappingReader, _ algorithm: ServerSettings.Algorithm
  ) -> TrainerSettings? {
    guard reader.has("exec") else {
      // So that a misspelt key is compared with them, too.
      let names = ScenarioKeys.trainer.map(\.name) + ["params"]
      if reader.rest.contains(where: { nearest(to: $0.name, among: ["exec"]) != nil }) {
        return misnamed(reader, names)
      }
      for key in names where reader.has(key) {
        sink.report(
          "\(reader.full(key)) is used with task.exec alone; leave it out", at: reader.take(key))
      }
      _ = names.map(reader.take)
      return nil
    }
    for key in ["dataset", "model", "init", "augmentation"] where reader.has(key) {
      sink.report(
        "\(reader.full(key)): with task.exec a program has data and model itself; leave it out",
        at: reader.take(key))
    }
    let keys = reader.arguments(ScenarioKeys.trainer)
    let parameters = parameters(reader)
    if case .fedSGD = algorithm {
      sink.report(
        "server.algorithm 'fedsgd' does not go with task.exec, whose clients train by themselves",
        at: reader.take("exec"))
    }
    let command = TrainerCommand(
      words: keys.texts("exec"), files: keys.texts("files"),
      parameters: CanonicalJSON.string(parameters), timeout: keys.real("timeout"),
      memory: memory(keys.text("memory"), reader), sandbox: keys.word("sandbox"),
      transport: keys.word("transport"), threadCount: keys.integer("threads"))
    return TrainerSettings(
      command: command, parameters: parameters, workerLimit: keys.wholeNumber("workers"),
      position: reader.take("exec")?.position)
  }

  /// A trainer whose program stands under a misspelt key: nothing else is wrong because of that.
  private func misnamed(_ reader: MappingReader, _ names: [String]) -> TrainerSettings? {
    reader.reportMissing("exec")
    for name in names { _ = reader.take(name) }
    if reader.has("dataset") { return nil }
    for key in ["dataset", "model", "init", "augmentation"] { _ = reader.take(key) }
    return TrainerSettings(
      command: TrainerCommand(words: ["exec"]), parameters: .object([:]), workerLimit: nil,
      position: nil)
  }

  private func memory(_ text: String, _ reader: MappingReader) -> Double? {
    if text == "none" { return nil }
    if let bytes = MemoryAmount.bytes(text), bytes >= 0x1p20 { return bytes }
    sink.report(
      "\(reader.full("memory")) is '\(excerpt(text))'; give an amount of memory of at least 1 MiB, "
        + "such as 8GiB",
      at: reader.take("memory"))
    return nil
  }

  /// What the program is told: any mapping.
  private func parameters(_ reader: MappingReader) -> JSONValue {
    guard let node = reader.take("params") else { return .object([:]) }
    guard case .mapping = node else {
      sink.report("\(reader.full("params")) has to be a mapping, not \(node.kindName)", at: node)
      return .object([:])
    }
    guard let value = JSONValue(node) else {
      sink.report(
        "\(reader.full("params")) has a key that is no word, or a number that is not finite",
        at: node)
      return .object([:])
    }
    return value
  }

  /// Reports what a trainer has itself, or what would need its data here.
  func refuseData(_ root: MappingReader) {
    let keys = [
      ("clients", "partition", "the program of task.exec deals its examples itself"),
      ("threat", "auxiliary", "the program of task.exec takes no examples"),
      ("defense-knows", "root-samples", "the program of task.exec gives no examples away"),
      (
        "defense-knows", "out-of-distribution", "a model that is not here would be asked about them"
      ),
    ]
    for (section, key, reason) in keys {
      guard let node = root.take(section)?.value(of: key) else { continue }
      sink.report("\(section).\(key): \(reason); leave it out", at: node)
    }
  }
}

extension Arguments {
  /// The texts of a list.
  fileprivate func texts(_ name: String) -> [String] {
    guard case .list(let values)? = self.values[name] else { return [] }
    return values.map { if case .text(let text) = $0 { text } else { "\($0)" } }
  }
}
