import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// Takes examples out of the data of one seed.
struct PreviewSampler {
  let variant: Plan.Variant
  let task: LocalTask
  let data: FederationData
  let seed: UInt64
  let count: Int

  private var path: SeedPath { SeedPath(root: seed) }

  /// What one attack does, a row for each group that changes examples.
  func rows(of trial: PlannedTrial, name: String) throws(ConfigurationError) -> [Preview.Row] {
    let attacks = try trial.attackChoice.make(variant.setups.attack(seed: seed, data: data))
    var rows: [Preview.Row] = []
    for group in attacks.groups {
      guard group.attack.threatModel.surface.contains(.data) else { continue }
      var group = group
      if group.attack.roundTrigger != nil { observe(&group.attack, of: trial) }
      rows.append(row(group, named: [name, group.name].compactMap(\.self).joined(separator: " ")))
    }
    return rows
  }

  /// Lets an attack choose its trigger for the initial model.
  private func observe(_ attack: inout AttackPipeline, of trial: PlannedTrial) {
    let context = TrialContext(
      variant: variant, attack: trial.attackChoice, seed: path, data: data,
      pool: WorkPool(width: 1), substitutions: .none, stop: StopSignal())
    attack.observe(
      Broadcast(
        round: variant.scenario.threat.window.lowerBound,
        global: context.initialParameters(of: task), isActing: true))
  }

  private func row(_ group: AttackGroups.Group, named name: String) -> Preview.Row {
    var marked: [Preview.Pair] = []
    var given: [Preview.Example] = []
    var target: Int?
    if case .backdoor(let backdoor) = group.goal {
      target = backdoor.target
      var evaluator = Evaluator(
        model: task.model, test: data.test, backdoors: [backdoor],
        seed: path.child("trigger-evaluation"))
      if let trigger = group.attack.roundTrigger { evaluator.mark(backdoor, with: trigger) }
      if let examples = evaluator.triggeredExamples(of: backdoor, limit: .max) {
        let rows = different(examples.triggered.labels)
        if let clean = examples.clean {
          marked = rows.map {
            Preview.Pair(before: example($0, clean), after: example($0, examples.triggered))
          }
        } else {
          given = rows.map { example($0, examples.triggered) }
        }
      }
    }
    return Preview.Row(
      attack: name, target: target, marked: marked, given: given,
      poisoned: poisoned(group, target: target),
      isFirstTrigger: group.attack.roundTrigger != nil)
  }

  /// Examples that the clients of a group change, one of each client in turn.
  private func poisoned(_ group: AttackGroups.Group, target: Int?) -> [Preview.Pair] {
    let clients = group.clients.prefix(count)
    var found: [[Preview.Pair]] = clients.map { client in
      let clean = data.shards[client.index]
      var shard = clean
      // The path that training takes.
      var place = path.child("poison").child(client.index)
      if group.attack.roundTrigger != nil {
        place = place.child(variant.scenario.threat.window.lowerBound)
      }
      var random = place.stream()
      group.attack.poison(&shard, of: client, random: &random)
      let changed = shard.labels.indices.filter {
        shard.labels[$0] != clean.labels[$0] || shard.inputs.row($0) != clean.inputs.row($0)
      }
      // Examples of other classes first: they show the change of the label, too.
      let others = changed.filter { clean.labels[$0] != target }
      let rows = different((others.isEmpty ? changed : others).map { clean.labels[$0] })
        .map { (others.isEmpty ? changed : others)[$0] }
      return rows.map {
        Preview.Pair(before: example($0, clean), after: example($0, shard))
      }
    }
    var pairs: [Preview.Pair] = []
    while pairs.count < count, found.contains(where: { !$0.isEmpty }) {
      for place in found.indices where !found[place].isEmpty && pairs.count < count {
        pairs.append(found[place].removeFirst())
      }
    }
    return pairs
  }

  /// The first `count` places whose labels differ or, where there are too few labels, further ones.
  private func different(_ labels: [Int]) -> [Int] {
    var known: Set<Int> = []
    var (first, others): ([Int], [Int]) = ([], [])
    for (place, label) in labels.enumerated() where first.count < count {
      if known.insert(label).inserted {
        first.append(place)
      } else if others.count < count {
        others.append(place)
      }
    }
    return Array((first + others).prefix(count))
  }

  private func example(_ row: Int, _ shard: Shard) -> Preview.Example {
    Preview.Example(inputs: raw(shard.inputs.row(row)), label: shard.labels[row])
  }

  /// Inputs in the unit of the data.
  private func raw(_ inputs: [Float]) -> [Float] {
    guard let normalization = task.source.normalization else { return inputs }
    return inputs.enumerated().map { normalization.raw($1, at: $0) }
  }

  /// The values that test inputs lie between; 0 and 1 where none is outside.
  var range: ClosedRange<Float> {
    var (low, high): (Float, Float) = (0, 1)
    for row in 0..<data.test.count {
      for value in raw(data.test.inputs.row(row)) where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    // What normalizing there and back adds is no value of the data.
    return (low < -1e-3 ? low : 0)...(high > 1.001 ? high : 1)
  }
}
