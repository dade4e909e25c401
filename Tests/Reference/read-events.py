#!/usr/bin/env python3
"""Reads event files with pylhe and pyhepmc, for the tests of Duskline's own writers.

    read-events.py lhe FILE CSV SUMMARY         checks FILE by itself and against the CSV of the same seed, event by event
    read-events.py hepmc3 FILE CSV SUMMARY      the same
    read-events.py gzip FILE PLAIN              whether FILE unpacks to PLAIN, holds no name and no time, and is one member
    read-events.py measure COMMAND...           runs a command; seconds and peak memory as JSON

SUMMARY is JSON: what `duskline events --json` and `duskline width --json` print, with the model's masses. FILE may be compressed.
Faults are printed, and the exit code is 1 if there are any.
"""
import csv
import gzip
import json
import math
import resource
import subprocess
import sys
import time

faults = []

# Monte Carlo numbers as Documentation/Events.md has them.
DARK_PHOTON, CHI1, CHI2 = 55, 52, 4000052
# In the files' order of particles, beams in front: names of columns; mothers; what is final.
NAMES = [None, None, "scattered", "recoil", "mediator", "chi1", "chi2", "chi1_soft", "lepton_minus", "lepton_plus"]
MOTHERS = [[], [], [0, 1], [0, 1], [0, 1], [4], [4], [6], [6], [6]]
FINAL = [False, False, True, True, False, True, False, True, True, True]


def check(holds, *words):
    if not holds and len(faults) < 20:
        faults.append(" ".join(str(word) for word in words))


def table(path):
    with open(path, newline="") as text:
        return [
            {name: float(value) for name, value in row.items()}
            for row in csv.DictReader(line for line in text if not line.startswith("#"))
        ]


def momentum(row, name):
    return [row[f"{name}_{component}_GeV"] for component in ("E", "px", "py", "pz")]


def close(a, b, relative):
    return abs(a - b) <= relative * max(abs(a), abs(b))


class Record:
    """An event of either format: numbers, momenta (E, px, py, pz) and masses in the order of NAMES."""

    def __init__(self, codes, momenta, masses):
        self.codes, self.momenta, self.masses = codes, momenta, masses

    def check(self, row, summary, where):
        lepton = int(row["lepton_pdg_id"])
        beam, nucleus = summary["beam_pdg_id"], summary["nucleus_pdg_id"]
        check(
            self.codes == [beam, nucleus, beam, nucleus, DARK_PHOTON, CHI1, CHI2, CHI1, lepton, -lepton],
            where, "has the particles", self.codes)
        for k, name in enumerate(NAMES):
            if name:
                check(self.momenta[k] == momentum(row, name), where, "has another momentum of", name)
        # Of energies of 160 GeV with 16 digits.
        for mothers in ([0, 1], [4], [6]):
            daughters = [k for k in range(10) if MOTHERS[k] == mothers]
            for c in range(4):
                balance = sum(self.momenta[k][c] for k in mothers) - sum(self.momenta[k][c] for k in daughters)
                check(abs(balance) < 1e-9, where, "is out of balance by", balance, "at the vertex of", mothers)
        for k in range(10):
            e, *p = self.momenta[k]
            square = e * e - sum(x * x for x in p)
            check(abs(square - self.masses[k] ** 2) < 1e-13 * e * e + 1e-15, where, "has a mass that is none,", k)
        expected = {0: summary["beam_mass"], 2: summary["beam_mass"], 5: summary["m1"], 6: summary["m2"],
                    7: summary["m1"], 8: summary["lepton_mass"][str(lepton)], 9: summary["lepton_mass"][str(lepton)]}
        if summary["is_narrow"]:
            expected[4] = summary["mA"]
        for k, mass in expected.items():
            check(close(self.masses[k], mass, 1e-14), where, "has the mass", self.masses[k], "of particle", k)


def flight_is_exponential(flights, length):
    mean = sum(flights) / len(flights)
    check(abs(mean / length - 1) < 5 / math.sqrt(len(flights)), "mean c tau", mean, "but", length)


def lhe(path, csv_path, summary):
    import awkward
    import pylhe

    rows = table(csv_path)
    file = pylhe.LHEFile.fromfile(path)
    info, process = file.init.initInfo, file.init.procInfo[0]
    sigma = summary["cross_section_pb"]
    check(str(file.version) in ("3.0", "LHEVersion.V3"), "version", file.version)
    check((info.beamA, info.beamB) == (summary["beam_pdg_id"], summary["nucleus_pdg_id"]), "beams", info)
    check(info.energyA == summary["beam_energy"], "beam energy", info.energyA)
    check(info.weightingStrategy == (4 if summary["is_weighted"] else 3), "IDWTUP", info.weightingStrategy)
    check(info.numProcesses == 1 and process.procId == 1, "processes", info, process)
    check((process.xSection, process.error) == (sigma["value"], sigma["error"]), "cross section", process)
    check(file.init.generators[0].name == "duskline", "generator", file.init.generators)
    check([w.id for w in file.header.initrwgt.iter_weights()] == ["nominal", "leptonic"], "weights of the head")
    card = next(e for e in file.header.extra_elements if e.tag == "duskline")
    check(card.text.strip() == summary["provenance"]["card"].strip(), "another card:", card.text)
    check(card.attrib["seed"] == str(summary["provenance"]["seed"]), "seed", card.attrib)
    weights, flights = [], []
    count = 0
    for count, (event, row) in enumerate(zip(file.events, rows), 1):
        where = f"event {count - 1}"
        particles = event.particles
        check(event.eventinfo.nparticles == len(particles) == 10, where, "has", len(particles), "particles")
        Record([int(p.id) for p in particles], [[p.e, p.px, p.py, p.pz] for p in particles],
               [p.m for p in particles]).check(row, summary, where)
        for k, p in enumerate(particles):
            status = -1 if k < 2 else 1 if FINAL[k] else 2
            check(int(p.status) == status, where, "has the status", p.status, "of particle", k)
            mothers = [MOTHERS[k][0] + 1, MOTHERS[k][-1] + 1] if MOTHERS[k] else [0, 0]
            check([int(p.mother1), int(p.mother2)] == mothers, where, "has the mothers", p.mother1, p.mother2, "of", k)
            check(p.spin == 9 and (p.lifetime == 0 or k == 6), where, "has spin or lifetime of", k)
        flight = particles[6].lifetime
        flights.append(flight)
        check(close(flight, row["decay_z_mm"] * summary["m2"] / row["chi2_pz_GeV"], 1e-14), where, "has c tau", flight)
        weight = event.eventinfo.weight
        weights.append(weight)
        check(weight == (row["weight_pb"] * len(rows) if summary["is_weighted"] else 1), where, "has the weight", weight)
        check(event.weights == {"nominal": weight, "leptonic": weight * summary["leptonic_branching_ratio"]},
              where, "has the weights", event.weights)
    check(count == len(rows) == summary["events"] == pylhe.LHEFile.count_events(path), "number of events", count)
    if summary["is_weighted"]:
        check(close(sum(weights) / count, sigma["value"], 1e-12), "mean weight", sum(weights) / count)
    check(process.unitWeight == max(weights), "largest weight", process)
    flight_is_exponential(flights, summary["proper_decay_length_mm"])
    array = pylhe.to_awkward(pylhe.LHEFile.fromfile(path).events)
    check(len(array) == len(rows), "events as an array", len(array))
    energies = awkward.to_list(array.particles.vector.E[:, 6])
    check(energies == [row["chi2_E_GeV"] for row in rows], "energies of chi2 in an array")


def hepmc3(path, csv_path, summary):
    import pyhepmc

    rows = table(csv_path)
    sigma, share = summary["cross_section_pb"], summary["leptonic_branching_ratio"]
    total, flights, places = [0, 0], [], []
    count = 0
    with pyhepmc.open(path) as file:
        for count, (event, row) in enumerate(zip(file, rows), 1):
            where = f"event {count - 1}"
            if count == 1:
                run = event.run_info
                check(run.weight_names == ["nominal", "leptonic"], "names of weights", run.weight_names)
                check([(t.name, t.version) for t in run.tools] == [("duskline", summary["provenance"]["version"])],
                      "tools", run.tools)
                check(str(run.attributes["duskline.card"]).strip() == summary["provenance"]["card"].strip(),
                      "another card:", run.attributes["duskline.card"])
                check(str(run.attributes["duskline.seed"]) == str(summary["provenance"]["seed"]), "seed")
            check(event.event_number == count - 1, where, "has the number", event.event_number)
            check(event.momentum_unit == pyhepmc.Units.GEV and event.length_unit == pyhepmc.Units.MM, where, "has units")
            particles = event.particles
            check(len(particles) == 10 and len(event.vertices) == 3, where, "has", len(particles), "particles")
            Record([p.pid for p in particles],
                   [[p.momentum.e, p.momentum.px, p.momentum.py, p.momentum.pz] for p in particles],
                   [p.generated_mass for p in particles]).check(row, summary, where)
            for k, p in enumerate(particles):
                check(p.status == (4 if k < 2 else 1 if FINAL[k] else 2), where, "has the status", p.status, "of", k)
                check(sorted(q.id - 1 for q in p.parents) == MOTHERS[k], where, "has the parents of", k)
            made, decayed, displaced = (v.position for v in event.vertices)
            places.append(made)
            check((made.x, made.y, made.z, made.t) == (decayed.x, decayed.y, decayed.z, decayed.t),
                  where, "has an A' that flies")
            depth = 0.5 * summary["depth_mm"]
            check(made.t == 0 and abs(made.z) <= depth, where, "takes place at", made)
            dx, dy, dz, dt = (getattr(displaced, c) - getattr(made, c) for c in ("x", "y", "z", "t"))
            e, px, py, pz = momentum(row, "chi2")
            # Where positions are of this size, 16 digits are.
            size = 1e-14 * (abs(dt) + abs(made.x) + abs(made.y) + abs(made.z))
            check(abs(dz - row["decay_z_mm"]) <= (size if depth > 0 else 0), where, "decays at", dz)
            for d, p in ((dx, px), (dy, py), (dt, e)):
                check(abs(d - p / pz * dz) <= 10 * size, where, "decays beside its flight by", d - p / pz * dz)
            flights.append(dz * summary["m2"] / pz)
            check(list(event.weights) == [row["weight_pb"], row["weight_pb"] * share], where, "has weights", event.weights)
            total = [t + w for t, w in zip(total, event.weights)]
            cross = event.cross_section
            check(close(cross.xsec(0), sigma["value"], 1e-15) and close(cross.xsec_err(0), sigma["error"], 1e-15)
                  and close(cross.xsec(1), sigma["value"] * share, 1e-15), where, "has a cross section of", cross.xsec(0))
    check(count == len(rows) == summary["events"], "number of events", count)
    check(close(total[0], sigma["value"], 1e-12) and close(total[1], sigma["value"] * share, 1e-12), "sum of weights", total)
    flight_is_exponential(flights, summary["proper_decay_length_mm"])
    # The spread of the interaction point, within five standard errors.
    for axis, spread in (("x", summary["spot_mm"][0]), ("y", summary["spot_mm"][1]),
                         ("z", summary["depth_mm"] / math.sqrt(12))):
        square = sum(getattr(p, axis) ** 2 for p in places) / count
        check(abs(square - spread ** 2) <= 5 * math.sqrt(2 / count) * spread ** 2, "spread along", axis, math.sqrt(square))


def unpack(path, plain):
    with open(path, "rb") as file:
        head = file.read(10)
    check(head[:3] == b"\x1f\x8b\x08" and head[3] == 0 and head[4:8] == b"\0\0\0\0", "head", head)
    check(gzip.open(path).read() == open(plain, "rb").read(), path, "does not unpack to", plain)
    check(subprocess.run(["gzip", "-t", path]).returncode == 0, "gzip finds fault")
    check(subprocess.run(["gzip", "-dc", path], stdout=subprocess.PIPE).stdout == open(plain, "rb").read(), "gzip -d")


def measure(command):
    start = time.monotonic()
    code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_kB": peak}))
    return code


if __name__ == "__main__":
    if sys.argv[1] == "measure":
        sys.exit(measure(sys.argv[2:]))
    if sys.argv[1] == "gzip":
        unpack(*sys.argv[2:4])
    else:
        {"lhe": lhe, "hepmc3": hepmc3}[sys.argv[1]](sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
