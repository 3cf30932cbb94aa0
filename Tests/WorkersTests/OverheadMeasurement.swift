import Components
import Determinism
import Federation
import Foundation
import Kernels
import Tensors
import Testing
import Workers
import _TestSupport

/// What a round with a rule in another process costs besides the rule: asserts nothing, and runs only
/// with `GAUNTLET_MEASURE=1`, where NumPy is installed.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["GAUNTLET_MEASURE"] == "1"))
struct OverheadMeasurement {
  private static let mean = """
    import numpy as np
    hello = read()
    while hello["type"] == "hello":
        ready(reusable=True)
        message = read()
        while message["type"] == "aggregate":
            n, d = message["arrays"]["updates"]
            start = time.perf_counter()
            if "files" in hello:
                rows = np.memmap(hello["files"]["updates"], np.float32, "r", 128, (n, d))
                target = np.memmap(hello["files"]["result"], np.float32, "r+", 128, (d,))
                spent = time.perf_counter()
                target[:] = rows.mean(axis=0)
                seconds = time.perf_counter() - spent
            else:
                rows = np.frombuffer(sys.stdin.buffer.read(4 * n * d), np.float32).reshape(n, d)
                spent = time.perf_counter()
                target = rows.mean(axis=0)
                seconds = time.perf_counter() - spent
            say(type="aggregated", call=message["call"], arrays={"result": [d]},
                report={"seconds": seconds})
            if "files" not in hello:
                sys.stdout.buffer.write(target.tobytes())
                sys.stdout.buffer.flush()
            message = read()
        hello = message

    """

  @Test(arguments: [7_850, 61_706, 1_000_000], ["mapped", "inline"])
  func aRoundOfFiftyRows(columnCount: Int, transport: String) throws {
    let folder = try TemporaryFolder()
    let words = try WorkerScript.python(Self.mean, in: folder)
    let entry = AggregatorEntry.external()
    let arguments = try Arguments(
      ["exec": .list(words.map { .text($0) }), "transport": .text(transport)], for: entry.manifest)
    let described = try #require(try entry.described(by: arguments, in: folder.path))
    var rule = try described.entry.make(arguments, DefenseSetup(participantCount: 50))
    let values = (0..<50 * columnCount).map { Float($0 % 1009) - 500 }
    let updates = UpdateMatrix(
      Matrix(rowCount: 50, columnCount: columnCount, values: values))
    var overheads: [Double] = []
    var own: [Double] = []
    for round in 0..<21 {
      let start = ContinuousClock.now
      let result = try rule.aggregate(
        updates,
        in: RoundContext(
          round: round, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1)))
      let total = (ContinuousClock.now - start) / .milliseconds(1)
      guard case .number(let seconds)? = result.report["seconds"] else { continue }
      // The first one starts the process and makes the files.
      if round == 0 {
        print("MEASURED 50x\(columnCount) \(transport) first round \(Self.text(total)) ms")
      } else {
        overheads.append(total - 1000 * seconds)
        own.append(1000 * seconds)
      }
    }
    print(
      "MEASURED 50x\(columnCount) \(transport) overhead median \(Self.text(Self.median(overheads)))"
        + " ms (least \(Self.text(overheads.min() ?? 0))), the mean itself "
        + "\(Self.text(Self.median(own))) ms")
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
  private static func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
