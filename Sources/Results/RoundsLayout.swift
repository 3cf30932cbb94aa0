/// The columns of `rounds.csv`, which are known before the first trial and the same for all.
///
/// The file has one line per trial and round, in the order `key`, `attack`, `defense`, one column
/// per axis, `seed`, `round`, one column per series; `pd.read_csv("rounds.csv")` reads it. `key` is
/// the start of the trial's key, see ``shortKey(_:)``; axes are called as in `trials.csv`. Rounds
/// count from 0. A field is empty where a series does not apply in the round or its value is not
/// finite.
///
/// Values have the fewest digits that read back as the same number in *single* precision, nine at
/// most: curves are for plots, and the exact metrics of a trial are in `trials.jsonl`. Whole numbers
/// have no fraction, and are exact up to 2^24. A value too large for single precision keeps the
/// digits of double precision.
public struct RoundsLayout: Hashable, Sendable {
  /// The axes by dotted key, in natural order.
  public let axes: [String]
  /// The series in the order of their columns.
  public let series: [String]

  /// - Parameters:
  ///   - axes: The dotted keys of the axes, in any order; repetitions are dropped.
  ///   - series: The names of the series; of repetitions the first one stays.
  public init(axes: [String], series: [String]) {
    self.axes = Set(axes).sorted(by: TrialsCSV.precedesNaturally)
    var seen: Set<String> = []
    self.series = series.filter { seen.insert($0).inserted }
  }

  /// The columns from a file's first line, without its line feed; `nil` if no layout has it.
  init?(header: some Collection<UInt8>) {
    let columns = CSV.fields(header)
    guard columns.starts(with: Self.leading), let seed = columns.firstIndex(of: Self.inner[0]),
      columns[seed...].starts(with: Self.inner)
    else { return nil }
    let axes = columns[Self.leading.count..<seed].map { TrialsCSV.axis(ofColumn: $0) }
    self.init(axes: axes, series: Array(columns[(seed + Self.inner.count)...]))
    guard self.header.utf8.dropLast().elementsEqual(header) else { return nil }
  }

  /// What every such file starts with.
  static let beginning = leading.joined(separator: ",") + ","

  /// The first line of the form that Gauntlet 0.1.0 wrote, with one line per value.
  static let longHeader = "key,cell,seed,round,metric,value\n"

  private static let leading = ["key", "attack", "defense"]
  private static let inner = ["seed", "round"]

  var columns: [String] {
    Self.leading + axes.map { CSV.text(TrialsCSV.column(ofAxis: $0, among: series)) } + Self.inner
      + series.map(CSV.text)
  }

  /// The first line, with its line feed.
  var header: String { CSV.line(columns) }

  /// The start of a trial's key as the file has it: 12 digits, or more until one of them is a
  /// letter other than `e`.
  ///
  /// A table in which a key such as `123456789e12` were read as a number would be of no use.
  public static func shortKey(_ key: String) -> String {
    var length = 12
    while length < key.utf8.count, !key.utf8.prefix(length).contains(where: isTelling) {
      length += 1
    }
    return String(key.prefix(length))
  }

  private static func isTelling(_ digit: UInt8) -> Bool {
    digit >= UInt8(ascii: "a") && digit != UInt8(ascii: "e")
  }

  /// What each line of a trial starts with, up to and with the comma before the round.
  func start(of trial: TrialRecordV1) -> String {
    let fields =
      [Self.shortKey(trial.key), CSV.text(trial.attack), CSV.text(trial.defense)]
      + axes.map { CSV.text(trial.axes[$0] ?? "") } + [String(trial.seed), ""]
    return String(CSV.line(fields).dropLast())
  }

  /// The lines of a trial, each with its line feed.
  func lines(_ rounds: [RoundRecordV1], of trial: TrialRecordV1) -> String {
    let start = start(of: trial)
    var text = ""
    for round in rounds {
      text += start
      text += String(round.round)
      for name in series {
        text += ","
        if let value = round.values[name], value.isFinite { text += Self.number(value) }
      }
      text += "\n"
    }
    return text
  }

  /// The fewest digits that read back as the same number in single precision.
  static func number(_ value: Double) -> String {
    let single = Float(value)
    return single.isFinite ? CanonicalJSON.number(single) : CanonicalJSON.number(value)
  }

  /// How the columns of another layout differ, in words; `nil` if they do not.
  func difference(from other: RoundsLayout) -> String? {
    let (these, those) = (columns, other.columns)
    if these == those { return nil }
    func list(_ columns: [String], but others: [String]) -> String? {
      let known = Set(others)
      let names = columns.filter { !known.contains($0) }
      if names.isEmpty { return nil }
      return names.prefix(3).joined(separator: ", ")
        + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    let parts = [
      list(those, but: these).map { "without \($0)" }, list(these, but: those).map { "with \($0)" },
    ].compactMap(\.self)
    return parts.isEmpty ? "in another order" : parts.joined(separator: ", ")
  }
}
