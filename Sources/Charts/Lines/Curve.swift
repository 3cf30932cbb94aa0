/// The lines, marks and areas of one series, in pixels.
struct Curve {
  typealias Point = Clipping.Point

  let frame: Frame
  let clipping: Clipping

  init(_ frame: Frame) {
    self.frame = frame
    clipping = Clipping(ofPlot: frame.plot)
  }

  /// The line through points; it has gaps where there is no place for one.
  func line(_ points: [LineChart.Point]) -> String {
    var path = PathData()
    for run in runs(points) {
      guard run.count > 1 else {
        if clipping.contains(run[0]) {
          path.move(to: run[0].x, run[0].y)
          path.dot()
        }
        continue
      }
      var last: Point?
      for (from, to) in zip(run, run.dropFirst()) {
        guard let (start, end) = clipping.segment(from, to) else {
          last = nil
          continue
        }
        if last.map({ $0 != start }) ?? true { path.move(to: start.x, start.y) }
        path.line(to: end.x, end.y)
        last = end
      }
    }
    return path.finished()
  }

  /// The area between two edges, with the gaps that both have.
  func area(_ band: LineChart.Band) -> String {
    let (low, high) = Self.pieces(of: band)
    var path = PathData(isCoarse: true)
    for (lower, upper) in zip(low, high) {
      let corners = polygon(lower, upper)
      let shown = clipping.polygon(corners)
      guard shown.count > 2 else { continue }
      path.move(to: shown[0].x, shown[0].y)
      for corner in shown.dropFirst() { path.line(to: corner.x, corner.y) }
      path.close()
    }
    return path.finished()
  }

  /// Marks at some of the points: at all, or at a few that are spread out, from an offset on.
  func marks(_ points: [LineChart.Point], shape: Int, every stride: Int, from offset: Int) -> String
  {
    var path = PathData()
    for (index, point) in points.enumerated() where index % stride == offset % stride {
      guard let place = frame.point(point.x, point.y), clipping.contains(place) else { continue }
      path.shape(MarkShape.commands(shape), at: place.x, place.y)
    }
    return path.finished()
  }

  private func polygon(_ lower: [LineChart.Point], _ upper: [LineChart.Point]) -> [Point] {
    var bottom = runs(lower).flatMap(\.self)
    var top = runs(upper).flatMap(\.self)
    if bottom.count == 1, top.count == 1 {
      // An area of no width would not be seen.
      bottom = [(bottom[0].x - 2, bottom[0].y), (bottom[0].x + 2, bottom[0].y)]
      top = [(top[0].x - 2, top[0].y), (top[0].x + 2, top[0].y)]
    }
    return bottom + top.reversed()
  }

  /// Points on the page, without gaps in between.
  private func runs(_ points: [LineChart.Point]) -> [[Point]] {
    var runs: [[Point]] = [[]]
    for point in points {
      guard let place = frame.point(point.x, point.y) else {
        runs.append([])
        continue
      }
      runs[runs.count - 1].append(place)
    }
    return runs.filter { !$0.isEmpty }
  }

  /// The edges in pieces between gaps, if they pair up; else each in one.
  private static func pieces(
    of band: LineChart.Band
  ) -> (low: [[LineChart.Point]], high: [[LineChart.Point]]) {
    let isPaired =
      band.low.count == band.high.count && zip(band.low, band.high).allSatisfy { $0.x == $1.x }
    guard isPaired else { return ([thinned(band.low)], [thinned(band.high)]) }
    let kept = Thinning.kept(low: band.low.map(\.y), high: band.high.map(\.y))
    let pieces = kept.split { index in
      !(band.low[index].x.isFinite && band.low[index].y.isFinite && band.high[index].y.isFinite)
    }
    return (pieces.map { $0.map { band.low[$0] } }, pieces.map { $0.map { band.high[$0] } })
  }

  /// The points without those that a long curve can do without.
  static func thinned(_ points: [LineChart.Point]) -> [LineChart.Point] {
    let heights = points.map { $0.x.isFinite ? $0.y : .nan }
    return Thinning.kept(low: heights, high: heights).map { points[$0] }
  }
}
