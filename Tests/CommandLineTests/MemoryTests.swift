import Foundation
import Testing
import _TestSupport

/// What does not fit in memory is refused with the figures, before it is asked for.
@Suite struct MemoryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
  }

  private func run(_ line: String, memory: String? = nil) throws -> Program.Outcome {
    try Program.run(
      line.split(separator: " ").map(String.init), in: folder.path,
      environment: memory.map { ["GAUNTLET_MEMORY": $0] } ?? [:])
  }

  /// A file that is as long as it says, and takes no room.
  private func sparse(_ name: String, _ type: String, shape: String, bytes: Int) throws {
    let header = NumPyFile.bytes(type, shape: shape, [])
    try FileManager.default.write(header, to: name, in: folder.path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/" + name))
    try handle.truncate(atOffset: UInt64(header.count + bytes))
    try handle.close()
  }

  @Test(arguments: [
    "validate tiny.yaml", "plan tiny.yaml", "run tiny.yaml -o out", "run tiny.yaml -o out -n",
  ])
  func aScenario(command: String) throws {
    let outcome = try run(command, memory: "10kB")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors.contains(
        /^gauntlet: tiny.yaml:7:10: .* need.* about .* of memory, and 0 MiB is there \(GAUNTLET_MEMORY\)/
      ), "\(outcome.errors)")
    #expect(try folder.names() == ["tiny.yaml"])
    #expect(try run(command, memory: "1GB").status == 0)
  }

  @Test func theVariable() throws {
    for text in ["x", "-5GB", "1e400"] {
      let outcome = try run("plan tiny.yaml", memory: text)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors
          == "gauntlet: GAUNTLET_MEMORY is '\(text)'; give an amount of memory, such as 8GiB or "
          + "500MB\n")
    }
    #expect(try run("plan tiny.yaml", memory: "").status == 0)
  }

  @Test(arguments: [
    "mlp, hidden: [1000000, 1000000]", "mlp, hidden: [1000000, 1000000, 1000000, 1000000]",
  ])
  func modelsLargerThanTheMachine(model: String) throws {
    try folder.write(TestScenario.tiny("mlp, hidden: [4]", model), to: "tiny.yaml")
    let outcome = try run("run tiny.yaml -o out")
    #expect(outcome.exited && outcome.status == 1)
    #expect(outcome.errors.contains("parameters for 6 participants needs about"))
    #expect(try folder.names() == ["tiny.yaml"])
  }

  /// 100,000 rows: 400 KB, 75 GiB of distances.
  @Test(arguments: ["--defense bulyan:f=1", "--stage nnm:f=1", "--defense mean --stage nnm:f=1"])
  func distancesOfAllPairs(options: String) throws {
    let count = 100_000
    try sparse("m.npy", "<f4", shape: "(\(count), 1)", bytes: 4 * count)
    let outcome = try run("aggregate \(options) m.npy", memory: "20GiB")
    #expect(outcome.exited && outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("gauntlet: m.npy: 100000 x 1 values and "))
    #expect(outcome.errors.contains("GiB of memory, and 20 GiB are there (GAUNTLET_MEMORY): take"))
  }

  @Test(arguments: ["<f4", "<f8"]) func filesLargerThanTheMachine(type: String) throws {
    let size = type == "<f4" ? 4 : 8
    try sparse("m.npy", type, shape: "(3000000, 500000)", bytes: size * 3_000_000 * 500_000)
    try FileManager.default.write(NumPyFile.floats([[1, 2]]), to: "two.npy", in: folder.path)
    for command in [
      "aggregate --defense mean m.npy", "aggregate --defense krum:f=1 m.npy -o out.npy",
      "craft --attack sign-flip:f=1 m.npy",
      "aggregate --stage clipping:bound=1 m.npy --json -o o.npy",
    ] {
      let outcome = try run(command)
      #expect(outcome.exited && outcome.status == 1 && outcome.output.isEmpty, "\(command)")
      #expect(outcome.errors.contains("3000000 x 500000 values and "), "\(outcome.errors)")
    }
    let root = try run("aggregate --defense fltrust two.npy --root m.npy")
    #expect(root.status == 1)
    #expect(root.errors == "gauntlet: m.npy: has to be one vector of 2 finite values\n")
    #expect(try folder.names() == ["m.npy", "tiny.yaml", "two.npy"])
  }

  @Test func manyCraftedRows() throws {
    try sparse("m.npy", "<f4", shape: "(2, 100000)", bytes: 800_000)
    let outcome = try run("craft --attack sign-flip:f=1000000 m.npy -o out.npy", memory: "8GiB")
    #expect(outcome.exited && outcome.status == 1)
    #expect(outcome.errors.contains("2 x 100000 values and 1000000 rows made of them need about"))
  }

  #if os(Linux)
  /// The limit of the process counts, as the shell sets it.
  @Test(.ofLimits) func theLimitOfTheProcess() throws {
    try sparse("m.npy", "<f4", shape: "(30000, 1)", bytes: 120_000)
    let outcome = try Program.shell(
      "ulimit -v 4000000; $GAUNTLET aggregate --stage nnm:f=1 m.npy", in: folder.path)
    #expect(outcome.exited && outcome.status == 1)
    #expect(outcome.errors.contains("(left of the limit of addresses, ulimit -v)"))
  }
  #endif
}
