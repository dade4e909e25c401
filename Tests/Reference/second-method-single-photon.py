#!/usr/bin/env python3
"""The cross section of e+ e- -> gamma A' once more, sharing neither code nor method with Duskline.

Amplitudes are products of explicit spinors, Dirac matrices and polarisation vectors, one for each of the 48
combinations of helicities, squared and summed; the electron's mass is kept, which Duskline neglects. The
photon's angle is integrated by Gauss and Legendre with 64 points. Tree level, epsilon = 1.

    python3 second-method-single-photon.py

prints the rows of Sources/Report/Resources/single-photon-second-method.csv. Needs numpy. Masses and
energies in GeV, cross sections in pb, angles in the centre-of-mass frame.
"""
import itertools

import numpy as np

ELECTRON = 0.51099895069e-3
ALPHA = 1 / 137.035999177
PB_PER_INVERSE_GEV2 = 3.8937937217e8
SQRT_S = 10.58
COSINES = (-0.4, 0.6)

# Dirac matrices in the Dirac representation.
_ONE, _ZERO = np.eye(2), np.zeros((2, 2))
_PAULI = [np.array(s, complex) for s in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
GAMMA = [np.block([[_ONE, _ZERO], [_ZERO, -_ONE]]).astype(complex)]
GAMMA += [np.block([[_ZERO, s], [-s, _ZERO]]) for s in _PAULI]
METRIC = np.array([1, -1, -1, -1])


def slash(vector):
    """gamma.v"""
    return sum(METRIC[j] * vector[j] * GAMMA[j] for j in range(4))


def dot(a, b):
    return np.sum(METRIC * a * b)


def spinors(p, mass):
    """u(p, s) and v(p, s) for both spins along z."""
    root = np.sqrt(p[0] + mass)
    sigma = sum(p[j + 1] * _PAULI[j] for j in range(3))
    up = [np.concatenate([root * chi, sigma @ chi / root]) for chi in np.eye(2)]
    down = [np.concatenate([sigma @ chi / root, root * chi]) for chi in np.eye(2)]
    return up, down


def squared_amplitude(mediator, cosine):
    """|M|^2 at epsilon = 1, averaged over electron and positron, summed over photon and A'."""
    energy = SQRT_S / 2
    momentum = np.sqrt(energy**2 - ELECTRON**2)
    photon = (SQRT_S**2 - mediator**2) / (2 * SQRT_S)
    sine = np.sqrt(1 - cosine**2)
    direction = np.array([sine, 0, cosine])
    p1 = np.array([energy, 0, 0, momentum])
    p2 = np.array([energy, 0, 0, -momentum])
    l = photon * np.array([1, *direction])
    k = p1 + p2 - l
    across = [np.array([0, cosine, 0, -sine]), np.array([0, 0, 1, 0])]
    along = np.array([photon, *(-k[0] * direction)]) / mediator
    late = (slash(p1 - l) + ELECTRON * np.eye(4)) / (dot(p1 - l, p1 - l) - ELECTRON**2)
    early = (slash(p1 - k) + ELECTRON * np.eye(4)) / (dot(p1 - k, p1 - k) - ELECTRON**2)
    total = 0.0
    for v, w in itertools.product(across, [*across, along]):
        vertex = slash(w) @ late @ slash(v) + slash(v) @ early @ slash(w)
        for u in spinors(p1, ELECTRON)[0]:
            for antiparticle in spinors(p2, ELECTRON)[1]:
                total += abs(antiparticle.conj() @ GAMMA[0] @ vertex @ u) ** 2
    return 0.25 * (4 * np.pi * ALPHA) ** 2 * total, photon / momentum


def cross_section(mediator):
    """sigma in pb."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    half = (COSINES[1] - COSINES[0]) / 2
    total = 0.0
    for node, weight in zip(nodes, weights):
        squared, momenta = squared_amplitude(mediator, COSINES[0] + half * (1 + node))
        total += weight * half * squared * momenta / (32 * np.pi * SQRT_S**2)
    return total * PB_PER_INVERSE_GEV2


if __name__ == "__main__":
    for mass in (0.01, 0.1, 0.3, 1, 3, 6, 8, 10):
        print(f"{mass},{cross_section(mass):.9g}")
