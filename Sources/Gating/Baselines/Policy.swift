/// The rules of a gate; they live in the baseline file and are echoed with every finding.
public struct Policy: Hashable, Sendable {
  /// What happens where nothing is red or green by itself.
  public struct Reactions: Hashable, Sendable {
    public enum Reaction: String, Hashable, Sendable, CaseIterable {
      case fail
      case warn
      case ignore
    }

    /// Cells or numbers of the baseline that the results lack: `fail` ends the gate with code 5.
    public var missing: Reaction
    /// Cells of the results that the baseline lacks: `fail` ends the gate with code 5.
    public var extra: Reaction
    /// Checks that chance may explain: `fail` ends the gate with code 3 even without `--strict`.
    public var inconclusive: Reaction

    public init(
      missing: Reaction = .fail, extra: Reaction = .warn, inconclusive: Reaction = .warn
    ) {
      self.missing = missing
      self.extra = extra
      self.inconclusive = inconclusive
    }
  }

  /// How far one metric may move.
  public struct MetricPolicy: Hashable, Sendable {
    public var better: Finding.Direction
    /// The absolute tolerance, in the metric's unit.
    public var abs: Double
    /// The tolerance as a share of the baseline's mean; the larger of the two counts.
    public var rel: Double
    /// Whether the metric decides; without it, it is recorded and compared by `--exact` only.
    public var gate: Bool

    public init(better: Finding.Direction, abs: Double = 0, rel: Double = 0, gate: Bool = true) {
      self.better = better
      self.abs = abs
      self.rel = rel
      self.gate = gate
    }
  }

  /// Another tolerance for some cells, with its reason and its end.
  public struct Override: Hashable, Sendable {
    /// Such as `attack=alie defense=krum`.
    public var cells: CellFilter
    public var metrics: [String: Change]
    public var why: String
    /// The last day on which it holds, `YYYY-MM-DD`; `nil` holds for good.
    public var until: String?

    /// What an override replaces; `nil` leaves the metric's own.
    public struct Change: Hashable, Sendable {
      public var better: Finding.Direction?
      public var abs: Double?
      public var rel: Double?
      public var gate: Bool?

      public init(
        better: Finding.Direction? = nil, abs: Double? = nil, rel: Double? = nil, gate: Bool? = nil
      ) {
        self.better = better
        self.abs = abs
        self.rel = rel
        self.gate = gate
      }
    }

    public init(cells: CellFilter, metrics: [String: Change], why: String, until: String? = nil) {
      self.cells = cells
      self.metrics = metrics
      self.why = why
      self.until = until
    }

    /// Whether it no longer holds on a day, `YYYY-MM-DD`.
    public func isExpired(on day: String) -> Bool { until.map { $0 < day } ?? false }
  }

  /// The smallest legal ``alpha``; with less a gate of a few seeds sees nothing.
  public static let smallestAlpha = 1e-6

  /// The share of gates that may be red although nothing changed.
  public var alpha: Double
  /// Fewer common seeds never decide.
  public var minSeeds: Int
  public var reactions: Reactions
  public var metrics: [String: MetricPolicy]
  public var overrides: [Override]

  public init(
    alpha: Double = 0.05, minSeeds: Int = 3, reactions: Reactions = .init(),
    metrics: [String: MetricPolicy], overrides: [Override] = []
  ) {
    self.alpha = alpha
    self.minSeeds = minSeeds
    self.reactions = reactions
    self.metrics = metrics
    self.overrides = overrides
  }

  /// Adds what `baseline make` starts with: in the undefended cells a change in either direction
  /// counts.
  ///
  /// They measure the attack. Where an attack got weaker, every defense looks better, and no other
  /// check would say why.
  ///
  /// - Parameter ids: The ids of the defense that is none, the plain mean.
  public mutating func watchUndefendedCells(_ ids: [String] = ["mean"]) {
    let watched = metrics.filter { $0.value.better != .none }
    guard !watched.isEmpty, !ids.isEmpty else { return }
    overrides.append(
      Override(
        cells: CellFilter(["defense": .oneOf(ids)]),
        metrics: watched.mapValues { _ in Override.Change(better: Finding.Direction.none) },
        why: "undefended: a weaker attack is a fault too"))
  }
}
