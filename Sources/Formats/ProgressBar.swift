import Synchronization
import Units

/// Progress on standard error: a bar with the time left on a terminal, a line now and then elsewhere.
///
///     let progress = ProgressBar("reach", total: points.count, isQuiet: options.quiet)
///     defer { progress.finish() }
///     for point in points { …; progress.advance() }
///
/// Any thread may advance it. It touches no result: with `isQuiet` it does nothing at all.
public final class ProgressBar: Sendable {
  /// How a bar shows itself.
  package enum Style: Sendable, Hashable {
    /// One line, drawn again and again.
    case bar
    /// Plain lines, at most one in ten seconds.
    case lines
    /// Nothing.
    case silent
  }

  private struct State {
    var completed = 0
    var lastReport: Duration?
    var isFinished = false
  }

  private let label: String
  private let total: Int
  private let unit: String?
  private let style: Style
  private let elapsed: @Sendable () -> Duration
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// A bar for so many steps; nothing is drawn before the first one is done.
  ///
  /// - Parameter unit: what a step is, where the rate is to be shown: `points`.
  public convenience init(
    _ label: String, total: Int, unit: String? = nil, isQuiet: Bool = false
  ) {
    let start = ContinuousClock.now
    self.init(
      label, total: total, unit: unit,
      style: isQuiet ? .silent : StandardError.isTerminal ? .bar : .lines,
      elapsed: { ContinuousClock.now - start }, write: { StandardError.writePart($0) })
  }

  /// A bar with its clock and its outlet given, as tests need it.
  package init(
    _ label: String, total: Int, unit: String? = nil, style: Style,
    elapsed: @escaping @Sendable () -> Duration,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.total = max(1, total)
    self.unit = unit
    self.style = style
    self.elapsed = elapsed
    self.write = write
  }

  /// Notes that steps are done.
  public func advance(by steps: Int = 1) {
    guard style != .silent else { return }
    let text = state.withLock { state -> String? in
      state.completed = min(total, state.completed + steps)
      let now = elapsed()
      let interval: Duration = style == .bar ? .milliseconds(200) : .seconds(10)
      // Plain lines wait for the first interval: a short run says nothing.
      let last = state.lastReport ?? (style == .bar ? now - interval : .zero)
      guard !state.isFinished, now - last >= interval else { return nil }
      state.lastReport = now
      return report(completed: state.completed, after: now)
    }
    if let text { write(text) }
  }

  /// Takes the bar away.
  public func finish() {
    let wasDrawn = state.withLock { state in
      defer { state.isFinished = true }
      return !state.isFinished && state.lastReport != nil
    }
    if style == .bar && wasDrawn { write("\r\u{1B}[K") }
  }

  private func report(completed: Int, after elapsed: Duration) -> String {
    let fraction = Double(completed) / Double(total)
    let percent = Int(fraction * 100)
    let timeLeft = Self.words(for: elapsed * ((1 - fraction) / max(fraction, 1e-9)))
    let left = rate(completed, elapsed) + (completed < total ? ", \(timeLeft) left" : "")
    switch style {
    case .bar:
      let width = 30
      let filled = Int(fraction * Double(width))
      let bar =
        String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      return "\r\u{1B}[K\(label) [\(bar)] \(percent) %\(left)"
    case .lines: return "\(label): \(percent) %\(left)\n"
    case .silent: return ""
    }
  }

  /// `, 12.5 points/s`, where a unit is given.
  private func rate(_ completed: Int, _ elapsed: Duration) -> String {
    guard let unit, elapsed > .zero else { return "" }
    return
      ", \(ShortestNumber.text(Double(completed) / (elapsed / .seconds(1)), digits: 3)) \(unit)/s"
  }

  /// A duration as one reads it: `8 s`, `3 min 20 s`, `2 h 5 min`.
  package static func words(for duration: Duration) -> String {
    let seconds = max(0, Int(duration.components.seconds))
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
    default: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
  }
}
