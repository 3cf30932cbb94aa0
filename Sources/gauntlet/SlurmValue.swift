/// Values of options of `sbatch`, as its manual describes them.
enum SlurmValue {
  /// A size in megabytes, or with one of the suffixes K, M, G and T; 0 is all memory of a node.
  static func isSize(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9]{1,15}[KMGTkmgt]?/) != nil
  }

  /// Minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or
  /// days-hours:minutes:seconds; 0 is no limit.
  static func isTime(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9]{1,9}(:[0-9]{1,9}){0,2}|[0-9]{1,9}-[0-9]{1,9}(:[0-9]{1,9}){0,2}/)
      != nil
      || ["infinite", "unlimited"].contains(text.lowercased())
  }

  /// The name of a partition or an account.
  static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_.][A-Za-z0-9_.:+-]*/) != nil
  }

  /// Names with commas between them.
  static func areNames(_ text: String) -> Bool {
    text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { isName(String($0)) }
  }
}
