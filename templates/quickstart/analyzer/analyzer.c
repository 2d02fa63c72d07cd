/* Reads lines `station,month,degrees` and prints statistics of each station, in the order they first appear. */

#include <stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 32, MAX_STATIONS = 64, MAX_VALUES = 1024 };

struct station {
    char name[NAME_LENGTH];
    size_t count;
    double values[MAX_VALUES];
};

static struct station stations[MAX_STATIONS];
static size_t station_count = 0;

static struct station *find_or_add(const char *name)
{
    for (size_t i = 0; i < station_count; i++)
        if (strcmp(stations[i].name, name) == 0)
            return &stations[i];
    if (station_count == MAX_STATIONS)
        return NULL;
    struct station *station = &stations[station_count++];
    snprintf(station->name, sizeof station->name, "%s", name);
    return station;
}

/* 0, or the number of the first line that is wrong. */
static size_t read_table(FILE *file)
{
    char line[128];
    for (size_t number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        char name[NAME_LENGTH];
        int month;
        double degrees;
        if (number == 1 || line[0] == '\n')
            continue; /* the heading */
        if (sscanf(line, "%31[^,],%d,%lf", name, &month, &degrees) != 3)
            return number;
        struct station *station = find_or_add(name);
        if (station == NULL || station->count == MAX_VALUES)
            return number;
        station->values[station->count++] = degrees;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: analyzer FILE\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        perror(argv[1]);
        return 2;
    }
    const size_t wrong = read_table(file);
    fclose(file);
    if (wrong != 0) {
        fprintf(stderr, "%s:%zu: expected station,month,degrees\n", argv[1], wrong);
        return 1;
    }
    printf("%-12s %5s %7s %7s %7s %7s\n", "station", "n", "mean", "median", "sd", "p90");
    for (size_t i = 0; i < station_count; i++) {
        const struct station *at = &stations[i];
        printf("%-12s %5zu %7.2f %7.2f %7.2f %7.2f\n", at->name, at->count, stats_mean(at->values, at->count),
               stats_median(at->values, at->count), stats_standard_deviation(at->values, at->count),
               stats_quantile(at->values, at->count, 0.9));
    }
    return 0;
}
