import ArgumentParser
import BareRounds
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

  @Option(
    help: ArgumentHelp(
      "The attack, such as sign-flip:f=2, or exec:f=2 and a command for one of your own.",
      valueName: "id:f=n,key=value,…"))
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
      let choice = try ComponentExpression.ofCommandLine(attack)
      _ = try Catalog.withWorkers.attack(choice.id)
      var given = choice.given
      let f = try attackerCount(given.removeValue(forKey: "f"), choice)
      let components = try defense.map {
        try DefenseExpression(
          stages: stage.map { try .ofCommandLine($0) }, rule: .ofCommandLine($0),
          catalog: .withWorkers)
      }
      let expression = try AttackExpression(
        ComponentExpression(choice.id, given), catalog: .withWorkers)
      let all = try matrix(f, components)
      var made = try BareAttack(
        expression, attackerCount: f, honestCount: all.rowCount, columnCount: all.columnCount,
        seed: seed)
      if made.rehearses && defense == nil {
        throw Failure("\(choice.id): rehearses the defense; name it with --defense")
      }
      let (rows, figures) = try made.craft(
        honest: all, defense: components,
        rootUpdate: try components?.rootUpdate(in: root, columnCount: all.columnCount),
        pool: WorkPool(width: 1))
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

  /// The number of rows to make, which `f` says.
  private func attackerCount(_ value: ArgumentValue?, _ choice: ComponentExpression) throws -> Int {
    guard let value else {
      throw Failure("\(choice.id): give the number of attackers, such as \(choice.id):f=2")
    }
    var number: Int?
    if case .integer(let integer) = value { number = integer }
    if case .real(let real) = value { number = Int(exactly: real) }
    guard let f = number, (1...1_000_000).contains(f) else {
      throw Failure(
        "\(choice.id): f is \(value); it has to be a number of attackers from 1 to 1000000")
    }
    return f
  }

  private func matrix(
    _ f: Int, _ components: DefenseExpression?
  ) throws -> Matrix<Float> {
    let memory = try MatrixMemory()
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
    let bad = NonFiniteRows.removed(from: &all, pool: WorkPool(width: 1))
    if !bad.isEmpty {
      throw Failure(
        "\(honest): row \(bad[0]) has values that are not finite; an honest row has none")
    }
    return all
  }
}
