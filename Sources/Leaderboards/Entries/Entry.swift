/// What `entry.yaml` says: whose defense it is, and where its results lie.
///
/// An entry is one defense with one committed setting against all attacks of a scenario. What it is
/// worth (``EntryStatus``) is not written down but worked out.
public struct Entry: Hashable, Sendable {
  public static let schema = "gauntlet/entry/1"
  public static let fileName = "entry.yaml"
  /// The copy of the scenario beside the results, from which trials are planned again.
  public static let scenarioName = "scenario.yaml"

  /// What the board calls it.
  public var name: String
  /// Who sends it in.
  public var submitter: String
  /// Where the defense is described; for folklore, that it is.
  public var paper: String
  /// Of the defense's code, such as `Apache-2.0`.
  public var licence: String
  /// The defense's id in the results.
  public var defense: String
  /// Which version of the defense's code.
  public var version: String
  /// The folder of the results, from the folder of the entry: inside it or beside it.
  public var results: String
  /// Whether it admits to have fewer than five seeds.
  public var isPreliminary: Bool
  /// The content hash of each row that it makes, see ``ContentHash``, sorted.
  public var content: [String]
  /// The reliability flags that some of its cells have, sorted.
  public var flags: [String]
  /// Digests of programs outside Gauntlet that take part, sorted.
  public var workers: [String]
  public var note: String?
  /// `https` addresses.
  public var links: [String]
  /// Whether it says that it was recomputed, which is not the author's to say and is not read.
  public var claimsRecomputation = false

  public init(
    name: String, submitter: String, paper: String, licence: String, defense: String,
    version: String, results: String = "results", isPreliminary: Bool = false,
    content: [String] = [], flags: [String] = [], workers: [String] = [], note: String? = nil,
    links: [String] = []
  ) {
    self.name = name
    self.submitter = submitter
    self.paper = paper
    self.licence = licence
    self.defense = defense
    self.version = version
    self.results = results
    self.isPreliminary = isPreliminary
    self.content = content
    self.flags = flags
    self.workers = workers
    self.note = note
    self.links = links
  }
}
