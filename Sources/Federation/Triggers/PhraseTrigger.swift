import Components
import Datasets
import Tensors

/// A phrase inserted into a text, whose window keeps its length.
///
/// What stands before the phrase moves to the front, and the oldest characters drop out, as many as the
/// phrase has; what follows it stays. At place 0 nothing moves, and the phrase takes the place of the
/// oldest characters. The label stays the character that followed the window, unless an attack
/// changes it.
public enum PhraseTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "phrase",
      summary: "A phrase inserted into a text, at its end or at a place.",
      formula: """
        x_j = x_{j+l} for j < p and x_{p+i} = c_i for i < l, with c the l characters of the phrase \
        (`size` times, one after the other) and p = at, or w − l at the end of a window of w characters
        """,
      preconditions: [
        "inputs are text", "the phrase fits the window, and its characters are in the alphabet",
      ],
      citations: [
        Citation(
          ["Dai", "Chen", "Li"],
          "A backdoor attack against LSTM-based text classification systems", "IEEE Access", 2019,
          arXiv: "1905.12457")
      ],
      origin: "Windows of the next character to name, into which it is inserted.",
      parameters: [.triggerSize, .triggerValue, .triggerPhrase, .triggerAt])
  ) { (arguments, setup) throws(ConfigurationError) in
    func refusal(_ reason: String) -> ConfigurationError {
      ConfigurationError(.invalid(component: "phrase", reason: reason))
    }
    guard let alphabet = setup.alphabet, case .vector(let window) = setup.shape else {
      throw refusal("a 'phrase' trigger is for text, and inputs of \(setup.shape) are none")
    }
    let phrase = arguments.text("phrase")
    guard phrase != "none" else { throw refusal("phrase is missing, the text that is inserted") }
    var strange: [Unicode.Scalar] = []
    let numbers = phrase.unicodeScalars.compactMap { character -> Float? in
      let byte = character.isASCII ? UInt8(character.value) : nil
      if let number = byte.flatMap(alphabet.firstIndex(of:)) { return Float(number) }
      if !strange.contains(character) { strange.append(character) }
      return nil
    }
    guard strange.isEmpty else {
      let shown = strange.prefix(8).map { "'\($0.escaped(asASCII: true))'" }
      throw refusal(
        "the phrase has \(shown.joined(separator: ", "))\(strange.count > 8 ? ", …" : ""), which the "
          + "alphabet of the text has not")
    }
    let times = arguments.integer("size")
    let place = arguments.wholeNumber("at")
    guard numbers.count <= window / times, (place ?? 0) <= window - numbers.count * times else {
      throw refusal(
        "a phrase of \(numbers.count) characters\(times > 1 ? ", \(times) times," : "")"
          + "\(place.map { " at \($0)" } ?? "") does not fit windows of \(window)")
    }
    let values = Array(repeatElement(numbers, count: times).joined())
    return Trigger(
      inserting: values.enumerated().map { offset, value in
        setup.normalization?.value(value, at: offset) ?? value
      }, at: place ?? window - values.count)
  }
}
