/// Cuts lines and areas at the edges of a plot.
struct Clipping {
  typealias Point = (x: Double, y: Double)

  var box: Box

  init(box: Box) { self.box = box }

  /// Half a tenth of a pixel more than the plot, so that what lies on an edge stays.
  init(ofPlot plot: Box) {
    box = Box(
      x: plot.x - 0.05, y: plot.y - 0.05, width: plot.width + 0.1, height: plot.height + 0.1)
  }

  func contains(_ point: Point) -> Bool {
    (box.x...box.right).contains(point.x) && (box.y...box.bottom).contains(point.y)
  }

  /// The part of a segment in the box; `nil` if there is none (Liang and Barsky, 1984).
  func segment(_ from: Point, _ to: Point) -> (Point, Point)? {
    let step = (x: to.x - from.x, y: to.y - from.y)
    var (enter, leave) = (0.0, 1.0)
    let edges = [
      (-step.x, from.x - box.x), (step.x, box.right - from.x), (-step.y, from.y - box.y),
      (step.y, box.bottom - from.y),
    ]
    for (direction, distance) in edges {
      if direction == 0 {
        if distance < 0 { return nil }
      } else if direction < 0 {
        enter = max(enter, distance / direction)
      } else {
        leave = min(leave, distance / direction)
      }
    }
    guard enter <= leave else { return nil }
    func at(_ part: Double) -> Point {
      part == 0 ? from : part == 1 ? to : (from.x + part * step.x, from.y + part * step.y)
    }
    return (at(enter), at(leave))
  }

  /// The part of a polygon in the box (Sutherland and Hodgman, 1974).
  func polygon(_ corners: [Point]) -> [Point] {
    var corners = corners
    corners = Self.cut(corners) { $0.x - box.x }
    corners = Self.cut(corners) { box.right - $0.x }
    corners = Self.cut(corners) { $0.y - box.y }
    return Self.cut(corners) { box.bottom - $0.y }
  }

  /// What is on the side of an edge where the distance is not negative.
  private static func cut(_ corners: [Point], _ distance: (Point) -> Double) -> [Point] {
    guard corners.contains(where: { distance($0) < 0 }) else { return corners }
    var result: [Point] = []
    for (index, corner) in corners.enumerated() {
      let last = corners[(index + corners.count - 1) % corners.count]
      let (before, here) = (distance(last), distance(corner))
      if (before < 0) != (here < 0) {
        let part = before / (before - here)
        result.append((last.x + part * (corner.x - last.x), last.y + part * (corner.y - last.y)))
      }
      if here >= 0 { result.append(corner) }
    }
    return result
  }
}
