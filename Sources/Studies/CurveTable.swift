public import Results

/// Series over rounds, summed up over the seeds of each cell.
public struct CurveTable: Hashable, Sendable {
  /// One series of one cell.
  public struct Curve: Hashable, Sendable {
    public struct Point: Hashable, Sendable {
      public var round: Int
      public var mean: Double
      /// The smallest and the largest of the seeds.
      public var low: Double
      public var high: Double

      public init(round: Int, mean: Double, low: Double, high: Double) {
        self.round = round
        self.mean = mean
        self.low = low
        self.high = high
      }
    }

    /// In the order of the rounds; rounds without a value are left out.
    public var points: [Point]

    public init(_ points: [Point] = []) { self.points = points }
  }

  /// By cell, then by the name of the series, such as `accuracy`.
  public var curves: [CellID: [String: Curve]]

  /// Why there are no curves, where the file has none that can be read; `nil` if it has, and for a
  /// table that was not read from one.
  public var absence: RoundsReader.Absence?

  public init(_ curves: [CellID: [String: Curve]] = [:], absence: RoundsReader.Absence? = nil) {
    self.curves = curves
    self.absence = absence
  }

  public subscript(cell: CellID, series: String) -> Curve? { curves[cell]?[series] }
}
