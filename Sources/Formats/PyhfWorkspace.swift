import Statistics

/// A counting experiment as a HistFactory workspace of pyhf: one channel of one bin.
///
/// The signal is one event times `mu`, so that a limit on `mu` is one on events. An error with a gamma law becomes a
/// `shapesys`, whose constraint is the Poisson measurement that leaves this gamma law; a log-normal background becomes
/// a `normsys` of `1 + E/b` and its inverse.
///
/// Source: the workspace schema 1.0.0 of pyhf, https://scikit-hep.org/pyhf/likelihood.html.
public struct PyhfWorkspace: Sendable, Hashable {
  /// The name of the parameter of interest.
  public static let parameter = "mu"

  private let request: LimitRequest
  private let largest: Double

  /// The workspace of a limit.
  public init(_ report: LimitReport) {
    request = report.request
    // Where a scan for the limit and its bands ends.
    let found = (try? report.expected?.get())?.plus2 ?? 0
    largest = 4 * max(report.exactLimit, report.asymptoticLimit, found, 3)
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
                "name": .string(Self.parameter), "bounds": [[0, .number(largest)]],
                "inits": [.number(largest / 8)],
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
      modifiers.append(shape("signal_error", request.experiment.signalError))
    }
    return ["name": "signal", "data": [1.0], "modifiers": .array(modifiers)]
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
