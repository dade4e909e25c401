#ifndef ELEMENTARY_H
#define ELEMENTARY_H

// The functions of Sources/Calculus/QuickFunctions.swift: the same polynomials, term by term.

#include <stdint.h>
#include <string.h>

static const double rounding_shift = 6755399441055744.0;

static inline uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline double quick_exponential(double x) {
  const double shifted = x * 1.4426950408889634 + rounding_shift;
  const double r = x - (shifted - rounding_shift) * 0.6931471805599453;
  const double r2 = r * r;
  const double first = 0.49999999999797773 + r * 0.1666666666664829;
  const double second = 0.0416666668910917 + r * 0.008333333353729397;
  const double third = 0.001388882165071769 + r * 0.00019841208732536384;
  const double fourth = 2.4876178959085513e-05 + r * 2.762511557828763e-06;
  const double q = (first + r2 * second) + (r2 * r2) * (third + r2 * fourth);
  const double scale = double_of((bits_of(shifted) << 52) + UINT64_C(0x3FF0000000000000));
  return (scale + scale * r) + (scale * r2) * q;
}

static inline double quick_logarithm(double x) {
  const uint64_t offset = bits_of(x) - UINT64_C(0x3FE6A09E667F3BCD);
  const double exponent =
      double_of((offset >> 52) + UINT64_C(0x4330000000000000)) - 4503599627370496.0;
  const double m =
      double_of((offset & UINT64_C(0x000FFFFFFFFFFFFF)) + UINT64_C(0x3FE6A09E667F3BCD));
  const double f = m - 1;
  const double s = f / (m + 1);
  const double z = s * s;
  const double z2 = z * z;
  const double tail =
      (0.6666666666737868 + z * 0.3999999879244169) +
      z2 * ((0.28571755535032944 + z * 0.22191337428065783) + z2 * 0.19363884986633198);
  return (exponent * 0.6931471805599453 + (s + s)) + (s * z) * tail;
}

static inline double half_sine(double turns) {
  const double v = turns - 0.5;
  const double z = v * v;
  const double z2 = z * z;
  const double low = (3.141592653589478 + z * -5.167712779942643) +
                     z2 * (2.5501640337930294 + z * -0.5992643978751043);
  const double high =
      (0.08214451656935803 + z * -0.007363016896886311) + z2 * 0.0004461742347294296;
  return v * (low + (z2 * z2) * high);
}

#endif
