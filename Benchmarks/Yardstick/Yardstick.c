#include "Yardstick.h"

#include "Elementary.h"

#include <math.h>

// One base and constant distances, as in Swift: the compiler sees that columns do not overlap.

enum { stride = 2064 };
enum {
  axis0 = 0 * stride,
  axis1 = 1 * stride,
  axis2 = 2 * stride,
  axis3 = 3 * stride,
  weight = 6 * stride,
  k2_column = 7 * stride,
  d_column = 8 * stride,
  t_column = 9 * stride,
  minus_u = 10 * stride,
  t_min = 11 * stride,
  t_max = 12 * stride,
  rho_column = 13 * stride,
  two_pk = 14 * stride,
  u_min = 15 * stride,
  u_max = 16 * stride,
  log_range = 17 * stride,
  sine = 18 * stride,
  cosine = 19 * stride,
  v_across = 20 * stride,
  v_time = 21 * stride,
  v_k = 22 * stride,
  amplitude = 23 * stride,
  k_across = 24 * stride,
  k_along = 25 * stride,
  d_min = 28 * stride,
  k_column = 43 * stride,
  x_column = 44 * stride,
  inverse_x2 = 45 * stride,
  v_p = 46 * stride,
  inverse_p_star = 47 * stride,
};

static const double pi = 3.14159265358979323846;

// Constants are copied before each loop: a store through `base` might otherwise change them.

void yardstick_virtuality(const struct yardstick *point, double *base, long n) {
  const double k = point->mediator_mass;
  const double k2 = k * k;
  for (long i = 0; i < n; i++) {
    base[k_column + i] = k;
    base[k2_column + i] = k2;
  }
}

static void take_logarithm(double *base, long n) {
  for (long i = 0; i < n; i++) {
    const double ratio = base[log_range + i];
    base[log_range + i] = logarithm(ratio > 1 ? ratio : 1);
  }
}

static inline void draw_logarithmically(double *base, long i, long axis, long least, long column) {
  const double range = base[log_range + i];
  const double value = base[least + i] * exponential(range * base[axis + i]);
  base[column + i] = value;
  base[weight + i] *= value * range;
}

void yardstick_system_mass(const struct yardstick *point, double *base, long n) {
  const double m = point->lepton_mass;
  const double largest = sqrt(point->s) - point->nuclear_mass;
  const double most = (largest - m) * (largest + m);
  for (long i = 0; i < n; i++) {
    const double least = 2 * m * base[k_column + i];
    base[d_min + i] = least;
    base[log_range + i] = (most - base[k2_column + i]) / least;
  }
  take_logarithm(base, n);
  for (long i = 0; i < n; i++) draw_logarithmically(base, i, axis0, d_min, d_column);
}

void yardstick_transfer_bounds(const struct yardstick *point, double *base, long n) {
  const double m2 = point->lepton_mass * point->lepton_mass;
  const double M = point->nuclear_mass;
  const double M2 = M * M;
  const double s = point->s;
  const double root_s = sqrt(s);
  const double difference = m2 + 2 * M * point->beam_energy;
  const double difference2 = difference * difference;
  const double initial_momentum = M * point->beam_momentum / root_s;
  const double inverse_2_root_s = 1 / (2 * root_s);
  const double inverse_4_s = 1 / (4 * s);
  const double least = root_s - M;
  const double sum = root_s + M;
  for (long i = 0; i < n; i++) {
    const double U = base[d_column + i] + base[k2_column + i];
    const double X2 = U + m2;
    const double X = sqrt(X2);
    const double room = least - X;
    const double final_momentum =
        sqrt((room > 0 ? room : 0) * (sum + X) * (least + X) * (sum - X)) * inverse_2_root_s;
    const double product = (difference2 - (s + M2) * (m2 + X2) + m2 * X2) * inverse_4_s;
    const double most = 2 * (product + initial_momentum * final_momentum);
    const double numerator = M2 * (U * U);
    const double denominator = s * most;
    const double inverse = 1 / (numerator * denominator);
    base[x_column + i] = X;
    base[t_min + i] = numerator * numerator * inverse;
    base[t_max + i] = most;
    base[log_range + i] = most * (denominator * denominator) * inverse;
  }
}

void yardstick_transfer(const struct yardstick *point, double *base, long n) {
  (void)point;
  take_logarithm(base, n);
  for (long i = 0; i < n; i++) draw_logarithmically(base, i, axis1, t_min, t_column);
}

void yardstick_angle_bounds(const struct yardstick *point, double *base, long n) {
  const double m = point->lepton_mass;
  const double m2 = m * m;
  for (long i = 0; i < n; i++) {
    const double k2 = base[k2_column + i];
    const double d = base[d_column + i];
    const double t = base[t_column + i];
    const double U = d + k2;
    const double inverse = 1 / (U + m2);
    const double sum = U + t;
    const double rho = sqrt(sum * sum + 4 * m2 * t);
    const double mk = m * base[k_column + i];
    const double excess = d - 2 * mk;
    const double W = excess > 0 ? excess : 0;
    const double pk = rho * sqrt(W * (W + 4 * mk)) * (0.5 * inverse);
    const double middle = (U * d + U * (2 * m2 + t) + k2 * t) * (0.5 * inverse);
    const double most = middle + pk;
    const double product = (m2 * (U * U) + k2 * t * (d + 4 * m2 + t)) * inverse;
    const double inverse_bounds = 1 / (product * most);
    base[inverse_x2 + i] = inverse;
    base[rho_column + i] = rho;
    base[two_pk + i] = pk;
    base[u_min + i] = product * product * inverse_bounds;
    base[u_max + i] = most;
    base[log_range + i] = most * (most * most) * inverse_bounds;
  }
}

void yardstick_angle(const struct yardstick *point, double *base, long n) {
  (void)point;
  take_logarithm(base, n);
  for (long i = 0; i < n; i++) draw_logarithmically(base, i, axis2, u_min, minus_u);
}

void yardstick_azimuth(const struct yardstick *point, double *base, long n) {
  (void)point;
  for (long i = 0; i < n; i++) {
    double s, c;
    sine_cosine(base[axis3 + i], &s, &c);
    base[sine + i] = s;
    base[cosine + i] = c;
  }
}

void yardstick_nucleus(const struct yardstick *point, double *base, long n) {
  const double m2 = point->lepton_mass * point->lepton_mass;
  const double M2 = point->nuclear_mass * point->nuclear_mass;
  const double s = point->s;
  for (long i = 0; i < n; i++) {
    const double k2 = base[k2_column + i];
    const double t = base[t_column + i];
    const double pk = base[two_pk + i];
    const double u = base[minus_u + i];
    const double inverse_rho = 1 / base[rho_column + i];
    const double below = t - base[t_min + i];
    const double above = base[t_max + i] - t;
    const double across2 =
        s * ((below > 0 ? below : 0) * (above > 0 ? above : 0)) * (inverse_rho * inverse_rho);
    const double X = base[x_column + i];
    const double inverse_x = X * base[inverse_x2 + i];
    const double X2 = base[d_column + i] + k2 + m2;
    const double inverse_p = 2 * X * inverse_rho;
    const double time = sqrt(t * (M2 + across2 + 0.25 * t)) * inverse_p;
    const double across = sqrt(across2);
    const double momentum = pk * 0.5 * inverse_p;
    const double low = u - base[u_min + i];
    const double high = base[u_max + i] - u;
    const double sine2 = (low > 0 ? low : 0) * (high > 0 ? high : 0);
    const double across_p = sqrt(sine2) * 0.5 * inverse_p;
    const double along_p = momentum - low * 0.5 * inverse_p;
    const double energy = (X2 + k2 - m2) * (0.5 * inverse_x);
    base[v_across + i] = across;
    base[v_time + i] = time;
    base[v_p + i] = time * ((X2 + m2 + t) * (0.5 * inverse_x));
    base[inverse_p_star + i] = inverse_p;
    base[k_across + i] = across_p;
    base[k_along + i] = along_p;
    base[v_k + i] = time * energy - across * across_p * base[cosine + i];
  }
}

void yardstick_amplitude(const struct yardstick *point, double *base, long n) {
  const double m2 = point->lepton_mass * point->lepton_mass;
  for (long i = 0; i < n; i++) {
    const double k2 = base[k2_column + i];
    const double d = base[d_column + i];
    const double t = base[t_column + i];
    const double u = base[minus_u + i];
    const double time = base[v_time + i];
    const double across = base[v_across + i];
    const double vp = base[v_p + i];
    const double vk = base[v_k + i];
    const double vX = time * base[x_column + i];
    const double v2 = time * time - across * across;

    const double a = 1 / (d + k2);
    const double b = -1 / u;
    const double pk = 0.5 * (k2 + u);
    const double qk = 0.5 * d;
    const double t2 = u - d - t;
    const double vq = vX - vk;

    const double pq = m2 - 0.5 * t2;
    const double half_t2 = 0.5 * t2;
    const double kJ = 0.5 * k2 * (b - a);
    const double pJ = a * pq + b * m2;
    const double qJ = a * m2 + b * pq;
    const double vJ = a * vq + b * vp;
    const double J2 = m2 * (a + b) * (a + b) - a * b * t2;
    const double eikonal = -8 * J2 * (2 * vp * vq + v2 * half_t2);
    const double mixed = half_t2 * kJ + qk * pJ;
    const double mixed_conjugate = half_t2 * kJ + qJ * pk;
    const double cross_a =
        -8 * a * (2 * vp * (vq * kJ - qk * vJ + qJ * vk) - v2 * (qJ * pk - mixed));
    const double cross_b =
        8 * b * (2 * vq * (vp * kJ - pk * vJ + vk * pJ) - v2 * (qk * pJ - mixed_conjugate));
    const double common = v2 * k2 * (pq - 2 * m2) - 2 * k2 * vp * vq - 2 * v2 * pk * qk;
    const double square_a = 4 * a * a * (4 * vp * vk * qk + common);
    const double square_b = 4 * b * b * (4 * vq * vk * pk + common);
    const double interference = 8 * a * b * (2 * m2 * vk * vk - k2 * v2 * pq);
    base[amplitude + i] = eikonal + cross_a + cross_b + square_a + square_b + interference;
  }
}

void yardstick_weight(const struct yardstick *point, double *base, long n) {
  const double coupling = 4 * pi * point->fine_structure;
  const double Mp = point->nuclear_mass * point->beam_momentum;
  const double flux = 1 / (4 * Mp) / (2 * pi) / (16 * pi * Mp);
  const double constant = coupling * coupling * coupling * flux / (16 * pi * pi) * 2 * pi * 4 *
                          point->hbar_c_squared_pb;
  const double screening2 = point->screening2;
  const double inverse_size = point->inverse_size;
  const double factor = constant * (point->charge_squared * (screening2 * screening2));
  for (long i = 0; i < n; i++) {
    const double t = base[t_column + i];
    const double denominator = (1 + screening2 * t) * (1 + t * inverse_size);
    base[weight + i] *=
        factor * base[amplitude + i] / (denominator * denominator * base[rho_column + i]);
  }
}

void yardstick_evaluate(const struct yardstick *point, double *base, long n) {
  yardstick_virtuality(point, base, n);
  yardstick_system_mass(point, base, n);
  yardstick_transfer_bounds(point, base, n);
  yardstick_transfer(point, base, n);
  yardstick_angle_bounds(point, base, n);
  yardstick_angle(point, base, n);
  yardstick_azimuth(point, base, n);
  yardstick_nucleus(point, base, n);
  yardstick_amplitude(point, base, n);
  yardstick_weight(point, base, n);
}
