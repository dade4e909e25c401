/// All rooms in one import, for programs that use Duskline as a library.
///
///     import Duskline
///
///     let point = try ModelPoint(chi1Mass: 0.1, massSplitting: 0.04, darkPhotonMass: 0.3)
///     let widths = point.chi2Widths()
@_exported import Background
@_exported import Calculus
@_exported import Constraints
@_exported import DarkSector
@_exported import Decay
@_exported import Detector
@_exported import Formats
@_exported import Integration
@_exported import Kinematics
@_exported import ParticleData
@_exported import Production
@_exported import Reach
@_exported import Recasts
@_exported import Relic
@_exported import Report
@_exported import Sampling
@_exported import Selection
@_exported import Showers
@_exported import Statistics
@_exported import Tables
@_exported import Units
