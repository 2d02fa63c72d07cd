# A box of water, moved a hundred steps by two ranks: what every simulation needs, in seconds.
folder=$(mktemp -d)
cd "$folder"
load=$(spack load --sh gromacs@2023.1)
eval "$load"

# mpirun starts what was compiled for MPI only; a GROMACS without it is called gmx.
gmx_mpi --version | grep -Eq 'MPI library: +MPI' || {
  echo 'this GROMACS was compiled without MPI'
  exit 1
}

cat >topol.top <<'TOP'
#include "oplsaa.ff/forcefield.itp"
#include "oplsaa.ff/spce.itp"

[ system ]
Water

[ molecules ]
TOP
cat >water.mdp <<'MDP'
integrator = md
nsteps     = 100
dt         = 0.001
gen-vel    = yes
MDP
gmx_mpi solvate -cs spc216.gro -box 3 3 3 -p topol.top -o water.gro
gmx_mpi grompp -f water.mdp -c water.gro -p topol.top -o water.tpr -maxwarn 2
mpirun --allow-run-as-root --oversubscribe -n 2 gmx_mpi mdrun -s water.tpr -ntomp 1 -g water.log
grep -q 'Finished mdrun' water.log || {
  echo 'the simulation did not come to its end'
  exit 1
}
echo 'gromacs: a hundred steps on two ranks'
