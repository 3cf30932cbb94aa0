import ArgumentParser
import Datasets
import Diagnostics
import Foundation
import Reporting
import Simulation

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draws what the attacks of a scenario do to its examples.",
    usage: "gauntlet preview <scenario> --output <file> [options]",
    discussion: """
      A picture (PNG) with a row for each attack that changes examples: test images as they are, the \
      same with the trigger, and images of an attacker as it trains on them, each with its label (old>new \
      where the attack changes it). They are those of the first seed, and nothing is trained: a trigger \
      that is chosen anew in each round is that for the initial model. For text a table is printed in \
      place of a picture, and --output left out. A report shows the picture where it is preview.png in the \
      folder of results.
      """)

  @OptionGroup var options: ScenarioOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the picture goes (.png; - is standard output).", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Show this attack, as the scenario names it; may be repeated. (default: all that change "
        + "examples)", valueName: "id"))
  var attack: [String] = []

  @Option(help: ArgumentHelp("How many examples of each kind, 1 to 16.", valueName: "number"))
  var examples: Int = 4

  @OptionGroup var volume: QuietOption

  func validate() throws {
    try options.requireScenario()
    if output?.isEmpty == true { throw ValidationError("--output is empty") }
    if !(1...16).contains(examples) { throw ValidationError("--examples has to be 1 to 16") }
  }

  func run() throws {
    try reportingErrors {
      if let output { try check(output) }
      let plan = try options.plan()
      let preview = try plan.preview(of: attack, count: examples)
      if let picture = PreviewPicture(preview, count: examples) {
        guard let output else {
          throw Failure("--output is missing: the file that the picture goes to")
        }
        let canvas = picture.drawn()
        try PNGWriter.write(
          canvas.bytes, width: canvas.width, height: canvas.height, to: output)
        if !volume.quiet, output != "-" { Console.note(output) }
        return
      }
      guard let table = PreviewTable(preview) else { return }
      if output != nil { throw Failure("text is printed, not drawn; leave --output out") }
      try Console.print(table.table.text(width: Terminal.planWidth))
    }
  }

  /// Refuses to replace what is no picture.
  private func check(_ output: String) throws {
    guard output != "-" else { return }
    if let number = Self.number(of: output), number == Self.number(of: options.scenario) {
      throw Failure("\(output): is the scenario itself; give --output another name")
    }
    do throws(UserFile.Problem) {
      // An empty file has nothing to lose.
      let start = try UserFile(output).read(upTo: PreviewFile.signature.count)
      guard start.isEmpty || start == PreviewFile.signature else {
        throw .refused("is there already and no PNG image, so it is not replaced")
      }
    } catch {
      switch error {
      // What is wrong with these, if anything, is told when they are written.
      case .missing, .folder, .notRegular: return
      default: throw Failure("\(output): \(error)")
      }
    }
  }

  /// Disk and number of a file, which its links share; `nil` where there is none.
  private static func number(of path: String) -> [Int]? {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let facts = try? FileManager.default.attributesOfItem(atPath: target),
      let disk = facts[.systemNumber] as? Int, let number = facts[.systemFileNumber] as? Int
    else { return nil }
    return [disk, number]
  }
}
