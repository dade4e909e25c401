/* The C interface between Duskline's generator plug-in and Pythia 8.

   Nothing of Pythia's C++ shows through it. One generator lives in one process at a time; a process that
   hangs is killed by whoever started it. Energies and momenta are in GeV, cross sections in pb. */
#ifndef DUSKLINE_PYTHIA_H
#define DUSKLINE_PYTHIA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct duskline_pythia duskline_pythia;

/* A particle of the final state, in the frame of the beams. */
typedef struct {
  int32_t pdg;
  int32_t charge3; /* three times the charge */
  double px, py, pz, energy;
} duskline_particle;

/* An event. What it points to stays until the next call with the same generator. */
typedef struct {
  double weight;                      /* Pythia's own */
  int32_t count;                      /* particles of the final state, the scattered beam lepton first */
  const duskline_particle *particles;
} duskline_event;

typedef struct {
  int64_t events;             /* that duskline_pythia_next gave */
  int64_t failures;           /* that it could not complete */
  double cross_section;       /* pb */
  double cross_section_error; /* pb, statistical */
} duskline_statistics;

/* Pythia's version, such as "8.318". */
const char *duskline_pythia_version(void);

/* A generator ready for events.
     data       the folder that holds xmldoc, tunes, setups and pdfdata
     settings   Pythia's settings, one "key = value" a line
     seed       1 to 900000000
     message    where the reason goes if there is no generator, `room` bytes
   NULL where Pythia refuses. */
duskline_pythia *duskline_pythia_open(
    const char *data, const char *settings, int32_t seed, char *message, size_t room);

/* The next event: 1 if there is one, 0 if Pythia could not complete it (ask again), -1 if the event has no
   scattered beam lepton, or Pythia threw. */
int duskline_pythia_next(duskline_pythia *generator, duskline_event *event);

void duskline_pythia_statistics(const duskline_pythia *generator, duskline_statistics *statistics);

void duskline_pythia_close(duskline_pythia *generator);

#ifdef __cplusplus
}
#endif

#endif
