/// The colors of all drawings, on light and on dark paper.
///
/// The eight of series differ for readers with any of the three kinds of color blindness, each by
/// 20 or more in CIE L*a*b* as Machado et al. (2009) simulate them, and have a contrast of at least
/// 3 to the paper. The steps of heat maps grow in contrast to the paper from the best, blue, over
/// sand to the worst, brown or bright orange; their texts have a contrast of at least 4.5.
struct Palette: Hashable, Sendable {
  var paper: String
  var ink: String
  /// Of axes, and of texts of less weight.
  var muted: String
  var grid: String
  var series: [String]
  var heat: [String]
  /// The texts on steps.
  var heatInk: [String]

  static let light = Palette(
    paper: "#ffffff", ink: "#1c2127", muted: "#57606a", grid: "#dde2e7",
    series: [
      "#3d86f5", "#c47f00", "#177557", "#e04fa8", "#672ce9", "#5b4000", "#02366c", "#111111",
    ],
    heat: [
      "#c8e6ff", "#b2d5f0", "#b8cac4", "#c5bc8e", "#c8a255", "#c0873a", "#a5661c", "#8f5010",
      "#763c0b", "#5e2c0a", "#451d08",
    ],
    heatInk: inks(blackTo: 5))

  static let dark = Palette(
    paper: "#14171c", ink: "#e6e9ed", muted: "#9aa4b0", grid: "#2f363f",
    series: [
      "#94a6ff", "#e35a02", "#057e4d", "#fc8aa6", "#8b48f5", "#ffd700", "#85fbff", "#ffffc8",
    ],
    heat: [
      "#0d3f70", "#1f4b78", "#3b5770", "#5f6152", "#7a6840", "#9c7b45", "#b58540", "#cd9348",
      "#e3a24f", "#f2b566", "#ffc878",
    ],
    heatInk: inks(whiteTo: 4))

  private static func inks(blackTo last: Int) -> [String] {
    (0...10).map { $0 <= last ? "#000000" : "#ffffff" }
  }

  private static func inks(whiteTo last: Int) -> [String] {
    (0...10).map { $0 <= last ? "#ffffff" : "#000000" }
  }
}
