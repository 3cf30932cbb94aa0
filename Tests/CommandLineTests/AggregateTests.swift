import Components
import Determinism
import Federation
import Foundation
import Kernels
import Suite
import Tensors
import Testing
import _TestSupport

@Suite struct AggregateTests {
  /// With f = 2 the n − f − 2 = 3 rows nearest to row 1 are 0, 2 and 3, at squared distances 4, 1
  /// and 4: a score of 9, the lowest; row 2 follows with 11.
  static let rows: [[Double]] = [
    [0, 0], [2, 0], [3, 0], [4, 0], [9, 0], [50, 50], [-60, 40],
  ]

  private func aggregate(_ arguments: [String], _ bytes: [UInt8]) throws -> Program.Outcome {
    let folder = try TemporaryFolder()
    try FileManager.default.write(bytes, to: "m.npy", in: folder.path)
    return try Program.run(["aggregate"] + arguments + ["m.npy"], in: folder.path)
  }

  @Test func krumOnDoublesAndFloats() throws {
    let doubles = try aggregate(["--defense", "krum:f=2"], NumPyFile.doubles(Self.rows))
    #expect(doubles.status == 0 && doubles.errors.isEmpty)
    #expect(doubles.output == "2.0\n0.0\n")
    let floats = try aggregate(["--defense", "krum:f=2"], NumPyFile.floats(Self.rows))
    #expect(floats.output == "2.0\n0.0\n")
  }

  @Test(arguments: ["<f4", "<f8"]) func theResultIsSinglePrecision(type: String) throws {
    let folder = try TemporaryFolder()
    let isDouble = type == "<f8"
    try FileManager.default.write(
      isDouble ? NumPyFile.doubles(Self.rows) : NumPyFile.floats(Self.rows), to: "m.npy",
      in: folder.path)
    let outcome = try Program.run(
      ["aggregate", "--defense", "median", "m.npy", "-o", "out.npy"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let result = try NumPyFile.read(folder.path + "/out.npy")
    #expect(result.shape == "(2,)")
    #expect(result.type == "float32")
    #expect(result.values == [3, 0])
    #expect(try folder.names() == ["m.npy", "out.npy"])
  }

  @Test func valuesOutsideSinglePrecisionAreRefused() throws {
    var rows = Self.rows
    rows[5][1] = 1e199
    let outcome = try aggregate(["--defense", "krum:f=2"], NumPyFile.doubles(rows))
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "gauntlet: m.npy: row 5, column 1 is 1e+199, outside single precision\n")
  }

  @Test func serverDataOfARuleIsGivenAsItsUpdate() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(
      NumPyFile.floats([[1, 0], [0, 2], [-3, 0]]), to: "m.npy", in: folder.path)
    try FileManager.default.write(NumPyFile.floats([[2, 0]]), to: "root.npy", in: folder.path)
    let command = ["aggregate", "--defense", "fltrust", "m.npy"]
    // Only the first row points the way of the server's own; it gets the length of that.
    let outcome = try Program.run(command + ["--root", "root.npy"], in: folder.path)
    #expect(outcome.output == "2.0\n0.0\n")
    let missing = try Program.run(command, in: folder.path)
    #expect(missing.status == 1 && missing.errors.contains("--root"))
    // One that nothing reads is told of.
    let spare = try Program.run(
      ["aggregate", "--defense", "mean", "m.npy", "--root", "root.npy"], in: folder.path)
    #expect(spare.status == 0)
    #expect(spare.errors == "gauntlet: root.npy: is not read, as no method needs --root\n")
  }

  /// Every rule of the catalog that needs no data; parameters that have to be given are 1.
  @Test(
    arguments: Catalog.builtIn.aggregators.filter {
      $0.needs.isDisjoint(with: [.rootData, .model, .outOfDistributionData])
    }
    .map(\.manifest.id.rawValue))
  func everyRuleEqualsTheLibrary(id: String) throws {
    let entry = try Catalog.builtIn.aggregator(ComponentID(id))
    var given: [String: ArgumentValue] = [:]
    for parameter in entry.manifest.parameters {
      switch parameter.default {
      case .value: break
      case .plan, .planned, .required: given[parameter.name] = .integer(1)
      }
    }
    let n = Self.rows.count
    let rule = try entry.make(
      try Arguments(given, for: entry.manifest), DefenseSetup(participantCount: n))
    var pipeline = DefensePipeline(stages: [], rule: rule)
    var updates = UpdateMatrix(
      values: Matrix<Float>(rows: Self.rows.map { $0.map { Float($0) } }),
      provenance: (0..<n).map { Provenance(ClientID($0)) },
      weights: [Double](repeating: 1 / Double(n), count: n))
    let context = RoundContext(
      round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1))
    let expected = try pipeline.aggregate(&updates, in: context).update

    let parameters = given.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let outcome = try aggregate(
      ["--defense", parameters.isEmpty ? id : "\(id):\(parameters)"], NumPyFile.doubles(Self.rows))
    #expect(outcome.outputLines.compactMap { Float($0) } == expected)
  }

  @Test func stagesAloneGiveAMatrixAndWithARuleAVector() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(
      NumPyFile.doubles([[0], [2], [10]]), to: "m.npy", in: folder.path)
    let stage = ["aggregate", "--stage", "nnm:f=1", "m.npy"]
    #expect(try Program.run(stage, in: folder.path).output == "1.0\n1.0\n6.0\n")
    _ = try Program.run(stage + ["-o", "out.npy"], in: folder.path)
    let matrix = try NumPyFile.read(folder.path + "/out.npy")
    #expect(matrix.shape == "(3, 1)" && matrix.values == [1, 1, 6])
    _ = try Program.run(stage + ["--defense", "median", "-o", "out.npy"], in: folder.path)
    let vector = try NumPyFile.read(folder.path + "/out.npy")
    #expect(vector.shape == "(1,)" && vector.values == [1])
  }

  private struct Report: Decodable {
    struct Verdict: Decodable {
      let row: Int
      let disposition: String
      let weight: Double
      let suspicion: Double?
    }
    struct Details: Decodable {
      let selected: [Int]
    }
    let leftOut: [Int]
    let report: Details
    let verdicts: [Verdict]

    enum CodingKeys: String, CodingKey {
      case report, verdicts
      case leftOut = "left-out"
    }
  }

  @Test func theReport() throws {
    let outcome = try aggregate(["--defense", "krum:f=2", "--json"], NumPyFile.doubles(Self.rows))
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.leftOut.isEmpty)
    #expect(report.report.selected == [1])
    #expect(report.verdicts.map(\.row) == Array(0..<7))
    #expect(report.verdicts.map(\.weight) == [0, 1, 0, 0, 0, 0, 0])
    #expect(report.verdicts.map(\.disposition).count { $0 == "rejected" } == 6)
    let suspicion = report.verdicts.compactMap(\.suspicion)
    #expect(suspicion.count == 7 && Array(suspicion[1...2]) == [9, 11])
    #expect(suspicion.min() == 9)
  }

  @Test func rowsThatAreNotFiniteAreLeftOutAndNamed() throws {
    var rows = Self.rows
    rows.insert([.nan, 1], at: 1)
    rows.append([.infinity, 1])
    let outcome = try aggregate(["--defense", "krum:f=2", "--json"], NumPyFile.doubles(rows))
    #expect(outcome.status == 0)
    #expect(
      outcome.errors
        == "gauntlet: m.npy: left out 2 of 9 rows with values that are not finite: 1, 8\n")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.leftOut == [1, 8])
    #expect(report.report.selected == [2])
    #expect(report.verdicts.map(\.row) == [0, 2, 3, 4, 5, 6, 7])
    let none = try aggregate(["--defense", "mean"], NumPyFile.doubles([[.nan], [.nan]]))
    #expect(
      none.status == 1 && none.errors.hasSuffix("gauntlet: m.npy: no row has finite values\n"))
  }

  @Test func otherLayoutsOfTheSameMatrix() throws {
    let columns = (0..<2).flatMap { column in Self.rows.map { $0[column] } }
    let fortran = NumPyFile.bytes(
      "<f8", shape: "(7, 2)", isFortranOrder: true, columns.flatMap(NumPyFile.littleEndian))
    #expect(try aggregate(["--defense", "krum:f=2"], fortran).output == "2.0\n0.0\n")
    let big = NumPyFile.bytes(
      ">f8", shape: "(7, 2)", Self.rows.joined().flatMap { NumPyFile.littleEndian($0).reversed() })
    #expect(try aggregate(["--defense", "krum:f=2"], big).output == "2.0\n0.0\n")
  }

  struct BadFile: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let message: String
    var testDescription: String { name }
  }

  static let badFiles: [BadFile] = [
    BadFile(
      name: "three dimensions",
      bytes: NumPyFile.bytes("<f8", shape: "(2, 3, 4)", [UInt8](repeating: 0, count: 192)),
      message: "has shape (2, 3, 4), 3 dimensions"),
    BadFile(
      name: "pickled", bytes: NumPyFile.bytes("|O", shape: "(1,)", [0x80, 4]),
      message: "holds pickled Python objects ('|O'), which are never read"),
    BadFile(
      name: "integers",
      bytes: NumPyFile.bytes("<i8", shape: "(1, 2)", [UInt8](repeating: 0, count: 16)),
      message: "holds int64 ('<i8'); accepted are float32 and float64, as matrix.astype"),
    BadFile(
      name: "short", bytes: Array(NumPyFile.doubles(rows).dropLast()),
      message: "short file: 7 x 2 elements of 8 bytes expect 112 bytes, found 111"),
    BadFile(
      name: "extra bytes", bytes: NumPyFile.doubles(rows) + [0],
      message: "extra bytes: 7 x 2 elements of 8 bytes expect 112 bytes, found 113"),
    BadFile(
      name: "no rows", bytes: NumPyFile.bytes("<f8", shape: "(0, 2)", []),
      message: "has shape (0, 2): no elements"),
    BadFile(name: "empty", bytes: [], message: "the file is empty"),
    BadFile(name: "text", bytes: Array("1 2 3\n".utf8), message: "wrong magic"),
  ]

  @Test(arguments: badFiles) func badFilesAreRefused(_ file: BadFile) throws {
    for arguments in [["--defense", "mean"], ["--stage", "nnm:f=0", "-o", "out.npy"]] {
      let outcome = try aggregate(arguments, file.bytes)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("gauntlet: m.npy: \(file.message)"), "\(outcome.errors)")
    }
  }

  @Test(arguments: [
    (
      ["--stage", "nnm:f=1", "--defense", "fldetector"],
      ["fldetector: follows clients over rounds, which the stage 'nnm' mixes"]
    ),
    (["--defense", "krumm:f=2"], ["unknown defense 'krumm'; did you mean 'krum'?"]),
    (
      ["--defense", "krumm", "--stage", "nmm"],
      ["unknown stage 'nmm'; did you mean 'nnm'?", "unknown defense 'krumm'; did you mean 'krum'?"]
    ),
    (
      ["--defense", "krum:g=2"],
      [
        "krum: unknown parameter 'g'; did you mean 'f'?",
        "krum: parameter 'f' has to be given here (krum:f=…)",
      ]
    ),
    (["--defense", "krum"], ["krum: parameter 'f' has to be given here (krum:f=…)"]),
    (["--defense", "krum:f=3"], ["krum: needs n >= 2f + 3 = 9 submissions for f = 3, got 7"]),
    (
      ["--stage", "bucketing:size=2", "--defense", "krum:f=1"],
      ["krum: needs n >= 2f + 3 = 5 submissions for f = 1, got 4"]
    ),
    (["--defense", "krum:f"], ["'krum:f': 'f' is not name=value"]),
    (["--defense", "krum:f=1,f=2"], ["'krum:f=1,f=2': f is given twice"]),
  ])
  func wrongComponents(arguments: [String], messages: [String]) throws {
    let outcome = try aggregate(arguments, NumPyFile.doubles(Self.rows))
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errorLines == messages.map { "gauntlet: \($0)" })
  }

  @Test(arguments: [
    [], ["--defense", "mean", "-o", ""], ["--defense", "mean", "-j", "0"],
    ["--defense", "mean", "--json", "-o", "-"], ["--stage", "nnm:f=1", "--json"],
  ])
  func wrongOptionsAreUsageErrors(arguments: [String]) throws {
    let outcome = try aggregate(arguments, NumPyFile.doubles(Self.rows))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
  }

  @Test func outputsThatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.doubles(Self.rows), to: "m.npy", in: folder.path)
    for path in ["nowhere/out.npy", "."] + (Self.hasFullDevice ? ["/dev/full"] : []) {
      let outcome = try Program.run(
        ["aggregate", "--defense", "mean", "m.npy", "-o", path], in: folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("gauntlet: \(path): cannot be written: "))
    }
    #expect(try folder.names() == ["m.npy"])
  }

  @Test func pipes() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(
      NumPyFile.doubles([[0], [2], [10]]), to: "m.npy", in: folder.path)
    let outcome = try Program.shell(
      """
      cat m.npy | "$GAUNTLET" aggregate --stage nnm:f=1 - -o - \
      | "$GAUNTLET" aggregate --defense mean -
      """, in: folder.path)
    #expect(outcome.outputLines.compactMap { Double($0) } == [2.6666667])
  }

  static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")
}
