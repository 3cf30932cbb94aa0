import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// An attack that does something else after the right one has poisoned data or crafted rows.
struct FaultyAttack: Attack {
  static var manifest: ComponentManifest {
    ComponentManifest(id: "stand-in", summary: "")
  }

  static let tier = ThreatTier.ownKnowledge

  var base: any Attack
  /// From the example before and after the right attack to what the clients train on.
  var poisoned: @Sendable (_ before: Shard, _ after: Shard) -> Shard = { $1 }
  /// The factor of the crafted rows.
  var scale = 1.0

  init(_ base: any Attack) { self.base = base }

  init(_: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    preconditionFailure("a faulty attack is made by a catalog entry")
  }

  var threatModel: ThreatModel { base.threatModel }
  var goal: AttackGoal { base.goal }
  var evaluated: [Backdoor] { base.evaluated }

  mutating func observe(_ broadcast: Broadcast) { base.observe(broadcast) }

  func poison(_ shard: inout Shard, of client: ClientID, random: inout RandomStream) {
    let before = shard
    base.poison(&shard, of: client, random: &random)
    shard = poisoned(before, shard)
  }

  func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    base.train(job, with: &trainer, random: &random)
  }

  mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    let report = base.craft(&rows, view, random: &random)
    if scale != 1 {
      for row in 0..<rows.rowCount { rows.scaleRow(row, by: scale) }
    }
    return report
  }
}

extension Shard {
  /// The examples whose label or features differ from those of another shard.
  func changed(since before: Shard) -> [Int] {
    labels.indices.filter {
      labels[$0] != before.labels[$0] || inputs.row($0) != before.inputs.row($0)
    }
  }

  /// Returns the shard with the labels of the poisoned examples one class further.
  func relabeled(since before: Shard) -> Shard {
    var copy = self
    for example in changed(since: before) {
      copy.labels[example] = (labels[example] + 1) % classCount
    }
    return copy
  }

  /// Returns the shard with the trigger of the poisoned examples one feature further left.
  func shifted(_ trigger: Trigger, since before: Shard) -> Shard {
    var copy = self
    for example in changed(since: before) {
      copy.inputs.setRow(example, toRow: example, of: before.inputs)
      copy.inputs.withMutableRow(example) { features in
        for (position, value) in zip(trigger.positions, trigger.values) {
          features[max(position - 1, 0)] = value
        }
      }
    }
    return copy
  }
}
