/// `run.json`: what was run, with what, on which data, and which files came of it.
///
/// Readers look at `schema` first and refuse a name they do not know.
public struct RunManifestV1: Codable, Hashable, Sendable {
  public static let currentSchema = "gauntlet/results/1"

  /// The program that made the results.
  public struct Tool: Codable, Hashable, Sendable {
    public var name: String
    public var version: String
    /// The compiler's version, such as `6.3.1`.
    public var swift: String
    /// `release`, `debug` or `portable`.
    public var build: String

    public init(name: String = "gauntlet", version: String, swift: String, build: String) {
      self.name = name
      self.version = version
      self.swift = swift
      self.build = build
    }
  }

  /// The scenario, by its file and as it was understood.
  public struct Scenario: Codable, Hashable, Sendable {
    public var name: String
    /// Digest of the file's bytes, in hexadecimal.
    public var sha256: String
    /// Every default filled in, every override applied.
    public var resolved: JSONValue

    public init(name: String, sha256: String, resolved: JSONValue) {
      self.name = name
      self.sha256 = sha256
      self.resolved = resolved
    }
  }

  /// A data set, by the digest of its decoded arrays.
  public struct Data: Codable, Hashable, Sendable {
    public var name: String
    public var sha256: String
    /// Samples, training and test together.
    public var rows: Int

    public init(name: String, sha256: String, rows: Int) {
      self.name = name
      self.sha256 = sha256
      self.rows = rows
    }
  }

  /// The machine that ran it.
  public struct Machine: Codable, Hashable, Sendable {
    /// Cores that the process may use.
    public var cores: Int
    /// Such as `x86_64`.
    public var arch: String
    public var os: String

    public init(cores: Int, arch: String, os: String) {
      self.cores = cores
      self.arch = arch
      self.os = os
    }
  }

  /// The part of a plan that was run: one of several that follow each other.
  public struct Shard: Codable, Hashable, Sendable {
    /// From 1.
    public var number: Int
    public var count: Int
    /// The place in the plan, from 0, of its first trial.
    public var first: Int
    /// How many trials it has.
    public var trials: Int
    /// How many all parts have.
    public var planned: Int

    public init(number: Int, count: Int, first: Int, trials: Int, planned: Int) {
      self.number = number
      self.count = count
      self.first = first
      self.trials = trials
      self.planned = planned
    }
  }

  public var schema: String
  public var tool: Tool
  /// The engine number: raised whenever numbers may change.
  public var engine: Int
  public var scenario: Scenario
  public var data: [Data]
  public var machine: Machine
  /// The command line, program name first.
  public var invocation: [String]
  /// ISO 8601 in UTC, such as `2026-01-31T12:00:00Z`.
  public var started: String
  /// As `started`; `nil` while the run is under way.
  public var finished: String?
  /// SHA-256 by name of each other file of the folder.
  public var files: [String: String]
  /// Names of files in which something was changed after the run that wrote them had ended.
  ///
  /// Without any it is `nil`. Whatever goes on with such results, or joins them, keeps the mark.
  public var altered: [String]?
  /// Trials by status, and whatever else the run counts.
  public var counts: [String: Int]
  /// The names of the folders that these results were joined from; `nil` if there were none.
  public var merged: [String]?
  /// The part of a plan that these results are; `nil` if they are of more, or of all.
  public var shard: Shard?
  /// Whether trials may lack rows in `rounds.csv`, because they were left out; `nil` if none does.
  public var withoutRounds: Bool?

  public init(
    tool: Tool, engine: Int, scenario: Scenario, data: [Data], machine: Machine,
    invocation: [String], started: String, finished: String? = nil,
    files: [String: String] = [:], counts: [String: Int] = [:]
  ) {
    self.schema = Self.currentSchema
    self.tool = tool
    self.engine = engine
    self.scenario = scenario
    self.data = data
    self.machine = machine
    self.invocation = invocation
    self.started = started
    self.finished = finished
    self.files = files
    self.counts = counts
    altered = nil
  }
}
