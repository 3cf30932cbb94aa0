import Simulation
import Tensors

/// A preview of images as one picture: a row for each attack, and from left to right test images as they
/// are, the same with the trigger, and images of an attacker as it trains on them.
///
/// Below an image stands its label, and `old>new` where the attack changes it.
struct PreviewPicture {
  private static let columns = ["clean", "triggered", "poisoned"]
  /// The side that images are enlarged to, about.
  private static let side = 84
  private static let gap = 6
  private static let groupGap = 24
  private static let margin = 12
  private static let labelHeight = PixelFont.height * textScale + 6
  private static let textScale = 2
  private static let headHeight = labelHeight + gap

  private let preview: Preview
  private let height: Int
  private let width: Int
  private let channels: Int
  /// How many pixels of the picture a pixel of an image takes on each side.
  private let scale: Int
  /// Of how many pixels of an image one is shown, on each side.
  private let step: Int
  private let count: Int

  /// Lays out a preview with `count` places of each kind in a row; `nil` where inputs are no images.
  init?(_ preview: Preview, count: Int) {
    guard case .image(let height, let width, let channels) = preview.shape else { return nil }
    self.preview = preview
    (self.height, self.width, self.channels) = (height, width, channels)
    self.count = count
    let longest = max(height, width)
    scale = max(1, Self.side / longest)
    step = max(1, (longest + 3 * Self.side - 1) / (3 * Self.side))
  }

  private var tileWidth: Int { max((width + step - 1) / step * scale, 3 * PixelFont.advance * 2) }
  private var tileHeight: Int { (height + step - 1) / step * scale }
  private var groupWidth: Int { count * (tileWidth + Self.gap) - Self.gap }
  private var rowHeight: Int {
    2 * Self.labelHeight + tileHeight + Self.gap + Self.groupGap / 2
  }

  /// Draws it.
  func drawn() -> PixelCanvas {
    let names = preview.rows.map(title)
    let least = 2 * Self.margin + 3 * groupWidth + 2 * Self.groupGap
    let longest = names.map { PixelCanvas.width(of: $0, scale: Self.textScale) }.max() ?? 0
    var canvas = PixelCanvas(
      width: max(least, longest + 2 * Self.margin),
      height: 2 * Self.margin + Self.headHeight + preview.rows.count * rowHeight)
    for (place, name) in Self.columns.enumerated() {
      canvas.write(
        name, x: left(place), y: Self.margin, scale: Self.textScale, color: PixelCanvas.grey)
    }
    for (place, row) in preview.rows.enumerated() {
      let top = Self.margin + Self.headHeight + place * rowHeight
      canvas.write(names[place], x: Self.margin, y: top, scale: Self.textScale)
      let y = top + Self.labelHeight
      let label = { (example: Preview.Example) in "\(example.label)" }
      for (column, pair) in row.marked.enumerated() {
        draw(pair.before, label(pair.before), column, 0, y, &canvas)
        draw(pair.after, target(of: row, pair.before), column, 1, y, &canvas)
      }
      for (column, example) in row.given.enumerated() {
        draw(example, target(of: row, example), column, 1, y, &canvas)
      }
      for (column, pair) in row.poisoned.enumerated() {
        let (old, new) = (pair.before.label, pair.after.label)
        draw(pair.after, old == new ? "\(old)" : "\(old)>\(new)", column, 2, y, &canvas)
      }
    }
    return canvas
  }

  /// What a marked image should be taken for.
  private func target(of row: Preview.Row, _ example: Preview.Example) -> String {
    row.target.map { "\(example.label)>\($0)" } ?? "\(example.label)"
  }

  private func title(_ row: Preview.Row) -> String {
    row.attack + (row.isFirstTrigger ? " (trigger of the first round)" : "")
  }

  private func left(_ group: Int) -> Int {
    Self.margin + group * (groupWidth + Self.groupGap)
  }

  private func draw(
    _ example: Preview.Example, _ label: String, _ column: Int, _ group: Int, _ top: Int,
    _ canvas: inout PixelCanvas
  ) {
    guard column < count else { return }
    let x = left(group) + column * (tileWidth + Self.gap)
    for row in stride(from: 0, to: height, by: step) {
      for place in stride(from: 0, to: width, by: step) {
        let color = color(example.inputs, (row * width + place) * channels)
        for dy in 0..<scale {
          for dx in 0..<scale {
            canvas.set(x + place / step * scale + dx, top + row / step * scale + dy, color)
          }
        }
      }
    }
    canvas.write(label, x: x, y: top + tileHeight + Self.gap, scale: Self.textScale)
  }

  /// Three channels are colors, others are the mean of all in grey.
  private func color(_ inputs: [Float], _ start: Int) -> PixelCanvas.Color {
    if channels == 3 {
      return (byte(inputs[start]), byte(inputs[start + 1]), byte(inputs[start + 2]))
    }
    let sum = inputs[start..<start + channels].reduce(0.0) { $0 + Double($1) }
    let grey = byte(Float(sum / Double(channels)))
    return (grey, grey, grey)
  }

  private func byte(_ value: Float) -> UInt8 {
    let (low, high) = (Double(preview.range.lowerBound), Double(preview.range.upperBound))
    let share = (Double(value) - low) / (high - low)
    // What an attack pushes out of the range is black or white.
    return share.isFinite ? UInt8((min(max(share, 0), 1) * 255).rounded()) : 0
  }
}
