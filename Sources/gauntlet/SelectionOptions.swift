import ArgumentParser
import Results

/// `--only` and `--skip` of commands that work on results.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only these cells, such as 'attack=backdoor*,sign-flip defense=krum'.", valueName: "expr"))
  var only: String?

  @Option(help: ArgumentHelp("Leave these cells out.", valueName: "expr"))
  var skip: String?

  func validate() throws { _ = try selections() }

  /// Whether a cell is meant.
  func filter() throws -> @Sendable (_ cell: [String: String]) -> Bool {
    let (only, skip) = try selections()
    return { cell in (only?.matches(cell) ?? true) && !(skip?.matches(cell) ?? false) }
  }

  /// Reports a selection that names what none of the cells has.
  func check(against cells: [[String: String]]) throws {
    var known: [String: Set<String>] = [:]
    for cell in cells { for (key, value) in cell { known[key, default: []].insert(value) } }
    let (only, skip) = try selections()
    for selection in [only, skip].compactMap({ $0 }) {
      if let problem = selection.problem(known: known) { throw Failure(problem) }
    }
  }

  private func selections() throws -> (only: Selection?, skip: Selection?) {
    (try Self.selection(only, "--only"), try Self.selection(skip, "--skip"))
  }

  static func selection(_ text: String?, _ option: String) throws -> Selection? {
    guard let text else { return nil }
    do {
      return try Selection(text)
    } catch {
      throw ValidationError("\(option): \(error)")
    }
  }
}
