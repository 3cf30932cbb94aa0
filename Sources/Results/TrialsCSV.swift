/// `trials.csv`: the trials as one flat table that pandas and DuckDB read without options.
public enum TrialsCSV {
  /// The whole file, header first, one line per trial in the given order.
  ///
  /// The flags are those of the records; a folder's table is written anew as a whole whenever trials
  /// come, with the flags of the cells, which all trials together decide.
  ///
  /// Columns: scenario, cell, attack, defense, one per axis, seed, status, implied, flags and
  /// censored (joined by `;`), one per metric, `resolved.<name>` for each resolved parameter,
  /// rounds, with `resolved` scenarios `window.start` and `window.stop` (the first round of the attack
  /// window and the first one after it), message, `parameters_sha256`, key. A trial that lacks a value has an empty field. An
  /// axis whose key is also another column is called `axis.<key>`. The metrics named in
  /// `metricOrder` come first, in that order; the others follow in natural order
  /// (`accuracy.class.2` before `accuracy.class.10`).
  public static func text(
    _ records: [TrialRecordV1], scenario: String, metricOrder: [String] = [],
    resolved scenarios: JSONValue? = nil
  ) -> String {
    var text = ""
    forEachPiece(
      records, scenario: scenario, metricOrder: metricOrder, resolved: scenarios
    ) { text += $0 }
    return text
  }

  /// Passes on the text of the file in pieces: all of it may be a gigabyte.
  static func forEachPiece<Failure>(
    _ records: [TrialRecordV1], scenario: String, metricOrder: [String] = [],
    resolved scenarios: JSONValue? = nil, _ body: (String) throws(Failure) -> Void
  ) throws(Failure) {
    var windows = scenarios.map(AttackWindows.init)
    let axes = names(records.map(\.axes.keys))
    let metrics = ordered(names(records.map(\.metrics.keys)), first: metricOrder)
    let resolved = names(records.map(\.resolved.keys))
    var text = CSV.line(
      ["scenario", "cell", "attack", "defense"]
        + axes.map { CSV.text(column(ofAxis: $0, among: metrics)) }
        + ["seed", "status", "implied", "flags", "censored"]
        + metrics.map(CSV.text)
        + resolved.map { "resolved." + $0 }
        + ["rounds"] + (windows == nil ? [] : windowColumns)
        + ["message", "parameters_sha256", "key"])
    for record in records {
      let head = [scenario, record.cell, record.attack, record.defense].map(CSV.text)
      let state = [
        String(record.seed), record.status.rawValue, record.isImplied ? "true" : "false",
        CSV.text(record.flags.joined(separator: ";")),
        CSV.text(record.censored.joined(separator: ";")),
      ]
      let numbers =
        metrics.map { number(record.metrics[$0] ?? nil) }
        + resolved.map { number(record.resolved[$0]) }
      let window = windows?.window(record.axes)
      let bounds =
        windows == nil ? [] : [window?.start, window?.stop].map { $0.map(String.init) ?? "" }
      let tail = [CSV.text(record.message ?? ""), record.parametersSHA256 ?? "", record.key]
      text += CSV.line(
        head + axes.map { CSV.text(record.axes[$0] ?? "") } + state + numbers
          + [String(record.rounds)] + bounds + tail)
      guard text.utf8.count >= 1 << 20 else { continue }
      try body(text)
      text = ""
    }
    try body(text)
  }

  private static let windowColumns = ["window.start", "window.stop"]
  private static let fixedColumns =
    [
      "scenario", "cell", "attack", "defense", "seed", "status", "implied", "flags", "censored",
      "rounds", "message", "parameters_sha256", "key",
    ] + windowColumns

  /// The name of the column of an axis, beside others: `axis.<key>` where the key is that of another
  /// column, here or in `rounds.csv`, which calls axes alike.
  static func column(ofAxis key: String, among others: [String]) -> String {
    fixedColumns.contains(key) || key == "round" || others.contains(key) ? axisPrefix + key : key
  }

  /// The dotted key of an axis, given the name of its column.
  static func axis(ofColumn name: String) -> String {
    name.hasPrefix(axisPrefix) ? String(name.dropFirst(axisPrefix.count)) : name
  }

  private static let axisPrefix = "axis."

  private static func number(_ value: Double?) -> String {
    value.map(CanonicalJSON.number) ?? ""
  }

  private static func names(_ keys: [some Sequence<String>]) -> [String] {
    Set(keys.joined()).sorted(by: precedesNaturally)
  }

  private static func ordered(_ ids: [String], first: [String]) -> [String] {
    var seen: Set<String> = []
    let present = Set(ids)
    let leading = first.filter { present.contains($0) && seen.insert($0).inserted }
    return leading + ids.filter { !seen.contains($0) }
  }

  /// Compares dotted names part by part, whole-number parts by value.
  static func precedesNaturally(_ lhs: String, _ rhs: String) -> Bool {
    let left = lhs.split(separator: ".", omittingEmptySubsequences: false)
    let right = rhs.split(separator: ".", omittingEmptySubsequences: false)
    for (a, b) in zip(left, right) where a != b {
      if let x = Int(a), let y = Int(b), x != y { return x < y }
      return a < b
    }
    return left.count < right.count
  }
}
