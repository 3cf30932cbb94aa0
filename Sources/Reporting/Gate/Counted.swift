/// A number with its noun, such as `1 seed` and `5 seeds`.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)" + (count == 1 ? "" : "s")
}
