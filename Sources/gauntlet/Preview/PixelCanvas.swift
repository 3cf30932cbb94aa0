/// Pixels to draw on, red, green and blue.
struct PixelCanvas {
  typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  static let black: Color = (0, 0, 0)
  static let grey: Color = (90, 95, 105)
  /// Neither black nor white, so that both are seen at the edge of an image.
  static let page: Color = (205, 213, 226)

  let width: Int
  let height: Int
  private(set) var bytes: [UInt8]

  /// An empty page.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    let pixel = [Self.page.red, Self.page.green, Self.page.blue]
    bytes = Array(repeatElement(pixel, count: width * height).joined())
  }

  /// Sets one pixel; nothing outside of the canvas.
  mutating func set(_ x: Int, _ y: Int, _ color: Color) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let place = (y * width + x) * 3
    bytes[place] = color.red
    bytes[place + 1] = color.green
    bytes[place + 2] = color.blue
  }

  /// Writes a line of text whose upper left pixel is given, each pixel of a letter `scale` wide.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, color: Color = black) {
    for (place, letter) in text.enumerated() {
      let left = x + place * PixelFont.advance * scale
      for pixel in PixelFont.pixels(of: letter) {
        for dy in 0..<scale {
          for dx in 0..<scale {
            set(left + pixel.column * scale + dx, y + pixel.row * scale + dy, color)
          }
        }
      }
    }
  }

  /// The width of a line of text.
  static func width(of text: String, scale: Int = 1) -> Int {
    text.isEmpty ? 0 : (text.count * PixelFont.advance - 1) * scale
  }
}
