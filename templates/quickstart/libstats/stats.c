#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double stats_mean(const double *values, size_t count)
{
    /* Welford's running mean: exact enough for long series of large numbers. */
    double mean = count == 0 ? NAN : 0.0;
    for (size_t i = 0; i < count; i++)
        mean += (values[i] - mean) / (double)(i + 1);
    return mean;
}

double stats_standard_deviation(const double *values, size_t count)
{
    if (count < 2)
        return NAN;
    double mean = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double delta = values[i] - mean;
        mean += delta / (double)(i + 1);
        squares += delta * (values[i] - mean);
    }
    return sqrt(squares / (double)(count - 1));
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* A sorted copy, to be freed; NULL for no numbers and when there is no memory. */
static double *sorted(const double *values, size_t count)
{
    double *copy = count == 0 ? NULL : malloc(count * sizeof *copy);
    if (copy == NULL)
        return NULL;
    memcpy(copy, values, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, compare);
    return copy;
}

double stats_median(const double *values, size_t count)
{
    double *copy = sorted(values, count);
    if (copy == NULL)
        return NAN;
    const double median = count % 2 == 1 ? copy[count / 2] : (copy[count / 2 - 1] + copy[count / 2]) / 2.0;
    free(copy);
    return median;
}

double stats_quantile(const double *values, size_t count, double share)
{
    double *copy = sorted(values, count);
    if (copy == NULL)
        return NAN;
    size_t rank = (size_t)ceil(share * (double)count);
    if (rank < 1)
        rank = 1;
    if (rank > count)
        rank = count;
    const double quantile = copy[rank - 1];
    free(copy);
    return quantile;
}
