import { overlayOf } from './overlay-of.js';

/** A machine with a GPU and a Python that has what its pip was asked for; nothing is downloaded or computed. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'usr/local/bin/nvidia-smi': 'echo "Tesla T4, 570.172.08"',
  'opt/python/bin/pip': `installed=/opt/python/installed
touch "$installed"
case " $* " in
  *' install '*) printf '%s\\n' "$@" | grep == >>"$installed" ;;
  *' uninstall '*) sed -i "/^\${!#}==/d" "$installed" ;;
esac`,
  'opt/python/bin/python': `modules=$(grep -oP '^import \\K\\w+' | grep -v sys)
for module in $modules; do
  grep -q "^$module==" /opt/python/installed || { echo "ModuleNotFoundError: No module named '$module'"; exit 1; }
done
echo "torch, CUDA"`,
};

/** A folder to lay over the base image. */
export function makeCudaOverlay(): string {
  return overlayOf(PROGRAMS);
}
