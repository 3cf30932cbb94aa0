/// A rule that entries keep; its number never changes its meaning.
public struct EntryRule: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable {
    /// The entry is refused.
    case error
    /// It is told, and the entry stands.
    case warning
  }

  /// Such as `S001`.
  public var id: String
  public var severity: Severity
  /// What has to hold, in a sentence.
  public var text: String
  /// How to mend it.
  public var remedy: String

  init(_ id: String, _ text: String, remedy: String, severity: Severity = .error) {
    self.id = id
    self.severity = severity
    self.text = text
    self.remedy = remedy
  }

  /// The version of the list: raised whenever an entry that was taken may be refused.
  public static let version = "gauntlet/entry-rules/2"

  /// Entries with fewer seeds have to say so.
  static let leastSeeds = 5

  public static let all = [
    unreadableEntry, unreadableResults, ranges, digests, engine, cells, complete, seeds, fewSeeds,
    committed, content, keys, flags, figures, provenance, lengths, finished, stale, otherEngine,
    resolution, twin, claim, weakRecord, keeper, vanished,
  ]

  static let unreadableEntry = EntryRule(
    "S001", "entry.yaml is there, is no link, and is of the format \(Entry.schema).",
    remedy: "write it with 'gauntlet submit pack'")
  static let unreadableResults = EntryRule(
    "S002", "run.json and trials.jsonl are there, whole and of a known format.",
    remedy: "pack the results again")
  static let ranges = EntryRule(
    "S003", "Every metric lies in the range that its definition gives it.",
    remedy: "run the trial again; a rate is a fraction from 0 to 1, not per cent")
  static let digests = EntryRule(
    "S004", "The files are those that run.json has the digests of, and none was changed by hand.",
    remedy: "pack the results again from what 'gauntlet run' wrote")
  static let engine = EntryRule(
    "S005", "All trials are of one engine, that of run.json.",
    remedy: "run all trials with one version of Gauntlet")
  static let cells = EntryRule(
    "S006", "The defense and each of its trials are in the resolved scenario, each trial once.",
    remedy: "pack the results again; 'defense' is the id in the scenario")
  static let complete = EntryRule(
    "S007",
    "Every attack of the scenario met the defense with every seed; only what by the scenario"
      + " cannot run may be missing, as not-applicable with its reason.",
    remedy: "run the scenario to its end, without exclude, --only and --skip for this defense")
  static let seeds = EntryRule(
    "S008",
    "All cells have the same seeds, among them those of the scenario.yaml beside the results.",
    remedy: "run the missing seeds with 'gauntlet run'")
  static let fewSeeds = EntryRule(
    "S009", "At least \(leastSeeds) seeds, or the entry says 'preliminary: true'.",
    remedy: "run more seeds, such as --seeds 1..5, or say 'preliminary: true'")
  static let committed = EntryRule(
    "S010",
    "One committed setting: every attack met the same resolved defense, and no parameter of the"
      + " defense is an axis.",
    remedy: "choose one setting for all attacks and send in others as entries of their own")
  static let content = EntryRule(
    "S011", "The content hashes in entry.yaml are those of the results.",
    remedy: "pack the results again")
  static let keys = EntryRule(
    "S012", "The trials' keys are those that the scenario.yaml beside the results makes.",
    remedy: "put the scenario that was run beside the results, with what --set changed written in")
  static let flags = EntryRule(
    "S013",
    "The flags in entry.yaml are those of the trials, and a flag that says what the defense"
      + " is stands in all of them, or in none, as the scenario.yaml beside the results makes it.",
    remedy: "pack the results again; flags are not to be edited")
  static let figures = EntryRule(
    "S014",
    "Every finished trial has the digest of its final parameters and the accuracy; with a window also"
      + " that at its end, and with a backdoor its success.",
    remedy: "pack the results again from what 'gauntlet run' wrote")
  static let provenance = EntryRule(
    "S015", "Paper, licence and submitter are given; of folklore, the paper says that it is.",
    remedy: "fill them in")
  static let lengths = EntryRule(
    "S016",
    "Names can be seen, are of reasonable length and on one line, and links are https addresses.",
    remedy: "write names that people can read, and shorten them")
  static let finished = EntryRule(
    "S017", "The run came to its end.", remedy: "run the same command again, which goes on")
  static let stale = EntryRule(
    "S018", "What was recomputed is the entry that is there.",
    remedy: "run 'gauntlet verify --record' again", severity: .warning)
  static let otherEngine = EntryRule(
    "S019", "The results are of the engine of this program.",
    remedy: "run them with this version; until then nobody can verify them with it",
    severity: .warning)
  static let resolution = EntryRule(
    "S020",
    "The resolved scenario in run.json is what the scenario.yaml beside the results makes, seeds"
      + " and other defenses aside.",
    remedy: "put the scenario that was run beside the results, with what --set changed written in")
  static let twin = EntryRule(
    "S021", "No other entry of the board has its content, or in its setting its name.",
    remedy: "choose another name; one defense with one setting is one entry")
  static let claim = EntryRule(
    "S022",
    "That an entry was recomputed stands in the keeper's \(VerifiedFile.fileName), not in entry.yaml.",
    remedy: "delete 'recomputed' from entry.yaml", severity: .warning)
  static let weakRecord = EntryRule(
    "S023",
    "What was recomputed is of the results' engine and drawn from all finished trials: at least 5 and"
      + " one in 50, or all.",
    remedy: "run 'gauntlet verify --record' again, with a larger --sample", severity: .warning)
  static let keeper = EntryRule(
    "S024",
    "The keeper's \(VerifiedFile.fileName) beside the entries, if there is one, is of the format"
      + " \(VerifiedFile.schema).",
    remedy: "mend it; 'gauntlet verify --record' writes it")
  static let vanished = EntryRule(
    "S025", "What was recomputed is of entries that are there.",
    remedy: "give the entry its name back, or delete what was recorded of it", severity: .warning)
}
