import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// Rows of standard normal values, and what rules and stages may need besides.
struct BenchInput {
  let size: BenchSize
  let pool: WorkPool
  let updates: UpdateMatrix
  /// Where the first round starts from.
  let global: [Float]
  /// What the server would have trained itself.
  let rootUpdate: [Float]

  /// Draws each row from a stream of its own.
  init(_ size: BenchSize, threads: Int) {
    self.size = size
    pool = WorkPool(width: threads)
    let seed = SeedPath(root: 1)
    var values = Matrix<Float>(rowCount: size.rowCount + 2, columnCount: size.columnCount)
    values.forEachRow(pool: pool) { _, row, target in
      var random = seed.child(row).stream()
      for i in target.indices { target[i] = Float(random.normal()) }
    }
    global = values.row(size.rowCount)
    rootUpdate = values.row(size.rowCount + 1)
    values.resize(rowCount: size.rowCount)
    updates = UpdateMatrix(values)
  }

  /// The plan of a component, with a model and clean examples only for those that ask for them.
  private func setup(_ needs: DefenseNeeds) -> DefenseSetup {
    // Logistic regression on 10 classes, with as many parameters as the rows have columns.
    let width = max(size.columnCount / 10 - 1, 1)
    let model = Sequential.perceptron(inputs: width, hidden: [], classes: 10, initialization: .he)
    let needsModel = needs.contains(.model)
    return DefenseSetup(
      participantCount: size.rowCount, roundCount: Self.roundCount,
      layout: needsModel ? model.layout : ParameterLayout([]), model: needsModel ? model : nil,
      rootData: needs.contains(.rootData) ? Self.examples(width) : nil,
      outOfDistributionData: needs.contains(.outOfDistributionData) ? Self.examples(width) : nil)
  }

  /// The rounds of a rule that remembers earlier ones.
  private static let roundCount = 14

  private static func examples(_ width: Int) -> Shard {
    var random = SeedPath(root: 2).stream()
    let inputs = (0..<100 * width).map { _ in Float(random.unit()) }
    return Shard(
      inputs: Matrix(rowCount: 100, columnCount: width, values: inputs),
      labels: (0..<100).map { $0 % 10 }, classCount: 10, shape: .vector(width))
  }

  private func arguments(_ manifest: ComponentManifest) throws(ConfigurationError) -> Arguments {
    var given: [String: ArgumentValue] = [:]
    for spec in manifest.parameters where spec.default == .required {
      // The bound of a norm: about half of the rows are longer.
      given[spec.name] = .real(Double(size.columnCount).squareRoot())
    }
    return try Arguments(
      given, for: manifest, plan: [.declaredByzantine: .integer(size.byzantineCount)])
  }

  private func round(_ number: Int, global: [Float], needs: DefenseNeeds) -> RoundContext {
    RoundContext(
      round: number, global: global, rootUpdate: needs.contains(.rootData) ? rootUpdate : nil,
      seed: SeedPath(root: 3).child(number), pool: pool)
  }

  /// Times a rule on the same rows again and again.
  ///
  /// One that remembers rounds goes through more of them, so that each kind of round occurs.
  func time(_ entry: AggregatorEntry, calls: Int) -> Timing {
    let isStateful = entry.traits.contains(.stateful)
    return time(entry.manifest, isRule: true) { timer throws(ConfigurationError) in
      var rule = try entry.make(arguments(entry.manifest), setup(entry.needs))
      var global = global
      for number in 0...(isStateful ? max(calls, Self.roundCount) : calls) {
        let round = round(number, global: global, needs: entry.needs)
        switch timer.time({ rule.result(of: updates, in: round) }) {
        case .failure(let error): return "\(error)"
        case .success(let update):
          timer.note(update.span)
          if isStateful { global = zip(global, update).map { $0 + $1 } }
        }
      }
      return nil
    }
  }

  /// Times a stage, each time on rows of its own to change.
  func time(_ entry: StageEntry, calls: Int) -> Timing {
    time(entry.manifest, isRule: false) { timer throws(ConfigurationError) in
      var stage = try entry.make(arguments(entry.manifest), setup(entry.needs))
      for number in 0...calls {
        var rows = updates
        // A change takes the copy that in a run nobody else holds.
        rows.values.scaleRow(0, by: 1)
        let round = round(number, global: global, needs: entry.needs)
        if let error = timer.time({ stage.failure(on: &rows, in: round) }) { return "\(error)" }
        timer.note(rows.values.span)
      }
      return nil
    }
  }

  private func time(
    _ manifest: ComponentManifest, isRule: Bool,
    _ body: (inout CallTimer) throws(ConfigurationError) -> String?
  ) -> Timing {
    var timer = CallTimer()
    let id = manifest.id.description
    let kind = isRule ? "rule" : "stage"
    let reason: String?
    do throws(ConfigurationError) {
      reason = try body(&timer)
    } catch {
      reason = "\(error)"
    }
    return Timing(
      name: id, kind: kind, size: size, threads: pool.width,
      calls: reason == nil ? timer.calls : [], bits: timer.bits, reason: reason)
  }
}

extension Aggregator {
  /// The update of a round.
  fileprivate mutating func result(
    of rows: UpdateMatrix, in round: RoundContext
  ) -> Result<[Float], DefenseError> {
    do throws(DefenseError) {
      return .success(try aggregate(rows, in: round).update)
    } catch {
      return .failure(error)
    }
  }
}

extension PreAggregator {
  /// Changes the rows; returns why it could not.
  fileprivate mutating func failure(
    on rows: inout UpdateMatrix, in round: RoundContext
  ) -> DefenseError? {
    do throws(DefenseError) {
      try transform(&rows, in: round)
      return nil
    } catch {
      return error
    }
  }
}
