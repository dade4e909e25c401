// Pythia 8 behind a C interface.

#include "duskline_pythia.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

#include "Pythia8/Pythia.h"

struct duskline_pythia {
  Pythia8::Pythia pythia;
  std::vector<duskline_particle> particles;
  int64_t events = 0;
  int64_t failures = 0;

  explicit duskline_pythia(const std::string &xmldoc) : pythia(xmldoc, false) {}
};

namespace {

void say(char *message, size_t room, const std::string &text) {
  if (room > 0) std::snprintf(message, room, "%s", text.c_str());
}

// The beam lepton after the collision: the copies of a lepton from a decay, or from a photon that splits, do not
// begin with the beam.
int scattered_lepton(const Pythia8::Event &event) {
  for (int i = 1; i < event.size(); ++i)
    if (event[i].isFinal() && event[i].id() == event[1].id() && event[i].iTopCopyId() == 1) return i;
  return 0;
}

duskline_particle particle(const Pythia8::Particle &p) {
  return {p.id(), p.chargeType(), p.px(), p.py(), p.pz(), p.e()};
}

}  // namespace

const char *duskline_pythia_version(void) {
  static const std::string version = [] {
    char text[16];
    std::snprintf(text, sizeof text, "%.3f", PYTHIA_VERSION);
    return std::string(text);
  }();
  return version.c_str();
}

duskline_pythia *duskline_pythia_open(
    const char *data, const char *settings, int32_t seed, char *message, size_t room) {
  const std::string xmldoc = std::string(data) + "/xmldoc";
  // This source archive looks beside a Python module; the variable alone tells it where to look, and what a user
  // may have put there would be the data of another version.
  setenv("PYTHIA8DATA", xmldoc.c_str(), 1);
  try {
    auto *generator = new duskline_pythia(xmldoc);
    Pythia8::Pythia &pythia = generator->pythia;
    std::string fault;
    std::istringstream lines(
        "Print:quiet = on\nRandom:setSeed = on\nRandom:seed = " + std::to_string(seed) + "\n" + settings);
    for (std::string line; fault.empty() && std::getline(lines, line);)
      if (!line.empty() && !pythia.readString(line)) fault = "Pythia does not know the setting '" + line + "'";
    if (fault.empty() && !pythia.init()) fault = "Pythia could not be initialised";
    if (fault.empty()) return generator;
    delete generator;
    say(message, room, fault);
  } catch (const std::exception &error) {
    say(message, room, std::string("Pythia threw: ") + error.what());
  }
  return nullptr;
}

int duskline_pythia_next(duskline_pythia *generator, duskline_event *result) {
  try {
    if (!generator->pythia.next()) {
      ++generator->failures;
      return 0;
    }
  } catch (const std::exception &) {
    return -1;
  }
  const Pythia8::Event &event = generator->pythia.event;
  const int lepton = scattered_lepton(event);
  if (lepton == 0) return -1;
  auto &particles = generator->particles;
  particles.clear();
  particles.push_back(particle(event[lepton]));
  for (int i = 1; i < event.size(); ++i)
    if (event[i].isFinal() && i != lepton) particles.push_back(particle(event[i]));
  ++generator->events;
  result->weight = generator->pythia.info.weight();
  result->count = static_cast<int32_t>(particles.size());
  result->particles = particles.data();
  return 1;
}

void duskline_pythia_statistics(const duskline_pythia *generator, duskline_statistics *statistics) {
  const double picobarn = 1e9;  // Pythia counts in mb
  statistics->events = generator->events;
  statistics->failures = generator->failures;
  statistics->cross_section = generator->pythia.info.sigmaGen() * picobarn;
  statistics->cross_section_error = generator->pythia.info.sigmaErr() * picobarn;
}

void duskline_pythia_close(duskline_pythia *generator) { delete generator; }
