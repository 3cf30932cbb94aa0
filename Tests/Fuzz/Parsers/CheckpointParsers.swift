import Components
import Determinism
import Federation
import Suite
import Tensors

/// What components remember, as a checkpoint holds it.
///
/// An input changes a checkpoint that somebody wrote. Its first byte says of what; the others are
/// commands, each a byte: keep up to 128 bytes, leave up to 64 out, or take up to 64 bytes that follow.
/// What no command came to is kept.
enum CheckpointParsers {
  /// What is read without a problem is written as bytes that read as the same, and works on.
  static func checkpoint(_ bytes: [UInt8]) throws {
    let place = Int(bytes.first ?? 0)
    guard place > 0 else { return try values(changed(writtenValues, by: bytes.dropFirst())) }
    let subject = subjects[(place - 1) % subjects.count]
    var read = subject.fresh
    try restore(&read, changed(subject.written, by: bytes.dropFirst())) { $0.checkpoint(&$1) }
    let written = written(read) { $0.checkpoint(&$1) }
    var again = subject.fresh
    try restore(&again, written) { $0.checkpoint(&$1) }
    require(
      self.written(again) { $0.checkpoint(&$1) } == written,
      "a memory that is not read as it was written")
    try read.play(round: subject.roundCount)
  }

  private static func values(_ bytes: [UInt8]) throws {
    var read = EveryValue()
    try restore(&read, bytes) { $0.checkpoint(&$1) }
    let written = written(read) { $0.checkpoint(&$1) }
    var again = EveryValue()
    try restore(&again, written) { $0.checkpoint(&$1) }
    require(
      self.written(again) { $0.checkpoint(&$1) } == written,
      "values that are not read as they were written")
  }

  private static let writtenValues = written(EveryValue.example) { $0.checkpoint(&$1) }

  // MARK: - Defenses with a memory

  private struct Subject: Sendable {
    let fresh: DefensePipeline
    let roundCount: Int
    /// The checkpoint after so many rounds.
    let written: [UInt8]

    init(_ fresh: DefensePipeline) throws {
      self.fresh = fresh
      roundCount = 5
      var played = fresh
      for round in 0..<roundCount { try played.play(round: round) }
      written = CheckpointParsers.written(played) { $0.checkpoint(&$1) }
    }
  }

  /// Every rule and stage that remembers something and needs nothing of the server.
  private static let subjects: [Subject] = {
    let setup = DefenseSetup(
      participantCount: rowCount, roundCount: 10,
      layout: ParameterLayout([
        .init(name: "w", role: .outputWeight, shape: [1, 2], range: 0..<2),
        .init(name: "b", role: .outputBias, shape: [1], range: 2..<3),
      ]))
    var subjects: [Subject] = []
    do {
      let mean = try Catalog.builtIn.aggregator("mean")
      for entry in Catalog.builtIn.aggregators where isSubject(entry.traits, entry.needs) {
        let rule = try entry.make(arguments(entry.manifest), setup)
        subjects.append(try Subject(DefensePipeline(rule: rule)))
      }
      for entry in Catalog.builtIn.stages where isSubject(entry.traits, entry.needs) {
        let stage = try entry.make(arguments(entry.manifest), setup)
        let rule = try mean.make(arguments(mean.manifest), setup.after(stage))
        subjects.append(try Subject(DefensePipeline(stages: [stage], rule: rule)))
      }
    } catch {
      require(false, "no defense to restore: \(error)")
    }
    require(!subjects.isEmpty, "no defense remembers anything")
    return subjects
  }()

  private static func isSubject(_ traits: DefenseTraits, _ needs: DefenseNeeds) -> Bool {
    traits.contains(.stateful)
      && needs.isDisjoint(with: [.rootData, .model, .outOfDistributionData, .rootUpdate])
  }

  /// A short memory, which is full after a few rounds.
  private static func arguments(_ manifest: ComponentManifest) throws -> Arguments {
    let hasWindow = manifest.parameters.contains { $0.name == "window" }
    return try Arguments(
      hasWindow ? ["window": .integer(2)] : [:], for: manifest,
      plan: [.declaredByzantine: .integer(1)])
  }

  // MARK: - Bytes

  private static func restore<Value>(
    _ value: inout Value, _ bytes: [UInt8], _ visit: (inout Value, inout CheckpointPass) -> Void
  ) throws {
    var pass = CheckpointPass(reading: bytes)
    visit(&value, &pass)
    pass.finish()
    if let problem = pass.problem { throw NotRead(problem: problem) }
  }

  private static func written<Value>(
    _ value: Value, _ visit: (inout Value, inout CheckpointPass) -> Void
  ) -> [UInt8] {
    let written = Written()
    var pass = CheckpointPass { bytes in
      written.bytes += bytes
      return nil
    }
    var value = value
    visit(&value, &pass)
    pass.finish()
    require(pass.problem == nil, "a checkpoint that cannot be written")
    return written.bytes
  }

  /// Bytes as the commands of an input change them.
  private static func changed(_ bytes: [UInt8], by input: ArraySlice<UInt8>) -> [UInt8] {
    var (left, commands) = (bytes[...], input)
    var result: [UInt8] = []
    while let command = commands.popFirst() {
      let count = Int(command & 63) + 1
      switch command {
      case 0..<128:
        result += left.prefix(Int(command) + 1)
        left = left.dropFirst(Int(command) + 1)
      case 128..<192: left = left.dropFirst(count)
      default:
        result += commands.prefix(count)
        commands = commands.dropFirst(count)
      }
    }
    return result + left
  }

  private final class Written {
    var bytes: [UInt8] = []
  }

  private struct NotRead: Error {
    let problem: String
  }

  fileprivate static let rowCount = 5
}

extension DefensePipeline {
  /// Plays a round, whose last row differs from the others.
  fileprivate mutating func play(round: Int) throws {
    let rowCount = CheckpointParsers.rowCount
    var random = SeedPath(root: 1).child(round).stream()
    let values = (0..<3 * rowCount).map { place in
      Float(random.normal()) * (place < 3 * (rowCount - 1) ? 0.1 : 4)
    }
    var updates = UpdateMatrix(Matrix(rowCount: rowCount, columnCount: 3, values: values))
    _ = try aggregate(
      &updates,
      in: RoundContext(
        round: round, global: [1, -0.5, Float(round)], seed: SeedPath(root: 2).child(round),
        pool: WorkPool(width: 1)))
  }
}
