/// Times in words.
public enum Durations {
  /// A short text for a duration in seconds: `0.4 s`, `42 s`, `3 min 05 s`, `2 h 05 min`,
  /// `3 d 04 h`.
  ///
  /// One digit after the point below ten seconds, no digits that nobody waits for above. Edge
  /// cases: a negative or not finite number is `?`.
  public static func text(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    let tenths = (seconds * 10).rounded()
    if tenths < 100 {
      return "\(Int(tenths) / 10).\(Int(tenths) % 10) s"
    }
    // Beyond that the count of days is no news, and would not fit an integer.
    let whole = Int(min(seconds, 1e12).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    let minutes = Int((Double(whole) / 60).rounded())
    if minutes < 24 * 60 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
    let hours = Int((Double(whole) / 3600).rounded())
    return "\(hours / 24) d \(twoDigits(hours % 24)) h"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
