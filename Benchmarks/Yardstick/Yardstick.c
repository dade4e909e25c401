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
  cosine = 19 * stride,
  v_k = 22 * stride,
  amplitude = 23 * stride,
  k_column = 43 * stride,
  inverse_x2 = 46 * stride,
  v_p = 45 * stride,
  inverse_rho = 48 * stride,
  v_x = 49 * stride,
  v_2 = 50 * stride,
  v_across2 = 53 * stride,
  two_pk_across2 = 52 * stride,
  half_sine_column = 51 * stride,
  two_pk_along = 54 * stride,
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
    base[log_range + i] = quick_logarithm(ratio > 1 ? ratio : 1);
  }
}

static inline void draw_logarithmically(double *base, long i, long axis, long least, long column) {
  const double range = base[log_range + i];
  const double value = base[least + i] * quick_exponential(range * base[axis + i]);
  base[column + i] = value;
  base[weight + i] *= value * range;
}

void yardstick_system_mass(const struct yardstick *point, double *base, long n) {
  const double m = point->lepton_mass;
  const double k = point->mediator_mass;
  const double largest = sqrt(point->s) - point->nuclear_mass;
  const double most = (largest - m) * (largest + m);
  const double least = 2 * m * k;
  const double range = log((most - k * k) / least);
  for (long i = 0; i < n; i++) {
    const double d = least * quick_exponential(range * base[axis0 + i]);
    base[d_column + i] = d;
    base[weight + i] *= d * range;
  }
}

void yardstick_transfer_bounds(const struct yardstick *point, double *base, long n) {
  const double m = point->lepton_mass;
  const double m2 = m * m;
  const double M = point->nuclear_mass;
  const double M2 = M * M;
  const double s = point->s;
  const double root_s = sqrt(s);
  const double difference = m2 + 2 * M * point->beam_energy;
  const double difference2 = difference * difference;
  const double inverse_2_s = 1 / (2 * s);
  const double momentum_per_s = M * point->beam_momentum / s;
  const double least = root_s - M;
  const double most = (least - m) * (least + m);
  const double sum2 = (root_s + M) * (root_s + M);
  for (long i = 0; i < n; i++) {
    const double U = base[d_column + i] + base[k2_column + i];
    const double X2 = U + m2;
    const double room = most - U;
    const double lambda_root = sqrt((room > 0 ? room : 0) * (sum2 - X2));
    const double product = difference2 - (s + M2) * (m2 + X2) + m2 * X2;
    const double largest = product * inverse_2_s + momentum_per_s * lambda_root;
    const double numerator = M2 * (U * U);
    const double denominator = s * largest;
    const double inverse = 1 / (numerator * denominator);
    base[t_min + i] = numerator * numerator * inverse;
    base[t_max + i] = largest;
    base[log_range + i] = largest * (denominator * denominator) * inverse;
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
    const double X2 = U + m2;
    const double sum = U + t;
    const double rho = sqrt(sum * sum + 4 * m2 * t);
    const double mk = m * base[k_column + i];
    const double excess = d - 2 * mk;
    const double W = excess > 0 ? excess : 0;
    const double rho_lambda_root = rho * sqrt(W * (W + 4 * mk));
    const double Q = (U * (d + 2 * m2 + t) + k2 * t) + rho_lambda_root;
    const double N = m2 * (U * U) + k2 * t * (d + 4 * m2 + t);
    const double X2N = X2 * N;
    const double QX2N = Q * X2N;
    const double inverse_all = 1 / (rho * QX2N);
    const double inverse = inverse_all * rho;
    const double inverse_2 = inverse * (Q * N);
    base[inverse_x2 + i] = inverse_2;
    base[rho_column + i] = rho;
    base[inverse_rho + i] = inverse_all * QX2N;
    base[two_pk + i] = rho_lambda_root * (0.5 * inverse_2);
    base[u_min + i] = 2 * N * (inverse * X2N);
    base[u_max + i] = Q * (0.5 * inverse_2);
    base[log_range + i] = 0.25 * Q * Q * (inverse * Q);
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
    const double half = half_sine(base[axis3 + i]);
    base[half_sine_column + i] = half;
    base[cosine + i] = 2 * (half * half < 1 ? half * half : 1) - 1;
  }
}

void yardstick_nucleus(const struct yardstick *point, double *base, long n) {
  const double m2 = point->lepton_mass * point->lepton_mass;
  const double M2 = point->nuclear_mass * point->nuclear_mass;
  const double s = point->s;
  for (long i = 0; i < n; i++) {
    const double k2 = base[k2_column + i];
    const double t = base[t_column + i];
    const double u = base[minus_u + i];
    const double inverse = base[inverse_rho + i];
    const double below = t - base[t_min + i];
    const double above = base[t_max + i] - t;
    const double across2 =
        s * ((below > 0 ? below : 0) * (above > 0 ? above : 0)) * (inverse * inverse);
    const double X2 = base[d_column + i] + k2 + m2;
    const double time = sqrt(t * (M2 + across2 + 0.25 * t)) * inverse;
    const double vX = 2 * X2 * time;
    const double low = u - base[u_min + i];
    const double high = base[u_max + i] - u;
    const double k_across2 = (low > 0 ? low : 0) * (high > 0 ? high : 0);
    base[two_pk_along + i] = base[two_pk + i] - low;
    base[two_pk_across2 + i] = k_across2;
    base[v_across2 + i] = across2;
    base[v_x + i] = vX;
    base[v_2 + i] = 2 * time * vX - across2;
    base[v_p + i] = time * (X2 + m2 + t);
    base[v_k + i] =
        time * (X2 + k2 - m2) - sqrt(across2 * k_across2 * X2) * (inverse * base[cosine + i]);
  }
}

void yardstick_amplitude(const struct yardstick *point, double *base, long n) {
  const double m2 = point->lepton_mass * point->lepton_mass;
  for (long i = 0; i < n; i++) {
    const double k2 = base[k2_column + i];
    const double d = base[d_column + i];
    const double u = base[minus_u + i];
    const double vp = base[v_p + i];
    const double vk = base[v_k + i];
    const double v2 = base[v_2 + i];

    const double a = 1 / (d + k2);
    const double b = -1 / u;
    const double pk = 0.5 * (k2 + u);
    const double qk = 0.5 * d;
    const double t2 = u - d - base[t_column + i];
    const double vq = base[v_x + i] - vk;

    const double half_t2 = 0.5 * t2;
    const double pq = m2 - half_t2;
    const double ab = a * b;
    const double a2 = a * a;
    const double b2 = b * b;
    const double sum = a + b;
    const double sum2 = sum * sum;
    const double pJ = a * pq + b * m2;
    const double qJ = a * m2 + b * pq;
    const double J2 = m2 * sum2 - ab * t2;
    const double products =
        vp * vq * (a2 * qk - b2 * pk - J2 - ab * k2) + ab * (qk * (vp * vp) - pk * (vq * vq)) +
        vk * (vp * (a2 * qk - a * qJ) + vq * (b2 * pk + b * pJ) + ab * m2 * vk);
    const double square = sum * (qJ * pk - qk * pJ) - J2 * half_t2 - (a2 + b2) * (pk * qk) -
                          0.5 * (k2 * m2) * sum2;
    base[amplitude + i] = 16 * products + 8 * v2 * square;
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
