import Foundation
import Testing
import _TestSupport

/// `data fetch` without a network: what it says, and what it leaves.
@Suite struct DataFetchTests {
  private let folder: TemporaryFolder
  /// Nobody listens at port 1.
  private let nobody = "http://127.0.0.1:1/"

  init() throws { folder = try TemporaryFolder() }

  private func fetch(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["data", "fetch"] + arguments, in: folder.path,
      environment: ["GAUNTLET_OFFLINE": ""].merging(environment) { $1 })
  }

  @Test func anUnknownNameIsSuggested() throws {
    let outcome = try fetch("minst")
    #expect(outcome.status == 64)
    #expect(
      outcome.errors.contains("'minst' is no data set that can be fetched; did you mean 'mnist'?"))
  }

  @Test(arguments: ["ftp://example.org/", "mirror", "http://", "http://a b/"])
  func mirrorsAreAddresses(mirror: String) throws {
    let outcome = try fetch("mnist", "--mirror", mirror)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("an address begins with http:// or https://"))
    #expect(try folder.names().isEmpty)
  }

  @Test(arguments: [
    ("http://me:secret@example.org/", "names a user or a password"),
    ("https://secret@example.org", "names a user or a password"),
    ("http://example.org\\secret@evil/", "names a user or a password"),
    ("http://example.org/?token=secret", "no '?' and no '#'"),
    ("http://example.org/a#secret", "no '?' and no '#'"),
    ("ftp://me:secret@example.org/", "an address begins with http:// or https://"),
  ])
  func mirrorsHaveNoSecrets(mirror: String, message: String) throws {
    let outcome = try fetch("mnist", "--mirror", mirror, "--accept-licenses")
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!outcome.errors.contains("secret"))
    #expect(try folder.names().isEmpty)
  }

  @Test func unpackedFilesAreKnownBySizesAlone() throws {
    // Sparse files, in a folder whose name a terminal and YAML would read otherwise.
    let name = "a: \"b\", c\u{1b}#"
    let home = folder.path + "/\(name)/cifar-10/cifar-10-batches-bin"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      #expect(FileManager.default.createFile(atPath: home + "/\(name).bin", contents: nil))
      try #require(unsafe truncate(home + "/\(name).bin", 30_730_000) == 0)
    }
    let outcome = try fetch("cifar-10", "--output", name)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.outputLines == [
        #"a: "b", c\u{1b}#/cifar-10: there already, with the sizes of the published ones"#,
        #"in a scenario: dataset: {use: cifar-10, folder: "a: \"b\", c\u001b#/cifar-10"}"#,
      ])
    // And the line works.
    let line = try #require(outcome.outputLines.last?.split(separator: ": ", maxSplits: 1).last)
    try folder.write(
      TestScenario.tiny(
        "dataset: {use: gaussian-classes, features: 6, classes: 3, train: 120, test: 60}",
        String(line)), to: "s.yaml")
    let check = try Program.run(["validate", "s.yaml"], in: folder.path)
    #expect(check.status == 0, "\(check.errors)")
  }

  @Test func theLicenseIsShownAndHasToBeAccepted() throws {
    let outcome = try fetch("kmnist", "--mirror", nobody)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("license  CC-BY-SA-4.0\n"))
    #expect(outcome.output.contains("credit   KMNIST Dataset (created by CODH)"))
    #expect(outcome.output.contains("source   https://codh.rois.ac.jp/kmnist/\n"))
    #expect(outcome.output.contains("to fetch 4 files, 21.2 MB\n"))
    #expect(
      outcome.errors
        == "gauntlet: nobody is there to accept the license; --accept-licenses does it\n")
    #expect(try folder.names().isEmpty)
  }

  @Test(arguments: [(["--offline"], [:]), ([], ["GAUNTLET_OFFLINE": "1"])])
  func offlineItSaysWhatIsMissing(options: [String], environment: [String: String]) throws {
    let outcome = try Program.run(
      ["data", "fetch", "mnist", "--accept-licenses"] + options, in: folder.path,
      environment: environment)
    #expect(outcome.status == 1)
    #expect(outcome.errorLines.count == 4)
    #expect(
      outcome.errorLines.first
        == "gauntlet: mnist/train-images-idx3-ubyte.gz: not there, and nothing is fetched offline; its "
        + "address is https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz, its "
        + "SHA-256 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609")
    #expect(try folder.names().isEmpty)
  }

  @Test func aMirrorThatIsNotThere() throws {
    let outcome = try fetch("mnist", "--mirror", nobody, "--accept-licenses", "-o", "data")
    #expect(outcome.status == 1)
    #expect(outcome.errorLines.first == "train-images-idx3-ubyte.gz, 9.9 MB")
    #expect(
      outcome.errors.contains("gauntlet: \(nobody)train-images-idx3-ubyte.gz: curl (7) "))
    #expect(
      outcome.errorLines.last
        == "gauntlet: data/mnist/train-images-idx3-ubyte.gz: not fetched; none of 1 addresses has the "
        + "file")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data/mnist").isEmpty)
  }

  @Test func withoutCurl() throws {
    let outcome = try fetch(
      "mnist", "--mirror", nobody, "--accept-licenses", environment: ["PATH": folder.path])
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("gauntlet: the program curl is needed to fetch files"))
  }

  @Test func filesOfOtherContentsStay() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/mnist", withIntermediateDirectories: false)
    try folder.write("mine", to: "mnist/t10k-labels-idx1-ubyte.gz")
    let outcome = try fetch(
      "mnist", "--mirror", nobody, "--accept-licenses",
      environment: ["GAUNTLET_DATA": folder.path])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix(
        "gauntlet: \(folder.path)/mnist/t10k-labels-idx1-ubyte.gz: is not the published file: "))
    #expect(try folder.text("mnist/t10k-labels-idx1-ubyte.gz") == "mine")
  }
}
