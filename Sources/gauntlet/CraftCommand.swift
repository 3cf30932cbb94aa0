import ArgumentParser
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Simulation
import Suite
import Tensors

struct CraftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "craft",
    abstract: "Makes the malicious rows of an attack from honest ones.",
    usage: "gauntlet craft --attack <id:f=n,…> <honest> [options]",
    discussion: """
      The honest updates are a .npy file with one row per client; the result has f rows, and the \
      attack is told n = rows + f. Attacker i starts from honest row i (modulo their number) as its \
      own honest update. float64 input is converted, and refused where a value does not fit single \
      precision. Attacks that poison data or train cannot be crafted from a matrix. One that rehearses \
      the defense is told it with --defense.

      gauntlet craft --attack sign-flip:f=2,scale=4 honest.npy -o malicious.npy
      """)

  @Option(help: ArgumentHelp("The attack, such as sign-flip:f=2.", valueName: "id:f=n,key=value,…"))
  var attack: String

  @Option(
    help: ArgumentHelp(
      "The defense that an attack which knows it rehearses, such as krum:f=2.",
      valueName: "id:key=value,…"))
  var defense: String?

  @Option(
    help: ArgumentHelp(
      "A stage of that defense, such as nnm:f=2; may be repeated.", valueName: "id:key=value,…"))
  var stage: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the server's own data gives, for defenses that need it (.npy, d values).",
      valueName: "file"))
  var root: String?

  @Argument(help: "The honest updates, h x d; - is standard input.")
  var honest: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the rows go (.npy; - is standard output); without it, numbers are printed.",
      valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("The seed of randomized attacks.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    if output == "" { throw ValidationError("--output is empty") }
    if defense == nil && !(stage.isEmpty && root == nil) {
      throw ValidationError("--stage and --root belong to a --defense")
    }
  }

  func run() throws {
    try reportingErrors {
      let choice = try Choice(expression: attack)
      let entry = try Catalog.builtIn.attack(choice.use)
      var given = choice.given
      let f = try attackerCount(given.removeValue(forKey: "f"), choice)
      try requireUpdateAttack(entry, given)
      let arguments = try Arguments(given, for: entry.manifest)
      let all = try matrix(f)
      let setup = AttackSetup(
        participantCount: all.rowCount + f, classCount: 2, shape: .vector(all.columnCount),
        layout: ParameterLayout([]), serverRate: 1, schedule: nil,
        seed: SeedPath(root: seed))
      var made = try entry.make(arguments, setup)
      if made.threatModel.knowledge >= .defense && defense == nil {
        throw Failure("\(choice.use): rehearses the defense; name it with --defense")
      }
      var rows = Matrix<Float>(rowCount: f, columnCount: all.columnCount)
      for row in 0..<f { rows.setRow(row, toRow: row % all.rowCount, of: all) }
      let view = AttackerView(
        round: 0, global: [], clients: (0..<f).map { ClientID(all.rowCount + $0) },
        participantCount: all.rowCount + f,
        weightShare: Double(f) / Double(all.rowCount + f),
        honest: made.threatModel.knowledge >= .honestUpdates
          ? HonestUpdates(all) : nil,
        probe: try probe(all, f))
      var random = SeedPath(root: seed).child("craft").child(0).stream()
      let figures = made.craft(&rows, view, random: &random)
      for (name, value) in figures.sorted(by: { $0.key < $1.key }) {
        Console.note("gauntlet: \(name) = \(value)")
      }
      if let output {
        try NPYFile.write(rows, to: output)
      } else {
        try Console.print(NumberLines.text(rows, onePerLine: false))
      }
    }
  }

  /// Refuses attacks that poison data or train, before any word on the parameters they would need.
  private func requireUpdateAttack(
    _ entry: AttackEntry, _ given: [String: ArgumentValue]
  ) throws {
    // A task that suits every attack, as far as the given values allow.
    let facts: [PlanFact: ArgumentValue] = [
      .backdoor("trigger"): .text("random"), .backdoor("size"): .integer(100),
      .backdoor("value"): .real(1), .backdoor("corner"): .text("top-left"),
      .backdoor("target"): .integer(0), .backdoor("source"): .text("none"),
      .backdoor("file"): .text("none"),
    ]
    let outside = Shard(
      inputs: Matrix(rowCount: 1, columnCount: 1000), labels: [1], classCount: 1000,
      shape: .vector(1000))
    let setup = AttackSetup(
      participantCount: 10, auxiliary: outside, auxiliaryTest: outside, classCount: 1000,
      shape: .vector(1000), layout: ParameterLayout([]), serverRate: 1, schedule: nil,
      seed: SeedPath(root: 0))
    guard let arguments = try? Arguments(given, for: entry.manifest, plan: facts),
      let made = try? entry.make(arguments, setup)
    else { return }
    guard made.threatModel.surface.isSubset(of: .update) else {
      throw Failure(
        "\(entry.manifest.id): poisons data or trains, so it cannot be crafted from a matrix of "
          + "updates")
    }
  }

  /// A rehearsal of the defense on the honest rows and f more; `nil` where none is given.
  private func probe(_ honest: Matrix<Float>, _ f: Int) throws -> DefenseProbe? {
    guard let defense else { return nil }
    let n = honest.rowCount + f
    let components = try DefenseExpression(stages: stage, rule: defense)
    let (stages, rule) = try components.make(DefenseSetup(participantCount: n))
    guard let rule else { return nil }
    var rows = honest
    rows.resize(rowCount: n)
    let path = SeedPath(root: seed)
    return DefenseProbe(
      of: DefensePipeline(stages: stages, rule: rule), updates: UpdateMatrix(rows),
      rows: Array(honest.rowCount..<n),
      context: RoundContext(
        round: 0, global: [],
        rootUpdate: try components.rootUpdate(in: root, columnCount: honest.columnCount),
        seed: path.child("defense").child(0), pool: WorkPool(width: 1)))
  }

  /// The number of rows to make, which `f` says.
  private func attackerCount(_ value: ArgumentValue?, _ choice: Choice) throws -> Int {
    guard let value else {
      throw Failure("\(choice.use): give the number of attackers, such as \(choice.use):f=2")
    }
    var number: Int?
    if case .integer(let integer) = value { number = integer }
    if case .real(let real) = value { number = Int(exactly: real) }
    guard let f = number, (1...1_000_000).contains(f) else {
      throw Failure(
        "\(choice.use): f is \(value); it has to be a number of attackers from 1 to 1000000")
    }
    return f
  }

  private func matrix(_ f: Int) throws -> Matrix<Float> {
    let memory = try MatrixMemory()
    let components = try defense.map { try DefenseExpression(stages: stage, rule: $0) }
    var all = try NPYFile.readFloats(honest) { rows, columns in
      let made = Double(f) * Double(columns)
      // A rehearsal has the honest rows once more.
      let rehearsal = components.map {
        8 * Double(rows + f) * Double(columns)
          + $0.workingBytes(rowCount: rows + f, columnCount: columns)
      }
      return memory.objection(
        rows: rows, columns: columns,
        and: 8 * made + 64 * Double(columns) + (rehearsal ?? 0)
          + (output == nil ? MatrixMemory.text(of: made) : 0),
        for: "\(f) rows made of them")
    }
    let bad = NonFiniteRows.removed(from: &all)
    if !bad.isEmpty {
      throw Failure(
        "\(honest): row \(bad[0]) has values that are not finite; an honest row has none")
    }
    return all
  }
}
