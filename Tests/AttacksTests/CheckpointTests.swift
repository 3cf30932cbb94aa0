import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// What attacks remember goes through a checkpoint to the bit, over the whole catalogue.
@Suite struct CheckpointTests {
  private typealias Outcome = CheckpointTask.Outcome

  /// The attacks and modifiers that remember something with their defaults.
  private static let remembering = [
    "3dfed", "a3fl", "alternating-minimization", "cerberus", "dpot", "f3ba", "mimic", "neurotoxin",
    "poisoned-fl", "rop", "sparse", "stale-update", "xfed", "backdoor with gradient-mask",
  ]

  // MARK: - Writing and reading

  private final class Written {
    var bytes: [UInt8] = []
  }

  private func written(_ pipeline: AttackPipeline) -> [UInt8] {
    let written = Written()
    var pass = CheckpointPass { bytes in
      written.bytes += bytes
      return nil
    }
    var copy = pipeline
    copy.checkpoint(&pass)
    pass.finish()
    #expect(pass.problem == nil)
    return written.bytes
  }

  /// Reads into a pipeline; returns what was wrong.
  private func read(_ bytes: [UInt8], into pipeline: inout AttackPipeline) -> String? {
    var pass = CheckpointPass(reading: bytes)
    pipeline.checkpoint(&pass)
    pass.finish()
    return pass.problem
  }

  /// An attack after so many rounds.
  private struct Trial {
    var pipeline: AttackPipeline
    var global = CheckpointTask.start
    var round = 0

    mutating func advance(_ count: Int) throws -> [CheckpointTask.Outcome] {
      try (0..<count).map { _ in
        defer { round += 1 }
        return try CheckpointTask.advance(&pipeline, &global, round: round)
      }
    }

    /// The same round and model with another attack.
    func with(_ other: AttackPipeline) -> Trial {
      Trial(pipeline: other, global: global, round: round)
    }
  }

  private func trial(_ task: CheckpointTask, after rounds: Int) throws -> Trial {
    var trial = Trial(pipeline: try task.make())
    _ = try trial.advance(rounds)
    return trial
  }

  /// All that values are made of, in no order.
  private func anatomy(_ pipeline: AttackPipeline) -> [String] {
    var text = ""
    dump(pipeline, to: &text)
    // Dictionaries have no order, which shows in the numbers of objects and in what an optional says of
    // its own; what it has comes after it, anyway.
    return text.split(separator: "\n").map { line in
      String(line.replacing(/#[0-9]+|Optional\(.*/, with: ""))
    }.sorted()
  }

  // MARK: - Going on

  @Test(arguments: CheckpointTask.all)
  func `an attack goes on from a checkpoint to the bit`(task: CheckpointTask) throws {
    var running = Trial(pipeline: try task.make())
    for round in 0...10 {
      let bytes = written(running.pipeline)
      var other = running.with(try task.make())
      #expect(read(bytes, into: &other.pipeline) == nil)
      #expect(written(other.pipeline) == bytes)
      var original = running
      #expect(try other.advance(3) == original.advance(3), "after round \(round)")
      #expect(written(other.pipeline) == written(original.pipeline))
      _ = try running.advance(1)
    }
  }

  @Test(arguments: CheckpointTask.all)
  func `every property is that of before once it acted`(task: CheckpointTask) throws {
    var original = try trial(task, after: 8)
    var other = original.with(try task.make())
    #expect(read(written(original.pipeline), into: &other.pipeline) == nil)
    // The second of these rounds has all of its clients.
    #expect(try original.advance(2) == other.advance(2))
    let (expected, found) = (anatomy(original.pipeline), anatomy(other.pipeline))
    // A whole anatomy is too much to be shown.
    let differing = zip(expected, found).first { $0 != $1 }.map { "\($0), not \($1)" }
    #expect(differing == nil && expected.count == found.count, "\(differing ?? "")")
  }

  @Test(arguments: CheckpointTask.all)
  func `what is remembered matters`(task: CheckpointTask) throws {
    var isRemembering = false
    var matters = false
    for rounds in 1...9 {
      var original = try trial(task, after: rounds)
      let tokens = try #require(CheckpointTokens(written(original.pipeline)))
      isRemembering = isRemembering || tokens.isRemembering
      var fresh = original.with(try task.make())
      let (expected, found) = (try original.advance(3), try fresh.advance(3))
      matters =
        matters
        || zip(expected, found).contains { pair in
          var (one, other) = pair
          // A count alone would say little.
          (one.gradientCount, other.gradientCount) = (0, 0)
          return one != other
        }
    }
    #expect(isRemembering == matters)
  }

  @Test func `those remember that are known to`() throws {
    let found = try CheckpointTask.defaults.filter { task in
      let tokens = CheckpointTokens(written(try trial(task, after: 6).pipeline))
      return try #require(tokens).isRemembering
    }
    #expect(
      found.map { ([$0.id] + $0.modifiers.map(\.id)).joined(separator: " with ") }
        == Self.remembering)
  }

  @Test func `a copy and its original share nothing`() throws {
    for task in CheckpointTask.all {
      let original = try trial(task, after: 6)
      let bytes = written(original.pipeline)
      var other = original.with(try task.make())
      #expect(read(bytes, into: &other.pipeline) == nil)
      _ = try other.advance(3)
      #expect(written(original.pipeline) == bytes)
    }
  }

  // MARK: - What cannot be

  @Test(arguments: CheckpointTask.all)
  func `bytes that end anywhere are a problem`(task: CheckpointTask) throws {
    let bytes = written(try trial(task, after: 6).pipeline)
    let fresh = try task.make()
    for count in 0..<bytes.count {
      var pipeline = fresh
      #expect(read(Array(bytes.prefix(count)), into: &pipeline) != nil, "\(count) bytes")
    }
    var pipeline = fresh
    #expect(read(bytes + [0], into: &pipeline) != nil)
  }

  @Test(arguments: CheckpointTask.all)
  func `vectors and masks of another length are a problem`(task: CheckpointTask) throws {
    let fresh = try task.make()
    for rounds in [2, 6] {
      let bytes = written(try trial(task, after: rounds).pipeline)
      let tokens = try #require(CheckpointTokens(bytes))
      #expect(tokens.bytes == bytes)
      for changed in tokens.withOtherLengths(of: [.floats, .booleans]) {
        var pipeline = fresh
        #expect(read(changed, into: &pipeline) != nil)
      }
    }
  }

  @Test(arguments: CheckpointTask.all)
  func `whatever is read without a problem acts without a trap`(task: CheckpointTask) throws {
    let fresh = try task.make()
    for rounds in [3, 7] {
      let original = try trial(task, after: rounds)
      let tokens = try #require(CheckpointTokens(written(original.pipeline)))
      for changed in tokens.withOtherValues + tokens.withOtherLengths(of: [.integers, .doubles]) {
        var other = original.with(fresh)
        guard read(changed, into: &other.pipeline) == nil else { continue }
        #expect(try other.advance(3).count == 3)
      }
    }
  }

  @Test func `a checkpoint of another model is a problem`() throws {
    for task in CheckpointTask.all {
      let bytes = written(try trial(task, after: 7).pipeline)
      let tokens = try #require(CheckpointTokens(bytes))
      let hasModel = tokens.tokens.contains {
        ($0.kind == .floats || $0.kind == .booleans)
          && $0.values.count == CheckpointTask.start.count
      }
      var pipeline = try task.make(hidden: 5)
      #expect((read(bytes, into: &pipeline) != nil) == hasModel, "\(task.testDescription)")
    }
  }

  @Test(arguments: ["3dfed", "cerberus", "stale-update"])
  func `a checkpoint of other clients is a problem`(id: String) throws {
    let task = CheckpointTask(id)
    // The last round had attackers, of which indicators are planted.
    let bytes = written(try trial(task, after: 6).pipeline)
    var pipeline = try task.make(of: [0, 1, 2, 9].map { ClientID($0) })
    #expect(read(bytes, into: &pipeline)?.hasPrefix("client 3 is none") == true)
  }

  @Test func `counts that would overflow are a problem`() throws {
    for id in ["3dfed", "a3fl", "cerberus", "dpot", "f3ba"] {
      let original = try trial(CheckpointTask(id), after: 6)
      let count = UInt64(original.pipeline.gradientCount)
      #expect(count > 0)
      let bytes = written(original.pipeline)
      var tokens = try #require(CheckpointTokens(bytes))
      let isCount = CheckpointTokens.Token(kind: .integer, values: [count])
      let place = try #require(tokens.tokens.lastIndex(of: isCount))
      tokens.replace(place, by: UInt64(Int.max))
      var pipeline = try CheckpointTask(id).make()
      #expect(read(tokens.bytes, into: &pipeline) != nil)
    }
  }
}
