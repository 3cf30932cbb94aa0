import Components
import Gating
import Hashing
import Results
public import Studies

/// Makes entries from a folder of results.
public struct EntryPack: Sendable {
  /// What the packer says about the entries.
  public struct Words: Sendable {
    public var submitter: String
    /// `nil` takes it from the catalog.
    public var paper: String?
    public var licence: String
    /// `nil` takes the program's version.
    public var version: String?
    public var note: String?
    public var links: [String]
    public var isPreliminary: Bool

    public init(
      submitter: String, paper: String? = nil, licence: String, version: String? = nil,
      note: String? = nil, links: [String] = [], isPreliminary: Bool = false
    ) {
      self.submitter = submitter
      self.paper = paper
      self.licence = licence
      self.version = version
      self.note = note
      self.links = links
      self.isPreliminary = isPreliminary
    }
  }

  private let study: Study
  private let words: Words
  private let scenario: String?

  /// - Parameters:
  ///   - study: The results, as a run left them.
  ///   - words: What the packer says.
  ///   - scenario: The text of the scenario that was run, for a copy beside the results.
  public init(_ study: Study, words: Words, scenario: String?) {
    self.study = study
    self.words = words
    self.scenario = scenario
  }

  /// The files of entries by path below the folder that they are for: of one defense the entry itself,
  /// of several one folder each, with their results in a folder beside them.
  ///
  /// - Parameters:
  ///   - defenses: Ids of the results.
  ///   - names: What the board calls them; by default as the results do.
  /// - Returns: the files.
  /// - Throws: `EncodingError` where the resolved scenario holds a number that is not finite.
  public func files(
    _ defenses: [String], names: [String: String] = [:]
  ) throws -> [(path: String, text: String)] {
    let isShared = defenses.count > 1
    var taken: Set<String> = []
    let shared = Self.folderName(study.name + ".results", &taken)
    let folder = isShared ? shared + "/" : "results/"
    let records = records(for: Set(defenses))
    let trials = records.map { $0.line + "\n" }.joined()
    var manifest = study.manifest.withoutMachine
    manifest.files = [ResultFolder.trialsName: Self.digest(trials)]
    if let scenario { manifest.files[Entry.scenarioName] = Self.digest(scenario) }
    manifest.counts = Dictionary(grouping: records, by: \.status.rawValue).mapValues(\.count)
    var files = [(path: folder + ResultFolder.trialsName, text: trials)]
    files.append((folder + ResultFolder.manifestName, try manifest.text()))
    if let scenario { files.append((folder + Entry.scenarioName, scenario)) }
    for defense in defenses {
      let entry = entry(
        defense, name: names[defense] ?? defense, results: isShared ? "../\(shared)" : "results",
        trialsSHA256: Self.digest(trials))
      let path = isShared ? Self.folderName(defense, &taken) + "/" : ""
      files.append((path + Entry.fileName, entry.yaml))
    }
    return files
  }

  /// The defenses' own trials, and those that flags are worked out from: nobody attacks, and nothing
  /// defends.
  private func records(for defenses: Set<String>) -> [TrialRecordV1] {
    study.results.records.filter {
      defenses.contains($0.defense) || study.references.undefended.contains($0.defense)
    }.map(CompactTrial.of)
  }

  private func entry(
    _ defense: String, name: String, results: String, trialsSHA256: String
  ) -> Entry {
    var entry = Entry(
      name: name, submitter: words.submitter, paper: words.paper ?? paper(of: defense),
      licence: words.licence, defense: defense,
      version: words.version ?? "\(study.manifest.tool.name) \(study.manifest.tool.version)",
      results: results, isPreliminary: words.isPreliminary, note: words.note, links: words.links)
    entry.content = BoardSetting.all(in: study.manifest.scenario.resolved)
      .compactMap { $0.contentHash(of: entry, engine: study.manifest.engine) }.sorted()
    entry.flags = study.raisedFlags(of: defense)
    return entry
  }

  /// What the catalog says about where the parts of a defense come from; `unknown` if nothing.
  private func paper(of defense: String) -> String {
    var sources: [String] = []
    for component in study.entries.defense(defense)?.components ?? [] {
      guard let manifest = study.facts[component.kind, component.id]?.manifest else { continue }
      // The defining paper; `explain` names the others.
      let source = manifest.citations.first?.description ?? manifest.origin
      if !source.isEmpty, !sources.contains(source) { sources.append(source) }
    }
    // An entry has to say something; this is what the rules ask to be filled in.
    if sources.isEmpty { return "unknown" }
    return sources.prefix(3).joined(separator: " / ")
      .split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func digest(_ text: String) -> String {
    Hexadecimal.string(SHA256.hash(Array(text.utf8)))
  }

  /// A name of letters, digits, points and dashes that nobody else has.
  static func folderName(_ text: String, _ taken: inout Set<String>) -> String {
    let plain = text.unicodeScalars.prefix(80).map { scalar -> String in
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-_.".unicodeScalars.contains(scalar))
      return isPlain ? String(scalar) : "-"
    }.joined()
    let name =
      plain.isEmpty || plain.hasPrefix(".") || plain.hasPrefix("-") ? "entry" + plain : plain
    var (candidate, number) = (name, 1)
    while !taken.insert(candidate.lowercased()).inserted {
      number += 1
      candidate = "\(name)-\(number)"
    }
    return candidate
  }
}

extension RunManifestV1 {
  /// Without what it says of the machine and of the folders there, which are nobody's business.
  fileprivate var withoutMachine: RunManifestV1 {
    var copy = self
    copy.invocation = []
    copy.machine = Machine(cores: 0, arch: "", os: "")
    copy.merged = nil
    return copy
  }
}
