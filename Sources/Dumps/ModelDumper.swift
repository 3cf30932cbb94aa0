import Datasets
import Diagnostics
import Federation
import Kernels
import Results
public import Simulation
import Tensors

/// Writes the model that each trial ends with into a folder of its own, `<folder>/<key of the trial>`:
/// `model.npz` (or `model.safetensors`) with an array per tensor, and `model.json` that says of which
/// trial.
///
/// Where the trial has a backdoor, `trigger.npz` beside it has examples to try it on: `x` with the
/// trigger, `clean` the same without it (if there is such a version), `y` the true labels, and
/// `target`, a single value.
public final class ModelDumper: TrialObserver {
  private let folder: String
  private let format: DumpFormat

  /// - Precondition: The format has named arrays: npz or safetensors.
  public init(folder: String, format: DumpFormat) {
    precondition(format != .npy, "ModelDumper: a model has several arrays")
    self.folder = folder
    self.format = format
  }

  public func wantsRows(of round: Int, in trial: ObservedTrial) -> Bool { false }
  public func wantsModel(of trial: ObservedTrial) -> Bool { trial.isFirstOfKey }
  public func observe(
    _ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial
  ) throws {}

  public func finish(with model: TrainedModel, in trial: ObservedTrial) throws {
    guard wantsModel(of: trial) else { return }
    let own = UserPath.joined(folder, trial.trial.key)
    try TextFile.makeFolder(own)
    func path(_ name: String) -> String { UserPath.joined(own, name) }
    for name in ["model.json", "model.npz", "model.safetensors"] + Self.triggerNames {
      try TextFile.remove(path(name))
    }
    let segments = trial.layout.segments
    try write(
      segments.map { segment in
        (
          segment.name,
          NPZArray(shape: segment.shape, values: Array(model.parameters[segment.range]))
        )
      }, to: path("model"))
    if let examples = model.triggered, let backdoor = model.backdoor {
      var arrays = [
        (name: "x", array: Self.array(examples)),
        (
          name: "y",
          array: NPZArray(shape: [examples.count], values: examples.labels.map { Float($0) })
        ),
        (name: "target", array: NPZArray(shape: [], values: [Float(backdoor.target)])),
      ]
      if let clean = model.clean { arrays.append(("clean", Self.array(clean))) }
      try write(arrays, to: path("trigger"))
    }
    // Last: what says whose it is stands for a whole folder.
    let facts: JSONValue = [
      "schema": "gauntlet/model/1", "trial": .string(trial.trial.key),
      "cell": .string(trial.firstCell), "seed": .string(String(trial.trial.seed)),
      "rounds": .integer(trial.trial.rounds), "engine": .integer(Engine.number),
      "parameters_sha256": .string(ParametersDigest.hexadecimal(of: model.parameters)),
    ]
    try TextFile.replace(path("model.json"), with: CanonicalJSON.string(facts) + "\n")
  }

  private static let triggerNames = ["trigger.npz", "trigger.safetensors"]

  private func write(_ arrays: [(name: String, array: NPZArray)], to path: String) throws {
    let path = "\(path).\(format.rawValue)"
    switch format {
    case .safetensors: try SafeTensorsFile.write(arrays, to: path)
    case .npz, .npy: try NPZFile.write(arrays, to: path)
    }
  }

  private static func array(_ examples: Shard) -> NPZArray {
    let extents =
      switch examples.shape {
      case .vector(let count): [count]
      case .image(let height, let width, let channels): [height, width, channels]
      }
    return NPZArray(shape: [examples.count] + extents, values: examples.inputs.values)
  }
}
