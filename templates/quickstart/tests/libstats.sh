# Compiles a program against the installed library, both ways, and compares its results with known ones.
folder=$(mktemp -d)
cd "$folder"
. /etc/quickstart/toolchain.env

cat >known.c <<'C'
#include <math.h>
#include <stdio.h>
#include <stats.h>

static int failures = 0;

static void expect(const char *what, double actual, double expected)
{
    if (fabs(actual - expected) < 1e-12)
        return;
    printf("%s is %.15g, expected %.15g\n", what, actual, expected);
    failures++;
}

int main(void)
{
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    expect("the mean", stats_mean(values, 8), 5.0);
    expect("the standard deviation", stats_standard_deviation(values, 8), sqrt(32.0 / 7.0));
    expect("the median", stats_median(values, 8), 4.5);
    expect("the median of three", stats_median(values, 3), 4.0);
    expect("the 90 % quantile", stats_quantile(values, 8, 0.9), 9.0);
    expect("the 25 % quantile", stats_quantile(values, 8, 0.25), 4.0);
    if (!isnan(stats_mean(values, 0)) || !isnan(stats_standard_deviation(values, 1)))
        failures++;
    return failures;
}
C

# shellcheck disable=SC2086
$CC $CFLAGS -I"$PREFIX/include" -o known-static known.c "$PREFIX/lib/libstats.a" -lm
# shellcheck disable=SC2086
$CC $CFLAGS -I"$PREFIX/include" -o known-shared known.c -L"$PREFIX/lib" -lstats -lm -Wl,-rpath,"$PREFIX/lib"
./known-static
./known-shared
echo 'libstats: all results are as known'
