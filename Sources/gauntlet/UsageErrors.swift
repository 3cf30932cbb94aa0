import ArgumentParser
import Diagnostics
import Foundation
import Markup
import Reporting

/// What is said about a wrong command line.
///
/// ArgumentParser repeats arguments as they are, which a terminal would obey, and knows no
/// suggestions for commands and values.
struct UsageErrors {
  let arguments: [String]

  /// Ends the program as ArgumentParser would, with its message made safe and complete.
  func leave(with error: any Error) -> Never {
    Ending.yield()
    let code = Tool.exitCode(for: error)
    let text = Tool.fullMessage(for: error)
    // Help about nothing is that of the whole program, and no error to ArgumentParser.
    if code.isSuccess, arguments.first != "help" || mistypedCommand() == nil {
      do {
        try Console.print(text + "\n")
      } catch {
        Console.error("\(error)")
        Ending.end(with: ExitCode.failed.rawValue)
      }
      Ending.end(with: code.rawValue)
    }
    if !text.isEmpty { Console.note(message(text)) }
    Ending.end(with: code.isSuccess ? ExitCode.validationFailure.rawValue : code.rawValue)
  }

  /// Ends the program where an option that takes one value is given twice.
  func refuseRepetitions(of command: any ParsableCommand.Type) {
    guard let problem = RepeatedOptions(of: command).problem(in: arguments) else { return }
    let name = command._commandName
    // Alone, a command does not know whose it is.
    let lines = command.fullMessage(for: ValidationError(problem)).split(separator: "\n").map {
      let line = $0.replacing("See '\(name) --help'", with: "See '\(commandPath) --help'")
      return line.hasPrefix("Usage: \(name)")
        ? "Usage: \(commandPath)" + line.dropFirst("Usage: \(name)".count) : line
    }
    Console.note(safe(lines.joined(separator: "\n")))
    Ending.end(with: ExitCode.validationFailure.rawValue)
  }

  /// A message of ArgumentParser, with a suggestion where one is near.
  func message(_ text: String) -> String {
    // Whatever else is wrong follows from a mistyped name.
    if let problem = mistypedCommand() ?? mistypedOption(text) {
      let usage = safe(text).split(separator: "\n").drop { !$0.hasPrefix("Usage:") }
      let rest =
        usage.isEmpty
        ? "  See 'gauntlet --help' for more information." : usage.joined(separator: "\n")
      return "Error: " + problem + "\n" + rest
    }
    return withSuggestedValue(safe(text))
  }

  /// The text with long arguments cut, and control characters in arguments spelled out.
  private func safe(_ text: String) -> String {
    var text = text
    let parts = arguments.flatMap { argument -> [String] in
      guard let equals = argument.firstIndex(of: "=") else { return [argument] }
      return [
        argument, String(argument[..<equals]), String(argument[argument.index(after: equals)...]),
      ]
    }
    for part in Set(parts).sorted(by: { ($0.utf8.count, $0) > ($1.utf8.count, $1) }) {
      let short = Printable.excerpt(part)
      if short != part, !part.isEmpty { text = text.replacingOccurrences(of: part, with: short) }
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Printable.excerpt(String($0), limit: 2_000) }.joined(separator: "\n")
  }

  /// The problem of a first word that is no command.
  private func mistypedCommand() -> String? {
    var command: any ParsableCommand.Type = Tool.self
    var words = arguments[...]
    var path = ""
    while true {
      let known = command.configuration.subcommands
      guard !known.isEmpty, let word = words.first, !word.hasPrefix("-") else { return nil }
      if command == Tool.self, word == "help" {
        words = words.dropFirst()
        continue
      }
      guard let next = known.first(where: { $0._commandName == word }) else {
        return "there is no command '\(path)\(Printable.excerpt(word))'"
          + suggestion(for: word, among: known.map { $0._commandName })
      }
      path += word + " "
      command = next
      words = words.dropFirst()
    }
  }

  /// The command that the arguments name.
  private var command: any ParsableCommand.Type {
    arguments.reduce(Tool.self as any ParsableCommand.Type) { command, word in
      command.configuration.subcommands.first { $0._commandName == word } ?? command
    }
  }

  /// The words that lead to that command.
  private var commandPath: String {
    var command: any ParsableCommand.Type = Tool.self
    var words = [Tool._commandName]
    for word in arguments {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word })
      else { continue }
      command = next
      words.append(word)
    }
    return words.joined(separator: " ")
  }

  /// The problem of an option that the command does not have, where something else is reported.
  private func mistypedOption(_ text: String) -> String? {
    guard !text.hasPrefix("Error: Unknown option") || !text.contains("Did you mean") else {
      return nil
    }
    let help = Tool.helpMessage(for: command)
    let known = Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) })
      .union(["--help", "--version"])
    for argument in arguments {
      if argument == "--" { return nil }
      let name = String(argument.prefix { $0 != "=" })
      guard name.hasPrefix("--"), !known.contains(name) else { continue }
      let near = nearest(to: name, among: known.sorted())
      return "there is no option '\(Printable.excerpt(name))'"
        + (near.map { "; did you mean '\($0)'?" } ?? "")
    }
    return nil
  }

  /// The message about a value that is none of several, with the nearest of them.
  private func withSuggestedValue(_ text: String) -> String {
    guard let match = text.firstMatch(of: #/^Error: The value '(.*?)' is invalid for /#),
      let list = text.range(of: "Please provide one of")
    else { return text }
    var lines = text.components(separatedBy: "\n")
    let last = lines.lastIndex { $0.hasPrefix("  - ") } ?? 0
    let words =
      last > 0
      ? lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
      : text[list.upperBound...].prefix { $0 != "\n" }.matches(of: /'([^']*)'/)
        .map { String($0.1) }
    guard let best = nearest(to: String(match.1), among: words) else { return text }
    lines[last] += (last > 0 ? "\n" : " ") + "Did you mean '\(best)'?"
    return lines.joined(separator: "\n")
  }

  private func nearest(to word: String, among known: [String]) -> String? {
    let text = suggestion(for: word, among: known)
    guard let match = text.wholeMatch(of: /; did you mean '(.*)'\?/) else { return nil }
    return String(match.1)
  }
}
