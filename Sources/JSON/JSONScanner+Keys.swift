extension JSONScanner {
  /// The keys of an object so far.
  ///
  /// Canonical objects are sorted, and keys that ascend need no set to tell that none comes twice.
  struct KeyRecord {
    private var keys: [String] = []
    private var set: Set<String> = []

    /// Takes note of a key; `false` if it is there already.
    mutating func insert(_ key: String) -> Bool {
      if set.isEmpty {
        guard let last = keys.last, last >= key else {
          keys.append(key)
          return true
        }
        set = Set(keys)
      }
      return set.insert(key).inserted
    }
  }
}
