import ArgumentParser
import Components
import Datasets
import Federation
import Foundation
import Simulation
import Suite
import Tensors

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Lists, fetches, prepares and checks data sets.",
    subcommands: [
      DataListCommand.self, DataFetchCommand.self, DataPrepareCommand.self, DataVerifyCommand.self,
    ])
}

struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the data sets that a scenario may name.")

  func run() throws {
    try reportingErrors { try Glossary.print(.datasets) }
  }
}

struct DataVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Reads a data set whole and prints its sizes and its digest.",
    discussion: """
      The digest is over the decoded arrays, so gzip files, raw files and torchvision folders of the \
      same data agree. EMNIST's letters: --split letters --classes 26 --first-label 1 --transpose
      """)

  @Argument(
    help: "'digits', 'fashion-mnist', or a folder with IDX files such as those of MNIST.")
  var data: String = "digits"

  @Option(help: "The number of classes of an IDX folder.")
  var classes: Int = 10

  @Option(
    help: ArgumentHelp(
      "Which split of EMNIST, such as letters; 'none' for names without one.", valueName: "name"))
  var split: String = "only"

  @Option(
    help: ArgumentHelp(
      "The label of the first class in the files; 1 for EMNIST's letters.", valueName: "number"))
  var firstLabel: Int = 0

  @Flag(help: "Change rows and columns of the images, as EMNIST needs it.")
  var transpose = false

  func validate() throws {
    if classes < 2 || classes > 256 { throw ValidationError("--classes has to be 2 to 256") }
    if firstLabel < 0 || firstLabel > 255 {
      throw ValidationError("--first-label has to be 0 to 255")
    }
    if split.isEmpty { throw ValidationError("--split is empty") }
  }

  func run() throws {
    try reportingErrors {
      let source = try source()
      if let reason = try MatrixMemory().objection(
        rows: 2 * (source.trainingCount ?? 0), columns: source.shape.count, and: 0,
        for: "their digest")
      {
        throw Failure("\(data): \(reason)")
      }
      let summary = try DataSummary(source)
      try Console.print(
        """
        \(data): ok
        training examples  \(summary.trainingCount)
        test examples      \(summary.testCount)
        input              \(source.shape)
        classes            \(source.classCount)
        per class          \(summary.examplesPerClass.map(String.init).joined(separator: " "))
        sha256             \(summary.digest ?? "none: drawn per seed")
        """)
    }
  }

  private func source() throws -> any DataSource {
    let entry = Catalog.builtIn.datasets.first { $0.manifest.id.rawValue == data }
    if let entry, !FileManager.default.fileExists(atPath: data) {
      guard classes == 10, split == "only", firstLabel == 0, !transpose else {
        throw Failure(
          "'\(data)' is read as it is: --classes, --split, --first-label and --transpose are for folders "
            + "with IDX files")
      }
      guard let arguments = try? Arguments([:], for: entry.manifest) else {
        throw Failure("'\(data)' has parameters that a scenario gives; there is nothing to verify")
      }
      let folders = DataFolders(
        besideScenario: nil, environment: ProcessInfo.processInfo.environment)
      let source = try entry.open(arguments, DatasetSetup(locate: folders.locate))
      guard try source.canonicalArrays() != nil else {
        throw Failure("'\(data)' is drawn anew for each seed; there is nothing to verify")
      }
      return source
    }
    guard FileManager.default.fileExists(atPath: data) else {
      throw Failure(
        "\(data): no such folder; give a folder with IDX files, or 'digits' for the bundled data")
    }
    guard FileManager.default.fileExists(atPath: data + "/.") else {
      throw Failure("\(data): is a file; give the folder that holds the IDX files")
    }
    return try IDXSource(
      files: IDXFiles(folder: data, split: IDXFiles.Split(split)), classCount: classes,
      firstLabel: firstLabel, isTransposed: transpose)
  }
}
