import Statistics

/// A counting experiment as a HistFactory workspace of pyhf: one channel of one bin.
///
/// The signal is `mu` times the exact limit, so that a limit on `mu` is one on events in units of ours: pyhf's fits need a parameter of
/// order one (with `mu` in events pyhf 0.7.6 was 37 % off at a million of them). An error with a gamma law becomes a
/// `shapesys`, whose constraint is the Poisson measurement that leaves this gamma law; a log-normal background becomes
/// a `normsys` of `1 + E/b` and its inverse.
///
/// Source: the workspace schema 1.0.0 of pyhf, https://scikit-hep.org/pyhf/likelihood.html.
public struct PyhfWorkspace: Sendable, Hashable {
  /// The name of the parameter of interest.
  public static let parameter = "mu"

  /// Where a scan of `mu` for limits and bands ends.
  private static let largest = 10.0

  private let request: LimitRequest
  /// The signal at `mu` = 1, in events.
  public let signalEvents: Double

  /// The workspace of a limit.
  public init(_ report: LimitReport) {
    request = report.request
    signalEvents = report.exactLimit > 0 ? report.exactLimit : 1
  }

  /// The workspace.
  public var json: JSONValue {
    [
      "version": "1.0.0",
      "channels": [["name": "search", "samples": [signal, background]]],
      "observations": [["name": "search", "data": [.integer(request.observed)]]],
      "measurements": [
        [
          "name": "limit",
          "config": [
            "poi": .string(Self.parameter),
            "parameters": [
              [
                "name": .string(Self.parameter), "bounds": [[0, .number(Self.largest)]],
                "inits": [1],
              ]
            ],
          ],
        ]
      ],
    ]
  }

  private var signal: JSONValue {
    var modifiers: [JSONValue] = [
      ["name": .string(Self.parameter), "type": "normfactor", "data": .null]
    ]
    if request.experiment.signalError > 0 {
      modifiers.append(shape("signal_error", request.experiment.signalError * signalEvents))
    }
    return ["name": "signal", "data": [.number(signalEvents)], "modifiers": .array(modifiers)]
  }

  private var background: JSONValue {
    let (mean, error) = (request.experiment.background, request.experiment.backgroundError)
    var modifiers: [JSONValue] = []
    if error > 0 {
      switch request.experiment.backgroundLaw {
      case .gamma: modifiers.append(shape("background_error", error))
      case .logNormal:
        modifiers.append([
          "name": "background_error", "type": "normsys",
          "data": ["hi": .number(1 + error / mean), "lo": .number(1 / (1 + error / mean))],
        ])
      }
    }
    return [
      "name": "background", "data": [.number(mean)], "modifiers": .array(modifiers),
    ]
  }

  /// A Poisson constraint, from an absolute error.
  private func shape(_ name: String, _ error: Double) -> JSONValue {
    ["name": .string(name), "type": "shapesys", "data": [.number(error)]]
  }
}
