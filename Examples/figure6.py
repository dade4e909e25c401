#!/usr/bin/env python3
"""Redraws Fig. 6 of arXiv:2409.00170 from a scan of the reach: contours in (m1, y), a panel for each Delta/m1.

    duskline scan -o out --set scan.quantity=reach
    python3 Examples/figure6.py out -o figure-6.pdf

Between the two lines of a contour the search excludes the model, should nothing be seen. Needs matplotlib; the ending
of the output's name picks the format.
"""
import argparse
import math
import re
import sys

from read_results import card_value, read

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
except ImportError:
    sys.exit("figure6.py needs matplotlib: python3 -m pip install matplotlib")

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
LINES = ["-", "--", "-.", ":"]


def contours(points, card):
    """The points of each contour by mass, in a dict whose keys are (Delta/m1, further parameters).

    Further parameters are a tuple of (name, value): alpha_D, luminosity or whatever else was scanned.
    """
    # What was scanned stands before what was found. `scan.over` gives full names, such as model.alpha_D.
    names = list(points[0])
    scanned = names[: names.index("y_lower")]
    result = {}
    for point in points:
        point = {name.removeprefix("model."): value for name, value in point.items()}
        # What was not scanned stands in the card; the mediator's mass as a ratio or in GeV.
        missing = {"m1_GeV", "splitting_over_m1", "alpha_D"} - set(point)
        if not {"mediator_mass_over_m1", "mediator_mass_GeV"} & set(point):
            missing |= {"mediator_mass_over_m1", "mediator_mass_GeV"}
        for name in missing:
            if text := card_value(card, "model." + name):
                point[name] = float(text)
        others = tuple(
            (name, point[name])
            for name in (name.removeprefix("model.") for name in scanned)
            if name not in ("m1_GeV", "splitting_over_m1")
        )
        result.setdefault((point["splitting_over_m1"], others), []).append(point)
    return {
        key: sorted(members, key=lambda point: point["m1_GeV"])
        for key, members in sorted(result.items(), key=lambda item: item[0][0])
    }


def highest_y(point):
    """y = epsilon^2 alpha_D (m1/mA')^4 at epsilon = 1: no contour goes beyond."""
    if "mediator_mass_GeV" in point:
        ratio = point["mediator_mass_GeV"] / point["m1_GeV"]
    else:
        ratio = point["mediator_mass_over_m1"]
    return point["alpha_D"] / ratio**4


def runs(points):
    """Stretches of masses at which there is a lower bound, as (first, last) indices."""
    inside = [not math.isnan(point["y_lower"]) for point in points]
    starts = [i for i in range(len(points)) if inside[i] and (i == 0 or not inside[i - 1])]
    ends = [i for i in range(len(points)) if inside[i] and (i + 1 == len(points) or not inside[i + 1])]
    return list(zip(starts, ends))


def tip(inside, outside):
    """(m1, y) at which lower and upper bound meet, between a mass inside and one outside of the contour.

    There the most events at any y are as many as are needed: ln N is interpolated in ln m1. Where nothing at all is
    seen outside, the tip is put halfway. Where there is no upper bound the lower one goes up to epsilon = 1.
    """
    share, y, y_outside = 0.5, inside["y_at_maximum"], inside["y_at_maximum"]
    needed = re.search(r"where (\S+) are needed", outside["reason"])
    if needed and outside["maximum_events"] > 0:
        most, least = inside["maximum_events"], outside["maximum_events"]
        share = math.log(most / float(needed[1])) / math.log(most / least)
        y_outside = outside["y_at_maximum"]
    m1 = inside["m1_GeV"] * (outside["m1_GeV"] / inside["m1_GeV"]) ** share
    if math.isnan(inside["y_upper"]):
        return m1, highest_y(inside), 0
    return m1, y * (y_outside / y) ** share, 0


def bounds(points, first, last):
    """Lower and upper bound as lists of (m1, y, error), tips included; the upper one has gaps along epsilon = 1."""
    inside = points[first : last + 1]
    lower = [(p["m1_GeV"], p["y_lower"], p["y_lower_error"]) for p in inside]
    upper = [(p["m1_GeV"], p["y_upper"], p["y_upper_error"]) for p in inside]
    # Where at epsilon = 1 there are still more events than needed, a bound begins or ends.
    for i, p in enumerate(inside):
        if math.isnan(p["y_upper"]) and any(not math.isnan(q["y_upper"]) for q in inside[max(i - 1, 0) : i + 2]):
            upper[i] = (p["m1_GeV"], highest_y(p), 0)
    if first > 0:
        end = tip(points[first], points[first - 1])
        lower, upper = [end] + lower, ([] if math.isnan(points[first]["y_upper"]) else [end]) + upper
    if last + 1 < len(points):
        end = tip(points[last], points[last + 1])
        lower, upper = lower + [end], upper + ([] if math.isnan(points[last]["y_upper"]) else [end])
    return lower, upper


def draw(axes, points, colour, line, label):
    for first, last in runs(points):
        for bound in bounds(points, first, last):
            m1, y, error = zip(*bound)
            axes.plot(m1, y, line, color=colour, linewidth=1.4, label=label)
            # As far below as above on an axis of logarithms, and never below zero.
            below = [v / (1 + e / v) for v, e in zip(y, error)]
            above = [v + e for v, e in zip(y, error)]
            axes.fill_between(m1, below, above, color=colour, alpha=0.35, linewidth=0)
            label = None  # one entry in the legend


def styles_of(families):
    """Colour and line of each set of further parameters: a colour for each alpha_D, a line for each of the rest."""
    alphas = list(dict.fromkeys(dict(others).get("alpha_D") for others in families))
    rest = lambda others: tuple(pair for pair in others if pair[0] != "alpha_D")
    rests = list(dict.fromkeys(rest(others) for others in families))
    result = {}
    for others in families:
        colour, line = alphas.index(dict(others).get("alpha_D")), rests.index(rest(others))
        if len(alphas) == 1:
            colour, line = line, 0
        result[others] = COLOURS[colour % len(COLOURS)], LINES[line % len(LINES)]
    return result


def name_of(point, others):
    """A legend's text: alpha_D and luminosity always, and whatever else was scanned."""
    parts = [rf"$\alpha_D$ = {point['alpha_D']:g}", rf"{point['luminosity_per_pb']:g} pb$^{{-1}}$"]
    return ", ".join(parts + rest_of(others))


def rest_of(others):
    return [f"{name} = {value}" for name, value in others if name not in ("alpha_D", "luminosity")]


def summary(points, others):
    """A line of text about one contour."""
    inside = [point for point in points if not math.isnan(point["y_lower"])]
    text = f"Delta = {points[0]['splitting_over_m1']:g} m1, alpha_D = {points[0]['alpha_D']:g}, "
    text += ", ".join([f"{points[0]['luminosity_per_pb']:g} /pb"] + rest_of(others)) + ": "
    if not inside:
        return text + "no contour; " + points[-1]["reason"]
    best = min(inside, key=lambda point: point["y_lower"])
    is_open = sum(math.isnan(point["y_upper"]) for point in inside)
    return (
        text + f"{len(inside)} of {len(points)} masses, {is_open} up to epsilon = 1; "
        f"lowest y = {best['y_lower']:.3g} +- {best['y_lower_error']:.1g} at m1 = {best['m1_GeV']:.3g} GeV"
    )


def figure(points, card):
    all_contours = contours(points, card)
    splittings = sorted({splitting for splitting, _ in all_contours})
    styles = styles_of(dict.fromkeys(others for _, others in all_contours))
    rows = math.ceil(len(splittings) / 3)
    columns = math.ceil(len(splittings) / rows)
    page, grid = plt.subplots(
        rows, columns, sharex=True, sharey=True, squeeze=False, layout="constrained",
        figsize=(max(5, 3 * columns), 0.9 + 2.8 * rows),
    )  # fmt: skip
    panels = dict(zip(splittings, grid.flat))
    for (splitting, others), members in all_contours.items():
        draw(panels[splitting], members, *styles[others], name_of(members[0], others))
        panels[splitting].plot(
            [point["m1_GeV"] for point in members], [highest_y(point) for point in members],
            ":", color="grey", linewidth=0.9,
        )  # fmt: skip
        print(summary(members, others))

    masses = [point["m1_GeV"] for members in all_contours.values() for point in members]
    lowest = min((p["y_lower"] for p in points if not math.isnan(p["y_lower"])), default=math.nan)
    highest = max(highest_y(point) for members in all_contours.values() for point in members)
    if math.isnan(lowest):
        sys.exit("no mass of the scan has a contour; the column reason says why")
    if min(masses) == max(masses):
        sys.exit("one mass makes no contour; make a scan with several scan.m1_GeV")
    grid[0][0].set(xscale="log", yscale="log", xlim=(min(masses), max(masses)), ylim=(lowest / 10, 3 * highest))
    for splitting, axes in panels.items():
        axes.text(0.05, 0.05, rf"$\Delta$ = {splitting:g} $m_1$", transform=axes.transAxes)
        axes.tick_params(which="both", direction="in", top=True, right=True)
    for unused in grid.flat[len(splittings) :]:
        unused.set_visible(False)
    for index, axes in enumerate(grid.flat):
        axes.xaxis.set_tick_params(labelbottom=index + columns >= len(splittings))
        if index + columns >= len(splittings):
            axes.set_xlabel(r"$m_1$  [GeV]")
    for axes in grid[:, 0]:
        axes.set_ylabel(r"$y = \epsilon^2 \alpha_D\, (m_1/m_{A'})^4$")

    handles = {}
    for axes in panels.values():
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    handles[r"$\epsilon$ = 1"] = plt.Line2D([], [], linestyle=":", color="grey", linewidth=0.9)
    level = 100 * float(card_value(card, "statistics.confidence_level"))
    page.legend(
        handles.values(), handles.keys(), loc="outside upper center", ncols=min(3, columns + 1), frameon=False,
        title=f"{card_value(card, 'beam.energy_GeV')} GeV {card_value(card, 'beam.particle')}s on "
        f"{card_value(card, 'target.material')}, {level:g} % CL",
    )  # fmt: skip
    return page


def main():
    parser = argparse.ArgumentParser(description="Fig. 6 of arXiv:2409.00170 from a scan of the reach.")
    parser.add_argument("results", help="the folder of a scan, or its results.csv or results.parquet")
    parser.add_argument("-o", "--output", default="figure-6.pdf", help="a .pdf, .png or .svg")
    arguments = parser.parse_args()

    points, metadata = read(arguments.results)
    if "y_lower" not in points[0]:
        sys.exit("no column y_lower: make the scan with --set scan.quantity=reach")
    figure(points, metadata["card"]).savefig(arguments.output, dpi=130)
    print(f"wrote {arguments.output}")


if __name__ == "__main__":
    main()
