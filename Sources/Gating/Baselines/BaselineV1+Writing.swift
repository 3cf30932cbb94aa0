import Results

extension BaselineV1 {
  /// The text of the file: origin, policy and history indented, then one line per cell.
  public var text: String {
    var lines = ["{", #"  "schema": \#(quoted(Self.currentSchema)),"#]
    lines += block("made", originLines)
    lines += block("policy", policyLines)
    lines.append(#"  "history": ["#)
    lines += separated(history.map { CanonicalJSON.string($0.json) })
    lines += ["  ],", #"  "cells": {"#]
    lines += separated(cells.map { "\(quoted($0.name)): \($0.jsonLine)" })
    lines += ["  }", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func block(_ name: String, _ members: [String]) -> [String] {
    ["  \(quoted(name)): {"] + members.map { "    \($0)" } + ["  },"]
  }

  private func separated(_ items: [String]) -> [String] {
    items.enumerated().map { "    \($1)\($0 == items.count - 1 ? "" : ",")" }
  }

  private var originLines: [String] {
    var lines = [
      #""tool": \#(quoted(origin.tool)),"#, #""at": \#(quoted(origin.at)),"#,
      #""engine": \#(origin.engine),"#, #""scenario": \#(quoted(origin.scenario)),"#,
    ]
    let data = origin.data.map { set -> JSONValue in
      ["name": .string(set.name), "sha256": .string(set.sha256), "rows": .integer(set.rows)]
    }
    lines.append(#""data": \#(CanonicalJSON.string(.array(data))),"#)
    lines.append(#""settings": ["#)
    lines += origin.settings.enumerated().map { index, setting in
      "  \(CanonicalJSON.string(setting.json))"
        + (index == origin.settings.count - 1 ? "" : ",")
    }
    return lines + ["]"]
  }

  private var policyLines: [String] {
    var lines = [
      #""alpha": \#(CanonicalJSON.number(policy.alpha)),"#,
      #""min_seeds": \#(policy.minSeeds),"#,
      #""missing": \#(quoted(policy.reactions.missing.rawValue)),"#,
      #""extra": \#(quoted(policy.reactions.extra.rawValue)),"#,
      #""inconclusive": \#(quoted(policy.reactions.inconclusive.rawValue)),"#,
      #""metrics": {"#,
    ]
    let metrics = policy.metrics.sorted { $0.key < $1.key }
    lines += metrics.enumerated().map { index, metric in
      "  \(quoted(metric.key)): \(metric.value.jsonLine)"
        + (index == metrics.count - 1 ? "" : ",")
    }
    lines += ["},", #""overrides": ["#]
    lines += policy.overrides.enumerated().map { index, override in
      "  \(CanonicalJSON.string(override.json))"
        + (index == policy.overrides.count - 1 ? "" : ",")
    }
    return lines + ["]"]
  }

  private func quoted(_ text: String) -> String { CanonicalJSON.string(.string(text)) }
}

extension BaselineV1.Entry {
  fileprivate var json: JSONValue {
    ["at": .string(at), "by": JSONValue(by), "why": .string(why), "cells": .integer(cells)]
  }
}

extension BaselineV1.Cell {
  /// The cell without its name, members in the order in which people read them.
  fileprivate var jsonLine: String {
    var members = [("seeds", JSONValue.array(seeds.map(JSONValue.integer)))]
    if !axes.isEmpty { members.append(("axes", JSONValue(axes))) }
    members += metrics.sorted { $0.key < $1.key }
      .map { ($0.key, .array($0.value.map { JSONValue($0) })) }
    if !censored.isEmpty {
      members.append(
        ("censored", .object(censored.mapValues { .array($0.map(JSONValue.integer)) })))
    }
    members.append(("parameters", JSONValue(parameters)))
    return "{"
      + members.map { "\(CanonicalJSON.string(.string($0))): \(CanonicalJSON.string($1))" }
      .joined(separator: ", ") + "}"
  }
}

extension Setting {
  fileprivate var json: JSONValue {
    [
      "axes": JSONValue(axes), "scenario": scenario, "attacks": .object(attacks),
      "defenses": .object(defenses),
    ]
  }
}

extension Policy.MetricPolicy {
  fileprivate var jsonLine: String {
    var members = [(#""better""#, "\"\(better.rawValue)\"")]
    members.append((#""abs""#, CanonicalJSON.number(abs)))
    if rel != 0 { members.append((#""rel""#, CanonicalJSON.number(rel))) }
    if !gate { members.append((#""gate""#, "false")) }
    return "{" + members.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
  }
}

extension Policy.Override {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "where": .object(cells.conditions.mapValues(\.json)),
      "metrics": .object(
        metrics.mapValues { change in
          var members: [String: JSONValue] = [:]
          if let better = change.better { members["better"] = .string(better.rawValue) }
          if let abs = change.abs { members["abs"] = .number(abs) }
          if let rel = change.rel { members["rel"] = .number(rel) }
          if let gate = change.gate { members["gate"] = .bool(gate) }
          return .object(members)
        }),
      "why": .string(why),
    ]
    if let until { members["until"] = .string(until) }
    return .object(members)
  }
}

extension CellFilter.Condition {
  fileprivate var json: JSONValue {
    switch self {
    case .oneOf(let values): values.count == 1 ? .string(values[0]) : JSONValue(values)
    case .between(let min, let max):
      .object(
        ["min": min, "max": max].compactMapValues { $0.map(JSONValue.number) })
    }
  }
}
