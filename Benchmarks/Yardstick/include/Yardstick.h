#ifndef YARDSTICK_H
#define YARDSTICK_H

// The production point of Sources/Production/ProductionKernel.swift in C: the same loops over the same
// columns of the same block, so that the two can be compared in speed and in every weight.

/// What a production point depends on: a narrow A′ on a nucleus that stays whole; energies and masses in GeV.
struct yardstick {
  double beam_energy, beam_momentum, lepton_mass, nuclear_mass, s, mediator_mass;
  double fine_structure, hbar_c_squared_pb;
  double charge_squared, screening2, inverse_size;
};

// The stages in their order. `base` is the first element of a block of columns 2064 doubles apart.

void yardstick_virtuality(const struct yardstick *point, double *base, long n);
void yardstick_system_mass(const struct yardstick *point, double *base, long n);
void yardstick_transfer_bounds(const struct yardstick *point, double *base, long n);
void yardstick_transfer(const struct yardstick *point, double *base, long n);
void yardstick_angle_bounds(const struct yardstick *point, double *base, long n);
void yardstick_angle(const struct yardstick *point, double *base, long n);
void yardstick_azimuth(const struct yardstick *point, double *base, long n);
void yardstick_nucleus(const struct yardstick *point, double *base, long n);
void yardstick_amplitude(const struct yardstick *point, double *base, long n);
void yardstick_weight(const struct yardstick *point, double *base, long n);

/// All stages.
void yardstick_evaluate(const struct yardstick *point, double *base, long n);

#endif
