#ifndef ELEMENTARY_H
#define ELEMENTARY_H

// exp, log, sine and cosine of Sources/Calculus/ElementaryFunctions.swift: the same polynomials, term by term.

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

static inline double reduced_exponential(double r) {
  const double low = 1.0 + r * (0.5 + r * (0.1666666666666668 + r * 0.04166666666666668));
  const double r4 = (r * r) * (r * r);
  const double middle =
      0.008333333333319601 +
      r * (0.0013888888888879082 + r * (0.00019841269890047113 + r * 2.480158733642132e-05));
  const double high =
      2.755724091857897e-06 +
      r * (2.755726330147475e-07 + r * (2.5110037605963777e-08 + r * 2.0918129454967065e-09));
  return low + r4 * (middle + r4 * high);
}

static inline double exponential(double x) {
  const double clamped = x < -708 ? -708 : (x > 709 ? 709 : x);
  const double shifted = clamped * 1.4426950408889634 + rounding_shift;
  const double k = shifted - rounding_shift;
  const double r = (clamped - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  const double scale = double_of((bits_of(shifted) << 52) + UINT64_C(0x3FF0000000000000));
  const double value = scale + scale * (r * reduced_exponential(r));
  return x < -708 ? 0 : value;
}

static inline double logarithm(double x) {
  const uint64_t offset = bits_of(x) - UINT64_C(0x3FE6A09E667F3BCD);
  const double exponent = double_of((offset >> 52) + UINT64_C(0x4330000000000000));
  const double e0 = exponent - 4503599627370496.0;
  const double e = e0 > 2048 ? e0 - 4096 : e0;
  const double m =
      double_of((offset & UINT64_C(0x000FFFFFFFFFFFFF)) + UINT64_C(0x3FE6A09E667F3BCD));
  const double f = m - 1;
  const double s = f / (m + 1);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double low = (0.6666666666666666 + z * 0.4000000000000088) +
                     z2 * (0.28571428570803614 + z * 0.22222222391713917);
  const double high = (0.18181795640132906 + z * 0.15386239702814658) +
                      z2 * (0.13268773138656886 + z * 0.13086626147840102);
  const double tail = z * (low + z4 * high);
  return e * 0.693147180369123816490 +
         (f - (s * (f - tail) - e * 1.90821492927058770002e-10));
}

static inline void sine_cosine(double turns, double *sine, double *cosine) {
  const double shifted = turns * 4 + rounding_shift;
  const uint64_t quadrant = bits_of(shifted);
  const double r = turns - (shifted - rounding_shift) * 0.25;
  const double z = r * r;
  const double z2 = z * z;
  const double sine_low = (6.283185307179586 + z * -41.34170224039976) +
                          z2 * (81.60524927607493 + z * -76.70585975299812);
  const double sine_high = (42.05869392898878 + z * -15.094640403891546) +
                           z2 * (3.8197881201632113 + z * -0.7116358090781666);
  const double s = r * (sine_low + (z2 * z2) * sine_high);
  const double cosine_low = (1.0 + z * -19.739208802178716) +
                            z2 * (64.93939402266795 + z * -85.45681720652271);
  const double cosine_high = (60.244641328867296 + z * -26.426250908622137) +
                             z2 * (7.903091687751697 + z * -1.6968494702918826);
  const double c = cosine_low + (z2 * z2) * cosine_high;
  const int swapped = (quadrant & 1) != 0;
  const double a = swapped ? c : s;
  const double b = swapped ? s : c;
  *sine = double_of(bits_of(a) ^ ((quadrant & 2) << 62));
  *cosine = double_of(bits_of(b) ^ (((quadrant + 1) & 2) << 62));
}

#endif
