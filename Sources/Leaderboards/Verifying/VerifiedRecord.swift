/// One time that a sample of an entry's trials was run again, as the keeper of a board wrote it down.
public struct VerifiedRecord: Hashable, Sendable {
  /// The name of the entry's folder.
  public var entry: String
  /// The digest of the entry's files, see ``EntryDigest``; of another entry it proves nothing.
  public var contentSHA256: String
  /// Digest of the entry's `trials.jsonl`: what differed in these trials differs whatever else is
  /// changed about the entry.
  public var trialsSHA256: String
  /// Such as `2026-01-31`.
  public var date: String
  /// Such as `gauntlet 0.5.0`.
  public var tool: String
  public var engine: Int
  /// How many trials were run again, of how many that finished, and how many agreed to the bit.
  public var sampled: Int
  public var total: Int
  public var agreed: Int
  /// What drew the sample.
  public var seed: Int

  public init(
    entry: String, contentSHA256: String, trialsSHA256: String, date: String, tool: String,
    engine: Int, sampled: Int, total: Int, agreed: Int, seed: Int
  ) {
    self.entry = entry
    self.contentSHA256 = contentSHA256
    self.trialsSHA256 = trialsSHA256
    self.date = date
    self.tool = tool
    self.engine = engine
    self.sampled = sampled
    self.total = total
    self.agreed = agreed
    self.seed = seed
  }

  /// The fewest trials that make an entry recomputed: five and one in fifty, or all there are.
  ///
  /// A sample of five finds forged trials with 97 of 100 odds where half of them are, and with 41
  /// where a tenth is: a keeper draws more where there is doubt.
  public static func leastSample(of total: Int) -> Int { min(total, max(5, (total + 49) / 50)) }
}
