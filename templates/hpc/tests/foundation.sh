# The compiler compiles, MPI runs on two ranks, and Python and CMake are the ones of Spack.
folder=$(mktemp -d)
cd "$folder"
load=$(spack load --sh gcc@11.3.0 openmpi@4.1.4 python@3.10 cmake@3.26.0)
eval "$load"

cat >ranks.c <<'C'
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    int rank, ranks, sum;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) printf("%d ranks, sum %d\n", ranks, sum);
    return MPI_Finalize();
}
C
mpicc -o ranks ranks.c
# Checks run as root, which Open MPI asks about.
answer=$(mpirun --allow-run-as-root --oversubscribe -n 2 ./ranks)
if [ "$answer" != '2 ranks, sum 1' ]; then
  echo "two ranks say \"$answer\""
  exit 1
fi

python3 -c 'import ctypes, ssl, sqlite3, zlib'
cmake --version
echo 'foundation: compiles and runs MPI programs'
