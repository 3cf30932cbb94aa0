import Foundation
import Testing
import _TestSupport

/// A command of the program with its options, as ArgumentParser tells it.
struct CommandTree: Decodable {
  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: String
    let names: [Name]?
    let isRepeating: Bool
    let allValues: [String]?
  }

  let commandName: String
  let arguments: [Argument]?
  let subcommands: [CommandTree]?

  /// The commands of the built program.
  static func program() throws -> CommandTree {
    struct Dump: Decodable { let command: CommandTree }
    let folder = try TemporaryFolder()
    let dump = try Program.run(["--experimental-dump-help"], in: folder.path)
    try #require(dump.status == 0)
    return try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).command
  }

  /// The words of every command that does something, without the program's name.
  var leaves: [[String]] {
    let inner = (subcommands ?? []).filter { $0.commandName != "help" }
    return inner.flatMap { command in
      let below = command.leaves
      return below.isEmpty
        ? [[command.commandName]] : below.map { [command.commandName] + $0 }
    }
  }

  /// What is wrong with the words after the program's name; `nil` where nothing is.
  ///
  /// Words in capitals, such as `RESULTS`, and `…` stand for any value.
  func problem(_ words: some Collection<String>) -> String? {
    var words = Array(words)
    if let first = words.first, let next = subcommands?.first(where: { $0.commandName == first }) {
      return next.problem(words.dropFirst())
    }
    if let first = words.first, subcommands?.isEmpty == false, !first.hasPrefix("-") {
      return "there is no command '\(first)'"
    }
    var positionals = 0
    let places = (arguments ?? []).filter { $0.kind == "positional" }
    while !words.isEmpty {
      let word = words.removeFirst()
      // What follows belongs to another program.
      if word == "--" { return nil }
      if Self.ofEveryCommand.contains(word) { return nil }
      guard word.hasPrefix("-"), word.count > 1 else {
        let place = positionals < places.count ? places[positionals] : places.last
        guard let place, positionals < places.count || place.isRepeating else {
          return "'\(word)' is one word too many"
        }
        if let problem = Self.problem(word, of: place) { return problem }
        positionals += 1
        continue
      }
      let name = word.drop { $0 == "-" }.prefix { $0 != "=" }
      guard
        let option = (arguments ?? []).first(where: { option in
          (option.names ?? []).contains {
            $0.name == name && ($0.kind == "short") == (name.count == 1)
          }
        })
      else { return "there is no option '\(word)'" }
      if option.kind == "option", !word.contains("=") {
        guard !words.isEmpty else { return "'\(word)' has no value" }
        if let problem = Self.problem(words.removeFirst(), of: option) { return problem }
      }
    }
    return nil
  }

  /// Options that the library adds, which the dump does not have.
  private static let ofEveryCommand: Set = ["--generate-completion-script"]

  private static func problem(_ word: String, of argument: Argument) -> String? {
    guard let legal = argument.allValues, !legal.isEmpty, !legal.contains(word),
      !word.allSatisfy({ $0.isUppercase || $0 == "…" }), !word.contains("|")
    else { return nil }
    return "'\(word)' is none of \(legal.joined(separator: ", "))"
  }
}

/// Splits a line of the shell at its blanks: quotes keep words together, and comments, pipes and
/// redirections end it.
func shellWords(_ line: some StringProtocol) -> [String] {
  var words: [String] = []
  var word = ""
  var quote: Character?
  var isOpen = false
  for character in line {
    if let open = quote {
      if character == open { quote = nil } else { word.append(character) }
    } else if character == "'" || character == "\"" {
      (quote, isOpen) = (character, true)
    } else if character == " " {
      if isOpen { words.append(word) }
      (word, isOpen) = ("", false)
    } else if "#>|;&".contains(character), !isOpen {
      return words
    } else {
      word.append(character)
      isOpen = true
    }
  }
  return isOpen ? words + [word] : words
}
