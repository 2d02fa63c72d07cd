#ifndef STATS_H
#define STATS_H

#include <stddef.h>

/* Descriptive statistics of `count` numbers. All return NAN for no numbers at all. */

double stats_mean(const double *values, size_t count);

/* Of a sample (divided by count - 1); NAN for fewer than two numbers. */
double stats_standard_deviation(const double *values, size_t count);

double stats_median(const double *values, size_t count);

/* The smallest value that at least `share` (0 to 1) of all values do not exceed: the nearest-rank method. */
double stats_quantile(const double *values, size_t count, double share);

#endif
