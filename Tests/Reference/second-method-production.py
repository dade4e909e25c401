#!/usr/bin/env python3
"""Production l N -> l N A' once more, sharing neither code nor method with Duskline.

The squared amplitude is a trace of explicit 4 x 4 Dirac matrices; phase space is sampled with scrambled
Sobol points, its kinematics in extended precision (numpy.longdouble; 80 bits on x86-64). Tree level, one
photon, a spin-0 nucleus at rest with Tsai's elastic form factor, epsilon = 1.

    python3 second-method-production.py sections   # cross sections, a minute or two
    python3 second-method-production.py angles     # polar angle of the A', several minutes, some GB

`sections` gives the numbers of Sources/Report/Resources/production-second-method.csv, `angles` those that
Documentation/Validation.md cites for the polar angle. Errors are standard errors over independent
scramblings. Needs numpy and scipy. Masses in GeV, cross sections in pb, angles in mrad.
"""
import sys

import numpy as np
from scipy.stats import qmc

REAL = np.longdouble
ELECTRON = 0.51099895069e-3
MUON = 0.1056583755
ALPHA = 1 / 137.035999177
PB_PER_INVERSE_GEV2 = 3.8937937217e8
ATOMIC_MASS_UNIT = 0.93149410372

# Masses of the bare nuclei, and that of the beryllium atom, which the literature takes for the nucleus.
BERYLLIUM_9 = 9.01218306 * ATOMIC_MASS_UNIT - 4 * ELECTRON
BERYLLIUM_9_ATOM = 8.39479
TUNGSTEN_184 = 183.9509306 * ATOMIC_MASS_UNIT - 74 * ELECTRON
LEAD_208 = 207.9766519 * ATOMIC_MASS_UNIT - 82 * ELECTRON

# Dirac matrices in the Dirac representation.
_ONE, _ZERO = np.eye(2), np.zeros((2, 2))
_PAULI = [np.array(s, complex) for s in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
GAMMA = [np.block([[_ONE, _ZERO], [_ZERO, -_ONE]]).astype(complex)]
GAMMA += [np.block([[_ZERO, s], [-s, _ZERO]]) for s in _PAULI]
METRIC = (1, -1, -1, -1)
BLOCK = 1 << 15  # points whose matrices are held at once


def triangle(a, b, c):
    """The Kaellen function of a, b and c, as a difference that keeps its digits."""
    return (a - b - c) ** 2 - 4 * b * c


def slash(vector, part):
    """gamma.v for the points of a slice."""
    return sum(METRIC[j] * vector[j][part][:, None, None] * GAMMA[j] for j in range(4))


def amplitude(p_out, k, p_in, v, s_tilde, u_minus, m):
    """The leptonic trace A of Documentation/Physics.md, 4.2, with P = 2 v.

    s_tilde = (p'+k)^2 - m^2 and u_minus = (p-k)^2 - m^2. The A' spin sum is -g, the current being conserved.
    """
    unit = np.eye(4)
    result = np.empty(len(s_tilde))
    for start in range(0, len(result), BLOCK):
        part = slice(start, start + BLOCK)
        out, within = slash(p_out, part), slash(p_in, part)
        photon, nucleus = slash(k, part), slash(v, part)
        after, before = out + photon + m * unit, within - photon + m * unit
        ds, du = s_tilde[part][:, None, None], u_minus[part][:, None, None]
        sv, vt = after @ nucleus / ds, nucleus @ before / du
        vs, tv = nucleus @ after / ds, before @ nucleus / du
        total = 0
        for j in range(4):
            vertex = GAMMA[j] @ sv + vt @ GAMMA[j]
            adjoint = vs @ GAMMA[j] + GAMMA[j] @ tv
            trace = np.einsum("nij,nji->n", (out + m * unit) @ vertex, (within + m * unit) @ adjoint)
            total = total - METRIC[j] * trace.real
        result[part] = 0.5 * total * 4
    return result


def form_factor(t, Z, A, screening):
    """Tsai's elastic G2(t), with the screening constant c of a = c Z^(-1/3)/m_e."""
    a2t = (screening * Z ** (-1 / 3) / ELECTRON) ** 2 * t
    return Z * Z * (a2t / (1 + a2t)) ** 2 / (1 + t * A ** (2 / 3) / 0.164) ** 2


def sample(lepton, nucleus, Z, A, screening, energy, mediator, log2_points, seed):
    """Weights in pb, whose mean is the cross section, and the polar angles of the A' in rad."""
    u = qmc.Sobol(4, seed=seed).random_base2(log2_points).astype(REAL)
    count = len(u)
    m, M, E, k2 = REAL(lepton), REAL(nucleus), REAL(energy), REAL(mediator) ** 2
    p = np.sqrt(E * E - m * m)
    s = m * m + M * M + 2 * M * E
    root_s = np.sqrt(s)

    # M_X^2 of X = l' A', from d = M_X^2 - m^2 - m_A'^2 on a logarithmic scale.
    lowest, highest = 2 * m * REAL(mediator), (root_s - M) ** 2 - m * m - k2
    span = np.log(highest / lowest)
    d = lowest * np.exp(span * u[:, 0])
    weight = d * span
    U = d + k2  # M_X^2 - m^2
    X2 = U + m * m
    X = np.sqrt(X2)

    # t, whose lower limit comes from t_min t_max.
    p_initial = np.sqrt(triangle(s, m * m, M * M)) / (2 * root_s)
    p_final = np.sqrt(np.maximum(triangle(s, X2, M * M), 0)) / (2 * root_s)
    E_initial, E_final = (s + M * M - m * m) / (2 * root_s), (s + M * M - X2) / (2 * root_s)
    t_max = 2 * (E_initial * E_final - M * M + p_initial * p_final)
    t_min = M * M * U * U / (s * t_max)
    span = np.log(t_max / t_min)
    t = t_min * np.exp(span * u[:, 1])
    weight = weight * t * span

    # The X frame, z along the beam lepton: -u_tilde = 2 p.k - m_A'^2 on a logarithmic scale, and an azimuth.
    Ep, pz = (X2 + m * m + t) / (2 * X), np.sqrt((U + t) ** 2 + 4 * m * m * t) / (2 * X)
    Ek, kz = (X2 + k2 - m * m) / (2 * X), np.sqrt(triangle(X2, m * m, k2)) / (2 * X)
    greatest, least = 2 * (Ep * Ek + pz * kz) - k2, 2 * (Ep * Ek - pz * kz) - k2
    span = np.log(greatest / least)
    minus_u = least * np.exp(span * u[:, 2])
    cosine = np.clip((2 * Ep * Ek - k2 - minus_u) / (2 * pz * kz), -1, 1)
    weight = weight * minus_u * span / (2 * pz * kz)
    azimuth = 2 * np.pi * u[:, 3]
    weight = weight * 2 * np.pi
    sine = np.sqrt(1 - cosine * cosine)
    k = [Ek, kz * sine * np.cos(azimuth), kz * sine * np.sin(azimuth), kz * cosine]

    # The nucleus in the X frame, from P_i.X and P_i.p; its transverse part along x.
    q0 = -t / (2 * M)
    P0 = M * (E + q0) / X
    Pz = (P0 * Ep - M * E) / pz
    Px = np.sqrt(np.maximum(P0**2 - Pz**2 - M * M, 0))

    # v = P_i - c q with the c that leaves no component along p: the current is conserved.
    c = -Pz / pz

    def double(a):
        return np.broadcast_to(np.asarray(a, dtype=float), (count,))

    v = [double(P0 - c * (X - Ep)), double(Px), double(0), double(0)]
    p_in = [double(Ep), double(0), double(0), double(pz)]
    photon = [double(x) for x in k]
    p_out = [double(X - Ek), -photon[1], -photon[2], -photon[3]]
    A_trace = amplitude(p_out, photon, p_in, v, double(U), -double(minus_u), float(m))

    t_ = double(t)
    coupling = (4 * np.pi * ALPHA) ** 3
    weights = double(weight) * coupling * form_factor(t_, Z, A, screening) / t_**2 * A_trace
    weights = weights * double(kz / X) / (16 * np.pi**2) / (16 * np.pi * float(M * p)) / (2 * np.pi)
    weights = weights / (4 * float(M * p)) * PB_PER_INVERSE_GEV2

    # The laboratory: E_k = k.P_i/M, and k_z from k.p.
    E_lab = (k[0] * P0 - k[3] * Pz - k[1] * Px) / M
    k_along = (E * E_lab - (k2 + minus_u) / 2) / p
    k_across = np.sqrt(np.maximum(E_lab**2 - k_along**2 - k2, 0))
    return weights, double(np.arctan2(k_across, k_along))


def mean_with_error(values):
    """Means over the first axis with their standard errors."""
    values = np.array(values)
    return values.mean(0), values.std(0, ddof=1) / np.sqrt(len(values))


def sections():
    """Cross sections from four scramblings of 2^16 points each."""
    cases = [
        ("mu Be, 160 GeV, m_A' = 0.1 GeV, generic screening", MUON, BERYLLIUM_9, 4, 9, 111, 160, 0.1),
        ("e W, 4 GeV, m_A' = 0.01 GeV", ELECTRON, TUNGSTEN_184, 74, 184, 111.7, 4, 0.01),
        ("e W, 4 GeV, m_A' = 0.1 GeV", ELECTRON, TUNGSTEN_184, 74, 184, 111.7, 4, 0.1),
        ("mu Pb, 160 GeV, m_A' = 0.01 GeV", MUON, LEAD_208, 82, 208, 111.7, 160, 0.01),
    ]
    for name, *setup in cases:
        values = [sample(*setup, log2_points=16, seed=seed)[0].mean() for seed in (1, 2, 3, 4)]
        mean, error = mean_with_error(values)
        print(f"{name}: {mean:.6g} pb, relative error {error / mean:.1e}", flush=True)


def angles():
    """Weighted quantiles and the mean of the polar angle of the A', from six scramblings of 2^19 points."""
    probabilities = (0.05, 0.25, 0.5, 0.75, 0.95)
    records = []
    for seed in range(100, 106):
        weights, theta = sample(
            MUON, BERYLLIUM_9_ATOM, 4, 9, 111, 160, 0.1, log2_points=19, seed=seed)
        order = np.argsort(theta)
        sums = np.cumsum(weights[order])
        quantiles = [theta[order][np.searchsorted(sums, q * sums[-1])] for q in probabilities]
        mean = (theta * weights).sum() / weights.sum()
        records.append([1e3 * x for x in quantiles + [mean]] + [weights.mean()])
    names = [f"{100 * q:g} % quantile [mrad]" for q in probabilities] + ["mean [mrad]", "sigma [pb]"]
    for name, value, error in zip(names, *mean_with_error(records)):
        print(f"{name}: {value:.6g} +- {error:.2g}", flush=True)


if __name__ == "__main__":
    tasks = {"sections": sections, "angles": angles}
    if len(sys.argv) != 2 or sys.argv[1] not in tasks:
        sys.exit(f"usage: {sys.argv[0]} sections|angles")
    tasks[sys.argv[1]]()
