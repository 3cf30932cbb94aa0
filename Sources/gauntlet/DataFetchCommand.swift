import ArgumentParser
import Diagnostics
import Downloads
import Foundation
import Leaderboards
import Markup

struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetches a data set from its publisher, or from a mirror.",
    discussion: """
      Shows the license and asks once; --accept-licenses answers. A file appears when it is whole and \
      its SHA-256 is the one that this version knows, whatever mirror it is from; a transfer that \
      broke off goes on with the next call. Files that are there and right are left alone. The \
      program curl does the transfers, by the proxies and certificates of this machine. Data sets: \
      \(PublishedData.known.map(\.id).joined(separator: ", ")).
      """)

  @Argument(help: "The data set.")
  var data: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to make a folder of the data set's name. (default: $GAUNTLET_DATA, where scenarios "
        + "look for it, or the current folder)", valueName: "folder"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Ask this address, to which names of files are appended, instead of the publisher's; repeat it "
        + "for more, which are asked in turn.", valueName: "url"))
  var mirror: [String] = []

  @Flag(
    help: "Fetch nothing: check what is there, and say what is missing; so does GAUNTLET_OFFLINE=1."
  )
  var offline = false

  @Flag(help: "Take the license as read.")
  var acceptLicenses = false

  private var found: PublishedData? { PublishedData.known.first { $0.id == data } }

  func validate() throws {
    guard found != nil else {
      throw ValidationError(
        "'\(data)' is no data set that can be fetched"
          + suggestion(for: data, among: PublishedData.known.map(\.id)))
    }
    for address in mirror {
      if let problem = Self.problem(of: address) { throw ValidationError("--mirror: \(problem)") }
    }
    if output?.isEmpty == true { throw ValidationError("--output is empty") }
  }

  func run() throws {
    guard let found else { return }
    try reportingErrors { try fetch(found) }
  }

  private func fetch(_ found: PublishedData) throws {
    let environment = ProcessInfo.processInfo.environment
    let parent = output ?? environment["GAUNTLET_DATA"].flatMap { $0.isEmpty ? nil : $0 } ?? "."
    let folder = parent == "." ? found.id : UserPath.joined(parent, found.id)
    let download = DataDownload(found, into: folder, mirrors: mirror)
    let missing = try download.missing()
    if !missing.isEmpty {
      try Console.print(
        """
        \(found.title)
        license  \(found.license)
        credit   \(found.credit)
        source   \(found.page)
        to fetch \(Self.sizeText(missing))
        """)
      if offline || environment["GAUNTLET_OFFLINE"].map({ !["", "0"].contains($0) }) == true {
        throw download.instructions(missing)
      }
      try agree()
    }
    try download.run(missing) { file in
      Console.note("\(file.name), \(Self.sizeText([file]))")
    }
    let state =
      !download.isProven
      ? "there already, with the sizes of the published ones"
      : missing.isEmpty ? "there already, and as published" : "fetched, and as published"
    try Console.print(
      """
      \(Printable.escaped(folder)): \(state)
      in a scenario: dataset: {use: \(found.entry), folder: \(YAMLText.quoted(folder))}
      """)
  }

  /// Asks whether the license is accepted, where somebody can answer.
  private func agree() throws {
    guard !acceptLicenses else { return }
    guard Terminal.isInput else {
      throw Failure("nobody is there to accept the license; --accept-licenses does it")
    }
    Console.prompt("Fetch it under this license? [y/N] ")
    let answer = readLine()?.lowercased() ?? ""
    guard ["y", "yes"].contains(answer) else { throw Failure("not fetched") }
  }

  /// Why an address is none to append names to.
  ///
  /// It is not repeated: there may be a password in it.
  private static func problem(of text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    guard isPlain, let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }),
      text != scheme
    else { return "an address begins with http:// or https://, and has no spaces" }
    // By bytes: with an accent behind it, each of these is another character.
    if text.utf8.contains(where: { "?#".utf8.contains($0) }) {
      return "names of files are appended to the address, which so has no '?' and no '#'"
    }
    // A backslash is a slash to some programs and not to others.
    let host = text.utf8.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") }
    if host.contains(where: { "@\\".utf8.contains($0) }) {
      return
        "the address names a user or a password, which everybody sees in the list of processes; "
        + "give an address that needs neither"
    }
    return nil
  }

  private static func sizeText(_ files: [PublishedFile]) -> String {
    let bytes = files.reduce(0) { $0 + $1.byteCount }
    let size =
      bytes < 1_000_000
      ? "\(bytes) bytes" : "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    return files.count == 1 ? size : "\(files.count) files, \(size)"
  }
}
