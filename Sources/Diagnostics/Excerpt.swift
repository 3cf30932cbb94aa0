/// What a message shows of a text that somebody wrote: its first 80 characters and an ellipsis, with
/// control characters, and those that change the writing direction, spelled out as `\u{1b}`.
///
/// - Complexity: O(1) for a native string, however long.
public func excerpt(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let end = scalars.index(scalars.startIndex, offsetBy: 80, limitedBy: scalars.endIndex)
  let isCut = (end ?? scalars.endIndex) < scalars.endIndex
  var shown = ""
  for scalar in scalars[..<(end ?? scalars.endIndex)] {
    if isHazardous(scalar) {
      shown += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return isCut ? shown + "…" : shown
}

private func isHazardous(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
  default: false
  }
}
