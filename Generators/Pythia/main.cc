// duskline-pythia: candidates for background events from muons on nucleons, by Pythia 8.
//
//     duskline-pythia process=soft nucleon=p events=50000 seed=1 > soft-p.txt
//
// Arguments are KEY=VALUE; `duskline-pythia help` lists them. Equal arguments give equal bytes. What is
// written, all of it or nothing but for a process that is killed while it writes:
//
//     # duskline-candidates: 1            the format
//     # generator: pythia 8.318
//     # process: soft                     soft | dis
//     # part: all                         all | non-diffractive | diffractive
//     # nucleon: p                        the nucleon that the sample stands for
//     # generated_on: p                   the nucleon in Pythia: p for the diffractive part of n
//     # ... one line for each setting, with its unit in its name
//     # pythia: SoftQCD:all = on          Pythia's settings, one a line
//     # events: 50000                     generated
//     # failed_events: 0                  tried again
//     # cross_section_pb: 816600
//     # cross_section_error_pb: 1200
//     event 17 V 1 0.02714 10.62 6        number, class, weight, Q2 in GeV2, W in GeV, particles
//     13 0.1 -0.2 98.3                    PDG number, px, py, pz in GeV; the scattered lepton is the first
//     ...
//     count V 1640 1640                   of each class: found, kept
//     count P 4000 40
//     count L 2 2
//     q2 -13 2071                         all generated events by Q2: their weight from 10^(-13/10) to 10^(-12/10) GeV2
//     end 50000                           events generated: without this line a file is not complete
//
// The nucleon is at rest, the beam along +z. The final state has pi0, eta and whatever else is short-lived
// decayed; pi+-, K+-, muons and neutrons, K_S, K_L, Lambda, Sigma+-, Xi and Omega are as they were made.
//
// Classes, of which an event has the first that fits. A track is a charged particle above pair-energy other than
// the scattered lepton and those that make class V.
//   V  a K_S, K_L, Lambda, Xi or Omega above candidate-energy, and one track at most. It is clean if there is no track,
//      no photon or neutron and no more than one K_L above veto-energy; of those that are not clean one in
//      `loose-prescale` is kept, with that weight
//   L  two tracks of opposite charge and no other, both electrons or muons
//   P  two tracks of opposite charge and no other: one in `prescale` is kept, with that weight

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "duskline_pythia.h"

namespace {

[[noreturn]] void fail(int code, const std::string &text) {
  std::fprintf(stderr, "duskline-pythia: %s\n", text.c_str());
  std::exit(code);
}

// Exit codes as those of duskline: 1 the run failed, 2 the input is at fault.
[[noreturn]] void refuse(const std::string &text) { fail(2, text); }

struct Key {
  const char *name, *standard, *meaning;
};

const Key keys[] = {
    {"process", "soft", "soft | dis"},
    {"part", "", "of soft: all (p alone, its default) | non-diffractive (default of n) | diffractive (made on p)"},
    {"nucleon", "p", "p | n"},
    {"beam", "muon", "muon | antimuon"},
    {"beam-energy", "160", "GeV, 20 to 1e5"},
    {"soft-q2max", "1", "largest Q2 of soft, GeV2, up to 2"},
    {"soft-wmin", "10", "smallest W of soft, GeV, 5 or more"},
    {"dis-q2min", "4", "smallest Q2 of dis, GeV2, 1 or more"},
    {"dis-mhatmin", "4", "smallest mass of lepton and quark in dis, GeV, 2 or more"},
    {"force", "0", "1 lifts the bounds on these four, beyond which Pythia warns"},
    {"candidate-energy", "5", "least energy of a long-lived hadron that makes a candidate, GeV"},
    {"pair-energy", "5", "least energy of a track, GeV"},
    {"veto-energy", "5", "least energy of a neutral particle that is seen, GeV"},
    {"loose-prescale", "1", "one in so many events of class V that are not clean is kept"},
    {"prescale", "100", "one in so many events of class P is kept"},
    {"digits", "7", "significant digits of momenta, 3 to 9"},
    {"events", "50000", "to generate, 1 to 1e8"},
    {"seed", "1", "1 to 900000000"},
    {"time-limit", "0", "seconds after which the process ends, whatever Pythia does; 0: none"},
    {"parent", "0", "the process that this one does not outlive, by its id; 0: none"},
    {"data", "", "Pythia's data; default: beside this program, or in ../share/duskline-pythia"},
};

class Arguments {
 public:
  Arguments(int count, char **texts) {
    for (const Key &key : keys) values_[key.name] = key.standard;
    std::map<std::string, bool> given;
    for (int i = 1; i < count; ++i) {
      const std::string text = texts[i];
      const size_t equals = text.find('=');
      const std::string name = text.substr(0, equals);
      if (equals == std::string::npos || !values_.count(name))
        refuse("'" + text + "' is no setting; give KEY=VALUE, 'duskline-pythia help' lists the keys");
      if (given[name]) refuse(name + " is given twice; give it once");
      given[name] = true;
      values_[name] = text.substr(equals + 1);
    }
  }

  const std::string &text(const char *name) const { return values_.at(name); }

  double number(const char *name, double least, double most) const {
    const std::string &text = values_.at(name);
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != 0 || !(value >= least && value <= most))
      refuse(range(name, text, least, most));
    return value;
  }

  int64_t whole(const char *name, double least, double most) const {
    const double value = number(name, least, most);
    if (value != std::floor(value)) refuse(std::string(name) + " is '" + text(name) + "', not a whole number");
    return static_cast<int64_t>(value);
  }

  std::string word(const char *name, const std::vector<std::string> &choices) const {
    std::string all;
    for (const std::string &choice : choices) {
      if (text(name) == choice) return choice;
      all += (all.empty() ? "" : ", ") + choice;
    }
    refuse(std::string(name) + " is '" + text(name) + "'; give one of " + all);
  }

  static void list() {
    std::puts("duskline-pythia KEY=VALUE ...   candidates for background events, to standard output");
    for (const Key &key : keys) std::printf("  %-17s %-8s %s\n", key.name, key.standard, key.meaning);
  }

 private:
  std::map<std::string, std::string> values_;

  static std::string range(const char *name, const std::string &text, double least, double most) {
    char words[200];
    std::snprintf(
        words, sizeof words, "%s is '%.40s'; give a number from %g to %g", name, text.c_str(), least, most);
    return words;
  }
};

// The shortest form of a number at so many significant digits: 0.25, 1.5e-7, 12.
std::string shortest(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  char *exponent = std::strchr(text, 'e');
  if (exponent == nullptr) {
    const std::string plain = text;
    if (plain == "-0") return "0";
    const size_t sign = plain[0] == '-' ? 1 : 0;
    // 0.0001234 is longer than 1.234e-4.
    if (plain.compare(sign, 4, "0.00") != 0) return plain;
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    exponent = std::strchr(text, 'e');
    std::string mantissa(text, exponent);
    while (mantissa.back() == '0') mantissa.pop_back();
    if (mantissa.back() == '.') mantissa.pop_back();
    const std::string scientific = mantissa + "e" + std::to_string(std::atoi(exponent + 1));
    return scientific.size() < plain.size() ? scientific : plain;
  }
  return std::string(text, exponent) + "e" + std::to_string(std::atoi(exponent + 1));
}

// A setting as it is in the head of a file: 9 digits are more than anybody gives.
std::string plain(double value) { return shortest(value, 9); }

std::string folder_of_this_program() {
  char path[4096];
#ifdef __APPLE__
  uint32_t room = sizeof path;
  if (_NSGetExecutablePath(path, &room) != 0) return ".";
  const std::string whole(path);
#else
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0) return ".";
  const std::string whole(path, static_cast<size_t>(length));
#endif
  return whole.substr(0, whole.rfind('/'));
}

std::string data_folder(const std::string &given) {
  const std::string here = folder_of_this_program();
  const std::vector<std::string> places =
      given.empty()
          ? std::vector<std::string>{here + "/duskline-pythia-data", here + "/../share/duskline-pythia"}
          : std::vector<std::string>{given};
  for (const std::string &place : places)
    if (access((place + "/xmldoc/Version.xml").c_str(), R_OK) == 0) return place;
  refuse("there is no folder of Pythia's data at " + places.front() + "; 'make pythia' makes it, or give data=FOLDER");
}

struct Settings {
  std::string process, part, nucleon, made_on, beam;
  double beam_energy, q2max, wmin, q2min, mhatmin, candidate_energy, pair_energy, veto_energy;
  int64_t loose_prescale, prescale, events, seed;
  int digits;

  explicit Settings(const Arguments &arguments) {
    process = arguments.word("process", {"soft", "dis"});
    nucleon = arguments.word("nucleon", {"p", "n"});
    part = "all";
    if (!arguments.text("part").empty())
      part = arguments.word("part", {"all", "non-diffractive", "diffractive"});
    else if (process == "soft" && nucleon == "n")
      part = "non-diffractive";
    if (process == "dis" && part != "all") refuse("dis has no parts; leave part out");
    if (process == "soft" && nucleon == "n" && part == "all")
      refuse("Pythia hangs in diffraction on a neutron; run part=non-diffractive and part=diffractive, which is made on a proton");
    made_on = part == "diffractive" ? "p" : nucleon;
    beam = arguments.word("beam", {"muon", "antimuon"});
    beam_energy = arguments.number("beam-energy", 20, 1e5);
    const bool forced = arguments.word("force", {"0", "1"}) == "1";
    q2max = arguments.number("soft-q2max", 1e-3, forced ? 1e3 : 2);
    wmin = arguments.number("soft-wmin", forced ? 2 : 5, 1e3);
    q2min = arguments.number("dis-q2min", forced ? 0.01 : 1, 1e4);
    mhatmin = arguments.number("dis-mhatmin", forced ? 0.1 : 2, 1e3);
    candidate_energy = arguments.number("candidate-energy", 0, 1e5);
    pair_energy = arguments.number("pair-energy", 0, 1e5);
    veto_energy = arguments.number("veto-energy", 0, 1e5);
    loose_prescale = arguments.whole("loose-prescale", 1, 1e9);
    prescale = arguments.whole("prescale", 1, 1e9);
    digits = static_cast<int>(arguments.whole("digits", 3, 9));
    events = arguments.whole("events", 1, 1e8);
    seed = arguments.whole("seed", 1, 900000000);
  }

  std::vector<std::string> pythia() const {
    std::vector<std::string> lines = {
        "Beams:frameType = 2",
        std::string("Beams:idA = ") + (beam == "muon" ? "13" : "-13"),
        "Beams:eA = " + plain(beam_energy),
        std::string("Beams:idB = ") + (made_on == "p" ? "2212" : "2112"),
        "Beams:eB = 0",
    };
    const auto add = [&](std::vector<std::string> more) {
      lines.insert(lines.end(), more.begin(), more.end());
    };
    if (process == "soft") {
      add({"PDF:beamA2gamma = on", "Photon:ProcessType = 1", "Photon:Q2max = " + plain(q2max),
           "Photon:Wmin = " + plain(wmin), "MultipartonInteractions:pT0Ref = 3"});
      if (part == "all")
        add({"SoftQCD:all = on"});
      else if (part == "non-diffractive")
        add({"SoftQCD:nonDiffractive = on"});
      else
        // Pythia has no central diffraction of photons.
        add({"SoftQCD:elastic = on", "SoftQCD:singleDiffractive = on", "SoftQCD:doubleDiffractive = on"});
    } else {
      add({"WeakBosonExchange:ff2ff(t:gmZ) = on", "PhaseSpace:Q2Min = " + plain(q2min),
           "PhaseSpace:mHatMin = " + plain(mhatmin),
           // Half the smallest mass is the largest pT that every event can have.
           "PhaseSpace:pTHatMinDiverge = " + plain(std::fmin(1, mhatmin / 4)),
           "SigmaProcess:factorScale2 = 6", "SigmaProcess:renormScale2 = 6", "SpaceShower:dipoleRecoil = on",
           "SpaceShower:pTmaxMatch = 2", "PDF:lepton = off", "TimeShower:QEDshowerByL = off"});
    }
    for (const char *stable :
         {"13", "130", "211", "310", "321", "2112", "3112", "3122", "3222", "3312", "3322", "3334"})
      lines.push_back(std::string(stable) + ":mayDecay = off");
    return lines;
  }

  std::string header() const {
    std::string text;
    const auto add = [&](const std::string &key, const std::string &value) {
      text += "# " + key + ": " + value + "\n";
    };
    add("duskline-candidates", "1");
    add("generator", std::string("pythia ") + duskline_pythia_version());
    add("process", process);
    add("part", part);
    add("nucleon", nucleon);
    add("generated_on", made_on);
    add("beam", beam);
    add("beam_energy_GeV", plain(beam_energy));
    add("candidate_energy_GeV", plain(candidate_energy));
    add("pair_energy_GeV", plain(pair_energy));
    add("veto_energy_GeV", plain(veto_energy));
    if (process == "soft") {
      add("soft_maximum_Q2_GeV2", plain(q2max));
      add("soft_minimum_W_GeV", plain(wmin));
    } else {
      add("dis_minimum_Q2_GeV2", plain(q2min));
      add("dis_minimum_mass_GeV", plain(mhatmin));
    }
    add("loose_prescale", std::to_string(loose_prescale));
    add("prescale", std::to_string(prescale));
    add("digits", std::to_string(digits));
    add("seed", std::to_string(seed));
    for (const std::string &line : pythia()) add("pythia", line);
    return text;
  }
};

bool makes_candidate(int pdg) {
  switch (std::abs(pdg)) {
    case 130: case 310: case 3122: case 3312: case 3322: case 3334: return true;
    default: return false;
  }
}

bool is_light_lepton(int pdg) { return std::abs(pdg) == 11 || std::abs(pdg) == 13; }

// What an event is kept as: its class, or a blank; and whether it needs no prescale of loose ones.
struct Verdict {
  char kind;
  bool is_clean;
};

Verdict judge(const duskline_event &event, const Settings &settings) {
  int candidates = 0, stable = 0, long_kaons = 0, tracks = 0, leptons = 0, charge3 = 0;
  for (int i = 1; i < event.count; ++i) {
    const duskline_particle &p = event.particles[i];
    const bool is_candidate = makes_candidate(p.pdg);
    if (is_candidate && p.energy > settings.candidate_energy) ++candidates;
    // What reaches a calorimeter as it is; other candidates may decay into particles that are too soft to be seen.
    if ((p.pdg == 22 || std::abs(p.pdg) == 2112) && p.energy > settings.veto_energy) ++stable;
    if (p.pdg == 130 && p.energy > settings.veto_energy) ++long_kaons;
    if (!is_candidate && p.charge3 != 0 && p.energy > settings.pair_energy) {
      ++tracks;
      charge3 += p.charge3;
      if (is_light_lepton(p.pdg)) ++leptons;
    }
  }
  if (candidates > 0 && tracks <= 1) return {'V', tracks == 0 && stable == 0 && long_kaons <= 1};
  if (tracks == 2 && charge3 == 0) return {leptons == 2 ? 'L' : 'P', true};
  return {' ', true};
}

// Keeps one in so many, first and last alike: which one depends on the seed, so that over many runs the weights add up.
class Prescale {
 public:
  Prescale(int64_t every, int64_t seed) : every_(every), count_(seed % every) {}
  bool keeps() { return count_++ % every_ == 0; }

 private:
  int64_t every_, count_;
};

// Q2 and W of the exchanged photon. E E' - p p' - m^2 is written so that nothing cancels.
void exchange(const duskline_event &event, const Settings &settings, double *q2, double *w) {
  const duskline_particle &lepton = event.particles[0];
  const double mass = 0.1056583755, nucleon = settings.made_on == "p" ? 0.938272089 : 0.939565422;
  const double energy = settings.beam_energy, scattered = lepton.energy;
  const double momentum = std::sqrt(energy * energy - mass * mass);
  const double across2 = lepton.px * lepton.px + lepton.py * lepton.py;
  const double scattered_momentum = std::sqrt(across2 + lepton.pz * lepton.pz);
  const double loss = energy - scattered;
  const double least = mass * mass * loss * loss
      / (energy * scattered - mass * mass + momentum * scattered_momentum);
  // p' - p'_z, for a lepton that goes forwards.
  const double turned = lepton.pz > 0 ? across2 / (scattered_momentum + lepton.pz)
                                      : scattered_momentum - lepton.pz;
  *q2 = 2 * least + 2 * momentum * turned;
  *w = std::sqrt(std::fmax(0, nucleon * nucleon + 2 * nucleon * loss - *q2));
}

void write(const duskline_event &event, char kind, double weight, int64_t number, const Settings &settings,
           std::string *text) {
  double q2, w;
  exchange(event, settings, &q2, &w);
  *text += "event " + std::to_string(number) + " " + kind + " " + shortest(weight, settings.digits) + " "
      + shortest(q2, settings.digits) + " " + shortest(w, settings.digits) + " " + std::to_string(event.count) + "\n";
  for (int i = 0; i < event.count; ++i) {
    const duskline_particle &p = event.particles[i];
    *text += std::to_string(p.pdg);
    for (const double component : {p.px, p.py, p.pz}) *text += " " + shortest(component, settings.digits);
    *text += "\n";
  }
}

// The process that is asked to be outlived by none of its own.
pid_t parent = 0;

void end_without_parent(int) {
  if (getppid() != parent) _exit(1);
}

// Looks twice a second of computing time, whatever Pythia does: a process that stands still costs nothing.
void follow_parent(pid_t id) {
  parent = id;
  struct sigaction action = {};
  action.sa_handler = end_without_parent;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, nullptr);
  const struct timeval pause = {0, 500000};
  const struct itimerval timer = {pause, pause};
  setitimer(ITIMER_PROF, &timer, nullptr);
  end_without_parent(SIGPROF);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 2 && std::strcmp(argv[1], "help") == 0) {
    Arguments::list();
    return 0;
  }
  const Arguments arguments(argc, argv);
  const Settings settings(arguments);
  const std::string data = data_folder(arguments.text("data"));
  // Pythia can hang. Whoever started this process may be gone by then, so it ends itself, by SIGALRM.
  const pid_t owner = static_cast<pid_t>(arguments.whole("parent", 0, 1e9));
  if (owner > 0) follow_parent(owner);
  alarm(static_cast<unsigned>(arguments.whole("time-limit", 0, 1e6)));

  // Standard output is ours: what Pythia prints goes where errors go.
  const int descriptor = dup(STDOUT_FILENO);
  FILE *output = descriptor < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ? nullptr : fdopen(descriptor, "w");
  if (output == nullptr) fail(1, "standard output cannot be written");

  std::string lines;
  for (const std::string &line : settings.pythia()) lines += line + "\n";
  char message[500] = "";
  duskline_pythia *generator = duskline_pythia_open(
      data.c_str(), lines.c_str(), static_cast<int32_t>(settings.seed), message, sizeof message);
  if (generator == nullptr) fail(1, message);

  const char kinds[] = {'V', 'P', 'L'};
  std::map<char, int64_t> found, kept;
  std::map<int, double> virtualities;
  std::string body;
  Prescale loose(settings.loose_prescale, settings.seed), pairs(settings.prescale, settings.seed);
  int64_t failures_allowed = 100 + settings.events / 10;
  for (int64_t number = 1; number <= settings.events;) {
    duskline_event event;
    const int outcome = duskline_pythia_next(generator, &event);
    if (outcome < 0) fail(1, "event " + std::to_string(number) + ": Pythia gave no event with a scattered muon");
    if (outcome == 0) {
      if (--failures_allowed < 0)
        fail(1, "event " + std::to_string(number) + ": Pythia fails too often; other settings, or another seed, may help");
      continue;
    }
    double q2, w;
    exchange(event, settings, &q2, &w);
    virtualities[static_cast<int>(std::floor(10 * std::log10(std::fmax(q2, 1e-30))))] += event.weight;
    const Verdict verdict = judge(event, settings);
    if (verdict.kind != ' ') {
      ++found[verdict.kind];
      int64_t every = 1;
      bool keeps = true;
      if (verdict.kind == 'P') {
        every = settings.prescale;
        keeps = pairs.keeps();
      } else if (!verdict.is_clean) {
        every = settings.loose_prescale;
        keeps = loose.keeps();
      }
      if (keeps) {
        ++kept[verdict.kind];
        write(event, verdict.kind, event.weight * static_cast<double>(every), number, settings, &body);
      }
    }
    ++number;
  }

  duskline_statistics statistics;
  duskline_pythia_statistics(generator, &statistics);
  duskline_pythia_close(generator);
  if (!(statistics.cross_section > 0) || !std::isfinite(statistics.cross_section_error))
    fail(1, "Pythia gives no cross section");
  std::string text = settings.header();
  text += "# events: " + std::to_string(settings.events) + "\n";
  text += "# failed_events: " + std::to_string(statistics.failures) + "\n";
  text += "# cross_section_pb: " + shortest(statistics.cross_section, 7) + "\n";
  text += "# cross_section_error_pb: " + shortest(statistics.cross_section_error, 3) + "\n";
  text += body;
  for (const char kind : kinds)
    text += std::string("count ") + kind + " " + std::to_string(found[kind]) + " " + std::to_string(kept[kind]) + "\n";
  for (const auto &bin : virtualities)
    text += "q2 " + std::to_string(bin.first) + " " + shortest(bin.second, 7) + "\n";
  text += "end " + std::to_string(settings.events) + "\n";
  if (std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fclose(output) != 0)
    fail(1, "standard output cannot be written");
  return 0;
}
