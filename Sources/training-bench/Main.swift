import ArgumentParser
import Components
import Determinism
import Synchronization
import Tensors
import Training

/// Prints how many examples per second the built-in models train on.
@main
struct TrainingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-bench",
    abstract: "Trains models on drawn examples and counts examples per second.",
    discussion: """
      Each thread trains a model of its own, as the clients of a federation do, with plain gradient \
      steps on batches of ten classes: images, of 32 x 32 pixels and 3 channels for residual networks \
      and those of CIFAR, of 28 x 28 for the others; 80 characters for texts. The middle of several \
      runs is told.
      """)

  @Option(help: ArgumentHelp("Ids, with commas between them.", valueName: "ids"))
  var models = "mlp,lenet-5,cnn-mnist,resnet-8,char-gru"

  @Option(help: ArgumentHelp("Examples of a batch.", valueName: "count"))
  var batch = 32

  @Option(help: ArgumentHelp("Number of threads.", valueName: "count"))
  var threads = 2

  @Option(help: ArgumentHelp("Seconds of one run, about.", valueName: "seconds"))
  var seconds = 1.0

  @Option(help: ArgumentHelp("Runs, after one that is not timed.", valueName: "count"))
  var runs = 5

  @Flag(help: "Print one line of JSON per model instead of a table.")
  var json = false

  func validate() throws {
    guard batch >= 1, threads >= 1, runs >= 1, seconds > 0, seconds.isFinite else {
      throw ValidationError("counts start at 1, and --seconds above 0")
    }
    let known = builtInModels.map(\.manifest.id.rawValue)
    for id in ids where !known.contains(id) {
      throw ValidationError("'\(id)' is no model; known: \(known.joined(separator: ", "))")
    }
  }

  private var ids: [String] { models.split(separator: ",").map(String.init) }

  func run() throws {
    if !json { print("model        examples/s  of a thread's processor second  multiply-adds/s") }
    for id in ids {
      let speed = TrainingSpeed(
        try Self.model(id), tokens: id == "char-gru" ? Self.characters : nil, batchSize: batch,
        threads: threads, seconds: seconds, runs: runs)
      print(json ? speed.json(id) : speed.row(id))
    }
  }

  /// LEAF's alphabet and the length of its texts.
  private static let characters = 80

  private static func model(_ id: String) throws -> any Model {
    guard let entry = builtInModels.first(where: { $0.manifest.id.rawValue == id }) else {
      throw ValidationError("'\(id)' is no model")
    }
    let isColored = id.hasSuffix("cifar") || id.hasPrefix("resnet")
    let side = isColored ? 32 : 28
    let given: [String: ArgumentValue] = id == "mlp" ? ["hidden": .list([.integer(128)])] : [:]
    if id == "char-gru" {
      return try entry.make(
        Arguments(given, for: entry.manifest),
        ModelSetup(shape: .vector(characters), classCount: characters))
    }
    return try entry.make(
      Arguments(given, for: entry.manifest),
      ModelSetup(
        shape: .image(height: side, width: side, channels: isColored ? 3 : 1), classCount: 10))
  }
}
